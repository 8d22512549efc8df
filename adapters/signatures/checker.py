"""The check of a detached signature: intact, right and trusted are three answers."""

import datetime as dt
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from adapters.signatures import chain, cms
from adapters.signatures.algorithms import (
    GOST,
    HASHES,
    STREEBOG,
    Unsupported,
    check_gost,
    is_right,
    name_of,
    outdated,
    weak_key,
)
from adapters.signatures.certificates import (
    Authorities,
    described,
    load_certificate,
    read_authorities,
)
from adapters.signatures.gost import GostOpenSsl, GostUnavailable
from adapters.signatures.revocation import revocation
from adapters.turns import Turns
from domain.errors import BadSignatureFile, BadUpload
from domain.signing import Answer, Finding, SignatureCheck

_SKEW: Final = dt.timedelta(minutes=5)
"""By how much the signer's clock may be ahead of ours."""
_NO_ATTRIBUTES: Final = "подпись без подписанных свойств (нет хеша файла), такие не проверяются"
_OUTDATED: Final = "устаревший алгоритм"
_NOBODY: Final = "в файле подписи нет сертификата подписавшего"


AT_ONCE: Final = 2
WAITING: Final = 6


class SignatureChecker:
    """Checks signatures against a folder of authorities. Safe to use in many threads at once: at
    most `AT_ONCE` are checked, since OpenSSL takes time and memory.

    The folder is read at each check, so a list that is laid there today counts today.
    """

    def __init__(self, authorities: Path | None, gost: GostOpenSsl | None = None) -> None:
        """Without `authorities` no certificate is trusted: the answer is unknown."""
        self._folder = authorities
        self._gost = gost or GostOpenSsl()
        self._turns = Turns(AT_ONCE, WAITING)

    def check(self, content: bytes, signature: bytes, now: dt.datetime) -> list[SignatureCheck]:
        """Each signature of the file `signature` over `content`, in their order there.

        `now` is when the signature is known to be there: for an upload, when it came. Raises
        `BadSignatureFile`, `BadUpload` on empty content, `BadAuthorities` and `OSError` on a folder
        that cannot be read, `ChecksBusy` if `WAITING` others wait already.
        """
        if not content:
            raise BadUpload("подписанный файл пуст")
        with self._turns.one():
            found = cms.read_detached(signature)
            authorities = read_authorities(self._folder) if self._folder else Authorities((), ())
            others = [load_certificate(one) for one in found.certificates]
            asked = _Asked(found, content, others, authorities, self._gost, now)
            return [asked.answer(one) for one in found.signatures]


