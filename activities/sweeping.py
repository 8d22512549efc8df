"""Objects that were put and that nobody came to name: removed before they are an hour old. And
answers that nobody asks for again.

What removes them can never take what a row names, or is about to: whoever puts an object says so
durably first (`begin_object`), and says it again if he tries again; what is removed is forsaken
before, and from then on nobody can record it who did not begin it anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final, Protocol

from temporalio import activity

from activities.object_ports import BegunObject
from activities.ports import Files
from domain.base import Message

FORSAKEN_AFTER: Final = timedelta(minutes=40)
"""From `begin_object`. The longest try to store and record takes 4 minutes by its time limits."""
SWEPT_EVERY: Final = timedelta(minutes=15)
"""So that with `FORSAKEN_AFTER` nothing that nobody names stays for longer than an hour."""
AT_MOST: Final = 500
"""Objects of one activity; the rest have their turn at the next, soon enough after an outage."""
ANSWERS_KEPT: Final = timedelta(days=1)
"""How long a repeated request gets the first answer; after that it is done anew."""
_ANSWERS_AT_MOST: Final = 10_000


class Sweep(Message):
    """Look at what was begun. All that is needed stands in rows."""


class Swept(Message):
    """What a sweep did."""

    removed: int = 0  # objects, or what was begun of them, or nothing that was there at all
    kept: int = 0  # that the store's lock holds
    strays: int = 0  # half-written things of which nothing else is known


class Sweeps(Protocol):
    """What is remembered of objects that were begun. Each method is harmless when repeated."""

    def begun_objects(self) -> Sequence[BegunObject]:
        """All that are begun, forsaken, gone or kept, and that no row names."""
        ...

    def forsake(self, older_than: timedelta, at_most: int) -> Sequence[str]:
        """Keys that were begun so long ago, or are forsaken already.

        Nobody can record them from now on who does not begin them anew.
        """
        ...

    def sweep(self, key: str, remove: Callable[[], bool]) -> bool | None:
        """Call `remove` unless the object was begun anew, while nobody can begin it; its answer.

        It says whether the object is gone; if not, it is never asked for again. None: not called.
        """
        ...

    def forget_answers(self, older_than: timedelta, at_most: int) -> None:
        """Forget answers to requests that came so long ago: they may hold people's names."""
        ...


@dataclass(frozen=True)
class SweepActivities:
    """Over the store and the rows that know what was begun."""

    book: Sweeps
    files: Files

    @activity.defn
    def sweep_orphans(self, task: Sweep) -> Swept:
        """Remove what is forsaken, and forget old answers.

        Raises `OSError` while the store is away, and after all the others if it is well and does
        not let go of something; what was removed by then stays so.
        """
        del task
        self.book.forget_answers(ANSWERS_KEPT, _ANSWERS_AT_MOST)
        removed = kept = 0
        refused: OSError | None = None
        for key in self.book.forsake(FORSAKEN_AFTER, AT_MOST):
            activity.heartbeat()
            if activity.is_worker_shutdown():
                break
            try:
                gone = self.book.sweep(key, partial(self.files.remove_forsaken, key))
            except OSError as error:
                self.files.check_ready()
                refused = error
            else:
                removed += gone is True
                kept += gone is False
        strays = self.files.sweep_strays()
        if refused is not None:
            raise refused
        return Swept(removed=removed, kept=kept, strays=strays)
