"""What is written in our documents, read back for a screen."""

import io
import json
import re
from html import unescape
from zipfile import ZipFile

import pytest
from docx import Document

from adapters.docx.as_text import document_text
from domain.document_text import Paragraph, Table, lines
from domain.errors import BadUpload
from tests.adapters.world import TEMPLATES, templates


def example(kind: str) -> bytes:
    facts = json.loads((TEMPLATES / kind / "example.json").read_text("utf-8"))
    return templates().render(kind, facts)


@pytest.mark.parametrize("kind", sorted(templates().kinds()))
def test_no_word_of_any_kind_is_lost(kind: str) -> None:
    content = example(kind)
    with ZipFile(io.BytesIO(content)) as package:
        body = package.read("word/document.xml").decode()
    told = "".join("".join(lines(document_text(content))).split())
    written = [unescape(one) for one in re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", body)]
    missing = [words for words in written if "".join(words.split()) not in told]
    assert missing == []


def test_bold_words_alignment_and_what_stands_aside_are_told() -> None:
    blocks = document_text(example("individual_plan"))
    paragraphs = [one for one in blocks if isinstance(one, Paragraph)]
    assert paragraphs[0].text == "УТВЕРЖДАЮ"
    assert paragraphs[0].aside
    title = next(one for one in paragraphs if one.text == "ИНДИВИДУАЛЬНЫЙ ПЛАН")
    assert (title.align, title.aside, title.runs[0].bold) == ("center", False, True)


def test_tables_have_head_rows_and_lines_where_they_are_drawn() -> None:
    tables = [one for one in document_text(example("individual_plan")) if isinstance(one, Table)]
    assert [table.ruled for table in tables] == [True, False]  # the plan, the signatures
    assert [row.head for row in tables[0].rows][:2] == [True, False]


def test_a_merged_cell_comes_once_and_says_how_wide_it_is() -> None:
    document = Document()
    table = document.add_table(2, 3, "Table Grid")
    table.cell(0, 0).merge(table.cell(0, 1)).text = "wide"
    table.cell(0, 2).text = "narrow"
    content = io.BytesIO()
    document.save(content)
    (told,) = document_text(content.getvalue())
    assert isinstance(told, Table)
    assert [(cell.columns, cell.paragraphs[0].text) for cell in told.rows[0].cells] == [
        (2, "wide"),
        (1, "narrow"),
    ]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"%PDF-1.7"])
def test_what_is_no_docx_is_refused(content: bytes) -> None:
    with pytest.raises(BadUpload):
        document_text(content)
