"""Standing orders in PostgreSQL: given, paused, ended, carried out; each step in the log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, RowMapping, text

from activities.tasks import Launch
from activities.yearly_ports import FindRoadmap, NewYearly, Tried, TryLaunch
from adapters.postgres import launching, log
from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.launch_views import LaunchViews
from adapters.postgres.objects import ObjectBook
from adapters.postgres.recovery import PostgresRecovery
from adapters.postgres.rows import Known, change, put
from adapters.postgres.sitting_desk import lock_organisation
from adapters.postgres.yearly_tables import YearlyLaunchRow
from domain import ids
from domain.audit import AuditEvent
from domain.errors import AlreadyLaunched, NotFound, Refused, WrongState
from domain.planning import check_roles
from domain.roadmap import Roadmap
from domain.yearly import Outcome, YearlyOrder, YearlyState, cycle_of_season, season_to_launch

_ORDER: Final = """
    SELECT y.*, o.time_zone FROM yearly_launches y
    JOIN organisations o ON o.organisation_id = y.organisation_id
"""
_OF_ORGANISATION = text(
    f"{_ORDER} WHERE y.organisation_id = :organisation ORDER BY y.state = 'ended', y.at, y.order_id"
)
_ONE = text(f"{_ORDER} WHERE y.organisation_id = :organisation AND y.order_id = :order")
_BY_ID = text(f"{_ORDER} WHERE y.order_id = :order")
_OPEN = text(f"{_ORDER} WHERE y.state <> 'ended' ORDER BY y.order_id")
_OTHER = text(
    """
    SELECT order_id FROM yearly_launches
    WHERE organisation_id = :organisation AND roadmap_name = :roadmap AND state <> 'ended'
    """
)
_EVENTS = text("SELECT coalesce(max(n), 0) FROM audit_entries WHERE subject = :subject")
_LATEST = text(
    """
    SELECT cycle_id FROM launches
    WHERE organisation_id = :organisation AND roadmap_name = :roadmap
    ORDER BY start DESC, cycle_id LIMIT 1
    """
)


class YearlyViews(LaunchViews):
    """Orders of an organisation."""

    def yearly(self, organisation_id: str) -> tuple[YearlyOrder, ...]:
        """All that were ever given, those that hold first."""
        with self._engine.connect() as connection:
            return tuple(map(_order, rows_of(connection, _OF_ORGANISATION, organisation_id)))


class PostgresYearlyDesk(ObjectBook):
    """`LaunchDesk` over an engine of the application's role."""

    def keep_yearly(self, wish: NewYearly) -> YearlyOrder:
        """As in `LaunchDesk`."""
        organisation = wish.organisation_id
        with self._engine.begin() as connection:
            lock_organisation(connection, organisation)
            given = {"organisation": organisation, "roadmap": wish.roadmap_name}
            other = connection.execute(_OTHER, given).scalar_one_or_none()
            if other not in (None, wish.order_id):
                raise WrongState(f"yearly order {other} of {wish.roadmap_name} holds already")
            launching.check_holders(connection, organisation, list(wish.holders.values()))
            row = {
                **wish.model_dump(mode="json", exclude={"by"}),
                "author": wish.by,
                "state": YearlyState.ACTIVE,
                **dict.fromkeys(("season", "outcome", "cycle_id", "code", "tried_at")),
            }
            if put(connection, YearlyLaunchRow, [row], Known.STAYS):
                _tell(connection, organisation, wish.order_id, "yearly_ordered", wish.by, wish.at)
            return _read(connection, organisation, wish.order_id)

    def change_yearly(
        self, organisation_id: str, order_id: str, state: YearlyState, by: str, at: datetime
    ) -> YearlyOrder:
        """As in `LaunchDesk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, organisation_id)
            known = _read(connection, organisation_id, order_id)
            known.check_can_become(state)
            if known.state is not state:
                _change(connection, known, {"state": state})
                _tell(connection, organisation_id, order_id, _ACTIONS[state], by, at)
            return known.changed(state=state)


_ACTIONS: Final[Mapping[YearlyState, str]] = {
    YearlyState.ACTIVE: "yearly_resumed",
    YearlyState.PAUSED: "yearly_paused",
    YearlyState.ENDED: "yearly_ended",
}


_TRIED: Final[Mapping[Outcome, str]] = {
    "launched": "yearly_launched",
    "already": "yearly_already",
    "refused": "yearly_refused",
}


class PostgresYearly:
    """`YearlyBook` over an engine of the application's role."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._recovery = PostgresRecovery(engine)

    def open_orders(self) -> tuple[YearlyOrder, ...]:
        """As in `YearlyBook`."""
        with self._engine.connect() as connection:
            return tuple(map(_order, connection.execute(_OPEN).mappings()))

    def try_launch(self, task: TryLaunch, find: FindRoadmap) -> Tried:
        """As in `YearlyBook`."""
        with self._engine.begin() as connection:
            row = connection.execute(_BY_ID, {"order": task.order_id}).mappings().one_or_none()
            if row is None:
                return Tried()
            lock_organisation(connection, row["organisation_id"])
            order = _read(connection, row["organisation_id"], task.order_id)
            if order.tried_at != task.at:  # else this very try was made before
                if order.state is not YearlyState.ACTIVE:
                    return Tried()
                order = _tried(connection, order, find(order.roadmap_name), task.at)
        if order.outcome != "launched" or order.cycle_id is None:
            return Tried(outcome=order.outcome)
        return Tried(outcome=order.outcome, state=self._recovery.launched(order.cycle_id))


