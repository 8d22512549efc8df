"""How commands speak: words for people, one JSON object for programs, and the exit code."""

import asyncio
import errno
import gc
import json
import sys
import traceback
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import typer
from pydantic import BaseModel

from domain.errors import Refused
from runtime.processes import ServerFailed, leave
from runtime.settings import WrongCall

DONE, REFUSED, WRONG_CALL = 0, 1, 2

_RUSSIAN: dict[type[OSError], str] = {
    FileNotFoundError: "нет такого файла или каталога",
    IsADirectoryError: "это каталог, а нужен файл",
    NotADirectoryError: "это файл, а нужен каталог",
    PermissionError: "нет доступа",
    FileExistsError: "уже есть",
}


_BY_NUMBER: dict[int, str] = {
    errno.ENOSPC: "на диске нет места",
    errno.EDQUOT: "исчерпана квота диска",
    errno.EFBIG: "файл больше, чем здесь разрешено",
    errno.EROFS: "диск доступен только для чтения",
    errno.EIO: "диск отвечает с ошибкой",
}


def say(line: str) -> None:
    """Progress, on standard error: standard output is for results."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def show(result: BaseModel | dict[str, Any], *, as_json: bool, words: Callable[[], str]) -> None:
    """The result of a command."""
    if not as_json:
        _tell(words())
        return
    found = result.model_dump(mode="json") if isinstance(result, BaseModel) else result
    _tell(json.dumps(found, ensure_ascii=False))


@contextmanager
def edge(*, as_json: bool) -> Iterator[None]:
    """The process edge: whatever is refused ends in one clear sentence and its exit code."""
    try:
        yield
    except (typer.Exit, typer.Abort):
        raise
    except WrongCall as error:
        code = fail(error, str(error), WRONG_CALL, as_json=as_json)
    except Refused as error:
        code = fail(error, _refused(error), REFUSED, as_json=as_json)
    except ServerFailed as error:
        code = fail(error, str(error), REFUSED, as_json=as_json)
    except OSError as error:
        code = fail(error, in_russian(error), WRONG_CALL, as_json=as_json)
    except Exception as error:  # noqa: BLE001 - a fault of ours is told to programs too
        code = _fault(error, as_json=as_json)
    else:
        return
    raise typer.Exit(code)


def run(serve: Callable[[], Coroutine[Any, Any, None]]) -> NoReturn:
    """Be the process that serves, until it is told to stop; see `edge`."""
    gc.freeze()  # what was imported lives as long as we do: no collection need walk it
    try:
        with edge(as_json=False):
            asyncio.run(serve())
    except typer.Exit as end:
        leave(end.exit_code)
    leave(DONE)


def fail(error: BaseException, detail: str, code: int, *, as_json: bool) -> int:
    """Tell why a command ends; `code` for the one who ends it."""
    if as_json:
        found = {"ok": False, "error": type(error).__name__, "detail": detail}
        _tell(json.dumps(found, ensure_ascii=False))
    say(detail)
    return code


def _fault(error: Exception, *, as_json: bool) -> int:
    """The database does not answer, or it is a fault of ours."""
    # It takes longer to load than many a command, most of which end without a fault.
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415

    if isinstance(error, OperationalError):
        cause = error.orig or error
        return fail(cause, f"База данных не отвечает: {cause}", REFUSED, as_json=as_json)
    traceback.print_exception(error)
    return fail(error, str(error), REFUSED, as_json=as_json)


def _refused(error: Refused) -> str:
    """A refusal in Russian: rules that speak to programs name ids, the table names the rule."""
    # It brings the web framework, which most commands can do without.
    from api.problems import problem_of  # noqa: PLC0415

    said = str(error)
    if any("а" <= letter <= "я" for letter in said.lower()):
        return said
    title = problem_of(error).title
    return f"{title}: {said}" if said else title


def in_russian(error: OSError) -> str:
    """What the system refused, and of which file."""
    said = _BY_NUMBER.get(error.errno or 0) or _RUSSIAN.get(type(error), error.strerror)
    if error.filename is None:
        return f"{said[:1].upper()}{said[1:]}." if said else str(error)
    return f"{error.filename}: {said}"


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
