"""A line of the log is one JSON object, and no word of a person gets into it."""

import json
import subprocess
import sys
from typing import Any

CANARY = "Канарейкина Ёлка"


def logged(program: str) -> list[dict[str, Any]]:
    """The lines that this program logs, in a process of its own: what is configured is global."""
    head = "import logging, structlog; from runtime.logs import configure; configure()\n"
    given = [sys.executable, "-c", f"{head}NAME = {CANARY!r}\n{program}"]
    answer = subprocess.run(given, capture_output=True, text=True, check=True)
    assert CANARY not in answer.stdout + answer.stderr
    assert answer.stderr == ""
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_both_kinds_of_logger_write_a_line_of_json() -> None:
    mine, theirs = logged(
        "structlog.get_logger('api').info('answered', status=200)\n"
        "logging.getLogger('temporalio').warning('%s slots are free', 3)"
    )
    assert (mine["event"], mine["level"], mine["status"]) == ("answered", "info", 200)
    assert (theirs["event"], theirs["level"]) == ("3 slots are free", "warning")
    assert mine["timestamp"].endswith("Z")


def test_an_error_leaves_its_class_and_places_but_not_its_words() -> None:
    lines = logged(
        "def save():\n"
        "    raise ValueError(NAME)\n"
        "for log in (structlog.get_logger('a').exception, logging.getLogger('b').exception):\n"
        "    try:\n"
        "        save()\n"
        "    except ValueError as error:\n"
        "        try:\n"
        "            raise OSError(NAME) from error\n"
        "        except OSError:\n"
        "            log('failed')\n"
    )
    assert [line["error"] for line in lines] == ["OSError < ValueError"] * 2
    assert [line["event"] for line in lines] == ["failed"] * 2
    for line in lines:
        places = [place.rpartition(":")[0].rpartition(".")[2] for place in line["places"]]
        assert places == ["<module>", "<module>", "save"]


def test_a_refusal_of_the_domain_is_told_for_it_names_ids_only() -> None:
    [line] = logged(
        "from domain.errors import WrongState\n"
        "try:\n"
        "    raise WrongState('document/1 is draft')\n"
        "except WrongState:\n"
        "    logging.getLogger('worker').warning('refused', exc_info=True)\n"
    )
    assert (line["error"], line["detail"]) == ("WrongState", "document/1 is draft")


def test_a_line_below_information_is_not_written() -> None:
    assert logged("logging.getLogger('x').debug(NAME); structlog.get_logger('y').debug(NAME)") == []
