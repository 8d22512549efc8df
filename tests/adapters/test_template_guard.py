"""A template file is refused before any library opens it, if it could grow, run or fetch."""

import io
import stat
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.docx.guard import check_docx
from domain.errors import BadUpload
from tests.adapters.docx_files import (
    BODY,
    RELATIONS,
    TYPES,
    W,
    part_of,
    plain,
    planted,
    with_body,
    with_part,
    with_parts,
    with_relation,
)

TEMPLATES = Path(__file__).parents[2] / "doc_templates"
MIB = 2**20
MOST_MEMORY = 60 * MIB
MOST_SECONDS = 3.0  # of the processor: one, with room for a busy machine


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*/template.docx")), ids=str)
def test_templates_of_ours_pass(template: Path) -> None:
    check_docx(template.read_bytes())


def test_a_document_of_word_with_lawful_fields_and_links_passes() -> None:
    fields = "".join(
        f'<w:p><w:fldSimple w:instr="{code}"/></w:p>'
        for code in (" PAGE \\* MERGEFORMAT ", "NUMPAGES", " =SUM(ABOVE) ", "TOC \\o", "DATE")
    )
    check_docx(with_body(fields + complex_field(' HYPERLINK "https://college.example" ')))
    check_docx(with_body(complex_field(' HYPERLINK \\l "part" ')))
    for target in ("https://college.example", "http://college.example", "mailto:a@b.example"):
        check_docx(with_relation("hyperlink", target, mode="External"))


# Files that grow, or are no proper container


def bomb(count: int = 1, size: int = 190 * MIB) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for number in range(count):
            with target.open(f"word/{number}.xml", "w") as part:
                for _ in range(size // MIB):
                    part.write(b" " * MIB)
    return out.getvalue()


def deflated_lie() -> bytes:
    """Says that a part has 10 bytes; it has 30 MiB, hardly compressible."""
    raw = b"".join(zlib.crc32(b"%d" % n).to_bytes(4, "big") * 40 for n in range(200_000))
    packed = zlib.compress(raw, 9, -15)
    name = b"word/document.xml"
    local = struct.pack(
        "<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 33, 0, len(packed), 10, len(name), 0
    )
    body = local + name + packed
    entry = struct.pack(
        *("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, 0, len(packed), 10, len(name)),
        *(0, 0, 0, 0, 0, 0),
    )
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry + name), len(body), 0)
    return body + entry + name + end


def overlapped() -> bytes:
    """Many entries that share one compressed stream."""
    out = io.BytesIO(bomb(1, 40 * MIB))
    with zipfile.ZipFile(out) as source:
        entry = source.infolist()[0]
        start = source.start_dir
    body = out.getvalue()[:start]
    directory = b""
    for number in range(1_000):
        name = b"word/%04d.xml" % number
        directory += struct.pack(
            *("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, entry.CRC, entry.compress_size),
            *(entry.file_size, len(name), 0, 0, 0, 0, 0, entry.header_offset),
        )
        directory += name
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1000, 1000, len(directory), len(body), 0)
    return body + directory + end


def many_parts() -> bytes:
    return with_parts(plain(), {f"word/{n}.bin": b"" for n in range(2_001)})


def twice_the_same() -> bytes:
    out = io.BytesIO(plain())
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(out, "a") as target,
    ):
        target.writestr(BODY, part_of(plain(), BODY))
    return out.getvalue()


def out_of_the_folder() -> bytes:
    return with_parts(plain(), {"../../etc/passwd": b"x"})


def link() -> bytes:
    out = io.BytesIO(plain())
    with zipfile.ZipFile(out, "a") as target:
        entry = zipfile.ZipInfo("word/link.xml")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        target.writestr(entry, "/etc/passwd")
    return out.getvalue()


def archive_within() -> bytes:
    return with_parts(plain(), {"word/media/image1.png": plain()})


def entities() -> bytes:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE d [<!ENTITY l0 "ha">{laughs}]><w:document xmlns:w="{W}">&l9;</w:document>'
    return with_parts(plain(), {BODY: doctype.encode()})


