"""Which items of a document's text are assignments: numbers and words as its template has them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from adapters.docx.sandbox import Sandbox
from domain.assignments import AssignmentRules
from domain.base import Value

_ENV: Final = Sandbox()
_ENV.autoescape = False  # words for people, not for XML


class AssignedItem(Value):
    """An item of a text, and the rule by which it is one; `due` or `days` is known."""

    rule: AssignmentRules
    item: str
    what: str
    due: date | None = None
    days: int | None = None


def assigned_items(
    rules: Iterable[AssignmentRules], facts: Mapping[str, Any]
) -> Iterator[AssignedItem]:
    """The items that a text made of these facts has, in the order of the rules."""
    for rule in rules:
        for context, days in _places(rule, facts):
            item = _ENV.from_string(rule.item).render(context).strip()
            if not item:
                continue
            what = _ENV.from_string(rule.what).render(context).strip()
            due = date.fromisoformat(facts[rule.due]["iso"]) if isinstance(rule.due, str) else None
            yield AssignedItem(rule=rule, item=item, what=what, due=due, days=days)


def _places(
    rule: AssignmentRules, facts: Mapping[str, Any]
) -> Iterator[tuple[Mapping[str, Any], int | None]]:
    """What the item and its words are made of, and the days that it says, if it says days."""
    if rule.each is None:
        yield facts, rule.due if isinstance(rule.due, int) else None
        return
    for n, row in enumerate(facts[rule.each] or (), start=1):
        days = str(row.get("days", ""))
        if days.isdecimal() and int(days):
            yield {**facts, "row": row, "n": n}, int(days)
