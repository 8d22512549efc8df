"""Seals the rows of a database that an earlier version of the program has written."""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Connection, and_, select, text

from adapters.files.keyring import MasterKeys
from adapters.postgres.kept_rows import COUNTED, NAMED
from adapters.postgres.row_nights import nights_told
from adapters.postgres.rows import NO_ROWS, put
from adapters.postgres.seal_tables import RowSumRow
from adapters.postgres.seals import OPTION, SEAL, Sealed, Seals, added, seals_of, summed, table_of
from adapters.postgres.work_tables import AuditHeadRow

Row = TypeVar("Row", bound=Sealed)


def seal_since(connection: Connection, keys: MasterKeys, revision: str) -> None:
    """Seal and count, once, the rows of tables that are sealed since a later revision of the
    schema than this one: in the transaction of the upgrade.

    Never later: what was changed past the program would become lawful.
    """
    connection.execution_options(**{OPTION: Seals(keys)})
    for model in _new(NAMED, revision):
        deque(_sealed(connection, model), maxlen=0)
    heads = table_of(AuditHeadRow)
    organisations = connection.scalars(select(heads.c.organisation_id)).all()
    nights = nights_told(connection)
    for model in _new(COUNTED, revision):
        sums = dict.fromkeys(organisations, (0, NO_ROWS))
        for organisation, seal in _sealed(connection, model):
            n, total = sums.get(organisation, (0, NO_ROWS))
            sums[organisation] = (n + 1, added(total, summed(seal)))
        rows = [
            {
                "organisation_id": organisation,
                "of_table": table_of(model).name,
                "n": n,
                "total": total,
                "told": nights.get(organisation),
            }
            for organisation, (n, total) in sums.items()
        ]
        put(connection, RowSumRow, rows)


def _new(models: Sequence[type[Row]], revision: str) -> list[type[Row]]:
    return [model for model in models if model.sealed_since > revision]


def _sealed(connection: Connection, model: type[Sealed]) -> Iterator[tuple[str, str]]:
    """Seals the rows of a table; whose they are, and their seals."""
    table, seals = table_of(model), seals_of(connection)
    # Of tables that only grow, for the owner too: until this transaction ends.
    connection.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER USER"))
    for found in connection.execute(select(table)).mappings().all():
        row = dict(found)
        seal = seals.seal(model, row)
        same = and_(*(one == row[one.name] for one in table.primary_key))
        connection.execute(table.update().where(same).values({SEAL: seal}))
        yield row["organisation_id"], seal
    connection.execute(text(f"ALTER TABLE {table.name} ENABLE TRIGGER USER"))