@dataclass(frozen=True)
class _Asked:
    """One check: a file of signatures, what they are to be of, and whom we trust."""

    file: cms.Signatures
    content: bytes
    others: Sequence[x509.Certificate]
    authorities: Authorities
    gost: GostOpenSsl
    now: dt.datetime
    hashes: dict[str, bytes] = field(default_factory=dict)

    def answer(self, one: cms.Signature) -> SignatureCheck:
        certificate = load_certificate(one.certificate) if one.certificate else None
        stamped_at, stamp_words = self._stamp(one)
        trusted = self._trusted(certificate, one.signing_time, stamped_at)
        return SignatureCheck(
            intact=self.intact(one),
            right=self.right(one, certificate),
            trusted=trusted.changed(words=f"{trusted.words}{stamp_words}"),
            signer=described(certificate) if certificate else None,
            algorithm=name_of(one.algorithm, one.digest),
            signed_at=one.signing_time,
            stamped_at=stamped_at,
        )

    def intact(self, one: cms.Signature) -> Finding:
        """Whether the content is what the signer had hashed."""
        if one.message_digest is None:
            return _unknown(_NO_ATTRIBUTES)
        if one.content_type != self.file.content_type:
            return _no("подписан не файл, а содержание другого рода")
        try:
            same = hmac.compare_digest(self._hash(one.digest, self.content), one.message_digest)
        except (Unsupported, GostUnavailable) as error:
            return _unknown(f"не проверено: {error}")
        if not same:
            return _no("файл изменён после подписания, или это подпись другого файла")
        if old := outdated(one.digest):
            return _unknown(f"хеш совпадает, но это {_OUTDATED} {old}")
        return _yes("файл тот же, что был подписан")

    def right(self, one: cms.Signature, certificate: x509.Certificate | None) -> Finding:
        """Whether the signature is made by the key of the certificate beside it."""
        if not one.attributes:
            return _unknown(_NO_ATTRIBUTES)
        if certificate is None or one.certificate is None:
            return _unknown(_NOBODY)
        own = certificate.public_key_algorithm_oid.dotted_string
        if old := outdated(one.algorithm, one.digest, own):
            return _no(f"{_OUTDATED} {old}")
        try:
            return self._right(one, certificate, one.certificate)
        except (UnsupportedAlgorithm, ValueError):
            return _unknown("не проверено: ключ подписавшего не поддерживается")
        except (Unsupported, GostUnavailable) as error:
            return _unknown(f"не проверено: {error}")

    def _right(self, one: cms.Signature, certificate: x509.Certificate, der: bytes) -> Finding:
        if one.certificate_hash is not None:
            digest, meant = one.certificate_hash
            if not hmac.compare_digest(self._hash(digest, der), meant):
                return _no("подписавший назвал другой сертификат")
        if certificate.public_key_algorithm_oid.dotted_string.startswith(GOST):
            check_gost(one.algorithm, one.digest)
            right = self.gost.is_right(one.alone)
        else:
            key = certificate.public_key()
            if weak := weak_key(key):
                return _no(f"{_OUTDATED} {weak}")
            right = any(
                is_right(key, one.algorithm, one.parameters, one.digest, one.value, signed)
                for signed in one.attributes
            )
        return _yes("подпись верна") if right else _no("подпись неверна")

    def _hash(self, oid: str, content: bytes) -> bytes:
        """Raises `Unsupported`, `GostUnavailable`."""
        if content is not self.content:
            return self._hash_of(oid, content)
        if oid not in self.hashes:
            self.hashes[oid] = self._hash_of(oid, content)
        return self.hashes[oid]

    def _hash_of(self, oid: str, content: bytes) -> bytes:
        if oid in STREEBOG:
            return self.gost.digest(STREEBOG[oid], content)
        name = HASHES[oid].name if oid in HASHES else _OLD_HASHES.get(oid)
        if name is None:
            raise Unsupported(oid)
        return hashlib.new(name, content, usedforsecurity=False).digest()

    def _trusted(
        self,
        certificate: x509.Certificate | None,
        signed_at: dt.datetime | None,
        stamped_at: dt.datetime | None,
    ) -> Finding:
        if certificate is None:
            return _unknown(_NOBODY)
        if signed_at is not None and signed_at > self.now + _SKEW:
            return _no(f"время подписания ещё не наступило: {_shown(signed_at)}")
        moment = min(stamped_at or signed_at or self.now, self.now)
        try:
            return self._trusted_at(certificate, moment, proven=stamped_at is not None)
        except GostUnavailable as error:
            return _unknown(f"не проверено: {error}")

    def _trusted_at(
        self,
        certificate: x509.Certificate,
        moment: dt.datetime,
        *,
        proven: bool,
        stamping: bool = False,
    ) -> Finding:
        """Raises `GostUnavailable`.

        A time that only the signer tells is no trustworthy knowledge of the moment: then the day of
        the check decides too (63-ФЗ, art. 11, part 2).
        """
        if not self.authorities.certificates:
            return _unknown("не проверено: список удостоверяющих центров не задан или пуст")
        path = chain.path_to_authority(certificate, self.others, self.authorities, moment)
        if path is None:
            alone = certificate.issuer == certificate.subject
            words = "сертификат самоподписанный" if alone else "цепочка сертификатов не ведёт"
            return _no(f"{words}{', не ведёт' if alone else ''} к удостоверяющему центру из списка")
        if why := chain.fault(path, moment, self.gost, stamping=stamping):
            return _no(why)
        by = moment if proven else self.now
        told = revocation(path, self.authorities, moment, self.gost, proven_by=by)
        if told.answer is not Answer.YES:
            return told
        if not chain.in_term(path, by):
            return _unknown(
                f"подписавший назвал время {_shown(moment)}, когда сертификат действовал, но оно"
                " ничем не подтверждено (нет метки времени), а срок сертификата уже истёк"
            )
        return _yes(f"сертификат действовал {_shown(moment)}; {told.words}")

    def _stamp(self, one: cms.Signature) -> tuple[dt.datetime | None, str]:
        """The moment that a time stamp proves, and what is to be said of the stamp."""
        if one.stamp is None:
            return None, ""
        try:
            found, imprint = cms.read_stamp(one.stamp)
            others = [load_certificate(it) for it in found.certificates]
            content = found.content or b""
            asked = _Asked(found, content, others, self.authorities, self.gost, self.now)
            same = hmac.compare_digest(self._hash(imprint.digest, one.value), imprint.hash)
            proved = same and outdated(imprint.digest) is None and asked.proves(imprint.at)
        except (BadSignatureFile, Unsupported, GostUnavailable):
            proved = False
        if not proved:
            return None, "; метка времени есть, но не подтверждена"
        return imprint.at, f"; время подтверждено меткой {_shown(imprint.at)}"

    def proves(self, at: dt.datetime) -> bool:
        """Whether this is a time stamp of that moment, by a trusted service. Raises as a check."""
        [one] = self.file.signatures
        if one.certificate is None or at > self.now + _SKEW:
            return False
        certificate = load_certificate(one.certificate)
        answers = (
            self.intact(one),
            self.right(one, certificate),
            self._trusted_at(certificate, at, proven=True, stamping=True),
        )
        return all(it.answer is Answer.YES for it in answers)


_OLD_HASHES: Final = {"1.2.840.113549.2.5": "md5", "1.3.14.3.2.26": "sha1"}


def _shown(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%d.%m.%Y %H:%M} UTC"


def _yes(words: str) -> Finding:
    return Finding(answer=Answer.YES, words=words)


def _no(words: str) -> Finding:
    return Finding(answer=Answer.NO, words=words)


def _unknown(words: str) -> Finding:
    return Finding(answer=Answer.UNKNOWN, words=words)
