"""So many at once, so many more that wait; who comes then is told to come again."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from domain.errors import ChecksBusy


class Turns:
    """Safe to use in many threads at once."""

    def __init__(self, at_once: int, waiting: int) -> None:
        self._most = at_once + waiting
        self.at_hand = 0
        self._lock = Lock()
        self._turns = BoundedSemaphore(at_once)

    @contextmanager
    def one(self) -> Iterator[None]:
        """A turn, once it comes. Raises `ChecksBusy` if too many wait already."""
        with self._lock:
            if self.at_hand >= self._most:
                raise ChecksBusy("слишком много файлов проверяется одновременно")
            self.at_hand += 1
        try:
            with self._turns:
                yield
        finally:
            with self._lock:
                self.at_hand -= 1
