"""Data keys, and what is known of stored objects."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import Connection, Engine, func, text
from sqlalchemy.dialects.postgresql import insert

from activities.object_ports import BegunObject
from activities.tasks import ObjectRecord
from adapters.files.keyring import MasterKeys
from adapters.postgres.begun_tables import BegunObjectRow
from adapters.postgres.rows import Known, put
from adapters.postgres.seals import table_of
from adapters.postgres.session import reading
from adapters.postgres.tables import ObjectKeyRow, ObjectRow
from domain.errors import KeyDestroyed, NotFound

_KEY = text("SELECT wrapped, destroyed_at FROM object_keys WHERE key_id = :key_id")
# The latest: an earlier master key may have wrapped the others.
_ANY_KEY = text(
    """
    SELECT wrapped FROM object_keys WHERE wrapped IS NOT NULL
    ORDER BY made_at DESC, key_id LIMIT 1
    """
)
_RECORDED = text("DELETE FROM begun_objects WHERE key = :key RETURNING state")
_ALL_BEGUN = text(
    """
    SELECT key, state, begun_at FROM begun_objects b
    WHERE NOT EXISTS (SELECT FROM objects o WHERE o.key = b.key) ORDER BY key
    """
)
# Begun again after it was recorded, and not recorded again: nothing is forsaken then. And whoever
# might come too late for what is gone has come by now.
_FORGET_RECORDED = text(
    """
    DELETE FROM begun_objects b
    WHERE (begun_at < clock_timestamp() - CAST(:age AS interval)
        AND EXISTS (SELECT FROM objects o WHERE o.key = b.key))
      OR (state = 'gone' AND begun_at < clock_timestamp() - interval '1 day')
    """
)
_FORSAKE = text(
    """
    UPDATE begun_objects b SET state = 'forsaken'
    WHERE state = 'begun' AND begun_at < clock_timestamp() - CAST(:age AS interval)
    """
)
_FORSAKEN = text(
    "SELECT key FROM begun_objects WHERE state = 'forsaken' ORDER BY begun_at, key LIMIT :at_most"
)
# Another worker sweeps it, or somebody begins it: it is not waited for.
_TO_SWEEP = text(
    """
    SELECT FROM begun_objects b WHERE key = :key AND state = 'forsaken'
      AND NOT EXISTS (SELECT FROM objects o WHERE o.key = b.key)
    FOR UPDATE SKIP LOCKED
    """
)
_SWEPT = text("UPDATE begun_objects SET state = :state WHERE key = :key")


class ObjectForsaken(OSError):  # noqa: N818 - the word of the field
    """Whoever stored the object came too late to record it: store it again."""


def check_master_key(connection: Connection, keys: MasterKeys) -> None:
    """Raises `WrongKey` if what was kept last does not open with these keys."""
    wrapped = connection.execute(_ANY_KEY).scalar_one_or_none()
    if wrapped is not None:
        keys.unwrap(bytes(wrapped))


class ObjectBook:
    """What ledger and desk share: keys are durable before the first byte of an object is."""

    def __init__(self, engine: Engine, keys: MasterKeys) -> None:
        self._engine = engine
        self._reads = reading(engine)
        self._keys = keys

    def check_master_key(self) -> None:
        """Raises `WrongKey` if what is kept does not open with our master key."""
        with self._reads.connect() as connection:
            check_master_key(connection, self._keys)

    def make_key(self, key_id: str, organisation_id: str, document_id: str) -> None:
        """Make a data key and keep it wrapped, unless there is one. Durable on return."""
        with self._engine.begin() as connection:
            self._keep_key(connection, key_id, organisation_id, document_id)

    def data_key(self, key_id: str) -> bytes:
        """The data key. Raises `NotFound`, `KeyDestroyed` or `WrongKey`."""
        with self._reads.connect() as connection:
            row = connection.execute(_KEY, {"key_id": key_id}).one_or_none()
        if row is None:
            raise NotFound(f"no key {key_id}")
        if row.destroyed_at is not None or row.wrapped is None:
            raise KeyDestroyed(f"key {key_id} was destroyed")
        return self._keys.unwrap(bytes(row.wrapped))

    def begin_object(self, key: str, organisation_id: str) -> None:
        """As `Objects.begin_object`."""
        begun = insert(table_of(BegunObjectRow)).values(key=key, organisation_id=organisation_id)
        anew = {"begun_at": func.clock_timestamp(), "state": "begun"}
        with self._engine.begin() as connection:
            connection.execute(begun.on_conflict_do_update(index_elements=["key"], set_=anew))

    def record_object(self, record: ObjectRecord) -> None:
        """As `Objects.record_object`."""
        with self._engine.begin() as connection:
            # Locked: whoever sweeps does it before, and is seen here, or after, and sees the row.
            state = connection.execute(_RECORDED, {"key": record.key}).scalar_one_or_none()
            made = put(connection, ObjectRow, [record.model_dump()], Known.STAYS)
            if made and state not in {None, "begun"}:
                raise ObjectForsaken(f"{record.key} was stored too long ago to be recorded")

    def begun_objects(self) -> Sequence[BegunObject]:
        """As `Sweeps.begun_objects`."""
        with self._reads.connect() as connection:
            rows = connection.execute(_ALL_BEGUN).mappings().all()
        return tuple(BegunObject.model_validate(dict(row)) for row in rows)

    def forsake(self, older_than: timedelta, at_most: int) -> Sequence[str]:
        """As `Sweeps.forsake`."""
        with self._engine.begin() as connection:
            connection.execute(_FORGET_RECORDED, {"age": older_than})
            connection.execute(_FORSAKE, {"age": older_than})
            return connection.execute(_FORSAKEN, {"at_most": at_most}).scalars().all()

    def sweep(self, key: str, remove: Callable[[], bool]) -> bool | None:
        """As `Sweeps.sweep`: the row stays locked meanwhile."""
        with self._engine.begin() as connection:
            if connection.execute(_TO_SWEEP, {"key": key}).one_or_none() is None:
                return None
            gone = remove()
            state = "gone" if gone else "kept"
            connection.execute(_SWEPT, {"key": key, "state": state})
            return gone

    def _keep_key(
        self, connection: Connection, key_id: str, organisation_id: str, document_id: str
    ) -> None:
        _, wrapped = self._keys.new_data_key()
        row = {
            "key_id": key_id,
            "organisation_id": organisation_id,
            "document_id": document_id,
            "wrapped": f"\\x{wrapped.hex()}",
        }
        put(connection, ObjectKeyRow, [row], Known.STAYS)
