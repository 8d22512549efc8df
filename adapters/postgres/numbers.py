"""What people do with numbers of journals: reserve, letter, make void, file, count elsewhere."""

from datetime import date

from sqlalchemy import Connection, text

from activities.tasks import IncomingPaper, KindsPlaced, NumberWish
from adapters.postgres import grounds, journals, log
from adapters.postgres.journals import Book
from adapters.postgres.rows import Known, put
from adapters.postgres.work_tables import IncomingRow, JournalKindRow, OwnJournalRow
from domain import ids
from domain.audit import AuditEvent
from domain.errors import (
    BadDate,
    ForeignNumber,
    IncomingKnown,
    MaskNotUnique,
    NotFound,
    NumberTaken,
    WrongState,
)
from domain.grounds import Ground
from domain.journals import (
    INCOMING,
    LETTERS,
    Line,
    LineState,
    check_masks,
    check_own,
    folded,
)

_ALIVE = text(
    """
    SELECT 1 FROM documents WHERE document_id = :document AND stage <> 'withdrawn'
    UNION SELECT 1 FROM sittings WHERE line_id = :line
    """
)
_SAME_PAPER = text(
    """
    SELECT incoming_id FROM incoming_documents
    WHERE organisation_id = :organisation AND folded = :folded AND day = :day
    """
)
_SINCE = text(
    """
    SELECT year, number FROM journal_lines
    WHERE organisation_id = :organisation AND year >= :year AND number IS NOT NULL
    """
)
_SAID = text(
    """
    SELECT kind, journal FROM journal_kinds
    WHERE organisation_id = :organisation AND since = :since AND kind = ANY(:kinds)
    """
)
_EVENTS = text("SELECT coalesce(max(n), 0) FROM audit_entries WHERE subject = :subject")


def reserve(connection: Connection, wish: NumberWish) -> Line:
    """As `Desk.reserve_number`."""
    book, day = _opened(connection, wish)
    again = journals.line_of(connection, wish.organisation_id, wish.id)
    if again is not None:
        return again
    why = {"reason_id": wish.reason_id, "author": wish.by}
    line = book.give(wish.id, LineState.RESERVED, day, **why)
    _tell(book, "number_reserved", wish, line)
    return line


def letter(connection: Connection, wish: NumberWish, after: str) -> Line:
    """As `Desk.letter_number`."""
    journals.hold_journals(connection, wish.organisation_id)
    book, day = _opened(connection, wish)
    again = journals.line_of(connection, wish.organisation_id, wish.id)
    if again is not None:
        return again
    before = _known(book, after)
    if before.n is None:
        raise NotFound(f"{after} is no number of the mask of {wish.journal}")
    chosen, number = _free_letter(book, before.n)
    line = book.keep(
        wish.id,
        LineState.RESERVED,
        day,
        n=before.n,
        letter=chosen,
        number=number,
        reason_id=wish.reason_id,
        author=wish.by,
    )
    _tell(book, "number_lettered", wish, line)
    return line


def void(connection: Connection, wish: NumberWish, number: str, year: int | None) -> Line:
    """As `Desk.void_number`."""
    book, _ = _opened(connection, wish, year)
    line = _known(book, number)
    if line.state is LineState.VOID and line.reason_id == wish.reason_id:
        return line
    alive = connection.execute(
        _ALIVE, {"document": line.document_id, "line": line.line_id}
    ).one_or_none()
    line.check_can_void(alive=alive is not None)
    line = line.voided(wish.reason_id, wish.by)
    book.void(line)
    _tell(book, "number_voided", wish, line)
    return line


def file_incoming(connection: Connection, paper: IncomingPaper, ground: Ground | None) -> Line:
    """As `Desk.file_incoming`; the caller holds the organisation's lock."""
    again = journals.line_of(connection, paper.organisation_id, paper.id)
    if again is not None:
        return again
    organisation = paper.organisation_id
    today = journals.day_of(connection, organisation, paper.at)
    if paper.day > today:
        raise BadDate(f"a paper of {paper.day} cannot have come by {today}")
    row = {
        **paper.model_dump(include={"organisation_id", "sender", "number", "title"}),
        "incoming_id": paper.id,
        "folded": folded(f"{paper.sender}/{paper.number}"),
        "day": paper.day.isoformat(),
        "author": paper.by,
    }
    same = {"folded": row["folded"], "day": paper.day}
    known = connection.execute(_SAME_PAPER, {"organisation": organisation, **same})
    if known.one_or_none() is not None:
        raise IncomingKnown(f"the paper of {paper.day} has a number of ours")
    put(connection, IncomingRow, [row], Known.IS_AN_ERROR)
    if ground is not None:
        grounds.keep(connection, organisation, ground, paper.by)
    journal = journals.journal_of(connection, organisation, INCOMING)
    book = Book.opened(connection, organisation, journal, today.year)
    line = book.give(paper.id, LineState.GIVEN, today, author=paper.by)
    refs = {"line": line.line_id, "number": line.number}
    book.tell("incoming_filed", paper.by, paper.at, None, refs)
    return line


