"""Changes of rows past the program, as whoever has the database but not the master key makes them.

Each is made in a transaction that the caller rolls back; triggers sleep, as they do for a superuser
who wants them to.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, and_, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import IntegrityError
from sqlalchemy.types import JSON
from sqlmodel import SQLModel

from adapters.files.keyring import MasterKeys, new_master_key
from adapters.postgres.assignment_tables import AssignmentRow
from adapters.postgres.kept_rows import COUNTED, NAMED, REMADE
from adapters.postgres.seal_tables import RowSumRow
from adapters.postgres.seals import SEAL, Sealed, Seals, columns, table_of
from adapters.postgres.tables import KeptTextRow, ObjectKeyRow, ObjectRow

MODELS: Sequence[type[SQLModel]] = (*COUNTED, *NAMED, *REMADE)
UNSEEN = {"verdicts": {"recorded_at"}, "pairs": {"novice"}}
"""Columns of rows made from states that no state says."""

UNNAMED: Mapping[type[SQLModel], str] = {
    AssignmentRow: """
        SELECT * FROM assignments s WHERE s.version <> (
          SELECT (p.state ->> 'version')::int FROM processes p
          WHERE p.id = 'document/' || s.document_id)
    """,
    KeptTextRow: """
        SELECT * FROM kept_texts t
        WHERE NOT EXISTS (SELECT FROM audit_entries a WHERE strpos(a.text, t.id) > 0)
          AND NOT EXISTS (SELECT FROM processes p WHERE strpos(p.state::text, t.id) > 0)
          AND NOT EXISTS (SELECT FROM journal_lines l WHERE l.reason_id = t.id)
    """,
    ObjectKeyRow: """
        SELECT * FROM object_keys k WHERE k.key_id NOT IN (SELECT key_id FROM objects)
    """,
    ObjectRow: """
        SELECT * FROM objects o WHERE o.role = 'incoming' AND NOT EXISTS (
          SELECT FROM audit_entries a WHERE strpos(a.text, o.sha256) > 0)
    """,
}
"""Rows on which nothing was built, so that none is missed (docs/audit.md): those of earlier
versions, and what came with a wish that was refused or repeated.
"""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Forged:
    """What was done to a row of a table; a report names the table and one of `named`."""

    what: str
    model: type[SQLModel]
    named: frozenset[str]

    def is_named_by(self, fault: str) -> bool:
        table = table_of(self.model).name
        return table in fault and any(name in fault for name in self.named)


class Forger:
    """Draws changes; `rows` are those of the whole archive, which nothing changes meanwhile."""

    def __init__(self, connection: Connection, random: Random) -> None:
        self._connection, self._random = connection, random
        found = {
            model: [dict(row) for row in connection.execute(select(table_of(model))).mappings()]
            for model in MODELS
        }
        self.rows = {model: rows for model, rows in found.items() if rows}
        self._unnamed = {
            model: [dict(row) for row in connection.execute(text(query)).mappings()]
            for model, query in UNNAMED.items()
        }
        self._strange = Seals(MasterKeys.from_text(new_master_key()))

    def forge(self, *spared: type[SQLModel]) -> Forged:
        """Change something in any table but the spared ones, and say what."""
        kinds: list[Callable[[type[SQLModel], Row], Forged | None]] = [
            self._changed,
            self._changed,
            self._changed,
            self._swapped,
            self._deleted,
            self._copied,
            self._sealed_by_another_key,
        ]
        while True:
            model = self._random.choice([one for one in self.rows if one not in spared])
            row = self._random.choice(self.rows[model])
            try:
                with self._connection.begin_nested():
                    forged = self._random.choice(kinds)(model, row)
            except IntegrityError:  # there is such a row: something else, then
                continue
            if forged is not None:
                return forged

    def _changed(self, model: type[SQLModel], row: Row) -> Forged | None:
        name = self._random.choice(seen(model))
        value = self._other(model, row, name)
        if value == row[name]:
            return None
        self._write(model, row, {name: value})
        return self._forged(f"{name} changed", model, row, {**row, name: value})

    def _swapped(self, model: type[SQLModel], row: Row) -> Forged | None:
        keys = {one.name for one in table_of(model).primary_key}
        names = [name for name in seen(model) if name not in keys]
        others = [one for one in self.rows[model] if any(one[n] != row[n] for n in names)]
        if not others:
            return None
        other = self._random.choice(others)
        name = self._random.choice([name for name in names if other[name] != row[name]])
        self._write(model, row, {name: other[name]})
        self._write(model, other, {name: row[name]})
        return self._forged(f"{name} swapped", model, row, other)

    def _deleted(self, model: type[SQLModel], row: Row) -> Forged | None:
        if row in self._unnamed.get(model, ()):
            return None
        self._connection.execute(table_of(model).delete().where(_same(model, row)))
        return self._forged("deleted", model, row)

    def _copied(self, model: type[SQLModel], row: Row) -> Forged | None:
        keys = [one.name for one in table_of(model).primary_key if isinstance(row[one.name], str)]
        name = self._random.choice(keys)
        copy = {**row, name: f"{str(row[name])[:-4]}{self._random.randrange(1000, 10000)}"}
        self._connection.execute(table_of(model).insert().values(copy))
        return self._forged("copied", model, copy)

    def _sealed_by_another_key(self, model: type[SQLModel], row: Row) -> Forged | None:
        if not issubclass(model, Sealed):
            return None
        name = self._random.choice(seen(model))
        value = self._other(model, row, name)
        if value == row[name]:
            return None
        new = {**row, name: value}
        seal = self._random.choice(
            (
                self._strange.seal(model, new),
                str(row[SEAL]).partition(":")[0] + self._strange.seal(model, new)[16:],
                None,
            )
        )
        self._write(model, row, {name: value, SEAL: seal})
        return self._forged(f"{name} changed and sealed by another key", model, row, new)

    def _other(self, model: type[SQLModel], row: Row, name: str) -> Any:  # noqa: ANN401 - of a row
        """Another value of the same kind: that of another row, or one that looks like it."""
        there = [one[name] for one in self.rows[model] if one[name] not in (None, row[name])]
        if there and self._random.random() < 0.5:
            return self._random.choice(there)
        value, column = row[name], table_of(model).c[name]
        if value is None:
            return self._random.choice(there) if there else None
        if isinstance(column.type, JSON | JSONB):
            return _with_another_leaf(value, self._random)
        if isinstance(column.type, LargeBinary):
            return bytes([value[0] ^ 1]) + value[1:]
        return _changed_a_little(value, self._random)

    def _write(self, model: type[SQLModel], row: Row, new: Row) -> None:
        table = table_of(model)
        self._connection.execute(table.update().where(_same(model, row)).values(dict(new)))

    def _forged(self, what: str, model: type[SQLModel], *rows: Row) -> Forged:
        named = {name for row in rows for name in names(model, row)}
        if what == "deleted" or model is RowSumRow:  # a sum says whose it is
            named |= {row["organisation_id"] for row in rows}
        return Forged(what, model, frozenset(named))


def seen(model: type[SQLModel]) -> list[str]:
    """The columns of which a change is found."""
    return sorted(columns(model) - UNSEEN.get(table_of(model).name, set()))


def names(model: type[SQLModel], row: Row) -> set[str]:
    """The words by which a report may name a row: its key, or its process."""
    table = table_of(model)
    key = "/".join([table.name, *(str(row[one.name]) for one in table.primary_key)])
    found = {key, *(str(row[one.name]) for one in table.primary_key)}
    for name in ("document_id", "pair_id", "workflow_id", "subject", "line_id"):
        if row.get(name):
            found.add(str(row[name]))
    return found


def _same(model: type[SQLModel], row: Row) -> ColumnElement[bool]:
    return and_(*(one == row[one.name] for one in table_of(model).primary_key))


def _with_another_leaf(value: Any, random: Random) -> Any:  # noqa: ANN401 - any JSON
    """The same JSON but for one of its leaves."""
    if isinstance(value, dict) and value:
        name = random.choice(sorted(value))
        return {**value, name: _with_another_leaf(value[name], random)}
    if isinstance(value, list) and value:
        n = random.randrange(len(value))
        return [*value[:n], _with_another_leaf(value[n], random), *value[n + 1 :]]
    return _changed_a_little(value, random)


def _changed_a_little(value: Any, random: Random) -> Any:  # noqa: ANN401 - of a row
    match value:
        case bool():
            return not value
        case int() | float():
            return value + random.choice((-1, 1, 10))
        case datetime():
            return value + timedelta(seconds=random.choice((1, 86400)))
        case date():
            return value + timedelta(days=random.choice((1, 365)))
        case str() if value:
            n = random.randrange(len(value))
            letter = random.choice([one for one in "0123456789abcdef" if one != value[n]])
            return value[:n] + letter + value[n + 1 :]
        case _:
            return "0"
