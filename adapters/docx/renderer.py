"""Documents from templates: strict, escaped, sandboxed, stable, each template compiled once."""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from adapters.docx.compiled import CompiledTemplate
from adapters.docx.facts import registration_facts
from adapters.docx.fields import Field, checked_facts
from adapters.docx.sandbox import Sandbox
from domain.errors import TemplateFault
from domain.kinds import DocumentKind, KnownKind

_FIELDS = TypeAdapter(dict[str, Field])
_VERSIONS = 256  # of templates, kept compiled


class DocxRenderer:
    """The `Renderer` port over a folder of templates: `<kind>/template.docx` and its YAML.

    `common.yaml` holds the facts of every kind.
    """

    def __init__(self, templates: Path) -> None:
        self._templates = templates
        env = Sandbox()
        self._load = lru_cache(maxsize=None)(self._read)
        # By the file's content: a changed file is another version.
        self._compiled = lru_cache(_VERSIONS)(lambda content: CompiledTemplate(content, env))

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
        _, fields = self._load(kind)
        context = checked_facts(fields, _in_words(facts))
        try:
            content = (self._templates / kind / "template.docx").read_bytes()
            return self._compiled(content).render(context)
        except OSError as error:
            raise TemplateFault(f"шаблон «{kind}» не читается: {error}") from error
        except TemplateFault as fault:
            raise TemplateFault(f"шаблон «{kind}»: {fault}") from fault

    def _read(self, kind: str) -> tuple[DocumentKind, Mapping[str, Field]]:
        if kind not in self.kinds():
            raise TemplateFault(f"нет шаблона «{kind}»")
        folder = self._templates / kind
        try:
            about = _yaml(folder / "kind.yaml") | {"kind": kind}
            return (
                DocumentKind.model_validate(about),
                _FIELDS.validate_python(
                    _yaml(folder / "fields.yaml") | _yaml(self._templates / "common.yaml")
                ),
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
