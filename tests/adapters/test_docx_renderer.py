"""Documents from templates: strict, escaped, sandboxed, stable."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from adapters.docx.renderer import DocxRenderer
from adapters.journal_rules import starting_journals
from adapters.retention_rules import retention_rules
from doc_templates.build import BUILDERS
from domain.errors import FactMissing, TemplateFault
from tests.law import RENDERER

TEMPLATES = Path(__file__).parents[2] / "doc_templates"
KINDS = tuple(sorted(BUILDERS))
CEREMONIAL = ("diploma", "thanks_letter", "training_certificate")


def example(kind: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((TEMPLATES / kind / "example.json").read_text("utf-8"))
    return facts


def text_of(document: bytes) -> str:
    """All text of the body, paragraph by paragraph, no-break spaces made plain."""
    body = Document(io.BytesIO(document)).element.body
    lines = ("".join(node.text or "" for node in p.iter(f"{W}t")) for p in body.iter(f"{W}p"))
    return "\n".join(lines).replace("\u00a0", " ")


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def renderer() -> DocxRenderer:
    return RENDERER


def planted(folder: Path, tag: str, *, where: str = "paragraph") -> DocxRenderer:
    """A renderer whose one template, an adult's consent, holds `tag`."""
    home = folder / "consent_adult"
    shutil.copytree(TEMPLATES / "consent_adult", home)
    shutil.copy(TEMPLATES / "common.yaml", folder)
    document = Document(str(home / "template.docx"))
    if where == "cell":
        document.add_table(rows=2, cols=3).cell(1, 2).text = tag
    elif where == "header":
        document.sections[0].first_page_header.paragraphs[0].add_run(tag)
    elif where == "properties":
        document.core_properties.subject = tag
    else:
        document.paragraphs[2].add_run(tag)
    document.save(str(home / "template.docx"))
    return DocxRenderer(folder)


def test_each_known_kind_has_its_builder(renderer: DocxRenderer) -> None:
    assert renderer.kinds() == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_renders_its_example_without_a_tag_or_a_hole(
    renderer: DocxRenderer, kind: str
) -> None:
    text = text_of(renderer.render(kind, example(kind)))
    assert "{{" not in text
    assert "{%" not in text
    assert "None" not in text
    assert ".." not in text
    assert " ," not in text


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_facts_give_the_same_bytes(renderer: DocxRenderer, kind: str) -> None:
    again = DocxRenderer(TEMPLATES).render(kind, example(kind))
    assert renderer.render(kind, example(kind)) == again


def test_the_container_has_fixed_dates_and_content_types_first(renderer: DocxRenderer) -> None:
    document = renderer.render("report", example("report"))
    with zipfile.ZipFile(io.BytesIO(document)) as container:
        names = container.namelist()
        dates = {entry.date_time for entry in container.infolist()}
    assert names[0] == "[Content_Types].xml"
    assert names[1:] == sorted(names[1:])
    assert dates == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("kind", KINDS)
def test_the_committed_template_is_what_the_script_makes(kind: str) -> None:
    assert (TEMPLATES / kind / "template.docx").read_bytes() == BUILDERS[kind]()


@pytest.mark.parametrize("kind", KINDS)
def test_margins_follow_the_retention_of_the_kind(renderer: DocxRenderer, kind: str) -> None:
    section = Document(io.BytesIO(renderer.render(kind, example(kind)))).sections[0]
    sides = (
        section.left_margin,
        section.right_margin,
        section.top_margin,
        section.bottom_margin,
    )
    left = renderer.kind(kind).left_margin_mm
    right = 20 if kind in CEREMONIAL else 10  # their text is centred on the sheet
    assert [round(side.mm, 1) for side in sides if side] == [left, right, 20, 20]
    term = retention_rules().term(renderer.kind(kind).retention, date(2026, 9, 1))
    kept_long = term.length > 10
    assert renderer.kind(kind).left_margin_mm == (30 if kept_long else 20)


@pytest.mark.parametrize("kind", KINDS)
def test_typed_facts_have_defaults_so_a_draft_waits_for_nobody(
    renderer: DocxRenderer, kind: str
) -> None:
    typed = [field for field in renderer.fields(kind).values() if field.source == "input"]
    assert all(field.default or not field.required for field in typed)


@pytest.mark.parametrize("kind", KINDS)
def test_a_required_fact_that_is_not_given_is_named(renderer: DocxRenderer, kind: str) -> None:
    for name, field in renderer.fields(kind).items():
        if not field.required or field.default is not None:
            continue
        facts = {key: value for key, value in example(kind).items() if key != name}
        with pytest.raises(FactMissing, match=f"«{name}»"):
            renderer.render(kind, facts)


def _without_gent(facts: dict[str, Any]) -> None:
    del facts["pairs"][1]["mentor"]["name"]["gent"]


def _no_pairs(facts: dict[str, Any]) -> None:
    facts["pairs"] = []


