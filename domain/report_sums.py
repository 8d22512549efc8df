"""Sums of what organisations below reported, each figure as it is shown."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import cast

from domain.base import Value
from domain.measures import BELOW, OWN, value_of
from domain.report_forms import Asked, Figure, Figures, titled


class SaidFigure(Value):
    """A figure of one report."""

    name: str
    title: str
    unit: str | None
    value: str


class SumLine(Value):
    """A figure over all reports that were sent or accepted and have it: so many `reports`.

    A percentage is worked out of two sums. Without a value: shares that were entered, which no
    rule can sum up.
    """

    name: str
    title: str
    unit: str | None
    value: str | None
    accepted: str | None  # of the accepted reports alone
    reports: int


def folded(figures: Figures) -> dict[str, Figure]:
    """A report's figures, with what its organisation has summed up below itself added to its own:
    as `domain.measures.summed` does.
    """
    counts: Counter[str] = Counter()
    found: dict[str, Figure] = {}
    for name, figure in figures.items():
        own = name.removeprefix(BELOW)
        if own in OWN:
            counts[own] += int(figure)
        else:
            found[name] = figure
    return {**counts, **found}


def figure_in(figures: Figures, name: str) -> str | None:
    """What one report says of a figure; None if it says nothing."""
    measure = OWN.get(name)
    if measure is None or measure.part is None or measure.whole is None:
        return str(figures[name]) if name in figures else None
    if measure.part not in figures or measure.whole not in figures:
        return None
    counts = {one: _count(figures, one) for one in (measure.part, measure.whole)}
    return _plain(value_of(name, counts))


def said_in(figures: Figures, entered: Mapping[str, Asked]) -> tuple[SaidFigure, ...]:
    """All that a report says, in the order of the measures, then of the indicators."""
    known = folded(figures)
    return tuple(
        SaidFigure(name=name, title=asked.title, unit=asked.unit, value=said)
        for name in _names([known])
        if (said := figure_in(known, name)) is not None
        for asked in (titled(name, entered),)
    )


def sums(
    reports: Mapping[int, Figures], accepted: Collection[int], entered: Mapping[str, Asked]
) -> tuple[SumLine, ...]:
    """Every figure that any of the `reports` has, by branch; `accepted` are those of them."""
    lines = []
    for name in _names(reports.values()):
        asked = titled(name, entered)
        said = {n: one for n, one in reports.items() if figure_in(one, name) is not None}
        lines.append(
            SumLine(
                name=name,
                title=asked.title,
                unit=asked.unit,
                value=_total(asked, said.values()),
                accepted=_total(asked, [one for n, one in said.items() if n in accepted]),
                reports=len(said),
            )
        )
    return tuple(lines)


def _names(reports: Iterable[Figures]) -> tuple[str, ...]:
    known = {name for figures in reports for name in figures}
    counted = (
        one.name for one in OWN.values() if {one.part or one.name, one.whole or one.name} <= known
    )
    return (*counted, *sorted(known - OWN.keys(), key=_number))


def _number(name: str) -> tuple[int, ...]:
    """«1.10» stands after «1.9»."""
    return tuple(int(part) for part in name.partition(":")[2].split(".") if part.isdecimal())


def _total(asked: Asked, reports: Iterable[Figures]) -> str | None:
    if asked.entered:
        if asked.unit == "%":
            return None
        return _plain(sum((Decimal(str(one[asked.name])) for one in reports), Decimal(0)))
    found, measure = list(reports), OWN[asked.name]
    needed = [one for one in (measure.part, measure.whole) if one] or [asked.name]
    total = {name: sum(_count(one, name) for one in found) for name in needed}
    return _plain(value_of(asked.name, total))


def _count(figures: Figures, name: str) -> int:
    """A measure's count is a whole number; only what was entered is words."""
    return cast(int, figures[name])


def _plain(figure: Decimal | None) -> str | None:
    return None if figure is None else f"{figure:f}"
