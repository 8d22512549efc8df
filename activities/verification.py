"""Looking at every stored file: is it there, and is it what was kept?"""

import logging
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from threading import Event
from typing import Final

from temporalio import activity

from activities.ports import Files
from activities.verification_ports import (
    Batch,
    CheckedLogs,
    CheckLogs,
    CountedReads,
    Holds,
    Logs,
    RowNights,
    Verifications,
    VerifiedSome,
    VerifySome,
)
from domain.base import Value
from domain.errors import ForgedCheckpoint, LogForked, NotFound
from domain.verification import Fault, FaultyFile, KeptFile, RunProgress

log: Final = logging.getLogger("verification")

SPELL: Final = 30.0
"""Seconds after which an activity tells how far it is; the next goes on from there."""
BATCH: Final = 1000
"""Files of which one query tells and one transaction says that they were looked at."""
SLICE: Final = 25
"""Files that one thread takes at once."""
HOLDS: Final = 500
"""Locks that are prolonged for an organisation in one night; the rest in the next ones."""
THREADS: Final = 4
REST: Final = 1.0
"""Pause after each batch in terms of its own time: people's work comes first."""
STUBBORN: Final = 8
"""After so many tries, over two minutes, a file that a store in health does not give is a fault."""


class Looked(Value):
    """A file, and what is wrong with it if anything is."""

    file: KeptFile
    fault: Fault | None


@dataclass(frozen=True)
class VerificationActivities:
    """`rest` is the pause after each batch in terms of the batch's own time; the others are as the
    names in capitals say.
    """

    book: Verifications
    files: Files
    logs: Logs
    rest: float = REST
    batch: int = BATCH
    spell: float = SPELL
    reads: CountedReads | None = None
    """Counted each night in a log that is whole, before it is signed."""
    rows: RowNights | None = None
    """Told of each night, in the same way."""
    holds: Holds | None = None
    """The locks of what is sealed, prolonged each night."""

    @activity.defn
    def verify_some(self, task: VerifySome) -> VerifiedSome:
        """Go on with a run until it ends, the worker does, or its time is over.

        Raises `OSError` while the store is away; nothing is concluded then, and what was looked at
        before is remembered.
        """
        run = self.book.run(task.run_id)
        until = time.monotonic() + self.spell
        with ThreadPoolExecutor(THREADS, thread_name_prefix="verification") as pool:
            while not run.finished and not activity.is_worker_shutdown():
                began = time.monotonic()
                run = self._next_batch(run, task.now, pool)
                activity.heartbeat(run.checked)
                if time.monotonic() > until:
                    break
                if not run.finished:
                    activity.wait_for_worker_shutdown_sync((time.monotonic() - began) * self.rest)
        return VerifiedSome(
            checked=run.checked, total=run.total, faults=run.faults, finished=run.finished
        )

    @activity.defn
    def check_logs(self, task: CheckLogs) -> CheckedLogs:
        """Look at the logs of organisations until all were, the worker ends, or time is over.

        Each that is whole is signed as it is; one that is not is an incident, and is not signed.
        """
        until, last = time.monotonic() + self.spell, task.after
        # Sorted here: a database may order names otherwise than `<=` compares them.
        for organisation in sorted(self.book.organisations()):
            if organisation <= task.after:
                continue
            if last > task.after and (time.monotonic() > until or activity.is_worker_shutdown()):
                return CheckedLogs(last=last, finished=False)
            self._prolong(organisation, task.now)
            whole = self._is_whole(organisation, task)
            self.book.log_looked_at(
                organisation, broken=not whole, run_id=task.run_id, now=task.now
            )
            last = organisation
        return CheckedLogs(last=last, finished=True)

    def _prolong(self, organisation: str, now: datetime) -> None:
        """Terms that are known by now reach into the store. What it does not do has its turn the
        next night: no log waits for it.
        """
        if self.holds is None:
            return
        for hold in self.holds.to_prolong(organisation, now, HOLDS):
            try:
                self.files.hold(hold.key, hold.until)
            except NotFound:
                continue  # the walk over the files tells of it
            except OSError as error:
                log.warning("locks are not prolonged: %s", type(error).__name__)
                return
            self.holds.prolonged(hold)

    def _is_whole(self, organisation: str, task: CheckLogs) -> bool:
        """Whether the log is whole; then it takes what the night tells it, and is signed."""
        _, faults = self.logs.faults(organisation)
        if faults:
            return False
        self._tell(organisation, task)
        try:
            self.logs.checkpoint(organisation)
        except (LogForked, ForgedCheckpoint):
            return False
        return True

    def _tell(self, organisation: str, task: CheckLogs) -> None:
        """A log that is not whole may take nothing more, and the others would wait for it."""
        if self.reads is not None:
            self.reads.count_days(organisation, task.now)
            self.reads.forget_old(organisation, task.now)
        if self.rows is not None:
            self.rows.tell_rows(organisation, task.run_id, task.now)

    def _next_batch(self, run: RunProgress, now: datetime, pool: Executor) -> RunProgress:
        files = self.book.files_after(run.last_key, self.batch)
        if not files:
            return self.book.finish_run(run.run_id, now)
        hands = _Hands(self.files, patient=activity.info().attempt < STUBBORN)
        looked: list[Looked] = []
        whole = True
        slices = [files[start : start + SLICE] for start in range(0, len(files), SLICE)]
        for some, found in zip(slices, pool.map(hands.look_at, slices), strict=True):
            activity.heartbeat(run.checked + len(looked))
            if whole:  # what comes after a gap is looked at again
                looked += found
                whole = len(found) == len(some)
            if not whole or activity.is_worker_shutdown():
                hands.stop.set()
        if looked:
            batch = _batch(run, looked, now)
            for one in batch.faulty:
                log.error("file %s: %s", one.fault, one.key)
            run = self.book.save_batch(batch)
        if hands.away is not None:
            raise hands.away
        return run


