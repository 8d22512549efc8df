"""Sittings: who may sit, how many must come, what a vote can decide."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from domain.bodies import Quorum
from domain.errors import (
    BadDate,
    ItemsUndecided,
    NoMajority,
    NoQuorum,
    NotAMember,
    Refused,
    StaleVersion,
    TooManyVotes,
    WrongState,
)
from domain.routes import Outcome
from domain.sittings import AgendaItem, Holding, Resolution, Sitting, SittingState, Votes

DAY = date(2026, 9, 1)
MEMBERS = tuple("abcdef")
WAITING: dict[str, tuple[int, str | None]] = {"paper": (2, "sha")}
PAPER = AgendaItem(title="О программе", document_id="paper", version=2, sha256="sha")


def a_sitting(**fields: object) -> Sitting:
    known = {
        "sitting_id": "sitting",
        "body_id": "council",
        "cycle_id": "cycle",
        "day": DAY,
        "place": "Актовый зал",
        "chair_id": "a",
        "secretary_id": "b",
        "quorum": Quorum(),
        "minutes_kind": "council_minutes",
        "agenda": (AgendaItem(title="О плане"), PAPER),
    }
    return Sitting.model_validate({**known, **fields})


def votes(*counts: int) -> Votes:
    in_favour, against, abstained = counts
    return Votes(in_favour=in_favour, against=against, abstained=abstained)


def resolved(n: int, **fields: object) -> Resolution:
    known = {"n": n, "outcome": Outcome.APPROVE, "text": "Одобрить.", "votes": votes(4, 0, 0)}
    return Resolution.model_validate({**known, **fields})


def a_holding(**fields: object) -> Holding:
    known = {
        "request_id": "request",
        "by": "user",
        "at": datetime(2026, 9, 1, 15, tzinfo=UTC),
        "present": MEMBERS[:4],
        "resolutions": (resolved(1), resolved(2)),
    }
    return Holding.model_validate({**known, **fields})


def refusal(held: Holding, sitting: Sitting | None = None, **given: object) -> type[Refused]:
    waiting = given.get("waiting", WAITING)
    assert isinstance(waiting, dict)
    with pytest.raises(Refused) as refused:
        (sitting or a_sitting()).check_can_hold(held, MEMBERS, waiting, DAY)
    return type(refused.value)


def test_a_sitting_with_a_quorum_is_held_and_keeps_what_was_said() -> None:
    sitting, held = a_sitting(), a_holding(resolutions=(resolved(2), resolved(1)))
    sitting.check_can_hold(held, MEMBERS, WAITING, DAY)

    done = sitting.held(held, MEMBERS, "7")

    assert (done.state, done.number, done.members) == (SittingState.HELD, "7", 6)
    assert [one.n for one in done.resolutions] == [1, 2]
    assert (done.day, done.chair_id) == (DAY, "a")


def test_another_day_chair_and_secretary_may_be_recorded() -> None:
    earlier = date(2026, 8, 31)
    held = a_holding(day=earlier, chair_id="c", secretary_id="d")
    a_sitting().check_can_hold(held, MEMBERS, WAITING, DAY)
    done = a_sitting().held(held, MEMBERS, "7")
    assert (done.day, done.chair_id, done.secretary_id) == (earlier, "c", "d")


@pytest.mark.parametrize(
    ("held", "code"),
    [
        (a_holding(present=MEMBERS[:3]), NoQuorum),
        (a_holding(present=("a", "a", "b", "c")), NoQuorum),  # nobody counts twice
        (a_holding(present=("a", "b", "c", "stranger")), NotAMember),
        (a_holding(present=("b", "c", "d", "e")), NotAMember),  # the chair was not there
        (a_holding(chair_id="f"), NotAMember),
        (a_holding(day=date(2026, 9, 2)), BadDate),
        (a_holding(resolutions=(resolved(1),)), ItemsUndecided),
        (a_holding(resolutions=(resolved(1), resolved(1))), ItemsUndecided),
        (a_holding(resolutions=(resolved(1), resolved(2), resolved(3))), ItemsUndecided),
        (a_holding(resolutions=(resolved(1), resolved(2, votes=votes(4, 1, 0)))), TooManyVotes),
        (a_holding(resolutions=(resolved(1), resolved(2, votes=votes(2, 0, 2)))), NoMajority),
        (a_holding(resolutions=(resolved(1), resolved(2, votes=votes(2, 2, 0)))), NoMajority),
    ],
)
def test_what_a_sitting_cannot_have_been_is_refused(held: Holding, code: type[Refused]) -> None:
    assert refusal(held) is code


def test_sending_back_needs_no_majority() -> None:
    back = resolved(2, outcome=Outcome.SEND_BACK, votes=votes(1, 2, 1))
    a_sitting().check_can_hold(a_holding(resolutions=(resolved(1), back)), MEMBERS, WAITING, DAY)


@pytest.mark.parametrize("waiting", [{}, {"paper": (3, "sha")}, {"paper": (2, "other")}])
def test_a_decision_on_another_version_than_the_one_that_waits_is_refused(
    waiting: dict[str, tuple[int, str | None]],
) -> None:
    assert refusal(a_holding(), waiting=waiting) is StaleVersion
    in_minutes = a_holding(resolutions=(resolved(1), resolved(2, minutes_only=True)))
    a_sitting().check_can_hold(in_minutes, MEMBERS, waiting, DAY)


def test_a_sitting_is_held_or_cancelled_once() -> None:
    held = a_sitting().held(a_holding(), MEMBERS, "7")
    assert refusal(a_holding(), held) is WrongState
    with pytest.raises(WrongState):
        held.cancelled()
    cancelled = a_sitting().cancelled()
    assert refusal(a_holding(), cancelled) is WrongState
    with pytest.raises(WrongState):
        cancelled.cancelled()


def test_a_sitting_is_called_by_a_member_for_papers_that_wait_for_the_body() -> None:
    a_sitting().check_can_call(MEMBERS, WAITING)
    with pytest.raises(NotAMember):
        a_sitting(chair_id="stranger").check_can_call(MEMBERS, WAITING)
    with pytest.raises(WrongState):
        a_sitting().check_can_call(MEMBERS, {})
    with pytest.raises(StaleVersion):
        a_sitting().check_can_call(MEMBERS, {"paper": (3, "sha")})


def test_a_document_is_named_with_its_version_and_hash() -> None:
    with pytest.raises(ValidationError):
        AgendaItem(title="О программе", document_id="paper")


def test_quorum_is_that_of_the_sitting() -> None:
    strict = a_sitting(quorum=Quorum(numerator=5, denominator=6))
    assert refusal(a_holding(), strict) is NoQuorum
