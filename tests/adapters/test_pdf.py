"""PDF copies: every kind becomes pages; a bad file, a hang or a crash spoils nothing else."""

import io
import os
import re
import shutil
import socket
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from docx import Document

from adapters.docx.zipped import Container
from adapters.pdf.copies import PdfCopies
from adapters.pdf.libreoffice import LibreOffice
from domain.errors import CopyUnavailable
from tests.adapters.test_compiled import parts_of, picture
from tests.adapters.test_docx_renderer import KINDS, W, example
from tests.adapters.test_odd_facts import shown, with_texts
from tests.law import RENDERER

BROKEN = [b"", b"PK\x03\x04 cut off", b"<html><img src='http://127.0.0.1:1/x.png'></html>"]
WORD = re.compile(r"[^\W_]{2,}")


@pytest.fixture(scope="module")
def office() -> LibreOffice:
    for program in ("soffice", "pdfinfo"):
        if shutil.which(program) is None:
            if os.environ.get("CI") == "true":
                pytest.fail(f"{program} is not installed")
            pytest.skip(f"{program} is not installed")
    return LibreOffice(None, 60, 1024)


def saying(text: str) -> bytes:
    document = Document()
    document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def told_by(program: str, pdf: bytes, folder: Path) -> str:
    """What a program of poppler says of the file."""
    file = folder / "copy.pdf"
    file.write_bytes(pdf)
    after = ["-"] if program == "pdftotext" else []
    return subprocess.run(
        [program, str(file), *after], capture_output=True, text=True, check=True
    ).stdout


def faults(pdf: bytes, document: bytes, folder: Path) -> list[str]:
    """What is wrong with the copy of this document."""
    found = []
    pages = re.search(r"^Pages:\s+(\d+)$", told_by("pdfinfo", pdf, folder), re.MULTILINE)
    if pages is None or int(pages[1]) == 0:
        found.append("no pages")
    fonts = [line.split() for line in told_by("pdffonts", pdf, folder).splitlines()[2:]]
    # From the right: name and type may be several words each.
    found += [f"{font[0]} is not embedded" for font in fonts if font[-5] != "yes"]
    if not fonts:
        found.append("no fonts")
    shown = told_by("pdftotext", pdf, folder)
    squeezed = "".join(shown.split())  # a long code breaks anywhere
    lost = {word for word in words(given_text(document)) - words(shown) if word not in squeezed}
    return [*found, *([f"words lost: {sorted(lost)[:9]}"] if lost else [])]


def given_text(document: bytes) -> str:
    """The body's text; tabs and breaks part words, too."""
    body = Document(io.BytesIO(document)).element.body
    texts = (node.text if node.tag == f"{W}t" else " " for node in body.iter(*PARTS))
    return "".join(text or "" for text in texts)


PARTS = tuple(f"{W}{name}" for name in ("t", "tab", "br", "p", "drawing"))


def words(text: str) -> set[str]:
    """Without hyphens: at the end of a line pdftotext takes them for word divisions."""
    return set(WORD.findall(re.sub("[-\u2011\u00ad]", "", text)))


def test_each_kind_becomes_pages_with_all_its_words_and_its_fonts(
    office: LibreOffice, tmp_path: Path
) -> None:
    documents = [RENDERER.render(kind, example(kind)) for kind in KINDS]
    wrong: dict[str, list[str]] = {}
    for kind, document, pdf in zip(KINDS, documents, office.convert(documents), strict=True):
        if isinstance(pdf, CopyUnavailable):
            wrong[kind] = [str(pdf)]
        elif found := faults(pdf, document, tmp_path):
            wrong[kind] = found
    assert wrong == {}


def test_documents_of_odd_facts_become_pages_too(office: LibreOffice, tmp_path: Path) -> None:
    odd = "Ы <w:t> & «\"'» {{ x }} 🎓 \N{SOFT HYPHEN}" + "слово " * 200 + "конец"
    documents = [
        RENDERER.render(kind, with_texts(example(kind), {shown(kind)[-1]: odd})) for kind in KINDS
    ]
    facts = example("order_pairs")
    documents.append(RENDERER.render("order_pairs", facts | {"pairs": facts["pairs"][:1] * 1_000}))
    found = office.convert(documents)
    assert [
        kind for kind, one in zip(KINDS, found, strict=False) if isinstance(one, Exception)
    ] == []
    longest = found[-1]
    assert isinstance(longest, bytes)
    assert faults(longest, documents[-1], tmp_path) == []


