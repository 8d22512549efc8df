"""Finds rows that are not what the program wrote; reads only.

Three looks, each over some tables (`adapters/postgres/kept_rows.py`): seals and their sums; rows
made anew from the saved states; rows that others name and that are not there.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, Engine, Select, select, text
from sqlmodel import SQLModel

from activities.tasks import State
from adapters.postgres.branch_tables import BranchRow
from adapters.postgres.kept_rows import COUNTED, NAMED, REMADE
from adapters.postgres.named_rows import MISSED
from adapters.postgres.projection import announcements, process_of, rows_of
from adapters.postgres.row_nights import nights_told
from adapters.postgres.rows import NO_ROWS, Row
from adapters.postgres.seal_tables import RowSumRow
from adapters.postgres.seals import SEAL, Counted, Sealed, added, plain, seals_of, summed, table_of
from adapters.postgres.work_tables import PairRow, ProcessRow
from domain import ids

_AT_ONCE: Final = 200  # rows, and processes, that are in memory at a time
_SHOWN: Final = 40  # characters of a value
_STATE: Final[TypeAdapter[State]] = TypeAdapter(State)
_ORGANISATIONS = text(
    "SELECT organisation_id FROM organisations UNION SELECT organisation_id FROM audit_heads"
)
_KNOWN = text("SELECT id, state IS NOT NULL AS saved FROM processes WHERE id = ANY(:ids)")
_BELONGS = ("document_id", "pair_id", "cycle_id")
_LATER: Final = {"novice"}  # empty in rows from before there was such a column


@contextmanager
def row_check(engine: Engine) -> Iterator["RowCheck"]:
    """A look at one moment: what is written meanwhile is not seen."""
    with engine.connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield RowCheck(connection)


class RowCheck:
    """Looks at rows, `looked` counts them. A fault names table and row, and the column if known."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._seals = seals_of(connection)
        self.looked = 0

    @cached_property
    def _nights(self) -> Mapping[str, int]:
        return nights_told(self._connection)

    def faults(self) -> Iterator[str]:
        """All that is wrong; memory does not grow with the number of rows."""
        for model in (*NAMED, *COUNTED):
            yield from self.sealed(model)
        yield from self.remade()
        for table in MISSED:
            yield from self.missed(table)

    def sealed(self, model: type[Sealed]) -> Iterator[str]:
        """Rows of a table whose seal does not hold; and, if they are counted, their sums."""
        table = table_of(model)
        sums: dict[str, tuple[int, str]] = {}
        for rows in self._batches(select(table)):
            for row in rows:
                if not self._seals.holds(model, row):
                    yield f"{_name(model, row)}: {_why(row)}{_belongs(row)}"
                if issubclass(model, Counted):
                    n, total = sums.get(row["organisation_id"], (0, NO_ROWS))
                    sums[row["organisation_id"]] = (n + 1, added(total, summed(row[SEAL])))
        if issubclass(model, Counted):
            yield from self._sums(table.name, sums)

    def remade(self, only: Collection[str] | None = None) -> Iterator[str]:
        """Rows that are not what the saved states say; of `only` these processes, else of all."""
        table = table_of(ProcessRow)
        query = select(table).where(table.c.state.is_not(None)).order_by(table.c.id)
        if only is not None:
            query = query.where(table.c.id.in_(only))
        for rows in self._batches(query):
            yield from self._of_processes(rows)

    def missed(self, table: str) -> Iterator[str]:
        """Rows of a table that are named elsewhere and not there, or belong to nothing."""
        for query, given in MISSED.get(table, ()):
            yield from self._connection.scalars(query, given)

    def _sums(self, table: str, found: Mapping[str, tuple[int, str]]) -> Iterator[str]:
        sums = table_of(RowSumRow)
        said = {
            row["organisation_id"]: (row["n"], row["total"], row["told"] or 0)
            for row in self._rows(select(sums).where(sums.c.of_table == table))
        }
        known, nights = self._connection.scalars(_ORGANISATIONS), self._nights
        for organisation in sorted({*found, *said, *known}):
            n, total = found.get(organisation, (0, NO_ROWS))
            if organisation not in said:
                yield f"{table}: сумма печатей не записана (row_sums, организация {organisation})"
            elif said[organisation][0] != n:
                yield (
                    f"{table}: строк {n}, служба записала {said[organisation][0]} "
                    f"(организация {organisation})"
                )
            elif said[organisation][1] != total:
                yield (
                    f"{table}: строки не те, что записала служба последними, "
                    f"сумма печатей другая (организация {organisation})"
                )
            elif said[organisation][2] < nights.get(organisation, 0):
                yield (
                    f"{table}: строки возвращены вместе с суммой печатей к тому, чем были до ночи "
                    f"{nights[organisation]} по журналу событий (организация {organisation})"
                )

    def _of_processes(self, rows: Sequence[Row]) -> Iterator[str]:
        states: list[State] = []
        for row in rows:
            try:
                state = _STATE.validate_json(json.dumps(row["state"]))
            except ValidationError:
                yield f"{row['id']}: состояние не читается (processes.state)"
                continue
            yield from _differences(ProcessRow, process_of(state), row, row["id"])
            if state.workflow_id == row["id"]:
                states.append(state)
        announced = {str(row["id"]): state for state in states for row in announcements(state)}
        known = {
            row.id: row.saved for row in self._connection.execute(_KNOWN, {"ids": list(announced)})
        }
        for child, state in announced.items():
            if child not in known:
                yield f"{child}: строки нет, начат из {state.workflow_id} (processes)"
        expected: dict[type[SQLModel], list[Row]] = {model: [] for model in REMADE}
        for state in states:
            for model, made in rows_of(state).items():
                expected[model] += [row for row in made if _is_of(model, row, state, known)]
        workflows = [state.workflow_id for state in states]
        for model, made in expected.items():
            yield from self._compared(model, made, workflows)

    def _compared(
        self, model: type[SQLModel], made: Sequence[Row], workflows: Sequence[str]
    ) -> Iterator[str]:
        table = table_of(model)
        if "workflow_id" in table.c:
            mine = table.c.workflow_id.in_(workflows)
        elif model is BranchRow:
            cycles = ids.cycle_workflow("")
            mine = table.c.cycle_id.in_([one.removeprefix(cycles) for one in workflows])
        else:
            name = "pair_id" if model is PairRow else "document_id"
            kind = ids.pair_workflow("") if model is PairRow else ids.document_workflow("")
            own = {one.removeprefix(kind) for one in workflows if one.startswith(kind)}
            mine = table.c[name].in_(own | {row[name] for row in made})
        found = {_key(model, row): row for row in self._rows(select(table).where(mine))}
        self.looked += len(found)
        for row in made:
            there = found.pop(_key(model, plain(model, row)), None)
            place = _place(model, row)
            if there is None:
                yield f"{place}: строки нет ({_name(model, row)})"
            else:
                yield from _differences(model, row, there, place)
        for row in found.values():
            yield f"{_place(model, row)}: строка лишняя ({_name(model, row)})"

    def _batches(self, query: Select[Any]) -> Iterator[Sequence[Row]]:
        options = {"yield_per": _AT_ONCE}
        with self._connection.execute(query, execution_options=options) as found:
            for rows in found.mappings().partitions():
                self.looked += len(rows)
                yield [dict(row) for row in rows]

    def _rows(self, query: Select[Any]) -> Sequence[Row]:
        return [dict(row) for row in self._connection.execute(query).mappings()]


