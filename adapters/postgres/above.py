"""The organisations above one, and a consent that names one of them as recipient."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, text

from adapters.postgres.access_views import rows_of
from adapters.postgres.organisation_views import UpperOrganisation
from domain import transfers

_ABOVE: Final = text(
    """
    WITH RECURSIVE above AS (
      SELECT u.*, 1 AS far FROM organisations o
      JOIN organisations u ON u.organisation_id = o.upper_id
      WHERE o.organisation_id = :organisation
      UNION ALL
      SELECT u.*, a.far + 1 FROM above a
      JOIN organisations u ON u.organisation_id = a.upper_id)
    SELECT organisation_id, name, short_name, address FROM above ORDER BY far
    """
)


def above(connection: Connection, organisation_id: str) -> tuple[UpperOrganisation, ...]:
    """Those above an organisation, the nearest first. Levels rise strictly, so this ends."""
    rows = rows_of(connection, _ABOVE, organisation_id)
    return tuple(UpperOrganisation.model_validate(dict(row)) for row in rows)


def recipient_facts(
    connection: Connection, organisation_id: str, said: Mapping[str, Any]
) -> Mapping[str, object]:
    """What follows from the recipient above that a consent names, if it names one.

    Raises as `transfers.check_recipient` does.
    """
    if transfers.RECIPIENT not in said:
        return {}
    known = {one.organisation_id: one for one in above(connection, organisation_id)}
    transfers.check_recipient(said, known)
    named = known[said[transfers.RECIPIENT]]
    return transfers.facts_of(named.organisation_id, named.name, named.address)
