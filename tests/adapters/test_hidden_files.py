"""What lies in an S3 store beneath another version, or a delete mark, is not lost."""

import io

import pytest

from domain.errors import NotFound
from tests.adapters.test_files_on_s3 import KEY, locked
from tests.object_store import ObjectStore


def test_what_a_newer_version_or_a_delete_mark_hides_is_told_from_what_is_lost(
    store: ObjectStore,
) -> None:
    files, bucket = locked(store)
    covered, marked = files.seal(b"scan", KEY), files.seal(b"another", KEY)
    store.client().put_object(bucket, covered.key, io.BytesIO(b"a cuckoo"), 8)
    store.client().remove_object(bucket, marked.key)

    assert files.stored_hash(covered.key) != covered.stored_sha256
    with pytest.raises(NotFound):
        files.stored_hash(marked.key)
    for one in (covered, marked):
        assert files.hides(one.key, one.stored_sha256)
        assert not files.hides(one.key, "0" * 64)
