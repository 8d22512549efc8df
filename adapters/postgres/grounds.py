"""The organisation's legal grounds: the acts that came with us, its own, and what lost force."""

from datetime import date

from sqlalchemy import Connection, text

from adapters.legal_acts import act_words, starting_acts
from adapters.postgres.rows import Known, put
from adapters.postgres.tables import GroundEndRow, GroundRow
from domain.errors import NotFound
from domain.grounds import Ground, GroundEnd

_OWN = text(
    """
    SELECT ground_id AS id, level, head, issuer, number, day, title, approves, topics, since
    FROM grounds WHERE organisation_id = :organisation ORDER BY since, recorded_at, ground_id
    """
)
_ENDS = text(
    "SELECT ground_id, lost_on, ended_by FROM ground_ends WHERE organisation_id = :organisation"
)


def listed(connection: Connection, organisation_id: str) -> tuple[Ground, ...]:
    """All acts of the organisation: those that came with us first, then its own."""
    given = {"organisation": organisation_id}
    ends = {
        row["ground_id"]: GroundEnd(lost_on=row["lost_on"], ended_by=row["ended_by"])
        for row in connection.execute(_ENDS, given).mappings()
    }
    own = (
        Ground.model_validate({**row, "own": True})
        for row in connection.execute(_OWN, given).mappings()
    )
    acts = (*starting_acts().acts, *own)
    return tuple(act.ended(ends[act.id]) if act.id in ends else act for act in acts)


def cited_on(
    connection: Connection, organisation_id: str, kind: str, day: date
) -> tuple[Ground, ...]:
    """What a document of this kind and day cites: acts of its topics that are in force."""
    topics = starting_acts().topics_of(kind)
    acts = listed(connection, organisation_id)
    return tuple(act for act in acts if act.is_in_force(day) and not topics.isdisjoint(act.topics))


def keep(
    connection: Connection,
    organisation_id: str,
    act: Ground,
    author: str,
    replaces: str | None = None,
) -> None:
    """Keep an act; what it replaces loses force on its first day. A repeat changes nothing.

    Raises as `end` does, if it replaces something.
    """
    row = {
        "ground_id": act.id,
        "organisation_id": organisation_id,
        "added_by": author,
        **act.model_dump(mode="json", exclude={"id", "end", "own"}),
    }
    put(connection, GroundRow, [row], Known.STAYS)
    if replaces is not None and act.since is not None:
        ended = GroundEnd(lost_on=act.since, ended_by=act_words(act))
        end(connection, organisation_id, replaces, ended, author)


def end(
    connection: Connection, organisation_id: str, ground_id: str, ended: GroundEnd, author: str
) -> None:
    """Keep that an act lost force. A repeat changes nothing.

    Raises `NotFound`, `WrongState` if another end was said, `BadDate` before the act's first day.
    """
    known = next((a for a in listed(connection, organisation_id) if a.id == ground_id), None)
    if known is None:
        raise NotFound(f"the organisation has no act {ground_id}")
    known.check_can_end(ended)
    row = {
        "organisation_id": organisation_id,
        "ground_id": ground_id,
        "author": author,
        **ended.model_dump(mode="json"),
    }
    put(connection, GroundEndRow, [row], Known.STAYS)
