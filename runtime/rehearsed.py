"""The people of a rehearsal: they act through the HTTP API, as people do, and no other way."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote

import segno

from domain.ids import document_code
from domain.names import NameForm
from domain.people import AccessRole
from domain.planning import turn_of_item
from domain.roadmap import EventProof, MonitoringStage, Roadmap
from domain.transfers import RECIPIENT
from runtime.cast import Plot, last_word, pair_requests, place_of, results_of
from runtime.rehearsal_script import Script
from runtime.rehearsed_keys import KeyRing
from runtime.rehearsed_person import ActRefused, Answer, Person
from runtime.rehearsed_reports import Reports

_PDF: Final = "application/pdf"
_SIGNATURE: Final = "application/pkcs7-signature"


@dataclass(frozen=True)
class Office:
    """Everybody of an organisation who has an account, and how they do what their inbox asks."""

    script: Script
    people: Mapping[str, Person]  # by access role; colleagues by their codes
    organisation_id: str
    cycle_id: str
    director_id: str
    keys: KeyRing

    @property
    def plot(self) -> Plot:
        return self.script.cast.plot

    @property
    def roadmap(self) -> Roadmap:
        return self.script.roadmap

    @property
    def pairs(self) -> int:
        return self.script.pairs

    @property
    def reports(self) -> Reports:
        """The reports of those below, and ours to the one above."""
        curator = self.people[AccessRole.CURATOR]
        return Reports(person=curator, cycle_id=self.cycle_id, script=self.script)

    def inbox(self, *, decisions: bool, count: int) -> list[tuple[str, Answer]]:
        """The decisions that wait for somebody, and for whom; or all else, which the curator may do
        for others too. No task twice; once `count` are found, nobody else looks.
        """
        deciding = (AccessRole.DIRECTOR, *self.script.cast.colleagues, AccessRole.CURATOR)
        found: dict[str, tuple[str, Answer]] = {}
        for name in deciding if decisions else (AccessRole.CURATOR,):
            if len(found) >= count:
                break
            for task in self.people[name].get("/inbox")["tasks"]:
                if (task["kind"] == "decide") is decisions:
                    found.setdefault(task["task_id"], (name, task))
        return list(found.values())

    def has_to_gather(self, task: Answer, *, again: bool) -> bool:
        """Whether a task to gather reports can be done now: some have come, or there are those who
        send none by themselves, and it is not done `again`.
        """
        outside = any(one.outside for one in self.script.invited)
        return int(task["refs"]["to_answer"]) > 0 or (outside and not again)

    def act(self, name: str, task: Answer, today: date) -> None:
        """Do one task of the inbox of whoever has this name in `people`."""
        acts = {
            "decide": self._decide,
            "hold_sitting": self._hold_sitting,
            "redraft": self._redraft,
            "register": self._register,
            "attach_signed": self._attach_signed,
            "record_meeting": self._record_meeting,
            "record_monitoring": self._record_monitoring,
            "record_result": self._record_result,
            "fulfil": self._fulfil,
            "attach_review": self._attach_review,
            "gather_reports": self._gather_reports,
            "correct_report": self._correct_report,
        }
        act = acts.get(task["kind"])
        if act is None:
            raise ActRefused(f"задача {task['task_id']}: {task['kind']} {task['refs']}")
        act(self.people[name], task, today)

    def _decide(self, person: Person, task: Answer, today: date) -> None:
        del today
        document = task["document"]
        body: Answer = {
            "version": document["version"],
            "sha256": document["sha256"],
            "outcome": "approve",
        }
        back = self.plot.returned
        is_first = back is not None and (document["kind"], document["version"]) == (back.kind, 1)
        if back and is_first and task["refs"]["stage"] in last_word(self.roadmap, back.kind):
            body |= {"outcome": "send_back", "remark": back.remark}
        person.post(*self._document(task, "decision"), body)

    def _hold_sitting(self, person: Person, task: Answer, today: date) -> None:
        """The body comes together over the document; everybody is there and agrees."""
        del person  # the curator calls it and keeps the minutes, whoever saw the task first
        curator = self.people[AccessRole.CURATOR]
        document, body = task["document"], task["assignee"]["id"]
        same = ("document_id", "version", "sha256")
        question = {
            "title": f"О документе «{document['title']}»",
            **{name: document[name] for name in same},
        }
        called = curator.post(
            f"/bodies/{body}/sittings",
            f"{task['task_id']}/call",
            {
                "cycle_id": self.cycle_id,
                "day": today.isoformat(),
                "place": "Актовый зал",
                "agenda": [question],
            },
        )
        members = [one["id"] for one in curator.get(f"/bodies/{body}")["members"]]
        decided = {
            "n": 1,
            "outcome": "approve",
            "text": f"Рассмотреть и одобрить документ «{document['title']}».",
            "votes": {"in_favour": len(members), "against": 0, "abstained": 0},
            "who": "куратор",
            "speaker": "куратора программы наставничества",
            "heard": "Представлен проект документа.",
        }
        path = f"/sittings/{called['sitting_id']}/held"
        curator.post(path, f"{task['task_id']}/held", {"present": members, "items": [decided]})

    def _redraft(self, person: Person, task: Answer, today: date) -> None:
        del today
        inputs = self.plot.returned.inputs if self.plot.returned else {}
        wish = {"version": task["document"]["version"], "inputs": inputs}
        person.post(*self._document(task, "redraft"), wish)

    def _register(self, person: Person, task: Answer, today: date) -> None:
        del today
        person.post(*self._document(task, "registration"), {"version": task["document"]["version"]})

    def _attach_signed(self, person: Person, task: Answer, today: date) -> None:
        document = task["document"]
        if document["kind"] in self.plot.signed_by_key:
            self._sign_by_key(person, task)
            return
        path, key = self._document(task, "signed")
        code = document_code(document["document_id"], document["version"])
        scan = scanned(f"Signed copy, SHA-256 {document['sha256']}", today, code)
        person.upload(f"{path}?version={document['version']}", key, scan, "application/pdf")

    def _fulfil(self, person: Person, task: Answer, today: date) -> None:
        """What an order asked for is done; each first item is proved by a sheet."""
        id_, assignment = task["document"]["document_id"], task["refs"]["assignment"]
        body = {"text": "Исполнено, сведения внесены в журнал куратора."}
        if assignment.endswith(".1"):
            sheet = scanned(f"Done {task['task_id']}", today)
            sent = person.upload(f"/documents/{id_}/files", f"{task['task_id']}/file", sheet, _PDF)
            body["file_sha256"] = sent["sha256"]
        path = f"/documents/{id_}/assignments/{assignment}/fulfilment"
        person.post(path, task["task_id"], body)

    def _sign_by_key(self, person: Person, task: Answer) -> None:
        """The director signs the very bytes with his key; the paper stays in the drawer."""
        document = task["document"]
        path, key = self._document(task, "signature")
        version = document["version"]
        of = f"/documents/{document['document_id']}/file?role=registered&version={version}"
        director = self.people[AccessRole.DIRECTOR]
        names = director.get(f"/people/{self.director_id}/names")["forms"]["nomn"]
        signature = self.keys.sign(director.read(of), NameForm.model_validate(names))
        # Another try signs anew, so its bytes are others.
        digest = hashlib.sha256(signature).hexdigest()
        person.upload(f"{path}?version={version}", f"{key}/{digest}", signature, _SIGNATURE)

    def _attach_review(self, person: Person, task: Answer, today: date) -> None:
        """The review came on paper; whoever sees the task first puts its scan in."""
        document = task["document"]
        id_ = document["document_id"]
        sheet = scanned(f"Review {document['sha256']}", today)
        key = f"{task['task_id']}/file"
        sent = person.upload(f"/documents/{id_}/files", key, sheet, _PDF)
        said = {
            "version": document["version"],
            "file_sha256": sent["sha256"],
            "text": "Рецензия положительная: документ рекомендован к утверждению.",
        }
        person.post(f"/documents/{id_}/review", task["task_id"], said)

    def _gather_reports(self, person: Person, task: Answer, today: date) -> None:
        del person, today
        self.reports.answer(task)

    def _correct_report(self, person: Person, task: Answer, today: date) -> None:
        del person, today
        self.reports.correct(task)

    def _document(self, task: Answer, act: str) -> tuple[str, str]:
        document = task["document"]
        id_ = document["document_id"]
        return f"/documents/{id_}/{act}", f"{id_}/{document['version']}/{act}"

    def _record_meeting(self, person: Person, task: Answer, today: date) -> None:
        pair, kind = task["refs"]["pair"], task["refs"]["meeting"].split(",")[0]
        body = {
            "kind": kind,
            "day": today.isoformat(),
            "minutes": 45,
            "notes": "Встреча прошла по плану, следующие шаги записаны.",
        }
        person.post(f"/pairs/{pair}/meetings", f"{pair}/meeting/{task['refs']['held']}", body)

    def _record_monitoring(self, person: Person, task: Answer, today: date) -> None:
        del today
        refs = task["refs"]
        stages = {stage.id: stage.needs for stage in self.roadmap.track.stages}
        asked = stages[refs["stage"]]
        parts = asked.parts if isinstance(asked, MonitoringStage) else ()
        drawn = hashlib.sha256(task["task_id"].encode()).digest()
        scores = {part: 6 + drawn[place] % 5 for place, part in enumerate(parts)}
        body = {"voice": refs["voice"], "scores": scores}
        person.post(f"/pairs/{refs['pair']}/monitoring", task["task_id"], body)

    def _record_result(self, person: Person, task: Answer, today: date) -> None:
        refs = task["refs"]
        owner = f"/pairs/{refs['pair']}" if "pair" in refs else f"/cycles/{self.cycle_id}"
        path = f"{owner}/items/{quote(refs['item'], safe='')}/results/{refs['result']}"
        if place_of(task) == self.plot.forming is not None:
            self._form_pairs(refs["item"])
        if place_of(task) == self.plot.welcoming is not None:
            self._welcome_mentor(person, refs["item"])
        evidence = self._evidence(person, task, path, today)
        key = f"{task['task_id']}/{refs.get('have', '0')}"  # one of several that the row demands
        person.post(path, key, {"evidence": evidence})

    def _form_pairs(self, item: str) -> None:
        requests = pair_requests(self.script.cast, self.roadmap, self.pairs)
        path = f"/cycles/{self.cycle_id}/pairs"
        key = f"{self.cycle_id}/{item}/pairs"
        self.people[AccessRole.CURATOR].post(path, key, {"pairs": requests})
        if self.script.names_somebody_above:
            self._ask_to_name_above()

    def _ask_to_name_above(self) -> None:
        """Somebody consents to be named to the one above; the paper is signed as others are."""
        curator = self.people[AccessRole.CURATOR]
        nearest = curator.get("/organisations/above")["organisations"][0]["organisation_id"]
        wish = {
            "kind": "consent_transfer_adult",
            "person": self.plot.named_above,
            "inputs": {RECIPIENT: nearest},
        }
        curator.post(f"/cycles/{self.cycle_id}/documents", f"{self.cycle_id}/named_above", wish)

    def _welcome_mentor(self, person: Person, item: str) -> None:
        """Somebody who came through as a mentee, and is no mentor yet, becomes one."""
        pairs = person.get(f"/cycles/{self.cycle_id}/register")["pairs"]
        mentors = {one["id"] for one in person.get("/people")["people"] if "mentor" in one["roles"]}
        done = [pair["mentee"]["id"] for pair in pairs if pair["stage"] == "completed"]
        newcomer = next((mentee for mentee in done if mentee not in mentors), None)
        if newcomer is not None:
            path = f"/cycles/{self.cycle_id}/mentors"
            person.post(path, f"{path}/{item}", {"person_id": newcomer})

    def _evidence(self, person: Person, task: Answer, path: str, today: date) -> Answer:
        """What proves the result: as much as the row demands, counted where there is a count."""
        day = today.isoformat()
        crowd = max(int(task["refs"]["need"]), 2 * self.pairs)
        number = self.pairs if place_of(task) == self.plot.forming else crowd
        proof: str = task["refs"]["proof"]
        said: Answer = {}
        match proof:
            case "link":
                said = {"day": day, "address": "https://school.example/mentors"}
            case "event":
                said = {"day": day, "attendance": crowd, "place": "Актовый зал"}
                said |= self._kind_of_event(task["refs"])
            case "number":
                said = {"number": number}
            case "answers":
                said = {"count": crowd}
            case "indicators":
                self._enter_indicators(person, task["refs"]["item"])
            case "report":
                said = {"day": day, "how": "Отправлен по электронной почте"}
            case _:
                sheet = scanned(f"Attached sheet {task['task_id']}", today)
                sent = person.upload(f"{path}/file", f"{task['task_id']}/file", sheet, _PDF)
                said = {"text": "Сделано, лист приложен.", "file_sha256": sent["sha256"]}
        return {"proof": proof, **said}

    def _kind_of_event(self, refs: Mapping[str, str]) -> Answer:
        """The first kind that the row asks for; it may ask for none."""
        asked = results_of(self.roadmap)[f"{refs['step']}/{refs['result']}"].by
        kinds = asked.kinds if isinstance(asked, EventProof) else ()
        return {"kind": kinds[0]} if kinds else {}

    def _enter_indicators(self, person: Person, item: str) -> None:
        """A value for each period of the item's year that has begun, drawn from the indicator's
        number: the same each time.
        """
        path, turn = f"/cycles/{self.cycle_id}/indicators", turn_of_item(item)
        values = [
            {
                "indicator": line["id"],
                "turn": turn,
                "period": period["period"],
                "value": str(hashlib.sha256(line["id"].encode()).digest()[0] % 40),
                "source": "Отчёт учебной части, выдумано для репетиции",
            }
            for line in person.get(path)["indicators"]
            if line["turn"] == turn and line["measure"] is None
            for period in line["periods"]
            if period["begun"]
        ]
        if values:
            person.post(path, f"{path}/{turn}/{len(values)}", {"values": values})


def _drawn(code: str) -> str:
    """The QR code of 15 mm as squares of a PDF's page, from its upper right corner."""
    rows = [bytes(row) for row in segno.make_qr(code, error="m").matrix]
    side = 42.5 / len(rows)
    dark = ((x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    squares = (
        f"{530 + x * side:.2f} {800 - y * side:.2f} {side:.2f} {side:.2f} re" for x, y in dark
    )
    return f"{' '.join(squares)} f"


def scanned(subject: str, day: date, code: str | None = None) -> bytes:
    """The scan that a rehearsed person makes: a page that says of what, the same each time.

    With the document's code in its upper right corner, as papers have it.
    """
    lines = ("REHEARSAL / REPETITSIYA", subject, code or "", f"Signed on {day.isoformat()}")
    shown = " ".join(f"({line}) Tj 0 -22 Td" for line in lines)
    stream = f"BT /F1 9 Tf 60 770 Td {shown} ET {_drawn(code) if code else ''}".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
        b"<< /Font << /F1 5 0 R >> >>",
    )
    body, places = b"%PDF-1.4\n", []
    for number, thing in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        % (
            count,
            table,
            count,
        )
        + b"startxref\n%d\n%%%%EOF\n" % len(body)
    )