def test_broken_files_are_named_and_good_ones_beside_them_are_made(office: LibreOffice) -> None:
    good = saying("Исправный")
    found = office.convert([good, *BROKEN, good])
    assert [isinstance(one, bytes) for one in found] == [True, False, False, False, True]
    assert "не документ DOCX" in str(found[1])


def test_without_libreoffice_a_copy_is_refused(tmp_path: Path) -> None:
    nowhere = LibreOffice(tmp_path / "soffice", 60, 1024)
    with pytest.raises(CopyUnavailable, match="LibreOffice нет"):
        nowhere.version()
    with pytest.raises(CopyUnavailable, match="LibreOffice нет"):
        nowhere.converted(saying("Текст"))


def a_program(folder: Path, script: str) -> Path:
    file = folder / "soffice"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return file


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] not in "ZX"


def test_one_that_hangs_is_ended_at_its_limit_with_all_that_it_started(tmp_path: Path) -> None:
    program = a_program(tmp_path, f"sleep 600 & echo $! > {tmp_path}/child; wait")
    began = time.monotonic()
    with pytest.raises(CopyUnavailable, match="не уложился в 1 с"):
        LibreOffice(program, 1, 1024).converted(saying("Текст"))
    assert time.monotonic() - began < 60
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 60
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_alive(child)


def test_one_that_counts_for_ever_is_ended_too(tmp_path: Path) -> None:
    program = a_program(tmp_path, "while :; do :; done")
    with pytest.raises(CopyUnavailable, match="не уложился в 1 с"):
        LibreOffice(program, 1, 1024).converted(saying("Текст"))


def test_one_that_asks_for_too_much_memory_is_ended_and_the_next_is_made(
    office: LibreOffice,
) -> None:
    document = saying("Текст")
    with pytest.raises(CopyUnavailable):
        LibreOffice(None, 60, 100).converted(document)
    assert office.converted(document).startswith(b"%PDF-")


def test_when_a_run_is_killed_its_documents_are_made_one_by_one(
    office: LibreOffice, tmp_path: Path
) -> None:
    several = 'case "$*" in *1.docx*) kill -9 $$;; esac'
    program = a_program(tmp_path, f'{several}\nexec {shutil.which("soffice")} "$@"')
    found = LibreOffice(program, 60, 1024).convert([saying("Первый"), saying("Второй")])
    assert [isinstance(one, bytes) for one in found] == [True, True]


def test_a_part_of_a_file_that_a_killed_process_left_is_no_copy(tmp_path: Path) -> None:
    out = 'while [ "$1" != --outdir ]; do shift; done; printf "%%PDF-1.7 half" > "$2/0.pdf"'
    program = a_program(tmp_path, f"{out}; kill -9 $$")
    with pytest.raises(CopyUnavailable, match="завершился с ошибкой"):
        LibreOffice(program, 60, 1024).converted(saying("Текст"))


def test_nothing_of_a_document_stays_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.pdf.libreoffice._MEMORY_DISK", tmp_path)
    stray = tmp_path / "nastavnik-pdf-old"
    stray.mkdir()
    (stray / "0.docx").write_bytes(b"of a run whose process died")
    os.utime(stray, (0, 0))
    program = a_program(tmp_path, "exit 1")
    with pytest.raises(CopyUnavailable, match="код 1"):
        LibreOffice(program, 60, 1024).converted(saying("Текст"))
    assert [path.name for path in tmp_path.iterdir()] == ["soffice"]


