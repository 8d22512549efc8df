"""Large objects in parts: what was sent before a connection broke need not be sent again."""

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.etree import ElementTree as ET

import urllib3
from minio import Minio
from minio.error import MinioException, S3Error

PART_SIZE: Final = 8 * 1024 * 1024
"""Bytes; S3 takes no part but the last under 5 MiB. A part that is cut off is sent again whole."""
LARGE: Final = 2 * PART_SIZE
"""From so many bytes on an object goes in parts. Most papers are smaller and need one request."""

Headers = Mapping[str, str]
_Strings = dict[str, str | list[str] | tuple[str]]
_ENDED: Final = "NoSuchUpload"


class Incomplete(ValueError):  # noqa: N818 - the word of the field
    """The store answered that it was done, and then that it was not."""


@dataclass(frozen=True)
class Multipart:
    """Uploads in parts to one bucket. Each raises as the client does."""

    client: Minio
    bucket: str

    def put(self, key: str, stored: bytes, kept_as: Headers, condition: Headers) -> None:
        """Send it part by part, each with its SHA-256, then make it an object on a condition.

        If anything fails, what was sent is given up; what a crash leaves, `end_all_of` ends.
        """
        algorithm = {"x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-type": "COMPOSITE"}
        upload = self.client._create_multipart_upload(
            self.bucket, key, _Strings({**algorithm, **kept_as})
        )
        made = False
        try:
            sent = [
                self._send(key, upload, number, part)
                for number, part in enumerate(_parts(stored), start=1)
            ]
            self._complete(key, upload, "".join(sent), condition)
            made = True
        finally:
            if not made:
                self._give_up(key, upload)

    def end_all_of(self, key: str) -> None:
        """Give up every upload of this key that goes on or was left."""
        self._end(lambda name, _: name == key, prefix=key)

    def end_older(self, moment: datetime) -> int:
        """Give up uploads that began before; how many. A store may not list all that it has."""
        return self._end(lambda _, began: began < moment)

    def _end(self, is_meant: Callable[[str, datetime], bool], prefix: str | None = None) -> int:
        found = self.client._list_multipart_uploads(self.bucket, prefix=prefix).uploads
        meant = [
            one
            for one in found
            if one.initiated_time and is_meant(one.object_name, one.initiated_time)
        ]
        for one in meant:
            self._abort(one.object_name, one.upload_id or "")
        return len(meant)

    def _send(self, key: str, upload: str, number: int, part: bytes) -> str:
        digest = base64.b64encode(hashlib.sha256(part).digest()).decode()
        answer = self.client._execute(
            "PUT",
            self.bucket,
            key,
            body=part,
            headers={"x-amz-checksum-sha256": digest},
            query_params={"partNumber": str(number), "uploadId": upload},
        )
        tag = answer.headers["etag"].strip('"')
        return (
            f"<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag>"
            f"<ChecksumSHA256>{digest}</ChecksumSHA256></Part>"
        )

    def _complete(self, key: str, upload: str, parts: str, condition: Headers) -> None:
        # The public method takes no condition, and without one a second writer would win.
        answer = self.client._execute(
            "POST",
            self.bucket,
            key,
            body=f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode(),
            headers=_Strings({"Content-Type": "application/xml", **condition}),
            query_params={"uploadId": upload},
        )
        try:
            said = ET.fromstring(answer.data.decode())  # noqa: S314 - of our own store
        except ET.ParseError as error:
            raise Incomplete(f"{key}: the answer to its completion is no XML") from error
        # The status was sent before the parts were joined, so 200 may still end in an error.
        if said.tag.rpartition("}")[2] == "Error":
            raise Incomplete(f"{key}: {said.findtext('Code')} while its parts were joined")

    def _give_up(self, key: str, upload: str) -> None:
        # What failed before is what the caller must hear of.
        with suppress(MinioException, urllib3.exceptions.HTTPError):
            self._abort(key, upload)

    def _abort(self, key: str, upload: str) -> None:
        try:
            self.client._abort_multipart_upload(self.bucket, key, upload)
        except S3Error as error:
            if error.code != _ENDED:
                raise


def _parts(stored: bytes) -> Iterator[bytes]:
    for start in range(0, len(stored), PART_SIZE):
        yield stored[start : start + PART_SIZE]
