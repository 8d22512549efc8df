"""An S3 store with object lock: what is sealed there nobody can delete before its time."""

import base64
import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import urllib3
from minio import Minio
from minio.commonconfig import COMPLIANCE
from minio.error import MinioException, S3Error
from minio.retention import Retention
from pydantic import SecretStr

from adapters.files.locked_canary import LockedCanary
from adapters.files.multipart import LARGE, Multipart
from adapters.files.write_once import (
    CANARY,
    SEALED,
    WriteOnceFiles,
    canary_result,
    check_key,
    is_key,
    may_begin_key,
)
from domain.canary import CanaryResult, WriteOnce
from domain.errors import NotFound

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 15.0
"""Of silence. With `REPEATS` still well below the time that storing may take."""
REPEATS: Final = 1
"""For a connection that went stale while it was idle; who waits longer asks again later."""
_CONNECTIONS: Final = 16
_PIECE: Final = 1 << 18
_SETTLING: Final = 2.0
"""Seconds in which a bucket that is being made gets its lock."""
_IF_FREE: Final = {"If-None-Match": "*"}
_TAKEN: Final = "PreconditionFailed"
_NOT_THERE: Final = {"NoSuchKey", "NoSuchVersion"}
_NO_RETENTION: Final = {
    *_NOT_THERE,
    *("NoSuchObjectLockConfiguration", "MethodNotAllowed", "InvalidRequest"),
}
_NO_LOCK: Final = {"ObjectLockConfigurationNotFoundError", "ObjectLockConfigurationNotFound"}
_STRAY_AFTER: Final = timedelta(hours=1)
_PROBE: Final = ".first-writer-wins"  # no storage key begins with a dot


class StoreAway(OSError):  # noqa: N818 - the word of the field
    """The store does not answer, or not as it should. Nothing is decided by that: try again."""


class BucketUnfit(Exception):  # noqa: N818 - the word of the field
    """The bucket cannot keep what it is asked to; the message is a Russian sentence."""


@dataclass(frozen=True)
class Bucket:
    """Where a bucket is, and who asks."""

    endpoint: str  # host:port
    name: str
    access_key: SecretStr
    secret_key: SecretStr
    region: str
    secure: bool
    """Whether TLS is spoken."""


