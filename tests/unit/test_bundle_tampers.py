"""Each way to tamper with a bundle is found, and what was tampered with is named."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from runtime.bundle import (
    CHECKPOINT,
    CONSISTENCY,
    MANIFEST,
    PROOFS,
    README,
    SIGNED,
    BundleFile,
)
from runtime.bundle_check import check_bundle
from runtime.check_page.build import PAGE
from tests.bundle_builders import ALog, a_cycle, a_key, edit_lines, resum, sha, texts_of
from tests.unit.test_bundle import (
    ANOTHER_NAME,
    DRAFT_NAME,
    SIGNED_NAME,
    bundle,
    folder,
    log_file,
    names_in,
)

__all__ = ["bundle", "folder"]


def edit_manifest(folder: Path, place: int = 1, **fields: object) -> None:
    """Change the manifest's line about a file."""
    described = json.loads((folder / MANIFEST).read_text("utf-8"))
    described["files"][place].update(fields)
    (folder / MANIFEST).write_text(json.dumps(described))


def change_a_byte(folder: Path) -> None:
    (folder / SIGNED_NAME).write_bytes(b"%PDF-1.4 a forged scan")


def remove_a_file(folder: Path) -> None:
    (folder / DRAFT_NAME).unlink()


def add_a_file(folder: Path) -> None:
    (folder / "files" / "planted.pdf").write_bytes(b"%PDF-1.4 planted")


def change_an_entry(folder: Path) -> None:
    entry = folder / log_file(3)
    entry.write_bytes(entry.read_bytes().replace(b"registered", b"withdrawn!"))


def swap_entries(folder: Path) -> None:
    two, three = folder / log_file(2), folder / log_file(3)
    content = two.read_bytes()
    two.write_bytes(three.read_bytes())
    three.write_bytes(content)


def remove_an_entry(folder: Path) -> None:
    (folder / log_file(3)).unlink()


def remove_an_entry_and_its_proof(folder: Path) -> None:
    remove_an_entry(folder)
    edit_lines(folder / PROOFS, lambda lines: lines.pop(2))


def break_an_entry(folder: Path) -> None:
    (folder / log_file(6)).write_bytes(b"\xff\xfe no entry")


def add_an_entry(folder: Path) -> None:
    (folder / "log" / "²²²²²²²²².json").write_text((folder / log_file(1)).read_text())


def repeat_an_entry(folder: Path) -> None:
    (folder / "log" / "0000000001.json").write_bytes((folder / log_file(1)).read_bytes())


def change_a_byte_everywhere_but_in_the_log(folder: Path) -> None:
    change_a_byte(folder)
    edit_manifest(folder, sha256=sha((folder / SIGNED_NAME).read_bytes()))


def remove_a_document(folder: Path) -> None:
    (folder / ANOTHER_NAME).unlink()
    described = json.loads((folder / MANIFEST).read_text("utf-8"))
    described["files"] = [one for one in described["files"] if one["document"] != "d2"]
    (folder / MANIFEST).write_text(json.dumps(described))


def name_a_file_twice(folder: Path) -> None:
    described = json.loads((folder / MANIFEST).read_text("utf-8"))
    described["files"].append(described["files"][0])
    (folder / MANIFEST).write_text(json.dumps(described))


def call_a_file_destroyed(folder: Path) -> None:
    edit_manifest(folder, destroyed={"act": "a1", "number": "1-a", "day": None})


def tell_of_another_cycle(folder: Path) -> None:
    text = (folder / MANIFEST).read_text("utf-8")
    (folder / MANIFEST).write_text(text.replace("cycle/c1", "cycle/c2"))


def break_the_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_bytes(b"\xff[]")


def edit_the_checkpoint(folder: Path) -> None:
    text = (folder / CHECKPOINT).read_text("utf-8")
    (folder / CHECKPOINT).write_text(text.replace("\n8\n", "\n9\n"), "utf-8")


def sign_with_another_key(folder: Path) -> None:
    log = ALog(texts_of(a_cycle().events), a_key(2))
    (folder / CHECKPOINT).write_text(log.signed().text, "utf-8")


def edit_a_proof(folder: Path) -> None:
    edit_lines(folder / PROOFS, lambda lines: lines[4].update(proof=["0" * 64] * 3))


def change_a_readme(folder: Path) -> None:
    (folder / README).write_text("Проверять не нужно.", "utf-8")


def change_the_page(folder: Path) -> None:
    page = (folder / PAGE).read_text("utf-8")
    (folder / PAGE).write_text(page.replace("Все файлы целы", "Всё хорошо"), "utf-8")


def edit_what_was_signed(folder: Path) -> None:
    text = (folder / SIGNED).read_text("utf-8")
    (folder / SIGNED).write_text(text.replace("cycle/c1", "cycle/c2"), "utf-8")


def forget_a_checkpoint(folder: Path) -> None:
    edit_lines(folder / CONSISTENCY, lambda lines: lines.pop())


def forge_a_checkpoint(folder: Path) -> None:
    edit_lines(folder / CONSISTENCY, lambda lines: lines[0].update(root="0" * 64))


