"""A template that is opened, patched and compiled once and rendered many times.

The result is what docxtpl makes of the same template and facts (equal XML parts), by less work:
a rendering fills the parts that have tags, deflates them and copies the rest as it was deflated.
It parses nothing, save where facts can change the columns of a table.
"""

import datetime as dt
import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from typing import Any, NamedTuple

from docx import Document
from docx.document import Document as OpenedDocument
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.oxml import parse_xml
from docx.opc.part import Part
from jinja2 import Environment
from jinja2.exceptions import TemplateError
from lxml import etree
from markupsafe import _escape_inner, escape  # type: ignore[attr-defined]  # see `_escaped`

from adapters.docx.faults import fault_in
from adapters.docx.listing import has_breaks, with_breaks
from adapters.docx.patched import Patched, checked, patched
from adapters.docx.qr import placeholder, qr_png
from adapters.docx.tables import may_change, with_columns_fixed
from adapters.docx.zipped import Container, unzipped
from domain.errors import FactMissing, TemplateFault

_WRITTEN = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # the file's own dates say nothing: bytes count
_DECLARATION = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
HAS_TAG = re.compile(r"\{\{|\{[%#]")
_TEXT = re.compile(r">([^<]+)<")
_TAG = re.compile(r"(\{\{.*?\}\}|\{%.*?%\})", re.DOTALL)
_PICTURE_ID = re.compile(r'(<wp:docPr(?: [^>]*?)? id=")[^"]*')
_FIRST_PICTURE = 1001  # docxtpl numbers from here
_PLACEHOLDER = placeholder()
_UNPRINTABLE = bytes(set(range(32)) - set(b"\t\n"))
_NOT_IN_XML = ("\ufffe", "\uffff")
# What docxtpl fills, of the properties of a document, each at most so long.
PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
_PROPERTY = 255
_MARGINS = {
    RELATIONSHIP_TYPE.HEADER: "верхний колонтитул",
    RELATIONSHIP_TYPE.FOOTER: "нижний колонтитул",
}
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    PackageNotFoundError,
    etree.XMLSyntaxError,
    KeyError,  # a part that the package names is not there
    ValueError,  # no Word document, or not in UTF-8
    NotImplementedError,  # packed in a way unknown to Python
    AttributeError,  # parts are not of the kind, or not there, that the library expects
    TypeError,
    IndexError,
    RuntimeError,  # encrypted
)


class CompiledTemplate:
    """A template of which documents are made. Safe to use in many threads at once."""

    def __init__(self, content: bytes, env: Environment) -> None:
        """Raises `TemplateFault` naming tag and place if the file is none or has unknown tags."""
        try:
            package = Document(io.BytesIO(content))
            sources = list(filled_parts(package))
            for fault in unfilled_tags(package, {source.name for source in sources}):
                raise fault
            tagged = _with_properties(package)
            saved = io.BytesIO()
            package.save(saved)
            stored = unzipped(saved.getvalue())
        except UNREADABLE as error:
            raise TemplateFault("не читается: это не файл DOCX") from error
        if tagged:
            sources.append(_properties(package, stored, tagged))
        parts = {source.name: _CompiledPart(env, source) for source in sources}
        # A part without tags is filled for good.
        stored |= {name: part.render({}) for name, part in parts.items() if not part.has_tags}
        self._parts = {name: part for name, part in parts.items() if part.has_tags}
        self._container = Container(stored)
        self._codes = [name for name, part in stored.items() if part == _PLACEHOLDER]

    def render(self, facts: Mapping[str, Any], *, code: str | None = None) -> bytes:
        """The document; the same facts and code give the same bytes.

        `code` is what the QR code in place of the placeholder says; without it nothing is seen.
        Raises `TemplateFault` (expression and place named), or `FactMissing` where a value has a
        sign that no document can hold.
        """
        filled = {name: part.render(facts) for name, part in self._parts.items()}
        if code is not None and self._codes:
            filled |= dict.fromkeys(self._codes, qr_png(code))
        return self._container.written(filled)


class _Source(NamedTuple):
    """A part that may have tags: what is rendered, what stands around it, what is done after."""

    name: str
    head: str
    patched: Patched
    tail: str = ""
    text: Callable[[str], str] = lambda xml: with_breaks(xml) if has_breaks(xml) else xml
    is_body: bool = False


