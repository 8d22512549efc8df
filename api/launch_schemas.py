"""What is asked and told of a launch before it."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from api.routes.reading import PairLine
from api.schemas import Code, LaunchDay, Name, example
from domain.base import Value
from domain.launch_checks import Missing
from domain.preview import Preview
from domain.roadmap import MOST_TURNS
from domain.yearly import Outcome, YearlyState

ItemName = Annotated[str, Field(pattern=r"^[0-9.]{1,12}(#[0-9]{1,3})?$")]
Holding = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}:[\w.-]{1,40}$")]
"""A role and who is to hold it: «director:D-01»."""


class LaunchAsked(Value):
    """A launch that is thought of; not all of its roles need be given yet."""

    roadmap: Name
    start: LaunchDay
    turns: Annotated[int, Field(ge=1, le=MOST_TURNS)] | None = None
    holders: Annotated[dict[Name, Code], Field(max_length=100)] = {}


class NextAsked(Value):
    """The year that follows a cycle: the next season, the same holders, unless others are named."""

    start: LaunchDay | None = None
    turns: Annotated[int, Field(ge=1, le=MOST_TURNS)] | None = None
    holders: Annotated[dict[Name, Code], Field(max_length=100)] = {}


class NextLaunch(NextAsked):
    """Launch the year that follows; `rows` are those that it takes over as they were changed."""

    model_config = example(rows=["1.3"], holders={"curator": "K-02"})

    rows: Annotated[tuple[ItemName, ...], Field(max_length=500)] = ()


class NextRow(Value):
    """A row of one of the two cycles."""

    item: str
    title: str


class RowChanged(NextRow):
    """What people changed in a row, as it would be in the next year."""

    due: date | None
    lead: str | None
    lead_name: str | None


class NewYearly(Value):
    """Launch this roadmap each year, on its season's first day, with these holders of roles."""

    model_config = example(roadmap="polytech", holders={"director": "D-01", "curator": "K-01"})

    roadmap: Name
    holders: Annotated[dict[Name, Code], Field(min_length=1, max_length=100)]


class YearlyChange(Value):
    """Pause, resume or end an order."""

    model_config = example(state="paused")

    state: YearlyState


class LaunchNow(Value):
    """Try an order's launch now; there is nothing to choose."""

    model_config = example()


class YearlyLine(Value):
    """A yearly order. `words` tell what became of its latest launch; `missing` is what the next one
    will miss, as things stand now.
    """

    order_id: str
    roadmap: str
    title: str
    state: YearlyState
    holders: dict[str, str]
    next_start: date | None
    outcome: Outcome | None
    cycle_id: str | None
    code: str | None
    words: str
    tried_at: datetime | None
    missing: tuple[Missing, ...]


class Yearly(Value):
    """All orders, those that hold first."""

    orders: tuple[YearlyLine, ...]


class RoadmapLine(Value):
    """A roadmap of the library."""

    roadmap: str
    version: int
    title: str
    level: str
    rows: int


class Roadmaps(Value):
    """All roadmaps that can be launched."""

    roadmaps: tuple[RoadmapLine, ...]


class BranchForeseen(Value):
    """An organisation below that may be invited. `account` as in `Below`."""

    organisation_id: str
    name: str
    outside: bool
    account: str


class BelowForeseen(Value):
    """What the cycles below will ask: the plan of each, and how much that is in all of them."""

    plan: Preview
    organisations: tuple[BranchForeseen, ...]
    rows: int
    documents: int


class LaunchForeseen(Value):
    """What a launch would ask of everybody, and what is missing for it.

    `ready`: nothing is missing; `refused`: the launch would be refused.
    """

    ready: bool
    refused: bool
    missing: tuple[Missing, ...]
    plan: Preview
    below: BelowForeseen | None = None


class NextForeseen(Value):
    """What the year after a cycle begins with, and what stays behind.

    `open_rows` and pairs that are open go on in the old cycle until they are over; `pairs` are
    those of its last year, which the curator may form anew (`pairs/before` of the new cycle);
    `changes` are proposed, none is taken over unless it is named.
    """

    follows: str
    start: date
    holders: dict[str, str]
    open_rows: tuple[NextRow, ...]
    changes: tuple[RowChanged, ...]
    pairs: tuple[PairLine, ...]
    launch: LaunchForeseen
