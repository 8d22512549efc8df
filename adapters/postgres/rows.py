"""Writing many rows with one statement, each with its seal where its table has one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    DateTime,
    Select,
    Table,
    TableValuedAlias,
    and_,
    bindparam,
    column,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlmodel import SQLModel

from adapters.postgres.seal_tables import RowSumRow
from adapters.postgres.seals import (
    SEAL,
    Counted,
    Sealed,
    added,
    columns,
    seals_of,
    summed,
    table_of,
)

Row = Mapping[str, Any]
NO_ROWS = f"{0:064x}"
"""The sum of a table without rows."""


class Known(Enum):
    """What happens to a row whose key is there already."""

    IS_AN_ERROR = "is an error"
    STAYS = "stays"
    IS_REPLACED = "is replaced"


def put(
    connection: Connection,
    model: type[SQLModel],
    rows: Sequence[Row],
    known: Known = Known.IS_REPLACED,
    key: tuple[str, ...] = (),
) -> int:
    r"""Write `rows`, all with the same columns; returns how many were made or changed.

    `key` are the columns by which a row is known, the primary key if not said. What is replaced
    and equal is not written. A value is plain JSON, an ISO text for dates and moments, `\x…` for
    bytes. A sealed row that replaces another has all columns; those of a counted table are of one
    organisation. Raises `sqlalchemy.exc.IntegrityError` if a row breaks another rule than the one
    of `key`.
    """
    if not rows:
        return 0
    if issubclass(model, Sealed):
        rows = [_sealed(connection, model, row, known) for row in rows]
    statement = _statement(model, tuple(rows[0]), known, key)
    given, options = {"rows": list(rows)}, {"preserve_rowcount": True}
    if not issubclass(model, Counted):
        return connection.execute(statement, given, execution_options=options).rowcount
    organisation = str(rows[0]["organisation_id"])
    _lock_sum(connection, model, organisation)
    same = _seals(model, key)
    gone = connection.scalars(same, given).all()
    written = connection.execute(statement, given, execution_options=options).rowcount
    if written:
        _move_sum(connection, model, organisation, gone, connection.scalars(same, given).all())
    return written


def change(
    connection: Connection,
    model: type[Sealed],
    which: Row,
    changes: Row | Callable[[Row], Row],
) -> int:
    """Change the sealed rows that have the values of `which`; returns how many there are.

    Values are those of Python; `which` names the organisation. A row whose seal does not hold
    keeps that seal: what was changed past the program becomes lawful by no lawful change.
    """
    table, seals, organisation = table_of(model), seals_of(connection), which["organisation_id"]
    if issubclass(model, Counted):
        _lock_sum(connection, model, organisation)
    condition = _has(table, which)
    found = connection.execute(select(table).where(condition).with_for_update())
    rows = [dict(row) for row in found.mappings()]
    come = []
    for row in rows:
        new = dict(changes(row) if callable(changes) else changes)
        new[SEAL] = row[SEAL]
        if seals.holds(model, row):
            new[SEAL] = seals.seal(model, {**row, **new})
        same = _has(table, {one.name: row[one.name] for one in table.primary_key})
        connection.execute(table.update().where(same).values(new))
        come.append(new[SEAL])
    if rows and issubclass(model, Counted):
        _move_sum(connection, model, organisation, [row[SEAL] for row in rows], come)
    return len(rows)


def remove(connection: Connection, model: type[Counted], which: Row) -> None:
    """Delete the rows that have the values of `which`, which names the organisation."""
    table, organisation = table_of(model), which["organisation_id"]
    _lock_sum(connection, model, organisation)
    deletion = table.delete().where(_has(table, which)).returning(table.c[SEAL])
    gone = connection.scalars(deletion).all()
    _move_sum(connection, model, organisation, gone, [])


def open_sums(connection: Connection, organisation: str, models: Sequence[type[SQLModel]]) -> None:
    """Begin to count the rows of an organisation, unless they are counted."""
    rows = [
        {"organisation_id": organisation, "of_table": table_of(one).name, "n": 0, "total": NO_ROWS}
        for one in models
    ]
    put(connection, RowSumRow, rows, Known.STAYS)


def _sealed(connection: Connection, model: type[SQLModel], row: Row, known: Known) -> Row:
    """The row with its times of writing and its seal."""
    now = datetime.now(UTC).isoformat()
    whole = {**dict.fromkeys(_written_by_server(model), now), **row}
    missing = columns(model) - whole.keys()
    if known is Known.IS_REPLACED and missing:
        raise ValueError(f"{table_of(model).name}: {', '.join(sorted(missing))} would be kept")
    return {**whole, SEAL: seals_of(connection).seal(model, whole)}


@cache
def _written_by_server(model: type[SQLModel]) -> tuple[str, ...]:
    """Columns with the time of writing. It is sealed, so it is the program's clock that writes."""
    return tuple(
        one.name
        for one in table_of(model).columns
        if one.server_default is not None
        and isinstance(one.type, DateTime)
        and one.name in columns(model)
    )


