"""States and roadmaps for tests. A test spells out only what it is about."""
# ruff: noqa: ANN401 - a builder takes any field of its model

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.approval import Approval
from domain.consents import ConsentNeed, PaperNeed
from domain.cycle_pairs import FormPairs
from domain.document_wishes import AttachSigned, Decide, Redraft, Register
from domain.documents import DocumentState, Draft, Entry, Seal, Stage
from domain.evidence import Evidence, NumberReached, RecordResult
from domain.items import Item
from domain.meetings import RecordMeeting, RecordMonitoring
from domain.messages import DocumentSettled, OrderInForce, PairMoved
from domain.pair import PairState, Stop
from domain.pair_road import Act, PairMove
from domain.pairing import PairRequest
from domain.people import AccessRole, Actor, Form
from domain.planning import CyclePlan, FormPlan, PlannedItem, PlannedResult
from domain.process import Terms
from domain.programme import ProgrammeState
from domain.routes import Outcome, Route, RouteStage
from tests.roadmap_builders import a_track

NOW = datetime(2024, 9, 2, 9, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)

DRAFTER, APPROVER, REGISTRAR, CURATOR = "p-drafter", "p-director", "p-registrar", "p-curator"
MENTOR, MENTEE, STRANGER = "p-mentor", "p-mentee", "p-stranger"
HOLDERS = {"curator": CURATOR, "director": APPROVER}
"""Who holds the roles of `a_roadmap()`."""


def sha(letter: str) -> str:
    """A made-up SHA-256."""
    return letter * 64


def asked_of(document: DocumentState) -> tuple[str, ...]:
    """Who is asked to approve, one after another."""
    stages = document.approval.route.stages if document.approval else ()
    return tuple(holder for stage in stages for holder in stage.holders)


# Actors


def an_actor(*acts_for: str, role: AccessRole = AccessRole.DIRECTOR) -> Actor:
    return Actor(user_id=f"u-{acts_for[0]}" if acts_for else "u", role=role, acts_for=acts_for)


def the_curator() -> Actor:
    return an_actor(CURATOR, role=AccessRole.CURATOR)


def the_director() -> Actor:
    return an_actor(APPROVER)


def the_mentor() -> Actor:
    return an_actor(MENTOR)


def a_stranger() -> Actor:
    return an_actor(STRANGER)


# Documents


def a_document(**fields: Any) -> DocumentState:
    """An order that a director approves and a journal counts, about to be drafted."""
    known: dict[str, Any] = {
        "organisation_id": "org",
        "cycle_id": "c1",
        "document_id": "d1",
        "kind": "order_pairs",
        "owner_id": "c1",
        "drafter": DRAFTER,
        "registrar": REGISTRAR,
        "escalate_to": CURATOR,
        "since": NOW,
    }
    approver = fields.pop("approver", APPROVER)
    known["approval"] = an_approval(approver) if approver else None
    return DocumentState(**{**known, **fields})


def an_approval(*holders: str, **route: Any) -> Approval:
    """A route of one stage for each holder, one after another."""
    stages = route.pop("stages", None) or tuple(
        RouteStage(id=f"s{n}", title=f"Ступень {n}", holders=(holder,))
        for n, holder in enumerate(holders, start=1)
    )
    return Approval(route=Route(stages=stages, **{"own_draft": True, **route}))


def a_draft(letter: str = "a") -> Draft:
    return Draft(facts_id="f1", facts_sha256=sha("f"), sha256=sha(letter))


def an_entry() -> Entry:
    return Entry(number="12-о", day=date(2024, 9, 2), sha256=sha("e"))


def a_seal() -> Seal:
    return Seal(key="sealed/x", sha256=sha("5"), stored_sha256=sha("6"), size=10)


def a_decision(**fields: Any) -> Decide:
    known = {"by": the_director(), "version": 1, "sha256": sha("a"), "outcome": Outcome.APPROVE}
    return Decide(**{**known, **fields})


def a_remark(**fields: Any) -> Decide:
    return a_decision(**{"outcome": Outcome.SEND_BACK, "note_id": "n1", **fields})


