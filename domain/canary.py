"""Whether a store is write-once, as it was found by trying on an object of its own."""

from datetime import datetime
from enum import StrEnum

from domain.base import Value


class WriteOnce(StrEnum):
    """What a store does about changes of what it keeps."""

    PREVENTED = "prevented"
    """Nobody could overwrite, delete, or shorten or soften the retention."""
    DETECTED = "detected"
    """They are possible, by design, and are seen by who reads."""
    FAILED = "failed"
    """The store does not do what it is there for."""


class CanaryResult(Value):
    """What the tries showed, the same in a Russian sentence, and when."""

    write_once: WriteOnce
    text: str
    checked_at: datetime
