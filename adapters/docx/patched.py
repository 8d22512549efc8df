"""A part's XML made into the source of a Jinja2 template, read as docxtpl reads it.

Supported are `{{ expression }}`, `{% if %}`, `{% for %}` and their ends, and the same statements
for a whole paragraph (`{%p`), row (`{%tr`) or cell (`{%tc`), whose element the tag replaces. What
else docxtpl knows is refused with its place when a template is loaded, never rendered otherwise.
Refused as well is what would lose text or could make XML that does not nest.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import NamedTuple

from domain.errors import TemplateFault

# Word splits a tag into runs as it likes: braces may be apart, and markup may stand inside.
_BETWEEN_BRACES = re.compile(r"(?<=\{)(?:<[^>]*>)+(?=[{%#])|(?<=[%}#])(?:<[^>]*>)+(?=\})")
_OPENED_TAG = re.compile(
    r"\{%(?:(?!%\}).)*|\{#(?:(?!#\}).)*|\{\{(?:(?!\}\}).)*", re.DOTALL
)  # up to its end
_OUT_OF_TEXT = re.compile(r"</w:t>.*?<w:t(?: [^>]*)?>", re.DOTALL)
_TEXT_WITH_TAG = re.compile(r"<w:t>(?=(?:(?!<w:t>).)*?(?:\{\{|\{%))", re.DOTALL)
_WITHIN_TAG = re.compile(r"(?<=\{[{%]).*?(?=[}%]\})")
_WHOLE = {
    name: re.compile(
        rf"<w:{name}[ >](?:(?!<w:{name}[ >]).)*\{{%{name} ([^}}%]*%\}}).*?</w:{name}>", re.DOTALL
    )
    for name in ("tr", "tc", "p")
}
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)")
_MARKUP = re.compile(r"<[^>]*>")
_WRITTEN = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
_HYPHEN = "<w:t>\N{NON-BREAKING HYPHEN}</w:t>"
_FIELD_RESULT = re.compile(  # the page number of whoever saved the file last
    r'<w:fldChar [^>]*"separate"[^>]*/>.*?<w:fldChar [^>]*"end"[^>]*/>', re.DOTALL
)
_MARKER = re.compile(r"<!--(\d+)-->")
_STRUCTURE = re.compile(r"<(/w:tbl|w:tbl|w:tr|w:tc|w:p)(?=[ />])")
# What Word makes of signs that are typed; in an expression they mean the plain ones.
_TYPED = {"&#8216;": "'", "&lt;": "<", "&gt;": ">", "“": '"', "”": '"', "‘": "'", "’": "'"}

_TOKEN = re.compile(
    r"<!--(?P<marker>\d+)-->|<!--.*?-->|<\?.*?\?>|(?P<value>\{\{.*?\}\})|(?P<statement>\{%.*?%\})"
    r"|(?P<other>\{#|\{_[{%]|[}%]_\})|<(?P<xml>(?:\{\{.*?\}\}|[^>])*)>",
    re.DOTALL,
)
_STATEMENT = re.compile(r"\{%\s*(\S*?)(?=[\s%]).*?%\}", re.DOTALL)
_INSERTED_XML = re.compile(r"\{\{(?:r|p|tr|tc)\s")
_OPENING = frozenset({"if", "for"})
_BRANCHING = frozenset({"elif", "else"})
_CLOSING = frozenset({"endif", "endfor"})


class Placed(NamedTuple):
    """A paragraph's text and where it stands."""

    place: str
    text: str


@dataclass(frozen=True)
class Patched:
    """The source of a part's template, and how to say where in it something is."""

    part: str  # in words
    marked: str  # each paragraph preceded by an XML comment with its number
    places: tuple[str, ...]  # of the numbered paragraphs

    @property
    def source(self) -> str:
        """What is rendered."""
        return _MARKER.sub("", self.marked)

    @property
    def lines(self) -> str:
        """The marked source with each paragraph on a line of its own."""
        return re.sub(r"<w:p([ >])", r"\n<w:p\1", self.marked)

    def texts(self) -> Iterator["Placed"]:
        """Paragraphs with something written in them, tags among it, in their order."""
        _, *pieces = _MARKER.split(self.marked)
        for number, xml in zip(pieces[::2], pieces[1::2], strict=True):
            own = _FIELD_RESULT.sub("", xml).replace("<w:noBreakHyphen/>", _HYPHEN)
            text = unescape("".join(_WRITTEN.findall(own))).replace("\N{NO-BREAK SPACE}", " ")
            if text.strip():
                yield Placed(f"{self.part}, {self.places[int(number)]}", text.strip())

    def place(self, text_before: str) -> str:
        """Where the end of this beginning of the marked source stands."""
        markers = _MARKER.findall(text_before)
        return f"{self.part}, {self.places[int(markers[-1])]}" if markers else self.part


Report = Callable[[TemplateFault], None]
"""What is done with a fault: it is raised, or kept beside the others."""


def raised(fault: TemplateFault) -> None:
    """Raises it."""
    raise fault


def patched(xml: str, part: str, report: Report = raised) -> Patched:
    """The template's source. A `TemplateFault` names the tag and its place."""
    if _ENTITY.search(xml):
        report(TemplateFault(f"сущности XML не допускаются — {part}"))
    marked, places = _marked(xml)
    marked = _BETWEEN_BRACES.sub("", marked)
    marked = _OPENED_TAG.sub(lambda tag: _OUT_OF_TEXT.sub("", tag.group()), marked)
    marked = _TEXT_WITH_TAG.sub('<w:t xml:space="preserve">', marked)
    for name in _WHOLE:
        marked = _with_whole(name, Patched(part, marked, places), report)
    return checked(Patched(part, _WITHIN_TAG.sub(_typed, marked), places), report)


