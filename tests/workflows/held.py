"""The ledger in memory, which a test may hold up or make refuse."""

from datetime import date
from threading import Event

from activities import tasks
from domain.errors import Refused
from tests import builders
from tests.fakes.ledger import MemoryLedger


class HeldLedger(MemoryLedger):
    """A ledger that knows the people of `tests.builders` and counts orders in one journal."""

    def __init__(self) -> None:
        orders = dict.fromkeys(("order_introduction", "order_pairs"), "{n}-н")
        super().__init__({**orders, "agreement": "{n}-сн", "additional_agreement": "{n}-дс"})
        for person_id in (builders.MENTOR, builders.MENTEE):
            known = tasks.PersonConsent(person_id=person_id, birth=date(1987, 6, 5))
            self.people[person_id] = known
        self.refusal: Refused | None = None
        """Facts are refused with this, as long as it is there."""
        self.gate = Event()
        """Saves wait while it is not set."""
        self.gate.set()

    def save(self, task: tasks.SaveProgress) -> None:
        self.gate.wait(timeout=5)
        super().save(task)

    def keep_facts(self, task: tasks.GatherFacts) -> tasks.FactsKept:
        if self.refusal is not None:
            raise self.refusal
        return super().keep_facts(task)
