"""The cycles below a cycle: who was invited, what each reported, what they are still to be told.

The upper side; the lower one is `domain.upper`. What comes from below may come twice, late or out
of order: it changes nothing twice. A report on which nothing waits any more is answered `late`,
so that no cycle below waits for ever.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, Literal, Self

from domain.base import Message
from domain.cycle_roadmap import WithRoadmap
from domain.errors import NotFound
from domain.items import Item
from domain.messages import BranchLeft, BranchMoved, Reminded, ReportAnswered, ReportReceived
from domain.planning import PlannedResult
from domain.process import Notice, Task
from domain.reporting import FINAL, OPEN, Standing, apart, day_of, place

REPORTS: Final = "reports"
"""The kind of proof that these answer."""

AT_ONCE: Final = 100
"""Signals to cycles below that are on their way side by side."""

_STAGES: Final = ("invited", "joined", "closed")
_MOVED: Final = {"joined": "branch_joined", "closed": "branch_closed"}


class Branch(Message):
    """An organisation below, in this cycle. `reports` by demand and yearly turn (`place`)."""

    n: int
    below_id: str
    stage: Literal["invited", "joined", "closed", "left"] = "invited"
    reports: dict[str, Standing] = {}
    note_id: str | None = None  # why it left
    untold: int = 0  # so often its cycle gave reason to tell it that it left, and was not told yet

    def has_left(self) -> bool:
        return self.stage == "left"

    def waits(self, where: str) -> bool:
        """Whether its report waits for an answer."""
        return where in self.reports and self.reports[where].status == "sent"

    def with_report(self, where: str, standing: Standing) -> "Branch":
        return self.changed(reports={**self.reports, where: standing})

    def heard(self) -> "Branch":
        """After a word from its cycle: one that speaks after it left does not know that it did."""
        return self.changed(untold=self.untold + 1) if self.has_left() else self


class Answered(Message):
    """An answer that a branch is to be told."""

    n: int
    where: str
    standing: Standing


class Missing(Message):
    """Branches that are to be reminded of a report; `kind` as of a notice."""

    key: str
    demand: str
    turn: int
    kind: str
    due: datetime | None = None
    branches: tuple[int, ...]
    invited: tuple[int, ...] = ()  # they have launched no cycle: no workflow there hears of it


class WithBranches(WithRoadmap):
    """A cycle with the cycles below it."""

    branches: tuple[Branch, ...] = ()
    reminders: tuple[str, ...] = ()  # that went below

    def branch(self, n: int) -> Branch:
        """Raises `NotFound`."""
        if not 0 < n <= len(self.branches):
            raise NotFound(f"cycle {self.cycle_id} has no branch {n}")
        return self.branches[n - 1]

    def is_asked(self, demand: str, turn: int) -> bool:
        """Whether a row of this turn still waits for reports on a demand."""
        return place(demand, turn) in self._awaited()

    def _awaited(self) -> frozenset[str]:
        """The reports that rows still wait for."""
        return frozenset(
            place(planned.demand or "", item.plan.turn)
            for item in self.items
            if not item.done
            for planned, result in item.pairs_of()
            if planned.proof == REPORTS and not result.done
        )

    def missing(self, demand: str, turn: int) -> tuple[Branch, ...]:
        """The branches of which no report is accepted or excused; not those that left."""
        where = place(demand, turn)
        return tuple(
            branch
            for branch in self.branches
            if not branch.has_left()
            and ((known := branch.reports.get(where)) is None or known.status not in FINAL)
        )

    # What follows by itself

    def advanced(self, now: datetime) -> Self:
        """Proves what all branches have reported on, and opens what waited for that."""
        state = super().advanced(now)._as_asked(now)
        while (proved := state._reports_proved(now)) is not state:
            state = super(WithBranches, proved).advanced(now)
        return state

    def _as_asked(self, now: datetime) -> Self:
        """No branch waits for what nobody answers: a row may end to apply, or a branch leave. What
        was turned away so waits again for an answer when its row is asked for after all.
        """
        awaited = self._awaited() if self.branches else frozenset()
        changed: dict[int, Branch] = {}
        late: list[tuple[int, str]] = []
        for branch in self.branches:
            for where, known in branch.reports.items():
                waits = where in awaited and not branch.has_left()
                if known.status in OPEN and not waits:
                    standing = known.changed(status="late", told=False)
                    late.append((branch.n, where))
                elif known.status == "late" and waits:
                    standing = known.changed(status="sent")
                else:
                    continue
                changed[branch.n] = changed.get(branch.n, branch).with_report(where, standing)
        state = self._with_branches(changed).touched() if changed else self
        for n, where in late:
            state = state._recorded_late(n, where, now)
        return state

    def _recorded_late(self, n: int, where: str, now: datetime) -> Self:
        branch, (demand, turn) = self.branch(n), apart(where)
        refs = {**branch_refs(branch), "demand": demand, "turn": str(turn)}
        version = branch.reports[where].version
        return self.recorded("report_came_late", now, version=version, refs=refs)

    def _reports_proved(self, now: datetime) -> Self:
        state = self
        for item, planned in self._waiting_for_reports() if self.branches else ():
            if not self.missing(planned.demand or "", item.plan.turn):
                proved = state._item(item.id).with_result(planned.id, done=True)
                refs = {"result": planned.id, "proof": REPORTS, "demand": planned.demand or ""}
                state = state.with_item(proved).recorded(
                    "result_proved", now, refs={**proved.refs(), **proved.left(), **refs}
                )
        return state

    def _waiting_for_reports(self) -> list[tuple[Item, PlannedResult]]:
        if not self._works_on_items():
            return []
        return [
            (item, planned)
            for item in self.items
            if item.open and not item.done
            for planned, _ in item.ready()
            if planned.proof == REPORTS
        ]

    def _item(self, item_id: str) -> Item:
        return next(item for item in self.items if item.id == item_id)

    def answers_to_tell(self) -> tuple[Answered, ...]:
        """What branches must hear of their reports; as many as go side by side. Who has launched
        no cycle yet hears it when there is one.
        """
        found = (
            Answered(n=branch.n, where=where, standing=standing)
            for branch in self.branches
            if branch.stage != "invited"
            for where, standing in branch.reports.items()
            if not standing.told and standing.status != "sent"
        )
        return tuple(answer for answer, _ in zip(found, range(AT_ONCE), strict=False))

    def answers_told(self, answers: Sequence[Answered]) -> Self:
        """They were told so; what was answered anew meanwhile is still to be told. What came while
        its branch was told a final answer finds its row below closed.
        """
        told: dict[int, Branch] = {}
        for answer in answers:
            branch = told.get(answer.n, self.branch(answer.n))
            known = branch.reports[answer.where]
            crossed = known.status == "sent" and answer.standing.status in FINAL
            if crossed or known == answer.standing:
                told[answer.n] = branch.with_report(answer.where, known.changed(told=True))
        return self._with_branches(told).touched()

    def leaves_to_tell(self) -> tuple[Branch, ...]:
        """Branches that left and are to be told so; as many as go side by side."""
        return tuple(branch for branch in self.branches if branch.untold)[:AT_ONCE]

    def leaves_told(self, told: Sequence[Branch]) -> Self:
        """They were told; whoever has spoken meanwhile is told again."""
        known = {one.n: self.branch(one.n) for one in told}
        rest = {
            one.n: known[one.n].changed(untold=known[one.n].untold - one.untold) for one in told
        }
        return self._with_branches(rest).touched()

    def leaves_unsaid(self) -> Self:
        """Nobody is to be told that he left."""
        return self._with_branches(
            {one.n: one.changed(untold=0) for one in self.branches if one.untold}
        )

    def leave_for(self, branch: Branch) -> BranchLeft:
        """That it left, as its cycle hears it."""
        return BranchLeft(note_id=branch.note_id, clock_offset=self.clock_offset)

    def fact_for(self, answer: Answered) -> ReportAnswered:
        """The answer as the branch's cycle hears it."""
        demand, turn = apart(answer.where)
        standing = answer.standing
        return ReportAnswered(
            demand=demand,
            turn=turn,
            version=standing.version,
            came=standing.came,
            status=standing.status,
            note_id=standing.note_id,
            clock_offset=self.clock_offset,
        )

    def to_remind(self, now: datetime) -> tuple[Missing, ...]:
        """Reminders and escalations that have fallen due and did not go below yet."""
        found: list[Missing] = []
        for item, planned in self._waiting_for_reports():
            task = self._reports_task(item, planned)
            for kind, moment in (("reminder", task.remind_at), ("escalation", task.due)):
                if moment is None or moment > now:
                    continue
                key = f"{item.id}/{planned.id}/{kind}/{day_of(task.due)}"
                if key in self.reminders:
                    continue
                demand, turn = planned.demand or "", item.plan.turn
                late: dict[str, list[int]] = {"joined": [], "invited": []}
                for branch in self.missing(demand, turn):
                    if branch.stage in late and not branch.waits(place(demand, turn)):
                        late[branch.stage].append(branch.n)
                found.append(
                    Missing(
                        key=key,
                        demand=demand,
                        turn=turn,
                        kind=kind,
                        due=task.due,
                        branches=tuple(late["joined"]),
                        invited=tuple(late["invited"]),
                    )
                )
        return tuple(found)

    def reminded_below(self, missing: Missing, now: datetime) -> Self:
        told = (*missing.branches, *missing.invited)
        if not told:
            return self.touched(reminders=(*self.reminders, missing.key))
        refs = {"demand": missing.demand, "turn": str(missing.turn), "kind": missing.kind}
        return self.recorded(
            "branches_reminded",
            now,
            refs={**refs, "branches": ",".join(map(str, sorted(told)))},
            reminders=(*self.reminders, missing.key),
        )

    def notices_for(self, missing: Missing) -> tuple[Notice, ...]:
        """For each organisation that was invited and has launched nothing yet: its own notice."""
        return tuple(
            Notice(
                key=f"{missing.key}/{n}",
                kind=missing.kind,
                task_id=f"{self.workflow_id}/branch/{n}",
                recipient=self.branch(n).below_id,
                organisation_id=self.branch(n).below_id,
            )
            for n in missing.invited
        )

    def reminder_for(self, missing: Missing) -> Reminded:
        """The reminder as the branches' cycles hear it."""
        same = missing.model_dump(include={"demand", "turn", "kind", "due"})
        return Reminded(**same, clock_offset=self.clock_offset)

    def _result_tasks(self, item: Item, planned: PlannedResult) -> Iterable[Task]:
        if planned.proof == REPORTS:
            yield self._reports_task(item, planned)
        else:
            yield from super()._result_tasks(item, planned)

    def _reports_task(self, item: Item, planned: PlannedResult) -> Task:
        """Of whoever leads the row: to answer what has come, to go after what has not."""
        demand, turn = planned.demand or "", item.plan.turn
        missing = self.missing(demand, turn)
        sent = sum(branch.waits(place(demand, turn)) for branch in missing)
        task = self._item_task(item, planned)
        counts = {"to_answer": str(sent), "missing": str(len(missing) - sent)}
        refs = {"demand": demand, "turn": str(turn), **counts}
        return task.changed(kind="gather_reports", refs={**task.refs, **refs})

    # What comes from below

    def branch_moved(self, fact: BranchMoved, now: datetime) -> Self:
        """A repeat, an earlier stage, or one that has left changes nothing."""
        if not 0 < fact.n <= len(self.branches) or fact.stage not in _MOVED:
            return self
        branch = self.branches[fact.n - 1]
        if branch.has_left():
            return self._with_branches({branch.n: branch.heard()}).touched()
        if _STAGES.index(fact.stage) <= _STAGES.index(branch.stage):
            return self
        moved = {branch.n: branch.changed(stage=fact.stage)}
        return self._with_branches(moved).recorded(
            _MOVED[fact.stage], now, refs=branch_refs(branch)
        )

    def report_received(self, fact: ReportReceived, now: datetime) -> Self:
        """A version that is known, or an earlier one, changes nothing."""
        if not 0 < fact.n <= len(self.branches):
            return self
        # Its first word may come after this one.
        state = self.branch_moved(BranchMoved(n=fact.n, stage="joined"), now)
        branch, where = state.branch(fact.n), place(fact.demand, fact.turn)
        known = branch.reports.get(where)
        if known is not None and fact.version <= known.version:
            return state
        standing = Standing(version=fact.version, came=fact.version, status="sent")
        if branch.has_left() or not self.is_asked(fact.demand, fact.turn):
            late = branch.with_report(where, standing.changed(status="late"))
            return state._with_branches({branch.n: late})._recorded_late(branch.n, where, now)
        checked = self._is_checked(fact.demand)
        standing = standing.changed(
            status="sent" if checked else "accepted",
            told=checked and known is not None and known.told and known.status in FINAL,
        )
        refs = {**branch_refs(branch), "demand": fact.demand, "turn": str(fact.turn)}
        state = state._with_branches({branch.n: branch.with_report(where, standing)})
        state = state.recorded("report_received", now, version=fact.version, refs=refs)
        if checked:
            return state
        accepted = state.recorded("report_accepted", now, version=fact.version, refs=refs)
        return accepted.advanced(now)

    def _is_checked(self, demand: str) -> bool:
        """Whether somebody answers the reports on this demand."""
        return all(
            planned.checked
            for item in self.items
            for planned in item.plan.results
            if planned.demand == demand and planned.proof == REPORTS
        )

    def _with_branches(self, changed: dict[int, Branch]) -> Self:
        return self.changed(branches=tuple(changed.get(one.n, one) for one in self.branches))


def branch_refs(branch: Branch) -> dict[str, str]:
    """Whose number that is, the event of its invitation says: 300 events are saved at once."""
    return {"branch": str(branch.n)}
