"""What is known of a scan of a signed paper before it is taken: pages, their codes, viruses."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Self

from pydantic import computed_field

from domain.base import Message, Value
from domain.errors import ForeignPages


class Virus(StrEnum):
    """What the antivirus said. What it found infected is refused, so that is no verdict."""

    CLEAN = "clean"
    UNCHECKED = "unchecked"  # there is none, or it gave no answer


class ScanCheck(Message):
    """Numbers only: it stands in the audit log. Pages are counted from 1."""

    pages: int
    coded: int = 0  # pages on which the document's own code was read
    unread: tuple[int, ...] = ()  # pages on which no code was read
    expected: int | None = None  # pages of the PDF copy of the same version, if one was at hand
    virus: Virus = Virus.UNCHECKED

    @computed_field  # type: ignore[prop-decorator]  # as pydantic writes it
    @property
    def missing(self) -> int | None:
        """How many pages fewer than the copy has; None if there was no copy to compare with."""
        return None if self.expected is None else max(0, self.expected - self.pages)

    @computed_field  # type: ignore[prop-decorator]  # as pydantic writes it
    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should look at, in Russian; nothing of it forbids to take the scan."""
        said = []
        if self.unread and not self.coded:
            said.append("код не прочитан ни на одной странице: сверьте сами, тот ли это документ")
        else:
            said += [f"страница {page}: код не прочитан" for page in self.unread]
        if self.missing:
            said.append(
                f"страниц {self.pages}, а в копии документа {self.expected}: "
                f"возможно, не хватает {self.missing}"
            )
        if self.virus is Virus.UNCHECKED:
            said.append("на вирусы не проверено")
        return tuple(said)

    def refs(self) -> dict[str, str]:
        """As an audit event holds it."""
        known = {"scan_pages": str(self.pages), "scan_coded": str(self.coded)}
        known |= {"scan_unread": ",".join(map(str, self.unread))} if self.unread else {}
        known |= {"scan_expected": str(self.expected)} if self.expected is not None else {}
        return {**known, "scan_virus": self.virus}

    @classmethod
    def of_refs(cls, refs: Mapping[str, str]) -> Self | None:
        """As `refs` wrote it; None where an event has nothing of a scan."""
        if "scan_pages" not in refs:
            return None
        unread = refs.get("scan_unread", "")
        expected = refs.get("scan_expected")
        return cls(
            pages=int(refs["scan_pages"]),
            coded=int(refs.get("scan_coded", 0)),
            unread=tuple(int(page) for page in unread.split(",") if page),
            expected=None if expected is None else int(expected),
            virus=Virus(refs.get("scan_virus", Virus.UNCHECKED)),
        )


class CheckedScan(Value):
    """A scan as it may be kept, always a PDF, and what was found of it."""

    content: bytes
    check: ScanCheck


def matched(
    code: str, read: Sequence[Sequence[str]], expected: int | None, virus: Virus
) -> ScanCheck:
    """The check of a scan that should be of the document and version that `code` says.

    `read` holds the codes of ours that were read on each page. A page without one is only noted,
    since photos are often poor. Raises `ForeignPages` if some page is another paper's.
    """
    foreign = [
        (page, other)
        for page, codes in enumerate(read, start=1)
        for other in codes
        if other != code
    ]
    if foreign:
        raise ForeignPages("; ".join(_foreign_words(page, other, code) for page, other in foreign))
    return ScanCheck(
        pages=len(read),
        coded=sum(1 for codes in read if codes),
        unread=tuple(page for page, codes in enumerate(read, start=1) if not codes),
        expected=expected,
        virus=virus,
    )


def _foreign_words(page: int, other: str, code: str) -> str:
    """Names the page by number and never whose paper it is."""
    (document, _, version), (ours, _, signed) = other.rpartition("/"), code.rpartition("/")
    if document == ours:
        return f"страница {page}: это версия {version}, а подписывается версия {signed}"
    return f"страница {page}: код другого документа"