def unpatched(xml: str, part: str) -> Patched:
    """The source as it was typed, tags where Word has put them: to be read, not to be rendered."""
    return Patched(part, *_marked(xml))


def checked(source: Patched, report: Report = raised) -> Patched:
    """The same source. A `TemplateFault` tells of what may not stand in it."""
    _Reading(source, report).check()
    return source


def _with_whole(name: str, source: Patched, report: Report) -> str:
    """The source with each tag for a whole element in that element's place."""

    def replaced(found: re.Match[str]) -> str:
        text = _MARKUP.sub("", found.group()).strip()
        tag = f"{{%{name} {found.group(1)}"
        if text != tag:
            place = source.place(found.string[: found.start(1)])
            report(
                TemplateFault(
                    f"рядом с тегом «{tag}» стоит другой текст, он пропал бы: «{text}» — {place}"
                )
            )
        return f"{{% {found.group(1)}"

    return _WHOLE[name].sub(replaced, source.marked)


def _typed(inside: re.Match[str]) -> str:
    text = inside.group()
    for typed, plain in _TYPED.items():
        text = text.replace(typed, plain)
    return text


def _marked(xml: str) -> tuple[str, tuple[str, ...]]:
    """The XML with a numbered comment before each paragraph, and the place of each number."""
    places: list[str] = []
    paragraph = table = row = cell = depth = 0

    def mark(found: re.Match[str]) -> str:
        nonlocal paragraph, table, row, cell, depth
        tag = found.group(1)
        if tag == "w:tbl":
            depth += 1
            if depth == 1:
                table, row = table + 1, 0
        elif tag == "/w:tbl":
            depth -= 1
        elif tag == "w:tr" and depth == 1:
            row, cell = row + 1, 0
        elif tag == "w:tc" and depth == 1:
            cell += 1
        elif tag == "w:p":
            paragraph += depth == 0
            inside = f"таблица {table}, строка {row}, ячейка {cell}"
            places.append(inside if depth else f"абзац {paragraph}")
            return f"<!--{len(places) - 1}-->{found.group()}"
        return found.group()

    return _STRUCTURE.sub(mark, xml), tuple(places)


@dataclass
class _Block:
    """What the markup since the start of a branch closes and opens, in that order."""

    tag: str
    place: str
    closed: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)

    def open(self, name: str) -> None:
        self.opened.append(name)

    def close(self, name: str) -> bool:
        """False where another element is open."""
        if not self.opened:
            self.closed.append(name)
            return True
        return self.opened.pop() == name

    def take(self, inner: "_Block") -> bool:
        """As if the markup of `inner` stood here. False where it does not nest."""
        for name in inner.closed:
            if not self.close(name):
                return False
        self.opened += inner.opened
        return True


class _Reading:
    """Reads a template from its start to its end, and refuses what may not stand in it.

    Each branch must close as much as it opens (a loop over half of a paragraph and half of the
    next does, in its way); then whatever facts there are, the result nests.
    """

    def __init__(self, source: Patched, report: Report) -> None:
        self._source = source
        self._report = report
        self._place = source.part
        self._blocks = [_Block("", source.part)]
        self._nests = True  # once it does not, what follows would only repeat that

    def check(self) -> None:
        """Reports each fault."""
        for token in _TOKEN.finditer(self._source.marked):
            text = token.group()
            kind = token.lastgroup
            if kind == "marker":
                place = self._source.places[int(token.group("marker"))]
                self._place = f"{self._source.part}, {place}"
            elif kind == "statement":
                self._statement(text)
            elif kind == "xml":
                self._xml(token.group("xml"))
            elif kind == "other" or _INSERTED_XML.match(text):
                self._report(self._unsupported(text))
        for block in self._blocks[1:]:
            self._report(TemplateFault(f"тег не закрыт: «{block.tag}» — {block.place}"))

    def _statement(self, tag: str) -> None:
        found = _STATEMENT.match(tag)
        word = found.group(1) if found else ""
        if tag.endswith("-%}"):
            self._report(self._unsupported(tag))
        if word in _OPENING:
            self._blocks.append(_Block(tag, self._place))
        elif word in _BRANCHING or word in _CLOSING:
            if len(self._blocks) == 1:
                self._report(TemplateFault(f"лишний тег «{tag}» — {self._place}"))
                return
            self._end(tag)
            if word in _BRANCHING:
                self._blocks.append(_Block(tag, self._place))
        else:
            self._report(self._unsupported(tag))

    def _end(self, tag: str) -> None:
        block = self._blocks.pop()
        if block.closed[::-1] != block.opened or not self._blocks[-1].take(block):
            self._does_not_nest(f"теги «{block.tag}» и «{tag}» стоят в разных частях разметки")

    def _xml(self, xml: str) -> None:
        if "{%" in xml:
            self._report(self._unsupported(f"<{xml}>"))
            return
        name = xml.split(None, 1)[0].removesuffix("/")
        block = self._blocks[-1]
        if xml.startswith("/"):
            if not block.close(name[1:]):
                self._does_not_nest(f"разметка не вложена: «{block.tag}»")
        elif not xml.endswith("/"):
            block.open(name)

    def _does_not_nest(self, what: str) -> None:
        if self._nests:
            self._nests = False
            self._report(TemplateFault(f"{what} — {self._place}"))

    def _unsupported(self, tag: str) -> TemplateFault:
        return TemplateFault(f"тег не поддерживается: «{tag}» — {self._place}")
