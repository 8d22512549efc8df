"""A ZIP that is written as a stream is one for every program, large ones too."""

import io
import os
import random
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from runtime.zip_stream import ZipStream

CHANCE = random.Random(3)
CONTENTS = {
    "README.txt": b"",
    "files/строка и ещё.pdf": CHANCE.randbytes(300_000),
    "log/000000001.json": b'{"n":1}',
    "zeros": bytes(2_000_000),
}


needs_unzip = pytest.mark.skipif(
    shutil.which("unzip") is None and not os.environ.get("CI"), reason="no unzip here"
)


def in_parts(content: bytes) -> Iterator[bytes]:
    for at in range(0, len(content), 65_537):
        yield content[at : at + 65_537]


def zipped(contents: Mapping[str, bytes]) -> bytes:
    with tempfile.TemporaryFile() as directory:
        stream = ZipStream(directory)
        parts = [b"".join(stream.member(name, in_parts(body))) for name, body in contents.items()]
        assert stream.members == len(contents)
        return b"".join([*parts, *stream.end()])


@needs_unzip
def test_python_and_unzip_read_what_was_written(tmp_path: Path) -> None:
    file = tmp_path / "streamed.zip"
    file.write_bytes(zipped(CONTENTS))
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == CONTENTS
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {member.external_attr >> 16 for member in archive.infolist()} == {0o100644}
    told = subprocess.run(
        ["unzip", "-t", file], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert "No errors detected" in told.stdout


def test_the_same_contents_give_the_same_bytes() -> None:
    assert zipped(CONTENTS) == zipped(CONTENTS)


def test_nothing_that_was_cut_off_is_a_zip() -> None:
    whole = zipped(CONTENTS)
    for kept in (0.1, 0.5, 0.9, 0.999):
        with pytest.raises(zipfile.BadZipFile):
            zipfile.ZipFile(io.BytesIO(whole[: int(len(whole) * kept)]))


@needs_unzip
def test_more_members_than_a_short_directory_has_room_for(tmp_path: Path) -> None:
    file = tmp_path / "many.zip"
    file.write_bytes(zipped({f"{n:06d}": b"" for n in range(65_600)}))
    with zipfile.ZipFile(file) as archive:
        assert len(archive.namelist()) == 65_600
        assert archive.read("065599") == b""
    subprocess.run(["unzip", "-tqq", file], capture_output=True, check=True)


def test_members_beyond_four_gibibytes_are_found(tmp_path: Path) -> None:
    file = tmp_path / "large.zip"
    with tempfile.TemporaryFile() as directory, file.open("wb") as out:
        stream = ZipStream(directory)
        out.write(b"".join(stream.member("first", [b"1"])))
        gap = 5 * 1024**3 - out.tell()
        out.seek(gap, 1)  # as if there were members: a hole takes no room on the disk
        stream._at += gap
        out.write(b"".join(stream.member("last", [b"the last"])))
        out.write(b"".join(stream.end()))
    with zipfile.ZipFile(file) as archive:
        assert (archive.read("first"), archive.read("last")) == (b"1", b"the last")
