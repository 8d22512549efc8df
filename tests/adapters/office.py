"""Who registers, reserves and files: over the fakes, or over PostgreSQL."""

from dataclasses import dataclass
from datetime import date, datetime

from activities import tasks
from activities.ports import Desk, Ledger
from adapters.postgres.archive import PostgresArchive
from domain import ids
from domain.journals import Journal, LineState, TypedNumber
from tests.adapters.world import NOW, World
from tests.fakes.journals import MemoryJournals

ORDER = "order_introduction"


@dataclass(frozen=True)
class Office:
    """Who registers, and the desk beside it."""

    world: World
    ledger: Ledger
    desk: Desk
    books: MemoryJournals | None  # none: in the database

    def enter(self, typed: str | None = None, kind: str = ORDER, now: datetime = NOW) -> str:
        """The number of a new document."""
        return self.entered(ids.new_id(), typed, kind, now) or ""

    def entered(
        self, document: str, typed: str | None = None, kind: str = ORDER, now: datetime = NOW
    ) -> str | None:
        number = TypedNumber.asked(typed, "reason", "user")
        task = tasks.EnterInJournal(
            organisation_id=self.world.organisation,
            document_id=document,
            kind=kind,
            version=1,
            numbered=True,
            typed=number,
            now=now,
        )
        return self.ledger.enter_in_journal(task).number

    def wish(self, journal: str = "orders", **fields: object) -> tasks.NumberWish:
        known = {
            "id": ids.new_id(),
            "organisation_id": self.world.organisation,
            "journal": journal,
            "by": "user",
            "at": NOW,
            "reason_id": ids.new_id(),
        }
        return tasks.NumberWish.model_validate({**known, **fields})

    def paper(self, **fields: object) -> tasks.IncomingPaper:
        known = {
            "id": ids.new_id(),
            "organisation_id": self.world.organisation,
            "sender": "Управление образования г. Заречинска",
            "number": "17-исх",
            "day": date(2026, 9, 1),
            "title": "О проведении смотра",
            "by": "user",
            "at": NOW,
        }
        return tasks.IncomingPaper.model_validate({**known, **fields})

    def placed(self, mask: str, name: str = "own_orders", **fields: object) -> tasks.KindsPlaced:
        known = {
            "organisation_id": self.world.organisation,
            "journal": Journal(name=name, title="Свой журнал", mask=mask),
            "kinds": (ORDER,),
            "since": NOW.date(),
            "by": "user",
            "at": NOW,
        }
        return tasks.KindsPlaced.model_validate({**known, **fields})

    def numbers(self, journal: str = "orders", year: int = 2026) -> list[tuple[str, LineState]]:
        """All numbers of a journal, in order."""
        organisation = self.world.organisation
        if self.books is not None:
            lines = self.books.lines_of(organisation, journal, year)
            return [(line.number, line.state) for line in lines]
        shown = self.world.views.journal_book(organisation, journal, year).lines
        return [(line.number, line.state) for line in shown]

    def faults(self) -> list[str]:
        if self.books is not None:
            return []
        found = PostgresArchive(self.world.engine).journal_faults()
        return [fault for fault in found if fault.startswith(self.world.organisation)]
