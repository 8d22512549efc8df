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

_AT_LEISURE: Final = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    backoff_coefficient=2.0,
    maximum_interval=timedelta(minutes=1),
)


class Policy(NamedTuple):
    start_to_close: timedelta
    retry: RetryPolicy = _RETRY
    heartbeat: timedelta | None = None


SAVE: Final = Policy(timedelta(seconds=10), _FOR_EVER)
"""A save that is refused is a fault to be mended, never the end of a process."""
DESTROY: Final = Policy(timedelta(seconds=30), _FOR_EVER)
"""An act in force is carried out, whatever it takes."""
RECORD: Final = Policy(timedelta(seconds=10))
RENDER: Final = Policy(timedelta(seconds=30))
STORE: Final = Policy(timedelta(seconds=120))
SWEEP: Final = Policy(timedelta(minutes=15), _AT_LEISURE, timedelta(minutes=3))
"""Of each object a store that hangs is heard of in a minute."""
VERIFY: Final = Policy(timedelta(minutes=5), _AT_LEISURE, timedelta(seconds=60))
"""It looks at files for half a minute, and is given up for dead after one without a word."""
CHECK_LOGS: Final = Policy(timedelta(minutes=30), _AT_LEISURE)
"""One log of a million entries takes some minutes."""
