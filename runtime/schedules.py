"""What the service does by the clock: the one table of schedules, and how the engine learns it.

The engine starts the workflows, whichever workers there are; a run that is missed because the
engine was down is made up for within the catch-up window, and none begins while another of the same
schedule goes on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

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
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from activities.sweeping import SWEPT_EVERY, Sweep
from activities.verification_ports import VerifyFiles
from activities.yearly_ports import FindRoadmap
from domain import ids
from domain.base import Message
from domain.yearly import YearlyOrder
from runtime.settings import Settings
from workflows.sweeping import SweepWorkflow
from workflows.verification import VerificationWorkflow
from workflows.yearly_schedules import keep_schedule

NIGHTLY_JITTER: Final = timedelta(minutes=30)
NIGHTLY_CATCH_UP: Final = timedelta(hours=20)
"""A server that was off in the night does the night's work when it is on again, once."""


SWEEP_MINUTES: Final = SWEPT_EVERY // timedelta(minutes=1)


@dataclass(frozen=True)
class Scheduled:
    """A workflow that begins by the clock (UTC). Its ids are the schedule's with the time."""

    id: str
    workflow: Any  # a workflow class: the engine's library knows no common type of them
    task: Message  # with defaults only: what is kept of it is not compared
    when: ScheduleCalendarSpec
    jitter: timedelta
    catch_up: timedelta


def table(settings: Settings) -> tuple[Scheduled, ...]:
    """All schedules there are."""
    return (
        Scheduled(
            id=ids.VERIFICATION_SCHEDULE,
            workflow=VerificationWorkflow,
            task=VerifyFiles(),
            when=ScheduleCalendarSpec(hour=(ScheduleRange(settings.night.hour),)),
            jitter=NIGHTLY_JITTER,
            catch_up=NIGHTLY_CATCH_UP,
        ),
        Scheduled(
            id=ids.SWEEP_SCHEDULE,
            workflow=SweepWorkflow,
            task=Sweep(),
            when=ScheduleCalendarSpec(
                hour=(ScheduleRange(0, 23),), minute=(ScheduleRange(0, 59, SWEEP_MINUTES),)
            ),
            jitter=timedelta(0),
            catch_up=SWEPT_EVERY,
        ),
    )


async def ensure_schedules(client: Client, settings: Settings) -> None:
    """Make the engine's schedules those of the table.

    May be called at any time and by several processes at once. A schedule that an operator paused
    stays paused.
    """
    for one in table(settings):
        wanted = _schedule(one, settings.temporal.task_queue)
        try:
            await client.create_schedule(one.id, wanted)
        except ScheduleAlreadyRunningError:
            await _bring_up_to_date(client, one.id, wanted)


async def ensure_yearly(
    client: Client,
    orders: Iterable[YearlyOrder],
    find: FindRoadmap,
    task_queue: str,
) -> None:
    """Make the engine know each standing order that holds: it may have lost them, or never known.

    What a roadmap's season has become since counts from now on; an order of a roadmap that is gone
    stays as the engine has it, and its launch will be refused by name.
    """
    for order in orders:
        if roadmap := find(order.roadmap_name):
            await keep_schedule(client, order, roadmap.season, task_queue)


async def _bring_up_to_date(client: Client, id_: str, wanted: Schedule) -> None:
    def changed(known: ScheduleUpdateInput) -> ScheduleUpdate | None:
        if _is_same(known.description.schedule, wanted):
            return None
        return ScheduleUpdate(replace(wanted, state=known.description.schedule.state))

    await client.get_schedule_handle(id_).update(changed)


def _schedule(one: Scheduled, task_queue: str) -> Schedule:
    return Schedule(
        action=ScheduleActionStartWorkflow(
            one.workflow.run, one.task, id=one.id, task_queue=task_queue
        ),
        spec=ScheduleSpec(calendars=[one.when], jitter=one.jitter),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=one.catch_up),
    )


def _is_same(known: Schedule, wanted: Schedule) -> bool:
    return _said(known) == _said(wanted)


def _said(schedule: Schedule) -> tuple[object, ...]:
    """What can be compared: arguments come back encrypted."""
    action = schedule.action
    if not isinstance(action, ScheduleActionStartWorkflow):
        return ()
    spec, policy = schedule.spec, schedule.policy
    started = (action.workflow, action.id, action.task_queue)
    return (
        *started,
        list(spec.calendars),
        spec.jitter or None,
        policy.overlap,
        policy.catchup_window,
    )
