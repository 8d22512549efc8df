"""The life of a pair: the order of stages, meetings and monitoring, the early end."""

from typing import Any

import pytest

from domain.consents import PaperNeed
from domain.documents import DocumentState
from domain.errors import (
    BadDate,
    NotFound,
    NotYours,
    ProofMissing,
    Refused,
    RemarkMissing,
    WrongState,
)
from domain.messages import DocumentSettled, OrderInForce
from domain.pair import PairState
from domain.pair_road import Act, PairMove
from domain.people import AccessRole
from tests.builders import (
    APPROVER,
    CURATOR,
    DAY,
    MENTEE,
    MENTOR,
    NOW,
    TODAY,
    a_meeting,
    a_monitoring,
    a_pair,
    a_pair_at,
    a_pair_with_consents,
    a_planned_result,
    a_record,
    a_stop,
    a_stranger,
    an_actor,
    an_item,
    asked_of,
    needs,
    settled,
    the_director,
    with_document,
)
from tests.roadmap_builders import a_track

ORDER = OrderInForce(document_id="order1")
STAGES = ("consents", "papers", "order", "plan", "meetings", "interim", "completed")


def acts(pair: PairState) -> list[Act]:
    return [move.act for move in pair.next_moves(NOW) if move.act is not Act.REPORT]


def papers(pair: PairState) -> list[str]:
    """Kinds of the documents that the pair would start now."""
    return [move.kind for move in pair.next_moves(NOW) if move.act is Act.START_DOCUMENT]


def started(pair: PairState, move: PairMove) -> tuple[PairState, DocumentState]:
    return pair.document_started(move), pair.document(move, NOW)


# The track


def test_the_pair_goes_through_its_stages_in_order() -> None:
    pair = a_pair_at("completed")
    completed = [e.refs["stage"] for e in pair.unsaved if e.action == "stage_completed"]
    assert tuple(completed) == STAGES[:-1]
    assert pair.is_over()


@pytest.mark.parametrize("stage", STAGES)
def test_each_stage_is_reported_to_the_cycle_once(stage: str) -> None:
    pair = a_pair_at(stage)
    (report,) = [move for move in pair.next_moves(NOW) if move.act is Act.REPORT]
    assert report.subject == stage
    told = pair.reported(stage)
    assert Act.REPORT not in [move.act for move in told.next_moves(NOW)]
    assert told.is_finished() is (stage == "completed")


def test_the_documents_of_the_track_go_to_their_people() -> None:
    pair = a_pair_at("plan")
    (move,) = [m for m in pair.next_moves(NOW) if m.act is Act.START_DOCUMENT]
    _, document = started(pair, move)
    assert (document.kind, document.drafter) == ("individual_plan", MENTOR)
    assert (asked_of(document), document.registrar) == ((APPROVER,), None)
    assert document.escalate_to == CURATOR
    assert (document.owner_id, document.parent) == ("pair1", "pair/pair1")


def test_the_papers_of_the_law_come_one_after_another_and_go_to_their_people() -> None:
    asked = (
        PaperNeed(kind="mentor_consent", norm="ТК РФ, ст. 351.8"),
        PaperNeed(kind="additional_agreement", norm="…", approver="director", journalled=True),
        PaperNeed(kind="agreement", norm="…", approver="curator", journalled=True),
    )
    pair = a_pair().package_found(needs(in_force=True), asked, NOW)
    hands = []
    for need in asked:
        assert papers(pair) == [need.kind]
        (move,) = [m for m in pair.next_moves(NOW) if m.act is Act.START_DOCUMENT]
        pair, document = started(pair, move)
        assert papers(pair) == []
        assert (document.person_id, document.item_id) == (None, "papers")
        hands.append((document.drafter, asked_of(document), document.registrar))
        pair = settled(pair, move.subject)
    assert hands == [
        (CURATOR, (), None),
        (CURATOR, (APPROVER,), CURATOR),
        (CURATOR, (CURATOR,), CURATOR),
    ]
    assert pair.stage_name == "order"


