"""The ledger in memory, which a test may hold up or make refuse."""

from datetime import date
from threading import Event

from activities import tasks
from domain.errors import Refused
from domain.past import Past
from tests import builders
from tests.fakes.ledger import MemoryLedger
from tests.workflows.told import DIFFERENCES, differences, rows_that_would_change


class HeldLedger(MemoryLedger):
    """A ledger that knows the people of `tests.builders` and counts orders in one journal.

    At each save it looks whether the log tells the same as the state that is saved, and whether
    that state would make the same rows if it came back.
    """

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
        self._past = Past()
        self._whole: set[str] = set()

    def save(self, task: tasks.SaveProgress) -> None:
        self.gate.wait(timeout=60)
        DIFFERENCES.extend(rows_that_would_change(task.state))
        with self._lock:
            known = len(self.events)
            super().save(task)
            for event in self.events[known:]:
                self._past.take(event)
                if event.n == 1:
                    self._whole.add(event.subject)
            # What a test began in the middle has had events that no log has.
            if self.saves[task.state.workflow_id] is task and task.state.workflow_id in self._whole:
                DIFFERENCES.extend(differences(self._past, task.state))

    def keep_facts(self, task: tasks.GatherFacts) -> tasks.FactsKept:
        if self.refusal is not None:
            raise self.refusal
        return super().keep_facts(task)
