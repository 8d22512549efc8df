"""Who is to sign a document, and who did by the name in the certificate.

The sender of a signature never signs for the signer: it counts only for whomever the certificate
names, and only if that is somebody whose signature the paper wants.
"""

import unicodedata
from collections.abc import Sequence

from domain.base import Value
from domain.errors import NotTheSigner, OnPaperOnly, SignatureRefused
from domain.signing import Answer, SignatureCheck, SignedBy

_ANSWERS = {Answer.YES: "да", Answer.NO: "нет", Answer.UNKNOWN: "неизвестно"}


class Signatory(Value):
    """Somebody who may sign, with the full name. Personal data: never for a log or an error."""

    person_id: str
    name: str


class SignaturePlace(Value):
    """A line of the paper that wants a signature of one of `people`; of nobody whom we know, if
    there is none.
    """

    id: str  # a role of the kind's signers, or whose representative it is
    title: str
    people: tuple[Signatory, ...]


def check_can_be_signed(places: Sequence[SignaturePlace]) -> None:
    """Raises `OnPaperOnly` if the paper has no lines for electronic signatures, or one of nobody
    whom we know.
    """
    if not places:
        raise OnPaperOnly("документы этого вида подписывают от руки; приложите скан")
    unknown = [place.title for place in places if not place.people]
    if unknown:
        lines = ", ".join(unknown)
        raise OnPaperOnly(f"служба не знает, чья подпись нужна ({lines}); приложите скан")


def signers(
    checks: Sequence[SignatureCheck], places: Sequence[SignaturePlace]
) -> tuple[SignedBy, ...]:
    """Whose signatures these are, in their order; a person stands on every line that is theirs.

    Raises `SignatureRefused` with all answers unless each is yes three times, `NotTheSigner` if a
    certificate names nobody who is to sign, or a name that two of them have.
    """
    if not all(one.ok for one in checks):
        raise SignatureRefused(_told(checks))
    return tuple(_signer(n, one, places) for n, one in enumerate(checks, start=1))


def same_name(one: str, other: str) -> bool:
    """Whether these are the same full name, whatever the case, the spaces and ё or е."""
    return _folded(one) == _folded(other)


def _signer(n: int, check: SignatureCheck, places: Sequence[SignaturePlace]) -> SignedBy:
    owner = check.signer.owner if check.signer else ""
    named = [
        (place.id, person.person_id)
        for place in places
        for person in place.people
        if owner and same_name(owner, person.name)
    ]
    people = {person for _, person in named}
    if not people:
        raise NotTheSigner(f"подпись {n}: сертификат выдан не тому, кто подписывает этот документ")
    if len(people) > 1:
        raise NotTheSigner(
            f"подпись {n}: двух подписывающих зовут одинаково, по сертификату их не различить; "
            "приложите скан"
        )
    return SignedBy(person_id=people.pop(), places=tuple(place for place, _ in named))


def _told(checks: Sequence[SignatureCheck]) -> str:
    """A line for each answer; the words name no person."""
    lines = ["подпись не принята: не на все три вопроса ответ «да»"]
    for n, check in enumerate(checks, start=1):
        of = f"подпись {n}: " if len(checks) > 1 else ""
        lines += [
            f"{of}{title}: {_ANSWERS[found.answer]}; {found.words}"
            for title, found in check.answers
        ]
    return "\n".join(lines)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().replace("ё", "е").split())