def _blank_name(facts: dict[str, Any]) -> None:
    facts["organisation"]["short_name"] = "  "


def _bad_date(facts: dict[str, Any]) -> None:
    facts["start"]["iso"] = "2026-13-01"


def _control_sign(facts: dict[str, Any]) -> None:
    facts["heading"] = "О парах\x07"


def _turned_text(facts: dict[str, Any]) -> None:
    facts["heading"] = "О парах\u202e"


def _changing_braces(facts: dict[str, Any]) -> None:
    facts["heading"] = "О парах {_{"


def _post_of_director(facts: dict[str, Any]) -> None:
    facts["organisation"]["director"]["post"] = None


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        (_without_gent, "pairs.2.mentor.name.gent"),
        (_no_pairs, "pairs"),
        (_blank_name, "organisation.short_name"),
        (_bad_date, "start.iso"),
        (_control_sign, "heading"),
        (_turned_text, "heading"),
        (_changing_braces, "heading"),
        (_post_of_director, "organisation.director.post"),
    ],
)
def test_a_bad_fact_is_named_by_its_path(
    renderer: DocxRenderer, spoil: Callable[[dict[str, Any]], None], field: str
) -> None:
    facts = example("order_pairs")
    spoil(facts)
    with pytest.raises(FactMissing, match=f"«{field}»"):
        renderer.render("order_pairs", facts)


def test_a_refusal_tells_no_personal_data(renderer: DocxRenderer) -> None:
    facts = example("consent_adult")
    surname = facts["person"]["name"]["nomn"].split()[0]
    facts["person"]["name"]["nomn"] += "\x00"
    with pytest.raises(FactMissing) as refusal:
        renderer.render("consent_adult", facts)
    assert surname not in str(refusal.value)


def test_signs_of_xml_survive_in_a_value(renderer: DocxRenderer) -> None:
    facts = example("order_introduction")
    facts["organisation"]["short_name"] = "ООО «А & Б» <x>"
    facts["control"] = "{{ 7 }} {% if %} <w:t>"
    text = text_of(renderer.render("order_introduction", facts))
    assert "ООО «А & Б» <x>" in text
    assert "{{ 7 }} {% if %} <w:t>" in text


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ("paragraph", "текст, абзац 3"),
        ("cell", "текст, таблица 2, строка 2, ячейка 3"),
        ("header", "верхний колонтитул"),
        ("properties", "свойства документа"),
    ],
)
def test_an_unknown_field_and_its_place_are_named(tmp_path: Path, where: str, place: str) -> None:
    renderer = planted(tmp_path, "{{ person.nickname }}", where=where)
    with pytest.raises(TemplateFault, match="nickname") as refusal:
        renderer.render("consent_adult", example("consent_adult"))
    assert place in str(refusal.value)


@pytest.mark.parametrize("where", ["paragraph", "cell", "header", "properties"])
@pytest.mark.parametrize(
    "payload",
    [
        "{{ cycler.__init__.__globals__ }}",
        "{{ ''.__class__ }}",
        "{{ person.__class__ }}",
        "{{ person['__class__'] }}",
        "{{ person.name.items() }}",
        "{{ programme.format(1) }}",
        "{{ self._TemplateReference__context }}",
        "{{ lipsum() }}",
        "{{ range(9) }}",
        "{{ 'a' * 300000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%999999999d' % 1 }}",
        "{{ [1]|map('string')|list }}",
        "{{ programme|attr('upper') }}",
        "{% include 'x' %}",
        "{% import 'x' as x %}",
        "{% macro m() %}x{% endmacro %}{{ m() }}",
        "{% for a in personal_data %}{{ loop.__init__ }}{% endfor %}",
    ],
)
def test_a_template_cannot_run_code(tmp_path: Path, where: str, payload: str) -> None:
    renderer = planted(tmp_path, payload, where=where)
    with pytest.raises(TemplateFault, match="шаблон «consent_adult»"):
        renderer.render("consent_adult", example("consent_adult"))


def test_a_broken_tag_is_named(tmp_path: Path) -> None:
    renderer = planted(tmp_path, "{{ person. }}")
    with pytest.raises(TemplateFault, match="ошибка в записи"):
        renderer.render("consent_adult", example("consent_adult"))


def test_a_file_that_is_no_docx_is_refused(tmp_path: Path) -> None:
    renderer = planted(tmp_path, "")
    (tmp_path / "consent_adult" / "template.docx").write_bytes(b"%PDF-1.7")
    with pytest.raises(TemplateFault, match="не файл DOCX"):
        renderer.render("consent_adult", example("consent_adult"))