def _is_of(model: type[SQLModel], row: Row, state: State, known: Mapping[str, bool]) -> bool:
    """True if the row follows from this state: a pair that was saved brings its own."""
    own = ids.pair_workflow(row["pair_id"]) if model is PairRow else state.workflow_id
    return own == state.workflow_id or not known.get(own, False)


def _differences(model: type[SQLModel], made: Row, found: Row, place: str) -> Iterator[str]:
    said, there = plain(model, made), plain(model, found)
    for name in made:
        if said[name] != there[name] and not (name in _LATER and there[name] is None):
            yield (
                f"{place}: {table_of(model).name}.{name}: {_short(there[name])}, "
                f"по состоянию {_short(said[name])}"
            )


def _key(model: type[SQLModel], row: Row) -> tuple[object, ...]:
    return tuple(row[one.name] for one in table_of(model).primary_key)


def _name(model: type[SQLModel], row: Row) -> str:
    return "/".join([table_of(model).name, *map(str, _key(model, row))])


def _place(model: type[SQLModel], row: Row) -> str:
    if "workflow_id" in row:
        return str(row["workflow_id"])
    if model is PairRow:
        return ids.pair_workflow(row["pair_id"])
    if model is BranchRow:
        return ids.cycle_workflow(row["cycle_id"])
    return ids.document_workflow(row["document_id"])


def _why(row: Row) -> str:
    return "строка не опечатана" if row[SEAL] is None else "строка не та, что записала служба"


def _belongs(row: Row) -> str:
    named = next((name for name in _BELONGS if row.get(name)), None)
    return f" ({named.removesuffix('_id')}/{row[named]})" if named else ""


def _short(value: object) -> str:
    words = json.dumps(value, ensure_ascii=False)
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def check_rows(engine: Engine) -> tuple[int, Sequence[str]]:
    """How many rows were looked at, and what is wrong with them."""
    with row_check(engine) as look:
        found = list(look.faults())
        return look.looked, found