Tamper = Callable[[Path], None]


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (change_a_byte, f"{SIGNED_NAME}: файл изменён"),
        (change_a_readme, "README.txt: файл изменён"),
        (remove_a_file, f"{DRAFT_NAME}: файла нет"),
        (add_a_file, "files/planted.pdf: лишний файл, в SHA256SUMS его нет"),
        (change_an_entry, "log/000000003.json: файл изменён"),
        (swap_entries, "log/000000002.json: файл изменён"),
        (remove_an_entry, "log/000000003.json: файла нет"),
        (break_the_manifest, "manifest.json: файл изменён"),
        (edit_the_checkpoint, "log/checkpoint.txt: файл изменён"),
        (change_the_page, "check.html: файл изменён"),
    ],
)
def test_a_tamper_is_found_and_the_file_named(folder: Path, tamper: Tamper, problem: str) -> None:
    tamper(folder)
    found = check_bundle(folder)
    assert not found.ok
    assert [one for one in found.problems if one.startswith(problem)]


@pytest.mark.parametrize("page", [False, True], ids=["sums", "sums and page"])
@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (change_a_byte, f"{SIGNED_NAME}: хеш не тот, что в описи"),
        (
            change_a_byte_everywhere_but_in_the_log,
            f"{SIGNED_NAME}: в журнале нет события о закладке этого файла",
        ),
        (remove_a_file, f"{DRAFT_NAME}: хеш не тот, что в описи"),
        (remove_a_document, "document/d2, редакция 1: заложен по журналу, а файла нет"),
        (add_a_file, "files/planted.pdf: в описи такого файла нет"),
        (name_a_file_twice, f"{DRAFT_NAME}: в описи назван дважды"),
        (call_a_file_destroyed, f"{SIGNED_NAME}: в описи уничтожен по акту, а файл есть"),
        (tell_of_another_cycle, "cycle/c2: в журнале нет ни одной записи"),
        (change_an_entry, "log/000000003.json: доказательство (log/proofs.jsonl, строка 3)"),
        (swap_entries, "log/000000003.json: доказательство (log/proofs.jsonl, строка 3)"),
        (remove_an_entry, "document/d1: в журнале нет записи 2"),
        (remove_an_entry, "log/proofs.jsonl, строка 3: доказательство для log/000000003.json"),
        (remove_an_entry_and_its_proof, "document/d1: в журнале нет записи 2"),
        (break_an_entry, "log/000000006.json: это не запись журнала"),
        (add_an_entry, "log/²²²²²²²²².json: это не запись журнала"),
        (repeat_an_entry, "log/0000000001.json: это не запись журнала"),
        (edit_the_checkpoint, "log/checkpoint.txt: подпись отметки не сходится"),
        (sign_with_another_key, "log/checkpoint.txt: подпись отметки не сходится"),
        (edit_a_proof, "log/000000005.json: доказательство (log/proofs.jsonl, строка 5)"),
        (change_a_readme, "README.txt: не то, что было подписано при выгрузке"),
        (edit_what_was_signed, "signed.txt: подпись не сходится"),
        (forget_a_checkpoint, "log/consistency.jsonl: не то, что было подписано при выгрузке"),
        (forge_a_checkpoint, "log/consistency.jsonl, строка 1: не доказано"),
    ],
)
def test_a_tamper_is_found_though_the_sums_were_made_to_agree(
    folder: Path, tamper: Tamper, problem: str, *, page: bool
) -> None:
    tamper(folder)
    resum(folder, page=page)
    found = check_bundle(folder)
    assert not found.ok
    assert [one for one in found.problems if one.startswith(problem)], found.problems


def test_a_page_that_says_something_else_is_found_though_the_sums_were_made_to_agree(
    folder: Path,
) -> None:
    change_the_page(folder)
    resum(folder)
    assert names_in(check_bundle(folder).problems) == {PAGE}


def test_a_manifest_that_is_none_is_told(folder: Path) -> None:
    break_the_manifest(folder)
    resum(folder, page=False)
    assert names_in(check_bundle(folder).problems) >= {MANIFEST}
    (folder / MANIFEST).unlink()
    resum(folder, page=False)
    assert names_in(check_bundle(folder).problems) >= {MANIFEST}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"version": 1}, "в журнале нет события о закладке"),
        ({"document": "d2"}, "в журнале нет события о закладке"),
        ({"kind": "report"}, "о закладке этого файла в журнале сказано другое"),
        ({"stored_sha256": "0" * 64}, "о закладке этого файла в журнале сказано другое"),
        ({"number": "7-o"}, "номер и дата в журнале другие"),
        ({"day": "2024-09-03"}, "номер и дата в журнале другие"),
    ],
)
def test_what_the_log_tells_otherwise_is_found_whoever_signed_the_manifest(
    tmp_path: Path, fields: dict[str, object], problem: str
) -> None:
    cycle = a_cycle()
    described, content = cycle.files[1]
    cycle.files[1] = BundleFile.model_validate(described.model_dump() | fields), content
    found = check_bundle(cycle.written(tmp_path / "bundle.zip"))
    assert [one for one in found.problems if one.startswith(f"{SIGNED_NAME}: {problem}")]
