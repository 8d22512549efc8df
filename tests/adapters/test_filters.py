"""Filters of templates: a form is picked from those made beforehand, or the wrong use is told."""

import io
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from adapters.docx.compiled import CompiledTemplate
from adapters.docx.facts import amount_facts, person_facts
from adapters.docx.fields import Field, checked_facts
from adapters.docx.sandbox import CASE_FILTERS, Sandbox
from adapters.russian import name_forms
from domain.errors import FactMissing, TemplateFault
from tests.adapters.test_compiled import check_equal
from tests.adapters.test_docx_renderer import text_of

DOC_TEMPLATES = Path(__file__).parents[2] / "doc_templates"
DIRECTOR = person_facts(name_forms("Вершинина", "Ольга", "Павловна", "f"), "директор")
FACTS: dict[str, Any] = {
    "director": DIRECTOR,
    "hours": amount_facts(72),
    "minutes": amount_facts(21, "f"),
    "title": "Положение",
    "nobody": None,
    "people": [{"person": DIRECTOR}],
}


def template(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def rendered(*lines: str) -> str:
    return text_of(CompiledTemplate(template(*lines), Sandbox()).render(FACTS))


@pytest.mark.parametrize(
    ("case", "name", "post"),
    [
        ("nominative", "Вершинина Ольга Павловна", "директор"),
        ("genitive", "Вершининой Ольги Павловны", "директора"),
        ("dative", "Вершининой Ольге Павловне", "директору"),
        ("accusative", "Вершинину Ольгу Павловну", "директора"),
        ("instrumental", "Вершининой Ольгой Павловной", "директором"),
        ("prepositional", "Вершининой Ольге Павловне", "директоре"),
    ],
)
def test_a_name_and_a_post_stand_in_the_case_that_is_asked(case: str, name: str, post: str) -> None:
    text = f"{{{{ director.name|{case} }}}}, {{{{ director.post|{case} }}}}"
    assert rendered(text) == f"{name}, {post}"


def test_the_cases_are_all_there() -> None:
    assert len(CASE_FILTERS) == len(set(CASE_FILTERS.values())) == 6


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("{{ hours|in_words }}", "семьдесят два"),
        ("{{ hours.words|genitive }}", "семидесяти двух"),
        ("{{ hours.words|instrumental|capfirst }}", "Семьюдесятью двумя"),
        ("{{ hours.value }}", "72"),
        ("{{ minutes.words|accusative }}", "двадцать одну"),
        ("{{ director.initials_first|dative }}", "О. П. Вершининой"),
        ("{{ director.initials_last|accusative|upper }}", "ВЕРШИНИНУ О. П."),
        ("{% for row in people %}{{ row.person.name|dative }}{% endfor %}", "Вершининой Ольге"),
    ],
)
def test_filters_pick_forms_made_beforehand(tag: str, text: str) -> None:
    assert rendered(tag).startswith(text)


def test_docxtpl_makes_the_same_with_these_filters() -> None:
    lines = ("{{ director.name|genitive }}", "{{ hours|in_words }} & {{ hours.words|dative }}")
    check_equal(template(*lines), FACTS)


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ("{{ title|dative }}", "'dative' применяется к слову с формами падежей"),
        ("{{ director|genitive }}", "'genitive' применяется к слову с формами падежей"),
        ("{{ hours|genitive }}", "'genitive' применяется к слову с формами падежей"),
        ("{{ hours.value|in_words }}", "'in_words' применяется к числу с прописью"),
        ("{{ director.name|in_words }}", "'in_words' применяется к числу с прописью"),
        ("{{ nobody|dative }}", "'dative' применяется к слову с формами падежей"),
        ("{{ people|dative }}", "'dative' применяется к слову с формами падежей"),
        ("{{ director.name|dative|genitive }}", "'genitive' применяется"),
        ("{{ director.name|ablative }}", "ошибка в записи"),  # no such filter
        ("{{ director.nickname|dative }}", "неизвестное поле"),
    ],
)
def test_a_filter_in_the_wrong_place_is_named_with_its_place(tag: str, told: str) -> None:
    with pytest.raises(TemplateFault) as fault:
        rendered("Приказ", tag)
    assert told in str(fault.value)
    assert f"«{tag}» — текст, абзац 2" in str(fault.value)


AMOUNT = {"hours": Field(type="amount", source="input", note="часы")}


@pytest.mark.parametrize(
    ("spoilt", "path"),
    [
        ({"value": 72}, "hours.words"),
        ({"value": "72", "words": amount_facts(72)["words"]}, "hours.value"),
        ({"value": 72, "words": {"nomn": "семьдесят два"}}, "hours.words.gent"),
        (72, "hours"),
    ],
)
def test_an_amount_without_its_words_is_refused(spoilt: object, path: str) -> None:
    checked_facts(AMOUNT, {"hours": amount_facts(72)})
    with pytest.raises(FactMissing, match=f"«{path}»"):
        checked_facts(AMOUNT, {"hours": spoilt})


def test_our_templates_pick_cases_by_filters_alone() -> None:
    cases = "|".join(CASE_FILTERS.values())
    for file in sorted(DOC_TEMPLATES.glob("*/template.docx")):
        paragraphs = Document(str(file)).element.body.itertext()
        text = "".join(str(piece) for piece in paragraphs)
        found = [case for case in cases.split("|") if f".{case} " in text or f".{case}|" in text]
        assert not found, file.parent.name