def entities_in_another_encoding() -> bytes:
    doctype = (
        '<?xml version="1.0" encoding="utf-7"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///x">]><a/>'
    )
    return with_parts(plain(), {BODY: doctype.encode("utf-7")})


def entities_in_utf_16() -> bytes:
    doctype = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'
    return with_parts(plain(), {"word/settings.xml": doctype.encode("utf-16")})


def too_much_text() -> bytes:
    return with_body("".join(f'<w:p w:rsidR="{n * 7919:x}"/>' for n in range(MIB)))


def too_large() -> bytes:
    return plain() + b"\0" * 20 * MIB


def no_zip() -> bytes:
    return b"%PDF-1.7"


def empty() -> bytes:
    return b""


GROWING: list[tuple[Callable[[], bytes], str]] = [
    (bomb, "сверх предела"),
    (lambda: bomb(30, 45 * MIB), "сверх предела"),
    (deflated_lie, "размер|сверх предела"),
    (overlapped, "сверх предела|больше 200"),
    (many_parts, "частей"),
    (twice_the_same, "с одним именем"),
    (out_of_the_folder, "за его пределы"),
    (link, "символическая ссылка"),
    (archive_within, "вложен архив"),
    (entities, "DOCTYPE"),
    (entities_in_another_encoding, "DOCTYPE|повреждён"),
    (entities_in_utf_16, "DOCTYPE"),
    (too_much_text, "слишком велик"),
    (too_large, "больше 20 МБ"),
    (no_zip, "не читается"),
    (empty, "пуст"),
]


@pytest.mark.parametrize(("make", "why"), GROWING, ids=[why for _, why in GROWING])
def test_a_hostile_container_is_refused(make: Callable[[], bytes], why: str) -> None:
    with pytest.raises(BadUpload, match=why):
        check_docx(make())


