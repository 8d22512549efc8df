"""The auditor's bundle: checked with `sha256sum` alone, and no tamper goes unseen."""

import hashlib
import json
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from domain.audit import GENESIS, AuditEvent, canonical, entry_hash
from domain.errors import BadUpload
from runtime.bundle import (
    MANIFEST,
    README,
    SUMS,
    BundleFile,
    Checked,
    LogEntry,
    check_bundle,
    write_bundle,
)

NOON = datetime(2024, 9, 2, 12, tzinfo=UTC)
SIGNED = b"%PDF-1.4 a scan with a signature"
DRAFT = b"PK the text that was signed"
ANOTHER = b"%PDF-1.4 another scan"
SIGNED_NAME = "files/0002_order_d1_v2_signed.pdf"
DRAFT_NAME = "files/0001_order_d1_v2_registered.docx"
ANOTHER_NAME = "files/0003_plan_d2_v1_signed.pdf"


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def an_event(subject: str, n: int, action: str, content: bytes | None = None) -> AuditEvent:
    return AuditEvent(
        subject=subject,
        n=n,
        action=action,
        actor="system",
        at=NOON,
        version=None if content is None else (2 if subject == "document/d1" else 1),
        sha256=None if content is None else sha(content),
        refs={"cycle": "c1"},
    )


EVENTS = (
    an_event("cycle/c1", 1, "launched"),
    an_event("document/d1", 1, "drafted", DRAFT),
    an_event("document/d1", 2, "registered", DRAFT),
    an_event("document/d1", 3, "sealed", SIGNED),
    an_event("document/d2", 1, "sealed", ANOTHER),
    an_event("cycle/c1", 2, "closed"),
)


def the_log() -> Iterator[LogEntry]:
    last = GENESIS
    for seq, event in enumerate(EVENTS, start=1):
        text = canonical(event)
        previous, last = last, entry_hash(last, text)
        yield LogEntry(seq=seq, previous=previous, text=text, hash=last)


def a_file(name: str, document: str, version: int, role: str, content: bytes) -> BundleFile:
    return BundleFile(
        name=name.removeprefix("files/"),
        document=document,
        kind="order",
        version=version,
        role=role,
        number="1-о" if document == "d1" else None,
        day=date(2024, 9, 2),
        sha256=sha(content),
        stored_sha256=sha(content[::-1]),
    )


def the_files() -> list[tuple[BundleFile, bytes]]:
    return [
        (a_file(DRAFT_NAME, "d1", 2, "registered", DRAFT), DRAFT),
        (a_file(SIGNED_NAME, "d1", 2, "signed", SIGNED), SIGNED),
        (a_file(ANOTHER_NAME, "d2", 1, "signed", ANOTHER), ANOTHER),
    ]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    out = tmp_path / "bundle.zip"
    write_bundle(out, "cycle/c1", the_files(), the_log())
    return out


@pytest.fixture
def unpacked(bundle: Path) -> Path:
    folder = bundle.with_name("unpacked")
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder)
    return folder


def log_file(seq: int) -> str:
    return f"log/{seq:09d}.txt"


# What is whole


def test_a_bundle_verifies_packed_and_unpacked(bundle: Path, unpacked: Path) -> None:
    whole = Checked(ok=True, checked=3 + 6 + 3, problems=())
    assert check_bundle(bundle) == check_bundle(unpacked) == whole


