"""Logs: one event, one line of JSON, on standard output; ids and codes only, never a name.

Of an error a line holds its class and the places in the code. Its message may quote what people
wrote (a database tells the row that it refuses), so it stays out, save for refusals of the domain:
those name ids and rules.
"""

import logging
import sys
import traceback
from pathlib import Path

import structlog
from structlog.typing import EventDict, WrappedLogger

from domain.errors import Refused

_LEVEL = logging.INFO


def configure() -> None:
    """Let structlog and the standard library's loggers write the same kind of line."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_words,
    ]
    written = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, written],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVEL),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, written],
        )
    )
    logging.basicConfig(level=_LEVEL, handlers=[handler], force=True)
    logging.getLogger("httpx").setLevel(logging.WARNING)


def without_words(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """An error in the line becomes its class, its causes' classes and the places in the code."""
    error = _error_of(event.pop("exc_info", None))
    if error is not None:
        chain = _chain(error)
        event["error"] = " < ".join(type(one).__name__ for one in chain)
        event["places"] = [
            f"{Path(frame.filename).stem}.{frame.name}:{frame.lineno}"
            for one in chain
            for frame in traceback.extract_tb(one.__traceback__)
        ]
        told = [str(one) for one in chain if isinstance(one, Refused)]
        if told:
            event["detail"] = told[0]
    return event


def _error_of(given: object) -> BaseException | None:
    if isinstance(given, tuple):
        given = given[1]
    if given is True:
        given = sys.exc_info()[1]
    return given if isinstance(given, BaseException) else None


def _chain(error: BaseException) -> list[BaseException]:
    """The error and what it came from."""
    found: list[BaseException] = []
    here: BaseException | None = error
    while here is not None and here not in found:
        found.append(here)
        here = here.__cause__ or here.__context__
    return found
