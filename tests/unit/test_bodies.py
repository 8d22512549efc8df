"""Quorums, and the periods in which a body sits so often."""

from datetime import date

import pytest
from pydantic import ValidationError

from domain.bodies import Every, Quorum, period_of


@pytest.mark.parametrize(
    ("share", "members", "needed"),
    [
        ((1, 2), 10, 6),  # more than a half
        ((1, 2), 11, 6),
        ((2, 4), 10, 6),
        ((1, 2), 1, 1),
        ((2, 3), 9, 6),  # at least so many
        ((2, 3), 10, 7),
        ((1, 1), 7, 7),
        ((2, 3), 0, 1),
        ((1, 2), 0, 1),
    ],
)
def test_a_half_means_more_than_a_half_and_any_other_share_at_least_that(
    share: tuple[int, int], members: int, needed: int
) -> None:
    numerator, denominator = share
    assert Quorum(numerator=numerator, denominator=denominator).needed(members) == needed


@pytest.mark.parametrize("share", [(1, 3), (3, 2), (0, 1), (49, 99)])
def test_a_quorum_is_between_a_half_and_all(share: tuple[int, int]) -> None:
    numerator, denominator = share
    with pytest.raises(ValidationError):
        Quorum(numerator=numerator, denominator=denominator)


@pytest.mark.parametrize(
    ("every", "day", "start", "end"),
    [
        (Every.SCHOOL_YEAR, date(2026, 8, 31), date(2025, 9, 1), date(2026, 8, 31)),
        (Every.SCHOOL_YEAR, date(2026, 9, 1), date(2026, 9, 1), date(2027, 8, 31)),
        (Every.YEAR, date(2028, 2, 29), date(2028, 1, 1), date(2028, 12, 31)),
        (Every.QUARTER, date(2026, 3, 31), date(2026, 1, 1), date(2026, 3, 31)),
        (Every.QUARTER, date(2026, 6, 30), date(2026, 4, 1), date(2026, 6, 30)),
        (Every.QUARTER, date(2026, 12, 1), date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_has_the_day_in_it(every: Every, day: date, start: date, end: date) -> None:
    period = period_of(every, day)
    assert (period.start, period.end) == (start, end)
