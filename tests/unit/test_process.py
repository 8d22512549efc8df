"""What cycle, pair and document share: revisions, events, answers, notices, the clock."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain.documents import DocumentState, Stage
from domain.process import ANSWERS_KEPT, Terms
from tests.builders import (
    APPROVER,
    DAY,
    NOW,
    a_cycle,
    a_decision,
    a_document,
    a_document_at,
    a_draft,
    a_pair_with_consents,
    a_planned_item,
    the_director,
)


def test_each_recorded_change_is_one_event_and_one_revision_more() -> None:
    state = a_document().drafted(a_draft(), NOW).decided(a_decision(), NOW)
    assert (state.revision, state.events) == (2, 2)
    drafted, approved = state.unsaved
    assert (drafted.n, drafted.actor, drafted.subject) == (1, "system", "document/d1")
    assert (approved.n, approved.actor) == (2, the_director().user_id)
    assert approved.refs["cycle"] == "c1"


def test_a_save_forgets_only_the_events_that_it_saved() -> None:
    before = a_document().drafted(a_draft(), NOW)
    after = before.decided(a_decision(), NOW).saved(before)
    assert [event.action for event in after.unsaved] == ["approved"]
    assert (after.revision, after.events) == (2, 2)


def test_a_known_request_is_answered_with_its_own_revision() -> None:
    state = a_document().touched().answered("r1").touched().answered("r2")
    assert state.answer_to("r1") is not None
    assert [a.revision for a in state.answers] == [1, 2]
    assert state.answer_to("r3") is None


def test_the_last_two_hundred_answers_are_kept() -> None:
    state = a_document()
    for n in range(ANSWERS_KEPT + 5):
        state = state.answered(f"r{n}")
    assert ANSWERS_KEPT == 200
    assert len(state.answers) == 200
    assert state.answer_to("r4") is None
    assert state.answer_to("r5") is not None


def test_the_later_of_two_clocks_is_taken() -> None:
    state = a_document(clock_offset=60)
    assert state.with_clock(30) is state
    assert state.with_clock(60) is state
    later = state.with_clock(90)
    assert (later.clock_offset, later.revision) == (90, state.revision + 1)


def _noticed(state: DocumentState, days: int) -> tuple[DocumentState, list[str]]:
    now = NOW + days * DAY
    due = state.notices_due(now)
    return state.noticed(due, now), [notice.kind for notice in due]


def test_each_notice_is_sent_once() -> None:
    state = a_document_at(Stage.ON_APPROVAL)
    sent = []
    for day in range(6):
        state, kinds = _noticed(state, day)
        sent.append(kinds)
    assert sent == [[], [], ["reminder"], ["escalation"], [], []]
    assert [event.action for event in state.unsaved][-2:] == ["reminded", "escalated"]
    assert state.unsaved[-1].refs["task"] == "d1/decide/1/s1/p-director"


def test_notices_of_tasks_that_are_done_are_forgotten() -> None:
    state, _ = _noticed(a_document_at(Stage.ON_APPROVAL), 3)
    assert state.notified == (
        *("d1/decide/1/s1/p-director/reminder", "d1/decide/1/s1/p-director/escalation"),
    )
    state = state.decided(a_decision(), NOW + 3 * DAY)
    state, _ = _noticed(state, 4)
    assert state.notified == ("d1/register/1/reminder",)


def test_the_next_moment_is_the_nearest_of_openings_and_notices() -> None:
    cycle = a_cycle(
        a_planned_item(due=NOW + 10 * DAY),
        a_planned_item(id="2", opens=NOW + 4 * DAY, due=NOW + 20 * DAY),
    )
    moments = []
    now = NOW
    while (moment := cycle.next_moment(now)) is not None:
        moments.append((moment - NOW).days)
        now = moment
        cycle = cycle.advanced(now)
    assert moments == [4, 9, 10, 19, 20]


def test_nothing_is_due_by_itself_where_no_task_has_a_deadline() -> None:
    assert a_document().next_moment(NOW) is None
    assert a_cycle(a_planned_item(due=None)).next_moment(NOW) is None


def test_a_reminder_never_comes_before_its_task() -> None:
    terms = Terms(remind_before=30)
    (task,) = a_document_at(Stage.ON_APPROVAL, terms=terms).tasks()
    assert task.remind_at == NOW


def test_tasks_of_one_process_have_ids_of_their_own() -> None:
    cycle = a_cycle(a_planned_item(), a_planned_item(id="2"))
    ids = [task.id for task in cycle.tasks()]
    assert ids == ["cycle/c1/1/done", "cycle/c1/2/done"]


def test_trouble_does_not_touch_what_is_finished() -> None:
    state = a_document_at(Stage.IN_FORCE).told()
    assert state.troubled("report", "X", NOW) is state


@pytest.mark.parametrize("field", ["decide", "redraft", "registration", "signature"])
@pytest.mark.parametrize("days", [0, -1])
def test_nobody_is_given_no_time_at_all(field: str, days: int) -> None:
    with pytest.raises(ValidationError):
        Terms.model_validate({field: days})


def test_a_term_with_a_slip_in_its_name_is_refused() -> None:
    with pytest.raises(ValidationError):
        Terms.model_validate({"decyde": 3})


def test_a_message_of_a_newer_version_is_read_and_a_wrong_change_is_refused() -> None:
    newer = a_document().model_dump(mode="json") | {"field_of_tomorrow": 1}
    assert DocumentState.model_validate(newer) == a_document()
    with pytest.raises(TypeError, match="field_of_tomorrow"):
        a_document().changed(field_of_tomorrow=1)


def test_states_survive_the_way_through_json() -> None:
    for state in (a_document_at(Stage.IN_FORCE), a_pair_with_consents(), a_cycle()):
        assert type(state).model_validate_json(state.model_dump_json()) == state


def test_a_deadline_of_hours_is_heeded_to_the_second() -> None:
    state = a_document_at(Stage.ON_APPROVAL)
    moment = state.next_moment(NOW + 2 * DAY - timedelta(seconds=1))
    assert moment == NOW + 2 * DAY
    assert [n.recipient for n in state.notices_due(NOW + 2 * DAY)] == [APPROVER]
