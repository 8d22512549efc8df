"""The fake views of journals: what the fake desk has numbered."""

from datetime import date

from api.routes.reading import JournalBook, JournalLineView, JournalPage, JournalView, Named
from domain.errors import NotFound
from tests.fakes.desk import FakeDesk


class FakeJournalViews:
    """Reads of journals out of the desk that the whole was made with."""

    _desk: FakeDesk

    def journals(self, organisation_id: str, on: date) -> tuple[JournalView, ...]:
        books = self._desk.books
        return tuple(
            JournalView(
                **dict(journal),
                own=journal.name not in books.given,
                kinds=tuple(
                    kind
                    for kind in books.kinds
                    if books.counted_in(organisation_id, kind, on).name == journal.name
                ),
                year=on.year,
                last=books.last.get((organisation_id, journal.name, on.year), 0),
            )
            for journal in books.known(organisation_id).values()
        )

    def journal_page(self, organisation_id: str, name: str, year: int, page: int) -> JournalPage:
        book = self.journal_book(organisation_id, name, year)
        return JournalPage(**dict(book), page=page, pages=1, total=len(book.lines))

    def journal_book(self, organisation_id: str, name: str, year: int) -> JournalBook:
        known = self._desk.books.known(organisation_id)
        if name not in known:
            raise NotFound("no such journal")
        lines = self._desk.books.lines_of(organisation_id, name, year)
        return JournalBook(
            **dict(known[name]),
            organisation="Колледж «Заря»",
            year=year,
            lines=tuple(self.journal_line(organisation_id, line.line_id) for line in lines),
        )

    def journal_line(self, organisation_id: str, line_id: str) -> JournalLineView:
        books = self._desk.books
        line, paper = books.lines[organisation_id, line_id], books.papers.get(line_id)
        reason = self._desk.texts.get(line.reason_id or "")
        same = ("line_id", "number", "n", "letter", "state", "document_id")
        return JournalLineView(
            **{name: getattr(line, name) for name in same},
            state_title=line.state,
            day=books.days[line_id],
            title=paper.title if paper else None,
            sender=paper.sender if paper else None,
            foreign_number=paper.number if paper else None,
            foreign_day=paper.day if paper else None,
            reason=str(reason.body["text"]) if reason else None,
            author=Named(id=line.author, name=line.author) if line.author else None,
        )

    def check_number(
        self, organisation_id: str, kind: str, number: str, day: date, document: str | None = None
    ) -> None:
        del document
        self._desk.books.check_number(organisation_id, kind, number, day)
