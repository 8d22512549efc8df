"""What requests about the cycles below a cycle ask for."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from api.launch_schemas import ItemName
from api.organisation_schemas import Tag
from api.schemas import Code, LaunchDay, Name, Text, example
from domain.base import Value
from domain.branch_wishes import MOST
from domain.organisations import OrganisationKind
from domain.roadmap import MOST_TURNS

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
Turn = Annotated[int, Field(ge=1, le=MOST_TURNS)]
BranchNumber = Annotated[int, Field(ge=1, le=100_000)]
FigureName = Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]{0,79}|indicator:[0-9.]{1,12})$")]
Typed = Annotated[str, Field(pattern=r"^[0-9]{1,9}([.,][0-9]{1,3})?$")]


class Matching(Value):
    """Organisations below of a kind, with a tag; with neither, say that all are meant."""

    kind: OrganisationKind | None = None
    tag: Tag | None = None
    all: Literal[True] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.all is None and self.kind is None and self.tag is None:
            raise ValueError("nothing is said of whom to invite")
        return self


class Invitation(Value):
    """Invite these organisations below, or all that match, or `again` all those of the year before
    that did not leave.
    """

    model_config = example(matching={"kind": "school", "tag": "500+"})

    ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST)] | None = None
    matching: Matching | None = None
    again: Literal[True] | None = None

    @model_validator(mode="after")
    def _says_one(self) -> Self:
        said = [one for one in (self.ids, self.matching, self.again) if one is not None]
        if len(said) != 1:
            raise ValueError("either ids, or matching, or again")
        return self


class OfDemand(Value):
    """Which report is meant."""

    demand: Name
    turn: Turn = 1


class Acceptance(OfDemand):
    """Accept the reports of these branches, all or none."""

    model_config = example(demand="yearly", turn=1, branches=[1, 2, 3])

    branches: Annotated[tuple[BranchNumber, ...], Field(min_length=1, max_length=MOST)]


class ReturnedReport(OfDemand):
    """Return the report of a branch, with words that say what to correct."""

    model_config = example(demand="yearly", turn=1, remark="Пары из сентября не учтены.")

    remark: Text


class ExcusedReport(OfDemand):
    """The branch need not report."""

    model_config = example(demand="yearly", turn=1, reason="Школа закрыта на ремонт.")

    reason: Text


class Leave(Value):
    """The organisation leaves the cycle."""

    model_config = example(reason="Школа реорганизована.")

    reason: Text


class EnteredReport(OfDemand):
    """What an organisation reported on paper or by telephone; `source` says how it is known."""

    model_config = example(
        demand="yearly",
        turn=1,
        figures={"pairs": "4", "mentors": "4", "mentees": "5"},
        source="письмо школы от 20.11.2026 № 41",
    )

    figures: Annotated[dict[FigureName, Typed], Field(min_length=1, max_length=500)]
    source: Text


class BranchLaunch(Value):
    """Launch the cycle to which the organisation was invited; see `Launch`. Whoever held a role in
    the year before holds it again unless another is named; `rows` as in `NextLaunch`.
    """

    model_config = example(
        start="2026-09-01", holders={"director": "D-01", "curator": "K-01", "council": "PS"}
    )

    start: LaunchDay
    holders: Annotated[dict[Name, Code], Field(max_length=100)] = {}
    turns: Turn | None = None
    rows: Annotated[tuple[ItemName, ...], Field(max_length=500)] = ()


class CorrectedReport(Value):
    """Count a returned report anew and send it again; the note says what was mended."""

    model_config = example(note="Добавлены пары из сентября.")

    note: Text | None = None
