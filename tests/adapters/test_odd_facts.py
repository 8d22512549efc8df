"""Odd facts: each text that is taken stands in a sound document, each other is refused by name."""

import copy
import io
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.docx.facts import person_facts
from adapters.russian import name_forms
from domain.errors import FactMissing
from tests.adapters.test_compiled import ODD, parts_of
from tests.adapters.test_docx_renderer import KINDS, W, example
from tests.law import RENDERER

Path = tuple[str | int, ...]
NO_TEXT = {"gender", "iso", "code"}  # one of few values, a date, ASCII
FORBIDDEN = "\x00\x01\t\n\x0b\x0c\r\x1b\x7f\x85\u202a\u202e\u2066\u2069\ufffe\uffff\U0010ffff\ud800"


def leaves(value: object, path: Path = ()) -> Iterator[Path]:
    """Where texts stand in facts."""
    if isinstance(value, str) and path[-1] not in NO_TEXT:
        yield path
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from leaves(inner, (*path, place))


def with_texts(facts: dict[str, Any], texts: dict[Path, str]) -> dict[str, Any]:
    """A copy of the facts with other texts at these places."""
    changed = copy.deepcopy(facts)
    for path, text in texts.items():
        inner: Any = changed
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = text
    return changed


def printed(document: bytes) -> str:
    """All text of all parts, small letters for large ones, since a template may ask for either."""
    Document(io.BytesIO(document))
    found = [
        "".join(node.text or "" for node in paragraph.iter(f"{W}t"))
        for name, part in parts_of(document).items()
        if re.fullmatch(r"word/\w+\.xml", name)
        for paragraph in etree.fromstring(part).iter(f"{W}p")
    ]
    return "\n".join(found).upper().casefold()


@cache
def shown(kind: str) -> tuple[Path, ...]:
    """The texts of the kind's example that the document shows."""
    known = RENDERER.fields(kind)
    facts = {name: value for name, value in example(kind).items() if name in known}
    marks = {path: f"Знак{place}конец" for place, path in enumerate(leaves(facts))}
    text = printed(RENDERER.render(kind, with_texts(facts, marks)))
    return tuple(path for path, mark in marks.items() if mark.upper().casefold() in text)


odd_text = (
    st.text(
        st.sampled_from(ODD + "абвЯЁ🎓👩‍🏫") | st.characters(exclude_categories=["C"]), min_size=1
    )
    .filter(lambda text: text.strip() and "_" not in text)
    .flatmap(lambda text: st.sampled_from([text, text, text * 500]))
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_shows_texts_of_its_example(kind: str) -> None:
    assert len(shown(kind)) >= 2


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_each_odd_text_stands_in_the_document_as_it_was_given(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    texts = data.draw(
        st.dictionaries(st.sampled_from(shown(kind)), odd_text, min_size=1, max_size=6)
    )
    text = printed(RENDERER.render(kind, with_texts(example(kind), texts)))
    assert [given for given in texts.values() if given.upper().casefold() not in text] == []


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_sign_that_no_document_should_hold_is_refused_with_its_field(
    data: st.DataObject,
) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    path = data.draw(st.sampled_from(shown(kind)))
    sign = data.draw(st.sampled_from(FORBIDDEN))
    before, after = data.draw(st.text("аб ", max_size=3)), data.draw(st.text("вг ", max_size=3))
    spoilt = with_texts(example(kind), {path: f"А{before}{sign}{after}Я"})
    with pytest.raises(FactMissing, match=named(path)):
        RENDERER.render(kind, spoilt)


def named(path: Path) -> str:
    """The field as a refusal names it: rows count from one."""
    steps = [str(step + 1) if isinstance(step, int) else step for step in path]
    return f"«{re.escape('.'.join(steps))}»"


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_of_ten_pages_is_taken_and_a_longer_one_refused(kind: str) -> None:
    path = shown(kind)[-1]
    longest = "Слово " * 4_999 + "конец."
    assert len(longest) == 30_000
    document = RENDERER.render(kind, with_texts(example(kind), {path: longest}))
    assert longest.upper().casefold() in printed(document)
    with pytest.raises(FactMissing, match=f"{named(path)} длиннее 30000"):
        RENDERER.render(kind, with_texts(example(kind), {path: longest + "."}))


def test_a_table_of_ten_thousand_rows_is_whole_and_a_far_longer_one_refused() -> None:
    facts = example("order_pairs")
    [mentor, mentee] = (facts["pairs"][0][side] for side in ("mentor", "mentee"))
    rows = [{"mentor": mentor, "mentee": mentee, "form": f"форма {n}"} for n in range(10_000)]
    document = Document(io.BytesIO(RENDERER.render("order_pairs", {**facts, "pairs": rows})))
    cells = [node.text or "" for node in document.element.body.iter(f"{W}t")]
    assert [text for text in cells if text.startswith("форма ")] == [row["form"] for row in rows]
    with pytest.raises(FactMissing, match="«pairs» больше 20000 строк"):
        RENDERER.render("order_pairs", {**facts, "pairs": rows * 3})


@pytest.mark.parametrize(
    ("last", "first", "patronymic"),
    [("Э", "Ян", None), ("О", "И", "У"), ("Ы", "Ли", ""), ("Е-Ё", "Ю", None)],
)
def test_a_surname_of_one_letter_is_written_in_every_form(
    last: str, first: str, patronymic: str | None
) -> None:
    person = person_facts(name_forms(last, first, patronymic, "m"), "учитель")
    facts = example("order_pairs") | {"curator": person}
    text = printed(RENDERER.render("order_pairs", facts))
    for form in (person["name"]["accs"], person["initials_last"]["datv"]):
        assert form.upper().casefold() in text


@pytest.mark.parametrize(
    ("cell", "field"),
    [
        ("А\u202eБ", "pairs.1.note"),
        ({"inner": ["да", "А\x07"]}, "pairs.1.note.inner.2"),
        ([{"deep": 10**13}], "pairs.1.note.1.deep"),
        (b"bytes", "pairs.1.note"),
    ],
)
def test_a_cell_that_no_column_declares_is_looked_at_too(cell: object, field: str) -> None:
    facts = example("order_pairs")
    facts["pairs"][0]["note"] = cell
    with pytest.raises(FactMissing, match=re.escape(f"«{field}»")):
        RENDERER.render("order_pairs", facts)
    facts["pairs"][0]["note"] = {"texts": ["да", ""], "number": 7, "flag": True, "none": None}
    RENDERER.render("order_pairs", facts)


@pytest.mark.parametrize("number", [10**12, -(10**12), 10**5000], ids=["+", "-", "huge"])
def test_a_number_that_nobody_can_mean_is_refused(number: int) -> None:
    [(kind, name), *_] = (
        (kind, name)
        for kind in KINDS
        for name, field in RENDERER.fields(kind).items()
        if field.type == "number"
    )
    with pytest.raises(FactMissing, match=f"«{name}»: слишком большое"):
        RENDERER.render(kind, example(kind) | {name: number})
