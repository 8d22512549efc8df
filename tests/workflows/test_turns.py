"""A programme of several years on a real server."""

from tests import builders
from tests.replay.record import cycle_of_two_years
from tests.workflows.world import World


async def test_a_programme_of_two_years_closes_each_and_then_itself(world: World) -> None:
    handle = await cycle_of_two_years(world)

    end = await handle.result()

    assert (end.turns_closed, end.closed) == (2, True)
    assert [(pair.turn, pair.stage) for pair in end.pairs] == [(1, "completed"), (2, "completed")]
    assert end.new_mentors == (builders.MENTEE,)
    told = [action for action in world.ledger.actions(handle.id) if action.endswith("closed")]
    assert told == ["turn_closed", "closed"]
    assert sorted(order.turn for order in end.orders) == [1, 2]