class _Hands:
    """What the threads of a batch share. They stop at the first file that they do not get."""

    def __init__(self, files: Files, *, patient: bool) -> None:
        self._files = files
        self._patient = patient
        self.stop = Event()
        self.away: OSError | None = None

    def look_at(self, files: Sequence[KeptFile]) -> list[Looked]:
        """What was found of these, from the first on; fewer if there was a reason to stop."""
        looked: list[Looked] = []
        for file in files:
            if self.stop.is_set():
                break
            try:
                looked.append(Looked(file=file, fault=self._fault_or_unreadable(file)))
            except OSError as error:
                self.away = error
                self.stop.set()
        return looked

    def _fault_or_unreadable(self, file: KeptFile) -> Fault | None:
        try:
            return self._fault(file)
        except OSError:
            if self._patient:
                raise
            self._files.check_ready()
            return Fault.UNREADABLE
        except ValueError:  # no object may lie under such a key: its row was changed
            return Fault.LOST

    def _fault(self, file: KeptFile) -> Fault | None:
        try:
            if self._files.stored_hash(file.key) == file.stored_sha256:
                return None
            found = Fault.CHANGED
        except NotFound:
            self._files.check_ready()  # a disk that is not mounted has lost nothing
            found = Fault.LOST
        hidden = self._files.hides(file.key, file.stored_sha256)
        return Fault.HIDDEN if hidden else found


def _batch(run: RunProgress, looked: Sequence[Looked], now: datetime) -> Batch:
    return Batch(
        run_id=run.run_id,
        after=run.last_key,
        last=looked[-1].file.key,
        files=len(looked),
        bytes=sum(one.file.size for one in looked),
        faulty=tuple(
            FaultyFile(key=one.file.key, fault=one.fault) for one in looked if one.fault is not None
        ),
        now=now,
    )
