"""The life of a document: each move, and each refusal by its class."""

from datetime import timedelta
from typing import Any

import pytest

from domain.document_wishes import AttachSigned, Decide, Redraft, Register
from domain.documents import Act, DocumentState, Stage
from domain.errors import NotYours, Refused, RemarkMissing, StaleVersion, WrongState
from domain.messages import Withdraw
from domain.process import Retry, Terms
from tests.builders import (
    APPROVER,
    CURATOR,
    DAY,
    DRAFTER,
    NOW,
    REGISTRAR,
    a_decision,
    a_document,
    a_document_at,
    a_draft,
    a_redraft,
    a_registration,
    a_remark,
    a_seal,
    a_signed_scan,
    a_stranger,
    an_actor,
    an_entry,
    sha,
    the_curator,
    the_director,
)

WITHDRAW = Withdraw(at=NOW)
PEOPLES = (Stage.ON_APPROVAL, Stage.RETURNED, Stage.REFUSED, Stage.TO_REGISTER, Stage.TO_SIGN)
"""Stages that wait for a person."""


def acts(state: DocumentState) -> list[Act]:
    return [move.act for move in state.next_moves(NOW)]


def actions(state: DocumentState) -> list[str]:
    return [event.action for event in state.unsaved]


Wish = Decide | Redraft | Register | AttachSigned


def check(state: DocumentState, wish: Wish) -> None:
    match wish:
        case Decide():
            state.check_can_decide(wish)
        case Redraft():
            state.check_can_redraft(wish)
        case Register():
            state.check_can_register(wish)
        case AttachSigned():
            state.check_can_attach(wish)


# The way to the seal


def test_a_document_goes_from_draft_to_seal() -> None:
    state = a_document_at(Stage.IN_FORCE)
    assert actions(state) == [
        "drafted",
        "approved",
        "registration_asked",
        "registered",
        "signed_scan_attached",
        "sealed",
    ]
    assert [event.n for event in state.unsaved] == [1, 2, 3, 4, 5, 6]
    assert state.revision == 6
    assert state.seal == a_seal()
    assert state.entry == an_entry()


@pytest.mark.parametrize(
    ("approver", "registrar", "stage", "final"),
    [
        (APPROVER, REGISTRAR, Stage.ON_APPROVAL, False),
        (APPROVER, None, Stage.ON_APPROVAL, False),
        (None, REGISTRAR, Stage.TO_REGISTER, False),
        (None, None, Stage.TO_SIGN, True),
    ],
)
def test_a_draft_goes_to_whoever_comes_next(
    approver: str | None, registrar: str | None, stage: Stage, final: bool
) -> None:
    state = a_document(approver=approver, registrar=registrar)
    assert state.drafted(a_draft(), NOW).stage is stage
    assert state.is_ready_as_drafted() is final


def test_a_number_out_of_turn_is_asked_for_with_a_reason() -> None:
    state = a_document_at(Stage.TO_REGISTER)
    typed = a_registration(number="12-о", note_id="reason1")
    with pytest.raises(RemarkMissing):
        state.check_can_register(typed.changed(note_id=None))
    state.check_can_register(typed)
    asked = state.registration_asked(typed, NOW)
    assert asked.typed is not None
    assert (asked.typed.number, asked.typed.reason_id) == ("12-о", "reason1")
    assert asked.typed.by == typed.by.user_id
    assert asked.unsaved[-1].refs["number"] == "12-о"
    assert asked.unsaved[-1].note_id == "reason1"
    assert state.registration_asked(a_registration(), NOW).typed is None


def test_a_number_that_was_refused_may_be_replaced_by_another() -> None:
    typed = a_registration(number="12-о", note_id="reason1")
    asked = a_document_at(Stage.TO_REGISTER).registration_asked(typed, NOW)
    with pytest.raises(WrongState):
        asked.check_can_register(typed)
    troubled = asked.troubled("document", "NumberTaken", NOW)
    troubled.check_can_register(a_registration())
    again = troubled.registration_asked(a_registration(), NOW)
    assert (again.typed, again.trouble) == (None, None)
    assert acts(again) == [Act.ENTER]


