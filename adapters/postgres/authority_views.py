"""What is read of rights to decide and to sign."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import text

from adapters.postgres.access_views import rows_of
from adapters.postgres.authority import records
from adapters.postgres.names import Names
from adapters.postgres.shown import Named
from adapters.postgres.standing_views import StandingViews
from domain.base import Value
from domain.mandates import Capacity, MandateGround

CAPACITY_TITLES: Mapping[Capacity, str] = {
    Capacity.OWN: "руководитель",
    Capacity.ACTING: "исполняющий обязанности",
    Capacity.SUBSTITUTE: "замещает на время отсутствия",
    Capacity.POWER_OF_ATTORNEY: "по доверенности",
}

_RECORDED = text(
    """
    SELECT a.authority_id, a.author, a.recorded_at, a.ended_by, t.body ->> 'text' AS reason
    FROM authorities a LEFT JOIN kept_texts t
      ON t.id = a.reason_id AND t.organisation_id = a.organisation_id
    WHERE a.organisation_id = :organisation
    """
)


class AuthorityLine(Value):
    """A right to decide and to sign, as it stands on a day."""

    id: str
    person: Named
    capacity: Capacity
    capacity_title: str
    post: str | None
    instead_of: Named | None
    kinds: tuple[str, ...]
    since: date
    until: date | None  # the last day with it, as the paper says
    ground: MandateGround
    ended_on: date | None  # the first day without it
    ended_by: Named | None
    reason: str | None
    author: Named
    recorded_at: datetime
    in_force: bool


class AuthorityViews(StandingViews):
    """Rights of an organisation."""

    def authorities(self, organisation_id: str, on: date) -> tuple[AuthorityLine, ...]:
        """All that were ever recorded, the earliest first, as they stand on a day."""
        with self._engine.connect() as connection:
            known = records(connection, organisation_id)
            rows = rows_of(connection, _RECORDED, organisation_id)
            recorded = {row["authority_id"]: row for row in rows}
            people = [one for row in rows for one in (row["author"], row["ended_by"])]
            people += [person for one in known for person in (one.person_id, one.instead_of)]
            names = Names(connection, organisation_id, people)
        return tuple(
            AuthorityLine(
                **one.model_dump(exclude={"person_id", "instead_of", "ground"}),
                ground=one.ground,
                person=names.of(one.person_id),
                capacity_title=CAPACITY_TITLES[one.capacity],
                instead_of=names.of_any(one.instead_of),
                ended_by=names.of_any(recorded[one.id]["ended_by"]),
                reason=recorded[one.id]["reason"],
                author=names.of(recorded[one.id]["author"]),
                recorded_at=recorded[one.id]["recorded_at"],
                in_force=one.is_in_force(on),
            )
            for one in known
            if one.id in recorded
        )
