"""What reports are asked to say, how figures are read, and what they come to together."""

from decimal import Decimal

import pytest

from domain.errors import BadFigures
from domain.measures import MEASURES, OWN
from domain.report_forms import USUAL, Asked, Figures, asked_of, checked, figures_of
from domain.report_sums import SumLine, figure_in, folded, said_in, sums
from tests.adapters.nested import a_below_roadmap, an_upper_roadmap

PAIRS = Asked(name="pairs", title="Пары", unit="ед.")
YOUNG = Asked(name="staff_under_35", title="Сотрудники до 35 лет", unit="чел.")
SUPPORTED = Asked(name="staff_under_35_supported", title="из них", unit="чел.")
GROWTH = Asked(name="indicator:1.2", title="1.2. Рост", unit="%", entered=True)


def test_what_is_usual_is_asked_and_what_the_upper_programme_sums_up() -> None:
    plain = an_upper_roadmap()
    summing = plain.model_validate(
        {
            **plain.model_dump(mode="json"),
            "targets": [
                {
                    "title": "Охват",
                    "measure": "below_novices_matched_percent",
                    "at_least": 70,
                    "unit": "%",
                }
            ],
        }
    )

    usual = {one.name for one in asked_of(plain, None)}
    asked = {one.name for one in asked_of(summing, None)}

    assert usual == USUAL
    assert asked - usual == {"novices", "novices_matched"}, "as two counts, never as a share"
    assert all(OWN[name].part is None for name in asked)


def test_indicators_that_nothing_counts_are_asked_of_those_below() -> None:
    entered = [one for one in asked_of(an_upper_roadmap(), a_below_roadmap()) if one.entered]

    assert [(one.name, one.title, one.unit) for one in entered] == [
        ("indicator:1.1", "1.1. Договоры", "ед."),
        ("indicator:1.2", "1.2. Рост", "%"),
    ]


@pytest.mark.parametrize("words", ["", " ", "-1", "1.5", "много", "10000001", "１２"])
def test_a_count_is_a_whole_number(words: str) -> None:
    figures, wrong = figures_of([PAIRS], {"pairs": words})

    assert (figures, list(wrong)) == ({}, ["pairs"])


def test_zero_is_said_and_an_indicator_may_be_left_empty() -> None:
    assert figures_of([PAIRS, GROWTH], {"pairs": " 0 "}) == ({"pairs": 0}, {})
    assert figures_of([GROWTH], {GROWTH.name: "2,5"}) == ({GROWTH.name: "2.5"}, {})
    assert list(figures_of([GROWTH], {GROWTH.name: "2,5555"})[1]) == [GROWTH.name]


def test_a_part_is_never_more_than_its_whole() -> None:
    _, wrong = figures_of([YOUNG, SUPPORTED], {YOUNG.name: "3", SUPPORTED.name: "4"})

    assert wrong == {SUPPORTED.name: "больше, чем «Сотрудники до 35 лет»: проверьте оба числа"}


def test_every_mistake_is_told_at_once_and_nothing_is_taken() -> None:
    with pytest.raises(BadFigures) as refused:
        checked([PAIRS, YOUNG], {"pairs": "x", "mentors": "1"})

    assert str(refused.value).splitlines() == [
        "Ошибок: 3. Ничего не принято.",
        "Пары: ждём целое число от 0 до 10000000",
        "Сотрудники до 35 лет: нет числа; если считать нечего, впишите 0",
        "mentors: такого показателя в форме нет",
    ]


def summed(*reports: Figures, accepted: tuple[int, ...] = ()) -> dict[str, SumLine]:
    entered = {GROWTH.name: GROWTH}
    found = sums({n: folded(one) for n, one in enumerate(reports)}, accepted, entered)
    return {one.name: one for one in found}


def test_counts_are_added_up_and_those_of_accepted_reports_apart() -> None:
    found = summed({"pairs": 1}, {"pairs": 2}, {"pairs": 4}, accepted=(1, 2))

    assert (found["pairs"].value, found["pairs"].accepted, found["pairs"].reports) == ("7", "6", 3)


def test_a_share_of_a_sum_is_not_the_mean_of_shares() -> None:
    found = summed(
        {YOUNG.name: 1, SUPPORTED.name: 1},  # 100 %
        {YOUNG.name: 99, SUPPORTED.name: 0},  # 0 %
    )

    assert found["staff_under_35_supported_percent"].value == "1"


def test_a_share_without_a_whole_is_not_shown() -> None:
    assert summed({SUPPORTED.name: 1}).keys() == {SUPPORTED.name}
    found = summed({YOUNG.name: 0, SUPPORTED.name: 0})
    assert found["staff_under_35_supported_percent"].value is None


def test_shares_that_were_entered_are_never_added() -> None:
    found = summed({GROWTH.name: "50"}, {GROWTH.name: "10"})

    assert (found[GROWTH.name].value, found[GROWTH.name].reports) == (None, 2)


def test_indicators_stand_in_the_order_of_their_numbers() -> None:
    report: Figures = {"indicator:1.10": "1", "indicator:1.9": "1", "pairs": 1, "indicator:2": "1"}

    assert list(summed(report)) == ["pairs", "indicator:1.9", "indicator:1.10", "indicator:2"]
    assert [one.title for one in said_in(report, {})][1:] == [
        "Показатель 1.9",
        "Показатель 1.10",
        "Показатель 2",
    ]


@pytest.mark.parametrize("name", [one.name for one in OWN.values() if one.part is None])
def test_every_count_of_a_report_is_in_its_sum(name: str) -> None:
    """Also what a municipality has summed up below itself."""
    below = f"below_{name}"
    assert below in MEASURES
    (line,) = [one for one in summed({name: 2, below: 40}).values() if one.name == name]
    assert line.value is not None
    assert Decimal(line.value) == Decimal(str(figure_in(folded({name: 2, below: 40}), name))) == 42