def test_a_document_of_no_journal_is_never_asked_to_register() -> None:
    state = a_document_at(Stage.ON_APPROVAL, registrar=None).decided(a_decision(), NOW)
    with pytest.raises(WrongState):
        state.troubled("document", "TemplateFault", NOW).check_can_register(a_registration())


def test_an_approved_document_without_journal_gets_its_date_at_once() -> None:
    state = a_document_at(Stage.ON_APPROVAL, registrar=None).decided(a_decision(), NOW)
    assert state.stage is Stage.REGISTERING
    assert acts(state) == [Act.ENTER]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (Stage.DRAFTING, [Act.DRAFT]),
        (Stage.ON_APPROVAL, []),
        (Stage.RETURNED, []),
        (Stage.TO_REGISTER, []),
        (Stage.REGISTERING, [Act.ENTER]),
        (Stage.TO_SIGN, []),
        (Stage.SEALING, [Act.SEAL]),
        (Stage.IN_FORCE, [Act.REPORT]),
    ],
)
def test_each_stage_has_its_move(stage: Stage, expected: list[Act]) -> None:
    assert acts(a_document_at(stage)) == expected


def test_a_document_is_finished_when_its_owner_knows() -> None:
    state = a_document_at(Stage.IN_FORCE)
    assert not state.is_finished()
    assert state.told().is_finished()
    assert acts(state.told()) == []


# A remark, and the next version


def test_a_remark_sends_the_order_back_to_its_drafter() -> None:
    state = a_document_at(Stage.ON_APPROVAL).decided(a_remark(), NOW)
    assert state.stage is Stage.RETURNED
    assert state.unsaved[-1].note_id == "n1"
    assert [task.assignee for task in state.tasks()] == [DRAFTER]


def test_a_redraft_is_the_next_version_with_the_amended_facts() -> None:
    state = a_document_at(Stage.RETURNED).redrafted(a_redraft(inputs_id="i1"), NOW)
    assert (state.version, state.stage, state.inputs_id) == (2, Stage.DRAFTING, "i1")
    assert state.draft is None
    assert state.unsaved[-1].version == 2
    again = state.drafted(a_draft("b"), NOW)
    assert again.draft == a_draft("b")
    assert again.stage is Stage.ON_APPROVAL


def test_a_redraft_without_new_facts_keeps_the_earlier_ones() -> None:
    state = a_document_at(Stage.RETURNED, inputs_id="i0")
    assert state.redrafted(a_redraft(), NOW).inputs_id == "i0"


def test_a_decision_on_the_version_that_was_sent_back_is_stale() -> None:
    state = a_document_at(Stage.RETURNED).redrafted(a_redraft(), NOW).drafted(a_draft("b"), NOW)
    with pytest.raises(StaleVersion, match="version 2 is in force"):
        state.check_can_decide(a_decision())
    state.check_can_decide(a_decision(version=2, sha256=sha("b")))


# Refusals

WISHES: list[tuple[Wish, Stage]] = [
    (a_decision(), Stage.ON_APPROVAL),
    (a_remark(), Stage.ON_APPROVAL),
    (a_redraft(), Stage.RETURNED),
    (a_registration(), Stage.TO_REGISTER),
    (a_signed_scan(), Stage.TO_SIGN),
]


@pytest.mark.parametrize(("wish", "at"), WISHES)
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.WITHDRAWN])
def test_a_wish_is_lawful_at_its_own_stage_only(wish: Wish, at: Stage, stage: Stage) -> None:
    state = a_document_at(stage)
    if stage is at:
        check(state, wish)
    elif isinstance(wish, Redraft) and stage is Stage.REFUSED:
        check(state, wish.changed(by=the_curator()))
    else:
        with pytest.raises(WrongState, match=r"document d1 is|has a number"):
            check(state, wish)


