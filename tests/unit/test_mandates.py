"""Which rights can be recorded, when they end, and what a change of the head makes of them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.authority import Mandates
from domain.errors import (
    ActsForHimself,
    BadDate,
    Refused,
    RightOver,
    RightTaken,
    SubstitutionCircle,
)
from domain.mandates import (
    Capacity,
    MandateGround,
    MandateRecord,
    check_can_add,
    last_day_of,
    succession,
)

ORDER = MandateGround(what="order", number="77-л", day=date(2026, 8, 31))
LETTER = MandateGround(what="power_of_attorney", number="5", day=date(2026, 9, 1))
OMSK = ZoneInfo("Asia/Omsk")
LONG_AGO = date(2024, 9, 1)


def day(number: int, month: int = 9) -> date:
    return date(2026, month, number)


def a_right(person: str, instead_of: str | None = None, **fields: object) -> MandateRecord:
    """A substitute's right from the 1st to the 30th of September, or one's own without an end."""
    known: dict[str, object] = {
        "id": f"{person}-{instead_of}",
        "person_id": person,
        "capacity": Capacity.SUBSTITUTE if instead_of else Capacity.OWN,
        "instead_of": instead_of,
        "since": day(1),
        "until": day(30) if instead_of else None,
        "ground": ORDER,
    }
    return MandateRecord.model_validate({**known, **fields})


def acting(person: str, instead_of: str, since: date) -> MandateRecord:
    return a_right(person, instead_of, capacity=Capacity.ACTING, since=since, until=None)


def a_letter(person: str, instead_of: str, **fields: object) -> MandateRecord:
    return a_right(person, instead_of, capacity=Capacity.POWER_OF_ATTORNEY, **fields)


def follower(person: str, instead_of: str, since: date, **fields: object) -> MandateRecord:
    own = {"capacity": Capacity.OWN, "since": since, "until": None, **fields}
    return a_right(person, instead_of, **own)


# Days


@pytest.mark.parametrize(
    ("on", "in_force"),
    [(date(2026, 8, 31), False), (day(1), True), (day(30), True), (day(1, 10), False)],
)
def test_a_right_holds_from_its_first_to_its_last_day(on: date, *, in_force: bool) -> None:
    assert a_right("deputy", "head").is_in_force(on) is in_force


def test_an_end_is_the_first_day_without_the_right() -> None:
    ended = a_right("deputy", "head").ended(day(15))
    assert [ended.is_in_force(day(14)), ended.is_in_force(day(15))] == [True, False]


def test_days_begin_in_the_organisations_own_zone() -> None:
    mandate = a_right("deputy", "head").mandate(OMSK)
    assert mandate.since == datetime(2026, 8, 31, 18, tzinfo=UTC)
    assert mandate.until == datetime(2026, 9, 30, 18, tzinfo=UTC)


@pytest.mark.parametrize("last", [None, date.max])
def test_a_right_without_an_end_has_none_for_processes_either(last: date | None) -> None:
    assert a_right("head", until=last).mandate(OMSK).until is None


@pytest.mark.parametrize(
    ("made", "last"),
    [(date(2026, 9, 1), date(2027, 9, 1)), (date(2028, 2, 29), date(2029, 2, 28))],
)
def test_a_power_of_attorney_without_a_term_holds_for_a_year(made: date, last: date) -> None:
    ground = LETTER.changed(day=made)
    assert last_day_of(Capacity.POWER_OF_ATTORNEY, ground, None) == last
    assert last_day_of(Capacity.POWER_OF_ATTORNEY, ground, day(30)) == day(30)
    assert last_day_of(Capacity.ACTING, ground, None) is None


# What cannot be recorded


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        (a_right("deputy", "head", until=date(2026, 8, 1)), BadDate),
        (a_right("head", "head"), ActsForHimself),
        (a_right("other", "head", since=day(30), until=day(30)), RightTaken),
        (a_right("deputy", "head", capacity=Capacity.POWER_OF_ATTORNEY), RightTaken),
        (a_right("head", since=day(10)), RightTaken),
        (a_right("head", "deputy", since=day(20)), SubstitutionCircle),
    ],
)
def test_what_contradicts_a_recorded_right_is_refused(
    new: MandateRecord, refusal: type[Refused]
) -> None:
    known = [a_right("deputy", "head", id="known"), a_right("head", id="own")]
    with pytest.raises(refusal):
        check_can_add(new, known)


@pytest.mark.parametrize(
    "new",
    [
        a_right("other", "head", since=day(1, 10), until=day(5, 10)),
        a_letter("other", "head"),
        a_right("other", "deputy"),
        a_right("head", "deputy", since=day(1, 10), until=day(5, 10)),
        a_right("deputy"),
    ],
)
def test_what_fits_beside_a_recorded_right_is_taken(new: MandateRecord) -> None:
    check_can_add(new, [a_right("deputy", "head", id="known"), a_right("head", id="own")])


def test_two_may_stand_in_one_place_for_different_kinds() -> None:
    orders = a_right("deputy", "head", kinds=("order_pairs",))
    check_can_add(a_right("other", "head", kinds=("contract",)), [orders])
    with pytest.raises(RightTaken):
        check_can_add(a_right("other", "head", kinds=("contract", "order_pairs")), [orders])
    with pytest.raises(RightTaken):
        check_can_add(a_right("other", "head"), [orders])


def test_a_circle_of_three_is_found_and_one_with_a_gap_is_none() -> None:
    known = [a_right("b", "a"), a_right("c", "b", until=day(10))]
    with pytest.raises(SubstitutionCircle):
        check_can_add(a_right("a", "c"), known)
    check_can_add(a_right("a", "c", since=day(11)), known)


# Ends


@pytest.mark.parametrize(
    ("right", "on", "refusal"),
    [
        (a_right("deputy", "head"), date(2026, 8, 31), BadDate),
        (a_right("deputy", "head"), day(1, 10), RightOver),
        (a_right("deputy", "head").ended(day(15)), day(15), RightOver),
        (a_right("deputy", "head").ended(day(15)), day(10), RightOver),
    ],
)
def test_a_right_ends_once_and_not_before_it_begins(
    right: MandateRecord, on: date, refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        right.check_can_end(on)


def test_a_right_that_was_recorded_by_mistake_may_end_on_its_first_day() -> None:
    right = a_right("deputy", "head")
    right.check_can_end(day(1))
    assert not right.ended(day(1)).is_in_force(day(1))


# A change of the head


def after(
    new: MandateRecord, *known: MandateRecord, held_since: date = LONG_AGO
) -> list[MandateRecord]:
    """All rights after the change."""
    made = succession(new, known, held_since)
    ended = {one.id: one for one in made.ended}
    return [ended.get(one.id, one) for one in known] + list(made.added)


def deciders(known: list[MandateRecord], holder: str, on: date) -> list[str]:
    mandates = Mandates(known=tuple(one.mandate(OMSK) for one in known))
    at = datetime(on.year, on.month, on.day, 12, tzinfo=OMSK)
    return [one.person_id for one in mandates.deciders(holder, "order_pairs", at)]


def test_the_old_heads_right_ends_and_the_new_one_stands_in_that_place() -> None:
    known = after(follower("new", "old", day(15)), a_right("old", since=LONG_AGO))
    assert deciders(known, "old", day(14)) == ["old"]
    assert deciders(known, "old", day(15)) == ["new"]
    assert deciders(known, "new", day(15)) == ["new"]


def test_a_right_that_only_a_launch_gave_is_recorded_as_it_ends() -> None:
    known = after(follower("new", "old", day(15)))
    left = next(one for one in known if one.person_id == "old")
    assert (left.since, left.ended_on, left.instead_of) == (LONG_AGO, day(15), None)
    assert deciders(known, "old", day(14)) == ["old"]
    assert deciders(known, "old", day(15)) == ["new"]


def test_nobody_was_named_before_the_change_is_told() -> None:
    known = after(follower("new", "old", day(15)), held_since=day(20))
    left = next(one for one in known if one.person_id == "old")
    assert (left.since, left.ended_on) == (day(15), day(15))


def test_substitutes_of_the_one_who_leaves_end_with_him() -> None:
    now, later = a_right("deputy", "old"), a_right("other", "old", since=day(1, 11), until=None)
    known = after(follower("new", "old", day(15)), now, later, a_letter("clerk", "old"))
    assert deciders(known, "old", day(14)) == ["deputy"]
    assert deciders(known, "old", day(15)) == ["new"]
    assert deciders(known, "old", day(2, 11)) == ["new"]
    ends = {one.person_id: one.ended_on for one in known if one.instead_of == "old"}
    assert ends == {"deputy": day(15), "other": day(1, 11), "clerk": day(15), "new": None}


def test_a_deputy_who_substituted_may_become_the_head() -> None:
    known = after(follower("deputy", "old", day(15)), a_right("deputy", "old", id="before"))
    assert deciders(known, "old", day(15)) == ["deputy"]


def test_a_second_change_moves_all_places_to_the_third() -> None:
    first = after(follower("second", "first", day(10)))
    known = after(follower("third", "second", day(20)), *first)
    for holder in ("first", "second"):
        assert deciders(known, holder, day(20)) == ["third"]
    assert deciders(known, "first", day(19)) == ["second"]
    assert [one.person_id for one in known if one.is_in_force(day(20))] == ["third", "third"]


def test_who_acted_keeps_what_is_his_own() -> None:
    vacant = [a_right("old").ended(day(5)), acting("deputy", "old", day(5))]
    known = after(follower("new", "deputy", day(15)), *vacant)
    assert deciders(known, "old", day(10)) == ["deputy"]
    assert deciders(known, "old", day(15)) == ["new"]
    assert deciders(known, "deputy", day(15)) == ["deputy"]


def test_who_comes_back_has_a_right_of_his_own_again() -> None:
    away = after(follower("new", "old", day(10)))
    known = after(follower("old", "new", day(20)), *away)
    assert deciders(known, "old", day(19)) == ["new"]
    assert deciders(known, "old", day(20)) == ["old"]
    assert deciders(known, "new", day(20)) == ["old"]


def test_who_was_followed_is_not_followed_twice() -> None:
    known = after(follower("second", "first", day(10)))
    with pytest.raises(RightTaken):
        succession(follower("third", "first", day(20)), known, LONG_AGO)


def test_an_empty_place_is_filled_again() -> None:
    known = after(follower("new", "old", day(15)), a_right("old").ended(day(5)))
    assert deciders(known, "old", day(10)) == []
    assert deciders(known, "old", day(15)) == ["new"]


def test_an_end_that_was_said_for_a_later_day_is_not_moved() -> None:
    with pytest.raises(RightOver):
        after(follower("new", "old", day(15)), a_right("old").ended(day(20)))


def test_nobody_follows_himself() -> None:
    with pytest.raises(ActsForHimself):
        after(follower("old", "old", day(15)))
