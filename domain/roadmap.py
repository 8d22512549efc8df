"""The roadmap: a programme as data.

Roadmap > stage > row (`Step`). A row says over what it fans out, who leads and who helps, when,
and which results close it, each by its kind of proof. The pair's track is part of the roadmap.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic.json_schema import SkipJsonSchema

from domain.base import Value
from domain.deadlines import Always, Deadline, Month
from domain.events import EventKind
from domain.measures import MeasureName
from domain.people import Form
from domain.process import Terms
from domain.routes import RouteRules

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Number = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)*$", max_length=12)]
Text = Annotated[str, Field(min_length=1, max_length=1000)]
Count = Annotated[int, Field(ge=1)]
Figure = Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=3)]
MOST_TURNS = 10
GivenFact = Text | tuple[Text, ...] | tuple[dict[Name, Text], ...]
"""A fact that the roadmap gives to a template: words, a list, a table."""


class Role(Value):
    """A role of the programme. At launch it is mapped to a person or a body."""

    title: Text
    holder: Literal["person", "body", "mentor", "mentee"] = "person"
    """`mentor` and `mentee` are the sides of the pair that a row fans over."""


class DocumentProof(Value):
    """Closed by a document that is sealed and in force."""

    proof: Literal["document"]
    kind: Name
    drafter: Name | None = None  # a role; the row's lead if not said
    approver: Name | None = None  # a route of one stage
    route: Name | None = None  # one of the roadmap's routes, in place of an approver
    registrar: Name | None = None
    pairs_at: Name | None = None  # drafted when all open pairs have come to this stage
    facts: dict[Name, GivenFact] = {}  # stand in place of the template's defaults
    for_each: Literal["organisation"] | None = Field(default=None, exclude_if=lambda one: not one)
    """One about each organisation below. Not dumped if left out: older roadmaps keep their hash."""


class LinkProof(Value):
    """Closed by a link and the date of publication."""

    proof: Literal["link"]
    count: Count = 1  # so many publications


class EventProof(Value):
    """Closed by an event with its date, place and attendance."""

    proof: Literal["event"]
    attendance: Count = 1  # at least so many at each
    count: Count = 1  # so many events
    kinds: tuple[EventKind, ...] = ()  # of these kinds only; any if empty


class NumberProof(Value):
    """Closed when a number is reached."""

    proof: Literal["number"]
    at_least: Count
    unit: Text


class AnswersProof(Value):
    """Closed by a count of answers to a questionnaire."""

    proof: Literal["answers"]
    at_least: Count


class RemarkProof(Value):
    """Closed by a written remark, with a file where one is demanded."""

    proof: Literal["remark"]
    file: bool = False


class IndicatorsProof(Value):
    """Closed when each indicator that is not counted has its value, and where that comes from."""

    proof: Literal["indicators"]


class ReportsProof(Value):
    """Closed when each organisation below has reported on that demand, and that was accepted."""

    proof: Literal["reports"]
    demand: Name


class ReportProof(Value):
    """Closed when the upper cycle has accepted the report, which goes there by itself.

    Without an upper cycle: by the day and the way in which it was sent.
    """

    proof: Literal["report"]
    demand: Name


Proof = Annotated[
    DocumentProof
    | LinkProof
    | EventProof
    | NumberProof
    | AnswersProof
    | RemarkProof
    | IndicatorsProof
    | ReportsProof
    | ReportProof,
    Field(discriminator="proof"),
]


class Result(Value):
    """What a row must bring about, and how that is proved."""

    id: Name
    title: Text
    by: Proof
    after: tuple[Name, ...] = ()  # results of the same row that come first
    stage: Name | None = None  # if it belongs to another stage than its row

    @property
    def need(self) -> int:
        """How many pieces of evidence prove it."""
        return self.by.count if isinstance(self.by, EventProof | LinkProof) else 1


class Step(Value):
    """One row of the roadmap."""

    id: Number
    stage: Name
    section: Name | None = None
    title: Text
    actions: tuple[Text, ...] = ()
    scope: Literal["cycle", "organisations", "pairs", "mentors", "mentees"] = "cycle"
    """`organisations`: worked on in the cycles below; here it is proved by their reports."""
    forms: tuple[Form, ...] = ()  # only pairs of these forms; all if empty
    novices_only: bool = False  # only pairs whose mentee is a young specialist
    lead: Name
    co_executors: tuple[Name, ...] = ()
    after: tuple[Number | Literal["pairs"], ...] = ()
    deadline: Deadline
    results: Annotated[tuple[Result, ...], Field(min_length=1)]
    ours: tuple[Literal["row", "lead", "deadline"], ...] = ()
    """What of the row was chosen by whoever wrote the roadmap down and is not in its source; kinds
    of proof always are.
    """

    @property
    def collects(self) -> bool:
        """Evidence keeps coming until its window is over: it is «постоянно» open. A row of a pair
        ends with the pair instead.
        """
        return isinstance(self.deadline, Always) and self.scope in ("cycle", "organisations")


class StageTitle(Value):
    """A stage of the programme, or a section of its list of rows."""

    id: Name
    title: Text


class ConsentsStage(Value):
    """Consents of both sides to taking part; by which documents follows from law and age."""

    kind: Literal["consents"]


class PackageStage(Value):
    """The other documents that law asks of a pair of this form, one after another.

    `director` approves what the organisation's head must approve, `registrar` keeps the journal.
    """

    kind: Literal["package"]
    director: Name
    registrar: Name


class PaperStage(Value):
    """One document of the pair."""

    kind: Literal["document"]
    document: Name
    approver: Name | None = None
    route: Name | None = None
    registrar: Name | None = None


class OrderStage(Value):
    """Waits for the cycle's order on pairs."""

    kind: Literal["order"]