def test_a_paper_of_the_law_that_is_not_in_force_keeps_the_pair_where_it_is() -> None:
    pair = with_document(a_pair_at("papers"), in_force=False)
    assert pair.stage_name == "papers"


def test_a_pair_of_which_law_asks_nothing_more_goes_on() -> None:
    pair = a_pair().package_found(needs(in_force=True), (), NOW)
    assert pair.stage_name == "order"


def test_a_started_document_is_not_started_again() -> None:
    pair = a_pair_at("papers")
    (move,) = [m for m in pair.next_moves(NOW) if m.act is Act.START_DOCUMENT]
    pair, _ = started(pair, move)
    assert papers(pair) == []
    again = pair.document_started(move)
    assert again.open_documents == pair.open_documents


def test_a_settled_document_that_is_not_open_changes_nothing() -> None:
    pair = a_pair_at("papers")
    assert settled(pair, "stranger") is pair
    after = with_document(pair)
    assert settled(after, after.in_force[-1]) is after


def test_the_order_may_come_before_the_pair_waits_for_it_and_counts_once() -> None:
    pair = a_pair_with_consents().order_came(ORDER, NOW)
    assert with_document(pair).stage_name == "plan"
    assert pair.order_came(OrderInForce(document_id="order2"), NOW) is pair


def test_stages_of_meetings_count_all_meetings_of_the_pair() -> None:
    first, last = a_track("consents", "meetings")
    second = last.changed(id="later", needs=last.needs.changed(need={"regular": 3}))
    pair = a_pair_with_consents(track=(first, last, second))
    for kind in ("trial", "regular", "regular"):
        pair = pair.meeting_recorded(a_meeting(kind=kind), NOW)
    assert pair.stage_name == "later"
    assert pair.tasks()[0].refs["meeting"] == "regular"
    assert pair.meeting_recorded(a_meeting(kind="regular"), NOW).stage_name == "completed"


# Meetings and monitoring


