"""What proves a result, each by its kind of proof; the words themselves stand in rows."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from domain.base import Message
from domain.deadlines import check_day
from domain.errors import NotFound, ProofMissing, TooFewAttended, WrongEventKind, WrongState
from domain.events import EventKind
from domain.planning import PlannedResult
from domain.process import Command


class LinkGiven(Message):
    proof: Literal["link"] = "link"
    day: date
    evidence_id: str  # the row that names the publication


class EventHeld(Message):
    proof: Literal["event"] = "event"
    day: date
    attendance: int
    kind: EventKind | None = None  # None: recorded before events had kinds
    evidence_id: str  # the row that names the event


class NumberReached(Message):
    proof: Literal["number"] = "number"
    number: int
    evidence_id: str


class AnswersCounted(Message):
    proof: Literal["answers"] = "answers"
    count: int
    evidence_id: str


class RemarkGiven(Message):
    proof: Literal["remark"] = "remark"
    evidence_id: str
    file_sha256: str | None = None


class IndicatorsGiven(Message):
    proof: Literal["indicators"] = "indicators"
    indicators: tuple[str, ...]  # which have a value
    evidence_id: str  # the row with the values and their sources


class ReportSent(Message):
    """A report that went to somebody above who has no cycle here."""

    proof: Literal["report"] = "report"
    day: date
    evidence_id: str  # the row that says how it was sent, with a link or a note
    file_sha256: str | None = None


Evidence = Annotated[
    LinkGiven
    | EventHeld
    | NumberReached
    | AnswersCounted
    | RemarkGiven
    | IndicatorsGiven
    | ReportSent,
    Field(discriminator="proof"),
]


class RecordResult(Command):
    """Proves one result of one item."""

    item: str
    result: str
    evidence: Evidence
    before: datetime | None = None
    """By the server's clock: what is taken later might have been withdrawn meanwhile."""


def check_in_time(wish: RecordResult, clock: datetime) -> None:
    """Raises `WrongState` if the wish has waited too long; `clock` is the server's."""
    if wish.before is not None and clock > wish.before:
        raise WrongState("the proof was looked at too long ago: name it again")


def check_event_fits(
    kinds: Collection[EventKind], at_least: int, kind: EventKind | None, attendance: int
) -> None:
    """Raises `WrongEventKind` or `TooFewAttended` unless the event is what a row demands."""
    if kinds and kind not in kinds:
        raise WrongEventKind(f"the row asks for {', '.join(kinds)}, not for {kind}")
    if attendance < at_least:
        raise TooFewAttended(f"the row asks for at least {at_least} people, {attendance} came")


def check_proof(planned: PlannedResult, wish: RecordResult, today: date) -> None:
    evidence = wish.evidence
    if evidence.proof != planned.proof:
        raise ProofMissing(f"{wish.result} is proved by {planned.proof}, not by {evidence.proof}")
    if isinstance(evidence, LinkGiven | EventHeld | ReportSent):
        check_day(evidence.day, today)
    match evidence:
        case EventHeld():
            check_event_fits(planned.kinds, planned.at_least, evidence.kind, evidence.attendance)
        case NumberReached(number=reached) | AnswersCounted(count=reached):
            _check_reached(planned, reached)
        case RemarkGiven(file_sha256=None) if planned.file:
            raise ProofMissing(f"{planned.id} needs a file beside the remark")
        case IndicatorsGiven(indicators=given):
            _check_indicators(planned, given)
        case _:
            return


def _check_indicators(planned: PlannedResult, given: tuple[str, ...]) -> None:
    missing = [one for one in planned.indicators if one not in given]
    if missing:
        raise ProofMissing(f"{planned.id} has no value for indicators {', '.join(missing)}")
    unknown = [one for one in given if one not in planned.indicators]
    if unknown:
        raise NotFound(f"the roadmap has no indicators {', '.join(unknown)}")


def _check_reached(planned: PlannedResult, reached: int) -> None:
    if reached < planned.at_least:
        raise ProofMissing(f"{planned.id} needs at least {planned.at_least}, there are {reached}")