class MinioFiles(WriteOnceFiles):
    """Objects in one bucket. Other than `OSError`, which includes `StoreAway`, as the port says.

    A put carries `If-None-Match: *`, which the store decides under its own lock: one writer wins,
    however many race, and a repeat after a lost answer is told that the key is taken.
    `ensure_bucket` refuses a store that does not heed it.

    With `lock` each sealed object is put with a retention in COMPLIANCE mode, which not even the
    store's administrator can lift. Drafts, renderings and uploads are never locked.
    """

    def __init__(self, bucket: Bucket, lock: timedelta | None) -> None:
        """Nothing is asked of the store yet."""
        self._bucket = bucket.name
        self._lock = lock
        self._client = Minio(
            bucket.endpoint,
            access_key=bucket.access_key.get_secret_value(),
            secret_key=bucket.secret_key.get_secret_value(),
            region=bucket.region,
            secure=bucket.secure,
            http_client=_pool(),
        )
        self._canaries = LockedCanary(self._client, self._bucket, self._put_if_free)
        self._multipart = Multipart(self._client, self._bucket)

    def stored_at(self, key: str) -> datetime:
        """As `Files.stored_at`, to the second."""
        check_key(key)
        with self._asking(key):
            found = self._client.stat_object(self._bucket, key).last_modified
        if found is None:
            raise StoreAway(f"{key}: the store does not say when it was put")
        return found

    def keys(self, prefix: str = "") -> Sequence[str]:
        """As `Files.keys`."""
        if not may_begin_key(prefix):
            return []
        with self._asking(prefix):
            found = self._client.list_objects(self._bucket, prefix=prefix, recursive=True)
            names = [entry.object_name or "" for entry in found]
        return sorted(name for name in names if is_key(name))

    def hold(self, key: str, until: datetime) -> None:
        """As `Files.hold`, in COMPLIANCE mode."""
        if self._lock is not None:
            self._extend_lock(key, Retention(COMPLIANCE, until))

    def ensure_bucket(self) -> None:
        """Make the bucket if it is missing, with object lock if these files are to be locked.

        Raises `BucketUnfit` if the one that is there has a lock and should not, or the other way
        round, and if the store lets a second writer replace what is kept.
        """
        with self._asking(self._bucket):
            if not self._client.bucket_exists(self._bucket):
                self._make_bucket()
            has_lock = self._has_lock()
            settled = time.monotonic() + _SETTLING
            while self._lock is not None and not has_lock and time.monotonic() < settled:
                time.sleep(0.1)  # another process may be making it: its lock comes a moment later
                has_lock = self._has_lock()
        if self._lock is not None and not has_lock:
            raise BucketUnfit(
                f"Бакет {self._bucket} создан без блокировки объектов: подписанное в нём можно "
                "удалить. Включить блокировку потом нельзя, укажите другой: NASTAVNIK_STORE_BUCKET."
            )
        if self._lock is None and has_lock:
            raise BucketUnfit(
                f"Бакет {self._bucket} с блокировкой объектов, он для настоящих документов. "
                "Репетиции нужен свой: NASTAVNIK_STORE_BUCKET."
            )
        self._check_that_a_second_put_is_refused()

    def remove_forsaken(self, key: str) -> bool:
        """As `Files.remove_forsaken`: all versions go, or none if one is locked.

        In a bucket that has versions a plain delete would hide the object and free nothing.
        """
        check_key(key)
        with self._asking(key):
            self._multipart.end_all_of(key)
            versions = self._versions(key)
            if any(self._is_locked(key, version) for version in versions):
                return False
            for version in versions:
                self._client.remove_object(self._bucket, key, version)
        return True

    def sweep_strays(self) -> int:
        """As `Files.sweep_strays`: uploads in parts, as far as the store lists them."""
        with self._asking(self._bucket):
            return self._multipart.end_older(datetime.now(UTC) - _STRAY_AFTER)

    def check_ready(self) -> None:
        """As `Files.check_ready`; the bucket is there."""
        with self._asking(self._bucket):
            there = self._client.bucket_exists(self._bucket)
        if not there:
            raise StoreAway(f"there is no bucket {self._bucket}")

    def canary(self) -> CanaryResult:
        """As `Files.canary`: without a lock as any store that prevents nothing, else all or failed.

        What is locked here must be kept by the store itself, so a bucket without object lock fails.
        """
        with self._asking(CANARY):
            self._canaries.sweep(datetime.now(UTC) - _STRAY_AFTER)
            if self._lock is None:
                return super().canary()
            has_lock = self._has_lock()
            faults = self._canaries.faults() if has_lock else ["бакет создан без блокировки"]
        if faults:
            text = f"{', '.join(faults)}: подписанное можно удалить или подменить"
            return canary_result(WriteOnce.FAILED, text)
        return canary_result(
            WriteOnce.PREVENTED, "заменить, удалить и сократить срок хранения нельзя, проверено"
        )

    def _keep(self, key: str, stored: bytes) -> bool:
        if self._lock is None or not key.startswith(SEALED):
            return self._put_if_free(key, stored)
        retention = self._retention(self._lock)
        won = self._put_if_free(key, stored, retention)
        if not won:
            # Whoever was first may have been long ago: what is answered now is locked from now.
            self._extend_lock(key, retention)
        return won

    def _read(self, key: str) -> bytes:
        with self._asking(key):
            answer = self._client.get_object(self._bucket, key)
            try:
                return answer.read()
            finally:
                answer.close()
                answer.release_conn()

    def _hash(self, key: str, version: str | None = None) -> str:
        digest = hashlib.sha256()
        with (
            self._asking(key),
            self._client.get_object(self._bucket, key, version_id=version) as answer,
        ):
            for piece in answer.stream(_PIECE):
                digest.update(piece)
            answer.release_conn()
        return digest.hexdigest()

    def _beneath(self, key: str) -> Iterator[str]:
        check_key(key)
        with self._asking(key):
            found = self._client.list_objects(
                self._bucket, prefix=key, recursive=True, include_version=True
            )
            hidden = [
                entry.version_id
                for entry in found
                if entry.object_name == key
                and not entry.is_delete_marker
                and entry.is_latest != "true"
            ]
        yield from (self._hash(key, version) for version in hidden)

    def _force(self, key: str, stored: bytes) -> None:
        with self._asking(key):
            self._client._put_object(self._bucket, key, stored)

    def _remove(self, key: str) -> None:
        with self._asking(key):
            self._canaries.remove(key)

    def _versions(self, key: str) -> list[str | None]:
        found = self._client.list_objects(
            self._bucket, prefix=key, recursive=True, include_version=True
        )
        return [entry.version_id for entry in found if entry.object_name == key]

    def _is_locked(self, key: str, version: str | None) -> bool:
        if self._lock is None or not key.startswith(SEALED):
            return False
        try:
            found = self._client.get_object_retention(self._bucket, key, version)
        except S3Error as error:
            if error.code not in _NO_RETENTION:
                raise
            return False  # a delete mark has none either
        return found is not None and found.retain_until_date > datetime.now(UTC)

    def _put_if_free(self, key: str, stored: bytes, retention: Retention | None = None) -> bool:
        kept_as: dict[str, str] = {}
        if retention is not None:
            until = retention.retain_until_date.strftime("%Y-%m-%dT%H:%M:%SZ")
            kept_as["x-amz-object-lock-mode"] = retention.mode
            kept_as["x-amz-object-lock-retain-until-date"] = until
        with self._asking(key):
            try:
                if len(stored) >= LARGE:
                    self._multipart.put(key, stored, kept_as, _IF_FREE)
                else:
                    digest = base64.b64encode(hashlib.sha256(stored).digest()).decode()
                    headers: dict[str, str | list[str] | tuple[str]] = {
                        **_IF_FREE,
                        **kept_as,
                        "x-amz-checksum-sha256": digest,
                    }
                    # The public method takes no headers of ours. The contract tests would tell if a
                    # later version of the client took them away.
                    self._client._put_object(self._bucket, key, stored, headers)
            except S3Error as error:
                if error.code != _TAKEN:
                    raise
                return False
        return True

    def _retention(self, lock: timedelta) -> Retention:
        # Whole days: writers at the same time ask for the same, which is no shortening.
        midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return Retention(COMPLIANCE, midnight + timedelta(days=1) + lock)

    def _extend_lock(self, key: str, wanted: Retention) -> None:
        with self._asking(key):
            found = self._client.get_object_retention(self._bucket, key)
            if (
                found is None
                or found.mode != COMPLIANCE
                or found.retain_until_date < wanted.retain_until_date
            ):
                self._client.set_object_retention(self._bucket, key, wanted)

    def _make_bucket(self) -> None:
        try:
            self._client.make_bucket(self._bucket, object_lock=self._lock is not None)
        except S3Error as error:
            if error.code != "BucketAlreadyOwnedByYou":  # by another process, just now
                raise

    def _has_lock(self) -> bool:
        try:
            self._client.get_object_lock_config(self._bucket)
        except S3Error as error:
            if error.code not in _NO_LOCK:
                raise
            return False
        return True

    def _check_that_a_second_put_is_refused(self) -> None:
        self._put_if_free(_PROBE, b"first")  # unless an earlier check did
        if self._put_if_free(_PROBE, b"second"):
            raise BucketUnfit(
                "Хранилище не отказывает второму, кто пишет под тем же именем "
                "(If-None-Match: *): записанное в нём можно подменить. Нужно другое хранилище."
            )

    @contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        """Whatever the store or the way to it does wrong becomes `NotFound` or `StoreAway`."""
        try:
            yield
        except S3Error as error:
            if error.code in _NOT_THERE:
                raise NotFound(f"no object {what}") from error
            raise StoreAway(f"{what}: the store answers {error.code}") from error
        # The client raises a bare `ValueError` where an answer is no XML, or lacks a part.
        except (MinioException, ValueError) as error:
            raise StoreAway(f"{what}: the store does not answer as S3 does") from error
        except urllib3.exceptions.HTTPError as error:
            raise StoreAway(f"{what}: the store does not answer") from error


def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(
        num_pools=2,
        maxsize=_CONNECTIONS,
        timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        retries=urllib3.Retry(
            total=REPEATS,
            backoff_factor=0.2,
            status_forcelist=[500, 502, 503, 504],
            allowed_methods=None,  # puts too: a repeat is told that the key is taken
            raise_on_status=False,
        ),
    )
