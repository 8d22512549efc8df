"""The auditor's bundle: checked with `sha256sum` alone, and no tamper goes unseen."""

import subprocess
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from domain.checkpoints import origin_of
from domain.errors import BadUpload
from runtime.bundle import (
    COVERED,
    KEY,
    README,
    SUMS,
    BundleFile,
    BundleStream,
    ByAct,
    write_bundle,
)
from runtime.bundle_check import check_bundle
from runtime.check_page.build import PAGE
from tests.bundle_builders import (
    ACycle,
    ALog,
    a_cycle,
    a_key,
    files_in,
    key_text,
    texts_of,
    unpacked,
)

SIGNED_NAME = "files/000002_order_d1_v2_signed.pdf"
DRAFT_NAME = "files/000001_order_d1_v2_registered.docx"
ANOTHER_NAME = "files/000004_order_d2_v1_signed.pdf"
ENTRIES, FILES = 8, 4
OTHERS = len(COVERED) + 2  # SIGNED and the page


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return a_cycle().written(tmp_path / "bundle.zip")


@pytest.fixture
def folder(bundle: Path) -> Path:
    return unpacked(bundle, bundle.with_name("unpacked"))


def log_file(seq: int) -> str:
    return f"log/{seq:09d}.json"


def names_in(problems: tuple[str, ...]) -> set[str]:
    return {problem.partition(":")[0] for problem in problems}


# What is whole


def test_a_bundle_verifies_packed_and_unpacked(bundle: Path, folder: Path) -> None:
    found = check_bundle(bundle)
    assert found == check_bundle(folder)
    assert (found.ok, found.problems) == (True, ())
    assert (found.checked, found.signed_files) == (ENTRIES + FILES + OTHERS, 2)
    assert (found.size, found.key) == (ENTRIES, key_text())


def test_sha256sum_alone_verifies_a_bundle_and_finds_what_was_changed(folder: Path) -> None:
    command = ["sha256sum", "--check", "--strict", SUMS]
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    told = [line.removesuffix(": OK") for line in answer.stdout.splitlines()]
    assert told == [name for name in sorted(files_in(folder)) if name != SUMS]
    (folder / SIGNED_NAME).write_bytes(b"%PDF")
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert f"{SIGNED_NAME}: FAILED" in answer.stdout


def test_a_file_of_the_log_is_exactly_the_text_of_the_entry(folder: Path) -> None:
    for seq, text in enumerate(texts_of(a_cycle().events), start=1):
        assert (folder / log_file(seq)).read_text("utf-8") == text


def test_the_readme_names_the_bundle_and_the_program_that_checks_it(folder: Path) -> None:
    text = (folder / README).read_text("utf-8")
    assert "unzip cycle-c1.zip" in text
    assert "sha256sum -c SHA256SUMS" in text
    assert "nastavnik verify cycle-c1.zip --key" in text


def test_the_same_contents_give_the_same_bytes_under_any_name(bundle: Path, tmp_path: Path) -> None:
    again = a_cycle().written(tmp_path / "again.zip")
    assert again.read_bytes() == bundle.read_bytes()


def test_it_comes_in_chunks_and_knows_at_the_end_how_many_files_it_held() -> None:
    cycle = a_cycle()
    stream = BundleStream("cycle/c1", ALog(texts_of(cycle.events)).bundled(), cycle.files)
    assert stream.name == "cycle-c1.zip"
    assert all(stream)
    assert stream.members == ENTRIES + FILES + OTHERS


def test_the_log_comes_before_any_file_is_read() -> None:
    def content(file: tuple[BundleFile, bytes | None]) -> tuple[BundleFile, bytes | None]:
        raise OSError(f"the store is away: {file[0].name}")

    cycle = a_cycle()
    files = map(content, cycle.files)
    stream = iter(BundleStream("cycle/c1", ALog(texts_of(cycle.events * 300)).bundled(), files))
    assert next(stream).startswith(b"PK\x03\x04")
    with pytest.raises(OSError, match="the store is away"):
        list(stream)


def test_a_bundle_that_could_not_be_finished_is_not_there_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    cycle = a_cycle()

    def failing() -> Iterator[tuple[BundleFile, bytes | None]]:
        yield from cycle.files[:1]
        raise OSError("the store is away")

    stream = BundleStream("cycle/c1", ALog(texts_of(cycle.events)).bundled(), failing())
    with pytest.raises(OSError, match="the store is away"):
        write_bundle(tmp_path / "bundle.zip", stream)
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_replaces_an_older_one_of_its_name(bundle: Path) -> None:
    cycle = ACycle()
    cycle.happened("cycle/c1", "launched")
    cycle.written(bundle, log=ALog(texts_of(cycle.events)))
    assert check_bundle(bundle).checked == 1 + OTHERS


def test_entries_of_other_subjects_may_be_missing_from_the_bundle_of_a_pair(
    tmp_path: Path,
) -> None:
    cycle = a_cycle()
    cycle.happened("cycle/c1", "result_proved", pair="p1")
    cycle.happened("pair/p1", "stage_completed")
    told = [n for n, event in enumerate(cycle.events, 1) if event.subject != "cycle/c1"]
    log = ALog(texts_of(cycle.events), told=[*told[:-1], 9, 10])
    out = cycle.written(tmp_path / "pair.zip", "pair/p1", log)
    assert check_bundle(out).problems == ()


