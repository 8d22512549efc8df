"""A roadmap as the text of a YAML file for people: comments beside the rows that they are about."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

from domain.roadmap import Roadmap
from domain.row_reading import At, Beside

_SCHEMA: Final = "# yaml-language-server: $schema=schema.json"
_WIDTH: Final = 100
_COMMENT: Final = 110
_NUMBER: Final = re.compile(r"[0-9.]+")
_SPACED: Final = frozenset({"roles", "stages", "sections", "steps", "track"})
"""Fields with an empty line before them."""


def roadmap_text(roadmap: Roadmap, beside: Beside) -> str:
    """The file; read again it is the same roadmap."""
    fields = roadmap.model_dump(mode="json", exclude_defaults=True)
    return "\n".join([_SCHEMA, *_Writing(beside).document(fields)]) + "\n"


class _Writing:
    def __init__(self, beside: Beside) -> None:
        self._comments: Mapping[At, tuple[str, ...]] = beside.comments
        self._trails: Mapping[At, str] = beside.trails

    def document(self, fields: dict[str, Any]) -> Iterator[str]:
        yield from self._told((), 0)
        for name, value in fields.items():
            if name in _SPACED:
                yield ""
            yield from self._field(name, value, (name,), 0)

    def _told(self, at: At, indent: int) -> Iterator[str]:
        for text in self._comments.get(at, ()):
            yield from _comment(text, indent)

    def _field(self, name: str, value: object, at: At, indent: int) -> Iterator[str]:
        yield from self._told(at, indent)
        yield from self._value(f"{' ' * indent}{name}:", value, at, indent)

    def _value(self, start: str, value: object, at: At, indent: int) -> Iterator[str]:
        """The value behind `start`: on its line if it is short and nothing is told inside."""
        flow = _flow(value)
        trail = f"  # {self._trails[at]}" if at in self._trails else ""
        is_plain = not isinstance(value, dict | list)
        if is_plain or (len(start) + len(flow) < _WIDTH and not self._is_told_inside(at, value)):
            yield f"{start} {flow}{trail}"
            return
        yield f"{start}{trail}"
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from self._field(name, inner, (*at, name), indent + 2)
        elif isinstance(value, list):
            for place, inner in enumerate(value):
                yield from self._entry(inner, (*at, place), indent + 2)

    def _entry(self, value: object, at: At, indent: int) -> Iterator[str]:
        if at[0] == "steps" and len(at) == 2 and at[1] != 0:  # noqa: PLR2004 - a whole row
            yield ""
        yield from self._told(at, indent)
        flow = _flow(value)
        dash = f"{' ' * indent}-"
        is_short = len(dash) + len(flow) < _WIDTH and not self._is_told_inside(at, value)
        if not isinstance(value, dict) or (is_short and not _has_depth(value)):
            yield f"{dash} {flow}"
            return
        for place, (name, inner) in enumerate(value.items()):
            lines = list(self._field(name, inner, (*at, name), indent + 2))
            if place == 0:
                lines[-1 if len(lines) == 1 else 0] = f"{dash} {lines[0].lstrip()}"
            yield from lines

    def _is_told_inside(self, at: At, value: object) -> bool:
        if not isinstance(value, dict | list):
            return False
        told = (*self._comments, *self._trails)
        return any(len(place) > len(at) and place[: len(at)] == at for place in told)


def _has_depth(value: dict[str, Any]) -> bool:
    return any(isinstance(inner, dict | list) for inner in value.values())


def _flow(value: object) -> str:
    """The value on one line."""
    if isinstance(value, int) and not isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return f'"{value}"'
    text = yaml.safe_dump(
        value, allow_unicode=True, default_flow_style=True, sort_keys=False, width=float("inf")
    )
    return text.removesuffix("...\n").strip("\n")


def _comment(text: str, indent: int) -> Iterator[str]:
    """The text in lines of a comment, none of them too long."""
    start = f"{' ' * indent}# "
    line = ""
    for word in text.split():
        if line and len(start) + len(line) + 1 + len(word) > _COMMENT:
            yield f"{start}{line}"
            line = ""
        line = f"{line} {word}" if line else word
    if line:
        yield f"{start}{line}"
