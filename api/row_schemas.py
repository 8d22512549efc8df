"""What requests about changes of rows ask for."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from api.schemas import Code, Name, Text, example
from domain.base import Value
from domain.roadmap import Step

Due = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]


class RowReason(Value):
    """Why a row is changed."""

    model_config = example(reason="В организации нет таких работников")

    reason: Text


class NewDeadline(RowReason):
    """The last day of a row; it counts to midnight where the organisation is."""

    model_config = example(due="2026-11-30", reason="Совет перенесён на конец ноября")

    due: Due


class NewLead(RowReason):
    """Who leads a row and who helps, by id or code; those who help stay if left out."""

    model_config = example(lead="K-01", others=["D-01"], reason="Куратор в отпуске до декабря")

    lead: Code
    others: Annotated[tuple[Code, ...], Field(max_length=20)] | None = None


class NewDraft(Value):
    """Why a document is drafted anew, if that is to be said."""

    model_config = example(reason="Приказ отозван из-за ошибки в дате")

    reason: Text | None = None


class NewRow(RowReason):
    """A row more in one cycle, written as a roadmap's file has it."""

    model_config = example(
        row={
            "id": "9.1",
            "stage": "work",
            "title": "Встреча с выпускниками программы",
            "lead": "curator",
            "deadline": {"rule": "all_year"},
            "results": [{"id": "done", "title": "Отзыв", "by": {"proof": "remark"}}],
        },
        reason="Решение педагогического совета от 12 января",
    )

    row: Step


class ApplyRoadmap(Value):
    """Apply the library's version of a roadmap to the cycles that run by it.

    `holders` maps roles that earlier versions had not, by id or code, in each organisation.
    """

    model_config = example(dry_run=False, reason="Изменения к программе от 15 января")

    dry_run: bool = True
    reason: Text | None = None
    holders: Annotated[dict[Name, Code], Field(max_length=100)] = {}

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if not self.dry_run and self.reason is None:
            raise ValueError("what is applied needs a reason")
        return self


class RowConflict(Value):
    """Why a cycle cannot take the version: `why` is a code, `words` say it in Russian."""

    row: str | None
    why: str
    words: str
    documents: tuple[str, ...] = ()


class CycleForeseen(Value):
    """What becomes of one cycle. `taken` and `problem` are there once it was applied."""

    cycle_id: str
    organisation: str
    start: date
    version: int
    outcome: Literal["unaffected", "documents", "changes", "conflict"]
    new_rows: tuple[str, ...] = ()
    new_documents: tuple[str, ...] = ()  # kinds
    moved: tuple[str, ...] = ()
    led: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()
    conflicts: tuple[RowConflict, ...] = ()
    taken: bool = False
    problem: str | None = None


class Applied(Value):
    """The cycles that run by a roadmap, and how a version fits each."""

    roadmap: str
    version: int
    sha256: str
    dry_run: bool
    words: str
    cycles: tuple[CycleForeseen, ...]
    unfinished: bool = False
    """Of some cycle it is not known whether it took the version: the same request may be sent
    again under its key, and asks only what is not known yet.
    """
