"""An app over fakes, its people, and one lawful request for each route."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import httpx
from fastapi import FastAPI

from activities.ports import Templates
from activities.tasks import KeptText, NumberWish, ObjectRecord
from adapters.postgres.views import BodyLine, JournalBook, User
from adapters.russian import name_forms
from api.app import PREFIX, create_app
from api.metrics import Figures
from api.services import Services
from domain.enrolment import Enrolment
from domain.errors import NotFound
from domain.grounds import Ground
from domain.people import AccessRole
from domain.roadmap import Roadmap
from tests.api.legal import GROUND, a_kind
from tests.api.listed import a_person, an_enrolment, plain_text, some_figures
from tests.fakes.accounts import FakeAccounts
from tests.fakes.desk import FakeDesk
from tests.fakes.files import MemoryFiles
from tests.fakes.gateway import FakeGateway
from tests.fakes.scans import PlainScans
from tests.fakes.templates import PlainTemplates
from tests.fakes.views import FakeViews, a_document_view
from tests.roadmap_builders import a_roadmap

OURS, THEIRS = "0" * 16, "f" * 16
CYCLE, PAIR, DOCUMENT = "c" * 16, "b" * 16, "d" * 16
DIRECTOR, CURATOR, MENTOR, NOVICE = "1" * 16, "2" * 16, "3" * 16, "4" * 16
COUNCIL, TEXT = "5" * 16, "e" * 16
NOW = datetime(2026, 9, 2, 9, tzinfo=UTC)
CANARY = "Канарейкина Ёлка Вьюговна"

PDF, JPEG, PNG = b"%PDF-1.7 scan", b"\xff\xd8\xff\xe0 scan", b"\x89PNG\r\n\x1a\n scan"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


_APPS: list[FastAPI] = []


def the_app(services: Services) -> FastAPI:
    """One app for all tests, since making one takes longer than a test; its services are new."""
    if not _APPS:
        _APPS.append(create_app(services))
    _APPS[0].state.services = services
    return _APPS[0]


@dataclass
class House:
    """The app and all that it was given. `ask` is the way in."""

    desk: FakeDesk = field(default_factory=FakeDesk)
    gateway: FakeGateway = field(default_factory=FakeGateway)
    files: MemoryFiles = field(default_factory=MemoryFiles)
    scans: PlainScans = field(default_factory=PlainScans)
    copies: dict[str, bytes] = field(default_factory=dict)  # at hand, by SHA-256
    templates: Templates = field(default_factory=lambda: PlainTemplates("order_curator"))
    accounts: FakeAccounts = field(default_factory=FakeAccounts)
    read: list[tuple[bytes, date]] = field(default_factory=list)
    spoilt: Exception | None = None  # what reading a spreadsheet or making a copy raises
    rehearsal: bool = False
    metrics_token: str | None = None
    requests: int = 0

    def __post_init__(self) -> None:
        self.views = FakeViews(self.desk)
        self.roadmap = a_roadmap(
            roles={
                "curator": {"title": "Куратор"},
                "director": {"title": "Директор"},
                "council": {"title": "Совет", "holder": "body"},
                "mentor": {"title": "Наставник", "holder": "mentor"},
            }
        )
        for organisation, prefix in ((OURS, "nst_"), (THEIRS, "nst_their_")):
            for number, role in enumerate(AccessRole):
                self.views.users[prefix + role] = User(
                    id=f"{number}" * 16 if organisation == OURS else f"{number + 5}" * 16,
                    organisation_id=organisation,
                    role=role,
                    person_id=DIRECTOR,
                    acts_for=(DIRECTOR, COUNCIL),
                )
        for thing in (f"cycle/{CYCLE}", f"pair/{PAIR}", f"document/{DOCUMENT}"):
            self.views.processes.add((OURS, thing))
        self.views.documents[OURS, DOCUMENT] = a_document_view(DOCUMENT)
        self.views.listed = (
            a_person(DIRECTOR, "D-01"),
            a_person(CURATOR, "K-01"),
            a_person(MENTOR, "M-01", 4),
            a_person(NOVICE, "N-01", 3),
        )
        self.views.listed_bodies = (BodyLine(id=COUNCIL, code="PS", name="Педагогический совет"),)
        for line in ("6" * 16, "7" * 16):
            wish = NumberWish(
                id=line,
                organisation_id=OURS,
                journal="orders",
                by=DIRECTOR,
                at=NOW,
                reason_id=line,
            )
            self.desk.reserve_number(wish)
        self.desk.grounds[OURS, ACT] = Ground.model_validate({**GROUND, "id": ACT, "own": True})
        self.desk.names[OURS, NOVICE] = name_forms("Заяц", "Илья", "Львович", "m")
        services = Services(
            gateway=self.gateway,
            views=self.views,
            desk=self.desk,
            files=self.files,
            read_people=self._read_people,
            roadmaps=self._roadmap,
            kinds={"order_curator": a_kind(), "individual_plan": a_kind(scope="pair")},
            templates=self.templates,
            pdf_copy=self._pdf_copy,
            made_copy=self.copies.get,
            scans=self.scans,
            journal_file=self._journal_file,
            pdf_begun=lambda *_: True,
            document_text=plain_text,
            accounts=self.accounts,
            now=lambda: NOW,
            figures=self._figures,
            version="1.2.3",
            metrics_token=self.metrics_token,
            rehearsal=self.rehearsal,
        )
        # An error that gets out of the app is raised.
        self.app = the_app(services)
        transport = httpx.ASGITransport(self.app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://house")

    async def ask(
        self,
        role: AccessRole | str | None,
        method: str,
        path: str,
        *,
        key: str | None = "",
        **given: Any,  # noqa: ANN401 - whatever httpx takes
    ) -> httpx.Response:
        """A request by an account of this role, or of a token that is made up.

        A POST has a key of its own unless `key` says otherwise; None leaves it out.
        """
        headers: dict[str, str] = {"Authorization": f"Bearer nst_{role}"} if role else {}
        if key == "":
            self.requests += 1
            key = f"key-{self.requests}"
        if method == "POST" and key is not None:
            headers["Idempotency-Key"] = key
        headers |= given.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **given)

    async def call(
        self,
        name: str,
        role: AccessRole | str = "",
        *,
        key: str | None = "",
        **given: Any,  # noqa: ANN401 - whatever httpx takes
    ) -> httpx.Response:
        """The lawful request of a route, or with parts `given` otherwise."""
        call = CALLS[name]
        known = {**({"json": call.json} if call.json is not None else {}), **call.other}
        return await self.ask(
            role or call.role, call.method, PREFIX + call.path, key=key, **{**known, **given}
        )

    def fill(self) -> None:
        """A signed file and a text, so that what reads them finds them."""
        self.desk.keep_text(
            KeptText(
                id=TEXT,
                organisation_id=OURS,
                kind="remark",
                subject=f"document/{DOCUMENT}",
                author=DIRECTOR,
                body={"text": CANARY},
            )
        )
        self.put("signed", 2, PDF, "application/pdf")
        self.put("draft", 2, b"PK draft", DOCX)

    def put(self, role: str, version: int, content: bytes, media_type: str) -> ObjectRecord:
        """Store an object of the document, as the activities do."""
        key = f"{role}/{DOCUMENT}/{version}"
        self.desk.make_key(key, OURS, DOCUMENT)
        stored = self.files.put_once(key, content, self.desk.data_key(key))
        record = ObjectRecord(
            organisation_id=OURS,
            document_id=DOCUMENT,
            version=version,
            role=role,
            key_id=key,
            media_type=media_type,
            **dict(stored),
        )
        self.desk.record_object(record)
        return record

    def wish(self) -> Any:  # noqa: ANN401 - one of many commands
        """The only wish that was made."""
        ((_, wish, _),) = self.gateway.sent
        return wish

    def _read_people(self, content: bytes, today: date) -> Enrolment:
        self.read.append((content, today))
        if self.spoilt is not None:
            raise self.spoilt
        return an_enrolment()

    def _pdf_copy(self, sha256: str, document: bytes) -> bytes:
        if self.spoilt is not None:
            raise self.spoilt
        return PDF + sha256.encode() + document

    def _journal_file(self, book: JournalBook, ending: str) -> bytes:
        if self.spoilt is not None:
            raise self.spoilt
        return f"PK {ending} {book.name} {book.year}".encode()

    def _figures(self) -> Figures:
        if self.desk.failure is not None:
            raise self.desk.failure
        return some_figures()

    def _roadmap(self, name: str) -> Roadmap:
        if name != self.roadmap.roadmap:
            raise NotFound(f"there is no roadmap {name}")
        return self.roadmap


@dataclass(frozen=True)
class Call:
    """A lawful request."""

    method: str
    path: str
    role: AccessRole
    json: Any = None
    other: dict[str, Any] = field(default_factory=dict)


def _get(path: str) -> Call:
    return Call("GET", path, AccessRole.AUDITOR)


def _post(path: str, role: AccessRole = AccessRole.CURATOR, **json: object) -> Call:
    return Call("POST", path, role, json)


def _send(path: str, content: bytes, media_type: str) -> Call:
    other = {"content": content, "headers": {"Content-Type": media_type}}
    return Call("POST", path, AccessRole.CURATOR, other=other)


SHA = "a" * 64
ACT = "9" * 16
SURNAME = {
    "gent": "Заяца",
    "datv": "Заяцу",
    "accs": "Заяца",
    "ablt": "Заяцем",
    "loct": "Заяце",
}
_CYCLE, _PAIR, _DOCUMENT = f"/cycles/{CYCLE}", f"/pairs/{PAIR}", f"/documents/{DOCUMENT}"
_EVENT = {"proof": "event", "day": "2026-09-02", "attendance": 12, "place": CANARY}
_LINK = {"proof": "link", "day": "2026-09-02", "address": "https://college.example/news"}

CALLS = {
    "people.import": _send("/people/import", b"PK\x03\x04 table", XLSX),
    "people.list": _get("/people"),
    "people.names": _get(f"/people/{NOVICE}/names"),
    "people.correct_names": _post(f"/people/{NOVICE}/names", last=SURNAME),
    "bodies.list": _get("/bodies"),
    "cycles.launch": _post(
        "/cycles",
        AccessRole.ADMINISTRATOR,
        roadmap="small",
        start="2026-09-02",
        holders={"curator": "K-01", "director": DIRECTOR, "council": "PS"},
    ),
    "cycles.list": _get("/cycles"),
    "cycles.get": _get(_CYCLE),
    "cycles.register": _get(f"{_CYCLE}/register"),
    "cycles.notices": _get(f"{_CYCLE}/notices"),
    "cycles.indicators": _get(f"{_CYCLE}/indicators"),
    "cycles.form_pairs": _post(
        f"{_CYCLE}/pairs",
        pairs=[
            {"mentor_id": "M-01", "mentee_id": "N-01", "form": "teacher_teacher"},
            {"mentor_id": DIRECTOR, "mentee_id": MENTOR, "form": "teacher_teacher"},
        ],
    ),
    "cycles.welcome_mentor": _post(f"{_CYCLE}/mentors", person_id="N-01"),
    "cycles.draft_document": _post(
        f"{_CYCLE}/documents",
        kind="order_curator",
        changes=[{"document_id": DOCUMENT, "how": "amends"}],
        inputs={"control": CANARY},
    ),
    "cycles.upload_proof": _send(
        f"{_CYCLE}/items/1.1%232/results/site/file", PDF, "application/pdf"
    ),
    "cycles.record_result": _post(f"{_CYCLE}/items/1.1%232/results/site", evidence=_EVENT),
    "cycles.retry": _post(f"{_CYCLE}/retry", note=CANARY),
    "inbox.list": _get("/inbox"),
    "documents.get": _get(_DOCUMENT),
    "documents.file": _get(f"{_DOCUMENT}/file?role=signed"),
    "documents.copy": _get(f"{_DOCUMENT}/copy?role=draft"),
    "documents.chain": _get(f"{_DOCUMENT}/chain?on=2026-09-01"),
    "documents.drop": _post(f"{_DOCUMENT}/withdrawal", note=CANARY),
    "register.list": _get("/register?kind=order_pairs"),
    "grounds.list": _get("/grounds"),
    "grounds.add": _post("/grounds", AccessRole.ADMINISTRATOR, **GROUND),
    "grounds.end": _post(
        f"/grounds/{ACT}/end",
        AccessRole.ADMINISTRATOR,
        lost_on="2026-09-01",
        ended_by="приказ от 20 августа 2026 г. № 900",
    ),
    "journals.list": _get("/journals"),
    "journals.lines": _get("/journals/orders/lines?year=2026&page=1"),
    "journals.file": _get("/journals/orders/file?format=xlsx&year=2026"),
    "journals.place_kinds": _post(
        "/journals",
        AccessRole.ADMINISTRATOR,
        journal="own_orders",
        title="Журнал приказов, индекс 01-08",
        mask="01-08/{n}",
        kinds=["order_curator"],
        since="2027-01-01",
    ),
    "journals.reserve": _post("/journals/orders/reserve", reason=CANARY),
    "journals.letter": _post("/journals/orders/lettered", after="1-о", reason=CANARY),
    "journals.void": _post("/journals/orders/void", number="2-о", reason=CANARY),
    "journals.file_incoming": _post(
        "/incoming",
        sender="Управление образования",
        number="17-исх",
        day="2026-09-01",
        title="О смотре",
    ),
    "documents.decide": _post(
        f"{_DOCUMENT}/decision",
        AccessRole.DIRECTOR,
        version=2,
        sha256=SHA,
        approved=False,
        remark=CANARY,
    ),
    "documents.redraft": _post(f"{_DOCUMENT}/redraft", version=2, inputs={"kind": CANARY}),
    "documents.register": _post(f"{_DOCUMENT}/registration", version=2),
    "documents.attach_signed": _send(f"{_DOCUMENT}/signed?version=2", PDF, "application/pdf"),
    "documents.retry": _post(f"{_DOCUMENT}/retry", note=CANARY),
    "templates.kinds": _get("/templates"),
    "templates.list": _get("/templates/order_curator"),
    "templates.upload": Call(
        "POST",
        "/templates/order_curator?active_from=2026-09-03",
        AccessRole.ADMINISTRATOR,
        other={"content": b"PK\x03\x04 template", "headers": {"Content-Type": DOCX}},
    ),
    "templates.file": _get("/templates/order_curator/versions/0/file"),
    "templates.preview": _get("/templates/order_curator/versions/0/preview"),
    "templates.difference": _get("/templates/order_curator/difference?old=0&new=0"),
    "layout.get": _get("/layout-settings"),
    "layout.set": _post("/layout-settings", AccessRole.ADMINISTRATOR, size_pt=13),
    "texts.get": _get(f"/texts/{TEXT}"),
    "pairs.get": _get(_PAIR),
    "pairs.timeline": _get(f"{_PAIR}/timeline"),
    "pairs.record_meeting": _post(
        f"{_PAIR}/meetings", kind="regular", day="2026-09-02", minutes=45, notes=CANARY
    ),
    "pairs.record_monitoring": _post(
        f"{_PAIR}/monitoring", voice="mentor", scores={"process": 9}, notes=CANARY
    ),
    "pairs.stop": _post(f"{_PAIR}/stop", reason="early_end", note=CANARY),
    "pairs.upload_proof": _send(
        f"{_PAIR}/items/2.1%2F{PAIR}/results/acquainted/file", PDF, "application/pdf"
    ),
    "pairs.record_result": _post(f"{_PAIR}/items/2.1%2F{PAIR}/results/acquainted", evidence=_LINK),
    "pairs.retry": _post(f"{_PAIR}/retry", note=CANARY),
}
"""By the name of the route; free text is the canary."""
