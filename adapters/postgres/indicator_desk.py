"""Values of indicators as people enter them: beside the earlier ones, and in the log."""

import hashlib
import json
from decimal import Decimal

from sqlalchemy import Connection, RowMapping, text

from activities.indicator_ports import EnterValues
from adapters.postgres import log
from adapters.postgres.access_views import one_of
from adapters.postgres.indicator_tables import IndicatorValueRow
from adapters.postgres.objects import ObjectBook
from adapters.postgres.rows import Known, put
from adapters.postgres.sitting_desk import lock_organisation
from adapters.postgres.turn_rows import LAUNCH, seasons_of, today_in
from domain import ids
from domain.audit import AuditEvent
from domain.indicators import GivenValue, check_can_enter
from domain.roadmap import Roadmap

_KNOWN = text("SELECT count(*) FROM indicator_values WHERE entry_id = ANY(:ids)")
_EARLIER = text(
    """
    SELECT count(*) FROM indicator_values
    WHERE cycle_id = :cycle AND indicator = :indicator AND turn = :turn AND period = :period
    """
)
_EVENTS = text("SELECT count(*) FROM audit_entries WHERE subject = :subject")


class PostgresIndicators(ObjectBook):
    """`IndicatorDesk` over an engine of the application's role."""

    def enter_values(self, wish: EnterValues) -> None:
        """As in `IndicatorDesk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, wish.organisation_id)
            _enter(connection, wish)


def _enter(connection: Connection, wish: EnterValues) -> None:
    launch = one_of(connection, LAUNCH, wish.organisation_id, "cycle", cycle=wish.cycle_id)
    entries = {_entry_id(wish, one): one for one in wish.values}
    if connection.execute(_KNOWN, {"ids": list(entries)}).scalar_one():
        return
    _check(launch, wish)
    subject = ids.indicators_subject(wish.cycle_id)
    known = connection.execute(_EVENTS, {"subject": subject}).scalar_one()
    events: list[AuditEvent] = []
    for entry_id, one in entries.items():
        n = connection.execute(_EARLIER, _about(wish, one)).scalar_one() + 1
        put(connection, IndicatorValueRow, [_row(wish, one, entry_id, n)], Known.IS_AN_ERROR)
        events.append(_event(wish, one, n, known + len(events) + 1))
    log.append(connection, wish.organisation_id, events, None)


def _check(launch: RowMapping, wish: EnterValues) -> None:
    roadmap = Roadmap.model_validate(launch["roadmap"])
    seasons = seasons_of(roadmap, launch)
    today = today_in(launch, wish.at)
    for one in wish.values:
        check_can_enter(one, roadmap, seasons, today)


def _entry_id(wish: EnterValues, one: GivenValue) -> str:
    return ids.derived_id(wish.wish_id, wish.cycle_id, one.indicator, str(one.turn), one.period)


def _about(wish: EnterValues, one: GivenValue) -> dict[str, object]:
    fields = one.model_dump(include={"indicator", "turn", "period"})
    return {"cycle": wish.cycle_id, **fields}


def plain(value: Decimal) -> str:
    """A decimal number without an exponent, and without zeros at its end."""
    return f"{value.normalize():f}"


def _row(wish: EnterValues, one: GivenValue, entry_id: str, n: int) -> dict[str, object]:
    return {
        "cycle_id": wish.cycle_id,
        **one.model_dump(include={"indicator", "turn", "period", "source"}),
        "n": n,
        "organisation_id": wish.organisation_id,
        "entry_id": entry_id,
        "value": plain(one.value),
        "author": wish.author,
        "at": wish.at.isoformat(),
    }


def _event(wish: EnterValues, one: GivenValue, n: int, at: int) -> AuditEvent:
    said = json.dumps([plain(one.value), one.source], ensure_ascii=False)
    return AuditEvent(
        subject=ids.indicators_subject(wish.cycle_id),
        n=at,
        action="indicator_entered" if n == 1 else "indicator_corrected",
        actor=wish.author,
        at=wish.at,
        sha256=hashlib.sha256(said.encode()).hexdigest(),
        refs={
            "cycle": wish.cycle_id,
            "indicator": one.indicator,
            "turn": str(one.turn),
            "period": one.period,
            "entry": str(n),
        },
    )
