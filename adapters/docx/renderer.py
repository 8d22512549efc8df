"""Documents from templates: strict, escaped, sandboxed, stable, each template compiled once."""

import datetime as dt
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from activities.ports import Template
from adapters.docx.child import Children
from adapters.docx.compiled import CompiledTemplate
from adapters.docx.facts import registration_facts, stamp_facts
from adapters.docx.fields import Field, checked_facts
from adapters.docx.layout_settings import with_settings
from adapters.docx.sandbox import Sandbox
from adapters.memory import give_back
from domain.errors import TemplateFault
from domain.kinds import DocumentKind, KnownKind
from domain.layout_settings import LayoutSettings

_FIELDS = TypeAdapter(dict[str, Field])
_VERSIONS = 256  # of templates, kept compiled
_ADDED = ("registration", "rendering")  # sources of facts that are not kept with the others


class DocxRenderer:
    """The `Renderer` port over a folder of templates: `<kind>/template.docx` and its YAML.

    `common.yaml` holds the facts of every kind; `settings` are laid over every template.
    """

    def __init__(self, templates: Path, settings: LayoutSettings | None = None) -> None:
        self._templates = templates
        self._settings = settings or LayoutSettings()
        self._env = Sandbox()
        self._load = lru_cache(maxsize=None)(self._read)
        # By the file's content: a changed file is another version.
        self._compiled = lru_cache(_VERSIONS)(self._compile)
        self._laid_out = lru_cache(_VERSIONS)(_laid_out)
        self._children = Children()

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
                scope=self.kind(kind).scope,
                of_organisation=self.kind(kind).of_organisation,
                signers=self.kind(kind).signers,
            )
            for kind in self.kinds()
        }

    def kind(self, kind: str) -> DocumentKind:
        """What holds for documents of this kind. Raises `TemplateFault` if there is none."""
        return self._load(kind)[0]

    def fields(self, kind: str) -> Mapping[str, Field]:
        """The facts that the kind's template asks for. Raises `TemplateFault` if there is none."""
        return self._load(kind)[1]

    def example(self, kind: str) -> Mapping[str, Any]:
        """Facts of invented people, complete. Raises `TemplateFault`."""
        _, fields = self._load(kind)
        try:
            text = (self._templates / kind / "example.json").read_text(encoding="utf-8")
            facts: dict[str, Any] = json.loads(text)
        except (OSError, ValueError) as error:
            raise TemplateFault(f"пример к шаблону «{kind}» не читается: {error}") from error
        return checked_facts(fields, _in_words(facts))

    def ours(self, kind: str, settings: LayoutSettings) -> bytes:
        """The kind's template that came with the program, `settings` laid over it.

        Raises `TemplateFault`.
        """
        try:
            content = (self._templates / kind / "template.docx").read_bytes()
        except OSError as error:
            raise TemplateFault(f"шаблон «{kind}» не читается: {error}") from error
        return self._laid_out(content, settings, self.kind(kind).kept_long)

    def render(
        self, kind: str, facts: Mapping[str, Any], template: Template | None = None
    ) -> bytes:
        """The document. The same facts and template give the same bytes.

        Without `template` it is ours, and facts that are not given are the defaults of fields.yaml.
        With it, `facts` are what was kept when the document was drafted: they were checked then,
        and fit that template whatever a later release asks for; only what rendering adds is looked
        at. Raises `FactMissing` (field named) or `TemplateFault` (expression and place named).
        """
        _, fields = self._load(kind)
        given = _in_words(facts)
        if template is not None:
            fields = {name: field for name, field in fields.items() if field.source in _ADDED}
        context = {**(given if template else {}), **checked_facts(fields, given)}
        document = context["document"]
        code = None if document is None else document["code"]
        try:
            if template is not None and not template.ours:
                return self._children.render(template.content, context, code)
            content = template.content if template else self.ours(kind, self._settings)
            return self._compiled(content).render(context, code=code)
        except TemplateFault as fault:
            raise TemplateFault(f"шаблон «{kind}»: {fault}") from fault

    def _compile(self, content: bytes) -> CompiledTemplate:
        try:
            return CompiledTemplate(content, self._env)
        finally:
            give_back()

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


def _laid_out(content: bytes, settings: LayoutSettings, kept_long: bool) -> bytes:  # noqa: FBT001 - lru_cache
    return with_settings(content, settings, kept_long=kept_long)


def _in_words(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Facts with ISO dates of registration and stamps in words too, as templates print them."""
    printed = dict(facts)
    registration = facts.get("registration")
    if registration is not None and "date" in registration:
        day = dt.date.fromisoformat(registration["date"])
        printed["registration"] = registration_facts(registration["number"], day)
    stamps = facts.get("approval_stamps")
    if stamps:
        printed["approval_stamps"] = [
            stamp_facts(**one) if "number" in one else one for one in stamps
        ]
    return printed


def _yaml(path: Path) -> dict[str, Any]:
    # The loader in C: every process reads some 120 of these files when it starts.
    return dict(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader))