def test_a_meeting_needs_the_order_where_the_track_has_one() -> None:
    with pytest.raises(WrongState, match="no order"):
        a_pair_at("order").check_can_record_meeting(a_meeting(), TODAY)
    a_pair_at("plan").check_can_record_meeting(a_meeting(), TODAY)
    without = a_pair_with_consents(track=a_track("consents", "meetings"))
    without.check_can_record_meeting(a_meeting(), TODAY)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"kind": "party"}, NotFound),
        ({"day": TODAY + 2 * DAY}, BadDate),
        ({"by": a_stranger()}, NotYours),
        ({"by": the_director()}, NotYours),
        ({"by": an_actor(MENTEE)}, NotYours),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(
    fields: dict[str, Any], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        a_pair_at("meetings").check_can_record_meeting(a_meeting(**fields), TODAY)


def test_a_meeting_of_today_further_east_is_taken() -> None:
    a_pair_at("meetings").check_can_record_meeting(a_meeting(day=TODAY + DAY), TODAY)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"voice": "director"}, NotFound),
        ({"scores": {"process": 7}}, ProofMissing),
        ({"scores": {"process": 7, "route": 8, "mood": 9}}, ProofMissing),
        ({"scores": {"process": 0, "route": 8}}, ProofMissing),
        ({"scores": {"process": 7, "route": 11}}, ProofMissing),
        ({"by": a_stranger()}, NotYours),
    ],
)
def test_a_monitoring_form_that_cannot_be_is_refused(
    fields: dict[str, Any], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        a_pair_at("interim").check_can_record_monitoring(a_monitoring(**fields))


def test_each_voice_speaks_once_and_at_its_stage_only() -> None:
    with pytest.raises(WrongState, match="not at a monitoring"):
        a_pair_at("meetings").check_can_record_monitoring(a_monitoring())
    pair = a_pair_at("interim").monitoring_recorded(a_monitoring(), NOW)
    with pytest.raises(WrongState, match="already"):
        pair.check_can_record_monitoring(a_monitoring())
    assert [task.refs["voice"] for task in pair.tasks()] == ["curator"]
    assert pair.monitoring_recorded(a_monitoring(voice="curator"), NOW).is_over()


# Rows over the pair


def test_the_rows_of_the_pair_open_with_the_consents() -> None:
    pair = a_pair_with_consents(items=(an_item(lead=MENTOR),))
    assert [task.refs["item"] for task in pair.tasks()] == ["1"]


def test_a_row_still_open_keeps_the_pair_from_completing() -> None:
    pair = a_pair_with_consents(track=a_track("consents"), items=(an_item(lead=MENTOR),))
    assert pair.stage_name == "rows"
    assert not pair.is_over()
    record = a_record(by=an_actor(MENTOR))
    pair.check_can_record(record, TODAY)
    assert pair.result_recorded(record, NOW).stage_name == "completed"


def test_a_document_of_a_row_is_the_pairs_own() -> None:
    item = an_item(results=(a_planned_result(proof="document", document="diary"),), lead=MENTOR)
    pair = a_pair_with_consents(track=a_track("consents"), items=(item,))
    (move,) = [m for m in pair.next_moves(NOW) if m.act is Act.START_DOCUMENT]
    pair, document = started(pair, move)
    assert (document.item_id, document.result_id, document.pair_id) == ("1", "done", "pair1")
    fact = DocumentSettled(document_id=move.subject, in_force=True)
    assert pair.document_settled(fact, NOW).stage_name == "completed"


# Tasks


def test_a_stage_that_waits_for_the_pair_is_the_leads_task_for_its_days() -> None:
    (task,) = a_pair_at("meetings").tasks()
    assert (task.kind, task.assignee, task.escalate_to) == ("record_meeting", MENTOR, CURATOR)
    assert task.due == NOW + 60 * DAY
    assert task.refs["meeting"] == "regular,trial"


# The early end


def test_an_early_end_withdraws_the_open_papers_and_then_all_is_over() -> None:
    pair = a_pair_at("papers")
    (move,) = [m for m in pair.next_moves(NOW) if m.act is Act.START_DOCUMENT]
    pair = pair.document_started(move).stopped_early(a_stop(), NOW)
    assert pair.stage_name == "stopped"
    assert acts(pair) == [Act.WITHDRAW]
    pair = pair.withdrawal_told(pair.next_moves(NOW)[0]).reported("stopped")
    assert pair.next_moves(NOW) == ()
    assert not pair.is_finished()
    assert settled(pair, move.subject, in_force=False).is_finished()


def test_after_an_early_end_nothing_is_asked_or_recorded() -> None:
    pair = a_pair_at("meetings", items=(an_item(lead=MENTOR),)).stopped_early(a_stop(), NOW)
    assert pair.tasks() == ()
    with pytest.raises(WrongState):
        pair.check_can_record_meeting(a_meeting(), TODAY)
    with pytest.raises(WrongState):
        pair.check_can_record(a_record(), TODAY)
    with pytest.raises(WrongState):
        pair.check_can_stop(a_stop())
    assert pair.order_came(ORDER, NOW) is pair


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"by": an_actor(MENTOR)}, NotYours),
        ({"by": the_director()}, NotYours),
        ({"note_id": None}, RemarkMissing),
    ],
)
def test_an_early_end_needs_the_curator_and_a_reason(
    fields: dict[str, Any], refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        a_pair_at("meetings").check_can_stop(a_stop(**fields))


def test_a_pair_can_stop_before_its_consents() -> None:
    wish = a_stop(by=an_actor("p-other", role=AccessRole.CURATOR), reason="consent_withdrawn")
    a_pair().check_can_stop(wish)
    assert a_pair().stopped_early(wish, NOW).unsaved[-1].refs["reason"] == "consent_withdrawn"


def test_a_completed_pair_does_not_stop() -> None:
    with pytest.raises(WrongState):
        a_pair_at("completed").check_can_stop(a_stop())


# Trouble


def test_a_pair_in_trouble_waits_for_its_curator() -> None:
    pair = a_pair().troubled("find_package/", "NotFound", NOW)
    assert pair.next_moves(NOW) == ()
    assert [(task.kind, task.assignee) for task in pair.tasks()] == [("mend", CURATOR)]
