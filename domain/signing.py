"""What a check of a detached signature came to: three answers that are never made one."""

import datetime as dt
from enum import StrEnum

from domain.base import Value


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