def place_kinds(connection: Connection, placed: KindsPlaced) -> None:
    """As `Desk.place_kinds`; the caller holds the organisation's lock."""
    organisation = placed.organisation_id
    given = {"organisation": organisation, "since": placed.since, "kinds": list(placed.kinds)}
    said = {row.kind: row.journal for row in connection.execute(_SAID, given)}
    other = sorted(kind for kind, name in said.items() if name != placed.journal.name)
    if other:
        raise WrongState(f"another journal counts {', '.join(other)} from {placed.since}")
    if len(said) == len(placed.kinds):
        return
    today = journals.day_of(connection, organisation, placed.at)
    if placed.since < today:
        raise BadDate(f"{placed.since} is over; numbers of that day are given")
    _keep_journal(connection, placed, today.year)
    rows = [
        {
            "organisation_id": organisation,
            "kind": kind,
            "since": placed.since.isoformat(),
            "journal": placed.journal.name,
            "author": placed.by,
        }
        for kind in placed.kinds
    ]
    put(connection, JournalKindRow, rows, Known.STAYS)
    subject = ids.journal_subject(organisation, placed.journal.name)
    event = AuditEvent(
        subject=subject,
        n=connection.execute(_EVENTS, {"subject": subject}).scalar_one() + 1,
        action="kinds_placed",
        actor=placed.by,
        at=placed.at,
        refs={
            "mask": placed.journal.mask,
            "kinds": ", ".join(placed.kinds),
            "since": placed.since.isoformat(),
        },
    )
    log.append(connection, organisation, [event], None)


def _keep_journal(connection: Connection, placed: KindsPlaced, year: int) -> None:
    organisation, journal = placed.organisation_id, placed.journal
    known = journals.known(connection, organisation)
    if journal.name in known:
        if known[journal.name].mask != journal.mask:
            raise WrongState(f"journal {journal.name} has the mask {known[journal.name].mask}")
        return
    check_masks([*known.values(), journal])
    for given in connection.execute(_SINCE, {"organisation": organisation, "year": year}):
        if journal.n_of(given.number, given.year) is not None:
            raise MaskNotUnique(f"{given.number} of {given.year} was given by another journal")
    row = {
        **journal.model_dump(),
        "organisation_id": organisation,
        "made_by": placed.by,
    }
    put(connection, OwnJournalRow, [row], Known.IS_AN_ERROR)


def _opened(connection: Connection, wish: NumberWish, year: int | None = None) -> tuple[Book, date]:
    journal = journals.journal_of(connection, wish.organisation_id, wish.journal)
    day = journals.day_of(connection, wish.organisation_id, wish.at)
    return Book.opened(connection, wish.organisation_id, journal, year or day.year), day


def _known(book: Book, number: str) -> Line:
    line = journals.numbered(book.connection, book.organisation, book.year, number)
    if line is None or line.journal != book.journal.name:
        raise NotFound(f"{book.journal.name} of {book.year} has no {number}")
    return line


def _free_letter(book: Book, n: int) -> tuple[str, str]:
    """The first letter whose number nobody has, and no other journal gives."""
    known = journals.known(book.connection, book.organisation).values()
    for one in LETTERS:
        number = book.journal.number(n, book.year, one)
        try:
            check_own(book.journal, number, book.year, known)
        except ForeignNumber:
            continue
        if journals.numbered(book.connection, book.organisation, book.year, number) is None:
            return one, number
    raise NumberTaken(f"no letter is left after {n} of {book.journal.name}")


def _tell(book: Book, action: str, wish: NumberWish, line: Line) -> None:
    refs = {"line": line.line_id, "number": line.number}
    book.tell(action, wish.by, wish.at, wish.reason_id, refs)
