"""The desk's part for bodies and their sittings."""

from datetime import date

from sqlalchemy import Connection, text

from activities.sitting_ports import BodyWish, SittingNews
from adapters.postgres import bodies, sittings
from adapters.postgres.objects import ObjectBook
from domain.bodies import BodySettings
from domain.errors import NotFound
from domain.sittings import Holding, Sitting

_LOCK_ORGANISATION = text(
    "SELECT 1 FROM organisations WHERE organisation_id = :organisation FOR NO KEY UPDATE"
)


class PostgresSittings(ObjectBook):
    """`SittingDesk` over an engine of the application's role."""

    def set_body(self, wish: BodyWish, body_id: str, settings: BodySettings) -> None:
        """As in `SittingDesk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, wish.organisation_id)
            bodies.set_body(connection, wish.organisation_id, body_id, settings, wish.by, wish.at)

    def call_sitting(self, wish: BodyWish, sitting: Sitting) -> None:
        """As in `SittingDesk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, wish.organisation_id)
            sittings.call(connection, wish, sitting)

    def hold_sitting(self, wish: BodyWish, sitting_id: str, held: Holding, today: date) -> Sitting:
        """As in `SittingDesk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, wish.organisation_id)
            return sittings.hold(connection, wish, sitting_id, held, today)

    def cancel_sitting(self, wish: BodyWish, sitting_id: str, reason_id: str) -> None:
        """As in `SittingDesk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, wish.organisation_id)
            sittings.cancel(connection, wish, sitting_id, reason_id)

    def untold_sittings(self, sitting_id: str | None = None) -> tuple[SittingNews, ...]:
        """As in `SittingDesk`."""
        with self._engine.connect() as connection:
            return sittings.untold(connection, sitting_id)

    def item_told(self, sitting_id: str, n: int, refused: str | None) -> None:
        """As in `SittingDesk`."""
        with self._engine.begin() as connection:
            sittings.item_told(connection, sitting_id, n, refused)

    def minutes_asked(self, sitting_id: str, refused: str | None) -> None:
        """As in `SittingDesk`."""
        with self._engine.begin() as connection:
            sittings.minutes_asked(connection, sitting_id, refused)


def lock_organisation(connection: Connection, organisation_id: str) -> None:
    """Nobody else changes what the organisation keeps until the transaction ends."""
    given = {"organisation": organisation_id}
    if connection.execute(_LOCK_ORGANISATION, given).one_or_none() is None:
        raise NotFound(f"no organisation {organisation_id}")
