"""Deadlines as tables of Word have them."""

from typing import Any

import pytest

from domain.deadline_phrases import LONGEST, read_deadline


def month(number: int, **more: str) -> dict[str, Any]:
    return {"rule": "month", "month": number, **more}


def months(first: int, last: int, **more: str) -> dict[str, Any]:
    return {"rule": "months", "first": first, "last": last, **more}


def dates(first: tuple[int, int], last: tuple[int, int]) -> dict[str, Any]:
    return {"rule": "dates", "first": day(*first), "last": day(*last)}


def by(number: int, of: int) -> dict[str, Any]:
    return {"rule": "not_later", "by": day(number, of)}


def on(number: int, of: int) -> dict[str, Any]:
    return {"rule": "date", "on": day(number, of)}


def day(number: int, of: int) -> dict[str, int]:
    return {"month": of, "day": number}


def yearly(first: int, last: int | None = None) -> dict[str, Any]:
    return {"rule": "yearly", "first": first, "last": last or first}


def times(number: int) -> dict[str, Any]:
    return {"rule": "times", "times": number}


def years(last: int) -> dict[str, Any]:
    return {"rule": "years", "last": last} if last else {"rule": "years"}


ALL_YEAR, ALWAYS, NONE = {"rule": "all_year"}, {"rule": "always"}, {"rule": "none"}
END = {"rule": "end_of_cycle"}

SURE: dict[str, Any] = {
    "ноябрь": month(11),
    "  Ноябрь \n": month(11),
    "март месяц": month(3),
    "май текущего года": month(5),
    "ноя. 2023": month(11),
    "январь следующего года": month(1, year="next"),
    "январь–февраль следующего года": months(1, 2, year="next"),
    "май-июнь": months(5, 6),
    "август – сентябрь": months(8, 9),
    "Октябрь- Ноябрь": months(10, 11),
    "Январь -февраль": months(1, 2),
    "Сентябрь\u00a0—\u00a0октябрь": months(9, 10),
    "сент.-окт.": months(9, 10),
    "ноябрь – февраль": months(11, 2),
    "с сентября по май": months(9, 5),
    "сентябрь, октябрь": months(9, 10),
    "сентябрь и октябрь": months(9, 10),
    "март; апрель": months(3, 4),
    "апрель\nмай": months(4, 5),
    "май-август текущего года": months(5, 8),
    "1 квартал": months(1, 3),
    "I квартал": months(1, 3),
    "3-й квартал": months(7, 9),
    "II–III квартал": months(4, 9),
    "4 кв.": months(10, 12),
    "четвёртый квартал": months(10, 12),
    "первое полугодие учебного года": months(9, 12),
    "25 ноября": on(25, 11),
    "25 ноября 2023 года": on(25, 11),
    "05.04.2024": on(5, 4),
    "20-25 ноября": dates((20, 11), (25, 11)),
    "20–25 ноября текущего года": dates((20, 11), (25, 11)),
    "с 20 по 25 ноября": dates((20, 11), (25, 11)),
    "с 1 сентября по 31 мая": dates((1, 9), (31, 5)),
    "01.09.2023–31.05.2024": dates((1, 9), (31, 5)),
    "с 01.09.2023 по 31.05.2024": dates((1, 9), (31, 5)),
    "28 октября — 3 ноября": dates((28, 10), (3, 11)),
    "первая декада ноября": dates((1, 11), (10, 11)),
    "третья декада мая": dates((21, 5), (31, 5)),
    "вторая половина марта": dates((16, 3), (31, 3)),
    "1-я неделя сентября": dates((1, 9), (7, 9)),
    "последняя неделя мая": dates((25, 5), (31, 5)),
    "не позднее 1 мая": by(1, 5),
    "до 1 мая 2024": by(1, 5),
    "в срок до 01.05.2024 года": by(1, 5),
    "до 25.11": by(25, 11),
    "к 1 сентября": by(1, 9),
    "не позднее 10-го сентября": by(10, 9),
    "не позднее мая": by(31, 5),
    "до конца мая": by(31, 5),
    "2023": years(0),
    "2023 г.": years(0),
    "в течение 2023 года": years(0),
    "2023-2024": years(1),
    "2023–2024 гг.": years(1),
    "2023, 2024 гг.": years(1),
    "2020–2024 годы": years(4),
    "ежегодно": {"rule": "yearly"},
    "2020-2024 гг., ежегодно": {"rule": "yearly"},
    "ежегодно, май": yearly(5),
    "ежегодно в сентябре": yearly(9),
    "Август–сентябрь. Ежегодно": yearly(8, 9),
    "Сентябрь\nЕжегодно": yearly(9),
    "февраль-март (ежегодно)": yearly(2, 3),
    "каждый год, май": yearly(5),
    "II квартал ежегодно": yearly(4, 6),
    "не реже 2 раз в год": times(2),
    "не реже 2-х раз за учебный год": times(2),
    "не реже двух раз в год": times(2),
    "дважды в год": times(2),
    "не менее одного раза в квартал": times(4),
    "раз в полгода": times(2),
    "1 раз в полугодие": times(2),
    "ежеквартально": times(4),
    "ежемесячно": times(12),
    "в течение года": ALL_YEAR,
    "В течении учебного года": ALL_YEAR,
    "весь учебный год": ALL_YEAR,
    "2023/2024 учебный год": ALL_YEAR,
    "2023-24 уч. г.": ALL_YEAR,
    "в течение 2023–2024 учебного года": ALL_YEAR,
    "постоянно": ALWAYS,
    "Постоянно ": ALWAYS,
    "регулярно": ALWAYS,
    "весь период": ALWAYS,
    "в течение всего срока реализации программы": ALWAYS,
    "по завершении программы": END,
}

