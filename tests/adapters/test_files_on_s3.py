"""What the S3 store promises beyond the contract: locks, outages, and which bucket it takes."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from minio.commonconfig import COMPLIANCE, GOVERNANCE
from minio.error import S3Error
from minio.retention import Retention
from pydantic import SecretStr

from adapters.files import minio
from adapters.files.minio import Bucket, BucketUnfit, MinioFiles, StoreAway
from adapters.files.multipart import LARGE, Multipart
from domain.errors import NotFound, Refused
from tests.object_store import ObjectStore, object_store

KEY = bytes(range(32))
DRAFT = "draft/41b0/1"
LOCK = timedelta(days=30)
LAST_WORD = {"x-amz-bypass-governance-retention": "true"}


def locked(store: ObjectStore, lock: timedelta = LOCK) -> tuple[MinioFiles, str]:
    """Files in a new bucket with object lock, and its name."""
    bucket = store.bucket()
    files = MinioFiles(bucket, lock)
    files.ensure_bucket()
    return files, bucket.name


def versions(store: ObjectStore, bucket: str, key: str) -> list[str]:
    found = store.client().list_objects(bucket, prefix=key, recursive=True, include_version=True)
    return [entry.version_id or "" for entry in found if not entry.is_delete_marker]


def test_nobody_can_delete_the_version_that_was_sealed(store: ObjectStore) -> None:
    files, bucket = locked(store)
    key = files.seal(b"scan", KEY).key
    [version] = versions(store, bucket, key)
    for headers in ({}, LAST_WORD):
        with pytest.raises(S3Error, match="WORM protected"):
            store.client()._execute(
                "DELETE", bucket, key, headers=dict(headers), query_params={"versionId": version}
            )
    assert files.get(key, KEY) == b"scan"


@pytest.mark.parametrize(
    ("mode", "days"), [(COMPLIANCE, 1), (GOVERNANCE, 60), (GOVERNANCE, 1)], ids=str
)
def test_nobody_can_shorten_or_soften_the_lock(store: ObjectStore, mode: str, days: int) -> None:
    files, bucket = locked(store)
    key = files.seal(b"scan", KEY).key
    softer = Retention(mode, datetime.now(UTC) + timedelta(days=days))
    with pytest.raises(S3Error):
        store.client().set_object_retention(bucket, key, softer)
    found = store.client().get_object_retention(bucket, key)
    assert found is not None
    assert found.mode == COMPLIANCE
    assert found.retain_until_date > datetime.now(UTC) + LOCK - timedelta(minutes=1)


def test_sealing_again_later_locks_for_longer(store: ObjectStore) -> None:
    files, bucket = locked(store, timedelta(days=1))
    key = files.seal(b"scan", KEY).key
    later = MinioFiles(store.bucket(bucket), LOCK)
    assert later.seal(b"scan", KEY).key == key
    found = store.client().get_object_retention(bucket, key)
    assert found is not None
    assert found.retain_until_date > datetime.now(UTC) + LOCK - timedelta(minutes=1)
    assert len(versions(store, bucket, key)) == 1


def test_a_file_is_locked_until_its_term_and_the_floor_whichever_is_later(
    store: ObjectStore,
) -> None:
    files, bucket = locked(store)

    def locked_until() -> datetime:
        found = store.client().get_object_retention(bucket, key)
        assert found is not None
        assert found.mode == COMPLIANCE
        return found.retain_until_date

    term = datetime(2077, 1, 1, tzinfo=UTC)
    key = files.seal(b"scan", KEY, datetime.now(UTC) + timedelta(days=1)).key
    floor = locked_until()
    assert floor > datetime.now(UTC) + LOCK - timedelta(minutes=1)
    files.seal(b"scan", KEY, term)
    assert locked_until() == term
    for earlier in (None, floor, datetime(2033, 1, 1, tzinfo=UTC)):
        files.seal(b"scan", KEY, earlier)
        assert locked_until() == term
    files.seal(b"scan", KEY, term + timedelta(days=365))
    assert locked_until() == term + timedelta(days=365)
    assert len(versions(store, bucket, key)) == 1


def test_what_lay_there_without_a_lock_is_locked_when_sealed_or_the_seal_fails(
    store: ObjectStore,
) -> None:
    files, bucket = locked(store)
    key = files.seal(b"scan", KEY).key
    stored = files.stored_bytes(key)
    store.client().put_object(bucket, key, io.BytesIO(stored), len(stored))
    assert files.seal(b"scan", KEY).key == key
    found = store.client().get_object_retention(bucket, key)
    assert found is not None
    assert found.mode == COMPLIANCE
    softer = Retention(GOVERNANCE, datetime.now(UTC) + LOCK)
    store.client().put_object(bucket, key, io.BytesIO(stored), len(stored), retention=softer)
    with pytest.raises(StoreAway):
        files.seal(b"scan", KEY)


def test_a_sealed_object_that_was_hidden_is_still_there_and_sealing_brings_it_back(
    store: ObjectStore,
) -> None:
    files, bucket = locked(store)
    key = files.seal(b"scan", KEY).key
    before = versions(store, bucket, key)
    store.client().remove_object(bucket, key)  # leaves a mark above the version, no more
    with pytest.raises(NotFound, match=key):
        files.get(key, KEY)
    assert versions(store, bucket, key) == before
    assert files.seal(b"scan", KEY).key == key
    assert files.get(key, KEY) == b"scan"


def test_drafts_and_uploads_can_be_deleted_for_good(store: ObjectStore) -> None:
    files, bucket = locked(store)
    for key in (DRAFT, "registered/41b0/1", "incoming/41b0/ff"):
        files.put_once(key, b"content", KEY)
        [version] = versions(store, bucket, key)
        store.client().remove_object(bucket, key, version_id=version)
        assert versions(store, bucket, key) == []


def test_writers_at_once_leave_one_version(store: ObjectStore) -> None:
    files, bucket = locked(store)
    start = threading.Barrier(8)

    def put(number: int) -> str:
        start.wait()
        files.put_once(DRAFT, f"content {number}".encode(), KEY)
        return files.seal(b"scan", KEY).key

    with ThreadPoolExecutor(8) as pool:
        [sealed] = set(pool.map(put, range(8)))
    assert len(versions(store, bucket, DRAFT)) == 1
    assert len(versions(store, bucket, sealed)) == 1


def test_what_was_answered_is_there_after_the_store_was_killed(tmp_path: Path) -> None:
    with object_store(tmp_path / "home") as store:
        files, _ = locked(store)
        sealed = files.seal(b"scan", KEY)
        files.put_once(DRAFT, b"content", KEY)
        store.child.kill()
        with pytest.raises(StoreAway):
            files.get(DRAFT, KEY)
        store.restart()
        assert files.get(DRAFT, KEY) == b"content"
        assert files.seal(b"scan", KEY) == sealed
        assert files.keys() == [DRAFT, sealed.key]


# Objects in parts


def uploads(store: ObjectStore, bucket: str) -> list[str]:
    return [one.object_name for one in store.client()._list_multipart_uploads(bucket).uploads]


def test_a_large_sealed_object_is_locked_and_has_checksums(store: ObjectStore) -> None:
    files, bucket = locked(store)
    key = files.seal(bytes(LARGE), KEY).key
    found = store.client().get_object_retention(bucket, key)
    assert found is not None
    assert found.mode == COMPLIANCE
    head = store.client()._execute("HEAD", bucket, key, headers={"x-amz-checksum-mode": "ENABLED"})
    assert head.headers["x-amz-checksum-sha256"].endswith("-3")  # of three parts
    assert uploads(store, bucket) == []


def test_what_is_sent_of_a_refused_large_object_is_given_up(store: ObjectStore) -> None:
    files, bucket = locked(store)
    files.put_once(DRAFT, b"first", KEY)
    assert files.put_once(DRAFT, bytes(LARGE), KEY).size == 5
    assert uploads(store, bucket) == []


def test_parts_that_a_crash_left_are_removed_with_what_nobody_names(store: ObjectStore) -> None:
    files, bucket = locked(store)
    for key in (DRAFT, f"{DRAFT}1"):
        store.client()._create_multipart_upload(bucket, key, {})
    assert files.sweep_strays() == 0, "their writer may still be at work"
    assert files.remove_forsaken(DRAFT)
    assert uploads(store, bucket) == [f"{DRAFT}1"]


def test_parts_that_nobody_ended_for_an_hour_are_given_up(store: ObjectStore) -> None:
    _, bucket = locked(store)
    store.client()._create_multipart_upload(bucket, DRAFT, {})
    parts = Multipart(store.client(), bucket)
    now = datetime.now(UTC)
    assert parts.end_older(now - timedelta(hours=1)) == 0
    assert parts.end_older(now + timedelta(minutes=1)) == 1
    assert uploads(store, bucket) == []


def test_a_bucket_of_a_rehearsal_has_no_versions_and_still_one_writer(store: ObjectStore) -> None:
    bucket = store.bucket()
    files = MinioFiles(bucket, None)
    files.ensure_bucket()
    assert store.client().get_bucket_versioning(bucket.name).status != "Enabled"
    files.put_once(DRAFT, bytes(LARGE), KEY)
    assert files.put_once(DRAFT, b"second", KEY).size == LARGE
    assert len(versions(store, bucket.name, DRAFT)) == 1


# Which bucket is taken


def test_a_bucket_is_made_once_however_many_ask(store: ObjectStore) -> None:
    bucket = store.bucket()
    with ThreadPoolExecutor(4) as pool:
        for made in [pool.submit(MinioFiles(bucket, LOCK).ensure_bucket) for _ in range(4)]:
            made.result()
    assert store.client().get_bucket_versioning(bucket.name).status == "Enabled"
    assert MinioFiles(bucket, LOCK).keys() == []


def test_a_bucket_without_lock_is_refused_where_documents_are_real(store: ObjectStore) -> None:
    bucket = store.bucket()
    MinioFiles(bucket, None).ensure_bucket()
    with pytest.raises(BucketUnfit, match="без блокировки"):
        MinioFiles(bucket, LOCK).ensure_bucket()


def test_what_cannot_be_locked_is_not_kept(store: ObjectStore) -> None:
    bucket = store.bucket()
    rehearsal = MinioFiles(bucket, None)
    rehearsal.ensure_bucket()
    with pytest.raises(StoreAway):
        MinioFiles(bucket, LOCK).seal(b"scan", KEY)
    assert rehearsal.keys() == []


def test_a_rehearsal_is_refused_in_the_bucket_of_real_documents(store: ObjectStore) -> None:
    _, bucket = locked(store)
    with pytest.raises(BucketUnfit, match="для настоящих документов"):
        MinioFiles(store.bucket(bucket), None).ensure_bucket()


# Outages


def test_a_missing_bucket_is_an_outage_and_no_refusal(store: ObjectStore) -> None:
    files = MinioFiles(store.bucket(), None)
    for ask in each_question(files):
        # S3 answers questions about an object's date without words, so that one is just not there.
        with pytest.raises((StoreAway, NotFound), match=r"NoSuchBucket|no object"):
            ask()


def test_a_wrong_secret_is_an_outage_and_is_not_shown(store: ObjectStore) -> None:
    wrong = replace(store.bucket(), secret_key=SecretStr("a-wrong-secret-key"))
    for ask in each_question(MinioFiles(wrong, None)):
        with pytest.raises(StoreAway) as caught:
            ask()
        assert "a-wrong-secret-key" not in str(caught.value)


def test_a_store_that_is_down_is_told_quickly_and_can_be_tried_again() -> None:
    with listening() as closed:
        pass
    for ask in each_question(MinioFiles(closed, None)):
        began = time.monotonic()
        with pytest.raises(StoreAway) as caught:
            ask()
        assert time.monotonic() - began < 10
        assert isinstance(caught.value, OSError)
        assert not isinstance(caught.value, Refused)


def test_a_store_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minio, "READ_SECONDS", 0.3)
    Answers.script = [lambda answer: time.sleep(1)] * 20
    with listening() as bucket:
        for ask in each_question(MinioFiles(bucket, None)):
            began = time.monotonic()
            with pytest.raises(StoreAway):
                ask()
            assert time.monotonic() - began < 10


def test_a_store_that_fails_or_breaks_off_is_an_outage() -> None:
    for way in (busy, in_html, cut_short):
        Answers.script = [way] * 20
        with listening() as bucket:
            for ask in each_question(MinioFiles(bucket, None)):
                with pytest.raises(StoreAway):
                    ask()


def test_one_failure_is_not_noticed() -> None:
    Answers.script = [busy, lambda answer: answer.say(200, b"stored bytes")]
    with listening() as bucket:
        assert MinioFiles(bucket, None).stored_bytes(DRAFT) == b"stored bytes"


def test_a_store_that_lets_kept_bytes_be_replaced_is_refused() -> None:
    Answers.script = [
        lambda answer: answer.say(200),  # the bucket is there
        lambda answer: answer.say(404, error("ObjectLockConfigurationNotFoundError")),
        lambda answer: answer.say(200),  # the first put
        lambda answer: answer.say(200),  # the second, which should be refused
    ]
    with listening() as bucket, pytest.raises(BucketUnfit, match="подменить"):
        MinioFiles(bucket, None).ensure_bucket()


def each_question(files: MinioFiles) -> list[Callable[[], object]]:
    return [
        lambda: files.put_once(DRAFT, b"content", KEY),
        lambda: files.seal(b"scan", KEY),
        lambda: files.get(DRAFT, KEY),
        lambda: files.stored_at(DRAFT),
        files.keys,
    ]


class Answers(BaseHTTPRequestHandler):
    """A store that answers as `script` says, one entry a request."""

    script: ClassVar[list[Callable[["Answers"], object]]] = []
    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        Answers.script.pop(0)(self)

    do_GET = do_PUT = do_HEAD = answer  # noqa: N815 - the names that http.server calls

    def say(self, status: int, body: bytes = b"", *, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the tests look at what the client says."""


def error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()


def busy(answer: Answers) -> None:
    answer.say(503, error("SlowDown"))


def in_html(answer: Answers) -> None:
    answer.say(502, b"<html>Bad gateway</html>")


def cut_short(answer: Answers) -> None:
    answer.say(200, b"half of", length=1000)
    answer.close_connection = True


@contextmanager
def listening() -> Iterator[Bucket]:
    """A bucket of the store that answers by script."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield Bucket(
                endpoint=f"127.0.0.1:{server.server_address[1]}",
                name="papers",
                access_key=SecretStr("someone"),
                secret_key=SecretStr("a-long-secret"),
                region="us-east-1",
                secure=False,
            )
        finally:
            server.shutdown()
