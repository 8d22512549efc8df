"""What the sheets beside a document say: who approved it, who has read it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, text

from activities.tasks import GatherFacts
from adapters.docx.facts import NOTHING, Facts, plain_words, registration_facts
from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.acquaintances import reading_list
from adapters.postgres.case import Case
from adapters.russian import date_words
from domain.acquaintance import Way
from domain.errors import NotFound
from domain.kinds import DocumentKind
from domain.routes import Outcome

APPROVAL_SHEET: Final = "approval_sheet"
ACQUAINTANCE_SHEET: Final = "acquaintance_sheet"

_NO_NUMBER: Final = "б/н"
_NO_POST: Final = "должность не указана"
_OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.APPROVE: "согласовано",
    Outcome.SEND_BACK: "возвращено на доработку",
    Outcome.REFUSE: "отказано",
}
_WAYS: Final[Mapping[Way, str]] = {
    Way.ACCOUNT: "отмечено в системе",
    Way.PAPER: "подпись на бумаге",
}

_DOCUMENT = text(
    """
    SELECT d.cycle_id, d.kind, d.version, d.number, d.turn, o.time_zone,
      CASE WHEN d.stage = 'in_force' THEN d.day END AS day,
      p.state -> 'approval' AS approval
    FROM documents d JOIN organisations o ON o.organisation_id = d.organisation_id
    LEFT JOIN processes p ON p.id = 'document/' || d.document_id
    WHERE d.organisation_id = :organisation AND d.document_id = :document
    """
)
_VERDICTS = text(
    """
    SELECT v.*, b.name AS body, a.post AS post, t.body ->> 'text' AS remark
    FROM verdicts v
    LEFT JOIN bodies b ON b.id = v.holder AND v.person_id IS NULL
    LEFT JOIN authorities a ON a.authority_id = v.mandate_id
    LEFT JOIN kept_texts t ON t.id = v.note_id
    WHERE v.organisation_id = :organisation AND v.document_id = :document
    ORDER BY v.n
    """
)
_READ = text(
    """
    SELECT person_id, way FROM acquaintances
    WHERE organisation_id = :organisation AND document_id = :document
    """
)


class Sheets:
    """The sheets of one document, as they stand at a moment. Raises `NotFound`."""

    def __init__(
        self,
        connection: Connection,
        organisation_id: str,
        document_id: str,
        kinds: Mapping[str, DocumentKind],
        now: datetime,
    ) -> None:
        self._connection = connection
        self._organisation = organisation_id
        self._id = document_id
        self._now = now
        self._row = one_of(connection, _DOCUMENT, organisation_id, "document", document=document_id)
        kind = kinds.get(self._row["kind"])
        self._title = kind.title if kind else self._row["kind"]
        self._zone = ZoneInfo(self._row["time_zone"])

    def approval(self) -> Facts:
        """Who said what of which version. Raises `NotFound` if nobody has to approve it."""
        rows = rows_of(self._connection, _VERDICTS, self._organisation, document=self._id)
        if not rows and not self._row["approval"]:
            raise NotFound(f"document {self._id} has no route of approval")
        case = self._case(APPROVAL_SHEET)
        return {
            **_heading(case),
            "approved_document": plain_words(self._title),
            "approvals": [self._verdict(case, row) for row in rows],
        }

    def acquaintance(self) -> Facts:
        """Whom the document names, and who of them has read it."""
        known = reading_list(self._connection, self._organisation, self._id)
        rows = rows_of(self._connection, _READ, self._organisation, document=self._id)
        ways = {row["person_id"]: _WAYS[Way(row["way"])] for row in rows}
        case = self._case(ACQUAINTANCE_SHEET)
        people = [(one, case.someone(one.person_id)) for one in known.people]
        day = self._row["day"]
        number = self._row["number"] or _NO_NUMBER
        return {
            **_heading(case),
            "acquainted_with": f"документом «{plain_words(self._title)}»",
            "acquainted_document": registration_facts(number, day) if day else None,
            "acquainted": [
                {
                    "person": person,
                    "reader": NOTHING
                    if one.reader_id in (None, one.person_id)
                    else case.someone(one.reader_id)["initials_first"]["nomn"],
                    "mark": ways.get(one.person_id, NOTHING),
                    "day": f"{one.day:%d.%m.%Y}" if one.day else NOTHING,
                }
                for one, person in people
            ],
            "not_acquainted": [
                person["initials_first"]["nomn"] for one, person in people if one.day is None
            ],
            "acquainted_on": date_words(self._now.astimezone(self._zone).date()),
        }

    def _case(self, kind: str) -> Case:
        task = GatherFacts(
            organisation_id=self._organisation,
            cycle_id=self._row["cycle_id"],
            document_id=self._id,
            kind=kind,
            version=self._row["version"],
            turn=self._row["turn"],
            now=self._now,
        )
        return Case(self._connection, task, asks_for_pairs=False)

    def _verdict(self, case: Case, row: RowMapping) -> Facts:
        outcome = Outcome(row["outcome"])
        said = _OUTCOMES[outcome]
        if outcome is Outcome.APPROVE and row["remark"]:
            said += " с замечанием"
        at = row["at"].astimezone(self._zone)
        return {
            **_who(case, row),
            "version": str(row["version"]),
            "decision": said,
            "remark": plain_words(row["remark"] or ""),
            "day": f"{date_words(at.date())}, {at.hour}:{at:%M}",
            "sha256": row["sha256"],
        }


def _heading(case: Case) -> Facts:
    return {
        "organisation": case.organisation(),
        "curator": case.holder(case.roadmap.curator),
    }


def _who(case: Case, row: RowMapping) -> Facts:
    """A person in the post of the right by which it was decided; a body by its minutes."""
    if row["person_id"] is None:
        number, day = row["number"] or _NO_NUMBER, row["day"]
        minutes = f"протокол № {number}" + (f" от {date_words(day)}" if day else "")
        return {"person": plain_words(row["body"] or row["holder"]), "post": plain_words(minutes)}
    person = case.someone(row["person_id"], post=row["post"])
    post = person["post"]["nomn"] if person["post"] else _NO_POST
    return {"person": person["initials_first"]["nomn"], "post": post}
