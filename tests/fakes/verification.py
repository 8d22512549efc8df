"""Runs and incidents of the verification in memory, and logs to be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from activities.verification_ports import Batch, IncidentNote
from adapters.postgres.verification_views import IncidentLine, IncidentPage, VerificationView
from domain.errors import LogForked, NotFound
from domain.verification import Fault, KeptFile, RunProgress


@dataclass
class MemoryVerifications:
    """`files` are those that rows know; `open` are the incidents that are not closed, by key."""

    files: dict[str, KeptFile] = field(default_factory=dict)
    open: dict[str, Fault] = field(default_factory=dict)
    told: list[tuple[str, str]] = field(default_factory=list)  # key and what was told, in order
    runs: dict[str, RunProgress] = field(default_factory=dict)
    logs: dict[str, tuple[str, ...]] = field(default_factory=dict)  # what is wrong with each
    forked: set[str] = field(default_factory=set)  # logs that do not continue what was signed
    signed: list[str] = field(default_factory=list)
    looked_at: list[tuple[str, bool]] = field(default_factory=list)  # a log, and if it is broken
    seen: list[str] = field(default_factory=list)  # the last key of each batch that counted
    _lock: Lock = field(default_factory=Lock)

    def organisations(self) -> Sequence[str]:
        return sorted(self.logs)

    def log_looked_at(
        self, organisation_id: str, *, broken: bool, run_id: str, now: datetime
    ) -> None:
        self.looked_at.append((organisation_id, broken))

    # The logs themselves

    def faults(self, organisation_id: str) -> tuple[int, Sequence[str]]:
        return 1, self.logs[organisation_id]

    def checkpoint(self, organisation_id: str) -> object:
        if organisation_id in self.forked:
            raise LogForked(organisation_id)
        self.signed.append(organisation_id)
        return organisation_id

    def run(self, run_id: str) -> RunProgress:
        begun = RunProgress(
            run_id=run_id,
            last_key="",
            checked=0,
            bytes=0,
            faults=0,
            total=len(self.files),
            finished=False,
        )
        return self.runs.setdefault(run_id, begun)

    def files_after(self, key: str, limit: int) -> Sequence[KeptFile]:
        return [self.files[one] for one in sorted(self.files) if one > key][:limit]

    def save_batch(self, batch: Batch) -> RunProgress:
        with self._lock:
            faults = {faulty.key: faulty.fault for faulty in batch.faulty}
            for key, fault in faults.items():
                if self.open.get(key) is not fault:
                    self.told.append((key, fault))
                self.open[key] = fault
            for key in sorted(self.open):
                if batch.after < key <= batch.last and key not in faults:
                    del self.open[key]
                    self.told.append((key, "restored"))
            run = self.run(batch.run_id)
            if run.last_key == batch.after and not run.finished:
                self.seen.append(batch.last)
                self.runs[batch.run_id] = run.changed(
                    last_key=batch.last,
                    checked=run.checked + batch.files,
                    bytes=run.bytes + batch.bytes,
                    faults=run.faults + len(faults),
                )
            return self.runs[batch.run_id]

    def finish_run(self, run_id: str, now: datetime) -> RunProgress:
        del now  # no event tells of it here
        self.runs[run_id] = self.run(run_id).changed(finished=True)
        return self.runs[run_id]


@dataclass
class MemoryIncidents:
    """Incidents of organisations as people see them, and what was said of them."""

    lines: dict[tuple[str, str], IncidentLine] = field(default_factory=dict)
    notes: list[IncidentNote] = field(default_factory=list)

    def note(self, note: IncidentNote) -> None:
        if (note.organisation_id, note.incident_id) not in self.lines:
            raise NotFound("no such incident")
        if note not in self.notes:
            self.notes.append(note)


def an_incident(id_: str, pair_id: str, at: datetime) -> IncidentLine:
    """A pair's signed file that was changed."""
    return IncidentLine(
        incident_id=id_,
        kind=Fault.CHANGED,
        key=f"sealed/{'a' * 64}",
        stored_sha256="a" * 64,
        document=None,
        version=1,
        role="signed",
        pair_id=pair_id,
        about=(),
        found_at=at,
        last_seen_at=at,
        resolved_at=None,
        note=None,
        noted_by=None,
    )


class FakeIncidentViews:
    """Reads of incidents, and of a walk if a test puts one in."""

    walk: VerificationView | None = None
    noticed: MemoryIncidents

    def verification(self) -> VerificationView | None:
        return self.walk

    def incidents(self, organisation_id: str, *, only_open: bool, page: int) -> IncidentPage:
        known = [one for (owner, _), one in self.noticed.lines.items() if owner == organisation_id]
        opened = [one for one in known if one.resolved_at is None]
        shown = opened if only_open else known
        return IncidentPage(
            incidents=tuple(shown) if page == 1 else (), open=len(opened), all=len(known)
        )


def a_walk(at: datetime, *, checked: int, total: int) -> VerificationView:
    """A walk that is at work."""
    return VerificationView(
        run_id="verification-tonight",
        started_at=at,
        moved_at=at,
        finished_at=None,
        total=total,
        checked=checked,
        bytes=checked,
        faults=0,
    )
