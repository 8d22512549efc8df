"""Writing many rows with one statement."""

from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any, cast

from sqlalchemy import JSON, Connection, Table, bindparam, column, func, or_, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlmodel import SQLModel

Row = Mapping[str, Any]


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
    """Write `rows`, all with the same columns; returns how many were made or changed.

    `key` are the columns by which a row is known, the primary key if not said. What is replaced
    and equal is not written. A value is plain JSON, an ISO text for dates and moments. Raises
    `sqlalchemy.exc.IntegrityError` if a row breaks another rule than the one of `key`.
    """
    if not rows:
        return 0
    statement = _statement(model, tuple(rows[0]), known, key)
    options = {"preserve_rowcount": True}
    return connection.execute(statement, {"rows": list(rows)}, execution_options=options).rowcount


@cache
def _statement(
    model: type[SQLModel], names: tuple[str, ...], known: Known, key: tuple[str, ...]
) -> Insert:
    table = table_of(model)
    given = (
        func.json_to_recordset(bindparam("rows", type_=JSON))
        .table_valued(*(column(name, table.c[name].type) for name in names), name="given")
        .render_derived(with_types=True)
    )
    statement = insert(table).from_select(list(names), select(given))
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


def table_of(model: type[SQLModel]) -> Table:
    """The table of a model."""
    return cast(Table, getattr(model, "__table__"))  # noqa: B009 - SQLModel does not declare it
