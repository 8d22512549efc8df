"""The mark of an electronic signature: in place of the room to sign, or nothing changes."""

import io
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn

from adapters.docx.layout_profile import profiles
from adapters.docx.linter import lint
from domain.errors import FactMissing
from tests.adapters.test_docx_renderer import TEMPLATES, example, text_of
from tests.law import RENDERER

MARK = {
    "certificate": "01D9A4B7C2E8F1A3005F6E7D8C9B0A11",
    "owner": "Вершинина Ольга Павловна",
    "valid_from": "01.02.2026",
    "valid_until": "01.05.2027",
}
PRINTED = """Документ подписан электронной подписью
Сертификат 01D9A4B7C2E8F1A3005F6E7D8C9B0A11
Владелец Вершинина Ольга Павловна
Действителен с 01.02.2026 по 01.05.2027"""
KINDS = ("consent_adult", "order_curator", "register_mentors", "training_programme")


def marked(kind: str, mark: Any = None) -> bytes:  # noqa: ANN401 - facts are as JSON is
    return RENDERER.render(kind, example(kind) | {"signature_mark": mark})


@pytest.mark.parametrize("kind", KINDS)
def test_the_mark_says_all_that_it_must(kind: str) -> None:
    document = marked(kind, MARK)
    assert text_of(document).count(PRINTED) == 1
    for profile in profiles(TEMPLATES.parent / "rules"):
        report = lint(document, profile, kept_long=RENDERER.kind(kind).kept_long)
        assert report.violations == ()
        assert {rule.rule: rule.state for rule in report.rules}["signature_mark"] == "kept"


@pytest.mark.parametrize("kind", KINDS)
def test_it_stands_framed_between_post_and_name(kind: str) -> None:
    rows = (row for table in Document(io.BytesIO(marked(kind, MARK))).tables for row in table.rows)
    [row] = [row for row in rows if any("электронной" in cell.text for cell in row.cells)]
    post, mark, name = row.cells
    assert mark.text.replace("\u00a0", " ") == PRINTED
    assert all(line._p.find(f".//{qn('w:pBdr')}") is not None for line in mark.paragraphs)
    assert post.text
    assert name.text


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_mark_there_is_room_to_sign_and_no_more(kind: str) -> None:
    text = text_of(marked(kind))
    assert "электронной подписью" not in text
    assert "Сертификат" not in text


@pytest.mark.parametrize("part", list(MARK))
def test_a_mark_without_one_of_its_parts_is_refused(part: str) -> None:
    spoilt = {name: value for name, value in MARK.items() if name != part}
    with pytest.raises(FactMissing, match=f"«signature_mark.{part}»"):
        marked("order_curator", spoilt)
