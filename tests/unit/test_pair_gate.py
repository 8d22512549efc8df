"""The gate of a pair: before all consents are in force nothing is asked, made or recorded."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.consents import ConsentNeed
from domain.errors import ConsentMissing, Refused
from domain.messages import OrderInForce
from domain.pair import PairState
from domain.pair_road import Act
from tests.builders import (
    DAY,
    MENTEE,
    MENTOR,
    NOW,
    PAPERS,
    TODAY,
    a_meeting,
    a_monitoring,
    a_pair,
    a_pair_with_consents,
    a_record,
    a_stop,
    an_item,
    needs,
    settled,
    the_curator,
    with_document,
)

ORDER = OrderInForce(document_id="order1")


def acts(pair: PairState) -> list[Act]:
    return [move.act for move in pair.next_moves(NOW) if move.act is not Act.REPORT]


def papers(pair: PairState) -> list[str]:
    """Kinds of the documents that the pair would start now."""
    return [move.kind for move in pair.next_moves(NOW) if move.act is Act.START_DOCUMENT]


def test_the_first_thing_is_to_check_consents() -> None:
    assert acts(a_pair()) == [Act.FIND_PACKAGE]


def test_missing_consents_are_asked_for_and_nothing_else() -> None:
    pair = a_pair(items=(an_item(lead=MENTOR),)).package_found(needs(), PAPERS, NOW)
    assert papers(pair) == ["consent_adult", "consent_adult"]
    assert pair.stage_name == "consents"
    assert pair.tasks() == ()
    assert not pair.items[0].open


def test_the_pair_goes_on_when_the_last_consent_is_in_force() -> None:
    pair = a_pair().package_found(needs(), PAPERS, NOW)
    pair = with_document(pair)
    assert pair.stage_name == "consents"
    assert with_document(pair).stage_name == "papers"


def test_a_consent_given_before_is_not_asked_again() -> None:
    known, asked = needs(in_force=True)[0], needs()[1]
    pair = a_pair().package_found((known, asked), PAPERS, NOW)
    (move,) = [m for m in pair.next_moves(NOW) if m.act is Act.START_DOCUMENT]
    assert move.person_id == MENTEE
    assert with_document(pair).stage_name == "papers"


def test_a_consent_that_was_withdrawn_opens_nothing() -> None:
    pair = a_pair().package_found(needs(), PAPERS, NOW)
    pair = with_document(with_document(pair), in_force=False)
    assert pair.stage_name == "consents"
    with pytest.raises(ConsentMissing, match="consent_adult"):
        pair.check_can_record_meeting(a_meeting(), TODAY)


@pytest.mark.parametrize("found", [(), needs(in_force=True)[:1]])
def test_a_check_that_forgot_a_side_opens_nothing(found: tuple[ConsentNeed, ...]) -> None:
    pair = a_pair().package_found(found, PAPERS, NOW)
    assert pair.stage_name == "consents"
    assert not pair.has_consents()


def test_a_second_check_of_consents_changes_nothing() -> None:
    pair = a_pair_with_consents()
    assert pair.package_found(needs(), (), NOW) is pair


@pytest.mark.parametrize(
    "check",
    [
        lambda p: p.check_can_record_meeting(a_meeting(), TODAY),
        lambda p: p.check_can_record_monitoring(a_monitoring()),
        lambda p: p.check_can_record(a_record(by=the_curator()), TODAY),
    ],
)
def test_without_consents_nothing_is_recorded(check: Callable[[PairState], None]) -> None:
    pair = a_pair(items=(an_item(lead=MENTOR),))
    with pytest.raises(ConsentMissing, match="unchecked"):
        check(pair)
    with pytest.raises(ConsentMissing, match="consent_adult"):
        check(pair.package_found(needs(), PAPERS, NOW))


def _try(pair: PairState, check: Callable[[], None], change: Callable[[], PairState]) -> PairState:
    """What the shell does with an update: a refusal leaves the state as it was."""
    try:
        check()
    except Refused:
        return pair
    return change()


def _start_next(pair: PairState, n: int) -> PairState:
    moves = [move for move in pair.next_moves(NOW) if move.act is Act.START_DOCUMENT]
    return pair.document_started(moves[n % len(moves)]) if moves else pair


def _settle_open(pair: PairState, n: int) -> PairState:
    if not pair.open_documents:
        return pair
    document = pair.open_documents[n % len(pair.open_documents)]
    return settled(pair, document, in_force=n % 3 != 0)


STEPS: dict[str, Callable[[PairState, int], PairState]] = {
    "find": lambda p, n: p.package_found(needs(in_force=n % 4 == 0), PAPERS, NOW),
    "start": _start_next,
    "settle": _settle_open,
    "order": lambda p, _: p.order_came(ORDER, NOW),
    "time": lambda p, n: p.advanced(NOW + n * DAY),
    "meet": lambda p, n: _try(
        p,
        lambda: p.check_can_record_meeting(a_meeting(kind=("trial", "regular")[n % 2]), TODAY),
        lambda: p.meeting_recorded(a_meeting(kind=("trial", "regular")[n % 2]), NOW),
    ),
    "monitor": lambda p, n: _try(
        p,
        lambda: p.check_can_record_monitoring(a_monitoring(voice=("mentor", "curator")[n % 2])),
        lambda: p.monitoring_recorded(a_monitoring(voice=("mentor", "curator")[n % 2]), NOW),
    ),
    "record": lambda p, _: _try(
        p,
        lambda: p.check_can_record(a_record(), TODAY),
        lambda: p.result_recorded(a_record(), NOW),
    ),
    "stop": lambda p, n: (
        p
        if n % 7
        else _try(p, lambda: p.check_can_stop(a_stop()), lambda: p.stopped_early(a_stop(), NOW))
    ),
}


@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 12)), max_size=40))
def test_whatever_happens_nothing_is_made_or_recorded_before_all_consents_are_in_force(
    steps: list[tuple[str, int]],
) -> None:
    pair = a_pair(items=(an_item(lead=MENTOR),))
    for name, n in steps:
        before, pair = pair, STEPS[name](pair, n)
        assert pair.revision >= before.revision
        assert pair.position >= before.position
        assert pair.events == len(pair.unsaved)
        consented = {need.person_id for need in pair.needs if need.in_force} >= {MENTOR, MENTEE}
        if not consented:
            assert pair.position == 0
            assert (pair.meetings, pair.forms, pair.drafts) == ((), (), {})
            assert not any(item.open or item.done for item in pair.items)
            assert {"consent_adult"} >= set(papers(pair))
        if pair.stopped:
            assert not papers(pair)
