"""The canary: whether a store is write-once is found by trying, not by believing."""

import io
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from minio.commonconfig import COMPLIANCE
from minio.retention import Retention

from adapters.files.filesystem import FilesystemFiles
from adapters.files.locked_canary import LockedCanary
from adapters.files.minio import MinioFiles, StoreAway
from domain.canary import WriteOnce
from runtime.doctor import Finding, examine
from runtime.processes import wait_until
from runtime.settings import read_settings
from tests.adapters.lying_store import lying
from tests.fakes.files import MemoryFiles
from tests.object_store import ObjectStore

LOCK = timedelta(days=30)


def canaries(store: ObjectStore, bucket: str) -> list[tuple[str, str]]:
    """Keys and versions of all that canaries left, marks too."""
    found = store.client().list_objects(
        bucket, prefix=".canary/", recursive=True, include_version=True
    )
    return [(entry.object_name or "", entry.version_id or "") for entry in found]


def locked(store: ObjectStore) -> tuple[MinioFiles, str]:
    bucket = store.bucket()
    files = MinioFiles(bucket, LOCK)
    files.ensure_bucket()
    return files, bucket.name


# A store with object lock


def test_the_canary_fails_on_a_bucket_without_object_lock_and_says_so(store: ObjectStore) -> None:
    bucket = store.bucket()
    MinioFiles(bucket, None).ensure_bucket()
    found = MinioFiles(bucket, LOCK).canary()
    assert found.write_once is WriteOnce.FAILED
    assert "без блокировки" in found.text
    assert canaries(store, bucket.name) == []


def test_a_locked_store_has_one_canary_a_day_however_often_and_by_how_many_it_is_tried(
    store: ObjectStore,
) -> None:
    files, bucket = locked(store)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: MinioFiles(store.bucket(bucket), LOCK).canary(), range(8)))
    assert {one.write_once for one in found} == {WriteOnce.PREVENTED}
    [(key, _)] = canaries(store, bucket)
    assert key.startswith(".canary/20")
    until = store.client().get_object_retention(bucket, key)
    assert until is not None
    assert until.mode == COMPLIANCE
    assert until.retain_until_date <= datetime.now(UTC) + timedelta(days=2)
    assert files.keys() == []


def test_a_canary_that_was_cut_off_or_hidden_is_found_again(store: ObjectStore) -> None:
    files, bucket = locked(store)
    files.canary()
    [(key, version)] = canaries(store, bucket)
    store.client().put_object(bucket, key, io.BytesIO(b"a cuckoo"), 8)  # cut off after this
    assert files.canary().write_once is WriteOnce.PREVENTED
    store.client().remove_object(bucket, key)  # a mark above, no more
    assert files.canary().write_once is WriteOnce.PREVENTED
    assert (key, version) in canaries(store, bucket)


def test_a_canary_of_the_day_that_lies_there_without_a_lock_fails(store: ObjectStore) -> None:
    files, bucket = locked(store)
    key = f".canary/{datetime.now(UTC):%Y-%m-%d}"
    store.client().put_object(bucket, key, io.BytesIO(b"canary"), 6)
    found = files.canary()
    assert found.write_once is WriteOnce.FAILED
    assert "срок хранения не действует" in found.text


def test_what_canaries_left_is_removed_as_soon_as_its_lock_is_over(store: ObjectStore) -> None:
    files, bucket = locked(store)
    files.canary()
    [today] = canaries(store, bucket)
    for key, days in ((".canary/2026-01-01", 1), (".canary/2026-01-02", None)):
        until = datetime.now(UTC) + timedelta(days=days) if days else None
        lock = Retention(COMPLIANCE, until) if until else None
        store.client().put_object(bucket, key, io.BytesIO(b"canary"), 6, retention=lock)
    old = LockedCanary(store.client(), bucket, files._put_if_free)
    old.sweep(datetime.now(UTC) - timedelta(hours=1))  # too young, all of them
    assert len(canaries(store, bucket)) == 3
    later = datetime.now(UTC) + timedelta(hours=1)
    old.sweep(later)
    left = {today[0], ".canary/2026-01-01"}
    assert {key for key, _ in canaries(store, bucket)} == left

    soon = Retention(COMPLIANCE, datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3))
    short = (bucket, ".canary/2026-01-03", io.BytesIO(b"canary"), 6)
    store.client().put_object(*short, retention=soon)

    def is_swept() -> bool:
        old.sweep(later)
        return {key for key, _ in canaries(store, bucket)} == left

    assert wait_until(is_swept, 60)


def test_a_retention_of_the_whole_bucket_makes_no_canaries_pile_up(store: ObjectStore) -> None:
    files, bucket = locked(store)
    body = (
        b"<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule>"
        b"<DefaultRetention><Mode>COMPLIANCE</Mode><Days>900</Days></DefaultRetention></Rule>"
        b"</ObjectLockConfiguration>"
    )
    store.client()._execute("PUT", bucket, body=body, query_params={"object-lock": ""})
    for _ in range(3):
        assert files.canary().write_once is WriteOnce.PREVENTED
    assert len(canaries(store, bucket)) == 1


# Stores that lie


