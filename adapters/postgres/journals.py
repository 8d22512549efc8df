"""Journals in PostgreSQL: a number is given while its counter's row is locked.

A lock is held until the transaction ends, so numbers have no gap: whatever is undone gives its
number back before the next writer reads the counter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, text

from activities.tasks import EnterInJournal, JournalLine
from adapters.journal_rules import starting_journals
from adapters.postgres import log
from adapters.postgres.rows import Known, change, put
from adapters.postgres.work_tables import JournalLineRow
from domain import ids
from domain.audit import AuditEvent
from domain.errors import NotFound, NumberTaken
from domain.journals import (
    Journal,
    Line,
    LineState,
    TypedNumber,
    check_own,
    check_same,
    folded,
    skipped,
)

_UNCOUNTED: Final = Journal(name="", title="", mask="{n}")
"""Where documents of no journal have their day."""

_ZONE = text("SELECT time_zone FROM organisations WHERE organisation_id = :organisation")
_LOCK_JOURNALS = text("SELECT 1 FROM organisations WHERE organisation_id = :organisation FOR SHARE")
_OWN = text("SELECT name, title, mask FROM own_journals WHERE organisation_id = :organisation")
_PLACED = text(
    """
    SELECT journal FROM journal_kinds
    WHERE organisation_id = :organisation AND kind = :kind AND since <= :day
    ORDER BY since DESC LIMIT 1
    """
)
_OPEN = text(
    """
    INSERT INTO journals (organisation_id, journal, year, n)
    VALUES (:organisation, :journal, :year, 0) ON CONFLICT DO NOTHING
    """
)
_LOCK = text(
    """
    SELECT n FROM journals
    WHERE organisation_id = :organisation AND journal = :journal AND year = :year FOR UPDATE
    """
)
_READ = text(
    """
    SELECT n FROM journals
    WHERE organisation_id = :organisation AND journal = :journal AND year = :year
    """
)
_MOVE = text(
    """
    UPDATE journals SET n = :n
    WHERE organisation_id = :organisation AND journal = :journal AND year = :year
    """
)
_OF_MINUTES = text(
    """
    SELECT l.line_id, l.journal, l.year, s.day FROM sittings s
    JOIN journal_lines l ON l.line_id = s.line_id
    WHERE s.organisation_id = :organisation AND s.minutes_id = :document
    """
)
_OF_SITTING = text(
    "SELECT 1 FROM sittings WHERE line_id = :line AND minutes_id IS DISTINCT FROM :document"
)
_ENTERED = text("SELECT number, day FROM journal_lines WHERE document_id = :document")
_LINE = text(
    "SELECT * FROM journal_lines WHERE organisation_id = :organisation AND line_id = :line"
)
_OF_NUMBER = text(
    """
    SELECT * FROM journal_lines
    WHERE organisation_id = :organisation AND year = :year AND folded = :folded
    """
)
_LAST_EVENT = text("SELECT coalesce(max(n), 0) FROM audit_entries WHERE subject = :subject")


def day_of(connection: Connection, organisation: str, now: datetime) -> date:
    """The organisation's own day. Raises `NotFound`."""
    zone = connection.execute(_ZONE, {"organisation": organisation}).scalar_one_or_none()
    if zone is None:
        raise NotFound(f"no organisation {organisation}")
    return now.astimezone(ZoneInfo(zone)).date()


def hold_journals(connection: Connection, organisation: str) -> None:
    """Until the transaction ends nobody makes a journal that could give a number of ours too."""
    connection.execute(_LOCK_JOURNALS, {"organisation": organisation})


def known(connection: Connection, organisation: str) -> dict[str, Journal]:
    """All journals of an organisation: those that came with us, then its own."""
    own = connection.execute(_OWN, {"organisation": organisation}).mappings()
    # Ours come first, and stay what they are should a later release bring a name that is taken.
    return starting_journals() | {
        row["name"]: Journal(**row) for row in own if row["name"] not in starting_journals()
    }


def journal_of(connection: Connection, organisation: str, name: str) -> Journal:
    """A journal by name. Raises `NotFound`."""
    found = starting_journals().get(name) or known(connection, organisation).get(name)
    if found is None:
        raise NotFound(f"no journal {name}")
    return found


def counted_in(
    connection: Connection, organisation: str, kind: str, usual: str, day: date
) -> Journal:
    """The journal that counts a kind on that day; `usual` unless the organisation said otherwise.

    Raises `NotFound`.
    """
    given = {"organisation": organisation, "kind": kind, "day": day}
    placed = connection.execute(_PLACED, given).scalar_one_or_none()
    return journal_of(connection, organisation, placed or usual)


