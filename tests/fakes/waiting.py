"""Sentences about what is waited for, as views would give what they are made of."""

from collections.abc import Sequence
from datetime import UTC, datetime

from adapters.postgres.waiting_views import WaitLine, Waits
from domain.errors import NotFound
from domain.waiting import Wait
from domain.waiting_words import Called

AT = datetime(2026, 9, 2, 9, tzinfo=UTC)
WHO = "a" * 16


class FakeWaitingViews:
    """Everything that is there waits for one person's decision."""

    processes: set[tuple[str, str]]

    def workflow_of(self, organisation_id: str, id_: str) -> str:
        for owner, workflow in self.processes:
            if (owner, workflow.partition("/")[2]) == (organisation_id, id_):
                return workflow
        raise NotFound("no such id")

    def waits(self, organisation_id: str, workflow_id: str, now: datetime) -> Waits:
        if (organisation_id, workflow_id) not in self.processes:
            raise NotFound("nothing of the kind")
        of, wait = workflow_id.partition("/")[0], Wait(what="decide", whom=(WHO,), due=AT)
        line = {"of": of, "workflow_id": workflow_id, "title": "Приказ", "wait": wait}
        called = Called(nomn="Соколова Н. П.", gent="Соколовой Н. П.")
        return Waits(lines=(WaitLine.model_validate(line),), called={WHO: called})

    def waits_of_pairs(
        self, organisation_id: str, cycle_id: str, pair_ids: Sequence[str], now: datetime
    ) -> Waits:
        return self._first(organisation_id, [f"pair/{id_}" for id_ in pair_ids], now)

    def waits_of_documents(
        self, organisation_id: str, cycle_id: str, document_ids: Sequence[str], now: datetime
    ) -> Waits:
        return self._first(organisation_id, [f"document/{id_}" for id_ in document_ids], now)

    def _first(self, organisation_id: str, workflow_ids: Sequence[str], now: datetime) -> Waits:
        """A page without lines asks of nothing."""
        if not workflow_ids:
            return Waits(lines=(), called={})
        return self.waits(organisation_id, workflow_ids[0], now)

    def waits_in(self, organisation_id: str, cycle_id: str, now: datetime) -> Waits:
        return self.waits(organisation_id, f"cycle/{cycle_id}", now)