def test_a_store_that_keeps_its_word_is_believed() -> None:
    with lying() as bucket:
        assert MinioFiles(bucket, LOCK).canary().write_once is WriteOnce.PREVENTED


@pytest.mark.parametrize(
    ("lets", "said"),
    [
        ("delete", "удаление"),
        ("delete, hushed", "удаление"),
        ("delete, said only", "удаление"),
        ("shorten", "сокращение срока"),
        ("shorten, hushed", "сокращение срока"),
        ("shorten, said only", "сокращение срока"),
        ("soften", "ослабление"),
        ("soften, hushed", "сокращение срока"),
        ("second put", "вторую запись"),
        ("overwrite", "замену"),
        ("no retention", "срок хранения не действует"),
    ],
)
def test_what_a_store_lets_happen_is_found_and_named(lets: str, said: str) -> None:
    with lying(lets) as bucket:
        found = MinioFiles(bucket, LOCK).canary()
    assert found.write_once is WriteOnce.FAILED
    assert said in found.text


def test_a_bucket_that_keeps_no_versions_fails() -> None:
    for versioning in ("", "Suspended"):
        with lying(versioning=versioning) as bucket:
            found = MinioFiles(bucket, LOCK).canary()
        assert found.write_once is WriteOnce.FAILED
        assert "версии" in found.text


@pytest.mark.parametrize("away", ["delete", "shorten", "second put"])
def test_an_outage_is_no_refusal_and_nothing_is_concluded_from_it(away: str) -> None:
    with lying(away=frozenset({away})) as bucket, pytest.raises(StoreAway):
        MinioFiles(bucket, LOCK).canary()


# Stores without a lock


def test_a_rehearsals_bucket_is_left_as_it_was(store: ObjectStore) -> None:
    bucket = store.bucket()
    files = MinioFiles(bucket, None)
    files.ensure_bucket()
    assert files.canary().write_once is WriteOnce.DETECTED
    assert canaries(store, bucket.name) == []


def test_a_folder_is_left_as_it_was_and_a_stray_canary_is_removed_at_the_next_start(
    tmp_path: Path,
) -> None:
    files = FilesystemFiles(tmp_path)
    files.canary()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    stray, young = (tmp_path / ".canary" / name for name in ("stray", "young"))
    for path in (stray, young):
        path.write_bytes(b"canary")
    os.utime(stray, (0, 0))
    assert FilesystemFiles(tmp_path).keys() == []
    assert (stray.exists(), young.exists()) == (False, True)


def test_a_system_that_forbids_changes_by_their_owner_is_no_fault(tmp_path: Path) -> None:
    class Sealed(FilesystemFiles):
        def _force(self, key: str, stored: bytes) -> None:
            raise PermissionError(1, "not even you")

        def _remove(self, key: str) -> None:
            raise PermissionError(1, "not even you")

    assert Sealed(tmp_path).canary().write_once is WriteOnce.DETECTED


def test_a_store_whose_second_writer_wins_fails() -> None:
    class LastWins(MemoryFiles):
        def _keep(self, key: str, stored: bytes) -> bool:
            self.objects[key] = stored
            return True

    files = LastWins()
    found = files.canary()
    assert found.write_once is WriteOnce.FAILED
    assert "под занятым именем" in found.text
    assert files.objects == {}


def test_a_store_that_shows_old_bytes_after_a_change_fails() -> None:
    class Stale(MemoryFiles):
        def _force(self, key: str, stored: bytes) -> None:
            """Nothing comes of it, and nobody is told."""

        def _remove(self, key: str) -> None:
            """The same."""

    found = Stale().canary()
    assert found.write_once is WriteOnce.FAILED
    assert "изменение не видно" in found.text
    assert "удаление не видно" in found.text


def test_a_store_that_is_away_or_full_is_no_verdict() -> None:
    files = MemoryFiles()
    files.failure = OSError(28, "No space left on device")
    with pytest.raises(OSError, match="No space"):
        files.canary()
    assert files.objects == {}


# What `doctor` says


def doctors_line(home: Path, monkeypatch: pytest.MonkeyPatch, **variables: str) -> Finding:
    for name, value in {"NASTAVNIK_HOME": str(home), **variables}.items():
        monkeypatch.setenv(name, value)
    [line] = [one for one in examine(read_settings()).checks if one.id == "store"]
    return line


def test_doctor_says_what_the_bucket_is_worth(
    store: ObjectStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, good = locked(store)
    line = doctors_line(tmp_path, monkeypatch, **store.environment(good))
    assert (line.state, f"бакет {store.endpoint}/{good}" in line.text) == ("ok", True)
    bad = store.bucket()
    MinioFiles(bad, None).ensure_bucket()
    variables = store.environment(bad.name)
    line = doctors_line(tmp_path, monkeypatch, **variables)
    assert (line.state, "без блокировки" in line.text) == ("failure", True)
    line = doctors_line(tmp_path, monkeypatch, **variables, NASTAVNIK_REHEARSAL="true")
    assert (line.state, "не предотвращаются" in line.text) == ("notice", True)


def test_doctor_says_what_the_folder_is_worth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "files").mkdir()
    line = doctors_line(tmp_path, monkeypatch)
    assert line.state == "notice"
    assert line.text.endswith("изменения обнаруживаются, но не предотвращаются")
