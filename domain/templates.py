"""Templates that an organisation changes: what is wrong with one, how two of them differ."""

from datetime import date, datetime
from typing import Literal

from domain.base import Value

OURS = 0
"""The version of a kind's template that came with the program; an organisation's begin at 1."""


class TemplateProblem(Value):
    """Something that a template has wrong, in Russian; a warning does not keep it from use."""

    level: Literal["error", "warning"]
    text: str
    place: str | None = None  # part, paragraph or cell
    nearest: str | None = None  # the known name that was probably meant

    def __str__(self) -> str:
        said = f"{self.place}: {self.text}" if self.place else self.text
        return f"{said}; может быть, «{self.nearest}»?" if self.nearest else said


class TemplateField(Value):
    """A fact that templates of the kind may use."""

    name: str
    type: str
    note: str
    used: bool
    columns: tuple[str, ...] = ()  # of a table's rows
    amendable: bool = False  # a person may give it with a new version


class TemplateCheck(Value):
    """What a check found."""

    fields: tuple[TemplateField, ...]
    problems: tuple[TemplateProblem, ...]

    @property
    def ok(self) -> bool:
        """No error: documents can be made of it."""
        return not self.errors

    @property
    def errors(self) -> tuple[TemplateProblem, ...]:
        return tuple(one for one in self.problems if one.level == "error")

    @property
    def warnings(self) -> tuple[TemplateProblem, ...]:
        return tuple(one for one in self.problems if one.level == "warning")


class TemplateChange(Value):
    """A paragraph or cell that one of two versions has otherwise than the other."""

    what: Literal["added", "removed", "changed"]
    place: str  # in the version that has it; in the newer one if both do
    before: str | None
    after: str | None


class TemplateDifference(Value):
    """How a version differs from an earlier one."""

    changes: tuple[TemplateChange, ...]
    more: int  # changes that are not listed
    fields_added: tuple[str, ...]
    fields_removed: tuple[str, ...]
    layout: bool  # something that is no text differs too: fonts, margins, pictures


class TemplateVersion(Value):
    """A version that an organisation uploaded. It is never changed; a later one takes its place."""

    kind: str
    version: int
    sha256: str
    active_from: date  # documents drafted from this day on are made of it
    uploaded_by: str
    at: datetime
