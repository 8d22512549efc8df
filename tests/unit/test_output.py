"""How commands speak: JSON alone on standard output, one sentence for people, 0, 1 or 2."""

import errno
import json
from pathlib import Path

import pytest
import typer
from sqlalchemy.exc import OperationalError

from domain.base import Value
from domain.errors import FactMissing, NotFound, WrongKey
from runtime.home import HomeInUse
from runtime.output import edge, say, show
from runtime.processes import ServerFailed
from runtime.settings import BadSettings, WrongCall


class Result(Value):
    name: str
    count: int


def ended(error: BaseException, *, as_json: bool) -> int:
    """The exit code with which this error ends a command."""
    with pytest.raises(typer.Exit) as caught, edge(as_json=as_json):
        raise error
    return caught.value.exit_code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ServerFailed("Temporal не запустился"), 1),
        (WrongCall("Скажите, что проверить"), 2),
        (BadSettings("NASTAVNIK_HOM: такой переменной нет"), 2),
        (HomeInUse("Каталог данных уже занят"), 2),
    ],
)
def test_a_refusal_ends_with_its_code_and_says_why(
    error: Exception, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    text = str(error)
    assert ended(error, as_json=False) == code
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", f"{text}\n")
    assert ended(error, as_json=True) == code
    shown = capsys.readouterr()
    assert shown.err == f"{text}\n"
    assert json.loads(shown.out) == {"ok": False, "error": type(error).__name__, "detail": text}


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (NotFound("there is no pair/1"), "Не найдено: there is no pair/1"),
        (WrongKey("master key 1f is not among ours"), "Ключ хранилища не подходит: master key 1f"),
        (FactMissing("нет факта «mentor»"), "нет факта «mentor»"),
        (
            OperationalError("SELECT", {}, Exception("the server closed the connection")),
            "База данных не отвечает: the server closed the connection",
        ),
    ],
)
def test_a_refusal_begins_in_russian(
    error: Exception, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(error, as_json=False) == 1
    assert capsys.readouterr().err.startswith(told)


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.ENOSPC, "на диске нет места"),
        (errno.EDQUOT, "исчерпана квота диска"),
        (errno.EROFS, "диск доступен только для чтения"),
    ],
)
def test_a_full_disk_is_told_in_russian(
    number: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for error, line in (
        (OSError(number, "No space left on device"), f"{told[0].upper()}{told[1:]}.\n"),
        (OSError(number, "No space left on device", "out.zip"), f"out.zip: {told}\n"),
    ):
        assert ended(error, as_json=False) == 2
        assert capsys.readouterr().err == line


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda folder: (folder / "no.json").read_text(),
            "{}/no.json: нет такого файла или каталога",
        ),
        (lambda folder: folder.read_text(), "{}: это каталог, а нужен файл"),
        (lambda folder: list((folder / "a.txt").iterdir()), "{}/a.txt: это файл, а нужен каталог"),
        (lambda folder: folder.mkdir(), "{}: уже есть"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(
    call: object, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(call)
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(typer.Exit) as caught, edge(as_json=False):
        call(tmp_path)
    assert caught.value.exit_code == 2
    assert capsys.readouterr().err == f"{text.format(tmp_path)}\n"


def test_a_fault_of_ours_shows_where_it_is_and_is_json_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ended(ZeroDivisionError("division by zero"), as_json=True) == 1
    shown = capsys.readouterr()
    assert json.loads(shown.out) == {
        "ok": False,
        "error": "ZeroDivisionError",
        "detail": "division by zero",
    }
    assert "Traceback" in shown.err
    assert "test_output.py" in shown.err


@pytest.mark.parametrize("end", [typer.Exit(1), typer.Abort(), KeyboardInterrupt()])
def test_an_end_that_was_meant_passes_and_adds_nothing(
    end: BaseException, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(type(end)), edge(as_json=True):
        raise end
    assert capsys.readouterr() == ("", "")


def test_a_result_is_one_line_of_json_or_words(capsys: pytest.CaptureFixture[str]) -> None:
    result = Result(name="Приказ", count=2)
    say("Готовлю…")
    show(result, as_json=True, words=lambda: "не слова")
    shown = capsys.readouterr()
    assert shown == ('{"name": "Приказ", "count": 2}\n', "Готовлю…\n")
    show({"count": 3}, as_json=True, words=lambda: "не слова")
    assert capsys.readouterr().out == '{"count": 3}\n'
    show(result, as_json=False, words=lambda: "Приказов: 2")
    assert capsys.readouterr().out == "Приказов: 2\n"
