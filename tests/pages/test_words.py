"""Dates and counts as people say them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from api.pages.words import (
    late_by,
    long_day,
    moment,
    plural,
    set_for,
    short_day,
    stopped,
    until,
    was_due,
)

TODAY = date(2026, 11, 24)


def plain(words: str) -> str:
    return words.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (1, "1 день"),
        (2, "2 дня"),
        (5, "5 дней"),
        (11, "11 дней"),
        (21, "21 день"),
        (104, "104 дня"),
        (112, "112 дней"),
    ],
)
def test_a_count_has_its_ending(n: int, words: str) -> None:
    assert plain(plural(n, "день", "дня", "дней")) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 24), "до вторника, 24 ноября (сегодня)"),
        (date(2026, 11, 25), "до среды, 25 ноября (завтра)"),
        (date(2026, 11, 27), "до пятницы, 27 ноября (через 3 дня)"),
        (date(2026, 12, 8), "до вторника, 8 декабря (через 14 дней)"),
        (date(2026, 12, 9), "до 9 декабря"),
        (date(2027, 1, 20), "до 20 января 2027 г."),
    ],
)
def test_a_near_day_has_its_weekday_and_its_distance(day: date, words: str) -> None:
    assert plain(until(day, TODAY)) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 24), "на вторник, 24 ноября (сегодня)"),
        (date(2026, 11, 25), "на среду, 25 ноября (завтра)"),
        (date(2026, 11, 20), "на 20 ноября"),
        (date(2027, 1, 20), "на 20 января 2027 г."),
    ],
)
def test_what_is_set_for_a_day_says_so(day: date, words: str) -> None:
    assert plain(set_for(day, TODAY)) == words


def test_a_day_of_another_year_says_so() -> None:
    assert plain(short_day(date(2026, 11, 1), TODAY)) == "1 ноября"
    assert plain(short_day(date(2025, 11, 1), TODAY)) == "1 ноября 2025 г."


def test_lateness_is_counted_in_days() -> None:
    assert plain(late_by(date(2026, 11, 22), TODAY)) == "просрочено на 2 дня"
    assert late_by(TODAY, TODAY) == "просрочено"
    assert plain(was_due(date(2026, 11, 22), TODAY)) == "срок был 22 ноября"


def test_a_moment_is_told_in_the_organisations_own_zone() -> None:
    at = datetime(2026, 11, 22, 21, 5, tzinfo=UTC)
    assert plain(moment(at, ZoneInfo("Asia/Omsk"))) == "23 ноября 2026 г. в 03:05"


def test_a_sentence_has_one_full_stop() -> None:
    assert stopped(long_day(TODAY)).count(".") == 1
    assert stopped("Действует") == "Действует."
