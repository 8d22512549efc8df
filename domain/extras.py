"""Papers of a cycle beside those of its results: a person asks for them, to change earlier ones
mostly, or a row asks for one about each organisation below (`domain.branch_papers`).
"""

from abc import abstractmethod
from collections.abc import Iterable
from datetime import datetime
from typing import Self

from domain import ids
from domain.amendments import Change, check_changes
from domain.base import Message
from domain.errors import NotFound, NotYours, RoleUnmapped, WrongState
from domain.items import Paper
from domain.messages import DocumentSettled
from domain.people import AccessRole
from domain.process import Command
from domain.routes import Route
from domain.row_changes import WithRowChanges

_OFFICE = (AccessRole.CURATOR, AccessRole.ADMINISTRATOR)


class DraftDocument(Command):
    """Draft a document apart from the rows; `inputs_id` names the row with its facts."""

    document_id: str
    kind: str
    approver: str | None = None  # the role that approves this kind, unless a route is named
    route: str | None = None  # of the roadmap
    numbered: bool = False  # a journal counts this kind
    changes: tuple[Change, ...] = ()
    inputs_id: str | None = None
    destroys: int = 0  # documents that are listed to be destroyed by it
    branches: tuple[int, ...] = ()  # one document about each of these organisations below
    person_id: str | None = None  # whose consent or withdrawal it is


def documents_asked(
    document_id: str, branches: tuple[int, ...]
) -> tuple[tuple[str, int | None], ...]:
    """The documents of one wish, each with the organisation below that it is about."""
    if not branches:
        return ((document_id, None),)
    return tuple((ids.derived_id(document_id, str(n)), n) for n in branches)


class Extra(Message):
    """A paper that was asked for, and how far it is known to be."""

    paper: Paper
    started: bool = False
    settled: bool = False
    in_force: bool = False


class WithExtras(WithRowChanges):
    """A process that works through items, and drafts what people ask for besides."""

    extras: tuple[Extra, ...] = ()

    @abstractmethod
    def turn_at(self, now: datetime) -> int:
        """The yearly turn that a paper asked for now belongs to."""

    @abstractmethod
    def _holder(self, role: str) -> str | None:
        """The person or body that has this role; None for a role in the pair or an unknown one."""

    @abstractmethod
    def _route(self, name: str) -> Route | None:
        """The route of approval that the roadmap calls so."""

    def check_can_draft(self, wish: DraftDocument) -> None:
        """Raises also what `check_changes` raises, and `RoleUnmapped` if nobody could approve."""
        if not self._works_on_items():
            raise WrongState(f"{self.workflow_id} is {self.stage_name}")
        self._check_draftable(wish)

    def _check_draftable(self, wish: DraftDocument) -> None:
        if wish.by.role not in _OFFICE:
            raise NotYours("documents apart from rows are asked for by curator or administrator")
        if wish.route is not None and self._route(wish.route) is None:
            raise NotFound(f"the roadmap has no route {wish.route}")
        if wish.approver is not None and self._holder(wish.approver) is None:
            raise RoleUnmapped(f"nobody holds the role {wish.approver}")
        papers, in_force, ended = self._papers_known()
        check_changes(wish.changes, wish.document_id, papers, in_force, ended)

    def document_asked(self, wish: DraftDocument, now: datetime) -> Self:
        """The papers will be started; they are the controller's to draft and to register."""
        state = self
        for document_id, branch in documents_asked(wish.document_id, wish.branches):
            paper = self._paper_asked(wish, document_id, now).changed(branch=branch)
            refs = {"document": document_id, "kind": wish.kind}
            if branch is not None:
                refs["branch"] = str(branch)
            if wish.person_id is not None:
                refs["person"] = wish.person_id
            extras = (*state.extras, Extra(paper=paper))
            state = state.recorded("document_asked", now, wish.by, refs=refs, extras=extras)
        return state

    def _paper_asked(self, wish: DraftDocument, document_id: str, now: datetime) -> Paper:
        return Paper(
            turn=self.turn_at(now),
            document_id=document_id,
            kind=wish.kind,
            drafter=self._controller(),
            route=self._route_for(wish),
            registrar=self._controller() if wish.numbered else None,
            changes=wish.changes,
            inputs_id=wish.inputs_id,
            destroys=wish.destroys,
            person_id=wish.person_id,
        )

    def _route_for(self, wish: DraftDocument) -> Route | None:
        if wish.route is not None:
            return self._route(wish.route)
        return Route.of(wish.approver and self._holder(wish.approver))

    def papers(self) -> Iterable[Paper]:
        """Documents that rows or people want and that nobody started yet."""
        yield from super().papers()
        yield from (extra.paper for extra in self.extras if not extra.started)

    def paper_started(self, paper: Paper) -> Self:
        if any(extra.paper.document_id == paper.document_id for extra in self.extras):
            return self._with_extra(paper.document_id, started=True)
        return super().paper_started(paper)

    def paper_settled(self, fact: DocumentSettled, now: datetime) -> Self:
        """As for items. What the paper changed is said in the log, each document by itself."""
        extra = next((e for e in self.extras if e.paper.document_id == fact.document_id), None)
        if extra is None:
            return super().paper_settled(fact, now)
        if extra.settled:
            return self
        state = self._with_extra(fact.document_id, settled=True, in_force=fact.in_force).touched()
        for change in extra.paper.changes if fact.in_force else ():
            refs = {"document": change.document_id, "by": fact.document_id, "how": change.how}
            state = state.recorded("document_changed", now, refs=refs)
        return state

    def _extras_are_settled(self, turn: int) -> bool:
        return all(extra.settled for extra in self.extras if extra.paper.turn == turn)

    def _papers_known(self) -> tuple[set[str], set[str], set[str]]:
        """The cycle's documents: all, those that came into force, those that lost it again."""
        of_rows = [result for item in self.items for result in item.results if result.document_id]
        papers = {str(result.document_id) for result in of_rows}
        in_force = {str(result.document_id) for result in of_rows if result.done}
        changing = [extra for extra in self.extras if extra.in_force]
        papers |= {extra.paper.document_id for extra in self.extras}
        in_force |= {extra.paper.document_id for extra in changing}
        made = (change for extra in changing for change in extra.paper.changes)
        ended = {change.document_id for change in made if change.how.is_final}
        return papers, in_force, ended

    def _with_extra(self, document_id: str, **fields: object) -> Self:
        return self.changed(
            extras=tuple(
                extra.changed(**fields) if extra.paper.document_id == document_id else extra
                for extra in self.extras
            )
        )
