"""Templates as an organisation works on them: checked, tried out, compared.

Nothing of a file from outside is read in this process: a child does all of it.
"""

from collections.abc import Mapping
from hashlib import sha256

from pydantic import TypeAdapter

from activities.ports import Template
from adapters.docx.checking import check_template
from adapters.docx.child import Children
from adapters.docx.fields import Field
from adapters.docx.renderer import DocxRenderer
from domain.errors import BadTemplate, FactMissing, NotFound, TemplateFault
from domain.layout_settings import LayoutSettings
from domain.templates import TemplateCheck, TemplateDifference, TemplateField, TemplateProblem

SAMPLE_MARK = "ОБРАЗЕЦ"
_FIELDS = TypeAdapter(dict[str, Field])


class DocxTemplates:
    """The `Templates` port over the templates of a renderer. A kind unknown is `NotFound`."""

    def __init__(self, renderer: DocxRenderer) -> None:
        self._renderer = renderer
        self._children = Children()

    def ours(self, kind: str, settings: LayoutSettings) -> bytes:
        """The kind's template that came with the program, with a layout laid over it."""
        self._fields_of(kind)
        return self._renderer.ours(kind, settings)

    def fields(self, kind: str) -> tuple[TemplateField, ...]:
        """The facts that templates of the kind may use; those that ours uses are marked."""
        ours = self.ours(kind, LayoutSettings())
        return check_template(ours, self._fields_of(kind)).fields

    def check(self, kind: str, content: bytes) -> TemplateCheck:
        """All that is wrong with a template. Raises `BadUpload` for what is no safe DOCX."""
        found = self._check(self._fields_of(kind), content)
        if not found.ok:
            return found
        try:
            self.preview(kind, content)
        except (TemplateFault, FactMissing) as fault:
            return found.changed(problems=(_error(fault), *found.problems))
        return found

    def preview(self, kind: str, content: bytes) -> bytes:
        """A document of example facts. Raises `TemplateFault` or `FactMissing`."""
        self._fields_of(kind)
        facts = {**self._renderer.example(kind), "marks": [SAMPLE_MARK]}
        template = Template(sha256=sha256(content).hexdigest(), content=content, ours=False)
        return self._renderer.render(kind, facts, template)

    def preview_of_checked(self, kind: str, content: bytes) -> bytes:
        """As `preview`, of a file that nobody has checked yet. Raises `BadTemplate` too."""
        found = self.check(kind, content)
        if not found.ok:
            raise BadTemplate("\n".join(("В шаблоне ошибки:", *map(str, found.errors))))
        return self.preview(kind, content)

    def check_of_any(self, content: bytes) -> TemplateCheck:
        """As `check`, of a template of no known kind: facts are those of any, none is demanded."""
        found = self._check(self._fields_of_any(), content)
        used = tuple(field for field in found.fields if field.used)
        return TemplateCheck(fields=used, problems=found.errors)

    def _check(self, fields: Mapping[str, Field], content: bytes) -> TemplateCheck:
        given = _FIELDS.dump_python(dict(fields), mode="json")
        try:
            answer, _ = self._children.once("check", content, fields=given)
        except TemplateFault as fault:
            return TemplateCheck(fields=(), problems=(_error(fault),))
        return TemplateCheck.model_validate(answer["found"])

    def difference(self, kind: str, old: bytes, new: bytes) -> TemplateDifference:
        """How `new` differs from `old`. Raises `BadUpload` or `TemplateFault`."""
        return self._difference(self._fields_of(kind), old, new)

    def difference_of_any(self, old: bytes, new: bytes) -> TemplateDifference:
        """As `difference`, for templates of no known kind: facts are those of any kind."""
        return self._difference(self._fields_of_any(), old, new)

    def _difference(
        self, fields: Mapping[str, Field], old: bytes, new: bytes
    ) -> TemplateDifference:
        given = _FIELDS.dump_python(dict(fields), mode="json")
        answer, _ = self._children.once("compare", old, new, fields=given)
        return TemplateDifference.model_validate(answer["found"])

    def _fields_of_any(self) -> dict[str, Field]:
        """The facts of all kinds. A table has the columns that any kind gives it."""
        known: dict[str, Field] = {}
        for kind in self._renderer.kinds():
            for name, field in self._renderer.fields(kind).items():
                other = known.setdefault(name, field)
                if field.type == "table":
                    known[name] = field.changed(columns={**other.columns, **field.columns})
        return known

    def _fields_of(self, kind: str) -> Mapping[str, Field]:
        if kind not in self._renderer.kinds():
            raise NotFound(f"нет вида документа «{kind}»")
        return self._renderer.fields(kind)


def _error(fault: TemplateFault | FactMissing) -> TemplateProblem:
    return TemplateProblem(level="error", text=str(fault))
