"""DOCX files for tests of what comes from outside: small, and changed part by part."""

import io
import zipfile
from collections.abc import Mapping
from functools import cache

from docx import Document

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "[Content_Types].xml"
BODY = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"
_NOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml"


@cache
def plain() -> bytes:
    """A document with one empty paragraph."""
    document = Document()
    document.add_paragraph()
    document.sections[0].header.paragraphs[0].text = "верх"
    document.sections[0].footer.paragraphs[0].text = "низ"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_parts(content: bytes, changed: Mapping[str, bytes | None]) -> bytes:
    """The file with other parts, or without them."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in dict.fromkeys((*source.namelist(), *changed)):
            body = changed[name] if name in changed else source.read(name)
            if body is not None:
                entry = zipfile.ZipInfo(name)  # of a fixed date: equal parts, equal bytes
                target.writestr(entry, body, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        return source.read(name)


def with_body(xml: str, content: bytes | None = None) -> bytes:
    """The plain document with this markup at the start of its body."""
    file = content or plain()
    return with_parts(file, {BODY: part_of(file, BODY).replace(b"<w:body>", _body(xml), 1)})


def _body(xml: str) -> bytes:
    return f"<w:body>{xml}".encode()


def paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escaped(text)}</w:t></w:r></w:p>'


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def with_relation(kind: str, target: str, *, mode: str | None = None) -> bytes:
    """The plain document with one relation more."""
    external = f' TargetMode="{mode}"' if mode else ""
    relation = f'<Relationship Id="rIdX" Type="{R}/{kind}" Target="{target}"{external}/>'
    relations = part_of(plain(), RELATIONS).replace(
        b"</Relationships>", f"{relation}</Relationships>".encode()
    )
    return with_parts(plain(), {RELATIONS: relations})


def with_part(kind: str, body: str) -> bytes:
    """The plain document with footnotes or comments of its own."""
    types = part_of(plain(), TYPES).replace(
        b"</Types>",
        f'<Override PartName="/word/{kind}.xml" ContentType="{_NOTES}.{kind}+xml"/>'
        "</Types>".encode(),
    )
    relations = part_of(with_relation(kind, f"{kind}.xml"), RELATIONS)
    xml = f'<w:{kind} xmlns:w="{W}">{body}</w:{kind}>'
    return with_parts(
        plain(), {TYPES: types, RELATIONS: relations, f"word/{kind}.xml": xml.encode()}
    )


def planted(tag: str, where: str) -> bytes:
    """The plain document with a tag somewhere."""
    match where:
        case "body":
            return with_body(paragraph(tag))
        case "text box":
            box = f"<w:txbxContent>{paragraph(tag)}</w:txbxContent>"
            shape = f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>{box}</v:textbox>'
            return with_body(f"<w:p><w:r><w:pict>{shape}</v:shape></w:pict></w:r></w:p>")
        case "footnote":
            return with_part("footnotes", f'<w:footnote w:id="2">{paragraph(tag)}</w:footnote>')
        case "comment":
            return with_part("comments", f'<w:comment w:id="0">{paragraph(tag)}</w:comment>')
        case _:
            return _planted_around(tag, where)


def _planted_around(tag: str, where: str) -> bytes:
    document = Document(io.BytesIO(plain()))
    if where == "header":
        document.sections[0].header.paragraphs[0].text = tag
    elif where == "footer":
        document.sections[0].footer.paragraphs[0].text = tag
    else:
        document.core_properties.subject = tag
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


PLACES = ("body", "header", "footer", "footnote", "comment", "properties", "text box")
