"""What an organisation sees of people below it, and who above it may be told of its own."""

from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import text

from adapters.postgres import reads
from adapters.postgres.above import above
from adapters.postgres.access_views import one_of
from adapters.postgres.invitation_views import InvitationViews
from adapters.postgres.named_below import Below, PeopleBelow, StaleRegister
from adapters.postgres.organisation_views import UpperOrganisation
from domain.base import Value
from domain.measures import FORM_TITLES
from domain.people import Form


class NamedLine(Value):
    """One who may be named: the name, and in what he takes part. Nothing else."""

    name: str
    part: Literal["mentor", "mentee"]
    form: Form
    form_title: str


class BranchPeople(Value):
    """Who takes part in an organisation below: how many, those who may be named, how many others.

    `n` is the branch through which it works.
    """

    n: int
    name: str  # the organisation's
    people: int
    unnamed: int
    lines: tuple[NamedLine, ...]


class PeoplePage(Value):
    """The people of a yearly turn of what works below a cycle. Nobody once the cycle is closed.

    `stale`: documents of ours that still name people who may be named no more.
    """

    cycle_id: str
    turn: int
    turns: int
    closed: bool
    branches: tuple[BranchPeople, ...]
    stale: tuple[StaleRegister, ...]


_CYCLE: Final = text(
    """
    SELECT l.turns, l.time_zone, p.stage = 'closed' AS closed
    FROM programmes l LEFT JOIN processes p ON p.id = 'cycle/' || l.cycle_id
    WHERE l.organisation_id = :organisation AND l.cycle_id = :cycle
    """
)


class BelowViews(InvitationViews):
    """People below, by name where they consented to that. `NotFound` for a cycle of others."""

    def people_below(
        self, organisation_id: str, cycle_id: str, now: datetime, turn: int | None = None
    ) -> PeoplePage:
        """Who takes part below; in the yearly turn that is under way if none is named."""
        with self._engine.connect() as connection:
            cycle = one_of(connection, _CYCLE, organisation_id, "cycle", cycle=cycle_id)
            today = now.astimezone(ZoneInfo(cycle["time_zone"])).date()
            chosen = turn or self.upper_turn(cycle_id, today)
            below = Below(connection, organisation_id, cycle_id, chosen, now)
            branches = tuple(map(_shown, below.people()))
            stale = below.stale_registers()
        return PeoplePage(
            cycle_id=cycle_id,
            turn=chosen,
            turns=cycle["turns"],
            closed=bool(cycle["closed"]),
            branches=branches,
            stale=stale,
        )

    def organisations_above(self, organisation_id: str) -> tuple[UpperOrganisation, ...]:
        """Those above, the nearest first; a consent of transfer may name one of them."""
        with self._engine.connect() as connection:
            return above(connection, organisation_id)


def _shown(one: PeopleBelow) -> BranchPeople:
    """As it is shown; where the people are, it is noted that they were."""
    for line in one.lines:
        reads.named(line.person_id, line.birth_date)
    return BranchPeople(
        n=one.n,
        name=one.name,
        people=one.people,
        unnamed=one.people - one.named,
        lines=tuple(
            NamedLine(
                name=line.name.full,
                part=line.part,
                form=line.form,
                form_title=FORM_TITLES[line.form],
            )
            for line in one.lines
        ),
    )
