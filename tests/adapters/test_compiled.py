"""Compiled templates make what docxtpl makes; what they cannot make so, they refuse."""

import datetime as dt
import io
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.document import Document as OpenedDocument
from docxtpl import DocxTemplate
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.docx.compiled import CompiledTemplate
from adapters.docx.renderer import DocxRenderer
from adapters.docx.sandbox import Sandbox
from domain.errors import FactMissing, TemplateFault
from tests.adapters.test_docx_renderer import KINDS, TEMPLATES, W, example, planted, text_of
from tests.law import RENDERER

ENV = Sandbox()
ODD = "&<>\"'«»“”‘’{}%#|\\/.,;:— \u00a0\u202f\u00adёЁñß中🎓"


@cache
def template(kind: str) -> bytes:
    return (TEMPLATES / kind / "template.docx").read_bytes()


@cache
def compiled(content: bytes) -> CompiledTemplate:
    return CompiledTemplate(content, ENV)


def by_docxtpl(content: bytes, context: Mapping[str, Any]) -> bytes:
    document = DocxTemplate(io.BytesIO(content))
    document.render(context, Sandbox(), autoescape=True)
    written = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    document.core_properties.created = document.core_properties.modified = written
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def parts_of(document: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(document)) as container:
        assert container.testzip() is None
        return {name: container.read(name) for name in container.namelist()}


def canonical(part: bytes) -> bytes:
    written: bytes = etree.tostring(etree.fromstring(part), method="c14n")
    return written


def check_equal(content: bytes, context: Mapping[str, Any]) -> None:
    """Ours opens in python-docx, and each of its parts is what docxtpl makes of it."""
    document = compiled(content).render(context)
    Document(io.BytesIO(document))
    ours, theirs = parts_of(document), parts_of(by_docxtpl(content, context))
    assert ours.keys() == theirs.keys()
    for name, part in ours.items():
        if part != theirs[name]:
            assert canonical(part) == canonical(theirs[name]), name


