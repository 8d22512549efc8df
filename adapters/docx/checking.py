"""Everything that is wrong with a template, found before anything is made of it.

The file is looked at as `compiled` does, but a fault does not end the look: all are told, each with
its paragraph or cell. Expressions are judged by their syntax tree; none of them is run.
"""

import io
import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from docx import Document
from docx.document import Document as OpenedDocument

from adapters.docx.compiled import (
    HAS_TAG,
    PROPERTIES,
    UNREADABLE,
    CompiledTemplate,
    filled_parts,
    unfilled_tags,
)
from adapters.docx.expressions import Expressions, Said
from adapters.docx.fields import Field
from adapters.docx.guard import check_docx
from adapters.docx.patched import Patched, checked, patched
from adapters.docx.sandbox import Sandbox
from domain.errors import TemplateFault
from domain.templates import TemplateCheck, TemplateField, TemplateProblem

MOST_PROBLEMS: Final = 200
_PIECE: Final = re.compile(
    r"<!--(?P<marker>\d+)-->|(?P<value>\{\{.*?\}\})|(?P<statement>\{%.*?%\})|(?P<open>\{\{|\{%)",
    re.DOTALL,
)
_MARKUP: Final = re.compile(r"<[^>]*>")


def check_template(content: bytes, kind_fields: Mapping[str, Field]) -> TemplateCheck:
    """All problems of a template for a kind whose facts are `kind_fields`.

    Raises `BadUpload` if the file is no DOCX, breaks a limit or could run or fetch something, and
    `TemplateFault` if it cannot be read at all.
    """
    check_docx(content)
    look = _Look(kind_fields)
    try:
        look.at(Document(io.BytesIO(content)))
    except UNREADABLE as error:
        raise TemplateFault("файл не читается как документ Word") from error
    if not look.problems:
        look.compile(content)
    return TemplateCheck(
        fields=tuple(
            TemplateField(
                name=name,
                type=field.type,
                note=field.note,
                used=name in look.expressions.used,
                columns=tuple(field.columns),
                amendable=field.source in ("input", "cycle"),
            )
            for name, field in kind_fields.items()
        ),
        problems=(*_bounded(look.problems), *_unused(kind_fields, look.expressions.used)),
    )


class _Look:
    """A look at one file, and what it found."""

    def __init__(self, fields: Mapping[str, Field]) -> None:
        self.problems: list[TemplateProblem] = []
        self._env = Sandbox()
        self.expressions = Expressions(self._env, fields)

    def at(self, package: OpenedDocument) -> None:
        """Find all that is wrong."""
        parts = list(filled_parts(package, partial(patched, report=self._fault)))
        for fault in unfilled_tags(package, {part.name for part in parts}):
            self._fault(fault)
        for part in parts:
            self._expressions_in(part.patched)
        for name in PROPERTIES:
            text = getattr(package.core_properties, name)
            if HAS_TAG.search(text):
                self._expressions_in(checked(Patched("свойства документа", text, ()), self._fault))

    def compile(self, content: bytes) -> None:
        """What only the making of documents would meet."""
        try:
            CompiledTemplate(content, self._env)
        except TemplateFault as fault:
            self._fault(fault)

    def _expressions_in(self, source: Patched) -> None:
        place = source.part
        for said in self._judged(source):
            if isinstance(said, str):
                place = said
                continue
            self._add(said.text, place, said.nearest)
        self.expressions.end_of_part()

    def _judged(self, source: Patched) -> Iterator[str | Said]:
        """Places, and between them what is wrong with the tags that stand there."""
        for piece in _PIECE.finditer(source.marked):
            match piece.lastgroup:
                case "marker":
                    yield f"{source.part}, {source.places[int(piece.group('marker'))]}"
                case "value":
                    yield from self.expressions.value(_MARKUP.sub("", piece.group()))
                case "statement":
                    yield from self.expressions.statement(_MARKUP.sub("", piece.group()))
                case _:
                    yield Said(f"тег не закрыт: «{piece.group()}»")

    def _fault(self, fault: TemplateFault) -> None:
        text, _, place = str(fault).rpartition(" — ")
        self._add(text or place, place if text else None, None)

    def _add(self, text: str, place: str | None, nearest: str | None) -> None:
        problem = TemplateProblem(level="error", text=text, place=place, nearest=nearest)
        if problem not in self.problems[-20:]:  # the same tag, told of by two looks
            self.problems.append(problem)


def _bounded(problems: list[TemplateProblem]) -> Iterator[TemplateProblem]:
    yield from problems[:MOST_PROBLEMS]
    if len(problems) > MOST_PROBLEMS:
        more = f"и ещё ошибок: {len(problems) - MOST_PROBLEMS}"
        yield TemplateProblem(level="error", text=more)


def _unused(fields: Mapping[str, Field], used: set[str]) -> Iterator[TemplateProblem]:
    for name, field in fields.items():
        added_if_known = field.source == "rendering" and field.default is None
        if name not in used and not added_if_known:
            text = f"в шаблоне нет факта «{name}» ({field.note})"
            yield TemplateProblem(level="warning", text=text)
