"""Papers that a row asks for about each organisation below: one about each that has not left.

They stand among the papers beside the rows (`domain.extras`): the cycle starts and awaits them as
it does what people ask for.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from domain import ids
from domain.branches import Branch, WithBranches
from domain.extras import Extra
from domain.items import Item, Paper, ResultState
from domain.messages import DocumentSettled
from domain.planning import PlannedResult
from domain.process import Task


class WithBranchPapers(WithBranches):
    """A cycle with the papers about the cycles below it."""

    def here(self) -> tuple[Branch, ...]:
        """The branches that have not left."""
        return tuple(branch for branch in self.branches if not branch.has_left())

    def _organisations_below(self) -> int:
        return len(self.here())

    def lacking(self, item: Item, planned: PlannedResult) -> tuple[Branch, ...]:
        """Those of `here` about which no such paper came into force in the row's yearly turn,
        whoever asked for it.
        """
        known = {one.paper.branch for one in self._such(item, planned) if one.in_force}
        return tuple(branch for branch in self.here() if branch.n not in known)

    def advanced(self, now: datetime) -> Self:
        """Begins a paper about each branch that lacks one, and proves what is there about all."""
        state = super().advanced(now)._papers_begun()
        while (proved := state._papers_proved(now)) is not state:
            state = super(WithBranchPapers, proved).advanced(now)._papers_begun()
        return state

    def _papers_begun(self) -> Self:
        new = tuple(
            Extra(paper=paper)
            for item, planned, result in self._about_each()
            for paper in self._missing_papers(item, planned, result)
        )
        return self.touched(extras=(*self.extras, *new)) if new else self

    def _missing_papers(
        self, item: Item, planned: PlannedResult, result: ResultState
    ) -> Iterable[Paper]:
        """About whom none is on its way. What was withdrawn waits until somebody says that there
        shall be another.
        """
        before = [paper.branch for paper in self._own(item, planned)]
        for branch in self._unmade(item, planned):
            if branch.n in before and result.awaits_draft():
                continue
            number = before.count(branch.n) + 1
            yield Paper(
                item=item.id,
                step=item.plan.step,
                turn=item.plan.turn,
                result=planned.id,
                document_id=ids.derived_id(
                    self.workflow_id, item.id, planned.id, str(branch.n), str(number)
                ),
                kind=planned.document or "",
                drafter=planned.drafter or item.plan.lead,
                route=planned.route,
                registrar=planned.registrar,
                branch=branch.n,
            )

    def _papers_proved(self, now: datetime) -> Self:
        state = self
        for item, planned, _ in self._about_each() if self.branches else ():
            if not self.lacking(item, planned):
                proved = state._item(item.id).with_result(planned.id, done=True)
                refs = {"result": planned.id, "proof": planned.proof}
                state = state.with_item(proved).recorded(
                    "result_proved", now, refs={**proved.refs(), **proved.left(), **refs}
                )
        return state

    def _about_each(self) -> list[tuple[Item, PlannedResult, ResultState]]:
        """The open results that are proved so."""
        if not self._works_on_items():
            return []
        return [
            (item, planned, result)
            for item in self.items
            if item.open and not item.done
            for planned, result in item.ready()
            if planned.for_each is not None
        ]

    def _unmade(self, item: Item, planned: PlannedResult) -> Iterable[Branch]:
        """Those of `lacking` about which none is on its way."""
        going = {one.paper.branch for one in self._such(item, planned) if not one.settled}
        return (branch for branch in self.lacking(item, planned) if branch.n not in going)

    def _own(self, item: Item, planned: PlannedResult) -> list[Paper]:
        """The papers that the row itself has begun."""
        own = (item.id, planned.id)
        such = (one.paper for one in self._such(item, planned))
        return [paper for paper in such if (paper.item, paper.result) == own]

    def _such(self, item: Item, planned: PlannedResult) -> list[Extra]:
        """The papers about organisations that the result may count."""
        asked = (planned.document, item.plan.turn)
        return [
            one
            for one in self.extras
            if one.paper.branch is not None and (one.paper.kind, one.paper.turn) == asked
        ]

    def paper_settled(self, fact: DocumentSettled, now: datetime) -> Self:
        """As for papers beside the rows. If one is withdrawn that a row needs, somebody is asked
        whether there is to be another.
        """
        state = super().paper_settled(fact, now)
        if fact.in_force or state is self:
            return state
        for item, planned, result in self._about_each():
            lacking = {branch.n for branch in self.lacking(item, planned)}
            if any(
                paper.document_id == fact.document_id and paper.branch in lacking
                for paper in self._own(item, planned)
            ):
                dropped = (*result.dropped, fact.document_id)
                left = state._item(item.id).with_result(planned.id, dropped=dropped)
                state = state.with_item(left)
        return state

    def _result_tasks(self, item: Item, planned: PlannedResult) -> Iterable[Task]:
        """Nobody is asked for another document about who left after one was withdrawn."""
        if planned.for_each is not None:
            before = {paper.branch for paper in self._own(item, planned)}
            if not any(branch.n in before for branch in self._unmade(item, planned)):
                return
        yield from super()._result_tasks(item, planned)

    def documents_at_work(self, item: Item) -> tuple[str, ...]:
        """As for items, and what was begun about organisations below."""
        begun = (
            one.paper.document_id
            for one in self.extras
            if one.paper.item == item.id and not one.settled
        )
        return tuple(dict.fromkeys((*super().documents_at_work(item), *begun)))