class MeetingsStage(Value):
    """So many meetings of each kind."""

    kind: Literal["meetings"]
    need: Annotated[dict[Name, Count], Field(min_length=1)]


class MonitoringStage(Value):
    """A monitoring form from each voice, a score for each part."""

    kind: Literal["monitoring"]
    voices: Annotated[tuple[Name, ...], Field(min_length=1)]
    parts: Annotated[tuple[Name, ...], Field(min_length=1)]


class TrackStage(Value):
    """A stage of the pair's track, and how many days it may take."""

    id: Name
    title: Text
    days: Count
    needs: Annotated[
        ConsentsStage | PackageStage | PaperStage | OrderStage | MeetingsStage | MonitoringStage,
        Field(discriminator="kind"),
    ]


class FormRules(Value):
    """A form of mentoring: how it is called, and who may work with whom in it."""

    title: Text
    role_models: dict[Name, Text] = {}
    mentor_types: dict[Name, Text] = {}


class Track(Value):
    """The road of a pair. `titles` say how its meetings, voices and parts are called.

    A programme whose pairs all live in the cycles below has forms alone, by which its papers call
    them.
    """

    lead: Name | None = None
    forms: dict[Form, FormRules] = {}
    titles: dict[Name, Text] = {}
    stages: tuple[TrackStage, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> "Track":
        if bool(self.lead) != bool(self.stages) or (self.stages and not self.forms):
            raise ValueError("a track has lead, forms and stages, forms alone, or is left out")
        return self


class Season(Value):
    """When a cycle begins in a year, and how many months it takes."""

    month: Month
    day: Annotated[int, Field(ge=1, le=28)] = 1
    months: Annotated[int, Field(ge=1, le=72)]
    turns: Annotated[int, Field(ge=1, le=MOST_TURNS)] = 1
    """How many years in a row the programme runs, unless a launch asks for fewer. A turn that
    takes more than a year overlaps the next one.
    """


class Indicator(Value):
    """A figure by which the programme is judged: counted by `measure`, else entered by people."""

    id: Number
    title: Text
    unit: Text | None = None  # that of the measure if not said
    measure: MeasureName | None = None
    steps: tuple[Number, ...] = ()  # what proved results of these rows only; all if empty
    plan: dict[Annotated[int, Field(ge=1, le=MOST_TURNS)], Figure] = {}  # by yearly turn
    better: Literal["more", "less"] = "more"
    period: Literal["turn", "half", "quarter", "month"] = "turn"  # how often it is entered
    total: Literal["sum", "last"] = "sum"  # what the periods of a turn come to


class IndicatorGroup(Value):
    """The indicators of one goal."""

    title: Text
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]


