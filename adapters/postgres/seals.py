"""Seals of rows: whoever has the database but not the master key changes no row unseen.

A row of a `Sealed` table carries an HMAC over its columns, made by the program with a key derived
from the master key. Such a row can be neither changed nor made by SQL alone, but it could be
deleted, or replaced by what it was before. So of `Counted` tables, in which rows are rare, the
number and the sum of the seals are kept beside them, sealed too; of the other ones, the log and
the saved states name every row that matters (`adapters/postgres/row_checks.py`).
"""

import hmac
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any, ClassVar, Final, cast

from sqlalchemy import JSON, Connection, Date, DateTime, Engine, LargeBinary, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

from adapters.files.keyring import MasterKeys
from domain.errors import WrongKey

SEAL = "seal"
OPTION = "seals"
"""The execution option of an engine that holds its `Seals`."""

_PURPOSE = b"nastavnik row seal v1"
_MODULUS = 1 << 256
_KINDS: Final[tuple[tuple[type, type], ...]] = (
    (DateTime, datetime),
    (Date, date),
    (LargeBinary, bytes),
    (JSONB, JSONB),
    (JSON, JSON),
)
"""How values of a type of columns are made plain, the first that fits; others are plain."""


class JsonText(str):
    """A JSON value as `json_text` writes it: so what is written and sealed is made once."""

    __slots__ = ()


class Sealed(SQLModel):
    """Rows that carry a seal; `unsealed` are the columns that it does not cover.

    `sealed_since` is the revision of the schema since which the program seals them.
    """

    unsealed: ClassVar[frozenset[str]] = frozenset()
    sealed_since: ClassVar[str] = "0017"

    seal: str | None = None


class Counted(Sealed):
    """Sealed rows of which number and sum are kept as well."""


class Seals:
    """Makes and checks seals: `id of the master key:HMAC-SHA256`, both in hex."""

    def __init__(self, keys: MasterKeys) -> None:
        self.current_id = keys.current_id
        self._key = lru_cache(8)(lambda key_id: keys.subkey(key_id, _PURPOSE))

    def seal(self, model: type[SQLModel], row: Mapping[str, Any]) -> str:
        """The seal of a row, given as it is written or as it was read."""
        return self._sealed(self.current_id, canonical(model, row))

    def holds(self, model: type[SQLModel], row: Mapping[str, Any]) -> bool:
        """True if the row is what was sealed, by a master key that is among ours."""
        seal = row[SEAL]
        if not isinstance(seal, str):
            return False
        try:
            made = self._sealed(seal.partition(":")[0], canonical(model, row))
        except WrongKey:
            return False
        return hmac.compare_digest(made.encode(), seal.encode())

    def _sealed(self, key_id: str, text: str) -> str:
        return f"{key_id}:{hmac.digest(self._key(key_id), text.encode(), 'sha256').hex()}"


def seals_of(connection: Connection | Engine) -> Seals:
    """The seals of the engine, or of the connection's. Raises `WrongKey` if it was given none."""
    found = connection.get_execution_options().get(OPTION)
    if not isinstance(found, Seals):
        raise WrongKey("rows are sealed with the master key, and this engine has none")
    return found


def columns(model: type[SQLModel]) -> frozenset[str]:
    """What the seal of a row covers."""
    return frozenset(_kinds(model))


def canonical(model: type[SQLModel], row: Mapping[str, Any]) -> str:
    """The one text of a row that is sealed. What is empty is left out: a column that a later
    version of the program adds breaks no seal.
    """
    said = {
        # A hash: what is long is not written a second time.
        name: sha256(value.encode()).hexdigest() if isinstance(value, JsonText) else value
        for name, value in plain(model, row).items()
        if value is not None
    }
    return json_text([table_of(model).name, said])


def json_text(value: object) -> JsonText:
    """The one text of a JSON value, however its keys are ordered."""
    return JsonText(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


def plain(model: type[SQLModel], row: Mapping[str, Any]) -> dict[str, Any]:
    """The sealed columns of a row as plain JSON, the same before writing and after reading."""
    return {name: _plain(kind, row.get(name)) for name, kind in _kinds(model).items()}


def summed(seal: str | None) -> int:
    """What a row adds to the sum of its table."""
    return int.from_bytes(sha256((seal or "").encode()).digest(), "big")


def added(total: str, summand: int) -> str:
    """The next sum, in hex."""
    return f"{(int(total, 16) + summand) % _MODULUS:064x}"


def table_of(model: type[SQLModel]) -> Table:
    """The table of a model."""
    return cast(Table, getattr(model, "__table__"))  # noqa: B009 - SQLModel does not declare it


@cache
def _kinds(model: type[SQLModel]) -> dict[str, type]:
    left_out = {SEAL, *getattr(model, "unsealed", ())}
    found: dict[str, type] = {}
    for column in table_of(model).columns:
        if column.name in left_out:
            continue
        found[column.name] = next(
            (kind for of, kind in _KINDS if isinstance(column.type, of)), object
        )
    return found


def _plain(kind: type, value: Any) -> Any:
    if value is None or kind is object:
        return value
    if kind is datetime:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.astimezone(UTC).isoformat()
    if kind is date:
        return (
            value.isoformat() if isinstance(value, date) else date.fromisoformat(value).isoformat()
        )
    if kind is bytes:
        content = bytes.fromhex(value.removeprefix("\\x")) if isinstance(value, str) else value
        return sha256(content).hexdigest()
    if kind is JSONB:
        return value if isinstance(value, JsonText) else json_text(value)
    return json.dumps(value, ensure_ascii=False)  # JSON that keeps its order
