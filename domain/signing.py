"""What a check of a detached signature came to: three answers that are never made one; and what a
document's process remembers of the signatures that it took.
"""

import datetime as dt
from enum import StrEnum
from typing import Final

from domain.base import Message, Value

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PKCS7: Final = "application/pkcs7-signature"
MOST_BYTES: Final = 4 * 1024 * 1024
"""Of a file of signatures."""


class Answer(StrEnum):
    """Unknown is no pass: it says why nobody could tell."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Finding(Value):
    """One answer, and in Russian what it rests on. The words name no person."""

    answer: Answer
    words: str


class SignerCertificate(Value):
    """Whose certificate it is, by its own words. Personal data: never for a log or an error.

    A part that the certificate does not name is empty. `serial` is in hexadecimal digits.
    """

    surname: str
    given_name: str
    common_name: str
    organisation: str
    serial: str
    issuer: str
    valid_from: dt.datetime
    valid_until: dt.datetime

    @property
    def owner(self) -> str:
        """Surname, name and patronymic; a certificate without them names its owner as a whole."""
        return " ".join(filter(None, (self.surname, self.given_name))) or self.common_name


class SignatureCheck(Value):
    """What is known of one signature in a file of signatures.

    `signed_at` is what the signer says; `stamped_at` is from a time stamp that was checked. No
    certificate is shown if the file of signatures does not hold the signer's.
    """

    intact: Finding
    right: Finding
    trusted: Finding
    signer: SignerCertificate | None = None
    algorithm: str = ""
    signed_at: dt.datetime | None = None
    stamped_at: dt.datetime | None = None

    @property
    def answers(self) -> tuple[tuple[str, Finding], ...]:
        """Each of the three, with what was asked, in Russian."""
        return (
            ("файл не изменён", self.intact),
            ("подпись верна", self.right),
            ("сертификату можно верить", self.trusted),
        )

    @property
    def ok(self) -> bool:
        """Whether all three answers are yes."""
        return all(one.answer is Answer.YES for one in (self.intact, self.right, self.trusted))

    def mark(self, zone: dt.tzinfo) -> dict[str, str] | None:
        """The fact `signature_mark` of a visual copy, its days in `zone`; None unless all is well.

        A mark without a checked signature would be a false document. Its parts: GOST R 7.0.97-2016,
        5.23.
        """
        if not self.ok or self.signer is None:
            return None
        return {
            "certificate": self.signer.serial,
            "owner": self.signer.owner,
            "valid_from": f"{self.signer.valid_from.astimezone(zone):%d.%m.%Y}",
            "valid_until": f"{self.signer.valid_until.astimezone(zone):%d.%m.%Y}",
        }


class SignedBy(Message):
    """A signature that was checked: whose it is, and on which lines of the paper it stands."""

    person_id: str
    places: tuple[str, ...]


class GivenSignature(Message):
    """A file of signatures that a document has. Ids and hashes only."""

    sha256: str
    size: int
    signers: tuple[SignedBy, ...]
    marks_id: str
    """The row with what a visual copy says of each signature."""

    @property
    def places(self) -> tuple[str, ...]:
        """The lines that its signatures stand on."""
        return tuple(place for signer in self.signers for place in signer.places)
