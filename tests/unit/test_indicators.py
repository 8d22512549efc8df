"""Indicators that people enter: periods, refusals, what values come to; what a roadmap says."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.deadlines import Period
from domain.errors import FuturePeriod, IndicatorComputed, IndicatorUnknown, NotWhole, Refused
from domain.indicators import (
    GivenValue,
    check_can_enter,
    is_given,
    is_reached,
    periods_of,
    total_of,
    unit_of,
)
from domain.planning import turn_of_item
from domain.roadmap import Indicator
from domain.roadmap_checks import complaints
from tests.roadmap_builders import KINDS, a_result, a_roadmap, a_step, an_order_step

SEASON = Period(start=date(2026, 8, 1), end=date(2027, 9, 30))
"""Fourteen months: the last two belong to the next turn too."""


def an_indicator(**fields: Any) -> Indicator:  # noqa: ANN401 - any field
    return Indicator.model_validate({"id": "1.1", "title": "Договоры", "unit": "ед.", **fields})


def names(one: Indicator) -> list[str]:
    return [period.id for period in periods_of(one, SEASON)]


def test_a_value_is_entered_once_a_turn_unless_the_roadmap_says_otherwise() -> None:
    (whole,) = periods_of(an_indicator(), SEASON)
    assert (whole.id, whole.start, whole.end) == ("turn", SEASON.start, SEASON.end)


def test_periods_are_parts_of_calendar_years_and_end_with_twelve_months() -> None:
    assert names(an_indicator(period="half")) == ["2026-h2", "2027-h1", "2027-h2"]
    quarters = ["2026-q3", "2026-q4", "2027-q1", "2027-q2", "2027-q3"]
    assert names(an_indicator(period="quarter")) == quarters
    months = names(an_indicator(period="month"))
    assert (months[0], months[-1], len(months)) == ("2026-08", "2027-07", 12)


def test_periods_follow_one_another_without_gaps() -> None:
    found = periods_of(an_indicator(period="quarter"), SEASON)
    assert [(one.start.isoformat(), one.end.isoformat()) for one in found[:2]] == [
        ("2026-07-01", "2026-09-30"),
        ("2026-10-01", "2026-12-31"),
    ]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"indicator": "9"}, IndicatorUnknown),
        ({"turn": 2}, IndicatorUnknown),
        ({"period": "2026-q3"}, IndicatorUnknown),
        ({"indicator": "1.2"}, IndicatorComputed),
        ({"value": "2.5"}, NotWhole),
        ({"indicator": "1.3", "period": "2026-q4"}, FuturePeriod),
        ({"indicator": "1.3", "period": "2028-q1"}, IndicatorUnknown),
        ({"indicator": "1.3", "period": "turn"}, IndicatorUnknown),
    ],
)
def test_what_cannot_be_entered_is_refused(
    given: dict[str, object], refusal: type[Refused]
) -> None:
    known = {"indicator": "1.1", "turn": 1, "value": "2", "source": "отчёт"}
    wish = GivenValue.model_validate({**known, **given})
    with pytest.raises(refusal):
        check_can_enter(wish, THREE, {1: SEASON}, date(2026, 9, 30))


@pytest.mark.parametrize(
    "given",
    [
        {"indicator": "1.1", "value": "2.000"},
        {"indicator": "1.3", "period": "2026-q3", "value": "2"},
        {"indicator": "1.4", "value": "2.5"},
    ],
)
def test_what_can_be_entered_is_taken(given: dict[str, object]) -> None:
    wish = GivenValue.model_validate({"turn": 1, "source": "отчёт", **given})
    check_can_enter(wish, THREE, {1: SEASON}, date(2026, 9, 30))


THREE = a_roadmap(
    indicators=[
        {
            "title": "Задача",
            "indicators": [
                {"id": "1.1", "title": "Договоры", "unit": "ед."},
                {"id": "1.2", "title": "Пары", "measure": "pairs"},
                {"id": "1.3", "title": "Обращения", "unit": "ед.", "period": "quarter"},
                {"id": "1.4", "title": "Рост", "unit": "%"},
            ],
        }
    ]
)


def test_values_of_periods_are_summed_or_the_last_one_counts() -> None:
    values = [Decimal("1.5"), Decimal(4)]
    assert total_of(an_indicator(), values) == Decimal("5.5")
    assert total_of(an_indicator(total="last"), values) == 4
    assert total_of(an_indicator(), []) is None


@pytest.mark.parametrize(
    ("given", "today", "expected"),
    [
        ((), date(2026, 8, 1), False),
        (("2026-q3",), date(2026, 9, 30), True),
        (("2026-q3",), date(2026, 12, 31), True),
        (("2026-q3",), date(2027, 1, 1), False),
        (("2026-q4",), date(2026, 10, 1), False),
    ],
)
def test_every_period_that_is_over_needs_a_value(
    given: tuple[str, ...], today: date, expected: bool
) -> None:
    periods = periods_of(an_indicator(period="quarter"), SEASON)
    assert is_given(periods, given, today) is expected


def test_of_complaints_the_fewer_the_better() -> None:
    assert is_reached(an_indicator(), Decimal(3), Decimal(3)) is True
    assert is_reached(an_indicator(), Decimal(3), Decimal(2)) is False
    assert is_reached(an_indicator(better="less"), Decimal(3), Decimal(2)) is True
    assert is_reached(an_indicator(better="less"), Decimal(3), Decimal(4)) is False
    assert is_reached(an_indicator(), None, Decimal(3)) is None
    assert is_reached(an_indicator(), Decimal(3), None) is None


@pytest.mark.parametrize(
    ("item", "turn"), [("1.7", 1), ("1.7@3", 3), ("2@2#4", 2), (f"1@10/{'a' * 16}", 10)]
)
def test_an_items_id_says_its_turn(item: str, turn: int) -> None:
    assert turn_of_item(item) == turn


def test_the_unit_of_what_is_counted_is_the_measures() -> None:
    assert unit_of(an_indicator(unit=None, measure="minors")) == "чел."
    assert unit_of(an_indicator(unit=None)) is None


def test_only_what_is_entered_is_asked_of_people() -> None:
    assert THREE.entered_indicators() == ("1.1", "1.3", "1.4")


@pytest.mark.parametrize(
    ("fields", "place", "words"),
    [
        ({"unit": None}, (), "нет единицы"),
        ({"plan": {2: 5}}, ("plan", "2"), "план на 2-й год, а лет у программы 1"),
        ({"steps": ["1"]}, ("steps",), "указывают вместе с measure"),
        ({"unit": "%", "period": "month"}, (), "не складывают"),
        ({"measure": "minors"}, ("unit",), "впишите чел."),
        ({"unit": None, "measure": "events", "steps": ["7"]}, ("steps", 0), "строки «7» нет"),
        ({"unit": None, "measure": "pairs", "steps": ["1"]}, ("steps",), "по всей программе"),
        ({"measure": "pairs", "period": "month"}, ("period",), "для вносимых"),
        (
            {"unit": None, "measure": "matched_percent", "plan": {1: "99.95"}},
            ("plan",),
            "до десятой",
        ),
    ],
)
def test_what_is_wrong_with_an_indicator_is_told(
    fields: dict[str, object], place: tuple[str | int, ...], words: str
) -> None:
    roadmap = a_roadmap(
        indicators=[{"title": "Задача", "indicators": [an_indicator(**fields).model_dump()]}]
    )
    (found,) = complaints(roadmap, KINDS)
    assert found.at == ("indicators", 0, "indicators", 0, *place)
    assert words in found.text


def test_good_indicators_of_every_sort_pass() -> None:
    good = [
        an_indicator(plan={1: 4}),
        an_indicator(id="1.2", unit=None, measure="events", steps=("1",)),
        an_indicator(id="1.3", unit="%", period="quarter", total="last"),
        an_indicator(id="1.4", unit=None, measure="below_matched_percent", plan={1: "99.5"}),
    ]
    steps = [
        a_step(results=[a_result(by={"proof": "indicators"})]),
        an_order_step(),
    ]
    indicators = [{"title": "Задача", "indicators": [one.model_dump() for one in good]}]
    assert complaints(a_roadmap(indicators=indicators, steps=steps), KINDS) == ()


def test_a_planned_result_is_told_in_the_unit_that_it_is_counted_in() -> None:
    target = {"title": "Пары", "measure": "matched_percent", "at_least": 100, "unit": "чел."}
    (found,) = complaints(a_roadmap(targets=[target]), KINDS)
    assert (found.at, "впишите %" in found.text) == (("targets", 0, "unit"), True)
