"""What the verification of stored files finds, and how far it is."""

from enum import StrEnum

from domain.base import Value


class Fault(StrEnum):
    """What is wrong with a stored file, or with an organisation's own log."""

    LOST = "lost"
    """Nothing lies under its key."""
    CHANGED = "changed"
    """Other bytes lie there than were kept."""
    HIDDEN = "hidden"
    """What was kept is there, beneath a newer version or a delete mark."""
    UNREADABLE = "unreadable"
    """The store is well, and does not give it out, however often it is asked."""
    LOG_BROKEN = "log_broken"
    """Entries of the log are not those that were written, or not all of them."""


class KeptFile(Value):
    """An object as a row knows it."""

    key: str
    stored_sha256: str  # of the stored (encrypted) bytes, hex
    size: int  # of the content, bytes


class FaultyFile(Value):
    """An object with which something is wrong."""

    key: str
    fault: Fault


class RunProgress(Value):
    """How far a walk over all stored files is."""

    run_id: str
    last_key: str  # the last that was looked at; empty at first
    checked: int  # files
    bytes: int  # of their content
    faults: int
    total: int  # files that there were when it began
    finished: bool
