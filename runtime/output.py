"""How commands speak: words for people, one JSON object for programs, and the exit code."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError

from domain.errors import Refused
from runtime.processes import ServerFailed
from runtime.settings import WrongCall

DONE, REFUSED, WRONG_CALL = 0, 1, 2


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
    except WrongCall as error:
        _end(error, WRONG_CALL, as_json=as_json)
    except (Refused, ServerFailed) as error:
        _end(error, REFUSED, as_json=as_json)
    except OperationalError as error:
        _end(error.orig or error, REFUSED, as_json=as_json)
    except OSError as error:
        _end(error, WRONG_CALL, as_json=as_json)


def _end(error: BaseException, code: int, *, as_json: bool) -> None:
    if as_json:
        found = {"ok": False, "error": type(error).__name__, "detail": str(error)}
        _tell(json.dumps(found, ensure_ascii=False))
    say(str(error))
    raise typer.Exit(code)


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
