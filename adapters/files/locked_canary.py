"""Whether an S3 store heeds the object lock that it says it has: an object is tried and looked at.

Some stores take a retention and delete the object all the same (ADR 0006), so neither a setting nor
an answer is believed: each try must be refused, and the locked version must be there afterwards as
it was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from minio import Minio
from minio.commonconfig import COMPLIANCE, ENABLED, GOVERNANCE
from minio.error import S3Error
from minio.retention import Retention

from adapters.files.write_once import CANARY

_SONG: Final = b"canary"
_CUCKOO: Final = b"a cuckoo"
_UNKNOWN: Final = {"NoSuchKey", "NoSuchVersion"}
_NO_RETENTION: Final = {*_UNKNOWN, "InvalidRequest", "NotImplemented", "MethodNotAllowed"}
_BUSY: Final = {408, 429}
_AWAY: Final = 500
_LAST_WORD: Final = {"x-amz-bypass-governance-retention": "true"}

_OVERWRITING: Final = "замену сохранённого"
_SECOND: Final = "вторую запись под занятым именем"
_DELETING: Final = "удаление"
_SHORTENING: Final = "сокращение срока хранения"
_SOFTENING: Final = "ослабление блокировки"


@dataclass(frozen=True)
class LockedCanary:
    """The canary of a day in a bucket with object lock.

    Nobody can delete it before its time, so a store has one a day, whoever asks and however often,
    and its lock is the shortest that surely outlives a try at any moment of that day.
    """

    client: Minio
    bucket: str
    put_if_free: Callable[[str, bytes, Retention | None], bool]

    def faults(self) -> list[str]:
        """What the store let happen and should not have. Raises `S3Error` if that is unknown."""
        if self.client.get_bucket_versioning(self.bucket).status != ENABLED:
            return ["в бакете выключены версии"]
        today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        key, wanted = f"{CANARY}{today:%Y-%m-%d}", Retention(COMPLIANCE, today + timedelta(days=2))
        self.put_if_free(key, _SONG, wanted)
        version = self._first_version(key)
        if not self._is_locked(key, version, wanted):
            return ["срок хранения не действует"]
        accepted = self._accepted(key, version, wanted)
        # Whatever was answered: what is there now counts too.
        kept = self._bytes(key, version)
        if kept is None:
            accepted.append(_DELETING)
        elif kept != _SONG:
            accepted.append(_OVERWRITING)
        elif not self._is_locked(key, version, wanted):
            accepted.append(_SHORTENING)
        found = ", ".join(dict.fromkeys(accepted))
        return [f"хранилище допустило {found}"] if found else []

    def sweep(self, older_than: datetime) -> None:
        """Remove what other canaries left; what is still locked stays until its time is over."""
        for key, version, put in self._versions(CANARY):
            if put < older_than:
                self._refuses(lambda key=key, version=version: self._delete(key, version))  # type: ignore[misc]

    def remove(self, key: str) -> None:
        """Remove all versions of an object that is not locked."""
        for name, version, _ in self._versions(key):
            if name == key:
                self._delete(name, version)

    def _accepted(self, key: str, version: str | None, wanted: Retention) -> list[str]:
        def set_retention(mode: str, until: datetime) -> None:
            self.client.set_object_retention(self.bucket, key, Retention(mode, until), version)

        soon = datetime.now(UTC) + timedelta(hours=1)
        tries: dict[str, Callable[[], None]] = {
            _SHORTENING: lambda: set_retention(COMPLIANCE, soon),
            _SOFTENING: lambda: set_retention(GOVERNANCE, wanted.retain_until_date),
            _DELETING: lambda: self._delete(key, version),
        }
        accepted = [_SECOND] if self.put_if_free(key, _CUCKOO, None) else []
        self._refuses(lambda: self._overwrite(key, version))  # lawful: only its effect counts
        return accepted + [name for name, attempt in tries.items() if not self._refuses(attempt)]

    def _overwrite(self, key: str, version: str | None) -> None:
        """Put without a condition: a later version may come above the first, never instead."""
        if self.client.get_object_lock_config(self.bucket).mode is not None:
            return  # the bucket's own retention would keep each such version for years
        made = self.client._put_object(self.bucket, key, _CUCKOO).version_id
        if made is not None and made != version:
            self._delete(key, made)

    def _delete(self, key: str, version: str | None) -> None:
        # The public method takes no header of ours, and this one softens every lock but the hard.
        asked = {} if version is None else {"versionId": version}
        headers = dict[str, str | list[str] | tuple[str]](_LAST_WORD)
        query = dict[str, str | list[str] | tuple[str]](asked)
        self.client._execute("DELETE", self.bucket, key, headers=headers, query_params=query)

    def _refuses(self, attempt: Callable[[], None]) -> bool:
        try:
            attempt()
        except S3Error as error:
            status = error.response.status
            if status in _BUSY or (status >= _AWAY and error.code != "NotImplemented"):
                raise  # an outage is no refusal
            return error.code not in _UNKNOWN
        return False

    def _bytes(self, key: str, version: str | None) -> bytes | None:
        try:
            with self.client.get_object(self.bucket, key, version_id=version) as answer:
                return answer.read()
        except S3Error as error:
            if error.code not in _UNKNOWN:
                raise
            return None

    def _is_locked(self, key: str, version: str | None, wanted: Retention) -> bool:
        try:
            found = self.client.get_object_retention(self.bucket, key, version)
        except S3Error as error:
            if error.code not in _NO_RETENTION:
                raise
            return False
        return (
            found is not None
            and found.mode == COMPLIANCE
            and found.retain_until_date >= wanted.retain_until_date
        )

    def _first_version(self, key: str) -> str | None:
        """The one that was locked: others of this key are tries, which come after it."""
        found = [(put, version) for name, version, put in self._versions(key) if name == key]
        return min(reversed(found), key=lambda one: one[0])[1] if found else None

    def _versions(self, prefix: str) -> list[tuple[str, str | None, datetime]]:
        found = self.client.list_objects(
            self.bucket, prefix=prefix, recursive=True, include_version=True
        )
        return [
            (entry.object_name or "", entry.version_id, entry.last_modified or datetime.now(UTC))
            for entry in found
        ]
