"""The road of a pair: consents, papers of the law, order, plan, meetings, monitoring, end.

The stages are data (`Track`). The first is always consents: until they are in force nothing
else may be asked, made or recorded. Which documents the law asks for is found out then.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, Self

from domain import ids
from domain.approval import Approval
from domain.base import Message
from domain.consents import ConsentNeed, PaperNeed
from domain.documents import DocumentState
from domain.items import Paper
from domain.meetings import Meeting, MonitoringForm, missing_kinds
from domain.messages import DocumentSettled, OrderInForce
from domain.people import Form
from domain.process import Task, Terms
from domain.roadmap import (
    ConsentsStage,
    MeetingsStage,
    MonitoringStage,
    OrderStage,
    PackageStage,
    PaperStage,
    TrackStage,
)
from domain.routes import Route
from domain.row_changes import WithRowChanges

COMPLETED = "completed"
ROWS = "rows"
"""The track is done, rows of the roadmap are still open."""
STOPPED = "stopped"


class Act(StrEnum):
    FIND_PACKAGE = "find_package"
    START_DOCUMENT = "start_document"
    WITHDRAW = "withdraw"
    REPORT = "report"


class PairMove(Message):
    """What the pair's workflow does next by itself."""

    act: Act
    subject: str = ""  # the document's id; for a report, the stage
    kind: str = ""
    person_id: str | None = None
    paper: Paper | None = None  # for a document of a row

    @property
    def key(self) -> str:
        return f"{self.act}/{self.subject}"


