"""A yearly launch on a real server: by its schedule, by hand, once."""

from zoneinfo import ZoneInfo

import pytest
from temporalio.service import RPCError

from activities.yearly_ports import Tried
from api.gateway import TemporalGateway
from domain import ids
from domain.programme import ProgrammeState
from domain.roadmap import Season
from domain.yearly import YearlyOrder, YearlyState
from runtime.schedules import ensure_yearly
from tests.roadmap_builders import a_roadmap
from tests.workflows.rows import a_cycle, launch
from tests.workflows.world import World
from workflows.yearly_schedules import HOUR

SEPTEMBER = Season(month=9, day=1, months=12)


def an_order(**fields: object) -> YearlyOrder:
    known: dict[str, object] = {
        "order_id": ids.new_id(),
        "organisation_id": "0" * 16,
        "roadmap_name": "small",
        "holders": {},
        "time_zone": "Asia/Kamchatka",
        "author": "1" * 16,
    }
    return YearlyOrder.model_validate({**known, **fields})


def gateway_of(world: World) -> TemporalGateway:
    return TemporalGateway(world.client, world.queue)


def launched(world: World, order: YearlyOrder) -> ProgrammeState:
    """The book answers this order with a launch that the ledger knows."""
    state = a_cycle()
    world.ledger.launches[state.cycle_id] = launch()
    world.orders.answers[order.order_id] = Tried(outcome="launched", state=state)
    return state


async def test_an_order_is_carried_out_now_and_its_cycle_lives_on_its_own(world: World) -> None:
    order = an_order()
    state = launched(world, order)
    world.orders.fails = 1

    await gateway_of(world).launch_yearly(order.order_id)

    handle = world.handle(state.workflow_id)
    await world.until(lambda: (seen := world.cycle(handle)) and seen.plan)
    first, second = world.orders.tries
    assert first == second, "a try that is repeated is the same one"
    await gateway_of(world).launch_yearly(order.order_id)
    assert len(world.orders.tries) == 3
    assert len([one for one in world.ledger.actions(handle.id) if one == "planned"]) == 1


async def test_a_refused_launch_begins_nothing(world: World) -> None:
    order = an_order()
    world.orders.answers[order.order_id] = Tried(outcome="refused")
    await gateway_of(world).launch_yearly(order.order_id)
    assert world.ledger.saves == {}


@pytest.mark.parametrize("season", [SEPTEMBER, Season(month=2, day=28, months=12)])
async def test_the_schedule_begins_on_the_seasons_first_day_in_the_organisations_zone(
    idle_world: World, season: Season
) -> None:
    order = an_order()
    await gateway_of(idle_world).keep_yearly(order, season)

    schedule = idle_world.client.get_schedule_handle(ids.yearly_order(order.order_id))
    times = (await schedule.describe()).info.next_action_times
    local = [one.astimezone(ZoneInfo("Asia/Kamchatka")) for one in times]
    assert {(one.month, one.day, one.hour) for one in local} == {(season.month, season.day, HOUR)}
    years = [one.year for one in local]
    assert years == list(range(years[0], years[0] + len(years)))
    assert len(years) >= 5, "a leap year is among them"
    await schedule.delete()


async def test_a_schedule_launches_when_its_hour_comes(world: World) -> None:
    order = an_order()
    state = launched(world, order)
    await gateway_of(world).keep_yearly(order, SEPTEMBER)
    schedule = world.client.get_schedule_handle(ids.yearly_order(order.order_id))
    await schedule.trigger()
    await world.until(lambda: (seen := world.cycle(world.handle(state.workflow_id))) and seen.plan)
    await schedule.delete()


async def test_an_order_is_paused_resumed_and_ended_and_a_repeat_changes_nothing(
    idle_world: World,
) -> None:
    order, gateway = an_order(), gateway_of(idle_world)
    schedule = idle_world.client.get_schedule_handle(ids.yearly_order(order.order_id))
    for state in (YearlyState.ACTIVE, YearlyState.PAUSED, YearlyState.PAUSED, YearlyState.ACTIVE):
        await gateway.keep_yearly(order.changed(state=state), SEPTEMBER)
        found = await schedule.describe()
        assert found.schedule.state.paused is (state is YearlyState.PAUSED)
    for _ in range(2):
        await gateway.keep_yearly(order.changed(state=YearlyState.ENDED), SEPTEMBER)
    with pytest.raises(RPCError):
        await schedule.describe()


async def test_schedules_that_the_engine_has_lost_come_back_from_the_rows(
    idle_world: World,
) -> None:
    kept, paused = an_order(), an_order(state=YearlyState.PAUSED)
    gone = an_order(roadmap_name="gone")
    orders, road = (kept, paused, gone), a_roadmap()
    known = {road.roadmap: road}
    handles = [
        idle_world.client.get_schedule_handle(ids.yearly_order(one.order_id)) for one in orders
    ]
    for _ in range(2):
        await ensure_yearly(idle_world.client, orders, known.get, idle_world.queue)
        found = [await one.describe() for one in handles[:2]]
        assert [one.schedule.state.paused for one in found] == [False, True]
        with pytest.raises(RPCError):
            await handles[2].describe()
    moved = road.changed(season=Season(month=10, day=5, months=9))
    await ensure_yearly(idle_world.client, orders, {road.roadmap: moved}.get, idle_world.queue)
    times = (await handles[0].describe()).info.next_action_times
    assert {one.astimezone(ZoneInfo("Asia/Kamchatka")).month for one in times} == {10}
    for one in handles[:2]:
        await one.delete()
