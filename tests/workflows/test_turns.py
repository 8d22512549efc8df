"""A programme of several years on a real server."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from domain.planning import last_moment
from domain.rollover import CarriedRow
from tests import builders
from tests.replay.record import cycle_of_two_years, finished, short_road
from tests.workflows.rows import CURATOR, a_cycle, launch
from tests.workflows.world import World, ask


async def test_a_programme_of_two_years_closes_each_and_then_itself(world: World) -> None:
    handle = await cycle_of_two_years(world)

    end = await handle.result()

    assert (end.turns_closed, end.closed) == (2, True)
    assert [(pair.turn, pair.stage) for pair in end.pairs] == [(1, "completed"), (2, "completed")]
    assert end.new_mentors == (builders.MENTEE,)
    told = [action for action in world.ledger.actions(handle.id) if action.endswith("closed")]
    assert told == ["turn_closed", "closed"]
    assert sorted(order.turn for order in end.orders) == [1, 2]


async def test_a_year_closes_beside_the_next_that_was_launched_from_it(world: World) -> None:
    """Their rows, papers and pairs are apart; what the next took over counts as changed by hand."""
    old, new = a_cycle(), a_cycle()
    known = launch().changed(roadmap=short_road("1", "2", "5"))
    due = known.start + timedelta(days=400)
    world.ledger.launches[old.cycle_id] = known
    world.ledger.launches[new.cycle_id] = known.changed(
        follows=old.cycle_id, amended=(CarriedRow(item="5", due=due, lead=builders.APPROVER),)
    )
    before = await world.start(old)
    await world.at_stage(before, "running")
    pair = builders.a_pair_request(mentor_id=builders.MENTOR, mentee_id=builders.MENTEE)
    await ask(before, "form_pairs", builders.a_forming(pair, by=CURATOR))
    after = await world.start(new)
    await world.at_stage(after, "running")
    await ask(after, "form_pairs", builders.a_forming(pair, by=CURATOR))

    people, apart = world.people, {after.id}
    people.idles = lambda subject: subject in apart or _is_of(world, subject, new.cycle_id)
    await people.work_until(finished(world, before))

    closed, going = await before.result(), world.cycle(after)
    assert going is not None
    assert (closed.closed, going.closed) == (True, False)
    row = next(item for item in going.items if item.id == "5")
    assert (row.plan.lead, row.own) == (builders.APPROVER, ("due", "lead"))
    assert row.plan.due == last_moment(due, ZoneInfo(known.time_zone))
    assert {pair.pair_id for pair in going.pairs}.isdisjoint(one.pair_id for one in closed.pairs)
    apart.clear()
    people.idles = lambda _: False
    await people.work_until(finished(world, after))


def _is_of(world: World, subject: str, cycle_id: str) -> bool:
    state = world.ledger.state(subject)
    return state is not None and state.cycle_id == cycle_id
