"""What ledger and desk are asked about stored objects alike."""

from datetime import datetime
from typing import Protocol

from activities import tasks
from domain.base import Value


class BegunObject(Value):
    """An object that no row names."""

    key: str
    state: str  # begun, forsaken, gone or kept
    begun_at: datetime


class Objects(Protocol):
    """Data keys, and rows that know objects. Each method is harmless when repeated."""

    def make_key(self, key_id: str, organisation_id: str, document_id: str) -> None:
        """Make a data key and keep it wrapped, unless there is one. Durable on return."""
        ...

    def data_key(self, key_id: str) -> bytes:
        """The data key. Raises `NotFound`, `KeyDestroyed` or `WrongKey`."""
        ...

    def begin_object(self, key: str, organisation_id: str) -> None:
        """Say, durably, that an object is about to be put, before each try to put it.

        What is not recorded within `FORSAKEN_AFTER` of that is removed (`activities/sweeping.py`).
        """
        ...

    def record_object(self, record: tasks.ObjectRecord) -> None:
        """Remember an object that is stored.

        Raises `OSError` if it was begun so long ago that it is not waited for: put it again.
        """
        ...