def context_of(kind: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """As the renderer fills in the defaults, but without its look at signs."""
    return {
        name: field.default if facts.get(name) is None else facts[name]
        for name, field in RENDERER.fields(kind).items()
    }


def made(fill: Callable[[OpenedDocument], object]) -> bytes:
    """A template made on the spot."""
    document = Document()
    fill(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def saying(*texts: str) -> bytes:
    """A template with a paragraph for each text."""
    return made(lambda document: [document.add_paragraph(text) for text in texts])


texts = st.text(
    st.sampled_from("абвгдЖЩЪ" + ODD + "\n\t\a\f") | st.characters(exclude_categories=["Cc", "Cs"]),
    min_size=1,
    max_size=12,
).filter(lambda text: not set(text) & set("_\ufffe\uffff"))


@st.composite
def odd_facts(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Facts of the example with odd texts, longer and shorter lists, optional ones missing."""

    def odd(value: Any) -> Any:  # noqa: ANN401 - facts are as JSON is
        match value:
            case str():
                return draw(texts) if draw(st.integers(0, 5)) == 0 else value
            case dict():
                return {name: odd(inner) for name, inner in value.items()}
            case list():
                times = draw(st.sampled_from([1, 1, 1, 2, 7]))
                return [odd(inner) for inner in value] * times
            case _:
                return value

    facts = {name: odd(value) for name, value in example(kind).items()}
    for name, field in RENDERER.fields(kind).items():
        if not field.required and draw(st.integers(0, 3)) == 0:
            facts[name] = None
        elif isinstance(facts.get(name), list) and draw(st.integers(0, 5)) == 0:
            facts[name] = []
    return facts


@pytest.mark.parametrize("kind", KINDS)
def test_each_example_is_rendered_as_docxtpl_does(kind: str) -> None:
    check_equal(template(kind), context_of(kind, example(kind)))


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_odd_facts_are_rendered_as_docxtpl_does(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    check_equal(template(kind), context_of(kind, data.draw(odd_facts(kind))))


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 40])
def test_columns_made_by_a_loop_are_measured_as_docxtpl_does(count: int) -> None:
    def fill(document: OpenedDocument) -> None:
        table = document.add_table(rows=2, cols=4)
        for row in table.rows:
            row.cells[0].text = "имя"
            row.cells[1].text = "{%tc for day in days %}"
            row.cells[2].text = "{{ day }}"
            row.cells[3].text = "{%tc endfor %}"

    content = made(fill)
    check_equal(content, {"days": [str(day) for day in range(count)]})
    document = Document(io.BytesIO(compiled(content).render({"days": ["1"] * count})))
    grid = document.tables[0]._tbl.tblGrid
    assert len(grid.findall(f"{W}gridCol")) == len(document.tables[0].rows[0]._tr.tc_lst)


@pytest.mark.parametrize("shown", [True, False])
def test_a_row_that_may_be_absent_gives_up_its_columns_as_docxtpl_does(*, shown: bool) -> None:
    def fill(document: OpenedDocument) -> None:
        table = document.add_table(rows=4, cols=3)
        table.cell(1, 0).text = "{%tr if shown %}"
        table.cell(2, 2).text = "третий"
        table.cell(3, 0).text = "{%tr endif %}"
        head = table.rows[0]._tr
        head.remove(head.tc_lst[-1])

    check_equal(made(fill), {"shown": shown})


def picture() -> io.BytesIO:
    def chunk(name: bytes, content: bytes) -> bytes:
        checked = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + checked

    header = struct.pack(">2I5B", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\0")
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in chunks))


def test_pictures_are_numbered_as_docxtpl_does() -> None:
    def fill(document: OpenedDocument) -> None:
        document.add_picture(picture())
        document.add_paragraph("{%p for name in names %}")
        document.add_paragraph("{{ name }}").add_run().add_picture(picture())
        document.add_paragraph("{%p endfor %}")

    check_equal(made(fill), {"names": ["А", "Б", "В"]})


def test_tags_that_word_has_split_are_read_as_docxtpl_does() -> None:
    def fill(document: OpenedDocument) -> None:
        for pieces in (
            ("Я {", "{ na", "me }", "} и"),
            ("{", "%p if name ", "%", "}"),
            ("{{ name", "|upper }}", " да"),
            ("{% if name == “Ан”", " %}ДА{% else ", "%}НЕТ{", "% endif %}"),
            (
                "{%p endif",
                " %}",
            ),
        ):
            paragraph = document.add_paragraph()
            for number, piece in enumerate(pieces):
                paragraph.add_run(piece).bold = number % 2 == 0

    check_equal(made(fill), {"name": "Ан"})
    assert "ДА" in text_of(compiled(made(fill)).render({"name": "Ан"}))


def test_a_condition_over_two_paragraphs_is_read_as_docxtpl_does() -> None:
    content = saying("Начало{% if more %}, одно", "другое{% endif %} конец")
    for more in (True, False):
        check_equal(content, {"more": more})


def with_footnotes(xml: str) -> bytes:
    """A document with a part of footnotes."""
    parts = parts_of(saying("{{ name }}"))
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
    link = f'<Relationship Id="rId99" Type="{relation}" Target="footnotes.xml"/></Relationships>'
    types, rels = "[Content_Types].xml", "word/_rels/document.xml.rels"
    parts[types] = parts[types].replace(b"</Types>", override.encode())
    parts[rels] = parts[rels].replace(b"</Relationships>", link.encode())
    parts["word/footnotes.xml"] = xml.encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as container:
        for name, part in parts.items():
            container.writestr(name, part)
    return out.getvalue()


def test_footnotes_are_rendered_as_docxtpl_does() -> None:
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    text = "<w:p><w:r><w:t>Сноска: {{ name }}</w:t></w:r></w:p>"
    xml = f'<w:footnotes xmlns:w="{main}"><w:footnote w:id="2">{text}</w:footnote></w:footnotes>'
    content = with_footnotes(f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}')
    check_equal(content, {"name": "А & Б\nвторая строка"})


def test_a_property_is_filled_and_its_signs_stay_what_they_are() -> None:
    def fill(document: OpenedDocument) -> None:
        document.core_properties.title = "О <{{ name }}>"

    content = made(fill)
    check_equal(content, {"name": "Ан"})
    document = Document(io.BytesIO(compiled(content).render({"name": "ООО «А & Б»"})))
    assert document.core_properties.title == "О <ООО «А & Б»>"
    with pytest.raises(FactMissing, match="длиннее 255"):
        compiled(content).render({"name": "а" * 253})


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_compiled_anew_gives_the_same_bytes(kind: str) -> None:
    context = context_of(kind, example(kind))
    first = compiled(template(kind)).render(context)
    assert compiled(template(kind)).render(context) == first
    assert CompiledTemplate(template(kind), Sandbox()).render(context) == first


def test_renderings_side_by_side_do_not_mix() -> None:
    def facts(number: int) -> dict[str, Any]:
        return example("order_pairs") | {"heading": f"О {number}", "marks": [f"М{number}"]}

    renderer = DocxRenderer(TEMPLATES)
    alone = [RENDERER.render("order_pairs", facts(number)) for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        together = list(
            pool.map(lambda number: renderer.render("order_pairs", facts(number)), range(40))
        )
    assert together == alone
    assert len(set(alone)) == 40


def test_a_changed_template_file_is_rendered_as_it_is_now(tmp_path: Path) -> None:
    renderer = planted(tmp_path / "old", "Было")
    assert "Было" in text_of(renderer.render("consent_adult", example("consent_adult")))
    planted(tmp_path / "new", "Стало")
    path = Path("consent_adult", "template.docx")
    shutil.copy(tmp_path / "new" / path, tmp_path / "old" / path)
    text = text_of(renderer.render("consent_adult", example("consent_adult")))
    assert "Стало" in text
    assert "Было" not in text


@pytest.mark.parametrize(
    "tag",
    [
        "{{r name }}",
        "{{p name }}",
        "{%r if name %}",
        "{% colspan name %}",
        "{% cellbg name %}",
        "{% vm %}",
        "{% hm %}",
        "{%- if name %}",
        "{% if name -%}",
        "{# note #}",
        "{_{",
        "{% set x = 1 %}",
        "{% raw %}",
        "{% autoescape false %}",
    ],
)
def test_what_is_not_supported_is_refused_with_its_place(tag: str) -> None:
    with pytest.raises(TemplateFault, match=r"не поддерживается.*текст, абзац 2"):
        CompiledTemplate(saying("Первый", tag), ENV)


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        (("Текст {%p if name %}", "{%p endif %}"), "он пропал бы: «Текст {%p if name %}».*абзац 1"),
        (("{% if name %}",), "тег не закрыт: «{% if name %}»"),
        (("{% endif %}",), "лишний тег «{% endif %}».*абзац 1"),
        (("{% if name %}", "{%p endif %}"), "в разных частях разметки.*абзац 2"),
        (("{{ name + }}",), "ошибка в записи"),
    ],
)
def test_what_would_lose_text_or_break_the_document_is_refused(
    texts: tuple[str, ...], fault: str
) -> None:
    with pytest.raises(TemplateFault, match=fault):
        CompiledTemplate(saying(*texts), ENV)


def test_a_tag_in_a_part_that_is_not_filled_is_refused() -> None:
    def fill(document: OpenedDocument) -> None:
        document.add_comment(document.add_paragraph("Текст").runs, "{{ name }}")

    with pytest.raises(TemplateFault, match=r"не заполняется.*comments"):
        CompiledTemplate(made(fill), ENV)


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\r", "\ud800", "\uffff"])
def test_a_sign_that_docxtpl_would_drop_is_refused(sign: str) -> None:
    def fill(document: OpenedDocument) -> None:
        document.add_paragraph("Текст").add_run().add_picture(picture())
        for shape in document.inline_shapes:
            shape._inline.docPr.set("descr", "{{ name }}")

    with pytest.raises(FactMissing, match=f"U.{ord(sign):04X} — текст"):
        CompiledTemplate(made(fill), ENV).render({"name": f"А{sign}Б"})


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_document_is_refused(content: bytes) -> None:
    with pytest.raises(TemplateFault, match="не файл DOCX"):
        CompiledTemplate(content, ENV)