_MEASURED = r"""
import re, sys, time
from pathlib import Path
from adapters.docx.guard import check_docx
from domain.errors import BadUpload

def peak():
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) * 1024

plain, *hostile = map(Path, sys.argv[1:])
check_docx(plain.read_bytes())
before = peak()
for file in hostile:
    began = time.process_time()
    try:
        check_docx(file.read_bytes())
    except BadUpload:
        print(peak() - before, time.process_time() - began)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="its own peak is told by Linux only")
def test_hostile_containers_cost_little_memory_and_time(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.docx" for number in range(len(GROWING) + 1)]
    makers: list[Callable[[], bytes]] = [plain, *(make for make, _ in GROWING)]
    for file, make in zip(files, makers, strict=True):
        file.write_bytes(make())

    ran = subprocess.run(
        [sys.executable, "-c", _MEASURED, *map(str, files)],
        capture_output=True,
        text=True,
        check=True,
        cwd=TEMPLATES.parent,
    )

    costs = [tuple(map(float, line.split())) for line in ran.stdout.splitlines()]
    assert len(costs) == len(GROWING)
    assert max(memory for memory, _ in costs) < MOST_MEMORY
    assert max(seconds for _, seconds in costs) < MOST_SECONDS


# What would run or fetch when the file is opened


def complex_field(*codes: str) -> str:
    runs = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    return (
        f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{runs}'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>x</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


@pytest.mark.parametrize(
    "codes",
    [
        ('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"',),
        ("DDE excel book",),
        ("INCLUDETEXT c:\\\\secret.docx",),
        ("INCLUDE", "TEXT https://x.example/a.docx"),
        (' includepicture "http://x.example/p.png" \\d',),
        ("LINK Excel.Sheet.8 book",),
        ("DATABASE \\d base",),
        ("IMPORT picture",),
        ("QUOTE 68 68 69",),
        ("MACROBUTTON run x",),
        ("AUTOTEXT x",),
        ('HYPERLINK "file:///c:/x"',),
        ('HYPERLINK "\\\\\\\\server\\share"',),
        ("HYPERLINK javascript:x",),
    ],
)
def test_fields_that_fetch_or_run_are_refused_however_word_splits_them(
    codes: tuple[str, ...],
) -> None:
    with pytest.raises(BadUpload, match="чего в шаблоне быть не может"):
        check_docx(with_body(complex_field(*codes)))


def test_a_field_named_by_another_field_is_refused() -> None:
    nested = complex_field(" REF name ").removeprefix("<w:p>").removesuffix("</w:p>")
    begin = '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    with pytest.raises(BadUpload, match="чьё имя даёт другое поле"):
        check_docx(with_body(begin + nested + end))


@pytest.mark.parametrize("where", ["header", "footnotes", "comments"])
def test_a_field_is_found_in_every_part(where: str) -> None:
    field = '<w:p><w:fldSimple w:instr="DDEAUTO cmd"/></w:p>'
    if where == "header":
        name = "word/header1.xml"
        body = f'<w:hdr xmlns:w="{W}">{field}</w:hdr>'
        content = with_parts(planted("верх", "header"), {name: body.encode()})
    else:
        content = with_part(where, field)
    with pytest.raises(BadUpload, match="DDEAUTO"):
        check_docx(content)


@pytest.mark.parametrize(
    ("kind", "target", "mode"),
    [
        ("attachedTemplate", "https://x.example/a.dotm", "External"),
        ("attachedTemplate", "template.dotx", None),
        ("image", "https://x.example/p.png", "External"),
        ("image", "\\\\server\\share\\p.png", None),
        ("hyperlink", "file:///c:/x", "External"),
        ("hyperlink", "\\\\server\\share", "External"),
        ("hyperlink", "javascript:alert(1)", "External"),
        ("oleObject", "embeddings/object.bin", None),
        ("oleObject", "https://x.example/o", "External"),
        ("package", "embeddings/book.xlsx", None),
        ("control", "activeX/activeX1.xml", None),
        ("aFChunk", "chunk.html", None),
        ("subDocument", "other.docx", "External"),
        ("frame", "https://x.example", "External"),
        ("mailMergeSource", "file:///c:/x", "External"),
        ("vbaProject", "vbaProject.bin", None),
        ("styles", "https://x.example/styles.xml", "External"),
        ("styles", "https://x.example/styles.xml", "external"),
    ],
)
def test_relations_to_elsewhere_and_active_ones_are_refused(
    kind: str, target: str, mode: str | None
) -> None:
    with pytest.raises(BadUpload, match="чего в шаблоне быть не может"):
        check_docx(with_relation(kind, target, mode=mode))


@pytest.mark.parametrize(
    "xml",
    [
        '<w:altChunk xmlns:r="x" r:id="rId1"/>',
        (
            '<w:p><w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office"/>'
            "</w:object></w:r></w:p>"
        ),
        '<w:subDoc xmlns:r="x" r:id="rId1"/>',
        (
            '<w:p><w:r><w:pict><v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" '
            'src="https://x.example/p.png"/></w:pict></w:r></w:p>'
        ),
        '<w:mailMerge><w:connectString w:val="x"/></w:mailMerge>',
    ],
)
def test_active_markup_is_refused(xml: str) -> None:
    with pytest.raises(BadUpload, match="чего в шаблоне быть не может"):
        check_docx(with_body(xml))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"word/vbaProject.bin": b"\xd0\xcf"}, "макрос"),
        ({"word/embeddings/oleObject1.bin": b"\xd0\xcf"}, "внедрённые"),
        ({"word/activeX/activeX1.xml": b"<a/>"}, "внедрённые"),
        ({TYPES: None}, "не документ Word"),
        ({"_rels/.rels": None}, "не документ Word"),
        ({RELATIONS: b"<Relationships"}, "повреждён"),
        (
            {TYPES: part_of(plain(), TYPES).replace(b"document.main", b"template.main")},
            "не документ DOCX",
        ),
        (
            {
                TYPES: part_of(plain(), TYPES).replace(
                    b"vnd.openxmlformats-officedocument.wordprocessingml.document.main",
                    b"vnd.ms-word.document.macroEnabled.main",
                )
            },
            "макрос",
        ),
    ],
)
def test_macros_and_embedded_files_are_refused_by_any_name(
    changed: dict[str, bytes | None], why: str
) -> None:
    with pytest.raises(BadUpload, match=why):
        check_docx(with_parts(plain(), changed))


def test_the_guard_needs_no_library_of_word_documents() -> None:
    assert not any(name.startswith("docx") for name in vars(sys.modules["adapters.docx.guard"]))
