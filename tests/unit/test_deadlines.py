"""Every rule of a deadline, and the windows that it gives in a cycle."""

import itertools
from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.deadlines import Deadline, Period, add_months, windows

RULE: TypeAdapter[Deadline] = TypeAdapter(Deadline)

SCHOOL = ("2024-09-01", "2025-08-31")
COLLEGE = ("2024-08-01", "2025-09-30")
NINE_MONTHS = ("2024-09-01", "2025-05-31")
CALENDAR = ("2024-01-01", "2024-12-31")
SPRING = ("2024-05-01", "2025-04-30")
THREE_YEARS = ("2023-09-01", "2026-08-31")

# What it shows, the rule, the cycle, the windows.
CASES: list[tuple[str, dict[str, Any], tuple[str, str], list[tuple[str, str | None]]]] = [
    ("a month", {"rule": "month", "month": 11}, SCHOOL, [("2024-11-01", "2024-11-30")]),
    ("after new year", {"rule": "month", "month": 2}, SCHOOL, [("2025-02-01", "2025-02-28")]),
    ("a leap year", {"rule": "month", "month": 2}, CALENDAR, [("2024-02-01", "2024-02-29")]),
    ("the first month", {"rule": "month", "month": 9}, SCHOOL, [("2024-09-01", "2024-09-30")]),
    (
        "the month under way",
        {"rule": "month", "month": 9},
        ("2024-09-17", "2025-08-31"),
        [("2024-09-01", "2024-09-30")],
    ),
    (
        "the month before the start",
        {"rule": "month", "month": 8},
        SCHOOL,
        [("2025-08-01", "2025-08-31")],
    ),
    (
        "January of the next year, school year",
        {"rule": "month", "month": 1, "year": "next"},
        SCHOOL,
        [("2025-01-01", "2025-01-31")],
    ),
    (
        "January of the next year, calendar year",
        {"rule": "month", "month": 1, "year": "next"},
        CALENDAR,
        [("2025-01-01", "2025-01-31")],
    ),
    (
        "January and February of the next year",
        {"rule": "months", "first": 1, "last": 2, "year": "next"},
        SPRING,
        [("2025-01-01", "2025-02-28")],
    ),
    (
        "August and September",
        {"rule": "months", "first": 8, "last": 9},
        COLLEGE,
        [("2024-08-01", "2024-09-30")],
    ),
    (
        "a span under way at the start",
        {"rule": "months", "first": 8, "last": 9},
        SCHOOL,
        [("2024-08-01", "2024-09-30")],
    ),
    (
        "June to September of the next year",
        {"rule": "months", "first": 6, "last": 9, "year": "next"},
        COLLEGE,
        [("2025-06-01", "2025-09-30")],
    ),
    (
        "a span across new year",
        {"rule": "months", "first": 11, "last": 2},
        SCHOOL,
        [("2024-11-01", "2025-02-28")],
    ),
    (
        "a span across new year that is under way",
        {"rule": "months", "first": 11, "last": 2},
        ("2024-01-15", "2024-12-31"),
        [("2023-11-01", "2024-02-29")],
    ),
    (
        "a date",
        {"rule": "date", "on": {"month": 4, "day": 5}},
        SCHOOL,
        [("2025-04-05", "2025-04-05")],
    ),
    (
        "29 February in a leap year",
        {"rule": "date", "on": {"month": 2, "day": 29}},
        CALENDAR,
        [("2024-02-29", "2024-02-29")],
    ),
    (
        "29 February in a common year",
        {"rule": "date", "on": {"month": 2, "day": 29}},
        SCHOOL,
        [("2025-02-28", "2025-02-28")],
    ),
    (
        "the 31st",
        {"rule": "not_later", "by": {"month": 12, "day": 31}},
        SCHOOL,
        [("2024-09-01", "2024-12-31")],
    ),
    (
        "not later than 1 May",
        {"rule": "not_later", "by": {"month": 5, "day": 1}},
        SCHOOL,
        [("2024-09-01", "2025-05-01")],
    ),
    (
        "not later than the day of the start",
        {"rule": "not_later", "by": {"month": 9, "day": 1}},
        SCHOOL,
        [("2024-09-01", "2024-09-01")],
    ),
    (
        "20 to 25 November",
        {"rule": "dates", "first": {"month": 11, "day": 20}, "last": {"month": 11, "day": 25}},
        SCHOOL,
        [("2024-11-20", "2024-11-25")],
    ),
    (
        "dates across new year",
        {"rule": "dates", "first": {"month": 12, "day": 20}, "last": {"month": 1, "day": 15}},
        SCHOOL,
        [("2024-12-20", "2025-01-15")],
    ),
    (
        "dates under way",
        {"rule": "dates", "first": {"month": 8, "day": 20}, "last": {"month": 9, "day": 15}},
        SCHOOL,
        [("2024-08-20", "2024-09-15")],
    ),
    ("the first calendar year", {"rule": "years"}, SCHOOL, [("2024-09-01", "2024-12-31")]),
    (
        "both calendar years",
        {"rule": "years", "first": 0, "last": 1},
        SCHOOL,
        [("2024-09-01", "2025-12-31")],
    ),
    (
        "the second calendar year",
        {"rule": "years", "first": 1, "last": 1},
        SCHOOL,
        [("2025-01-01", "2025-12-31")],
    ),
    (
        "yearly with months",
        {"rule": "yearly", "first": 8, "last": 9},
        THREE_YEARS,
        [
            ("2023-08-01", "2023-09-30"),
            ("2024-08-01", "2024-09-30"),
            ("2025-08-01", "2025-09-30"),
        ],
    ),
    (
        "yearly in one month",
        {"rule": "yearly", "first": 5},
        THREE_YEARS,
        [
            ("2024-05-01", "2024-05-31"),
            ("2025-05-01", "2025-05-31"),
            ("2026-05-01", "2026-05-31"),
        ],
    ),
    (
        "yearly",
        {"rule": "yearly"},
        THREE_YEARS,
        [
            ("2023-09-01", "2024-08-31"),
            ("2024-09-01", "2025-08-31"),
            ("2025-09-01", "2026-08-31"),
        ],
    ),
    ("yearly never", {"rule": "yearly", "first": 6}, ("2024-09-01", "2024-12-31"), []),
    (
        "twice a school year",
        {"rule": "times", "times": 2},
        SCHOOL,
        [("2024-09-01", "2025-03-01"), ("2025-03-02", "2025-08-31")],
    ),
    (
        "twice a school year, the cycle a month longer on both sides",
        {"rule": "times", "times": 2},
        COLLEGE,
        [("2024-09-01", "2025-03-01"), ("2025-03-02", "2025-08-31")],
    ),
    (
        "twice a school year, from April",
        {"rule": "times", "times": 2},
        ("2024-04-01", "2025-08-31"),
        [
            ("2024-04-01", "2024-08-31"),
            ("2024-09-01", "2025-03-01"),
            ("2025-03-02", "2025-08-31"),
        ],
    ),
    (
        "once a school year, in a cycle of two months",
        {"rule": "times", "times": 1},
        ("2024-10-01", "2024-11-30"),
        [("2024-10-01", "2024-11-30")],
    ),
    ("all year", {"rule": "all_year"}, COLLEGE, [("2024-08-01", "2025-07-31")]),
    ("a short year", {"rule": "all_year"}, NINE_MONTHS, [("2024-09-01", "2025-05-31")]),
    ("always", {"rule": "always"}, THREE_YEARS, [("2023-09-01", "2026-08-31")]),
    ("the end", {"rule": "end_of_cycle"}, SCHOOL, [("2025-08-02", "2025-08-31")]),
    ("the last day", {"rule": "end_of_cycle", "days": 1}, SCHOOL, [("2025-08-31", "2025-08-31")]),
    (
        "an end longer than the cycle",
        {"rule": "end_of_cycle", "days": 999},
        SCHOOL,
        [("2024-09-01", "2025-08-31")],
    ),
    ("no deadline", {"rule": "none"}, SCHOOL, [("2024-09-01", None)]),
]


