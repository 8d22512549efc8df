"""How two versions of a template differ, in words: paragraphs, cells, facts."""

import io
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final, Literal

from docx import Document

from adapters.docx.checking import check_template
from adapters.docx.compiled import UNREADABLE, filled_parts
from adapters.docx.fields import Field
from adapters.docx.patched import Placed, unpatched
from domain.errors import TemplateFault
from domain.templates import TemplateChange, TemplateDifference

MOST_CHANGES: Final = 200


def difference(old: bytes, new: bytes, kind_fields: Mapping[str, Field]) -> TemplateDifference:
    """How `new` differs from `old`. Raises as `check_template`."""
    used = [
        {field.name for field in check_template(content, kind_fields).fields if field.used}
        for content in (old, new)
    ]
    before, after = _paragraphs(old), _paragraphs(new)
    changes = [
        change
        for part in dict.fromkeys((*before, *after))
        for change in _changes(before.get(part, []), after.get(part, []))
    ]
    return TemplateDifference(
        changes=tuple(changes[:MOST_CHANGES]),
        more=max(0, len(changes) - MOST_CHANGES),
        fields_added=tuple(sorted(used[1] - used[0])),
        fields_removed=tuple(sorted(used[0] - used[1])),
        layout=not changes and old != new,
    )


def _paragraphs(content: bytes) -> dict[str, list[Placed]]:
    """What is written in each part, paragraph by paragraph, the tags among the text."""
    found: dict[str, list[Placed]] = {}
    try:
        package = Document(io.BytesIO(content))
        for part in filled_parts(package, unpatched):
            found.setdefault(part.patched.part, []).extend(part.patched.texts())
    except UNREADABLE as error:
        raise TemplateFault("файл не читается как документ Word") from error
    return found


def _changes(before: list[Placed], after: list[Placed]) -> Iterator[TemplateChange]:
    matcher = SequenceMatcher(
        None, [one.text for one in before], [one.text for one in after], autojunk=False
    )
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if what == "equal":
            continue
        for old, new in zip_longest(before[old_from:old_to], after[new_from:new_to]):
            yield _change(old, new)


def _change(old: Placed | None, new: Placed | None) -> TemplateChange:
    what: Literal["added", "removed", "changed"] = "changed"
    if old is None or new is None:
        what = "added" if old is None else "removed"
    shown = new or old
    return TemplateChange(
        what=what,
        place=shown.place if shown else "",
        before=old and old.text,
        after=new and new.text,
    )