def _tried(
    connection: Connection, order: YearlyOrder, roadmap: Roadmap | None, at: datetime
) -> YearlyOrder:
    outcome: Outcome = "launched"
    said: dict[str, object] = {"code": None}
    try:
        if roadmap is None:
            raise NotFound(f"there is no roadmap {order.roadmap_name}")
        said |= _launch(connection, order, roadmap, at)
    except AlreadyLaunched:
        outcome = "already"
    except Refused as refusal:
        outcome, said["code"] = "refused", type(refusal).__name__
    said |= {"outcome": outcome, "tried_at": at}
    _change(connection, order, said)
    refs = {
        name: str(said[column])
        for name, column in (("launched", "cycle_id"), ("code", "code"))
        if said.get(column)
    }
    _tell(connection, order.organisation_id, order.order_id, _TRIED[outcome], ids.SYSTEM, at, refs)
    return order.changed(**said)


def _launch(
    connection: Connection, order: YearlyOrder, roadmap: Roadmap, at: datetime
) -> dict[str, object]:
    """Keep the launch of the season that a try at this moment is for. Raises its refusal."""
    season, start = season_to_launch(roadmap, at.astimezone(ZoneInfo(order.time_zone)).date())
    cycle_id = cycle_of_season(order.organisation_id, roadmap.roadmap, season)
    check_roles(roadmap, order.holders)
    given = {"organisation": order.organisation_id, "roadmap": roadmap.roadmap}
    launch = Launch(
        roadmap=roadmap,
        start=start,
        time_zone=order.time_zone,
        holders=order.holders,
        launched_by=order.author,
        follows=connection.execute(_LATEST, given).scalar_one_or_none(),
    )
    launching.keep(connection, cycle_id, order.organisation_id, launch)
    return {"cycle_id": cycle_id, "season": season.start.year}


def _read(connection: Connection, organisation_id: str, order_id: str) -> YearlyOrder:
    return _order(one_of(connection, _ONE, organisation_id, "yearly order", order=order_id))


def _order(row: RowMapping) -> YearlyOrder:
    return YearlyOrder.model_validate({name: row[name] for name in YearlyOrder.model_fields})


def _change(connection: Connection, order: YearlyOrder, changes: Mapping[str, object]) -> None:
    which = {"organisation_id": order.organisation_id, "order_id": order.order_id}
    change(connection, YearlyLaunchRow, which, changes)


def _tell(
    connection: Connection,
    organisation_id: str,
    order_id: str,
    action: str,
    by: str,
    at: datetime,
    refs: Mapping[str, str] | None = None,
) -> None:
    subject = ids.yearly_order(order_id)
    event = AuditEvent(
        subject=subject,
        n=connection.execute(_EVENTS, {"subject": subject}).scalar_one() + 1,
        action=action,
        actor=by,
        at=at,
        refs=dict(refs or {}),
    )
    log.append(connection, organisation_id, [event], None)