@pytest.mark.parametrize("kind", ["letter", "../report", ""])
def test_an_unknown_kind_is_refused(renderer: DocxRenderer, kind: str) -> None:
    with pytest.raises(TemplateFault, match="нет шаблона"):
        renderer.kind(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_marks_stand_on_the_first_and_on_later_pages(renderer: DocxRenderer, kind: str) -> None:
    facts = example(kind) | {"marks": ["ПРОЕКТ", "РЕПЕТИЦИЯ"]}
    section = Document(io.BytesIO(renderer.render(kind, facts))).sections[0]
    for header in (section.first_page_header, section.header):
        assert "ПРОЕКТ · РЕПЕТИЦИЯ" in header.paragraphs[0].text


@pytest.mark.parametrize("kind", [kind for kind in KINDS if "order" in kind])
def test_an_order_has_blanks_until_it_is_registered(renderer: DocxRenderer, kind: str) -> None:
    draft = text_of(renderer.render(kind, example(kind) | {"registration": None}))
    assert "№ ______" in draft
    registration = {"number": "777-о", "date_words": "1 марта 2027 г."}
    registered = text_of(renderer.render(kind, example(kind) | {"registration": registration}))
    assert "№ 777-о" in registered
    assert "1 марта 2027 г." in registered


def test_the_appendix_repeats_the_number_of_its_order(renderer: DocxRenderer) -> None:
    registration = {"number": "777-о", "date_words": "1 марта 2027 г."}
    facts = example("order_pairs") | {"registration": registration}
    assert "от 1 марта 2027 г. № 777-о" in text_of(renderer.render("order_pairs", facts))


def test_the_table_of_pairs_has_a_row_for_each_pair(renderer: DocxRenderer) -> None:
    facts = example("order_pairs")
    facts["pairs"] = facts["pairs"] * 20
    document = Document(io.BytesIO(renderer.render("order_pairs", facts)))
    table = next(table for table in document.tables if "п/п" in table.cell(0, 0).text)
    assert [row.cells[0].text for row in table.rows[1:]] == [str(n) for n in range(1, 81)]
    properties = [row._tr.trPr for row in table.rows]
    assert all(each is not None and each.find(f"{W}cantSplit") is not None for each in properties)
    assert properties[0] is not None
    assert properties[0].find(f"{W}tblHeader") is not None


@pytest.mark.parametrize("kind", KINDS)
def test_the_paragraph_after_a_table_never_makes_a_page_of_its_own(
    renderer: DocxRenderer, kind: str
) -> None:
    body = Document(io.BytesIO(renderer.render(kind, example(kind)))).element.body
    after = [table.getnext() for table in body.iterchildren(f"{W}tbl")]
    lines = [spacing for each in after for spacing in each.iter(f"{W}spacing")]
    assert len(lines) == len(after)
    assert all((line.get(f"{W}line"), line.get(f"{W}lineRule")) == ("1", "exact") for line in lines)


def test_names_stand_in_the_case_that_the_sentence_asks_for(renderer: DocxRenderer) -> None:
    text = text_of(renderer.render("order_introduction", example("order_introduction")))
    assert "на куратора программы наставничества Непомнящую Марию Ильиничну, методиста." in text
    assert "Куратору программы наставничества Непомнящей М. И." in text
    assert "С приказом ознакомлена" in text


def _signers(text: str) -> list[str]:
    lines = text[text.index("8. Подписи Сторон") :].splitlines()
    return [line.removeprefix("______________ ") for line in lines if line.startswith("____")]


@pytest.mark.parametrize(
    ("representatives", "signers"),
    [
        ({}, ["А. С. Ким", "А.-М. Дюма"]),
        ({"mentee": True}, ["А. С. Ким", "А.-М. Дюма", "С. А. Дюма"]),
        ({"mentee": False}, ["А. С. Ким", "С. А. Дюма"]),
        ({"mentor": True, "mentee": True}, ["А. С. Ким", "С. А. Дюма", "А.-М. Дюма", "С. А. Дюма"]),
    ],
)
def test_representatives_of_minors_sign_the_agreement(
    renderer: DocxRenderer, representatives: Mapping[str, bool], signers: list[str]
) -> None:
    facts = example("agreement")
    representative = facts["mentee_representative"]
    for side in ("mentor", "mentee"):
        facts[f"{side}_representative"] = (
            representative | {"minor_signs": representatives[side]}
            if side in representatives
            else None
        )
    assert _signers(text_of(renderer.render("agreement", facts))) == signers


def test_the_agreement_refers_to_separate_consents(renderer: DocxRenderer) -> None:
    text = text_of(renderer.render("agreement", example("agreement")))
    assert "на основании согласий, которые оформлены отдельными документами" in text
    assert "даю согласие" not in text


def test_each_kind_that_is_counted_has_a_journal(renderer: DocxRenderer) -> None:
    named = {renderer.kind(kind).journal for kind in renderer.kinds()} - {None}
    assert named
    assert named <= set(starting_journals())


@pytest.mark.parametrize(
    ("kind", "form"), [("report", "УТВЕРЖДЁН"), ("consent_adult", "УТВЕРЖДЕНО")]
)
def test_the_approval_mark_agrees_with_the_title(
    renderer: DocxRenderer, kind: str, form: str
) -> None:
    assert renderer.kind(kind).approved_form == form
