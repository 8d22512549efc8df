"""What people may do about the cycles below: invite, answer, enter, excuse, let go."""

from datetime import datetime
from typing import Annotated, Final, Self

from pydantic import Field

from domain.branch_papers import WithBranchPapers
from domain.branches import Branch, branch_refs
from domain.errors import NotYours, RemarkMissing, StaleVersion, WrongState
from domain.extras import DraftDocument
from domain.people import AccessRole
from domain.process import Command
from domain.reporting import Standing, place

MOST: Final = 500
"""Branches that one wish may name."""

_OFFICE = (AccessRole.CURATOR, AccessRole.ADMINISTRATOR)
_ANSWERED: Final = {
    "accepted": "report_accepted",
    "returned": "report_returned",
}

Numbers = Annotated[tuple[int, ...], Field(min_length=1, max_length=MOST)]
Ids = Annotated[tuple[str, ...], Field(min_length=1, max_length=MOST)]


class Invite(Command):
    """Invite the cycles of these organisations; one that is there already stays as it is."""

    below_ids: Ids


class AnswerReports(Command):
    """Accept the reports of these branches, or return them with a remark; all or none."""

    demand: str
    turn: int = 1
    branches: Numbers
    accepted: bool


class EnterReport(Command):
    """The figures of a branch were entered here in its place, as this version; they count."""

    n: int
    demand: str
    turn: int = 1
    version: int


class Excuse(Command):
    """A branch need not report on a demand."""

    n: int
    demand: str
    turn: int = 1


class ReleaseBranch(Command):
    """An organisation leaves the cycle; nothing is waited for from it any more."""

    n: int


