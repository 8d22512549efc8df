"""Scans that are taken as they come."""

from collections.abc import Sequence

from domain.errors import Refused
from domain.scans import CheckedScan, ScanCheck


class PlainScans:
    """The files one behind another are the PDF; each is a page with the code, if one is wanted."""

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[bytes, ...], str | None, bytes | None]] = []
        self.refusal: Refused | None = None

    def check(
        self, files: Sequence[bytes], code: str | None = None, copy: bytes | None = None
    ) -> CheckedScan:
        self.asked.append((tuple(files), code, copy))
        if self.refusal is not None:
            raise self.refusal
        check = ScanCheck(pages=len(files), coded=len(files) if code else 0)
        return CheckedScan(content=b"".join(files), check=check)