def enter(connection: Connection, task: EnterInJournal, usual: str | None) -> JournalLine:
    """The document's line; the same one if asked again. Comes last in a transaction.

    Raises `NotFound` for an unknown journal, and what a typed number may be refused for.
    """
    given = {"organisation": task.organisation_id, "document": task.document_id}
    minutes = connection.execute(_OF_MINUTES, given).mappings().one_or_none()
    if minutes is not None:
        return _enter_minutes(connection, task, minutes)
    day = day_of(connection, task.organisation_id, task.now)
    journal = _UNCOUNTED
    if task.numbered:
        if usual is None:
            raise NotFound(f"no journal of {task.kind}")
        if task.typed is not None:
            hold_journals(connection, task.organisation_id)
        journal = counted_in(connection, task.organisation_id, task.kind, usual, day)
    book = Book.opened(connection, task.organisation_id, journal, day.year)
    entered = connection.execute(_ENTERED, {"document": task.document_id}).one_or_none()
    if entered is not None:
        check_same(entered.number, task.typed, journal, day.year)
        return JournalLine(number=entered.number, day=entered.day)
    own = {"document_id": task.document_id, "version": task.version}
    if not task.numbered:
        book.keep(task.document_id, LineState.GIVEN, day, **own)
        return JournalLine(number=None, day=day)
    if task.typed is None:
        line = book.give(task.document_id, LineState.GIVEN, day, **own)
    else:
        line = book.give_typed(task.typed, task, day)
    return JournalLine(number=line.number, day=day)


def _enter_minutes(
    connection: Connection, task: EnterInJournal, minutes: RowMapping
) -> JournalLine:
    """Minutes have the number that their sitting was given, and the day on which it was held."""
    organisation, day = task.organisation_id, minutes["day"]
    journal = journal_of(connection, organisation, minutes["journal"])
    book = Book.opened(connection, organisation, journal, minutes["year"])
    line = line_of(connection, organisation, minutes["line_id"])
    if line is None:
        raise NotFound(f"no line {minutes['line_id']}")
    check_same(line.number, task.typed, journal, minutes["year"])
    if line.document_id != task.document_id:
        line.check_can_use(journal)
        book.use(
            line.changed(state=LineState.GIVEN, document_id=task.document_id), day, task.version
        )
    return JournalLine(number=line.number, day=day)


def line_of(connection: Connection, organisation: str, line_id: str) -> Line | None:
    given = {"organisation": organisation, "line": line_id}
    row = connection.execute(_LINE, given).mappings().one_or_none()
    return None if row is None else _line(row)


def numbered(connection: Connection, organisation: str, year: int, number: str) -> Line | None:
    """The line of that year that a reader would find by this number."""
    given = {"organisation": organisation, "year": year, "folded": folded(number)}
    row = connection.execute(_OF_NUMBER, given).mappings().one_or_none()
    return None if row is None else _line(row)