@pytest.mark.parametrize(
    ("rule", "cycle", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_rule_gives_its_windows(
    rule: dict[str, Any], cycle: tuple[str, str], expected: list[tuple[str, str | None]]
) -> None:
    period = Period.model_validate({"start": cycle[0], "end": cycle[1]})
    found = windows(RULE.validate_python(rule), period)
    assert [(w.opens.isoformat(), w.due and w.due.isoformat()) for w in found] == expected


@pytest.mark.parametrize("times", range(1, 13))
def test_parts_of_a_school_year_follow_each_other_without_gap(times: int) -> None:
    period = Period(start=date(2023, 9, 1), end=date(2024, 8, 31))
    found = windows(RULE.validate_python({"rule": "times", "times": times}), period)
    assert len(found) == times
    assert (found[0].opens, found[-1].due) == (period.start, period.end)
    for earlier, later in itertools.pairwise(found):
        assert earlier.due is not None
        assert (later.opens - earlier.due).days == 1


@pytest.mark.parametrize(
    "rule",
    [
        {"rule": "month", "month": 13},
        {"rule": "month", "month": 0},
        {"rule": "date", "on": {"month": 2, "day": 30}},
        {"rule": "date", "on": {"month": 6, "day": 31}},
        {"rule": "years", "first": 1, "last": 0},
        {"rule": "yearly", "last": 5},
        {"rule": "times", "times": 0},
        {"rule": "times", "times": 13},
        {"rule": "month", "month": 5, "late_days": 0},
        {"rule": "sometimes"},
        {"rule": "month", "month": 5, "mouth": 6},
    ],
)
def test_a_rule_that_cannot_be_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RULE.validate_python(rule)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2023-01-31", 1, "2023-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-08-31", 13, "2025-09-30"),
        ("2024-12-01", 1, "2025-01-01"),
        ("2024-05-15", 0, "2024-05-15"),
    ],
)
def test_months_are_added_within_the_calendar(day: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), months).isoformat() == expected


def test_a_period_does_not_end_before_it_starts() -> None:
    with pytest.raises(ValidationError):
        Period(start=date(2024, 9, 2), end=date(2024, 9, 1))
