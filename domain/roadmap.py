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

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Number = Annotated[str, Field(pattern=r"^[0-9]+(\.[0-9]+)*$", max_length=12)]
Text = Annotated[str, Field(min_length=1, max_length=1000)]
Count = Annotated[int, Field(ge=1)]


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
    approver: Name | None = None
    registrar: Name | None = None
    pairs_at: Name | None = None  # drafted when all open pairs have come to this stage


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


Proof = Annotated[
    DocumentProof | LinkProof | EventProof | NumberProof | AnswersProof | RemarkProof,
    Field(discriminator="proof"),
]


class Result(Value):
    """What a row must bring about, and how that is proved."""

    id: Name
    title: Text
    by: Proof
    after: tuple[Name, ...] = ()  # results of the same row that come first


class Step(Value):
    """One row of the roadmap."""

    id: Number
    stage: Name
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
    """A stage or section of the roadmap."""

    id: Name
    title: Text


class ConsentsStage(Value):
    """Consents of both sides; who signs follows from age."""

    kind: Literal["consents"]
    adult: Name
    minor: Name


class PaperStage(Value):
    """One document of the pair."""

    kind: Literal["document"]
    document: Name
    approver: Name | None = None
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
        ConsentsStage | PaperStage | OrderStage | MeetingsStage | MonitoringStage,
        Field(discriminator="kind"),
    ]


class Track(Value):
    """The road of a pair."""

    lead: Name
    forms: Annotated[tuple[Form, ...], Field(min_length=1)]
    stages: Annotated[tuple[TrackStage, ...], Field(min_length=1)]


class Season(Value):
    """When a cycle begins in a year, and how many months it takes."""

    month: Month
    day: Annotated[int, Field(ge=1, le=28)] = 1
    months: Annotated[int, Field(ge=1, le=72)]


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
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    track: Track
    terms: Terms = Terms()

    @model_validator(mode="after")
    def _has_no_reserved_role(self) -> "Roadmap":
        if self.curator in self.roles and self.roles[self.curator].holder != "person":
            raise ValueError("the curator is a person")
        return self

    def launch_roles(self) -> tuple[str, ...]:
        """The roles that a launch must map."""
        return tuple(n for n, role in self.roles.items() if role.holder in ("person", "body"))