class Target(Value):
    """A planned result: a figure to reach, or words where the programme gives no figure."""

    title: Text
    measure: MeasureName | None = None
    at_least: Count | None = None
    unit: Text | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "Target":
        if (self.measure is None) != (self.at_least is None):
            raise ValueError("measure and at_least go together")
        return self


class Below(Value):
    """By which roadmap the organisations below work, and what they may change in it.

    Nothing unless it is named: the days of rows, who leads them, which rows there are.
    """

    roadmap: Name
    adapt: tuple[Literal["deadlines", "leads", "rows"], ...] = ()


class Demand(Value):
    """A report that every organisation below sends, in each yearly turn that asks for it."""

    title: Text
    checked: bool = True
    """Somebody accepts or returns it; else it counts as it comes."""


class Earlier(Value):
    """What a running cycle's roadmap was before: rows and stages that some still go by."""

    steps: tuple[tuple[int, Step], ...] = ()  # each up to the cycle's roadmap of that number
    stages: tuple[StageTitle, ...] = ()


class Roadmap(Value):
    """A whole programme as data; the file is its one source."""

    roadmap: Name
    version: Count
    title: Text
    source: Text
    level: Literal["organisation", "municipality", "region"] = "organisation"
    season: Season
    curator: Name  # the role that gets escalations and the paperwork of pairs
    roles: Annotated[dict[Name, Role], Field(min_length=1)]
    stages: Annotated[tuple[StageTitle, ...], Field(min_length=1)]
    sections: tuple[StageTitle, ...] = ()
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    track: Track = Track()
    indicators: tuple[IndicatorGroup, ...] = ()
    targets: tuple[Target, ...] = ()
    below: Below | None = None
    demands: dict[Name, Demand] = {}
    routes: dict[Name, RouteRules] = {}
    terms: Terms = Terms()
    earlier: SkipJsonSchema[Earlier] = Earlier()
    """Not of the file: kept with what a running cycle took (`domain.roadmap_versions`)."""

    @model_validator(mode="after")
    def _has_no_reserved_role(self) -> "Roadmap":
        if self.curator in self.roles and self.roles[self.curator].holder != "person":
            raise ValueError("the curator is a person")
        return self

    def every_indicator(self) -> tuple[Indicator, ...]:
        """All indicators, group by group."""
        return tuple(one for group in self.indicators for one in group.indicators)

    def entered_indicators(self) -> tuple[str, ...]:
        """The ids of those that people enter; the others are counted."""
        return tuple(one.id for one in self.every_indicator() if one.measure is None)

    def step(self, step_id: str | None, at: int | None = None) -> Step | None:
        """The row with this id, as it was in the cycle's roadmap number `at`; the latest if not
        said. None if no roadmap of the cycle has it.
        """
        known = [one for one in self.earlier.steps if one[1].id == step_id]
        then = next((step for until, step in known if at is not None and until >= at), None)
        now = next((step for step in self.steps if step.id == step_id), None)
        return then or now or (known[-1][1] if known else None)

    def pair_forms(self) -> Mapping[Form, FormRules]:
        """The forms in which pairs are formed here; none where they all live below."""
        return self.track.forms if self.track.stages else {}

    def pair_lead(self) -> str:
        """The role that leads each pair; the curator's where there are no pairs."""
        return self.track.lead or self.curator

    def launch_roles(self) -> tuple[str, ...]:
        """The roles that a launch must map."""
        return tuple(n for n, role in self.roles.items() if role.holder in ("person", "body"))