def a_redraft(**fields: Any) -> Redraft:
    return Redraft(**{"by": an_actor(DRAFTER), "version": 1, **fields})


def a_registration(**fields: Any) -> Register:
    return Register(**{"by": an_actor(DRAFTER), "version": 1, **fields})


def a_signed_scan(**fields: Any) -> AttachSigned:
    known = {
        "by": an_actor(DRAFTER),
        "version": 1,
        "sha256": sha("5"),
        "size": 10,
        "media_type": "application/pdf",
    }
    return AttachSigned(**{**known, **fields})


def a_refusal(**fields: Any) -> Decide:
    return a_remark(**{"outcome": Outcome.REFUSE, **fields})


_DECISIONS = {Stage.RETURNED: a_remark, Stage.REFUSED: a_refusal}


def a_document_at(stage: Stage, **fields: Any) -> DocumentState:
    """The document after every lawful step up to `stage`."""
    state = a_document(**fields)
    steps: tuple[Callable[[DocumentState], DocumentState], ...] = (
        lambda s: s.drafted(a_draft(), NOW),
        lambda s: s.decided(_DECISIONS.get(stage, a_decision)(), NOW),
        lambda s: s.registration_asked(a_registration(), NOW),
        lambda s: s.registered(an_entry(), NOW),
        lambda s: s.attached(a_signed_scan(), NOW),
        lambda s: s.sealed(a_seal(), NOW),
    )
    for step in steps:
        if state.stage is stage:
            return state
        state = step(state)
    if state.stage is not stage:
        raise ValueError(f"no lawful way to {stage}")
    return state


# Items


def a_planned_result(**fields: Any) -> PlannedResult:
    return PlannedResult(**{"id": "done", "proof": "number", "at_least": 3, **fields})


def a_planned_item(**fields: Any) -> PlannedItem:
    known = {
        "id": "1",
        "step": fields.get("id", "1"),
        "scope": "cycle",
        "lead": CURATOR,
        "opens": NOW,
        "due": NOW + 30 * DAY,
        "results": (a_planned_result(),),
    }
    return PlannedItem(**{**known, **fields})


def an_item(**fields: Any) -> Item:
    return Item.of(a_planned_item(**fields))


def a_record(evidence: Evidence | None = None, **fields: Any) -> RecordResult:
    known = {
        "by": the_curator(),
        "item": "1",
        "result": "done",
        "evidence": evidence or NumberReached(number=3, evidence_id="e1"),
    }
    return RecordResult(**{**known, **fields})


# Pairs


def a_pair(**fields: Any) -> PairState:
    """A pair whose consents are not checked yet."""
    known: dict[str, Any] = {
        "organisation_id": "org",
        "cycle_id": "c1",
        "parent": "cycle/c1",
        "pair_id": "pair1",
        "mentor_id": MENTOR,
        "mentee_id": MENTEE,
        "form": Form.TEACHER_TEACHER,
        "curator": CURATOR,
        "lead": MENTOR,
        "holders": HOLDERS,
        "track": a_track(),
        "since": NOW,
    }
    return PairState(**{**known, **fields})


def needs(*, in_force: bool = False) -> tuple[ConsentNeed, ...]:
    """What a check of the consents of the pair finds."""
    return tuple(
        ConsentNeed(
            person_id=person,
            kind="consent_adult",
            document_id=f"consent-{person}" if in_force else None,
            in_force=in_force,
        )
        for person in (MENTOR, MENTEE)
    )


PAPERS = (PaperNeed(kind="agreement", norm="Р-145", approver="curator", journalled=True),)
"""What else law asks of the pair."""


def a_pair_with_consents(**fields: Any) -> PairState:
    return a_pair(**fields).package_found(needs(in_force=True), PAPERS, NOW)


def with_document(pair: PairState, *, in_force: bool = True, now: datetime = NOW) -> PairState:
    """The pair after the document that its stage wants was started and settled."""
    move = next(m for m in pair.next_moves(now) if m.act is Act.START_DOCUMENT)
    return settled(pair.document_started(move), move.subject, in_force=in_force, now=now)


