"""A document that waits for signatures: by hand on a scan, or electronic ones, in any order.

All whose signature is wanted must have signed electronically, else nothing is sealed; until then a
scan may come instead. What is sealed are the very bytes that were signed.
"""

from abc import abstractmethod
from datetime import datetime
from typing import Any, Literal, Self

from domain.base import Value
from domain.document_approval import Stage
from domain.document_decisions import DecidedUpon
from domain.document_wishes import AttachSignature, AttachSigned
from domain.errors import StaleVersion
from domain.people import Actor
from domain.signing import DOCX, PKCS7, GivenSignature

Rendering = Literal["draft", "registered"]


class FileToSeal(Value):
    """A file that is kept for ever; an upload, unless it is one of our renderings."""

    role: Literal["signed", "signature"]
    sha256: str
    media_type: str
    rendering: Rendering | None = None


class ToSign(DecidedUpon):
    """The part of a document's state that its signatures need and change."""

    signed_sha256: str | None = None
    signed_size: int = 0
    signed_type: str = ""
    wanted: tuple[str, ...] = ()  # lines to be signed, in order, as the last signature found them
    signatures: tuple[GivenSignature, ...] = ()  # none once a scan came instead

    @abstractmethod
    def rendering(self) -> tuple[Rendering, str] | None:
        """What is signed and its hash: with number and date, or the draft itself."""

    def unsigned(self) -> tuple[str, ...]:
        """Lines on which a signature is still missing."""
        signed = {place for one in self.signatures for place in one.places}
        return tuple(place for place in self.wanted if place not in signed)

    def check_can_attach(self, wish: AttachSigned) -> None:
        """A scan that could not be sealed may be attached anew."""
        self._check_stage(Stage.TO_SIGN, Stage.SEALING)
        self._check_version(wish.version)
        self._check_office(wish.by)

    def attached(self, wish: AttachSigned, now: datetime) -> Self:
        """A scan of what all have signed by hand: electronic signatures count no more."""
        return self.recorded(
            "signed_scan_attached",
            now,
            wish.by,
            version=wish.version,
            sha256=wish.sha256,
            refs={**self._refs(), **wish.checked},
            stage=Stage.SEALING,
            since=now,
            signed_sha256=wish.sha256,
            signed_size=wish.size,
            signed_type=wish.media_type,
            wanted=(),
            signatures=(),
            trouble=None,
        )

    def check_can_attach_signature(self, wish: AttachSignature) -> None:
        """Whoever does the paperwork may send it, and whoever signed."""
        self._check_stage(Stage.TO_SIGN)
        self._check_version(wish.version)
        known = self.rendering()
        if known is None or wish.of_sha256 != known[1]:
            raise StaleVersion(f"version {self.version} has another hash than was signed")
        if not wish.by.is_one_of(*(one.person_id for one in wish.signers)):
            self._check_office(wish.by)

    def signature_attached(self, wish: AttachSignature, now: datetime) -> Self:
        """The last of those wanted closes the document; one that adds nothing changes nothing."""
        given = GivenSignature(
            sha256=wish.sha256, size=wish.size, signers=wish.signers, marks_id=wish.note_id or ""
        )
        before = self.changed(wanted=wish.wanted)
        after = before.changed(signatures=(*self.signatures, given))
        if after.unsigned() == before.unsigned():
            return self
        goes: dict[str, Any] = {}
        if not after.unsigned():
            goes = {
                "stage": Stage.SEALING,
                "since": now,
                "signed_sha256": wish.of_sha256,
                "signed_size": wish.of_size,
                "signed_type": DOCX,
            }
        return self.recorded(
            "signature_attached",
            now,
            wish.by,
            version=wish.version,
            sha256=wish.sha256,
            note_id=wish.note_id,
            refs={
                **self._refs(),
                "of": wish.of_sha256,
                "signers": ",".join(one.person_id for one in wish.signers),
                "places": ",".join(given.places),
            },
            wanted=after.wanted,
            signatures=after.signatures,
            **goes,
        )

    def _next_version(
        self,
        now: datetime,
        by: Actor | None = None,
        note_id: str | None = None,
        inputs_id: str | None = None,
    ) -> Self:
        state = super()._next_version(now, by, note_id, inputs_id)
        return state.changed(signatures=(), wanted=())  # they were of the version before

    def files_to_seal(self) -> tuple[FileToSeal, ...]:
        """What was signed first, then its signatures if they are files of their own."""
        if self.signed_sha256 is None:
            return ()
        known = self.rendering() if self.signatures else None
        signed = FileToSeal(
            role="signed",
            sha256=self.signed_sha256,
            media_type=self.signed_type,
            rendering=known[0] if known else None,
        )
        others = (
            FileToSeal(role="signature", sha256=one.sha256, media_type=PKCS7)
            for one in self.signatures
        )
        return signed, *others

    def first_signature(self) -> tuple[str, str] | None:
        """The row of marks, and the line in it, of whoever signed the paper's first line."""
        first = self.wanted[0] if self.wanted else None
        marks = (one.marks_id for one in self.signatures if first in one.places)
        row = next(marks, None)
        return None if row is None or first is None else (row, first)
