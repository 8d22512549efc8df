"""What is wrong with a template, in which expression, where."""

import re
import traceback

from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError

from adapters.docx.patched import Patched
from adapters.docx.sandbox import FilterError

_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def fault_in(source: Patched, error: TemplateError) -> str:
    """The fault in words; the error came from the template compiled from `source.lines`."""
    message = error.message or ""
    quoted = re.findall(r"'([^']+)'", message)
    if isinstance(error, TemplateSyntaxError):
        what, names = f"ошибка в записи ({message})", quoted
    elif isinstance(error, SecurityError):
        what, names = f"запрещённое выражение ({message})", quoted[:1]
    elif isinstance(error, FilterError):
        what, names = f"фильтр не подходит ({message})", quoted
    else:
        what, names = "неизвестное поле", quoted[-1:]
    start, tag = _tag(source.lines, _line(error), names)
    return f"{what} «{tag or ', '.join(names)}» — {source.place(source.lines[:start])}"


def _tag(source: str, line: int, names: list[str]) -> tuple[int, str | None]:
    """Where the faulty tag begins in the source, and its text."""
    lines = source.split("\n")
    start = sum(len(text) + 1 for text in lines[: line - 1])
    tags = list(_TAG.finditer(lines[line - 1])) if line <= len(lines) else []
    named = [tag for tag in tags if any(name in tag.group() for name in names)] or tags
    if not named:
        return start, None
    return start + named[0].start(), re.sub(r"<[^>]+>", "", named[0].group()).strip()


def _line(error: TemplateError) -> int:
    """The line of the part's source; Jinja2 writes it into the traceback."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == "<template>"]
    return next((line for line in reversed(lines) if line), 1)
