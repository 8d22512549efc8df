"""Documents from templates: docxtpl made strict, escaped, sandboxed and stable."""

import datetime as dt
import gc
import io
import re
import traceback
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import yaml
from docxtpl import DocxTemplate
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError
from pydantic import TypeAdapter, ValidationError

from adapters.docx.facts import registration_facts
from adapters.docx.fields import Field, checked_facts
from adapters.docx.sandbox import Sandbox
from adapters.docx.zipped import stable_zip
from domain.errors import TemplateFault
from domain.kinds import DocumentKind, KnownKind

_FIELDS = TypeAdapter(dict[str, Field])
_WRITTEN = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)  # the file's own dates say nothing: bytes count
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_MARKER = re.compile(r"<!--(\d+)-->")
_STRUCTURE = re.compile(r"<(/w:tbl|w:tbl|w:tr|w:tc|w:p)(?=[ />])")


class DocxRenderer:
    """The `Renderer` port over a folder of templates: `<kind>/template.docx` and its YAML."""

    def __init__(self, templates: Path) -> None:
        self._templates = templates
        self._env = Sandbox()
        self._load = lru_cache(maxsize=None)(self._read)
        # Rendering is all Python: side by side it is no faster, only larger.
        self._one_at_a_time = Lock()

    def kinds(self) -> tuple[str, ...]:
        """All kinds that can be rendered, sorted."""
        return tuple(sorted(path.parent.name for path in self._templates.glob("*/kind.yaml")))

    def known_kinds(self) -> Mapping[str, KnownKind]:
        """What a roadmap must know of each kind."""
        return {
            kind: KnownKind(
                journalled=self.kind(kind).journal is not None,
                inputs=tuple(
                    name for name, field in self.fields(kind).items() if field.source == "input"
                ),
            )
            for kind in self.kinds()
        }

    def kind(self, kind: str) -> DocumentKind:
        """What holds for documents of this kind. Raises `TemplateFault` if there is none."""
        return self._load(kind)[0]

    def fields(self, kind: str) -> Mapping[str, Field]:
        """The facts that the kind's template asks for. Raises `TemplateFault` if there is none."""
        return self._load(kind)[1]

    def render(self, kind: str, facts: Mapping[str, Any]) -> bytes:
        """The document. The same facts and template give the same bytes.

        Facts that are not given are the defaults of fields.yaml. Raises `FactMissing` (field
        named) or `TemplateFault` (expression and place named).
        """
        _, fields, template = self._load(kind)
        context = checked_facts(fields, _in_words(facts))
        with self._one_at_a_time:
            content = self._rendered(kind, template, context)
            # Each rendering leaves trees that only the collector frees; left to itself it lets
            # them pile up (measured: 618 MB after 200 renderings in threads, 77 MB with this).
            gc.collect(1)
        return stable_zip(content)

    def _rendered(self, kind: str, template: bytes, context: Mapping[str, Any]) -> bytes:
        document = _PlacedTemplate(io.BytesIO(template))
        try:
            document.render(context, self._env, autoescape=True)
        except TemplateError as error:
            raise TemplateFault(f"шаблон «{kind}»: {document.fault(error)}") from error
        except zipfile.BadZipFile as error:
            raise TemplateFault(f"шаблон «{kind}» не читается: это не файл DOCX") from error
        document.core_properties.created = _WRITTEN
        document.core_properties.modified = _WRITTEN
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()

    def _read(self, kind: str) -> tuple[DocumentKind, Mapping[str, Field], bytes]:
        if kind not in self.kinds():
            raise TemplateFault(f"нет шаблона «{kind}»")
        folder = self._templates / kind
        try:
            about = _yaml(folder / "kind.yaml") | {"kind": kind}
            return (
                DocumentKind.model_validate(about),
                _FIELDS.validate_python(_yaml(folder / "fields.yaml")),
                (folder / "template.docx").read_bytes(),
            )
        except (OSError, yaml.YAMLError, ValidationError) as error:
            raise TemplateFault(f"шаблон «{kind}» описан неверно: {error}") from error


def _in_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Facts with the registration's ISO date in words too, as templates print it."""
    registration = facts.get("registration")
    if registration is None or "date" not in registration:
        return facts
    day = dt.date.fromisoformat(registration["date"])
    return {**facts, "registration": registration_facts(registration["number"], day)}


def _yaml(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


class _PlacedTemplate(DocxTemplate):  # type: ignore[misc] # docxtpl ships no types
    """A template that can tell where in the document a fault is.

    docxtpl's own answer is a line of the XML. Here each paragraph is preceded by an XML comment
    with its number, which is taken out again after rendering.
    """

    _part = ""
    _source = ""
    _places: tuple[str, ...] = ()

    def patch_xml(self, src_xml: str) -> str:
        marked, self._places = _marked(src_xml)
        patched: str = super().patch_xml(marked)
        return patched

    def render_xml_part(
        self, src_xml: str, part: Any, context: Mapping[str, Any], jinja_env: Sandbox
    ) -> str:
        self._part = _part_name(str(part.partname))
        self._source = re.sub(r"<w:p([ >])", r"\n<w:p\1", src_xml)  # as docxtpl numbers lines
        rendered: str = super().render_xml_part(src_xml, part, context, jinja_env)
        return _MARKER.sub("", rendered)

    def render_properties(self, context: Mapping[str, Any], jinja_env: Sandbox) -> None:
        self._part, self._source, self._places = "свойства документа", "", ()
        super().render_properties(context, jinja_env)

    def fault(self, error: TemplateError) -> str:
        """What is wrong, in which expression, where."""
        message = error.message or ""
        quoted = re.findall(r"'([^']+)'", message)
        if isinstance(error, TemplateSyntaxError):
            what, names = f"ошибка в записи ({message})", quoted
        elif isinstance(error, SecurityError):
            what, names = f"запрещённое выражение ({message})", quoted[:1]
        else:
            what, names = "неизвестное поле", quoted[-1:]
        start, tag = self._tag(_line(error), names)
        if tag is None:
            tag = ", ".join(names)
        where = [self._part, *self._place(start)]
        return f"{what} «{tag}» — {', '.join(where)}"

    def _tag(self, line: int, names: list[str]) -> tuple[int, str | None]:
        """Where the faulty tag begins in the source, and its text."""
        lines = self._source.split("\n")
        start = sum(len(text) + 1 for text in lines[: line - 1])
        tags = list(_TAG.finditer(lines[line - 1])) if line <= len(lines) else []
        named = [tag for tag in tags if any(name in tag.group() for name in names)] or tags
        if not named:
            return start, None
        return start + named[0].start(), re.sub(r"<[^>]+>", "", named[0].group()).strip()

    def _place(self, start: int) -> tuple[str, ...]:
        markers = [int(found.group(1)) for found in _MARKER.finditer(self._source[:start])]
        return (self._places[markers[-1]],) if markers else ()


def _line(error: TemplateError) -> int:
    """The line of the part's source; Jinja2 writes it into the traceback."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == "<template>"]
    return next((line for line in reversed(lines) if line), 1)


def _part_name(partname: str) -> str:
    name = partname.rsplit("/", 1)[-1]
    if name == "document.xml":
        return "текст"
    known = {"header": "верхний колонтитул", "footer": "нижний колонтитул", "footnotes": "сноски"}
    title = next((title for start, title in known.items() if name.startswith(start)), "часть")
    return f"{title} {name}"


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
