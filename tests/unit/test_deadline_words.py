"""Each rule of a deadline in the words of a programme's table."""

from typing import Any, get_args

import pytest
from pydantic import TypeAdapter

from domain.deadline_words import deadline_words
from domain.deadlines import Deadline

_RULE: TypeAdapter[Deadline] = TypeAdapter(Deadline)
MAY_1, NOV_20, NOV_25, DEC_5 = (
    {"month": 5, "day": 1},
    {"month": 11, "day": 20},
    {"month": 11, "day": 25},
    {"month": 12, "day": 5},
)

WORDS: list[tuple[dict[str, Any], str]] = [
    ({"rule": "month", "month": 11}, "ноябрь"),
    ({"rule": "month", "month": 1, "year": "next"}, "январь следующего года"),
    ({"rule": "month", "month": 9, "late_days": 30}, "сентябрь"),
    ({"rule": "months", "first": 8, "last": 9}, "август–сентябрь"),
    ({"rule": "months", "first": 11, "last": 2}, "ноябрь–февраль"),
    ({"rule": "months", "first": 5, "last": 5}, "май"),
    ({"rule": "months", "first": 6, "last": 9, "year": "next"}, "июнь–сентябрь следующего года"),
    ({"rule": "date", "on": {"month": 4, "day": 5}}, "5 апреля"),
    ({"rule": "not_later", "by": MAY_1}, "до 1 мая"),
    ({"rule": "dates", "first": NOV_20, "last": NOV_25}, "20–25 ноября"),
    ({"rule": "dates", "first": NOV_20, "last": DEC_5}, "20 ноября – 5 декабря"),
    ({"rule": "dates", "first": NOV_25, "last": NOV_20}, "25 ноября – 20 ноября"),
    ({"rule": "dates", "first": NOV_20, "last": NOV_20}, "20 ноября"),
    ({"rule": "years"}, "1-й год программы"),
    ({"rule": "years", "first": 1, "last": 2}, "2–3-й годы программы"),
    ({"rule": "yearly"}, "ежегодно"),
    ({"rule": "yearly", "first": 5}, "ежегодно, май"),
    ({"rule": "yearly", "first": 5, "last": 6}, "ежегодно, май–июнь"),
    ({"rule": "times", "times": 1}, "не реже одного раза за учебный год"),
    ({"rule": "times", "times": 2}, "не реже двух раз за учебный год"),
    ({"rule": "times", "times": 12}, "не реже двенадцати раз за учебный год"),
    ({"rule": "all_year"}, "в течение года"),
    ({"rule": "always"}, "постоянно"),
    ({"rule": "end_of_cycle", "days": 14}, "по завершении цикла"),
    ({"rule": "none"}, "срок не задан"),
]


@pytest.mark.parametrize(("rule", "words"), WORDS, ids=[words for _, words in WORDS])
def test_a_deadline_is_said_in_words(rule: dict[str, Any], words: str) -> None:
    said = deadline_words(_RULE.validate_python(rule))
    assert said.replace("\N{NO-BREAK SPACE}", " ") == words


def test_a_day_and_its_month_stay_together() -> None:
    rule = _RULE.validate_python({"rule": "dates", "first": NOV_20, "last": DEC_5})
    assert deadline_words(rule) == ("20\N{NO-BREAK SPACE}ноября – 5\N{NO-BREAK SPACE}декабря")


def test_no_rule_is_without_words() -> None:
    union = get_args(Deadline)[0]
    rules = {one.model_fields["rule"].annotation for one in get_args(union)}
    assert {get_args(rule)[0] for rule in rules} == {str(rule["rule"]) for rule, _ in WORDS}
