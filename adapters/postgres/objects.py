"""Data keys, and what is known of stored objects."""

from sqlalchemy import Connection, Engine, text

from activities.tasks import ObjectRecord
from adapters.files.keyring import MasterKeys
from adapters.postgres.rows import Known, put
from adapters.postgres.tables import ObjectRow
from domain.errors import KeyDestroyed, NotFound

_KEEP_KEY = text(
    """
    INSERT INTO object_keys (key_id, organisation_id, document_id, wrapped)
    VALUES (:key_id, :organisation, :document, :wrapped) ON CONFLICT DO NOTHING
    """
)
_KEY = text("SELECT wrapped, destroyed_at FROM object_keys WHERE key_id = :key_id")
# The latest: an earlier master key may have wrapped the others.
_ANY_KEY = text(
    "SELECT wrapped FROM object_keys WHERE wrapped IS NOT NULL ORDER BY made_at DESC LIMIT 1"
)


def check_master_key(connection: Connection, keys: MasterKeys) -> None:
    """Raises `WrongKey` if what was kept last does not open with these keys."""
    wrapped = connection.execute(_ANY_KEY).scalar_one_or_none()
    if wrapped is not None:
        keys.unwrap(bytes(wrapped))


class ObjectBook:
    """What ledger and desk share: keys are durable before the first byte of an object is."""

    def __init__(self, engine: Engine, keys: MasterKeys) -> None:
        self._engine = engine
        self._keys = keys

    def check_master_key(self) -> None:
        """Raises `WrongKey` if what is kept does not open with our master key."""
        with self._engine.connect() as connection:
            check_master_key(connection, self._keys)

    def make_key(self, key_id: str, organisation_id: str, document_id: str) -> None:
        """Make a data key and keep it wrapped, unless there is one. Durable on return."""
        with self._engine.begin() as connection:
            self._keep_key(connection, key_id, organisation_id, document_id)

    def data_key(self, key_id: str) -> bytes:
        """The data key. Raises `NotFound`, `KeyDestroyed` or `WrongKey`."""
        with self._engine.connect() as connection:
            row = connection.execute(_KEY, {"key_id": key_id}).one_or_none()
        if row is None:
            raise NotFound(f"no key {key_id}")
        if row.destroyed_at is not None or row.wrapped is None:
            raise KeyDestroyed(f"key {key_id} was destroyed")
        return self._keys.unwrap(bytes(row.wrapped))

    def record_object(self, record: ObjectRecord) -> None:
        """Remember an object that is stored."""
        with self._engine.begin() as connection:
            put(connection, ObjectRow, [record.model_dump()], Known.STAYS)

    def _keep_key(
        self, connection: Connection, key_id: str, organisation_id: str, document_id: str
    ) -> None:
        _, wrapped = self._keys.new_data_key()
        given = {"key_id": key_id, "organisation": organisation_id, "document": document_id}
        connection.execute(_KEEP_KEY, {**given, "wrapped": wrapped})