def _lock_sum(connection: Connection, model: type[SQLModel], organisation: str) -> None:
    """Nobody else writes such rows of the organisation until the transaction ends."""
    connection.execute(_sum_of(model, organisation).with_for_update())


def _move_sum(
    connection: Connection,
    model: type[SQLModel],
    organisation: str,
    gone: Sequence[str | None],
    come: Sequence[str | None],
) -> None:
    """Number and sum follow what was written. A sum that does not hold stays as it is, and one
    that is not there is not made: only `open_sums` does.
    """
    found = connection.execute(_sum_of(model, organisation)).mappings().one_or_none()
    row = dict(found or {})
    if not row or not seals_of(connection).holds(RowSumRow, row):
        return
    new = {
        **row,
        "n": row["n"] + len(come) - len(gone),
        "total": added(row["total"], sum(map(summed, come)) - sum(map(summed, gone))),
    }
    del new[SEAL]
    put(connection, RowSumRow, [new])


def _sum_of(model: type[SQLModel], organisation: str) -> Select[Any]:
    sums = table_of(RowSumRow)
    return select(sums).where(
        sums.c.organisation_id == organisation, sums.c.of_table == table_of(model).name
    )


def _has(table: Table, which: Row) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in which.items()))


@cache
def _seals(model: type[SQLModel], key: tuple[str, ...]) -> Select[Any]:
    """The seals of the rows that have the keys of the given ones, or their other `key`."""
    table = table_of(model)
    own = tuple(one.name for one in table.primary_key)
    given = _given(table, (*own, *(name for name in key if name not in own)))
    keys = (and_(*(table.c[n] == given.c[n] for n in names)) for names in {own, key} if names)
    same = or_(*keys)
    return select(table.c[SEAL]).where(exists().select_from(given).where(same))


@cache
def _statement(
    model: type[SQLModel], names: tuple[str, ...], known: Known, key: tuple[str, ...]
) -> Insert:
    table = table_of(model)
    statement = insert(table).from_select(list(names), select(_given(table, names)))
    if known is Known.IS_AN_ERROR:
        return statement
    known_by = key or tuple(one.name for one in table.primary_key)
    fixed = {*known_by, *(one.name for one in table.primary_key)}
    changing = [name for name in names if name not in fixed]
    if known is Known.STAYS or not changing:
        return statement.on_conflict_do_nothing(index_elements=known_by)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=known_by,
        set_={name: new[name] for name in changing},
        where=or_(*(table.c[name].is_distinct_from(new[name]) for name in changing)),
    )


def _given(table: Table, names: tuple[str, ...]) -> TableValuedAlias:
    """The rows of a statement as a table."""
    return (
        func.json_to_recordset(bindparam("rows", type_=JSON))
        .table_valued(*(column(name, table.c[name].type) for name in names), name="given")
        .render_derived(with_types=True)
    )