class PairRoad(WithRowChanges):
    """What a pair is, what follows by itself, and what it waits for."""

    process: Literal["pair"] = "pair"
    pair_id: str
    mentor_id: str
    mentee_id: str
    form: Form
    role_model: str | None = None
    mentor_type: str | None = None
    novice: bool = False
    turn: int = 1
    curator: str
    lead: str
    holders: dict[str, str] = {}  # role → person or body, for the documents of the track
    routes: dict[str, Route] = {}  # of approval, by name
    track: tuple[TrackStage, ...]
    terms: Terms = Terms()
    adapt: tuple[str, ...] | None = None  # what of its rows may be changed; None: everything

    position: int = 0  # index of the present stage
    since: datetime
    needs: tuple[ConsentNeed, ...] = ()
    law_is_known: bool = False
    package: tuple[PaperNeed, ...] = ()  # known with the consents
    drafts: dict[str, str] = {}  # stage id → document id, once started
    open_documents: tuple[str, ...] = ()
    in_force: tuple[str, ...] = ()
    order_id: str | None = None
    meetings: tuple[Meeting, ...] = ()
    forms: tuple[MonitoringForm, ...] = ()
    stopped: bool = False
    withdrawn: tuple[str, ...] = ()  # documents that were told to stop
    told: str = ""  # the last stage that the cycle was told

    @property
    def workflow_id(self) -> str:
        return ids.pair_workflow(self.pair_id)

    @property
    def stage(self) -> TrackStage | None:
        """The present stage; None once the pair is completed."""
        return self.track[self.position] if self.position < len(self.track) else None

    @property
    def stage_name(self) -> str:
        if self.stopped:
            return STOPPED
        if self.stage:
            return self.stage.id
        return COMPLETED if all(item.done for item in self.items) else ROWS

    def is_over(self) -> bool:
        return self.stage_name in (STOPPED, COMPLETED)

    def is_finished(self) -> bool:
        return self.is_over() and not self.open_documents and self.told == self.stage_name

    def has_consents(self) -> bool:
        """True if every needed consent is in force, one of each side at least."""
        asked = {need.person_id for need in self.needs}
        return asked >= {self.mentor_id, self.mentee_id} and all(n.in_force for n in self.needs)

    # What follows by itself

    def next_moves(self, now: datetime) -> tuple[PairMove, ...]:
        """What to do now; nothing while people or documents are waited for."""
        del now
        if self.trouble and not self.stopped:
            return ()
        moves: list[PairMove] = []
        if self.stopped:
            moves += [
                PairMove(act=Act.WITHDRAW, subject=id_)
                for id_ in self.open_documents
                if id_ not in self.withdrawn
            ]
        elif self.has_consents():
            moves += self._paper_moves()
        if not self.stopped and self.stage is not None:
            moves += self._stage_moves(self.stage)
        if self.told != self.stage_name:
            moves.append(PairMove(act=Act.REPORT, subject=self.stage_name))
        return tuple(moves)

    def _paper_moves(self) -> Iterable[PairMove]:
        for paper in self.papers():
            yield PairMove(
                act=Act.START_DOCUMENT, subject=paper.document_id, kind=paper.kind, paper=paper
            )

    def _stage_moves(self, stage: TrackStage) -> Iterable[PairMove]:
        match stage.needs:
            case ConsentsStage() if not self.law_is_known:
                yield PairMove(act=Act.FIND_PACKAGE)
            case ConsentsStage():
                for need in self.needs:
                    if need.document_id and not (need.started or need.in_force):
                        yield PairMove(
                            act=Act.START_DOCUMENT,
                            subject=need.document_id,
                            kind=need.kind,
                            person_id=need.person_id,
                        )
            case PackageStage():
                paper = next((paper for paper in self.package if not paper.in_force), None)
                if paper is not None and paper.document_id is None:
                    yield PairMove(
                        act=Act.START_DOCUMENT,
                        subject=ids.derived_id(self.workflow_id, stage.id, paper.kind),
                        kind=paper.kind,
                    )
            case PaperStage() if stage.id not in self.drafts:
                yield PairMove(
                    act=Act.START_DOCUMENT,
                    subject=ids.derived_id(self.workflow_id, stage.id),
                    kind=stage.needs.document,
                )
            case _:
                return

    def document(self, move: PairMove, now: datetime) -> DocumentState:
        """The first state of the document that `move` starts."""
        paper = move.paper or self._stage_paper(move)
        return DocumentState(
            organisation_id=self.organisation_id,
            cycle_id=self.cycle_id,
            parent=self.workflow_id,
            clock_offset=self.clock_offset,
            document_id=move.subject,
            kind=move.kind,
            owner_id=self.pair_id,
            pair_id=self.pair_id,
            person_id=move.person_id,
            item_id=paper.item if paper else self.stage_name,
            step=paper.step if paper else None,
            turn=self.turn,
            result_id=paper.result if paper else None,
            drafter=paper.drafter if paper else self.lead,
            approval=Approval(route=paper.route) if paper and paper.route else None,
            registrar=paper.registrar if paper else None,
            escalate_to=self.curator,
            terms=self.terms,
            since=now,
            announced=True,
        )

    def _stage_paper(self, move: PairMove) -> Paper | None:
        """The paper that the present stage asks for, and whose hands it goes through."""
        drafter = self.lead
        route: Route | None
        registrar: str | None
        match self.stage and self.stage.needs:
            case PaperStage() as needs:
                approver = needs.approver and self.holders[needs.approver]
                route = self.routes[needs.route] if needs.route else Route.of(approver)
                registrar = needs.registrar and self.holders[needs.registrar]
            case PackageStage() as needs:
                need = next(need for need in self.package if need.kind == move.kind)
                drafter = self.curator
                by = {"director": self.holders[needs.director], "curator": self.curator}
                route = Route.of(need.approver and by[need.approver])
                registrar = self.holders[needs.registrar] if need.journalled else None
            case _:
                return None
        return Paper(
            item=self.stage_name,
            result=self.stage_name,
            document_id=move.subject,
            kind=move.kind,
            drafter=drafter,
            route=route,
            registrar=registrar,
        )

    def package_found(
        self, consents: tuple[ConsentNeed, ...], papers: tuple[PaperNeed, ...], now: datetime
    ) -> Self:
        """What law asks for: consents, some of them in force already, and other documents."""
        if self.law_is_known:
            return self
        named = tuple(
            need
            if need.document_id
            else need.changed(
                document_id=ids.derived_id(self.workflow_id, "consent", need.person_id)
            )
            for need in consents
        )
        return self.touched(needs=named, package=papers, law_is_known=True).advanced(now)

    def document_started(self, move: PairMove) -> Self:
        needs = tuple(
            need.changed(started=True) if need.document_id == move.subject else need
            for need in self.needs
        )
        state = self.paper_started(move.paper) if move.paper else self
        drafts, package = self.drafts, self.package
        match self.stage and self.stage.needs:
            case PaperStage() if move.paper is None:
                drafts = {**drafts, self.stage_name: move.subject}
            case PackageStage() if move.paper is None:
                package = tuple(
                    need.changed(document_id=move.subject) if need.kind == move.kind else need
                    for need in package
                )
        open_documents = tuple(dict.fromkeys((*self.open_documents, move.subject)))
        return state.touched(
            needs=needs, drafts=drafts, package=package, open_documents=open_documents
        )

    def document_settled(self, fact: DocumentSettled, now: datetime) -> Self:
        """A repeat, or a document that is not ours, changes nothing."""
        if fact.document_id not in self.open_documents:
            return self
        needs = tuple(
            need.changed(in_force=fact.in_force) if need.document_id == fact.document_id else need
            for need in self.needs
        )
        package = tuple(
            need.changed(in_force=fact.in_force) if need.document_id == fact.document_id else need
            for need in self.package
        )
        return (
            self.paper_settled(fact, now)
            .touched(
                needs=needs,
                package=package,
                open_documents=tuple(d for d in self.open_documents if d != fact.document_id),
                in_force=(*self.in_force, fact.document_id) if fact.in_force else self.in_force,
            )
            .advanced(now)
        )

    def order_came(self, fact: OrderInForce, now: datetime) -> Self:
        if self.order_id is not None or self.is_over():
            return self
        return self.touched(order_id=fact.document_id).advanced(now)

    def withdrawal_told(self, move: PairMove) -> Self:
        return self.touched(withdrawn=(*self.withdrawn, move.subject))

    def reported(self, stage_name: str) -> Self:
        return self.touched(told=stage_name)

    def advanced(self, now: datetime) -> Self:
        return super().advanced(now)._moved_on(now)

    def _works_on_items(self) -> bool:
        return not self.stopped and self.has_consents()

    def _adaptable(self) -> tuple[str, ...] | None:
        return self.adapt

    def _controller(self) -> str:
        return self.curator

    def _terms(self) -> Terms:
        return self.terms

    def _moved_on(self, now: datetime) -> Self:
        """Goes on through every stage whose needs are met."""
        state = self
        while not state.is_over() and state.stage and state._is_met(state.stage):
            done = state.stage.id
            paper = state.order_id if isinstance(state.stage.needs, OrderStage) else None
            paper = paper or state.drafts.get(done)
            refs = {"document": paper} if paper else {}
            state = state.recorded(
                "stage_completed",
                now,
                refs={**state._refs(), "stage": done, **refs},
                position=state.position + 1,
                since=now,
            )
        return state

    def _is_met(self, stage: TrackStage) -> bool:
        match stage.needs:
            case ConsentsStage():
                return self.has_consents()
            case PackageStage():
                return all(need.in_force for need in self.package)
            case PaperStage():
                return self.drafts.get(stage.id) in self.in_force
            case OrderStage():
                return self.order_id is not None
            case MeetingsStage() as needs:
                return not missing_kinds(needs, self.meetings)
            case MonitoringStage(voices=voices):
                given = {form.voice for form in self.forms if form.stage == stage.id}
                return given >= set(voices)

    def tasks(self) -> tuple[Task, ...]:
        if self.trouble:
            return (self.mend_task(self.curator, self.since),)
        if self.is_over():
            return ()
        return (*self._stage_tasks(), *(self.item_tasks() if self._works_on_items() else ()))

    def _stage_tasks(self) -> tuple[Task, ...]:
        if self.stage is None:
            return ()
        match self.stage.needs:
            case MeetingsStage() as needs:
                missing = missing_kinds(needs, self.meetings)
                return (
                    self._task(
                        "record_meeting",
                        {"meeting": ",".join(missing), "held": str(len(self.meetings))},
                    ),
                )
            case MonitoringStage(voices=voices):
                given = {form.voice for form in self.forms if form.stage == self.stage.id}
                return tuple(
                    self._task("record_monitoring", {"voice": voice})
                    for voice in voices
                    if voice not in given
                )
            case _:
                return ()

    def _task(self, kind: str, refs: dict[str, str]) -> Task:
        due = self.since + timedelta(days=self.stage.days if self.stage else 0)
        return Task(
            id="/".join((self.pair_id, kind, self.stage_name, *refs.get("voice", "").split())),
            kind=kind,
            assignee=self.lead,
            escalate_to=self.curator,
            since=self.since,
            due=due,
            remind_at=self.terms.remind_at(self.since, due),
            refs={"pair": self.pair_id, "stage": self.stage_name, **refs},
        )

    def _refs(self) -> dict[str, str]:
        return {"pair": self.pair_id}