UNSURE: dict[str, tuple[Any, str]] = {
    "": (NONE, "не указан"),
    " – ": (NONE, "не указан"),
    "до 20–25 ноября": (dates((20, 11), (25, 11)), "два дня"),
    "1, 15 сентября": (dates((1, 9), (15, 9)), "два дня"),
    "октябрь, март": (months(10, 3), "не подряд"),
    "май (по согласованию)": (month(5), "согласованию"),
    "август, далее ежегодно": (yearly(8), "далее"),
    "2023-2024 ежегодное обновление": ({"rule": "yearly"}, "обновление"),
    "ежегодно до 1 июня": (by(1, 6), "season.turns"),
    "2 раза в год (октябрь, апрель)": (times(2), "октябрь апрель"),
    "1-2 раза в год": (times(1), "меньшее"),
    "еженедельно": (ALWAYS, "чаще"),
    "с сентября": (ALWAYS, "начала"),
    "с 1 сентября": (ALWAYS, "начала"),
    "до мая": (by(30, 4), "30.04"),
    "до 2024 года": (years(0), "весь этот год"),
    "сентябрь 2023–2024 гг.": (month(9), "взят последний"),
    "20–25 ноября 2023, 2024 гг.": (dates((20, 11), (25, 11)), "взят последний"),
    "конец мая": (dates((21, 5), (31, 5)), "21-го"),
    "начало учебного года": (month(9), "9-й"),
    "до конца учебного года": (by(31, 5), "31.05"),
    "до конца года": (by(31, 12), "31.12"),
    "1 полугодие": (months(9, 12), "учебное"),
    "3 четверть": (months(1, 3), "обычаю"),
    "осень": (months(9, 11), "календарю"),
    "летний период": (months(6, 8), "календарю"),
    "апрель 2024 – декабрь 2025": (years(1), "дольше года"),
    "по мере необходимости": (ALWAYS, "постоянно"),
    "по запросу": (ALWAYS, "постоянно"),
    "по отдельному плану": (NONE, "другом документе"),
    "согласно графику": (NONE, "другом документе"),
    "после формирования пар": (END, "30 дней"),
    "в течение 10 дней": (NONE, "не понят"),
    "31 ноября": (month(11), "31"),
    "до 30 числа каждого месяца": (NONE, "не понят"),
    "как решит совет": (NONE, "не понят"),
}


@pytest.mark.parametrize("phrase", SURE)
def test_a_plain_phrase_is_a_rule_and_nothing_is_left_over(phrase: str) -> None:
    found = read_deadline(phrase)
    assert found.rule.model_dump(mode="json", exclude_defaults=True) == SURE[phrase]
    assert found.why is None


@pytest.mark.parametrize("phrase", UNSURE)
def test_what_a_rule_cannot_say_is_told(phrase: str) -> None:
    found = read_deadline(phrase)
    rule, why = UNSURE[phrase]
    assert found.rule.model_dump(mode="json", exclude_defaults=True) == rule
    assert why in (found.why or "")


@pytest.mark.parametrize(
    ("phrase", "named"),
    [
        ("ноябрь", None),
        ("сентябрь–октябрь 2023 г.", (2023, 2023)),
        ("сентябрь 2023 г. – май 2024 г.", (2023, 2024)),
        ("2023-24 уч. год", (2023, 2024)),
        ("до 01.05.24", (2024, 2024)),
        ("2023, 2024, 2025 гг.", (2023, 2025)),
        ("сентябрь 2023–2024 уч. г.", (2023, 2023)),
        ("до 20 мая 2023/24 учебного года", (2024, 2024)),
        ("20–25 ноября 2023–2024 учебного года", (2023, 2023)),
        ("октябрь–апрель 2023–2024 учебного года", (2023, 2024)),
        ("август–сентябрь 2023–2024 уч. года", (2023, 2023)),
    ],
)
def test_the_years_that_are_named_are_told(phrase: str, named: tuple[int, int] | None) -> None:
    assert read_deadline(phrase).years == named


def test_an_essay_is_no_deadline() -> None:
    found = read_deadline("май " * LONGEST)
    assert (found.rule.rule, found.why) == ("none", "слишком длинно для срока")