@dataclass(frozen=True)
class Book:
    """A journal's year. If it was opened, its counter is locked until the transaction ends."""

    connection: Connection
    organisation: str
    journal: Journal
    year: int
    last: int

    @classmethod
    def opened(
        cls, connection: Connection, organisation: str, journal: Journal, year: int
    ) -> "Book":
        place = {"organisation": organisation, "journal": journal.name, "year": year}
        connection.execute(_OPEN, place)
        last = connection.execute(_LOCK, place).scalar_one()
        return cls(connection, organisation, journal, year, last)

    @classmethod
    def read(cls, connection: Connection, organisation: str, journal: Journal, year: int) -> "Book":
        """To look only."""
        place = {"organisation": organisation, "journal": journal.name, "year": year}
        last = connection.execute(_READ, place).scalar_one_or_none() or 0
        return cls(connection, organisation, journal, year, last)

    def give(self, line_id: str, state: LineState, day: date, **fields: object) -> Line:
        """The next number; gives one number of a book that was opened."""
        return self._give(self.last + 1, line_id, state, day, **fields)

    def typed(
        self, number: str, document: str | None = None
    ) -> tuple[str, int | None, Line | None]:
        """The number as the journal writes it, its counter, and the line that waits for it.

        One that a sitting was given is for its minutes only.

        Raises `NumberTaken`, `ForeignNumber` or `NumberTooFar` unless it may be given.
        """
        every = known(self.connection, self.organisation).values()
        check_own(self.journal, number, self.year, every)
        n = self.journal.n_of(number, self.year)
        written = self.journal.written(number, self.year)
        found = numbered(self.connection, self.organisation, self.year, written)
        if found is not None:
            found.check_can_use(self.journal)
            about = {"line": found.line_id, "document": document}
            if self.connection.execute(_OF_SITTING, about).one_or_none():
                raise NumberTaken(f"{number} is kept for the minutes of a sitting")
        elif n is not None:
            skipped(self.last, n)
        return written, n, found

    def give_typed(self, typed: TypedNumber, task: EnterInJournal, day: date) -> Line:
        """Raises as `typed`. Counters before it that nobody has are marked as given elsewhere."""
        number, n, found = self.typed(typed.number)
        why = {"reason_id": typed.reason_id, "author": typed.by}
        own = {"document_id": task.document_id, "version": task.version, **why}
        between = range(0)
        if found is not None:
            line = found.used(task.document_id, typed)
            self.use(line, day, task.version)
        elif n is None:
            line = self.keep(task.document_id, LineState.GIVEN, day, number=number, **own)
        else:
            between = self._skip_to(n, task.document_id, day, **why)
            line = self._give(n, task.document_id, LineState.GIVEN, day, **own)
        refs = {"document": task.document_id, "line": line.line_id, "number": number}
        if between:
            refs["elsewhere"] = f"{between[0]}–{between[-1]}"
        self.tell("number_typed", typed.by, task.now, typed.reason_id, refs)
        return line

    def reserve_typed(self, number: str, line_id: str, day: date, **why: str) -> Line:
        """The line that waits with this number, or a new one. Raises as `typed`.

        Counters before it that nobody has are marked as given elsewhere.
        """
        written, n, found = self.typed(number)
        if found is not None:
            return found
        if n is None:
            return self.keep(line_id, LineState.RESERVED, day, number=written, **why)
        self._skip_to(n, line_id, day, **why)
        return self._give(n, line_id, LineState.RESERVED, day, **why)

    def void(self, line: Line) -> None:
        """Write that a line is void; whose it was stays."""
        self._change(line, {})

    def tell(
        self, action: str, actor: str, at: datetime, note_id: str | None, refs: dict[str, str]
    ) -> None:
        """Add to the log of an opened book. Comes last in a transaction."""
        subject = ids.journal_subject(self.organisation, self.journal.name, self.year)
        last = self.connection.execute(_LAST_EVENT, {"subject": subject}).scalar_one()
        event = AuditEvent(
            subject=subject,
            n=last + 1,
            action=action,
            actor=actor,
            at=at,
            note_id=note_id,
            refs=refs,
        )
        log.append(self.connection, self.organisation, [event], None)

    def keep(self, line_id: str, state: LineState, day: date, **fields: Any) -> Line:
        """Write a line."""
        line = {
            "line_id": line_id,
            "journal": self.journal.name,
            "year": self.year,
            "n": None,
            "letter": "",
            "number": None,
            "state": state,
            "document_id": None,
            "version": None,
            "reason_id": None,
            "author": None,
            **fields,
        }
        number = line["number"]
        row = {
            **line,
            "organisation_id": self.organisation,
            "day": day.isoformat(),
            "folded": folded(number) if number else None,
        }
        put(self.connection, JournalLineRow, [row], Known.IS_AN_ERROR)
        return _line({**line, "number": number or ""})

    def use(self, line: Line, day: date, version: int) -> None:
        """Write that a line has got its document."""
        own = {"document_id": line.document_id, "day": day, "version": version}
        self._change(line, own)

    def _change(self, line: Line, own: Mapping[str, object]) -> None:
        fields = line.model_dump(include={"state", "reason_id", "author"}, mode="json")
        known = {"organisation_id": self.organisation, "line_id": line.line_id}
        change(self.connection, JournalLineRow, known, {**fields, **own})

    def _skip_to(self, n: int, owner: str, day: date, **why: str) -> range:
        between = skipped(self.last, n)
        for one in between:
            line_id = ids.derived_id("line", owner, str(one))
            self._give(one, line_id, LineState.ELSEWHERE, day, **why)
        return between

    def _give(self, n: int, line_id: str, state: LineState, day: date, **fields: object) -> Line:
        number = self.journal.number(n, self.year)
        line = self.keep(line_id, state, day, n=n, number=number, **fields)
        place = {"organisation": self.organisation, "journal": self.journal.name}
        self.connection.execute(_MOVE, {**place, "year": self.year, "n": n})
        return line


def _line(row: Mapping[str, Any] | RowMapping) -> Line:
    return Line.model_validate({name: row[name] for name in Line.model_fields})
