"""Figures as pages tell them: with units, years and periods in words, and how each was got."""

from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from api.pages.words import long_day
from api.routes.indicator_reading import CycleIndicators, IndicatorLine, RowLine, TurnLine
from domain.base import Value

NO_FIGURE: Final = "нет данных"
_ROMAN: Final = ("I", "II", "III", "IV")
_MONTHS: Final = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)


class ShownYear(Value):
    """An indicator, or a planned result, in one year. `path` is what is behind its figure."""

    year: str
    fact: str
    path: str
    plan: str
    verdict: str
    how: str


class ShownFigure(Value):
    title: str
    years: tuple[ShownYear, ...]


class ShownGoal(Value):
    """The indicators of one goal."""

    title: str
    figures: tuple[ShownFigure, ...]


class ShownRow(Value):
    """What a figure was counted from; `path` is where more is seen of it, if anywhere."""

    title: str
    path: str
    about: str


def number_words(figure: Decimal | None, unit: str | None = None) -> str:
    """«66,6 %», «4 ед.»; «нет данных»."""
    if figure is None:
        return NO_FIGURE
    number = f"{figure.normalize():f}".replace(".", ",")
    return f"{number}\N{NO-BREAK SPACE}{unit}" if unit else number


def year_words(start: date, end: date) -> str:
    """«2026/27 год» of a season that crosses the new year, else «2026 год»."""
    if start.year == end.year:
        return f"{start.year} год"
    return f"{start.year}/{(start.year + 1) % 100:02} год"


def period_words(period: str) -> str:
    """«II квартал 2027 г.», «1-е полугодие 2027 г.», «май 2027 г.», «весь год»."""
    year, _, part = period.partition("-")
    if not part:
        return "весь год"
    if part.startswith("q"):
        words = f"{_ROMAN[int(part[1]) - 1]} квартал"
    elif part.startswith("h"):
        words = f"{part[1]}-е полугодие"
    else:
        words = _MONTHS[int(part) - 1]
    return f"{words} {year}\N{NO-BREAK SPACE}г."


def how_got(one: IndicatorLine, zone: ZoneInfo) -> str:
    """«посчитано программой», or by whom, when and from where it was entered."""
    if one.measure is not None:
        return "посчитано программой"
    told = [period for period in one.periods if period.entries]
    if not told:
        return ""
    last = max((period.entries[-1] for period in told), key=lambda entry: entry.at)
    day = long_day(last.at.astimezone(zone).date())
    words = f"внесено: {last.by.name}, {day}, источник: {last.source}"
    if one.periods[1:]:
        words = f"периодов {len(told)} из {len(one.periods)}, последнее {words}"
    return words


def goals(found: CycleIndicators, base: str, today: date, zone: ZoneInfo) -> tuple[ShownGoal, ...]:
    """The indicators goal by goal, each with its years; `base` is the page of the cycle."""
    seasons = {one.turn: one for one in found.turns}
    first = [one for one in found.indicators if one.turn == min(seasons)]
    return tuple(
        ShownGoal(
            title=title,
            figures=tuple(
                ShownFigure(
                    title=f"{one.id}. {one.title}",
                    years=tuple(
                        ShownYear(
                            year=year_words(seasons[line.turn].start, seasons[line.turn].end),
                            fact=number_words(line.fact, line.unit),
                            path=f"{base}/indicators/{line.id}?turn={line.turn}",
                            plan="" if line.plan is None else number_words(line.plan, line.unit),
                            verdict=_verdict(seasons[line.turn], today, reached=line.reached),
                            how=how_got(line, zone),
                        )
                        for line in found.indicators
                        if line.id == one.id
                        and (seasons[line.turn].start <= today or line.plan is not None)
                    ),
                )
                for one in group
            ),
        )
        for title, group in groupby(first, lambda one: one.goal)
    )


def results(found: CycleIndicators, base: str, today: date) -> tuple[ShownFigure, ...]:
    """The planned results of the programme, each with the years that have begun."""
    seasons = {one.turn: one for one in found.turns}
    kinds = len(found.targets) // max(1, len(seasons))  # each turn has all of them
    return tuple(
        ShownFigure(
            title=found.targets[place].title,
            years=tuple(
                ShownYear(
                    year=year_words(seasons[one.turn].start, seasons[one.turn].end),
                    fact=number_words(one.fact, one.unit),
                    path=f"{base}/measures/{one.measure}?turn={one.turn}",
                    plan=f"не менее {number_words(Decimal(one.plan), one.unit)}",
                    verdict=_verdict(seasons[one.turn], today, reached=one.reached),
                    how="посчитано программой",
                )
                for one in found.targets[place::kinds]
                if one.plan is not None and seasons[one.turn].start <= today
            ),
        )
        for place in range(kinds)
    )


def row_line(row: RowLine) -> ShownRow:
    """A row behind a figure, in words."""
    many = f"{row.n} · " if row.n != 1 else ""
    day = long_day(row.day) if row.day else ""
    people = [one.name for one in row.people]
    match row.kind:
        case "pair":
            title, path = " → ".join(people) or "пара", f"/pairs/{row.id}"
        case "person":
            title, path = ", ".join(people) or "участник", ""
        case "document":
            title, path = row.title, f"/documents/{row.id}"
        case "proof":
            title, path = row.title, f"/pairs/{row.pair_id}" if row.pair_id else ""
        case "event" | "publication":
            title, path = row.title, f"/{row.kind}s/{row.id}"
        case "organisation":
            title, path = row.title, ""
    return ShownRow(title=title, path=path, about=f"{many}{day}".removesuffix(" · "))


def _verdict(season: TurnLine, today: date, *, reached: bool | None) -> str:
    """Before a year is over, nobody is told that its plan was missed."""
    if reached is None or not (reached or season.end < today):
        return ""
    return "план выполнен" if reached else "план не выполнен"
