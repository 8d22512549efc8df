"""What a paragraph looks like in the end: defaults, its chain of styles, its own properties."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from lxml.etree import _Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_MM = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "pc": 25.4 / 6, "pi": 25.4 / 6}
_TWIP_MM = 25.4 / 1440
_LENGTH = re.compile(r"(-?\d{1,9}(?:\.\d{1,9})?)(mm|cm|in|pt|pc|pi)?")
_SINGLE = 240  # what Word writes for one line
_LINE_PER_PT = 1.15  # height of a single line of usual typefaces
_OFF = {"0", "false", "off"}
_ALIGN = {"start": "left", "end": "right", "distribute": "both", "justify": "both"}


def child(parent: _Element | None, tag: str) -> _Element | None:
    """The first child of that name."""
    return None if parent is None else parent.find(f"{W}{tag}")


def value(element: _Element | None, otherwise: str) -> str:
    """The `val` of a property; `otherwise` if it stands without, "" if it does not stand."""
    return "" if element is None else element.get(f"{W}val", otherwise)


def mm(element: _Element | None, name: str, otherwise: float) -> float:
    """A length in millimetres, written in twentieths of a point or with its unit."""
    found = _LENGTH.fullmatch("" if element is None else element.get(f"{W}{name}", ""))
    if found is None:
        return otherwise
    return float(found[1]) * (_MM[found[2]] if found[2] else _TWIP_MM)


def number(element: _Element | None, name: str, otherwise: float) -> float:
    """A plain number."""
    found = _LENGTH.fullmatch("" if element is None else element.get(f"{W}{name}", ""))
    return otherwise if found is None or found[2] else float(found[1])


@dataclass(frozen=True)
class Shape:
    """A paragraph's own measures."""

    style: str
    align: str
    first_line_mm: float  # below zero: it hangs out
    left_mm: float
    right_mm: float
    line: float
    line_rule: str
    listed: bool
    page_break_before: bool

    def spacing(self, size_pt: float) -> float:
        """In lines of the size; a fixed height is counted in lines too."""
        if self.line_rule == "auto":
            return self.line / _SINGLE
        lines = self.line / 20 / (size_pt * _LINE_PER_PT)
        return max(1.0, lines) if self.line_rule == "atLeast" else lines


class Styles:
    """The styles of a document; without them Word's own defaults hold."""

    def __init__(self, root: _Element | None) -> None:
        self._root = root
        self._layered: dict[tuple[str, str], tuple[_Element, ...]] = {}

    @cached_property
    def _by_id(self) -> Mapping[str, _Element]:
        if self._root is None:
            return {}
        return {one.get(f"{W}styleId", ""): one for one in self._root.iterchildren(f"{W}style")}

    @cached_property
    def _default(self) -> str:
        for name, style in self._by_id.items():
            chosen = style.get(f"{W}default", "0") not in _OFF
            if chosen and style.get(f"{W}type") == "paragraph":
                return name
        return ""

    def shape(self, paragraph: _Element) -> Shape:
        """The measures of a paragraph of the body."""
        layers = self._layers(paragraph, "pPr")
        indents = [child(layer, "ind") for layer in layers]
        spacings = [child(layer, "spacing") for layer in layers]
        hanging = _last_mm(indents, ("hanging",), -1.0)
        line = 240.0
        rule = "auto"
        for spacing in spacings:
            line = number(spacing, "line", line)
            rule = rule if spacing is None else spacing.get(f"{W}lineRule", rule)
        break_before = _last_value(layers, "pageBreakBefore")
        return Shape(
            style=value(child(self._name(paragraph), "name"), "") or "Normal",
            align=self.alignment(paragraph),
            first_line_mm=-hanging if hanging > 0 else _last_mm(indents, ("firstLine",), 0.0),
            left_mm=_last_mm(indents, ("left", "start"), 0.0),
            right_mm=_last_mm(indents, ("right", "end"), 0.0),
            line=line,
            line_rule=rule,
            listed=any(child(layer, "numPr") is not None for layer in layers),
            page_break_before=break_before not in _OFF | {""},
        )

    def alignment(self, paragraph: _Element, *, after_tabs: int = 0) -> str:
        """left, center, right or both; behind tabs, what their last stop does to the text."""
        layers = self._layers(paragraph, "pPr")
        for layer in layers:
            frame = child(layer, "framePr")
            if frame is not None and frame.get(f"{W}xAlign"):
                return str(frame.get(f"{W}xAlign"))
        if after_tabs:
            stops: dict[float, str] = {}
            for layer in layers:
                for stop in layer.iterfind(f"{W}tabs/{W}tab"):
                    stops[mm(stop, "pos", 0)] = value(stop, "left")
            live = [stops[place] for place in sorted(stops) if stops[place] != "clear"]
            return live[after_tabs - 1] if after_tabs <= len(live) else "left"
        written = _last_value(layers, "jc") or "left"
        return _ALIGN.get(written, written)

    def size(self, paragraph: _Element, run: _Element) -> float:
        """The size of a run's signs, in points."""
        own = child(run, "rPr")
        chosen = value(child(own, "rStyle"), "")
        layers = [*self._layers(paragraph, "rPr", own=False), *self._chain(chosen, "rPr")]
        if own is not None:
            layers.append(own)
        half_points = 20.0
        for layer in layers:
            half_points = number(child(layer, "sz"), "val", half_points)
        return half_points / 2

    def _name(self, paragraph: _Element) -> _Element | None:
        chosen = value(child(child(paragraph, "pPr"), "pStyle"), "")
        return self._by_id.get(chosen) if chosen in self._by_id else self._by_id.get(self._default)

    def _layers(self, paragraph: _Element, what: str, *, own: bool = True) -> list[_Element]:
        """Everything that shapes the paragraph, the strongest last."""
        style = self._name(paragraph)
        name = self._default if style is None else style.get(f"{W}styleId", "")
        if (name, what) not in self._layered:
            self._layered[name, what] = (*self._defaults(what), *self._chain(name, what))
        layers = list(self._layered[name, what])
        direct = child(paragraph, what) if own else None
        return layers if direct is None else [*layers, direct]

    def _defaults(self, what: str) -> list[_Element]:
        if self._root is None:
            return []
        return self._root.findall(f"{W}docDefaults/{W}{what}Default/{W}{what}")

    def _chain(self, name: str, what: str) -> list[_Element]:
        found: list[_Element] = []
        passed: set[str] = set()
        while name in self._by_id and name not in passed:  # a broken file may go round
            passed.add(name)
            style = self._by_id[name]
            layer = child(style, what)
            if layer is not None:
                found.insert(0, layer)
            name = value(child(style, "basedOn"), "")
        return found


def _last_mm(layers: list[_Element | None], names: tuple[str, ...], otherwise: float) -> float:
    found = otherwise
    for layer in layers:
        for name in names:
            found = mm(layer, name, found)
    return found


def _last_value(layers: list[_Element], tag: str) -> str:
    found = ""
    for layer in layers:
        element = child(layer, tag)
        if element is not None:
            found = value(element, "1")
    return found