class WithAnswers(WithBranchPapers):
    """A cycle with the cycles below it, and with whoever answers them."""

    def check_can_draft(self, wish: DraftDocument) -> None:
        """As for any paper; `NotFound` or `WrongState` if it is about who is not here any more."""
        super().check_can_draft(wish)
        for n in wish.branches:
            if self.branch(n).has_left():
                raise WrongState(f"branch {n} has left")

    def check_can_invite(self, wish: Invite) -> None:
        self._check_office(wish)
        if self._plan().below is None:
            raise WrongState(f"the roadmap of cycle {self.cycle_id} has no level below")
        if self.organisation_id in wish.below_ids:
            raise WrongState("an organisation is not below itself")

    def branches_invited(self, wish: Invite, now: datetime) -> Self:
        there = {branch.below_id for branch in self.branches if not branch.has_left()}
        state = self
        for below_id in dict.fromkeys(wish.below_ids):
            if below_id not in there:
                branch = Branch(n=len(state.branches) + 1, below_id=below_id)
                state = state.recorded(
                    "branch_invited",
                    now,
                    wish.by,
                    refs={**branch_refs(branch), "organisation": below_id},
                    branches=(*state.branches, branch),
                )
        return state

    def check_can_answer(self, wish: AnswerReports) -> None:
        where = place(wish.demand, wish.turn)
        self._check_works()
        if not self._may_answer(wish, wish.demand, wish.turn):
            raise NotYours(f"reports on {wish.demand} are answered by another")
        if not wish.accepted and wish.note_id is None:
            raise RemarkMissing("a report is returned with words that say why")
        for n in wish.branches:
            if not self.branch(n).waits(where):
                raise WrongState(f"branch {n} has no report {where} that waits for an answer")
            if not wish.accepted and self.branch(n).reports[where].told:
                raise WrongState(f"branch {n} cannot correct {where}: its row is closed")

    def _may_answer(self, wish: Command, demand: str, turn: int) -> bool:
        leads = [
            lead
            for item in self.items
            if item.plan.turn == turn and any(one.demand == demand for one in item.plan.results)
            for lead in (item.plan.lead, *item.plan.others)
        ]
        return wish.by.role in _OFFICE or wish.by.is_one_of(*leads)

    def reports_answered(self, wish: AnswerReports, now: datetime) -> Self:
        where = place(wish.demand, wish.turn)
        status = "accepted" if wish.accepted else "returned"
        fields = {"status": status, "told": False, "note_id": wish.note_id}
        known = {n: self.branch(n) for n in wish.branches}
        answered = {
            n: branch.with_report(where, branch.reports[where].changed(**fields))
            for n, branch in known.items()
        }
        state = self._with_branches(answered)
        for branch in known.values():
            state = state._report_event(_ANSWERED[status], branch, wish, now)
        return state.advanced(now)

    def _report_event(
        self, action: str, branch: Branch, wish: AnswerReports | EnterReport | Excuse, now: datetime
    ) -> Self:
        where = place(wish.demand, wish.turn)
        version = self.branch(branch.n).reports[where].version
        refs = {**branch_refs(branch), "demand": wish.demand, "turn": str(wish.turn)}
        return self.recorded(
            action, now, wish.by, version=version or None, note_id=wish.note_id, refs=refs
        )

    def check_can_enter(self, wish: EnterReport) -> None:
        """Raises `StaleVersion` if figures of this or a later version are known."""
        self._check_office(wish)
        known = self._open_report(wish)
        if known is not None and wish.version <= known.version:
            raise StaleVersion(f"branch {wish.n} has version {known.version} of this report")

    def report_entered(self, wish: EnterReport, now: datetime) -> Self:
        standing = Standing(version=wish.version, status="accepted", note_id=wish.note_id)
        return self._settled("report_entered", standing, wish, now)

    def check_can_excuse(self, wish: Excuse) -> None:
        self._check_office(wish)
        if wish.note_id is None:
            raise RemarkMissing("a report is excused with words that say why")
        known = self._open_report(wish)
        if known is not None and known.status in ("accepted", "excused"):
            raise WrongState(f"the report of branch {wish.n} is {known.status}")

    def report_excused(self, wish: Excuse, now: datetime) -> Self:
        standing = Standing(status="excused", note_id=wish.note_id)
        return self._settled("report_excused", standing, wish, now)

    def _open_report(self, wish: EnterReport | Excuse) -> Standing | None:
        branch = self.branch(wish.n)
        if branch.has_left():
            raise WrongState(f"branch {wish.n} has left")
        if not self.is_asked(wish.demand, wish.turn):
            raise WrongState(f"nobody waits for {place(wish.demand, wish.turn)} any more")
        return branch.reports.get(place(wish.demand, wish.turn))

    def _settled(
        self, action: str, standing: Standing, wish: EnterReport | Excuse, now: datetime
    ) -> Self:
        branch, where = self.branch(wish.n), place(wish.demand, wish.turn)
        if (known := branch.reports.get(where)) is not None:
            version = standing.version or known.version
            standing = standing.changed(version=version, came=known.came)
        reported = branch.with_report(where, standing)
        state = self._with_branches({branch.n: reported})
        return state._report_event(action, branch, wish, now).advanced(now)

    def check_can_release(self, wish: ReleaseBranch) -> None:
        self._check_office(wish)
        if wish.note_id is None:
            raise RemarkMissing("an organisation leaves with words that say why")
        if self.branch(wish.n).has_left():
            raise WrongState(f"branch {wish.n} has left")

    def branch_released(self, wish: ReleaseBranch, now: datetime) -> Self:
        """What it has sent is answered, and its cycle, if there is one, is told: it goes on alone
        and waits for nobody.
        """
        branch = self.branch(wish.n)
        runs = branch.stage == "joined"
        gone = branch.changed(stage="left", note_id=wish.note_id, untold=int(runs))
        left = {branch.n: gone}
        state = self._with_branches(left).recorded(
            "branch_left", now, wish.by, note_id=wish.note_id, refs=branch_refs(branch)
        )
        return state.advanced(now)

    def _check_office(self, wish: Command) -> None:
        if wish.by.role not in _OFFICE:
            raise NotYours("the level below is the curator's or the administrator's")
        self._check_works()

    def _check_works(self) -> None:
        if not self._works_on_items():
            raise WrongState(f"cycle {self.cycle_id} is {self.stage_name}")
