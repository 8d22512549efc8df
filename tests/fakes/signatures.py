"""Signatures that are what a test says they are."""

from datetime import UTC, datetime

from domain.errors import Refused
from domain.signing import Answer, Finding, SignatureCheck, SignerCertificate


def a_check(name: str, **answers: Answer) -> SignatureCheck:
    """A signature by a certificate of this name; all answers are yes but those that are named."""
    surname, _, given_name = name.partition(" ")

    def finding(question: str) -> Finding:
        answer = answers.get(question, Answer.YES)
        return Finding(answer=answer, words=f"{question} looked at")

    signer = SignerCertificate(
        surname=surname,
        given_name=given_name,
        common_name=name,
        organisation="Колледж «Заря»",
        serial="0A1B2C",
        issuer="Удостоверяющий центр",
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        valid_until=datetime(2027, 12, 31, tzinfo=UTC),
    )
    return SignatureCheck(
        intact=finding("intact"),
        right=finding("right"),
        trusted=finding("trusted"),
        signer=signer,
        algorithm="RSA, SHA-256",
    )


class PlainSignatures:
    """Finds what it was told to find, and remembers over what it was asked."""

    def __init__(self, *found: SignatureCheck) -> None:
        self.found = list(found)
        self.asked: list[tuple[bytes, bytes, datetime]] = []
        self.refusal: Refused | None = None

    def check(self, content: bytes, signature: bytes, now: datetime) -> list[SignatureCheck]:
        self.asked.append((content, signature, now))
        if self.refusal is not None:
            raise self.refusal
        return self.found