def test_a_destroyed_file_is_listed_and_the_log_tells_of_the_act(tmp_path: Path) -> None:
    cycle = a_cycle()
    described, _ = cycle.files[1]
    act = ByAct(act="a1", number="1-a", day=date(2031, 1, 9))
    cycle.files[1] = described.changed(destroyed=act), None
    untold = check_bundle(cycle.written(tmp_path / "untold.zip"))
    assert names_in(untold.problems) == {SIGNED_NAME}
    assert "в журнале об этом акте не сказано" in untold.problems[0]
    cycle.happened("destruction/d1", "destroyed", document="d1", act="a1")
    assert check_bundle(cycle.written(tmp_path / "told.zip")).problems == ()


# What the reader knows from elsewhere


def test_the_key_that_the_reader_knows_must_be_the_one(bundle: Path) -> None:
    assert check_bundle(bundle, key=f"{key_text()}\n").ok
    found = check_bundle(bundle, key=key_text(2))
    assert names_in(found.problems) == {KEY}


def test_a_checkpoint_that_was_kept_is_a_beginning_of_the_log(bundle: Path) -> None:
    log = ALog(texts_of(a_cycle().events))
    for size in (2, ENTRIES - 1, ENTRIES):
        assert check_bundle(bundle, earlier=log.signed(size).text.encode()).problems == ()


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (lambda log, other: log.signed(3).text, "(записей 3): в log/consistency.jsonl нет"),
        (lambda log, other: other.signed(2).text, "(записей 2): в log/consistency.jsonl нет"),
        (lambda log, other: other.signed(8).text, "(записей 8): в log/consistency.jsonl нет"),
        (lambda log, other: other.signed(9).text, "(записей 9): свидетельства старше"),
        (lambda log, other: log.signed(2).text.replace("\n2\n", "\n3\n"), "подпись не сходится"),
        (lambda log, other: a_key(2).sign(log.checkpoint(2)).text, "подпись не сходится"),
        (lambda log, other: "письмо", "подпись не сходится"),
    ],
    ids=["not kept", "rewritten", "rewritten end", "too old", "edited", "foreign", "no checkpoint"],
)
def test_a_checkpoint_that_the_log_does_not_continue_is_told(
    bundle: Path, kept: Callable[[ALog, ALog], str], said: str
) -> None:
    texts = texts_of(a_cycle().events)
    log, other = ALog(texts), ALog(["{}", *texts])
    found = check_bundle(bundle, earlier=kept(log, other).encode())
    [problem] = found.problems
    assert problem.startswith("прежняя отметка")
    assert said in problem


def test_a_checkpoint_by_a_former_key_holds_if_the_reader_names_that_key(bundle: Path) -> None:
    texts = texts_of(a_cycle().events)
    before, other = ALog(texts, key=a_key(2)), ALog(["{}", *texts], key=a_key(2))
    kept = before.signed(2).text.encode()
    keys = (key_text(4), f"{key_text(2)}\n")
    assert check_bundle(bundle, key_text(), kept, keys).problems == ()
    for earlier, said in (
        (other.signed(2).text, "(записей 2): в log/consistency.jsonl нет"),
        (a_key(3).sign(before.checkpoint(2)).text, "подпись не сходится"),
    ):
        [problem] = check_bundle(bundle, key_text(), earlier.encode(), keys).problems
        assert said in problem


def test_a_checkpoint_of_another_log_is_told(bundle: Path) -> None:
    before = ALog(texts_of(a_cycle().events), key=a_key(2))
    foreign = before.checkpoint(2).changed(origin=origin_of("another"))
    key = a_key(2).keys_of(foreign.origin)[0]
    kept = a_key(2).sign(foreign).text.encode()
    [problem] = check_bundle(bundle, earlier=kept, former_keys=[key]).problems
    assert "она другого журнала, nastavnik/another" in problem


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


def test_sums_that_are_no_text_are_told(folder: Path) -> None:
    (folder / SUMS).write_bytes(b"\xff\xfe\x00")
    assert names_in(check_bundle(folder).problems) >= {SUMS, PAGE, SIGNED_NAME}


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.999])
def test_a_zip_that_was_cut_off_is_refused(bundle: Path, kept: float) -> None:
    content = bundle.read_bytes()
    bundle.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(BadUpload, match="архив не читается"):
        check_bundle(bundle)


def test_a_changed_byte_in_what_the_zip_holds_is_found_and_the_member_named(bundle: Path) -> None:
    whole = bundle.read_bytes()
    with zipfile.ZipFile(bundle) as archive:
        members = archive.infolist()
    for member in members:
        # In the member's own bytes: thirty of a local header, the name, then the content.
        at = member.header_offset + 30 + len(member.filename) + member.compress_size // 2
        bundle.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        assert member.filename in names_in(check_bundle(bundle).problems)


@pytest.mark.parametrize("name", ["../files/x.pdf", "files/../../x.pdf", "/etc/passwd"])
def test_a_member_that_leads_out_of_the_bundle_is_refused(bundle: Path, name: str) -> None:
    with zipfile.ZipFile(bundle, "a") as archive:
        archive.writestr(name, b"x")
    with pytest.raises(BadUpload, match=f"недопустимый файл внутри: {name}"):
        check_bundle(bundle)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_second_member_of_the_same_name_is_refused(bundle: Path) -> None:
    with zipfile.ZipFile(bundle, "a") as archive:
        archive.writestr(SIGNED_NAME, b"%PDF")
    with pytest.raises(BadUpload, match=f"недопустимый файл внутри: {SIGNED_NAME}"):
        check_bundle(bundle)
