"""Whose a bucket is: an object with a mark, where no storage key can stand."""

from typing import Final

from adapters.files.minio import MinioFiles
from domain.errors import NotFound

_MARK: Final = ".mark"  # no storage key begins with a dot


def claim(files: MinioFiles, mark: str) -> str | None:
    """Make the bucket if it is missing and mark it if it is empty; the mark that it bears then.

    None: it is not empty and bears none; nothing was written. Raises as `ensure_bucket`, and
    `StoreAway`.
    """
    with files._asking(files._bucket):
        there = files._client.bucket_exists(files._bucket)
    known = _mark_of(files) if there else None
    if known is not None:
        return known
    if there and _holds_something(files):
        return None
    files.ensure_bucket()
    files._put_if_free(_MARK, mark.encode())
    return _mark_of(files)


def _mark_of(files: MinioFiles) -> str | None:
    try:
        with files._asking(_MARK), files._client.get_object(files._bucket, _MARK) as answer:
            return answer.read().decode()
    except NotFound:
        return None


def _holds_something(files: MinioFiles) -> bool:
    with files._asking(files._bucket):
        found = files._client.list_objects(files._bucket, recursive=True)
        return any(not (entry.object_name or "").startswith(".") for entry in found)
