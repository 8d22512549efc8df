"""Journals in memory: what the ledger's and the desk's fakes share."""

from collections.abc import Mapping
from datetime import date, datetime
from threading import RLock
from zoneinfo import ZoneInfo

from activities.tasks import EnterInJournal, IncomingPaper, JournalLine, KindsPlaced, NumberWish
from domain.errors import (
    BadDate,
    ForeignNumber,
    IncomingKnown,
    MaskNotUnique,
    NotFound,
    NumberTaken,
    WrongState,
)
from domain.journals import (
    INCOMING,
    LETTERS,
    Journal,
    Line,
    LineState,
    TypedNumber,
    check_masks,
    check_own,
    check_same,
    folded,
    skipped,
)

Place = tuple[str, str, int]  # organisation, journal, year


class MemoryJournals:
    """`kinds` says which journal counts a kind; a document's line and day can be looked at."""

    def __init__(
        self, journals: Mapping[str, Journal], kinds: Mapping[str, str], zone: str = "UTC"
    ) -> None:
        self.given = dict(journals)
        self.own: dict[tuple[str, str], Journal] = {}
        self.kinds = dict(kinds)
        self.zone = ZoneInfo(zone)
        self.placed: dict[tuple[str, str, date], str] = {}
        self.lines: dict[tuple[str, str], Line] = {}  # by organisation and line
        self.days: dict[str, date] = {}  # of lines
        self.entered: dict[str, JournalLine] = {}  # of documents
        self.papers: dict[str, IncomingPaper] = {}
        self.withdrawn: set[str] = set()  # documents
        self.last: dict[Place, int] = {}
        self._lock = RLock()

    def day_of(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def known(self, organisation: str) -> dict[str, Journal]:
        own = {name: one for (owner, name), one in self.own.items() if owner == organisation}
        return {**self.given, **own}

    def counted_in(self, organisation: str, kind: str, day: date) -> Journal:
        said = [
            (since, name)
            for (owner, of, since), name in self.placed.items()
            if (owner, of) == (organisation, kind) and since <= day
        ]
        name = max(said)[1] if said else self.kinds.get(kind)
        if name is None:
            raise NotFound(f"no journal of {kind}")
        return self.known(organisation)[name]

    def lines_of(self, organisation: str, journal: str, year: int) -> list[Line]:
        found = (
            line
            for (owner, _), line in self.lines.items()
            if (owner, line.journal, line.year) == (organisation, journal, year)
        )
        return sorted(found, key=lambda line: (line.n is None, line.n or 0, line.letter))

    def enter(self, task: EnterInJournal) -> JournalLine:
        with self._lock:
            if task.document_id not in self.entered:
                self.entered[task.document_id] = self._enter(task)
            elif task.numbered:
                day = self.day_of(task.now)
                journal = self.counted_in(task.organisation_id, task.kind, day)
                has = self.entered[task.document_id].number
                check_same(has, task.typed, journal, day.year)
            return self.entered[task.document_id]

    def check_number(self, organisation: str, kind: str, number: str, day: date) -> None:
        self._typed(organisation, self.counted_in(organisation, kind, day), number, day.year)

    def reserve(self, wish: NumberWish) -> Line:
        with self._lock:
            again = self.lines.get((wish.organisation_id, wish.id))
            journal, day = self._journal(wish), self.day_of(wish.at)
            return again or self._next(
                wish.organisation_id,
                journal,
                day,
                line_id=wish.id,
                state=LineState.RESERVED,
                reason_id=wish.reason_id,
                author=wish.by,
            )

    def letter(self, wish: NumberWish, after: str) -> Line:
        with self._lock:
            again = self.lines.get((wish.organisation_id, wish.id))
            if again is not None:
                return again
            journal, day = self._journal(wish), self.day_of(wish.at)
            before = self._found(wish, after, day.year)
            if before.n is None:
                raise NotFound(f"{after} is no number of the mask")
            letter, number = self._free_letter(wish.organisation_id, journal, before.n, day.year)
            return self._keep(
                wish.organisation_id,
                day,
                Line(
                    line_id=wish.id,
                    journal=journal.name,
                    year=day.year,
                    n=before.n,
                    letter=letter,
                    number=number,
                    state=LineState.RESERVED,
                    reason_id=wish.reason_id,
                    author=wish.by,
                ),
            )

    def void(self, wish: NumberWish, number: str, year: int | None) -> Line:
        with self._lock:
            self._journal(wish)
            line = self._found(wish, number, year or self.day_of(wish.at).year)
            if line.state is LineState.VOID and line.reason_id == wish.reason_id:
                return line
            document = line.document_id
            line.check_can_void(alive=document is not None and document not in self.withdrawn)
            line = line.voided(wish.reason_id, wish.by)
            self.lines[wish.organisation_id, line.line_id] = line
            return line

    def file_incoming(self, paper: IncomingPaper) -> Line:
        with self._lock:
            organisation, day = paper.organisation_id, self.day_of(paper.at)
            if (organisation, paper.id) in self.lines:
                return self.lines[organisation, paper.id]
            if paper.day > day:
                raise BadDate("a paper of tomorrow")
            if any(_same(paper, known) for known in self.papers.values()):
                raise IncomingKnown("the paper has a number")
            self.papers[paper.id] = paper
            return self._next(
                organisation,
                self.known(organisation)[INCOMING],
                day,
                line_id=paper.id,
                state=LineState.GIVEN,
                author=paper.by,
            )

    def place(self, placed: KindsPlaced) -> None:
        with self._lock:
            organisation, journal = placed.organisation_id, placed.journal
            keys = [(organisation, kind, placed.since) for kind in placed.kinds]
            if any(self.placed.get(key, journal.name) != journal.name for key in keys):
                raise WrongState("another journal was named")
            if all(key in self.placed for key in keys):
                return
            today = self.day_of(placed.at)
            if placed.since < today:
                raise BadDate("the day is over")
            self._keep_journal(organisation, journal, today.year)
            self.placed |= dict.fromkeys(keys, journal.name)

    def _keep_journal(self, organisation: str, journal: Journal, year: int) -> None:
        known = self.known(organisation)
        if journal.name in known:
            if known[journal.name].mask != journal.mask:
                raise WrongState("the journal has another mask")
            return
        check_masks([*known.values(), journal])
        for (owner, _), line in self.lines.items():
            if owner == organisation and line.year >= year and journal.n_of(line.number, line.year):
                raise MaskNotUnique(f"{line.number} was given")
        self.own[organisation, journal.name] = journal

    def _enter(self, task: EnterInJournal) -> JournalLine:
        organisation, day = task.organisation_id, self.day_of(task.now)
        if not task.numbered:
            return JournalLine(number=None, day=day)
        journal = self.counted_in(organisation, task.kind, day)
        if task.typed is not None:
            line = self._give_typed(organisation, journal, task.document_id, task.typed, day)
        else:
            line = self._next(
                organisation,
                journal,
                day,
                line_id=task.document_id,
                state=LineState.GIVEN,
                document_id=task.document_id,
            )
        return JournalLine(number=line.number, day=day)

    def _typed(
        self, organisation: str, journal: Journal, number: str, year: int
    ) -> tuple[str, int | None, Line | None]:
        check_own(journal, number, year, self.known(organisation).values())
        n = journal.n_of(number, year)
        written = journal.written(number, year)
        found = self._numbered(organisation, year, written)
        if found is not None:
            found.check_can_use(journal)
        elif n is not None:
            skipped(self.last.get((organisation, journal.name, year), 0), n)
        return written, n, found

    def _give_typed(
        self, organisation: str, journal: Journal, document: str, typed: TypedNumber, day: date
    ) -> Line:
        number, n, found = self._typed(organisation, journal, typed.number, day.year)
        if found is not None:
            return self._keep(organisation, day, found.used(document, typed))
        own = {"document_id": document, "reason_id": typed.reason_id, "author": typed.by}
        given = {**own, "line_id": document, "state": LineState.GIVEN}
        if n is None:
            line = Line.model_validate(
                {**given, "journal": journal.name, "year": day.year, "n": None, "number": number}
            )
            return self._keep(organisation, day, line)
        for one in skipped(self.last.get((organisation, journal.name, day.year), 0), n):
            why = {**own, "document_id": None, "line_id": f"{document}/{one}"}
            self._next(organisation, journal, day, **why, state=LineState.ELSEWHERE)
        return self._next(organisation, journal, day, **given)

    def _next(self, organisation: str, journal: Journal, day: date, **fields: object) -> Line:
        place = (organisation, journal.name, day.year)
        n = self.last[place] = self.last.get(place, 0) + 1
        number = journal.number(n, day.year)
        known = {"journal": journal.name, "year": day.year, "n": n, "number": number}
        return self._keep(organisation, day, Line.model_validate({**known, **fields}))

    def _keep(self, organisation: str, day: date, line: Line) -> Line:
        self.lines[organisation, line.line_id] = line
        self.days[line.line_id] = day
        return line

    def _journal(self, wish: NumberWish) -> Journal:
        found = self.known(wish.organisation_id).get(wish.journal)
        if found is None:
            raise NotFound(f"no journal {wish.journal}")
        return found

    def _numbered(self, organisation: str, year: int, number: str) -> Line | None:
        for (owner, _), line in self.lines.items():
            if (owner, line.year, folded(line.number)) == (organisation, year, folded(number)):
                return line
        return None

    def _found(self, wish: NumberWish, number: str, year: int) -> Line:
        line = self._numbered(wish.organisation_id, year, number)
        if line is None or line.journal != wish.journal:
            raise NotFound(f"no {number}")
        return line

    def _free_letter(
        self, organisation: str, journal: Journal, n: int, year: int
    ) -> tuple[str, str]:
        for letter in LETTERS:
            number = journal.number(n, year, letter)
            try:
                check_own(journal, number, year, self.known(organisation).values())
            except ForeignNumber:
                continue
            if self._numbered(organisation, year, number) is None:
                return letter, number
        raise NumberTaken(f"no letter is left after {n}")


def _same(one: IncomingPaper, other: IncomingPaper) -> bool:
    return (one.organisation_id, folded(one.sender + one.number), one.day) == (
        other.organisation_id,
        folded(other.sender + other.number),
        other.day,
    )
