"""What proves a result, each by its kind of proof; the words themselves stand in rows."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.base import Message
from domain.deadlines import check_day
from domain.errors import NotFound, ProofMissing
from domain.planning import PlannedResult
from domain.process import Command


class LinkGiven(Message):
    proof: Literal["link"] = "link"
    day: date
    evidence_id: str  # the row with the address


class EventHeld(Message):
    proof: Literal["event"] = "event"
    day: date
    attendance: int
    evidence_id: str  # the row with place and programme


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


Evidence = Annotated[
    LinkGiven | EventHeld | NumberReached | AnswersCounted | RemarkGiven | IndicatorsGiven,
    Field(discriminator="proof"),
]


class RecordResult(Command):
    """Proves one result of one item."""

    item: str
    result: str
    evidence: Evidence


def check_proof(planned: PlannedResult, wish: RecordResult, today: date) -> None:
    evidence = wish.evidence
    if evidence.proof != planned.proof:
        raise ProofMissing(f"{wish.result} is proved by {planned.proof}, not by {evidence.proof}")
    if isinstance(evidence, LinkGiven | EventHeld):
        check_day(evidence.day, today)
    match evidence:
        case EventHeld(attendance=reached) | NumberReached(number=reached):
            _check_reached(planned, reached)
        case AnswersCounted(count=reached):
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
