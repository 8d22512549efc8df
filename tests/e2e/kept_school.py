"""A school with hundreds of pairs at every stage, as the rows hold it: quickly made, with the real
ledger and store and without an engine, each step by the rule and the activity that a workflow uses.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, cast

from temporalio.client import Client

from activities import tasks
from activities.documents import DocumentActivities
from activities.records import RecordActivities
from adapters.docx.renderer import DocxRenderer
from adapters.postgres.enrolling import person_id
from adapters.postgres.ledger import PostgresLedger
from domain import ids
from domain.consents import ConsentNeed
from domain.cycle_pairs import FormPairs
from domain.document_wishes import AttachSigned, Decide, Redraft, Register
from domain.documents import DocumentState, Entry
from domain.enrolment import Enrolment, Part
from domain.messages import DocumentSettled, OrderInForce, PairMoved
from domain.pair import PairState, Stop
from domain.pair_road import Act
from domain.pairing import PairRequest
from domain.people import AccessRole, Actor, Form
from domain.process import Task
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from domain.routes import Outcome
from runtime.wiring import Parts
from tests.adapters import world
from tests.fakes.renderer import PlainRenderer
from tests.workflows.people import PDF, People

ORGANISATION = "0123456789abcdef"
HANDS = 6
"""How many act at once."""
Document = Callable[["School", DocumentState], DocumentState | None]
"""How far a document has come; None if it never saved itself."""


class SeenLedger(PostgresLedger):
    """The real ledger; what was saved last is kept for the people of this process too."""

    def __init__(self, below: PostgresLedger) -> None:
        self.__dict__.update(vars(below))
        self.shown: dict[str, tasks.SaveProgress] = {}

    def save(self, task: tasks.SaveProgress) -> None:
        super().save(task)
        known = self.shown.get(task.state.workflow_id)
        if known is None or known.state.revision <= task.state.revision:
            self.shown[task.state.workflow_id] = task


def a_roadmap(name: str, *stages: str) -> Roadmap:
    """The small one of the tests of the database, with these stages of the track."""
    values = world.a_roadmap().model_dump(mode="json")
    track = {stage["id"]: stage for stage in values["track"]["stages"]}
    needs = {"kind": "document", "document": "agreement", "route": "two"}
    plan = {"id": "plan", "title": "План", "days": 14, "needs": {**needs, "registrar": "curator"}}
    by = {"kind": "order_pairs", "approver": "director", "registrar": "curator"}
    proof = {"proof": "document", **by, "pairs_at": "order"}
    step = {"id": "3", "stage": "work", "title": "Приказ о парах", "lead": "curator"}
    who = ("director", "curator")
    return Roadmap.model_validate(
        {
            **values,
            "roadmap": name,
            "routes": {"two": {"stages": [{"id": "both", "title": "Согласование", "by": who}]}},
            "steps": [
                {
                    **step,
                    "deadline": {"rule": "none"},
                    "results": [{"id": "signed", "title": "Приказ", "by": proof}],
                }
            ],
            "track": {
                **values["track"],
                "stages": [{**track, "plan": plan}[stage] for stage in stages],
            },
        }
    )


class Clerks(People):
    """People whose uploads have rows, as those have that come by the API."""

    def __init__(self, client: Client, school: "School") -> None:
        ledger, files = school.ledger, school.parts.files
        super().__init__(client, ledger.shown, ledger, files, school.curator)
        self._parts = school.parts
        self._hands = asyncio.Semaphore(HANDS)

    async def _do(self, saved: tasks.SaveProgress, task: Task) -> None:
        async with self._hands:
            await super()._do(saved, task)

    def _upload(self, document: DocumentState, content: bytes) -> str:
        return upload(self._parts, document, content)


def upload(parts: Parts, document: DocumentState, content: bytes) -> str:
    """Keep a scan as the API does; its hash."""
    digest = sha256(content).hexdigest()
    key = ids.incoming_key(document.document_id, digest)
    parts.desk.make_key(key, ORGANISATION, document.document_id)
    parts.desk.begin_object(key, ORGANISATION)
    stored = parts.files.put_once(key, content, parts.desk.data_key(key))
    parts.desk.record_object(
        tasks.ObjectRecord(
            organisation_id=ORGANISATION,
            document_id=document.document_id,
            version=document.version,
            role="incoming",
            key_id=key,
            media_type=PDF,
            **dict(stored),
        )
    )
    return digest


@dataclass
class School:
    parts: Parts
    ledger: SeenLedger
    documents: DocumentActivities
    pairs_made: int = 0

    @classmethod
    def make(cls, parts: Parts, mentees: int) -> "School":
        renderer = PlainRenderer()
        ledger = SeenLedger(parts.ledger)
        own = replace(parts, ledger=ledger, renderer=cast(DocxRenderer, renderer))
        parts.desk.add_organisation(
            ORGANISATION,
            name="Колледж «Заря»",
            short_name="Заря",
            address="000001, г. Заречинск, ул. Учебная, д. 1",
            inn="0012345674",
            city="г. Заречинск",
            time_zone=world.ZONE,
        )
        students = [
            world.a_person(f"mentee{n}", "Черных", "Любовь", roles=(Part.MENTEE,), post="студентка")
            for n in range(mentees)
        ]
        known = world.ENROLMENT
        enrolment = Enrolment(people=(*known.people, *students), bodies=known.bodies)
        parts.desk.enrol(ORGANISATION, enrolment)
        known_by = {"organisation_id": ORGANISATION, "subject": "all", "author": "user-curator"}
        for note in ("remark", "reason", "note1"):
            said = {**known_by, "id": note, "kind": note, "body": {"text": note}}
            parts.desk.keep_text(tasks.KeptText.model_validate(said))
        return cls(own, ledger, DocumentActivities(ledger, renderer, parts.files))

    @property
    def curator(self) -> Actor:
        person = person_id(ORGANISATION, "curator")
        return Actor(user_id="user-curator", role=AccessRole.CURATOR, acts_for=(person,))

    @property
    def director(self) -> Actor:
        person = person_id(ORGANISATION, "director")
        return Actor(user_id="user-director", role=AccessRole.DIRECTOR, acts_for=(person,))

    now = staticmethod(lambda: datetime.now(UTC))

    # Cycles and pairs

    def cycle(self, name: str, *stages: str) -> ProgrammeState:
        """One that was launched just now, planned, nothing begun."""
        people = {role: person_id(ORGANISATION, role) for role in ("director", "curator")}
        launch = tasks.Launch(
            roadmap=a_roadmap(name, *stages),
            start=(self.now() - timedelta(days=30)).date().replace(day=1),
            time_zone=world.ZONE,
            holders={**people, "council": people["curator"]},
            launched_by="user-admin",
        )
        cycle_id = ids.derived_id("cycle", name)
        self.parts.desk.keep_launch(cycle_id, ORGANISATION, launch)
        state = ProgrammeState(
            organisation_id=ORGANISATION,
            cycle_id=cycle_id,
            administrator="user-admin",
            launched=self.now(),
        )
        records = RecordActivities(self.ledger, self.ledger, (), {})
        plan = records.plan_cycle(tasks.PlanCycle(cycle_id=cycle_id))
        return state.planned(plan, self.now())

    def with_pairs(self, cycle: ProgrammeState, pairs: int) -> ProgrammeState:
        """The cycle with as many pairs more, all started."""
        requests = tuple(
            PairRequest(
                mentor_id=person_id(ORGANISATION, "mentor"),
                mentee_id=person_id(ORGANISATION, f"mentee{self.pairs_made + n}"),
                form=Form.STUDENT_STUDENT,
            )
            for n in range(pairs)
        )
        self.pairs_made += pairs
        formed = cycle.pairs_formed(FormPairs(by=self.curator, pairs=requests), self.now())
        self.save(formed)  # the rows of the pairs come with this save
        new = tuple(pair.pair_id for pair in formed.pairs if not pair.started)
        return formed.changed(unsaved=(), started=True).pairs_started(new)

    def pair(self, cycle: ProgrammeState, n: int, *, consented: bool) -> PairState:
        """The first state of a pair, or that with consents in force."""
        pair = cycle.pair(cycle.pairs[n].pair_id, self.now())
        sides = (pair.mentor_id, pair.mentee_id)
        needs = tuple(
            ConsentNeed(
                person_id=person,
                kind="consent_adult",
                document_id=f"given-{person}" if consented else None,
                in_force=consented,
            )
            for person in sides
        )
        return pair.package_found(needs, (), self.now())

    def begun(self, pair: PairState, *how: Document) -> PairState:
        """The pair after it began its documents, each as far as said; all are saved."""
        moves = [m for m in pair.next_moves(self.now()) if m.act is Act.START_DOCUMENT]
        for move, far in zip(moves, how, strict=True):
            document = pair.document(move, self.now())
            pair = pair.document_started(move)
            come = far(self, document)
            if come is not None:
                self.save(come)
                if come.reported:
                    fact = DocumentSettled(document_id=document.document_id, in_force=True)
                    pair = pair.document_settled(fact, self.now())
        return pair

    def ordered(self, pair: PairState, order: str) -> PairState:
        return pair.order_came(OrderInForce(document_id=order), self.now())

    def reported(self, cycle: ProgrammeState, pairs: Sequence[PairState]) -> ProgrammeState:
        """The cycle after it heard from these where they stand."""
        for pair in pairs:
            fact = PairMoved(pair_id=pair.pair_id, stage=pair.stage_name)
            cycle = cycle.pair_moved(fact, self.now())
        return cycle

    def save(self, state: Any) -> None:  # noqa: ANN401 - one of three
        now = self.now()
        self.ledger.save(
            tasks.SaveProgress(
                state=state.changed(started=True).to_save(),
                now=now,
                at_work=bool(state.next_moves(now)),
                waiting_until=state.next_moment(now),
            )
        )

    # Documents

    def drafted(self, state: DocumentState) -> DocumentState:
        about = {"organisation_id", "cycle_id", "document_id", "kind", "version", "pair_id"}
        more = {"person_id", "step", "result_id", "turn"}
        gathered = tasks.GatherFacts(
            **state.model_dump(include=about | more),
            route=state.approval.route if state.approval else None,
            now=self.now(),
        )
        kept = self.documents.gather_facts(gathered)
        draft = self.documents.render_draft(
            tasks.RenderDraft(
                **state.model_dump(include={"organisation_id", "document_id", "kind", "version"}),
                facts_id=kept.facts_id,
                facts_sha256=kept.sha256,
                is_final=state.is_ready_as_drafted(),
            )
        )
        return state.drafted(draft, self.now(), kept.found)

    def decided(self, state: DocumentState, by: Actor, outcome: Outcome) -> DocumentState:
        assert state.draft
        wish = Decide(
            by=by,
            version=state.version,
            sha256=state.draft.sha256,
            outcome=outcome,
            note_id=None if outcome is Outcome.APPROVE else "remark",
        )
        state.check_can_decide(wish)
        return state.decided(wish, self.now())

    def approved(self, state: DocumentState) -> DocumentState:
        half = self.decided(self.drafted(state), self.director, Outcome.APPROVE)
        return self.decided(half, self.curator, Outcome.APPROVE)

    def order(self, state: DocumentState) -> DocumentState:
        """An order, which the director alone approves, until it is to be sealed."""
        approved = self.decided(self.drafted(state), self.director, Outcome.APPROVE)
        wish = Register(by=self.curator, version=approved.version)
        return self.signed(self._registered(approved.registration_asked(wish, self.now())))

    def registering(self, state: DocumentState) -> DocumentState:
        approved = self.approved(state)
        wish = Register(by=self.curator, version=approved.version)
        return approved.registration_asked(wish, self.now())

    def registered(self, state: DocumentState) -> DocumentState:
        return self._registered(self.registering(state))

    def _registered(self, state: DocumentState) -> DocumentState:
        same = state.model_dump(include={"organisation_id", "document_id", "kind", "version"})
        line = self.documents.enter_in_journal(
            tasks.EnterInJournal(**same, numbered=True, now=self.now())
        )
        assert state.draft
        rendered = self.documents.render_registered(
            tasks.RenderRegistered(**same, facts_id=state.draft.facts_id, line=line)
        )
        entry = Entry(number=line.number, day=line.day, sha256=rendered.sha256)
        return state.registered(entry, self.now())

    def signed(self, state: DocumentState) -> DocumentState:
        """With a scan that is to be sealed."""
        content = f"scan of {state.document_id}".encode()
        digest = upload(self.parts, state, content)
        wish = AttachSigned(
            by=self.curator,
            version=state.version,
            sha256=digest,
            size=len(content),
            media_type=PDF,
        )
        return state.attached(wish, self.now())

    def sealed(self, state: DocumentState) -> DocumentState:
        """In force; its owner does not know yet."""
        (file,) = state.files_to_seal()
        about: dict[str, Any] = {
            "organisation_id": ORGANISATION,
            "document_id": state.document_id,
        }
        self.documents.prepare_seal(tasks.PrepareSeal(**about, sha256=file.sha256))
        seal = self.documents.seal_signed_file(
            tasks.SealSignedFile(**about, version=state.version, **dict(file))
        )
        return state.sealed(seal, self.now())


CONSENTS: tuple[Document, ...] = (
    lambda school, document: None,
    lambda school, document: document,
    lambda school, document: school.drafted(document),
    lambda school, document: school.signed(school.drafted(document)),
    lambda school, document: school.sealed(school.signed(school.drafted(document))),
    lambda school, document: school.sealed(school.signed(school.drafted(document))).told(),
)
"""Consents nobody approves, and no journal counts them."""


def _half(school: School, document: DocumentState) -> DocumentState:
    return school.decided(school.drafted(document), school.director, Outcome.APPROVE)


def _returned(school: School, document: DocumentState) -> DocumentState:
    return school.decided(school.drafted(document), school.director, Outcome.SEND_BACK)


def _second(school: School, document: DocumentState) -> DocumentState:
    returned = _returned(school, document)
    wish = Redraft(by=school.curator, version=returned.version)
    return school.drafted(returned.redrafted(wish, school.now()))


PLANS: tuple[Document, ...] = (
    lambda school, document: None,
    lambda school, document: document,
    lambda school, document: school.drafted(document),
    _half,
    _returned,
    _second,
    lambda school, document: school.approved(document),
    lambda school, document: school.registering(document),
    lambda school, document: school.registered(document),
    lambda school, document: school.signed(school.registered(document)),
    lambda school, document: school.sealed(school.signed(school.registered(document))),
)
"""Plans are approved by two and registered: half the verdicts, sent back, a second version, …"""


def stopped(school: School, pair: PairState) -> PairState:
    wish = Stop(by=school.curator, reason="early_end", note_id="reason")
    return pair.stopped_early(wish, school.now())
