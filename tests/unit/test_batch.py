"""A batch of documents: line by line, and what fails is named."""

import io
import json
from pathlib import Path

import pytest

from runtime.batch import Batch, batch_words, render_each
from tests.fakes.renderer import PlainRenderer


def made(folder: Path, *lines: str | bytes) -> tuple[Batch, list[str]]:
    """The batch and what it told."""
    told: list[str] = []
    content = b"\n".join(line.encode() if isinstance(line, str) else line for line in lines)
    return render_each(PlainRenderer(), "kind", io.BytesIO(content), folder, told.append), told


def test_files_are_numbered_as_their_lines_and_blank_lines_are_no_documents(tmp_path: Path) -> None:
    batch, told = made(tmp_path / "out", '{"a": 1}', "", '{"a": 2, "@name": "Вьюгина"}', "  ")
    files = {file.name: json.loads(file.read_bytes()) for file in (tmp_path / "out").iterdir()}
    assert files == {"00001.docx": ["kind", {"a": 1}], "00003-Вьюгина.docx": ["kind", {"a": 2}]}
    assert batch == Batch(ok=True, made=2, kept=0, failed=0, failures=())
    assert told == []


def test_a_repeat_writes_only_what_is_not_there_or_is_other(tmp_path: Path) -> None:
    made(tmp_path, '{"a": 1}', '{"a": 2}', '{"a": 3}')
    (tmp_path / "00001.docx").unlink()
    (tmp_path / "00002.docx").write_bytes(b"other")
    kept = (tmp_path / "00003.docx").stat()
    batch, _ = made(tmp_path, '{"a": 1}', '{"a": 2}', '{"a": 3}')
    assert (batch.made, batch.kept) == (2, 1)
    assert (tmp_path / "00003.docx").stat() == kept
    assert b'"a": 2' in (tmp_path / "00002.docx").read_bytes()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "это не JSON"),
        ("[" * 100_000, "это не JSON"),
        (b'{"a": "\xff"}', "это не JSON"),
        ("[]", "ожидается объект JSON"),
        ('{"@name": 1}', "@name: ожидается текст"),
        ('{"@name": "../../x"}', "недопустимый знак"),
        ('{"@name": "а\\u202eб"}', "недопустимый знак"),
        (json.dumps({"@name": "а" * 81}), "до 80 знаков"),
        (b'{"a": "' + b"x" * 17 * 2**20 + b'"}', "строка длиннее 16 МиБ"),
    ],
    ids=["cut", "deep", "no text", "list", "number", "path", "turned", "long name", "long"],
)
def test_a_line_of_which_nothing_can_be_made_is_named_and_the_next_is_made(
    tmp_path: Path, line: str | bytes, fault: str
) -> None:
    batch, told = made(tmp_path, line, '{"a": 2}')
    assert [file.name for file in tmp_path.iterdir()] == ["00002.docx"]
    assert (batch.ok, batch.made, batch.failed) == (False, 1, 1)
    assert batch.failures[0].line == 1
    assert fault in batch.failures[0].fault
    assert told == [f"строка 1: {batch.failures[0].fault}"]


def test_each_failure_is_told_but_a_hundred_are_remembered(tmp_path: Path) -> None:
    batch, told = made(tmp_path, *(["{"] * 150))
    assert (batch.failed, len(batch.failures), len(told)) == (150, 100, 150)
    assert batch_words(batch) == "Сделано документов: 0, не вышло: 150."


def test_a_folder_that_cannot_be_made_stops_the_batch(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        made(tmp_path / "file", '{"a": 1}')