def with_picture_elsewhere(address: str) -> bytes:
    """A document that asks for a picture by its address."""
    document = Document()
    document.add_picture(picture())
    out = io.BytesIO()
    document.save(out)
    parts = parts_of(out.getvalue())
    rels, main = "word/_rels/document.xml.rels", "word/document.xml"
    here, elsewhere = 'Target="media/image1.png"', f'Target="{address}" TargetMode="External"'
    parts[rels] = parts[rels].replace(here.encode(), elsewhere.encode())
    parts[main] = parts[main].replace(b"r:embed=", b"r:link=")
    return Container(parts).written()


def test_a_document_makes_it_ask_nobody_for_pictures(office: LibreOffice) -> None:
    asked = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            try:
                server.accept()[0].close()
            except OSError:  # closed at the end
                return
            asked.set()

        listener = threading.Thread(target=listen)
        listener.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/picture.png"
        assert office.converted(with_picture_elsewhere(address)).startswith(b"%PDF-")
        server.shutdown(socket.SHUT_RDWR)
        listener.join()
    assert not asked.is_set()


class Office(LibreOffice):
    """Makes a copy of so many bytes, when it may, and counts."""

    def __init__(self, size: int = 10) -> None:
        super().__init__(None, 60, 1024)
        self.may = threading.Event()
        self.may.set()
        self.size = size
        self.asked: list[bytes] = []
        self.refuses = False

    def converted(self, document: bytes) -> bytes:
        self.asked.append(document)
        self.may.wait(60)
        if self.refuses:
            raise CopyUnavailable("no")
        return document.ljust(self.size)


def test_those_who_ask_at_the_same_time_get_one_copy() -> None:
    office = Office()
    office.may.clear()
    copies = PdfCopies(office, 1)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(copies.copy, "a", b"one") for _ in range(8)]
        office.may.set()
    assert {one.result() for one in asked} == {b"one".ljust(10)}
    assert copies.copy("a", b"one") == b"one".ljust(10)
    assert office.asked == [b"one"]


def test_a_copy_at_hand_is_given_and_none_is_made() -> None:
    office = Office()
    copies = PdfCopies(office, 1)
    assert copies.made("a") is None
    made = copies.copy("a", b"one")
    assert copies.made("a") == made
    assert office.asked == [b"one"]


def test_a_copy_that_is_begun_is_waited_for_by_nobody_and_made_once() -> None:
    office = Office()
    office.may.clear()
    copies = PdfCopies(office, 1)
    assert [copies.begun("a", b"one") for _ in range(3)] == [False] * 3
    others = [copies.begun(str(number), b"one") for number in range(20)]
    assert not any(others)  # too many: the rest are not begun, and nobody is refused
    office.may.set()
    assert copies.copy("a", b"one").startswith(b"one")
    assert copies.begun("a", b"one")
    assert len(office.asked) <= 10


def test_a_failure_is_not_remembered() -> None:
    office = Office()
    copies = PdfCopies(office, 1)
    office.refuses = True
    with pytest.raises(CopyUnavailable):
        copies.copy("a", b"one")
    office.refuses = False
    assert copies.copy("a", b"one").startswith(b"one")


def test_the_least_used_copies_leave_when_memory_is_full() -> None:
    office = Office(400_000)
    copies = PdfCopies(office, 1)
    for name in ("a", "b", "a", "c", "a", "b"):
        copies.copy(name, name.encode())
    assert office.asked == [b"a", b"b", b"c", b"b"]


def test_a_copy_is_kept_for_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    office, began = Office(), time.monotonic()
    copies = PdfCopies(office, 1)
    copies.copy("a", b"one")
    monkeypatch.setattr("adapters.pdf.copies.time.monotonic", lambda: began + 3700)
    copies.copy("a", b"one")
    assert len(office.asked) == 2


def test_who_would_wait_too_long_is_told_to_come_again() -> None:
    office = Office()
    office.may.clear()
    copies = PdfCopies(office, 1)
    with ThreadPoolExecutor(10) as pool:
        asked = [pool.submit(copies.copy, str(number), b"one") for number in range(10)]
        deadline = time.monotonic() + 60
        while len(copies._making) < 10 and time.monotonic() < deadline:
            time.sleep(0.001)
        with pytest.raises(CopyUnavailable, match="слишком много"):
            copies.copy("other", b"one")
        office.may.set()
    assert all(one.result().startswith(b"one") for one in asked)
