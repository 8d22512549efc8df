"""What the verification of stored files asks of the world, and its payloads."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.base import Message, Value
from domain.verification import FaultyFile, KeptFile, RunProgress


class VerifyFiles(Message):
    """Look at every stored file once, then at every log. One run is known by its workflow id."""

    logs_after: str = ""  # the organisation whose log was looked at last


class VerifySome(Message):
    """Go on with a run for a while; `now` is the time of whatever is found."""

    run_id: str
    now: datetime


class VerifiedSome(Message):
    """How far the run is."""

    checked: int
    total: int
    faults: int
    finished: bool


class CheckLogs(Message):
    """Go on for a while with the logs of organisations, those after `after`."""

    run_id: str
    after: str
    now: datetime


class CheckedLogs(Message):
    """The last organisation whose log was looked at, and whether it was the last of all."""

    last: str
    finished: bool


class Batch(Value):
    """Files that were looked at, in order of keys: those after `after`, to `last` with it."""

    run_id: str
    after: str
    last: str
    files: int
    bytes: int
    faulty: tuple[FaultyFile, ...]
    now: datetime


class IncidentNote(Value):
    """What a person says was done about an incident: in a kept text."""

    organisation_id: str
    incident_id: str
    note_id: str
    by: str
    at: datetime


class IncidentDesk(Protocol):
    """What the API writes of incidents."""

    def note_incident(self, note: IncidentNote) -> None:
        """Keep the note as the incident's latest; a repeat changes nothing. Raises `NotFound`."""
        ...


class CountedReads(Protocol):
    """Reads of minors' data, whose number of each day stands in the log."""

    def count_days(self, organisation_id: str, at: datetime) -> None:
        """Write into the log how many reads each day had that is over and was not counted."""
        ...

    def forget_old(self, organisation_id: str, at: datetime) -> None:
        """Forget reads that were counted and whose term is over; the log says so first."""
        ...


class RowNights(Protocol):
    """Sums of sealed rows, of which the log tells each night."""

    def tell_rows(self, organisation_id: str, run_id: str, at: datetime) -> None:
        """Write into the log that the sums of rows are as they are; once for each run.

        From then on a table that is put back with its sum to what it was before is seen.
        """
        ...


class Hold(Value):
    """A sealed object, and until when the store must keep it at least."""

    key: str
    until: datetime


class Holds(Protocol):
    """Until when the store was asked to keep what is sealed."""

    def to_prolong(self, organisation_id: str, now: datetime, at_most: int) -> Sequence[Hold]:
        """Sealed objects that must be kept for longer than the store was asked, by their keys."""
        ...

    def prolonged(self, hold: Hold) -> None:
        """Remember that the store was asked."""
        ...


class Logs(Protocol):
    """The organisations' own logs."""

    def faults(self, organisation_id: str) -> tuple[int, Sequence[str]]:
        """How many entries a log has, and what is wrong with it; nothing if it is whole."""
        ...

    def checkpoint(self, organisation_id: str) -> object:
        """Sign the log as it is now, once for each size. Raises `LogForked` or `ForgedCheckpoint`
        where it does not continue what was signed before.
        """
        ...


class Verifications(Protocol):
    """What is remembered of runs and incidents. Each method may be repeated."""

    def organisations(self) -> Sequence[str]:
        """All of them, in any order."""
        ...

    def log_looked_at(
        self, organisation_id: str, *, broken: bool, run_id: str, now: datetime
    ) -> None:
        """Open the incident of a log, or close it."""
        ...

    def run(self, run_id: str) -> RunProgress:
        """The run as far as it came; it begins if there is none of this id."""
        ...

    def files_after(self, key: str, limit: int) -> Sequence[KeptFile]:
        """Objects that must be in the store, in order of keys, after this one."""
        ...

    def save_batch(self, batch: Batch) -> RunProgress:
        """Open incidents of what is faulty, close those of what is whole again, and note how far
        the run is. If it was further already, it stays there and counts nothing twice.
        """
        ...

    def finish_run(self, run_id: str, now: datetime) -> RunProgress:
        """Note that all was looked at; close incidents of objects that need not be there now."""
        ...
