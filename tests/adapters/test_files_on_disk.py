"""What the store on the disk promises beyond the contract: crashes, modes, the mess of a disk."""

import hashlib
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from adapters.files.filesystem import FilesystemFiles

KEY = bytes(range(32))
DRAFT = "draft/41b0/1"
PROJECT = Path(__file__).parents[2]
NOBODY = 65534

PUT_FOR_EVER = """
import sys
from itertools import count
from pathlib import Path
from adapters.files.filesystem import FilesystemFiles

files, start = FilesystemFiles(Path(sys.argv[1])), int(sys.argv[2])
print("ready", flush=True)
for number in count(start):
    content = str(number).encode() * 200_000
    files.put_once(f"draft/{number}/1", content, bytes(range(32)))
    sealed = files.seal(content, bytes(range(32)))
    print(number, sealed.key, flush=True)
"""

PUT_ON_A_FULL_DISK = """
import resource, sys
from pathlib import Path
from adapters.files.filesystem import FilesystemFiles

files = FilesystemFiles(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    files.put_once("draft/41b0/1", bytes(100_000), bytes(range(32)))
except OSError as error:
    print(type(error).__name__, error.errno)
"""

PUT_AS_AN_ORDINARY_USER = """
import os, sys
from pathlib import Path
from adapters.files.filesystem import FilesystemFiles

if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(int(sys.argv[2]))
    os.setuid(int(sys.argv[2]))
root, key = Path(sys.argv[1]), bytes(range(32))
files = FilesystemFiles(root / "objects")
files.put_once("draft/41b0/1", b"content", key)
files.put_once("draft/41b0/1", b"second", key)
assert FilesystemFiles(root / "objects").get("draft/41b0/1", key) == b"content"
assert files.get(files.seal(b"scan", key).key, key) == b"scan"
try:
    (root / "objects/draft/41b0/1").open("r+b")
except PermissionError:
    print("written once")
"""

# Each call into the system that Python reports (open, mkdir, chmod, link, rename, remove, flock) is
# a place to die: the child of number N is killed just before its N-th one.
DIE_AT_EACH_STEP = """
import os, signal, sys
from pathlib import Path
from adapters.files.filesystem import FilesystemFiles
from tests.adapters.backends import LinklessFiles

KEY = bytes(range(32))
make = {"links": FilesystemFiles, "no links": LinklessFiles}[sys.argv[2]]
# What is imported or loaded at first use is no step of the store.
FilesystemFiles(Path(sys.argv[1]) / "0").put_once("draft/41b0/1", b"content", KEY)

def work(root, last):
    steps = 0
    def count(event, arguments):
        nonlocal steps
        if event == "open" or event.startswith(("os.", "fcntl.")):
            steps += 1
            if steps == last:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(count)
    files = make(root)
    files.put_once("draft/41b0/1", b"content", KEY)
    files.seal(b"content", KEY)

for last in range(1, 1000):
    child = os.fork()
    if child == 0:
        work(Path(sys.argv[1]) / str(last), last)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
print(last)
"""


