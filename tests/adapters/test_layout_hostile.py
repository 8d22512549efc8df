"""Files that are no documents, or mean harm, are refused before anything is measured."""

import io
import json
import zipfile
from functools import cache
from pathlib import Path

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from adapters.docx.layout_profile import profiles
from adapters.docx.linter import lint
from adapters.docx.renderer import DocxRenderer
from domain.errors import BadUpload

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "doc_templates"
NEW = profiles(ROOT / "rules")[-1]


@cache
def order() -> bytes:
    facts = json.loads((TEMPLATES / "order_curator/example.json").read_text("utf-8"))
    return DocxRenderer(TEMPLATES).render("order_curator", facts)


def parts(**changed: bytes | None) -> bytes:
    """An order of ours with other parts: `document`, `rels`, or others by their path."""
    names = {"document": "word/document.xml", "rels": "_rels/.rels", "styles": "word/styles.xml"}
    wanted = {names[name]: body for name, body in changed.items()}
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(order())) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            body = wanted.get(name, source.read(name))
            if body is not None:
                target.writestr(name, body)
    return out.getvalue()


def replaced(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        body = source.read(part)
    assert old in body
    return parts(document=body.replace(old, new))


MAIN = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
STRICT = b'<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main">'
LINES = b"".join(b"<w:p><w:r><w:t>%x</w:t></w:r></w:p>" % (n * 7919**3) for n in range(1, 50_002))
MANY = MAIN + b"<w:body>" + LINES + b"<w:sectPr/></w:body>"
DEEP = MAIN + b"<w:body>" + b"<w:sdt>" * 400 + b"</w:sdt>" * 400 + b"</w:body></w:document>"
HUGE = MAIN + b"<w:body>" + bytes(range(32, 37)) * 4_300_000 + b"</w:body></w:document>"

HOSTILE = [
    (b"", "пуст"),
    (b"no zip at all", "не читается"),
    (b"PK\x03\x04" + b"\0" * 60, "не читается"),
    (order()[:-200], "не читается"),
    (parts(document=None), "не хватает части"),
    (parts(rels=None), "не документ Word"),
    (parts(document=b"<broken"), "повреждён"),
    (parts(document=b"\0" * 30_000_000), "сверх предела"),
    (parts(document=HUGE), "велик|сверх предела"),
    (parts(document=MANY + b"</w:document>"), "больше 50000 абзацев"),
    (parts(document=DEEP), "повреждён"),
    (parts(document=STRICT + b"<w:body/></w:document>"), "нет текста"),
    (parts(document=MAIN + b"</w:document>"), "нет текста"),
    (parts(document=MAIN + b"<w:body/></w:document>"), "ни одного раздела"),
    (parts(document=b'<!DOCTYPE a [<!ENTITY b "c">]>' + MAIN + b"</w:document>"), "DOCTYPE"),
    (
        parts(document='<?xml version="1.0" encoding="utf-7"?><!DOCTYPE a><a/>'.encode("utf-7")),
        "DOCTYPE|повреждён",
    ),
    (parts(styles=b"<!-- no styles -->"), "повреждён"),
]


@pytest.mark.parametrize(("content", "why"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_file_that_is_no_document_or_means_harm_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(BadUpload, match=why):
        lint(content, NEW)


def test_measures_of_nonsense_are_as_if_they_were_not_there() -> None:
    content = replaced(order(), "word/document.xml", b'w:left="', b'w:left="x')
    assert [rule.state for rule in lint(content, NEW).rules if rule.rule == "margins"] == ["kept"]


def test_styles_that_go_round_in_a_circle_are_measured() -> None:
    document = Document(io.BytesIO(order()))
    normal = document.styles["Normal"].element
    based = OxmlElement("w:basedOn")
    based.set(qn("w:val"), normal.get(qn("w:styleId")))
    normal.insert(1, based)
    out = io.BytesIO()
    document.save(out)
    assert lint(out.getvalue(), NEW, kept_long=True).ok
