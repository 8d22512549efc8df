"""A standing order as a schedule of the engine. For clients: no workflow imports it."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleState,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError, RPCStatusCode

from activities.yearly_ports import LaunchYearly
from domain import ids
from domain.roadmap import Season
from domain.yearly import YearlyOrder, YearlyState
from workflows.yearly import YearlyWorkflow

HOUR: Final = 6
"""Of the organisation's own morning: before people come, and when no clock is put forward."""
CATCH_UP: Final = timedelta(days=60)
"""A server that was off on that day launches when it is on again: the cycle begins late then."""


async def keep_schedule(
    client: Client, order: YearlyOrder, season: Season, task_queue: str
) -> None:
    """Make the engine's schedule what the order says; harmless when repeated."""
    id_ = ids.yearly_order(order.order_id)
    if order.state is YearlyState.ENDED:
        await _delete(client, id_)
        return
    wanted = schedule_of(order, season, task_queue)
    try:
        await client.create_schedule(id_, wanted)
    except ScheduleAlreadyRunningError:
        await client.get_schedule_handle(id_).update(lambda known: _updated(known, wanted))


def schedule_of(order: YearlyOrder, season: Season, task_queue: str) -> Schedule:
    """Once a year, on the season's first day by the organisation's own calendar."""
    when = ScheduleCalendarSpec(
        month=(ScheduleRange(season.month),),
        day_of_month=(ScheduleRange(season.day),),
        hour=(ScheduleRange(HOUR),),
    )
    return Schedule(
        action=ScheduleActionStartWorkflow(
            YearlyWorkflow.run,
            LaunchYearly(order_id=order.order_id),
            id=ids.yearly_order(order.order_id),
            task_queue=task_queue,
        ),
        spec=ScheduleSpec(calendars=[when], time_zone_name=order.time_zone),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=CATCH_UP),
        state=ScheduleState(paused=order.state is YearlyState.PAUSED),
    )


def _updated(known: ScheduleUpdateInput, wanted: Schedule) -> ScheduleUpdate:
    state = replace(known.description.schedule.state, paused=wanted.state.paused)
    return ScheduleUpdate(replace(wanted, state=state))


async def _delete(client: Client, id_: str) -> None:
    try:
        await client.get_schedule_handle(id_).delete()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
