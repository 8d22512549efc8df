"""The pair's workflow: consents, papers of the law, order, plan, meetings, monitoring, end."""

from collections.abc import Sequence

from temporalio import workflow

from activities.records import RecordActivities
from activities.tasks import FindPackage
from domain import ids
from domain.meetings import RecordMeeting, RecordMonitoring
from domain.messages import DocumentSettled, OrderInForce, PairMoved, Withdraw
from domain.pair import PairState, Stop
from domain.pair_road import Act, PairMove
from domain.process import Answer, Retry
from domain.roadmap import ConsentsStage

# The shell is reloaded into the sandbox as each workflow's own module is; no host module passes.
with workflow.unsafe.sandbox_import_notification_policy(
    workflow.SandboxImportNotificationPolicy.SILENT
):
    from workflows.policies import RECORD
    from workflows.process import DOCUMENT, ClockMoved
    from workflows.rows import RowShell


@workflow.defn
class PairWorkflow(RowShell[PairState, PairMove]):
    @workflow.init
    def __init__(self, state: PairState) -> None:
        self._start(state)

    @workflow.run
    async def run(self, state: PairState) -> PairState:
        del state  # taken by __init__, before any message could arrive
        return await self._live()

    def _next_moves(self) -> Sequence[PairMove]:
        return self._state.next_moves(self._now())

    async def _do(self, move: PairMove) -> None:
        match move.act:
            case Act.FIND_PACKAGE:
                await self._find_package()
            case Act.START_DOCUMENT:
                await self._start_child(DOCUMENT, self._state.document(move, self._now()))
                self._state = self._state.document_started(move)
            case Act.WITHDRAW:
                fact = Withdraw(at=self._now(), clock_offset=self._state.clock_offset)
                await self._tell(ids.document_workflow(move.subject), "withdrawn", fact)
                self._state = self._state.withdrawal_told(move)
            case Act.REPORT:
                await self._report(move)

    async def _find_package(self) -> None:
        state, stage = self._state, self._state.stage
        if stage is None or not isinstance(stage.needs, ConsentsStage):
            raise RuntimeError("the package is found at the stage that asks for consents")
        found = await self._call(
            RecordActivities.find_package,
            FindPackage(
                organisation_id=state.organisation_id,
                cycle_id=state.cycle_id,
                mentor_id=state.mentor_id,
                mentee_id=state.mentee_id,
                form=state.form,
                day=self._now().date(),
            ),
            RECORD,
        )
        self._state = self._state.package_found(found.consents, found.papers, self._now())

    async def _report(self, move: PairMove) -> None:
        if self._state.parent is not None:
            fact = PairMoved(
                pair_id=self._state.pair_id,
                stage=move.subject,
                clock_offset=self._state.clock_offset,
            )
            await self._tell(self._state.parent, "pair_moved", fact)
        self._state = self._state.reported(move.subject)

    @workflow.update
    async def record_meeting(self, wish: RecordMeeting) -> Answer:
        return await self._accept(wish, PairState.meeting_recorded)

    @record_meeting.validator
    def _check_record_meeting(self, wish: RecordMeeting) -> None:
        today = self._now_for(wish).date()
        self._check(wish, lambda meeting: self._state.check_can_record_meeting(meeting, today))

    @workflow.update
    async def record_monitoring(self, wish: RecordMonitoring) -> Answer:
        return await self._accept(wish, PairState.monitoring_recorded)

    @record_monitoring.validator
    def _check_record_monitoring(self, wish: RecordMonitoring) -> None:
        self._check(wish, self._state.check_can_record_monitoring)

    @workflow.update
    async def stop(self, wish: Stop) -> Answer:
        return await self._accept(wish, PairState.stopped_early)

    @stop.validator
    def _check_stop(self, wish: Stop) -> None:
        self._check(wish, self._state.check_can_stop)

    @workflow.update
    async def retry(self, wish: Retry) -> Answer:
        return await self._accept(wish, PairState.retried)

    @retry.validator
    def _check_retry(self, wish: Retry) -> None:
        self._check(wish, self._state.check_can_retry)

    @workflow.update
    async def move_clock(self, wish: ClockMoved) -> Answer:
        return await self._settle_clock(wish)

    @workflow.signal
    async def document_settled(self, fact: DocumentSettled) -> None:
        await self._after_start_of(ids.document_workflow(fact.document_id))
        now = self._heard(fact)
        self._state = self._state.document_settled(fact, now)

    @workflow.signal
    def order_in_force(self, fact: OrderInForce) -> None:
        now = self._heard(fact)
        self._state = self._state.order_came(fact, now)

    @workflow.query
    def state(self) -> PairState:
        return self._state
