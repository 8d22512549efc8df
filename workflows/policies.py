"""Timeouts and retries of every activity, in one table.

A timeout decides how long a person waits after a worker dies. What is refused for good is not
retried; everything else is, for as long as it takes.
"""

from datetime import timedelta
from typing import Final, NamedTuple

from temporalio.common import RetryPolicy

from domain import errors

REFUSALS: Final = tuple(
    sorted(
        name
        for name, thing in vars(errors).items()
        if isinstance(thing, type) and issubclass(thing, errors.Refused)
    )
)

_RETRY: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=20),
    non_retryable_error_types=list(REFUSALS),
)


_FOR_EVER: Final = RetryPolicy(
    initial_interval=timedelta(milliseconds=200),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(seconds=20),
)


class Policy(NamedTuple):
    start_to_close: timedelta
    retry: RetryPolicy = _RETRY


SAVE: Final = Policy(timedelta(seconds=10), _FOR_EVER)
"""A save that is refused is a fault to be mended, never the end of a process."""
RECORD: Final = Policy(timedelta(seconds=10))
RENDER: Final = Policy(timedelta(seconds=30))
STORE: Final = Policy(timedelta(seconds=120))
