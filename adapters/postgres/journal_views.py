"""What is read of journals: which there are, their lines, and whether a number is free."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection, RowMapping, text

from adapters.journal_rules import starting_journals
from adapters.postgres import journals
from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.authority_views import AuthorityViews
from adapters.postgres.journals import Book
from adapters.postgres.names import Names
from adapters.postgres.shown import JournalBook, JournalLineView, JournalPage, JournalView
from domain.errors import NotFound
from domain.journals import LineState

PAGE = 50
"""Lines of a page."""

STATE_TITLES: Mapping[LineState, str] = {
    LineState.GIVEN: "присвоен",
    LineState.RESERVED: "зарезервирован",
    LineState.ELSEWHERE: "дан в другом месте",
    LineState.VOID: "аннулирован",
}

_LAST = text(
    "SELECT journal, n FROM journals WHERE organisation_id = :organisation AND year = :year"
)
_COUNT = text(
    """
    SELECT count(*) FROM journal_lines
    WHERE organisation_id = :organisation AND journal = :journal AND year = :year
    """
)
_SELECT = """
    SELECT l.*, d.kind, t.body ->> 'text' AS reason, i.sender, i.title AS foreign_title,
      i.number AS foreign_number, i.day AS foreign_day
    FROM journal_lines l
    LEFT JOIN documents d ON d.document_id = l.document_id
    LEFT JOIN kept_texts t ON t.id = l.reason_id AND t.organisation_id = l.organisation_id
    LEFT JOIN incoming_documents i ON i.incoming_id = l.line_id
    WHERE l.organisation_id = :organisation
"""
_LINE = text(f"{_SELECT} AND l.line_id = :line")
_LINES = text(
    f"""
    {_SELECT} AND l.journal = :journal AND l.year = :year
    ORDER BY l.n NULLS LAST, l.letter, l.recorded_at, l.line_id
    LIMIT :most OFFSET :before
    """
)
_ORGANISATION = text("SELECT name FROM organisations WHERE organisation_id = :organisation")


class JournalViews(AuthorityViews):
    """Journals of an organisation."""

    def journals(self, organisation_id: str, on: date) -> tuple[JournalView, ...]:
        """All journals as they stand on a day, with the kinds that they count then."""
        with self._engine.connect() as connection:
            known = journals.known(connection, organisation_id)
            last = {
                row["journal"]: row["n"]
                for row in rows_of(connection, _LAST, organisation_id, year=on.year)
            }
            counted: dict[str, list[str]] = {}
            for kind in self._kinds.values():
                if kind.journal is not None:
                    found = journals.counted_in(
                        connection, organisation_id, kind.kind, kind.journal, on
                    )
                    counted.setdefault(found.name, []).append(kind.title)
        return tuple(
            JournalView(
                **dict(journal),
                own=journal.name not in starting_journals(),
                kinds=tuple(sorted(counted.get(journal.name, ()))),
                year=on.year,
                last=last.get(journal.name, 0),
            )
            for journal in known.values()
        )

    def journal_page(self, organisation_id: str, name: str, year: int, page: int) -> JournalPage:
        """A page of a journal's year, in the order of numbers; pages count from 1."""
        with self._engine.connect() as connection:
            given = {"journal": name, "year": year}
            counted = one_of(connection, _COUNT, organisation_id, "journal", **given)
            book = self._book(connection, organisation_id, name, year, PAGE, PAGE * (page - 1))
        total = counted["count"]
        return JournalPage(**dict(book), page=page, pages=max(1, -(-total // PAGE)), total=total)

    def journal_book(self, organisation_id: str, name: str, year: int) -> JournalBook:
        """All lines of a journal's year."""
        with self._engine.connect() as connection:
            return self._book(connection, organisation_id, name, year)

    def journal_line(self, organisation_id: str, line_id: str) -> JournalLineView:
        """One line."""
        with self._engine.connect() as connection:
            row = one_of(connection, _LINE, organisation_id, "line of a journal", line=line_id)
            return self._journal_line(row, Names(connection, organisation_id, [row["author"]]))

    def check_number(
        self, organisation_id: str, kind: str, number: str, day: date, document: str | None = None
    ) -> None:
        """Raises `NumberTaken`, `ForeignNumber` or `NumberTooFar` unless this document of this kind
        could have the number if it was registered now, and `NotFound` if nothing counts the kind.
        """
        known = self._kinds.get(kind)
        if known is None or known.journal is None:
            raise NotFound(f"no journal of {kind}")
        with self._engine.connect() as connection:
            journal = journals.counted_in(connection, organisation_id, kind, known.journal, day)
            Book.read(connection, organisation_id, journal, day.year).typed(number, document)

    def _book(
        self,
        connection: Connection,
        organisation_id: str,
        name: str,
        year: int,
        most: int | None = None,
        before: int = 0,
    ) -> JournalBook:
        journal = journals.journal_of(connection, organisation_id, name)
        owner = one_of(connection, _ORGANISATION, organisation_id, "organisation")
        given = {"journal": name, "year": year, "most": most, "before": before}
        rows = rows_of(connection, _LINES, organisation_id, **given)
        names = Names(connection, organisation_id, [row["author"] for row in rows])
        return JournalBook(
            **dict(journal),
            organisation=owner["name"],
            year=year,
            lines=tuple(self._journal_line(row, names) for row in rows),
        )

    def _journal_line(self, row: RowMapping, names: Names) -> JournalLineView:
        kind = self._kinds.get(row["kind"] or "")
        same = (
            *("line_id", "number", "n", "letter", "state", "day", "document_id", "reason"),
            *("sender", "foreign_number", "foreign_day"),
        )
        return JournalLineView(
            **{name: row[name] for name in same},
            state_title=STATE_TITLES[LineState(row["state"])],
            title=kind.title if kind else row["foreign_title"] or row["kind"],
            author=names.of_any(row["author"]),
        )
