"""Rights to decide and to sign, in memory."""

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from activities.tasks import KeptText, MandateEnd, MandateWish, UntoldMandates
from adapters.postgres.views import AuthorityLine, Named
from domain.authority import Mandates
from domain.errors import NotFound
from domain.mandates import MandateRecord, Succession, check_can_add, succession


class MemoryMandates:
    """What was recorded, by organisation; `documents` are those that are open there."""

    def __init__(self, zone: str = "UTC") -> None:
        self.zone = ZoneInfo(zone)
        self.records: dict[str, dict[str, MandateRecord]] = {}
        self.given: dict[str, MandateWish] = {}
        self.ends: dict[str, MandateEnd] = {}
        self.documents: dict[str, tuple[str, ...]] = {}
        self.revisions: dict[str, int] = {}
        self._told: dict[str, int] = {}

    def known(self, organisation: str) -> tuple[MandateRecord, ...]:
        """The earliest first."""
        return tuple(sorted(self.records.get(organisation, {}).values(), key=lambda r: r.since))

    def give(self, wish: MandateWish) -> None:
        known = self.records.setdefault(wish.organisation_id, {})
        if wish.record.id in known:
            return
        made = Succession(ended=(), added=(wish.record,))
        if wish.succeeds:
            made = succession(wish.record, known.values(), date(2026, 9, 1))
        else:
            check_can_add(wish.record, known.values())
        for one in (*made.added, *made.ended):
            known[one.id] = one
            self.given.setdefault(one.id, wish)
        self._changed(wish.organisation_id)

    def end(self, said: MandateEnd) -> None:
        known = self.records.get(said.organisation_id, {})
        if said.id not in known:
            raise NotFound(f"the organisation has no right {said.id}")
        if self.ends.get(said.id) == said:
            return
        known[said.id].check_can_end(said.day)
        known[said.id] = known[said.id].ended(said.day)
        self.ends[said.id] = said
        self._changed(said.organisation_id)

    def untold(self, organisation: str | None) -> tuple[UntoldMandates, ...]:
        return tuple(
            UntoldMandates(
                organisation_id=one,
                mandates=Mandates(
                    revision=revision,
                    known=tuple(right.mandate(self.zone) for right in self.known(one)),
                ),
                documents=self.documents.get(one, ()),
            )
            for one, revision in self.revisions.items()
            if organisation in (None, one) and self._told.get(one, 0) < revision
        )

    def told(self, said: UntoldMandates) -> None:
        before = self._told.get(said.organisation_id, 0)
        self._told[said.organisation_id] = max(before, said.mandates.revision)

    def lines(
        self, organisation: str, on: date, texts: Mapping[str, KeptText]
    ) -> tuple[AuthorityLine, ...]:
        """As `AuthorityViews.authorities`; everybody is called by his id."""
        return tuple(
            AuthorityLine(
                **one.model_dump(exclude={"person_id", "instead_of", "ground"}),
                ground=one.ground,
                person=_named(one.person_id),
                capacity_title=one.capacity,
                instead_of=_named(one.instead_of) if one.instead_of else None,
                ended_by=_named(self.ends[one.id].by) if one.id in self.ends else None,
                reason=_reason(self.ends.get(one.id), texts),
                author=_named(self.given[one.id].by),
                recorded_at=self.given[one.id].at,
                in_force=one.is_in_force(on),
            )
            for one in self.known(organisation)
        )

    def _changed(self, organisation: str) -> None:
        self.revisions[organisation] = self.revisions.get(organisation, 0) + 1


def _named(id_: str) -> Named:
    return Named(id=id_, name=id_)


def _reason(end: MandateEnd | None, texts: Mapping[str, KeptText]) -> str | None:
    return str(texts[end.reason_id].body["text"]) if end else None