def _run(script: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _files_under(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_a_second_put_touches_neither_bytes_nor_times(tmp_path: Path) -> None:
    files = FilesystemFiles(tmp_path)
    files.put_once(DRAFT, b"first", KEY)
    path = tmp_path / DRAFT
    before = path.stat()
    for content in (b"first", b"second"):
        files.put_once(DRAFT, content, KEY)
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_size, after.st_mode) == (
        before.st_ino,
        before.st_mtime_ns,
        before.st_size,
        before.st_mode,
    )


def test_objects_are_read_only_and_their_folders_are_the_owners_alone(tmp_path: Path) -> None:
    root = tmp_path / "objects"
    files = FilesystemFiles(root)
    files.put_once(DRAFT, b"content", KEY)
    files.seal(b"scan", KEY)
    assert [stat.S_IMODE(path.stat().st_mode) for path in _files_under(root)] == [0o444, 0o444]
    folders = [root, *(path for path in root.rglob("*") if path.is_dir())]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_sealed_objects_are_spread_over_folders_and_named_by_their_hash(tmp_path: Path) -> None:
    sealed = FilesystemFiles(tmp_path).seal(b"scan", KEY)
    name = sealed.stored_sha256
    path = tmp_path / "sealed" / name[:2] / name[2:4] / name
    assert hashlib.sha256(path.read_bytes()).hexdigest() == name


def test_what_was_put_is_found_by_a_store_opened_later(tmp_path: Path) -> None:
    stored = FilesystemFiles(tmp_path).seal(b"scan", KEY)
    later = FilesystemFiles(tmp_path)
    assert later.get(stored.key, KEY) == b"scan"
    assert later.keys() == [stored.key]


def test_foreign_files_are_not_taken_for_objects(tmp_path: Path) -> None:
    files = FilesystemFiles(tmp_path)
    files.put_once(DRAFT, b"content", KEY)
    for name in (".DS_Store", "draft/Thumbs.DB", "sealed/ab"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"foreign")
    (tmp_path / ".snapshot").mkdir()
    (tmp_path / ".snapshot" / "1").write_bytes(b"foreign")
    assert files.keys() == [DRAFT]


def test_nothing_is_left_aside_after_a_put(tmp_path: Path) -> None:
    files = FilesystemFiles(tmp_path)
    files.put_once(DRAFT, b"first", KEY)
    files.put_once(DRAFT, b"second", KEY)
    assert _files_under(tmp_path) == [tmp_path / DRAFT]


def test_strays_of_a_crash_are_removed_after_an_hour(tmp_path: Path) -> None:
    FilesystemFiles(tmp_path)
    old, young = tmp_path / ".tmp" / "old", tmp_path / ".tmp" / "young"
    for stray, age in ((old, 3700), (young, 3500)):
        stray.write_bytes(b"half of an ob")
        os.utime(stray, (time.time() - age, time.time() - age))
    FilesystemFiles(tmp_path)
    assert _files_under(tmp_path) == [young]


def test_a_full_disk_is_told_as_it_is_and_leaves_nothing(tmp_path: Path) -> None:
    said = _run(PUT_ON_A_FULL_DISK, str(tmp_path))
    assert said.startswith("OSError")
    assert _files_under(tmp_path) == []
    FilesystemFiles(tmp_path).put_once(DRAFT, b"content", KEY)
    assert FilesystemFiles(tmp_path).get(DRAFT, KEY) == b"content"


def test_an_ordinary_user_can_keep_objects_and_cannot_open_them_for_writing() -> None:
    with tempfile.TemporaryDirectory() as root:
        if os.geteuid() == 0:
            os.chown(root, NOBODY, NOBODY)
        assert _run(PUT_AS_AN_ORDINARY_USER, root, str(NOBODY)) == "written once\n"


@pytest.mark.parametrize("disk", ["links", "no links"])
def test_a_death_before_any_step_leaves_nothing_or_the_whole_object(
    tmp_path: Path, disk: str
) -> None:
    steps = int(_run(DIE_AT_EACH_STEP, str(tmp_path), disk))
    assert steps > 30, "the steps must have been seen"
    counts = []
    for last in range(1, steps + 1):
        files = FilesystemFiles(tmp_path / str(last))
        kept = files.keys()
        counts.append(len(kept))
        assert {files.get(key, KEY) for key in kept} <= {b"content"}
        files.put_once(DRAFT, b"content", KEY)
        files.seal(b"content", KEY)
        assert len(files.keys()) == 2
    assert counts == sorted(counts)
    assert set(counts) == {0, 1, 2}


@pytest.mark.parametrize("round_", range(3))
def test_a_writer_killed_at_any_moment_leaves_whole_objects_only(
    tmp_path: Path, round_: int
) -> None:
    told: dict[int, str] = {}
    for life in range(4):
        told |= _put_until_killed(tmp_path, 1000 * life, 0.02 + 0.017 * life + 0.005 * round_)
    files = FilesystemFiles(tmp_path)
    drafts = files.keys("draft/")
    assert len(drafts) >= len(told) > 0
    for key in drafts:
        number = key.split("/")[1]
        assert files.get(key, KEY) == number.encode() * 200_000
    for key in files.keys("sealed/"):
        files.get(key, KEY)
    # What was answered before the kill is there, and a repeat after it is harmless.
    for told_number, sealed_key in told.items():
        assert files.seal(str(told_number).encode() * 200_000, KEY).key == sealed_key
    assert set(told.values()) <= set(files.keys("sealed/"))


def _put_until_killed(root: Path, start: int, seconds: float) -> dict[int, str]:
    with subprocess.Popen(
        [sys.executable, "-c", PUT_FOR_EVER, str(root), str(start)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        first = writer.stdout.readline()
        time.sleep(seconds)
        writer.send_signal(signal.SIGKILL)
        lines = [first, *writer.stdout]
    whole = [line.split() for line in lines if line.endswith("\n")]
    return {int(number): key for number, key in whole}


def test_a_store_whose_folder_is_gone_or_closed_is_not_ready(tmp_path: Path) -> None:
    files = FilesystemFiles(tmp_path / "files")
    files.check_ready()
    (tmp_path / "files" / ".tmp").rename(tmp_path / "aside")
    with pytest.raises(FileNotFoundError):
        files.check_ready()
    (tmp_path / "aside").rename(tmp_path / "files" / ".tmp")
    files.check_ready()
    assert list((tmp_path / "files" / ".tmp").iterdir()) == []
