"""The roadmap: a programme as data.

Roadmap > stage > row (`Step`). A row says over what it fans out, who leads and who helps, when,
and which results close it, each by its kind of proof. The pair's track is part of the roadmap.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from domain.base import Value
from domain.deadlines import Deadline, Month
from domain.people import Form
from domain.process import Terms
from domain.routes import RouteRules

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Number = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)*$", max_length=12)]
Text = Annotated[str, Field(min_length=1, max_length=1000)]
Count = Annotated[int, Field(ge=1)]
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


class LinkProof(Value):
    """Closed by a link and the date of publication."""

    proof: Literal["link"]


class EventProof(Value):
    """Closed by an event with its date, place and attendance."""

    proof: Literal["event"]
    attendance: Count = 1  # at least so many


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
    """Closed when each indicator of the roadmap has its value and where that comes from."""

    proof: Literal["indicators"]


Proof = Annotated[
    DocumentProof
    | LinkProof
    | EventProof
    | NumberProof
    | AnswersProof
    | RemarkProof
    | IndicatorsProof,
    Field(discriminator="proof"),
]


class Result(Value):
    """What a row must bring about, and how that is proved."""

    id: Name
    title: Text
    by: Proof
    after: tuple[Name, ...] = ()  # results of the same row that come first
    stage: Name | None = None  # if it belongs to another stage than its row


class Step(Value):
    """One row of the roadmap."""

    id: Number
    stage: Name
    section: Name | None = None
    title: Text
    actions: tuple[Text, ...] = ()
    scope: Literal["cycle", "organisations", "pairs", "mentors", "mentees"] = "cycle"
    forms: tuple[Form, ...] = ()  # only pairs of these forms; all if empty
    novices_only: bool = False  # only pairs whose mentee is a young specialist
    lead: Name
    co_executors: tuple[Name, ...] = ()
    after: tuple[Number | Literal["pairs"], ...] = ()
    deadline: Deadline
    results: Annotated[tuple[Result, ...], Field(min_length=1)]


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

    Empty in a programme whose pairs all live in the cycles below.
    """

    lead: Name | None = None
    forms: dict[Form, FormRules] = {}
    titles: dict[Name, Text] = {}
    stages: tuple[TrackStage, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> "Track":
        if not (bool(self.lead) == bool(self.forms) == bool(self.stages)):
            raise ValueError("a track has lead, forms and stages, or is left out")
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
    """A figure by which the programme is judged; it is entered with its source."""

    id: Number
    title: Text
    unit: Text | None = None


class IndicatorGroup(Value):
    """The indicators of one goal."""

    title: Text
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]


Measure = Literal["mentors_of_staff", "student_mentors", "matched_percent"]
"""Figures that are counted from pairs: mentors of young staff, students who are mentors, mentees
of the base who have a pair.
"""


class Target(Value):
    """A planned result: a figure to reach, or words where the programme gives no figure."""

    title: Text
    measure: Measure | None = None
    at_least: Count | None = None
    unit: Text | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "Target":
        if (self.measure is None) != (self.at_least is None):
            raise ValueError("measure and at_least go together")
        return self


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
    routes: dict[Name, RouteRules] = {}
    terms: Terms = Terms()

    @model_validator(mode="after")
    def _has_no_reserved_role(self) -> "Roadmap":
        if self.curator in self.roles and self.roles[self.curator].holder != "person":
            raise ValueError("the curator is a person")
        return self

    def indicator_ids(self) -> tuple[str, ...]:
        """All indicators, group by group."""
        return tuple(one.id for group in self.indicators for one in group.indicators)

    def pair_lead(self) -> str:
        """The role that leads each pair; the curator's where there are no pairs."""
        return self.track.lead or self.curator

    def launch_roles(self) -> tuple[str, ...]:
        """The roles that a launch must map."""
        return tuple(n for n, role in self.roles.items() if role.holder in ("person", "body"))