def test_sha256sum_alone_verifies_a_bundle_and_finds_what_was_changed(unpacked: Path) -> None:
    command = ["sha256sum", "--check", "--strict", SUMS]
    answer = subprocess.run(command, cwd=unpacked, capture_output=True, text=True, check=True)
    told = [line.removesuffix(": OK") for line in answer.stdout.splitlines()]
    there = {file.relative_to(unpacked).as_posix() for file in unpacked.rglob("*.*")}
    assert set(told) == there
    (unpacked / SIGNED_NAME).write_bytes(SIGNED + b" ")
    answer = subprocess.run(command, cwd=unpacked, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert f"{SIGNED_NAME}: FAILED" in answer.stdout


def test_the_hash_of_a_log_file_is_the_hash_of_the_entry(unpacked: Path) -> None:
    for entry in the_log():
        body = (unpacked / log_file(entry.seq)).read_bytes()
        assert sha(body) == entry.hash
        assert body == entry.content


def test_the_readme_names_the_bundle_and_the_program_that_checks_it(unpacked: Path) -> None:
    text = (unpacked / README).read_text("utf-8")
    assert "cycle/c1" in text
    assert "unzip bundle.zip" in text
    assert "sha256sum -c SHA256SUMS" in text


def test_the_same_contents_give_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    again = tmp_path / "again" / "bundle.zip"
    assert write_bundle(again, "cycle/c1", the_files(), the_log()) == 12
    assert again.read_bytes() == bundle.read_bytes()


def test_a_bundle_that_could_not_be_finished_is_not_there_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    def failing() -> Iterator[tuple[BundleFile, bytes]]:
        yield from the_files()[:1]
        raise OSError("the store is away")

    with pytest.raises(OSError, match="the store is away"):
        write_bundle(tmp_path / "bundle.zip", "cycle/c1", failing(), the_log())
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_replaces_an_older_one_of_its_name(bundle: Path) -> None:
    write_bundle(bundle, "cycle/c1", the_files()[:2], list(the_log())[:4])
    assert check_bundle(bundle).checked == 2 + 4 + 3


# What was tampered with


def resum(folder: Path) -> None:
    """Make the sums agree again, as a forger would."""
    found = sorted(file for file in folder.rglob("*") if file.is_file() and file.name != SUMS)
    lines = (f"{sha(f.read_bytes())}  {f.relative_to(folder).as_posix()}\n" for f in found)
    (folder / SUMS).write_text("".join(lines))


def edit_manifest(folder: Path, **fields: object) -> None:
    """Change the manifest's line about the signed file of d1."""
    described = json.loads((folder / MANIFEST).read_text("utf-8"))
    described["files"][1].update(fields)
    (folder / MANIFEST).write_text(json.dumps(described))


def drop_from_manifest(folder: Path, document: str) -> None:
    described = json.loads((folder / MANIFEST).read_text("utf-8"))
    described["files"] = [one for one in described["files"] if one["document"] != document]
    (folder / MANIFEST).write_text(json.dumps(described))


def change_a_byte(folder: Path) -> None:
    (folder / SIGNED_NAME).write_bytes(SIGNED.replace(b"scan", b"scam"))


def change_a_readme(folder: Path) -> None:
    (folder / README).write_text("Проверять не нужно.")


def remove_a_file(folder: Path) -> None:
    (folder / DRAFT_NAME).unlink()


def add_a_file(folder: Path) -> None:
    (folder / "files" / "planted.pdf").write_bytes(b"%PDF-1.4 planted")


def change_the_manifest(folder: Path) -> None:
    edit_manifest(folder, number="2-о")


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


def break_an_entry(folder: Path) -> None:
    (folder / log_file(6)).write_bytes(b"\xff\xfe no entry")


def add_an_entry(folder: Path) -> None:
    (folder / "log" / "²².txt").write_text("a\nb")


def change_a_byte_everywhere_but_in_the_log(folder: Path) -> None:
    change_a_byte(folder)
    edit_manifest(folder, sha256=sha((folder / SIGNED_NAME).read_bytes()))


def swap_versions_in_the_manifest(folder: Path) -> None:
    edit_manifest(folder, version=1)


def remove_a_document(folder: Path) -> None:
    (folder / ANOTHER_NAME).unlink()
    drop_from_manifest(folder, "d2")


def remove_the_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def break_the_manifest(folder: Path) -> None:
    (folder / MANIFEST).write_bytes(b"\xff[]")


def forge_an_event(folder: Path) -> None:
    """An event that says nothing readable about what it sealed."""
    previous = (folder / log_file(6)).read_text().split("\n")[0]
    forged = '{"action": "sealed", "version": "x"}'
    (folder / log_file(6)).write_text(f"{previous}\n{forged}")


Tamper = Callable[[Path], None]
FILE_CHANGED, FILE_GONE = f"{SIGNED_NAME}: файл изменён", f"{DRAFT_NAME}: файла нет"


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (change_a_byte, FILE_CHANGED),
        (change_a_readme, "README.txt: файл изменён"),
        (remove_a_file, FILE_GONE),
        (add_a_file, "files/planted.pdf: лишний файл, в SHA256SUMS его нет"),
        (change_the_manifest, "manifest.json: файл изменён"),
        (remove_the_manifest, "manifest.json: файла нет"),
        (change_an_entry, "log/000000003.txt: файл изменён"),
        (swap_entries, "log/000000002.txt: файл изменён"),
        (remove_an_entry, "log/000000003.txt: файла нет"),
        (break_an_entry, "log/000000006.txt: запись журнала не читается"),
    ],
)
def test_a_tamper_is_found_and_the_file_named(unpacked: Path, tamper: Tamper, problem: str) -> None:
    tamper(unpacked)
    found = check_bundle(unpacked)
    assert not found.ok
    assert problem in found.problems


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (change_a_byte, f"{SIGNED_NAME}: хеш не тот, что в описи"),
        (
            change_a_byte_everywhere_but_in_the_log,
            f"{SIGNED_NAME}: в журнале нет события о закладке этого файла",
        ),
        (
            swap_versions_in_the_manifest,
            f"{SIGNED_NAME}: в журнале нет события о закладке этого файла",
        ),
        (remove_a_file, f"{DRAFT_NAME}: хеш не тот, что в описи"),
        (remove_a_document, "document/d2, редакция 1: заложен по журналу, а файла нет"),
        (add_a_file, "files/planted.pdf: в описи такого файла нет"),
        (remove_the_manifest, "manifest.json: опись не читается"),
        (break_the_manifest, "manifest.json: опись не читается"),
        (change_an_entry, "log/000000004.txt: запись не продолжает предыдущую"),
        (swap_entries, "log/000000003.txt: запись не продолжает предыдущую"),
        (remove_an_entry, "document/d1: в журнале нет записи 2"),
        (break_an_entry, "log/000000006.txt: запись журнала не читается"),
        (add_an_entry, "log/²².txt: запись журнала не читается"),
        (forge_an_event, "log/000000006.txt: запись журнала не читается"),
    ],
)
def test_a_tamper_is_found_though_the_sums_were_made_to_agree(
    unpacked: Path, tamper: Tamper, problem: str
) -> None:
    tamper(unpacked)
    resum(unpacked)
    found = check_bundle(unpacked)
    assert not found.ok
    assert problem in found.problems


