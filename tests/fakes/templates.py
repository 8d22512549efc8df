"""Templates that are plain text: a line that begins with `!` is a mistake, with `?` a warning."""

from domain.errors import NotFound
from domain.layout_settings import LayoutSettings
from domain.templates import (
    TemplateChange,
    TemplateCheck,
    TemplateDifference,
    TemplateField,
    TemplateProblem,
)

FIELD = TemplateField(name="mentor", type="person", note="наставник", used=True)


class PlainTemplates:
    """`Templates` over the kinds that it is given."""

    def __init__(self, *kinds: str) -> None:
        self._kinds = kinds

    def ours(self, kind: str, settings: LayoutSettings) -> bytes:
        self._check(kind)
        return f"PK ours {kind} {settings.font}".encode()

    def fields(self, kind: str) -> tuple[TemplateField, ...]:
        self._check(kind)
        return (FIELD,)

    def check(self, kind: str, content: bytes) -> TemplateCheck:
        self._check(kind)
        lines = content.decode(errors="replace").splitlines()
        problems = [
            TemplateProblem(
                level="error" if line.startswith("!") else "warning",
                text=line[1:],
                place=f"текст, абзац {number}",
            )
            for number, line in enumerate(lines, start=1)
            if line.startswith(("!", "?"))
        ]
        return TemplateCheck(fields=(FIELD,), problems=tuple(problems))

    def preview(self, kind: str, content: bytes) -> bytes:
        self._check(kind)
        return b"PK sample of " + content

    def difference(self, kind: str, old: bytes, new: bytes) -> TemplateDifference:
        self._check(kind)
        change = TemplateChange(
            what="changed", place="текст, абзац 1", before=old.decode(), after=new.decode()
        )
        return TemplateDifference(
            changes=(change,) if old != new else (),
            more=0,
            fields_added=(),
            fields_removed=(),
            layout=False,
        )

    def _check(self, kind: str) -> None:
        if kind not in self._kinds:
            raise NotFound(f"there is no kind {kind}")
