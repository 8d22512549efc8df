"""Templates on the command line, and what was found, in words."""

from collections.abc import Iterable
from difflib import get_close_matches

from adapters.docx.renderer import DocxRenderer
from adapters.docx.templates import DocxTemplates
from domain.templates import TemplateCheck, TemplateDifference, TemplateField
from runtime.settings import WrongCall
from runtime.shipped import TEMPLATES

_CHANGES = {"added": "добавлено", "removed": "удалено", "changed": "изменено"}


def templates(kind: str | None = None) -> DocxTemplates:
    """Work on templates, of this kind if it is named. Raises `WrongCall` if there is none."""
    renderer = DocxRenderer(TEMPLATES)
    if kind is not None and kind not in renderer.kinds():
        near = get_close_matches(kind, renderer.kinds(), n=1)
        hint = f" Может быть, {near[0]}?" if near else ""
        raise WrongCall(f"Нет вида документа «{kind}».{hint}")
    return DocxTemplates(renderer)


def fields_words(fields: Iterable[TemplateField]) -> str:
    """Names of facts with their types and notes."""
    lines = []
    for one in fields:
        columns = f"; в строке: {', '.join(one.columns)}" if one.columns else ""
        lines.append(f"{one.name:24} {one.type:14} {one.note}{columns}")
    return "\n".join(lines)


def check_words(found: TemplateCheck) -> str:
    """Problems with their places, then the facts that are printed."""
    lines = [f"✗ {problem}" for problem in found.errors]
    lines += [f"! {problem}" for problem in found.warnings]
    used = [field.name for field in found.fields if field.used]
    lines.append(f"Факты в шаблоне: {', '.join(used) or 'нет'}.")
    lines.append(f"Ошибок: {len(found.errors)}." if found.errors else "Ошибок нет.")
    return "\n".join(lines)


def difference_words(found: TemplateDifference) -> str:
    """What was changed where."""
    lines: list[str] = []
    for change in found.changes:
        lines.append(f"{_CHANGES[change.what]}: {change.place}")
        lines += [f"  − {change.before}"] if change.before is not None else []
        lines += [f"  + {change.after}"] if change.after is not None else []
    lines += [f"и ещё изменений: {found.more}"] if found.more else []
    lines += [f"Новые факты: {', '.join(found.fields_added)}."] if found.fields_added else []
    lines += [f"Больше не печатаются: {', '.join(found.fields_removed)}."] * bool(
        found.fields_removed
    )
    if found.layout:
        lines.append("Текст тот же; отличается оформление.")
    return "\n".join(lines) or "Шаблоны одинаковы."
