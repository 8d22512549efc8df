"""The season of a table, and its deadlines as that season counts them."""

from typing import Any

import pytest

from domain.deadline_phrases import read_deadline
from domain.deadlines import MonthDay
from domain.season_reading import Settled, read_season, settled

CASES = [
    # What the rows say, when the cycle begins and how long it takes.
    (("ноябрь", "декабрь", "январь–февраль", "постоянно"), (11, 12)),
    (("август–сентябрь", "сентябрь", "июнь–сентябрь", "в течение года"), (8, 14)),
    (("2023–2024", "2023"), (1, 24)),
    (("сентябрь–октябрь 2023 г.", "май 2024"), (9, 12)),
    (("декабрь 2023", "сентябрь 2023"), (9, 12)),
    (("октябрь", "январь следующего года", "март следующего года"), (10, 12)),
    (("май", "сентябрь следующего года"), (5, 17)),
    (("до 1 мая 2024", "сентябрь 2023"), (9, 12)),
    (("2023/2024 учебный год", "май 2024"), (9, 12)),
    (("сентябрь 2023", "2023–2025 гг."), (9, 28)),
    (("в течение года", "постоянно", ""), (9, 12)),
    (("в течение года", "ноябрь"), (11, 12)),
    (("сентябрь 2023–2024 уч. г.", "май 2023–2024 уч. г."), (9, 12)),
]


@pytest.mark.parametrize(("phrases", "expected"), CASES)
def test_the_season_holds_all_deadlines(
    phrases: tuple[str, ...], expected: tuple[int, int]
) -> None:
    found = read_season([read_deadline(one) for one in phrases], None, None)
    assert (found.season.month, found.season.months) == expected
    assert "--start" in (found.why or "")


def test_what_the_caller_says_is_taken_as_it_is() -> None:
    read = [read_deadline("ноябрь")]
    found = read_season(read, MonthDay(month=9, day=15), 10)
    assert (found.season.month, found.season.day, found.season.months) == (9, 15, 10)
    assert found.why is None


@pytest.mark.parametrize(
    ("phrase", "rule", "why"),
    [
        ("2024–2025 гг.", {"rule": "years", "first": 1, "last": 2}, None),
        ("2022 г.", {"rule": "none"}, "год раньше"),
        ("сентябрь 2023", {"rule": "month", "month": 9}, None),
        ("сентябрь 2024", {"rule": "month", "month": 9, "year": "next"}, None),
        ("май 2024", {"rule": "month", "month": 5}, None),
        ("май 2026", {"rule": "month", "month": 5}, "2026"),
        (
            "август–октябрь",
            {"rule": "months", "first": 8, "last": 10, "year": "next"},
            "пересекает",
        ),
        (
            "ежегодно, август–октябрь",
            {"rule": "months", "first": 8, "last": 10, "year": "next"},
            "пересекает",
        ),
        ("по запросу", {"rule": "always"}, "постоянно"),
    ],
)
def test_a_deadline_is_counted_from_the_first_year(
    phrase: str, rule: dict[str, Any], why: str | None
) -> None:
    found, told = _settled(phrase, months=36)
    assert found == rule
    assert (why is None) == (told is None)
    assert (why or "") in (told or "")


def test_a_deadline_outside_of_the_season_is_no_rule() -> None:
    found, told = _settled("июль", months=6)
    assert found == {"rule": "none"}
    assert told == "срок лежит вне цикла"


def _settled(phrase: str, months: int) -> tuple[dict[str, Any], str | None]:
    """In a season from September 2023."""
    begun = read_deadline("1 сентября 2023")
    read = read_deadline(phrase)
    season = read_season([begun], MonthDay(month=9, day=1), months)
    found: Settled = settled(read, season)
    return found.rule.model_dump(mode="json", exclude_defaults=True), found.why