def settled(
    pair: PairState, document_id: str, *, in_force: bool = True, now: datetime = NOW
) -> PairState:
    return pair.document_settled(DocumentSettled(document_id=document_id, in_force=in_force), now)


def a_pair_at(stage: str, **fields: Any) -> PairState:
    """The pair of the whole track at this stage, or `completed`."""
    pair = a_pair(**fields)
    order = OrderInForce(document_id="order1")
    steps: tuple[Callable[[PairState], PairState], ...] = (
        lambda p: p.package_found(needs(in_force=True), PAPERS, NOW),
        with_document,
        lambda p: p.order_came(order, NOW),
        with_document,
        lambda p: p.meeting_recorded(a_meeting(kind="trial"), NOW),
        lambda p: p.meeting_recorded(a_meeting(kind="regular"), NOW),
        lambda p: p.meeting_recorded(a_meeting(kind="regular"), NOW),
        lambda p: p.monitoring_recorded(a_monitoring(voice="mentor"), NOW),
        lambda p: p.monitoring_recorded(a_monitoring(voice="curator"), NOW),
    )
    for step in steps:
        if pair.stage_name == stage:
            return pair
        pair = step(pair)
    if pair.stage_name != stage:
        raise ValueError(f"no lawful way to {stage}")
    return pair


def a_meeting(**fields: Any) -> RecordMeeting:
    known = {"by": the_mentor(), "kind": "trial", "day": TODAY, "minutes": 60}
    return RecordMeeting(**{**known, **fields})


def a_monitoring(**fields: Any) -> RecordMonitoring:
    known = {"by": the_curator(), "voice": "mentor", "scores": {"process": 7, "route": 8}}
    return RecordMonitoring(**{**known, **fields})


def a_stop(**fields: Any) -> Stop:
    return Stop(**{"by": the_curator(), "note_id": "n1", "reason": "early_end", **fields})


def a_pair_move(act: Act, subject: str = "") -> PairMove:
    return PairMove(act=act, subject=subject)


# Cycles


def a_plan(*items: PlannedItem, **fields: Any) -> CyclePlan:
    known: dict[str, Any] = {
        "items": items or (a_planned_item(),),
        "per_pair": (),
        "ends": NOW + 300 * DAY,
        "curator": CURATOR,
        "track_lead": "mentor",
        "track": a_track(),
        "turns": (NOW - 30 * DAY,),
        "forms": {
            Form.TEACHER_TEACHER: FormPlan(
                role_models=("experienced_novice",), mentor_types=("subject",)
            ),
            Form.TEACHER_STUDENT: FormPlan(),
        },
        "holders": HOLDERS,
        "terms": Terms(),
    }
    return CyclePlan(**{**known, **fields})


def a_new_cycle(**fields: Any) -> ProgrammeState:
    """A cycle that was launched and is not planned yet."""
    known = {"organisation_id": "org", "cycle_id": "c1", "administrator": "u-adm", "launched": NOW}
    return ProgrammeState(**{**known, **fields})


def a_cycle(*items: PlannedItem, now: datetime = NOW, **plan: Any) -> ProgrammeState:
    """A running cycle with these items."""
    return a_new_cycle().planned(a_plan(*items, **plan), now)


def a_pair_request(n: int = 1, **fields: Any) -> PairRequest:
    known = {"mentor_id": f"mentor{n}", "mentee_id": f"mentee{n}", "form": Form.TEACHER_TEACHER}
    return PairRequest(**{**known, **fields})


def a_forming(*pairs: PairRequest, **fields: Any) -> FormPairs:
    return FormPairs(**{"by": the_curator(), "pairs": pairs or (a_pair_request(),), **fields})


def with_pairs(cycle: ProgrammeState, *pairs: PairRequest) -> ProgrammeState:
    return cycle.pairs_formed(a_forming(*pairs), NOW)


def moved(cycle: ProgrammeState, n: int, stage: str, now: datetime = NOW) -> ProgrammeState:
    """The cycle after its pair number `n` said that it stands at `stage`."""
    return cycle.pair_moved(PairMoved(pair_id=cycle.pairs[n].pair_id, stage=stage), now)
