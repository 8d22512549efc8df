"""The cycle above a cycle: what is reported there, and what comes back from it.

The lower side; the upper one is `domain.branches`. Neither is the other's Temporal child: each is
launched by its own organisation, and knows the other by a derived id (`ids.branch_cycle`).
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final, Literal, Self

from domain.base import Message
from domain.branch_wishes import WithAnswers
from domain.errors import NotFound, NotYours, WrongState
from domain.evidence import RecordResult
from domain.items import Item
from domain.messages import BranchLeft, BranchMoved, Reminded, ReportAnswered, ReportReceived
from domain.people import AccessRole
from domain.planning import PlannedResult
from domain.process import Command, Notice, Task
from domain.reporting import FINAL, Standing, Status, apart, day_of, place

REPORT: Final = "report"
"""The kind of proof that goes up."""

_OFFICE = (AccessRole.CURATOR, AccessRole.ADMINISTRATOR)
_HEARD: Final = {
    "accepted": "report_accepted",
    "returned": "report_returned",
    "excused": "report_excused",
    "late": "sent_after_closing",
}


class Upper(Message):
    """The cycle above, and as which branch of it this one runs.

    `adapt`: what of the roadmap may be changed here (deadlines, leads, rows). `turn`: the yearly
    turn of the upper cycle at which the first one of this cycle stands. `left`: this one left it;
    nothing goes up any more, nothing binds, and reports are as where there is no superior.
    """

    cycle_id: str
    n: int
    adapt: tuple[str, ...] = ()
    turn: int = 1
    left: bool = False


class Filing(Message):
    """A report that is to be counted and sent up: `turn` is ours, `upper_turn` that of above."""

    demand: str
    turn: int
    upper_turn: int
    above: int = 0  # the version that was returned, if one was

    @property
    def where(self) -> str:
        return place(self.demand, self.upper_turn)


class SendReport(Command):
    """Count a returned report anew, after it was corrected, and send it again."""

    item: str
    result: str


class WithUpper(WithAnswers):
    """A cycle with the cycle above it, if there is one."""

    upper: Upper | None = None
    told_upper: str = ""  # the stage that the upper cycle was told
    reports: dict[str, Standing] = {}  # by demand and turn of the upper cycle
    reminded_of: tuple[str, ...] = ()

    @property
    def above(self) -> Upper | None:
        """The cycle above that asks and binds; None too if this one left it."""
        return None if self.upper is None or self.upper.left else self.upper

    # What follows by itself

    def advanced(self, now: datetime) -> Self:
        """Closes the results whose reports are accepted, and opens what waited for that."""
        state = super().advanced(now)
        while (proved := state._report_proved(now)) is not state:
            state = super(WithUpper, proved).advanced(now)
        return state

    def _report_proved(self, now: datetime) -> Self:
        for item, planned in self._reporting():
            where = self._where(item, planned)
            known = self.reports.get(where)
            if known is not None and known.status in FINAL:
                proved = item.with_result(planned.id, done=True)
                refs = {"result": planned.id, "proof": REPORT, "demand": planned.demand or ""}
                return self.with_item(proved).recorded(
                    "result_proved", now, refs={**proved.refs(), **proved.left(), **refs}
                )
        return self

    def _reporting(self) -> list[tuple[Item, PlannedResult]]:
        """The results that wait for a report to be sent or answered."""
        if self.upper is None or not self._works_on_items():
            return []
        return [
            (item, planned)
            for item in self.items
            if item.open and not item.done
            for planned, _ in item.ready()
            if planned.proof == REPORT
        ]

    def to_file(self) -> tuple[Filing, ...]:
        """Reports that are ready and not sent, or are to be sent again."""
        found: dict[str, Filing] = {}
        for item, planned in self._reporting() if self.above else ():
            known = self.reports.get(self._where(item, planned))
            if known is None or known.status == "again":
                filing = Filing(
                    demand=planned.demand or "",
                    turn=item.plan.turn,
                    upper_turn=self._upper_turn(item),
                    above=known.version if known else 0,
                )
                found[filing.where] = filing
        return tuple(found.values())

    def _adaptable(self) -> tuple[str, ...] | None:
        return self.above.adapt if self.above else None

    def _upper_turn(self, item: Item) -> int:
        return item.plan.turn + (self.upper.turn - 1 if self.upper else 0)

    def _where(self, item: Item, planned: PlannedResult) -> str:
        return place(planned.demand or "", self._upper_turn(item))

    def sent_as(self, where: str, version: int | None = None) -> ReportReceived:
        """A report as the upper cycle hears of it; of the version that is known if none is said."""
        demand, turn = apart(where)
        return ReportReceived(
            n=self.upper.n if self.upper else 0,
            demand=demand,
            turn=turn,
            version=version or self.reports[where].version,
            clock_offset=self.clock_offset,
        )

    def report_sent(self, filing: Filing, version: int, now: datetime, *, heard: bool) -> Self:
        """The report went up. Nobody may have `heard` it, as the upper cycle has closed, or this
        one may have left meanwhile: the row of figures stays, and the result closes. The answer may
        be here already.
        """
        state = self._went_up(filing.where, version, now)
        known = state.reports[filing.where]
        if (heard and self.above) or known.status in FINAL:
            return state.advanced(now)
        return state._answered(filing.where, known.changed(status="late"), now)

    def _went_up(self, where: str, version: int, now: datetime) -> Self:
        """Says it once of each version; its answer may say so first, as the word of it may be lost
        with Temporal's data.
        """
        known = self.reports.get(where)
        if known is not None and known.came >= version:
            return self
        if known is None or known.version < version:
            known = Standing(version=version, status="sent")
        demand, turn = apart(where)
        return self.recorded(
            "report_sent",
            now,
            version=version,
            refs={"demand": demand, "turn": str(turn)},
            reports={**self.reports, where: known.changed(came=version)},
        )

    def stage_to_tell(self) -> Literal["joined", "closed"] | None:
        """What the upper cycle does not know yet of this one."""
        if self.above is None or self.plan is None:
            return None
        stage: Literal["joined", "closed"] = "closed" if self.closed else "joined"
        return None if self.told_upper == stage else stage

    def moved_for(self, stage: str) -> BranchMoved:
        """The stage as the upper cycle hears it."""
        n = self.upper.n if self.upper else 0
        return BranchMoved(n=n, stage=stage, clock_offset=self.clock_offset)

    def upper_told(self, stage: str) -> Self:
        return self.touched(told_upper=stage)

    # What comes from above

    def report_answered(self, fact: ReportAnswered, now: datetime) -> Self:
        """An answer to an earlier version, or a repeat, changes nothing."""
        where = place(fact.demand, fact.turn)
        known = self.reports.get(where)
        if self.upper is None or fact.status not in _HEARD or not _is_new(known, fact):
            return self
        state = self._went_up(where, fact.came, now) if fact.came else self
        known = state.reports.get(where) or Standing(status="sent")
        standing = known.changed(
            version=max(fact.version, known.version), status=fact.status, note_id=fact.note_id
        )
        return state._answered(where, standing, now)

    def branch_left(self, fact: BranchLeft, now: datetime) -> Self:
        """This one left the cycle above. What had gone up counts as sent, and nobody answers it;
        what had not is proved by hand as where there is no superior, or marked as not applicable.
        A repeat changes nothing.
        """
        upper = self.above
        if upper is None:
            return self
        reports = {
            where: known if known.status in FINAL else known.changed(status="late")
            for where, known in self.reports.items()
        }
        state = self.recorded(
            "left_upper",
            now,
            note_id=fact.note_id,
            upper=upper.changed(left=True),
            reports=reports,
        )
        return state.advanced(now)

    def _answered(self, where: str, standing: Standing, now: datetime) -> Self:
        demand, turn = apart(where)
        state = self.recorded(
            _HEARD[standing.status],
            now,
            version=standing.version or None,
            refs={"demand": demand, "turn": str(turn)},
            reports={**self.reports, where: standing},
        )
        return state.advanced(now)

    def reminded(self, fact: Reminded, now: datetime) -> Self:
        """Lead and curator are told once of each reminder, as long as the report is missing; of a
        deadline that was moved they are reminded anew.
        """
        del now
        where = place(fact.demand, fact.turn)
        what = f"{fact.kind}/{day_of(fact.due)}"
        key = f"{where}/{what}"
        known = self.reports.get(where)
        if key in self.reminded_of or (known is not None and known.status != "returned"):
            return self
        item, planned = next(
            (
                (item, planned)
                for item in self.items
                for planned in item.plan.results
                if planned.proof == REPORT and self._where(item, planned) == where
            ),
            (None, None),
        )
        if self.above is None or item is None or planned is None:
            return self
        task_id = f"{self.workflow_id}/{item.id}/{planned.id}"
        people = dict.fromkeys((item.plan.lead, self._controller()))
        news = tuple(
            Notice(
                key=f"{task_id}/above/{what}/{person}",
                kind=fact.kind,
                task_id=task_id,
                recipient=person,
            )
            for person in people
        )
        return self.touched(news=(*self.news, *news), reminded_of=(*self.reminded_of, key))

    # What people may do

    def _result_tasks(self, item: Item, planned: PlannedResult) -> Iterable[Task]:
        """A report goes up by itself; a person is asked only when it was returned."""
        if planned.proof != REPORT or self.above is None:
            yield from super()._result_tasks(item, planned)
            return
        known = self.reports.get(self._where(item, planned))
        if known is not None and known.status == "returned":
            task = self._item_task(item, planned)
            refs = {"demand": planned.demand or "", "version": str(known.version)}
            note = {"note": known.note_id} if known.note_id else {}
            yield task.changed(
                id=f"{task.id}/{known.version}",
                kind="correct_report",
                refs={**task.refs, **refs, **note},
            )

    def check_can_record(self, wish: RecordResult, today: date) -> None:
        """As for items; a report to an upper cycle goes by itself."""
        super().check_can_record(wish, today)
        if self.above is not None and wish.evidence.proof == REPORT:
            raise WrongState(f"the report {wish.result} goes to the upper cycle by itself")

    def check_can_send_report(self, wish: SendReport) -> None:
        if not self._works_on_items():
            raise WrongState(f"{self.workflow_id} is {self.stage_name}")
        item, planned = self._report_of(wish)
        leads = (item.plan.lead, *item.plan.others)
        if wish.by.role not in _OFFICE and not wish.by.is_one_of(*leads):
            raise NotYours(f"item {item.id} is done by another")
        known = self.reports.get(self._where(item, planned))
        if known is None or known.status != "returned":
            raise WrongState(f"the report {wish.result} of item {item.id} was not returned")

    def report_corrected(self, wish: SendReport, now: datetime) -> Self:
        item, planned = self._report_of(wish)
        where = self._where(item, planned)
        again: Status = "again"
        refs = {**item.refs(), "result": planned.id, "demand": planned.demand or ""}
        standing = self.reports[where].changed(status=again, note_id=None)
        return self.recorded(
            "report_corrected",
            now,
            wish.by,
            note_id=wish.note_id,
            refs=refs,
            reports={**self.reports, where: standing},
        )

    def _report_of(self, wish: SendReport) -> tuple[Item, PlannedResult]:
        for item, planned in self._reporting():
            if (item.id, planned.id) == (wish.item, wish.result):
                return item, planned
        raise NotFound(f"{self.workflow_id} waits for no report {wish.result} of item {wish.item}")


def _is_new(known: Standing | None, fact: ReportAnswered) -> bool:
    if known is None:
        return True
    if known.status in FINAL:
        return False
    if fact.status == "excused":
        return True
    answered = known.status in ("returned", "again") and known.version == fact.version
    return fact.version >= known.version and not (answered and fact.status == "returned")