def test_entries_of_other_subjects_may_be_missing_from_the_bundle_of_a_pair(
    tmp_path: Path,
) -> None:
    out = tmp_path / "pair.zip"
    of_the_pair = [entry for entry in the_log() if entry.seq != 1]  # cycle/c1 stands at 1 and 6
    write_bundle(out, "pair/p1", the_files(), of_the_pair)
    assert check_bundle(out).problems == ()


# What is no bundle


def test_a_file_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bundle.zip"
    file.write_bytes(b"%PDF-1.4")
    with pytest.raises(BadUpload, match=r"bundle\.zip: архив не читается"):
        check_bundle(file)


def test_a_zip_or_folder_without_sums_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "letters.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("letter.txt", "Здравствуйте")
    for path in (file, tmp_path):
        with pytest.raises(BadUpload, match=f"нет файла {SUMS}"):
            check_bundle(path)


def test_sums_that_are_no_text_are_refused(unpacked: Path) -> None:
    (unpacked / SUMS).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadUpload, match=f"{SUMS} не читается"):
        check_bundle(unpacked)


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.999])
def test_a_zip_that_was_cut_off_is_refused(bundle: Path, kept: float) -> None:
    content = bundle.read_bytes()
    bundle.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(BadUpload, match="архив не читается"):
        check_bundle(bundle)


def test_a_changed_byte_in_what_the_zip_holds_is_refused(bundle: Path) -> None:
    whole = bundle.read_bytes()
    with zipfile.ZipFile(bundle) as archive:
        members = archive.infolist()
    for member in members:
        # In the member's own bytes: thirty of a local header, the name, then the content.
        for place in (0, member.compress_size // 2):
            at = member.header_offset + 30 + len(member.filename) + place
            bundle.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
            with pytest.raises(BadUpload, match="архив не читается"):
                check_bundle(bundle)


@pytest.mark.parametrize("name", ["../files/x.pdf", "files/../../x.pdf", "/etc/passwd"])
def test_a_member_that_leads_out_of_the_bundle_is_refused(bundle: Path, name: str) -> None:
    with zipfile.ZipFile(bundle, "a") as archive:
        archive.writestr(name, b"x")
    with pytest.raises(BadUpload, match=f"недопустимый файл внутри: {name}"):
        check_bundle(bundle)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_second_member_of_the_same_name_is_refused(bundle: Path) -> None:
    with zipfile.ZipFile(bundle, "a") as archive:
        archive.writestr(SIGNED_NAME, SIGNED)
    with pytest.raises(BadUpload, match=f"недопустимый файл внутри: {SIGNED_NAME}"):
        check_bundle(bundle)
