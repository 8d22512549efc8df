"""A pair or a cycle as it stood at the end of a past day, told by the log and nothing else.

Rows are asked only for what never changes: titles of kinds, of stages, and how people are called.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, TextClause, text

from adapters.postgres.access_views import one_of
from adapters.postgres.names import Names
from adapters.postgres.shown import Named
from adapters.postgres.standing_views import ENDED_TITLES, StandingViews
from adapters.postgres.titles import form_title, item_title, stage_title
from domain.audit import AuditEvent
from domain.base import Value
from domain.past import QUIET, DocumentStood, PairStood, Past, RowStood
from domain.roadmap import Roadmap

_AT_ONCE = 1000


class PastPair(Value):
    """A pair then. What the log does not tell is None."""

    pair_id: str
    mentor: Named | None
    mentee: Named | None
    form_title: str | None
    turn: int | None
    stage: str | None
    stage_title: str | None


class PastDocument(Value):
    """A document then; `waits_for` is the kind of task that its stage means."""

    document_id: str
    title: str
    pair_id: str | None
    stage: str | None
    version: int | None
    sha256: str | None
    number: str | None
    day: date | None
    ended: str | None
    waits_for: str | None


class PastRow(Value):
    """A row of the roadmap that had been opened by then."""

    item_id: str
    title: str
    pair_id: str | None
    done: bool | None


class PairPast(Value):
    """A pair at the end of a day, and which entry of the log was the last to tell of it."""

    on: date
    last_entry: int | None
    """None if the log had nothing of it yet: then it was not formed."""
    pair: PastPair | None
    documents: tuple[PastDocument, ...]
    rows: tuple[PastRow, ...]


class CyclePast(Value):
    """A cycle at the end of a day, and which entry of the log was the last to tell of it."""

    on: date
    last_entry: int | None
    stage: str | None
    turns_closed: int
    pairs: tuple[PastPair, ...]
    documents: tuple[PastDocument, ...]
    rows: tuple[PastRow, ...]


_OF_PAIR = text(
    """
    SELECT seq, text FROM audit_entries
    WHERE organisation_id = :organisation AND at <= :until AND action <> ALL(:quiet)
      AND (pair_id = :id OR subject = 'document/' || CAST(:order AS varchar))
    ORDER BY seq
    """
)
_OF_CYCLE = text(
    """
    SELECT seq, text FROM audit_entries
    WHERE organisation_id = :organisation AND cycle_id = :id AND at <= :until
      AND action <> ALL(:quiet)
    ORDER BY seq
    """
)
_PAIR = text(
    """
    SELECT r.cycle_id, p.state ->> 'order_id' AS order_id, l.roadmap, l.time_zone
    FROM pairs r JOIN programmes l USING (cycle_id)
    LEFT JOIN processes p ON p.id = 'pair/' || r.pair_id
    WHERE r.organisation_id = :organisation AND r.pair_id = :id
    """
)
_CYCLE = text(
    """
    SELECT cycle_id, roadmap, time_zone FROM programmes
    WHERE organisation_id = :organisation AND cycle_id = :id
    """
)
# Events come by a cursor, which lives in a transaction.
_IN_ONE: Final = "READ COMMITTED"


class PastViews(StandingViews):
    """What stood on a past day. `NotFound` where the organisation has nothing of the kind."""

    def pair_past(self, organisation_id: str, pair_id: str, on: date) -> PairPast:
        """A pair with its documents and rows, and the order that names it."""
        with self._engine.connect().execution_options(isolation_level=_IN_ONE) as connection:
            row = one_of(connection, _PAIR, organisation_id, "pair", id=pair_id)
            given = {"organisation": organisation_id, "id": pair_id, "order": row["order_id"]}
            past, last = _read(connection, _OF_PAIR, given, on, row["time_zone"])
            known = past.pairs.get(pair_id)
            names = Names(connection, organisation_id, _people([known] if known else []))
        roadmap = Roadmap.model_validate(row["roadmap"])
        rows = [one for one in past.rows.values() if one.pair_id == pair_id]
        return PairPast(
            on=on,
            last_entry=last,
            pair=_pair(known, names, roadmap) if known else None,
            documents=tuple(map(self._document, past.documents.values())),
            rows=tuple(_row(one, roadmap) for one in rows),
        )

    def cycle_past(self, organisation_id: str, cycle_id: str, on: date) -> CyclePast:
        """A cycle with its pairs, its documents and its own rows."""
        with self._engine.connect().execution_options(isolation_level=_IN_ONE) as connection:
            row = one_of(connection, _CYCLE, organisation_id, "cycle", id=cycle_id)
            given = {"organisation": organisation_id, "id": cycle_id}
            past, last = _read(connection, _OF_CYCLE, given, on, row["time_zone"])
            names = Names(connection, organisation_id, _people(past.pairs.values()))
        roadmap, cycle = Roadmap.model_validate(row["roadmap"]), past.cycles.get(cycle_id)
        rows = [one for one in past.rows.values() if one.pair_id is None]
        return CyclePast(
            on=on,
            last_entry=last,
            stage=cycle.stage if cycle else None,
            turns_closed=cycle.turns_closed if cycle else 0,
            pairs=tuple(_pair(one, names, roadmap) for one in past.pairs.values()),
            documents=tuple(map(self._document, past.documents.values())),
            rows=tuple(_row(one, roadmap) for one in rows),
        )

    def _document(self, stood: DocumentStood) -> PastDocument:
        kind = self._kinds.get(stood.kind or "")
        same = ("document_id", "pair_id", "stage", "version", "sha256", "number", "day")
        return PastDocument(
            **{name: getattr(stood, name) for name in same},
            title=kind.title if kind else stood.kind or stood.document_id,
            ended=ENDED_TITLES[stood.ended] if stood.ended else None,
            waits_for=stood.waits_for,
        )


def _read(
    connection: Connection, query: TextClause, given: Mapping[str, object], on: date, zone: str
) -> tuple[Past, int | None]:
    """What the events up to the end of the day tell, and the number of the last of them."""
    until = datetime.combine(on, time.max, ZoneInfo(zone))
    past, last = Past(), None
    said = {**given, "until": until, "quiet": list(QUIET)}
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(query, said):
        past.take(AuditEvent.model_validate_json(row.text))
        last = row.seq
    return past, last


def _people(pairs: Iterable[PairStood]) -> list[str | None]:
    return [one for pair in pairs for one in (pair.mentor_id, pair.mentee_id)]


def _pair(stood: PairStood, names: Names, roadmap: Roadmap) -> PastPair:
    return PastPair(
        pair_id=stood.pair_id,
        mentor=names.of_any(stood.mentor_id),
        mentee=names.of_any(stood.mentee_id),
        form_title=stood.form and form_title(roadmap, stood.form),
        turn=stood.turn,
        stage=stood.stage,
        stage_title=None if stood.stage is None else stage_title(roadmap, stood.stage),
    )


def _row(stood: RowStood, roadmap: Roadmap) -> PastRow:
    title = item_title(roadmap, stood.step)
    return PastRow(item_id=stood.item_id, title=title, pair_id=stood.pair_id, done=stood.done)
