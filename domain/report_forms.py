"""What a report from an organisation below is asked to say, and how its figures are read.

Whoever uses the system is not asked: its figures are counted. A form is filled by those who do
not, or by somebody in their place.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from domain.base import Value
from domain.errors import BadFigures
from domain.measures import BELOW, MEASURES, OWN
from domain.people import Form
from domain.roadmap import Roadmap

INDICATOR: Final = "indicator:"
"""Begins the name of a figure that is entered: the indicator's number follows."""

Figure = int | str
"""A count, or what was entered for an indicator."""
Figures = Mapping[str, Figure]

MOST: Final = 10_000_000
USUAL: Final = frozenset(
    {
        *("pairs", "pairs_completed", "pairs_stopped", *(f"pairs_{form}" for form in Form)),
        *("mentors", "mentees", "mentees_unmatched", "minors", "meetings"),
        *("staff_under_35", "staff_under_35_supported"),
        *("agreements", "individual_plans", "events", "publications", "answers"),
    }
)
_COUNT: Final = re.compile(r"[0-9]{1,9}")
_ENTERED: Final = re.compile(r"[0-9]{1,9}([.,][0-9]{1,3})?")


class Asked(Value):
    """A figure that a form asks for; one that is `entered` may be left empty."""

    name: str
    title: str
    unit: str | None
    entered: bool = False


class ReportForm(Value):
    """A form for one report of one organisation. `key` says of which, so that no form is taken
    for another; `figures` are known before anybody fills it.
    """

    key: str
    organisation: str
    programme: str
    title: str
    year: str
    asked: tuple[Asked, ...]
    figures: dict[str, Figure] = {}


def asked_of(upper: Roadmap, below: Roadmap | None) -> tuple[Asked, ...]:
    """What those who work by `below` report to a cycle of `upper`: what is usual, all that the
    upper programme sums up, and the indicators that nothing counts.
    """
    names = USUAL | set(_summed(upper))
    counts = (one for one in OWN.values() if one.part is None and one.name in names)
    asked = [Asked(name=one.name, title=one.title, unit=one.unit) for one in counts]
    return (*asked, *(_entered(below) if below else ()))


def _summed(upper: Roadmap) -> Iterator[str]:
    """Percentages are asked for as the two counts that they are taken of."""
    planned = (target.measure for target in upper.targets)
    counted = (one.measure for group in upper.indicators for one in group.indicators)
    for name in (*planned, *counted):
        if name is not None and name.startswith(BELOW):
            one = MEASURES[name]
            for needed in (one.part, one.whole) if one.part else (name,):
                yield str(needed).removeprefix(BELOW)


def _entered(below: Roadmap) -> Iterator[Asked]:
    for group in below.indicators:
        for one in group.indicators:
            if one.measure is None:
                yield Asked(
                    name=f"{INDICATOR}{one.id}",
                    title=f"{one.id}. {one.title}",
                    unit=one.unit,
                    entered=True,
                )


def titled(name: str, entered: Mapping[str, Asked]) -> Asked:
    """A reported figure's title and unit; that of an indicator whose roadmap is not known any
    more is its number.
    """
    if name in OWN:
        return Asked(name=name, title=OWN[name].title, unit=OWN[name].unit)
    number = name.removeprefix(INDICATOR)
    unknown = Asked(name=name, title=f"Показатель {number}", unit=None, entered=True)
    return entered.get(name, unknown)


def figures_of(
    asked: Iterable[Asked], said: Mapping[str, str]
) -> tuple[dict[str, Figure], dict[str, str]]:
    """The figures that words hold, by name; and by name what is wrong with the others."""
    figures: dict[str, Figure] = {}
    wrong: dict[str, str] = {}
    for one in asked:
        words = said.get(one.name, "").strip()
        if one.entered:
            if words and not _ENTERED.fullmatch(words):
                wrong[one.name] = "ждём число, дробь не длиннее трёх знаков"
            elif words:
                figures[one.name] = words.replace(",", ".")
        elif not words:
            wrong[one.name] = "нет числа; если считать нечего, впишите 0"
        elif not _COUNT.fullmatch(words) or int(words) > MOST:
            wrong[one.name] = f"ждём целое число от 0 до {MOST}"
        else:
            figures[one.name] = int(words)
    for name, reason in _contradictions(figures):
        wrong.setdefault(name, reason)
    return figures, wrong


def checked(asked: Iterable[Asked], said: Mapping[str, str]) -> dict[str, Figure]:
    """As `figures_of`. Raises `BadFigures` naming every mistake by its figure."""
    asked = tuple(asked)
    titles = {one.name: one.title for one in asked}
    figures, wrong = figures_of(asked, said)
    wrong |= {name: "такого показателя в форме нет" for name in said if name not in titles}
    if wrong:
        lines = (f"{titles.get(name, name)}: {reason}" for name, reason in wrong.items())
        raise BadFigures("\n".join((f"Ошибок: {len(wrong)}. Ничего не принято.", *lines)))
    return figures


def _contradictions(figures: Figures) -> Iterator[tuple[str, str]]:
    """A part is never more than its whole."""
    for one in MEASURES.values():
        part, whole = figures.get(one.part or ""), figures.get(one.whole or "")
        if isinstance(part, int) and isinstance(whole, int) and part > whole:
            title = OWN[str(one.whole)].title
            yield str(one.part), f"больше, чем «{title}»: проверьте оба числа"