@pytest.mark.parametrize(("wish", "at"), WISHES)
def test_nothing_can_be_done_to_a_withdrawn_document(wish: Wish, at: Stage) -> None:
    with pytest.raises(WrongState):
        check(a_document_at(at).withdrawn(WITHDRAW, NOW), wish)


@pytest.mark.parametrize(("wish", "at"), WISHES)
@pytest.mark.parametrize(
    ("fields", "refusal"),
    [({"by": a_stranger()}, NotYours), ({"version": 2}, StaleVersion)],
)
def test_another_person_and_another_version_are_refused(
    wish: Wish, at: Stage, fields: dict[str, Any], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        check(a_document_at(at), wish.changed(**fields))


def test_a_decision_binds_to_the_bytes_that_were_read() -> None:
    with pytest.raises(StaleVersion, match="another hash"):
        a_document_at(Stage.ON_APPROVAL).check_can_decide(a_decision(sha256=sha("b")))


def test_sending_back_needs_a_remark() -> None:
    with pytest.raises(RemarkMissing):
        a_document_at(Stage.ON_APPROVAL).check_can_decide(a_remark(note_id=None))


def test_the_curator_does_paperwork_but_does_not_decide() -> None:
    by = the_curator()
    a_document_at(Stage.RETURNED).check_can_redraft(a_redraft(by=by))
    a_document_at(Stage.TO_REGISTER).check_can_register(a_registration(by=by))
    a_document_at(Stage.TO_SIGN).check_can_attach(a_signed_scan(by=by))
    with pytest.raises(NotYours):
        a_document_at(Stage.ON_APPROVAL).check_can_decide(a_decision(by=by))


def test_a_member_of_the_body_that_approves_may_decide() -> None:
    state = a_document_at(Stage.ON_APPROVAL, approver="b-council")
    state.check_can_decide(a_decision(by=an_actor("p-member", "b-council")))
    with pytest.raises(NotYours):
        state.check_can_decide(a_decision())


# Facts that come late or twice


def test_a_result_that_comes_again_changes_nothing() -> None:
    drafted = a_document_at(Stage.ON_APPROVAL)
    assert drafted.drafted(a_draft("b"), NOW) is drafted
    registered = a_document_at(Stage.TO_SIGN)
    assert registered.registered(an_entry(), NOW) is registered
    sealed = a_document_at(Stage.IN_FORCE)
    assert sealed.sealed(a_seal(), NOW) is sealed


def test_a_result_that_comes_after_the_withdrawal_changes_nothing() -> None:
    drafting = a_document_at(Stage.DRAFTING).withdrawn(WITHDRAW, NOW)
    assert drafting.drafted(a_draft(), NOW) is drafting
    registering = a_document_at(Stage.REGISTERING).withdrawn(WITHDRAW, NOW)
    assert registering.registered(an_entry(), NOW) is registering
    sealing = a_document_at(Stage.SEALING).withdrawn(WITHDRAW, NOW)
    assert sealing.sealed(a_seal(), NOW) is sealing


@pytest.mark.parametrize("stage", [s for s in Stage if s not in (Stage.IN_FORCE, Stage.WITHDRAWN)])
def test_a_document_not_yet_in_force_can_be_withdrawn(stage: Stage) -> None:
    state = a_document_at(stage).withdrawn(WITHDRAW, NOW)
    assert state.stage is Stage.WITHDRAWN
    assert acts(state) == [Act.REPORT]
    assert state.tasks() == ()
    assert state.withdrawn(WITHDRAW, NOW) is state


def test_a_document_in_force_stays_in_force() -> None:
    state = a_document_at(Stage.IN_FORCE)
    assert state.withdrawn(WITHDRAW, NOW) is state


# Trouble


def test_a_refused_move_waits_for_a_person_and_then_goes_on() -> None:
    state = a_document().troubled("draft", "FactMissing", NOW)
    assert acts(state) == []
    assert [(task.kind, task.assignee) for task in state.tasks()] == [("mend", CURATOR)]
    wish = Retry(by=the_curator())
    state.check_can_retry(wish)
    assert acts(state.retried(wish, NOW)) == [Act.DRAFT]


def test_only_trouble_can_be_retried_and_not_by_anybody() -> None:
    with pytest.raises(WrongState):
        a_document().check_can_retry(Retry(by=the_curator()))
    with pytest.raises(NotYours):
        a_document().troubled("draft", "X", NOW).check_can_retry(Retry(by=the_director()))


def test_a_draft_that_failed_for_its_facts_is_redrafted_with_others() -> None:
    state = a_document().troubled("draft", "FactMissing", NOW)
    wish = a_redraft(inputs_id="i1")
    state.check_can_redraft(wish)
    assert acts(state.redrafted(wish, NOW)) == [Act.DRAFT]


def test_a_document_with_a_number_is_not_redrafted_even_in_trouble() -> None:
    state = a_document_at(Stage.SEALING).troubled("seal", "BytesChanged", NOW)
    with pytest.raises(WrongState, match="has a number"):
        state.check_can_redraft(a_redraft())


def test_a_move_that_fails_after_the_withdrawal_troubles_nobody() -> None:
    state = a_document().withdrawn(WITHDRAW, NOW)
    assert state.troubled("draft", "FactMissing", NOW) is state


# Tasks, reminders, escalations


@pytest.mark.parametrize(
    ("stage", "kind", "assignee", "days"),
    [
        (Stage.ON_APPROVAL, "decide", APPROVER, 3),
        (Stage.RETURNED, "redraft", DRAFTER, 4),
        (Stage.REFUSED, "reopen", CURATOR, 4),
        (Stage.TO_REGISTER, "register", REGISTRAR, 5),
        (Stage.TO_SIGN, "attach_signed", DRAFTER, 6),
    ],
)
def test_each_waiting_stage_is_somebodys_task_with_a_deadline(
    stage: Stage, kind: str, assignee: str, days: int
) -> None:
    terms = Terms(decide=3, redraft=4, registration=5, signature=6, remind_before=2)
    (task,) = a_document_at(stage, terms=terms, pair_id="pair1").tasks()
    assert (task.kind, task.assignee, task.escalate_to) == (kind, assignee, CURATOR)
    assert task.due == NOW + days * DAY
    assert task.remind_at == NOW + (days - 2) * DAY
    assert task.refs["pair"] == "pair1"


@pytest.mark.parametrize("stage", [s for s in Stage if s not in {*PEOPLES, Stage.WITHDRAWN}])
def test_no_person_is_asked_while_the_system_works(stage: Stage) -> None:
    assert a_document_at(stage).tasks() == ()


def test_a_reminder_comes_before_the_deadline_and_an_escalation_at_it() -> None:
    state = a_document_at(Stage.ON_APPROVAL)
    remind_at, due = NOW + 2 * DAY, NOW + 3 * DAY
    second = timedelta(seconds=1)
    assert state.notices_due(remind_at - second) == ()
    assert [(n.kind, n.recipient) for n in state.notices_due(remind_at)] == [("reminder", APPROVER)]
    assert [n.kind for n in state.notices_due(due)] == ["reminder", "escalation"]
    assert [n.recipient for n in state.notices_due(due)] == [APPROVER, CURATOR]
    assert state.next_moment(NOW) == remind_at
    assert state.next_moment(remind_at) == due
    assert state.next_moment(due) is None


def test_the_next_version_is_reminded_of_anew() -> None:
    state = a_document_at(Stage.ON_APPROVAL)
    state = state.noticed(state.notices_due(NOW + 3 * DAY), NOW + 3 * DAY)
    assert state.notices_due(NOW + 9 * DAY) == ()
    later = NOW + 10 * DAY
    state = state.decided(a_remark(), later).redrafted(a_redraft(), later)
    state = state.drafted(a_draft("b"), later)
    told = state.notices_due(later + 3 * DAY)
    assert [n.kind for n in told] == ["informed", "reminder", "escalation"]
    assert told[0].recipient == APPROVER
