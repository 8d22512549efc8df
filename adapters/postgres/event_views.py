"""Events and publications of a cycle: the lists, and each with all that was said of it before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, text

from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.names import Names
from adapters.postgres.shown import Named
from adapters.postgres.standing_views import StandingViews
from adapters.postgres.titles import item_title, result_title
from adapters.postgres.turn_rows import LAUNCH, seasons_of
from adapters.postgres.work_tables import EVIDENCE
from domain.base import Value
from domain.errors import NotFound
from domain.events import EVENT_KINDS, EventKind, EventLink
from domain.roadmap import Roadmap


class ProvedResult(Value):
    """A result of a row that an event or a publication is counted for."""

    item_id: str
    step: str
    pair_id: str | None
    row: str
    result: str


class EventLine(Value):
    """An event as it is known now; `n` counts what was said of it, from 1."""

    event_id: str
    n: int
    cycle_id: str
    turn: int
    item_id: str | None
    kind: EventKind
    kind_title: str
    title: str
    day: date
    until: date | None
    place: str | None
    organisers: str | None
    programme: str | None
    outcome: str | None
    invited: int | None
    attendance: int | None  # None: it was not held yet
    links: tuple[EventLink, ...]
    listed: int  # how many people are named
    withdrawn: str | None  # why it was entered by mistake
    proves: tuple[ProvedResult, ...]


class EventVersion(Value):
    """What was said of an event at some time, in what readers compare."""

    n: int
    title: str
    day: date
    place: str | None
    invited: int | None
    attendance: int | None
    listed: int
    by: Named
    at: datetime


class EventView(Value):
    """An event, who came, and all versions of what was said, the latest first."""

    line: EventLine
    people: tuple[Named, ...]
    codes: tuple[str, ...]  # of these people, in the same order
    versions: tuple[EventVersion, ...]


class PublicationLine(Value):
    """A publication as it is known now, and when somebody last looked whether it is there."""

    publication_id: str
    n: int
    cycle_id: str
    turn: int
    what: str
    site: str
    address: str
    day: date
    checked_by: Named | None
    checked_at: datetime | None
    present: bool | None
    withdrawn: str | None
    proves: tuple[ProvedResult, ...]


class PublicationVersion(Value):
    """What was said of a publication at some time, or what somebody saw who looked."""

    n: int
    what: str
    site: str
    address: str
    day: date
    present: bool | None
    by: Named
    at: datetime


class PublicationView(Value):
    """A publication and all versions of what was said of it, the latest first."""

    line: PublicationLine
    versions: tuple[PublicationVersion, ...]


class EventYear(Value):
    """A yearly turn of the cycle."""

    turn: int
    start: date
    end: date


class CycleEvents(Value):
    """The events and publications of a cycle, the latest first."""

    turns: tuple[EventYear, ...]
    events: tuple[EventLine, ...]
    publications: tuple[PublicationLine, ...]


_EVENTS = text(
    """
    SELECT * FROM (
      SELECT DISTINCT ON (event_id) * FROM events
      WHERE organisation_id = :organisation AND cycle_id = :cycle ORDER BY event_id, n DESC
    ) AS latest ORDER BY day DESC, event_id
    """
)
_PUBLICATIONS = text(
    """
    SELECT * FROM (
      SELECT DISTINCT ON (publication_id) * FROM publications
      WHERE organisation_id = :organisation AND cycle_id = :cycle ORDER BY publication_id, n DESC
    ) AS latest ORDER BY day DESC, publication_id
    """
)
_EVENT = text(
    "SELECT * FROM events WHERE organisation_id = :organisation AND event_id = :id ORDER BY n DESC"
)
_PUBLICATION = text(
    """
    SELECT * FROM publications WHERE organisation_id = :organisation AND publication_id = :id
    ORDER BY n DESC
    """
)
_LISTED = text(
    """
    SELECT id, code FROM people WHERE organisation_id = :organisation AND id = ANY(:people)
    ORDER BY sort_key, id
    """
)
_PROVES = text(
    f"""
    SELECT coalesce(k.body ->> 'event_id', k.body ->> 'publication_id') AS id,
      i.item_id, i.step, i.roadmap_n, i.pair_id, r.place
    FROM items i, jsonb_array_elements(i.results) WITH ORDINALITY AS r (result, place),
      {EVIDENCE}, kept_texts k
    WHERE i.organisation_id = :organisation AND i.cycle_id = :cycle AND k.id = e.id
      AND coalesce(k.body ->> 'event_id', k.body ->> 'publication_id') IS NOT NULL
    ORDER BY i.opens, i.item_id, r.place
    """  # noqa: S608 - a constant of ours
)

Proved = Mapping[str, Sequence[ProvedResult]]


class EventViews(StandingViews):
    """Reads of events and publications. `NotFound` where the organisation has nothing such."""

    def cycle_events(self, organisation_id: str, cycle_id: str) -> CycleEvents:
        """All events and publications of a cycle; nobody who came is named."""
        given = {"cycle": cycle_id}
        with self._engine.connect() as connection:
            launch = one_of(connection, LAUNCH, organisation_id, "cycle", **given)
            roadmap = Roadmap.model_validate(launch["roadmap"])
            proved = _proved(connection, organisation_id, cycle_id, roadmap)
            events = rows_of(connection, _EVENTS, organisation_id, **given)
            published = rows_of(connection, _PUBLICATIONS, organisation_id, **given)
            checkers = [row["checked_by"] for row in published]
            names = Names(connection, organisation_id, checkers)
        return CycleEvents(
            turns=tuple(
                EventYear(turn=turn, start=season.start, end=season.end)
                for turn, season in seasons_of(roadmap, launch).items()
            ),
            events=tuple(_event(row, proved) for row in events),
            publications=tuple(_publication(row, proved, names) for row in published),
        )

    def event(self, organisation_id: str, event_id: str) -> EventView:
        """One event, with the names of those who came."""
        with self._engine.connect() as connection:
            rows = _versions(connection, _EVENT, organisation_id, event_id)
            proved = self._of(connection, organisation_id, rows[0]["cycle_id"])
            listed = {"people": rows[0]["people"]}
            people = rows_of(connection, _LISTED, organisation_id, **listed)
            authors = [row["author"] for row in rows]
            names = Names(connection, organisation_id, [*rows[0]["people"], *authors])
        return EventView(
            line=_event(rows[0], proved),
            people=tuple(names.of(row["id"]) for row in people),
            codes=tuple(row["code"] for row in people),
            versions=tuple(
                EventVersion(
                    **{one: row[one] for one in ("n", "title", "day", "place", "at")},
                    **{one: row[one] for one in ("invited", "attendance")},
                    listed=len(row["people"]),
                    by=names.of(row["author"]),
                )
                for row in rows
            ),
        )

    def publication(self, organisation_id: str, publication_id: str) -> PublicationView:
        """One publication."""
        with self._engine.connect() as connection:
            rows = _versions(connection, _PUBLICATION, organisation_id, publication_id)
            proved = self._of(connection, organisation_id, rows[0]["cycle_id"])
            checkers = [row["checked_by"] for row in rows]
            authors = [row["author"] for row in rows]
            names = Names(connection, organisation_id, [*checkers, *authors])
        return PublicationView(
            line=_publication(rows[0], proved, names),
            versions=tuple(
                PublicationVersion(
                    **{one: row[one] for one in ("n", "what", "site", "address", "day", "at")},
                    present=row["present"],
                    by=names.of(row["author"]),
                )
                for row in rows
            ),
        )

    def _of(self, connection: Connection, organisation_id: str, cycle_id: str) -> Proved:
        launch = one_of(connection, LAUNCH, organisation_id, "cycle", cycle=cycle_id)
        roadmap = Roadmap.model_validate(launch["roadmap"])
        return _proved(connection, organisation_id, cycle_id, roadmap)


def _versions(
    connection: Connection, query: Any, organisation_id: str, id_: str
) -> list[RowMapping]:
    rows = rows_of(connection, query, organisation_id, id=id_)
    if not rows:
        raise NotFound("no such event or publication")
    return rows


def _proved(
    connection: Connection, organisation_id: str, cycle_id: str, roadmap: Roadmap
) -> Proved:
    found: dict[str, list[ProvedResult]] = defaultdict(list)
    for row in rows_of(connection, _PROVES, organisation_id, cycle=cycle_id):
        found[row["id"]].append(
            ProvedResult(
                **{one: row[one] for one in ("item_id", "step", "pair_id")},
                row=item_title(roadmap, row["step"], row["roadmap_n"]),
                result=result_title(roadmap, row["step"], row["place"], row["roadmap_n"]),
            )
        )
    return found


def _event(row: RowMapping, proved: Proved) -> EventLine:
    same = (
        *("event_id", "n", "cycle_id", "turn", "item_id", "kind", "title", "day", "until"),
        *("place", "organisers", "programme", "outcome", "invited", "attendance", "withdrawn"),
    )
    kind: EventKind = row["kind"]
    return EventLine(
        **{one: row[one] for one in same},
        kind_title=EVENT_KINDS[kind],
        links=tuple(EventLink.model_validate(one) for one in row["links"]),
        listed=len(row["people"]),
        proves=tuple(proved.get(row["event_id"], ())),
    )


def _publication(row: RowMapping, proved: Proved, names: Names) -> PublicationLine:
    same = (
        *("publication_id", "n", "cycle_id", "turn", "what", "site", "address", "day"),
        *("checked_at", "present", "withdrawn"),
    )
    return PublicationLine(
        **{one: row[one] for one in same},
        checked_by=names.of_any(row["checked_by"]),
        proves=tuple(proved.get(row["publication_id"], ())),
    )