class _CompiledPart:
    def __init__(self, env: Environment, source: _Source) -> None:
        self._env = env
        self._source = source
        self._head, self._tail = source.head.encode(), source.tail.encode()
        patched = source.patched.source
        self.has_tags = HAS_TAG.search(patched) is not None
        self._has_pictures = source.is_body and "<wp:docPr" in patched
        self._columns_change = source.is_body and may_change(patched)
        try:
            self._template = env.from_string(patched)
        except TemplateError as error:
            raise self._fault({}, error) from error
        # Generated code calls it by this name.
        self._template.root_render_func.__globals__["escape"] = _escaped

    def render(self, facts: Mapping[str, Any]) -> bytes:
        try:
            xml = self._template.render(facts)
        except TemplateError as error:
            raise self._fault(facts, error) from error
        xml = self._source.text(xml)
        if self._has_pictures:
            numbers = itertools.count(_FIRST_PICTURE)
            xml = _PICTURE_ID.sub(lambda found: f"{found.group(1)}{next(numbers)}", xml)
        content = b"".join((self._head, self._encoded(xml), self._tail))
        return with_columns_fixed(content) if self._columns_change else content

    def _encoded(self, xml: str) -> bytes:
        """Raises `FactMissing` for a sign that XML cannot hold: it would be lost or break all."""
        try:
            content = xml.encode()
        except UnicodeEncodeError as error:
            raise self._unprintable(xml[error.start]) from error
        if len(content.translate(None, _UNPRINTABLE)) < len(content):
            raise self._unprintable(next(sign for sign in xml if sign in _UNPRINTABLE.decode()))
        for sign in _NOT_IN_XML:
            if sign in xml:
                raise self._unprintable(sign)
        return content

    def _unprintable(self, sign: str) -> FactMissing:
        return FactMissing(f"непечатный знак U+{ord(sign):04X} — {self._source.patched.part}")

    def _fault(self, facts: Mapping[str, Any], error: TemplateError) -> TemplateFault:
        """What is wrong and where: it goes wrong again in a source with a line per paragraph."""
        source = self._source.patched
        try:
            self._env.from_string(source.lines).render(facts)
        except TemplateError as again:
            error = again
        return TemplateFault(fault_in(source, error))


def filled_parts(
    package: OpenedDocument, read: Callable[[str, str], Patched] = patched
) -> Iterator[_Source]:
    """The parts that are filled, but for the properties; `read` takes XML and the part's title."""
    text = etree.tostring(package.element, encoding="unicode")
    start, end = text.index("<w:body"), text.rindex("</w:body>") + len("</w:body>")
    yield _Source(
        name=_name(package.part),
        head=_DECLARATION + text[:start],
        patched=read(text[start:end], "текст"),
        tail=text[end:],
        is_body=True,
    )
    for rel in package.part.rels.values():
        if rel.reltype in _MARGINS and rel.target_part.blob:
            name = _name(rel.target_part)
            xml = etree.tostring(parse_xml(rel.target_part.blob), encoding="unicode")
            title = f"{_MARGINS[rel.reltype]} {name.rsplit('/', 1)[-1]}"
            yield _Source(name, _DECLARATION, read(xml, title))
    for part in package.part.package.iter_parts():
        if part.content_type == CONTENT_TYPE.WML_FOOTNOTES:
            yield _Source(_name(part), "", read(part.blob.decode(), "сноски"))


def unfilled_tags(package: OpenedDocument, filled: set[str]) -> Iterator[TemplateFault]:
    """Parts that are not filled (comments, endnotes), where a tag stands nevertheless."""
    for part in package.part.package.iter_parts():
        name = _name(part)
        if name in filled or not re.fullmatch(r"word/[^/]+\.xml", name) or b"{" not in part.blob:
            continue
        text = "".join(str(piece) for piece in parse_xml(part.blob).itertext())
        if HAS_TAG.search(text):
            yield TemplateFault(f"эта часть не заполняется, а в ней стоит тег — {name}")


def _with_properties(package: OpenedDocument) -> dict[str, str]:
    """The texts of properties that have tags, by a sign put in their place."""
    properties = package.core_properties
    tagged = {}
    for place, name in enumerate(PROPERTIES):
        text = getattr(properties, name)
        if HAS_TAG.search(text):
            text, tagged[f"\ue000{place}\ue001"] = f"\ue000{place}\ue001", text
        setattr(properties, name, text)  # docxtpl makes the ones that are absent
    properties.created = properties.modified = _WRITTEN
    return tagged


def _properties(
    package: OpenedDocument, stored: Mapping[str, bytes], tagged: Mapping[str, str]
) -> _Source:
    name = _name(package.part.package.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES))
    head, _, xml = stored[name].decode().partition("?>\n")
    for sign, text in tagged.items():
        pieces = (
            piece if index % 2 else str(escape(piece))
            for index, piece in enumerate(_TAG.split(text))
        )
        xml = xml.replace(sign, "".join(pieces))
    part = checked(Patched("свойства документа", xml, ()))
    return _Source(name, f"{head}?>\n", part, text=_not_too_long)


def _not_too_long(properties: str) -> str:
    for found in _TEXT.finditer(properties):
        if len(unescape(found.group(1))) > _PROPERTY:
            raise FactMissing(f"свойство документа длиннее {_PROPERTY} знаков")
    return properties


def _escaped(value: object) -> str:
    """As `escape`; what comes out is joined at once, and to make it `Markup` takes much longer."""
    return _escape_inner(value) if type(value) is str else escape(value)


def _name(part: Part) -> str:
    return str(part.partname).lstrip("/")
