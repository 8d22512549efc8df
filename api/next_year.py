"""From a cycle to the next: what closes, what carries over, what was changed; then one launch."""

from collections.abc import Collection
from contextlib import suppress

from starlette.concurrency import run_in_threadpool

from activities.tasks import Launch
from api import choosing, launching
from api import launch_schemas as schemas
from api.act import Act
from api.routes.branch_reading import InvitationLine
from api.routes.roadmap_reading import RunningCycle
from api.services import Services
from domain.errors import NotFound, WrongState
from domain.items import Item
from domain.planning import plan, season_of
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from domain.rollover import CarriedRow, next_season, proposed
from domain.yearly import cycle_of_season


def foreseen(
    services: Services, organisation_id: str, cycle_id: str, asked: schemas.NextAsked
) -> schemas.NextForeseen:
    """What the year after a cycle begins with.

    Raises `NotFound`, and `WrongState` of a cycle that is not planned yet, or is a branch of one
    above: that one invites anew.
    """
    before = services.views.running_cycle(organisation_id, cycle_id)
    _check_alone(before)
    next_ = Next(services, before, asked)
    turns = asked.turns or 1
    launch = schemas.LaunchAsked(
        roadmap=next_.roadmap.roadmap, start=next_.start, turns=turns, holders=next_.holders
    )
    register = services.views.register(organisation_id, cycle_id)
    return schemas.NextForeseen(
        follows=cycle_id,
        start=next_.start,
        holders=next_.holders,
        open_rows=tuple(_row(before.roadmap, one.id, one.plan.step) for one in next_.open_items()),
        changes=next_.changes(),
        pairs=tuple(one for one in register if one.turn == before.turns),
        launch=launching.foreseen(services, organisation_id, launch),
    )


async def launch(act: Act, cycle_id: str, said: schemas.NextLaunch) -> str:
    """Launch it, with those of the changed rows that are named; the id of the new cycle.

    Raises as `foreseen` does, `NotFound` for a row that is not proposed, and as a launch.
    """
    state = await run_in_threadpool(_prepare, act, cycle_id, said)
    await act.services.gateway.launch(state)
    return state.cycle_id


def of_branch(
    services: Services, organisation_id: str, line: InvitationLine, asked: schemas.NextAsked
) -> "Next | None":
    """What a branch takes over from its cycle in the year before, as far as the cycle above lets
    rows be changed; None if there was no such cycle. Raises `NotFound`.
    """
    if line.before is None or line.roadmap is None:
        return None
    before = services.views.running_cycle(organisation_id, line.before)
    if before.state is None or before.state.plan is None:
        return None
    roadmap = services.roadmaps(line.roadmap)
    return Next(services, before, asked, roadmap, line.adapt)


def _check_alone(before: RunningCycle) -> None:
    if before.state is not None and before.state.above is not None:
        raise WrongState(f"cycle {before.cycle_id} is a branch: the cycle above invites anew")


class Next:
    """The year that follows a cycle, as the library's roadmap and these holders make it. `adapt` is
    what of the rows may be changed, None if everything.
    """

    def __init__(
        self,
        services: Services,
        before: RunningCycle,
        asked: schemas.NextAsked,
        roadmap: Roadmap | None = None,
        adapt: tuple[str, ...] | None = None,
    ) -> None:
        state = before.state
        if state is None or state.plan is None:
            raise WrongState(f"cycle {before.cycle_id} is not planned yet")
        self._adapt = adapt
        self.roadmap = roadmap or services.roadmaps(before.roadmap.roadmap)
        self.start = asked.start or next_season(self.roadmap, before.start, before.turns)
        self._before, self._state = before, state
        self._turns = asked.turns or 1
        self._people = services.views.people(before.organisation_id)
        self._bodies = services.views.bodies(before.organisation_id)
        roles = self.roadmap.launch_roles()
        known = {role: one for role, one in before.holders.items() if role in roles}
        self.holders = {
            role: self._id_of(named) for role, named in {**known, **asked.holders}.items()
        }

    def _id_of(self, named: str) -> str:
        """An unknown one stays as he was named: the check of the launch tells of him."""
        with suppress(NotFound):
            return choosing.holder_of(named, self._people, self._bodies)
        return named

    def check_holders(self) -> None:
        """Raises `RoleUnmapped`, or `NotFound` naming the role."""
        choosing.holders_of(self.roadmap, self.holders, self._people, self._bodies)

    def open_items(self) -> list[Item]:
        """Rows of the old cycle that go on there until they are done."""
        return [one for one in self._state.items if not one.done]

    def proposed(self) -> tuple[CarriedRow, ...]:
        """Rows as people changed them; none as long as a role has no holder."""
        if self.holders.keys() != set(self.roadmap.launch_roles()):
            return ()
        first = season_of(self.roadmap, self._before.start).start.year
        years = season_of(self.roadmap, self.start).start.year - first - self._before.turns + 1
        made = plan(self.roadmap, self.start, self._before.zone, self.holders, self._turns)
        rows = proposed(self._state.items, self._before.turns, years, made, self._before.zone)
        return tuple(one for row in rows if (one := row.within(self._adapt)) is not None)

    def named(self, rows: Collection[str]) -> tuple[CarriedRow, ...]:
        """Those of the proposed rows that are named. Raises `NotFound` for another."""
        known = {one.item: one for one in self.proposed()}
        if strangers := set(rows) - known.keys():
            raise NotFound(f"nothing is proposed of row {', '.join(sorted(strangers))}")
        return tuple(known[row] for row in rows)

    def changes(self) -> tuple[schemas.RowChanged, ...]:
        """The same, in words."""
        found = self.proposed()
        names = {one.id: one.name for one in self._people}
        names |= {one.id: one.name for one in self._bodies}
        return tuple(
            schemas.RowChanged(
                **dict(_row(self.roadmap, one.item, one.item.partition("#")[0])),
                due=one.due,
                lead=one.lead,
                lead_name=names.get(one.lead) if one.lead else None,
            )
            for one in found
        )


def _prepare(act: Act, cycle_id: str, said: schemas.NextLaunch) -> ProgrammeState:
    services, organisation = act.services, act.user.organisation_id
    views = services.views
    before = views.running_cycle(organisation, cycle_id)
    _check_alone(before)
    next_ = Next(services, before, said)
    next_.check_holders()
    kept = Launch(
        roadmap=next_.roadmap,
        start=next_.start,
        time_zone=views.time_zone(organisation),
        holders=next_.holders,
        turns=said.turns or 1,
        launched_by=act.user.id,
        follows=cycle_id,
        amended=next_.named(said.rows),
    )
    season = season_of(next_.roadmap, next_.start)
    new_id = cycle_of_season(organisation, next_.roadmap.roadmap, season)
    services.desk.keep_launch(new_id, organisation, kept)
    return ProgrammeState(
        organisation_id=organisation,
        cycle_id=new_id,
        clock_offset=act.clock_offset,
        administrator=act.user.id,
        launched=act.now,
    )


def _row(roadmap: Roadmap, item: str, step_id: str) -> schemas.NextRow:
    step = roadmap.step(step_id)
    return schemas.NextRow(item=item, title=step.title if step else step_id)
