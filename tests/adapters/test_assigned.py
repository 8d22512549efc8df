"""The assignments of each kind are items that its text has, with the term that the text names."""

import io
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from docx import Document

from adapters.docx.assigned import AssignedItem, assigned_items
from adapters.docx.facts import date_facts
from domain.assignments import ITEM, AssignmentRules
from tests.adapters.world import NOW, templates

KINDS = tuple(kind for kind in templates().kinds() if templates().kind(kind).assignments)
PEOPLE = {
    "curator": ("куратор", "руководителю школы"),
    "mentors": ("наставникам",),
    "director": (),
    "secretary": (),
}
"""How an item, or the one that it belongs to, calls whom it is given to."""

ENDINGS = [
    {"programme_ends": False, "changes": None, "ended_pairs": None},
    {"programme_ends": True, "changes": None, "ended_pairs": None},
    {"programme_ends": True, "changes": "some", "ended_pairs": None},
    {"programme_ends": False, "changes": "some", "ended_pairs": None},
    {"programme_ends": True, "changes": "some", "ended_pairs": "some"},
]


@cache
def example(kind: str) -> Mapping[str, Any]:
    return templates().example(kind)


def items(kind: str, facts: Mapping[str, Any]) -> list[AssignedItem]:
    return list(assigned_items(templates().kind(kind).assignments, facts))


def printed(kind: str, facts: Mapping[str, Any]) -> dict[str, str]:
    """The numbered items of the text, by number."""
    document = Document(io.BytesIO(templates().render(kind, facts)))
    texts = [paragraph.text.replace("\xa0", " ") for paragraph in document.paragraphs]
    found = (re.match(r"(\d+(?:\.\d+)*)\. (.+)", text) for text in texts)
    return {match[1]: match[2] for match in found if match}


def check_stands_in(text: Mapping[str, str], one: AssignedItem) -> None:
    assert re.match(ITEM, one.item)
    words = text[one.item].casefold()
    head = text[one.item.partition(".")[0]].casefold()
    known = PEOPLE[one.rule.who]
    assert any(name in words or name in head for name in known) or _passive(words), one
    # The first words may be other ones: the item says what the rule tells in short.
    shared = {word[:5] for word in re.findall(r"\w{4,}", one.what.casefold())}
    said = {word[:5] for word in re.findall(r"\w{4,}", words)}
    assert len(shared & said) >= min(3, len(shared)), (one.what, words)
    if one.due is not None and one.rule.due != "end":  # the term of the whole paper
        assert date_facts(one.due)["words"].replace("\xa0", " ").casefold() in words


def _passive(words: str) -> bool:
    """Personal data are destroyed by somebody whom the order need not name."""
    return "данные уничтожить" in words


@pytest.mark.parametrize("kind", KINDS)
def test_each_assignment_is_an_item_of_the_text(kind: str) -> None:
    text = printed(kind, example(kind))

    found = items(kind, example(kind))

    assert found
    for one in found:
        check_stands_in(text, one)


@pytest.mark.parametrize("about", ENDINGS)
def test_the_items_of_an_order_on_the_end_are_numbered_as_its_text_is(
    about: dict[str, Any],
) -> None:
    facts = {
        **example("order_ending"),
        **{name: _some(name) if given == "some" else given for name, given in about.items()},
    }
    text = printed("order_ending", facts)

    found = items("order_ending", facts)

    for one in found:
        check_stands_in(text, one)
    given = [number for number, words in text.items() if words.startswith("Куратору")]
    assert [one.item for one in found if not _passive(text[one.item].casefold())] == given


def _some(name: str) -> list[dict[str, Any]]:
    if name == "changes":
        return [{"title": "приказ о парах", "number": "5-о", "date_words": "1 сентября 2026 г."}]
    person = example("order_ending")["curator"]
    return [{"mentor": person, "mentee": person, "day": "31 мая 2027 г.", "reason": "истёк срок"}]


@pytest.mark.parametrize("kind", KINDS)
def test_each_term_is_a_date_that_the_kind_always_has(kind: str) -> None:
    for rule in templates().kind(kind).assignments:
        if isinstance(rule.due, str):
            field = templates().fields(kind)[rule.due]
            assert (field.type, field.required) == ("date", True)
        if rule.each is not None:
            assert templates().fields(kind)[rule.each].type == "table"


def test_only_rows_that_say_how_many_days_become_assignments() -> None:
    row = {"due": "в течение недели", "text": "составить план"}
    facts = {"tasks": [{**row, "due": "постоянно"}, {**row, "days": "7"}, {**row, "days": 0}]}
    rule = AssignmentRules(item="4.{{ n }}", who="curator", what="{{ row.text }}", each="tasks")

    (found,) = assigned_items([rule], facts)

    assert (found.item, found.what, found.days, found.due) == ("4.2", "составить план", 7, None)


def test_words_are_kept_as_they_are_though_a_paper_would_escape_them() -> None:
    rule = AssignmentRules(item="1", who="curator", what="{{ text }}", due="end")
    facts = {"text": "сверить «A & B» <5>", "end": date_facts(NOW.date())}

    (found,) = assigned_items([rule], facts)

    assert (found.what, found.due) == ("сверить «A & B» <5>", NOW.date())
