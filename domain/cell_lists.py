"""The list inside of a cell: a title and its points, or several results."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from domain.word_tables import Line

LONGEST: Final = 1000
"""Signs of one text in a roadmap."""
_MARK: Final = re.compile(r"^(?:[-–—•·▪◦●○■*✓➢]|\d{1,2}[.)](?!\d)|[а-яa-z]\))\s*(?=\S)")
_INNER_DASH: Final = re.compile(r"(?<=[:;.,])\s+[-–—•·▪●]\s*(?=[^\W\d_])")
_NUMBER: Final = re.compile(r"(?:(?<=\s)|^)(\d{1,2})[.)]\s*(?=[^\W\d_«\"])")
_DONE: Final = re.compile(r"(?<=[.;])\s+(?=[А-ЯЁ][а-яё]+н[аоы]?\s)")
"""Before what was done: «Издан …», «Проведены …»: each is a result of its own."""
_END: Final = ".:;!?»"


def points(lines: Sequence[Line]) -> tuple[tuple[str, bool], ...]:
    """The texts of a cell, and of each whether a bullet or a number stands before it.

    A line that was only broken is joined to the one before. No text is longer than `LONGEST`.
    """
    found: list[tuple[str, bool]] = []
    for line in lines:
        for n, part in enumerate(_parts(line.text)):
            marked = line.bullet and n == 0
            text = _MARK.sub("", part)
            marked |= text != part or n > 0
            if found and not marked and _goes_on(found[-1][0], text):
                found[-1] = (_joined(found[-1][0], text), found[-1][1])
            elif text:
                found.append((text, marked))
    return tuple((piece, marked) for text, marked in found for piece in _pieces(text))


def title_and_points(lines: Sequence[Line]) -> tuple[str, tuple[str, ...]]:
    """The first text, without the colon that leads to the others."""
    found = [text for text, _ in points(lines)]
    if not found:
        return "", ()
    title = found[0].rstrip(" :") if len(found) > 1 else found[0]
    return title or found[0], tuple(text.rstrip(" ;") or text for text in found[1:])


def results(lines: Sequence[Line]) -> tuple[str, ...]:
    """Each result by itself, also where several stand in one paragraph."""
    found = (part.strip() for text, _ in points(lines) for part in _DONE.split(text))
    return tuple(text.rstrip(" ;") or text for text in found)


def _parts(text: str) -> Iterator[str]:
    """Points that were written one after another in one paragraph."""
    numbers = list(_NUMBER.finditer(text))
    starts = [one for one in numbers if int(one[1]) == 1]
    if len(numbers) > 1 and starts and numbers[0] is starts[0] and _in_order(numbers):
        edges = [*(one.start() for one in numbers), len(text)]
        before = text[: edges[0]].strip()
        if before:
            yield before
        for start, end in pairwise(edges):
            yield text[start:end].strip()
        return
    yield from (part.strip() for part in _INNER_DASH.split(text))


def _in_order(numbers: Sequence[re.Match[str]]) -> bool:
    return [int(one[1]) for one in numbers] == list(range(1, len(numbers) + 1))


def _goes_on(before: str, text: str) -> bool:
    return (
        bool(text) and (text[0].islower() or before.endswith(("-", ","))) and before[-1] not in _END
    )


def _joined(before: str, text: str) -> str:
    return f"{before}{text}" if before.endswith("-") else f"{before} {text}"


def _pieces(text: str) -> Iterator[str]:
    while len(text) > LONGEST:
        cut = text.rfind(" ", 0, LONGEST)
        cut = cut if cut > 0 else LONGEST
        yield text[:cut]
        text = text[cut:].strip()
    if text:
        yield text
