"""Whether a certificate is to be trusted at a moment: the way from it up to an authority."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from adapters.signatures.algorithms import GOST, IN_CERTIFICATES
from adapters.signatures.certificates import Authorities
from adapters.signatures.gost import GostOpenSsl

_LONGEST: Final = 8
_MOST_TRIED: Final = 64
"""Issuers that are tried: a file may hold many certificates of one name."""
_UNDERSTOOD: Final = (
    *(x509.BasicConstraints, x509.KeyUsage, x509.ExtendedKeyUsage, x509.CertificatePolicies),
    *(x509.NameConstraints, x509.SubjectAlternativeName, x509.PolicyConstraints),
    x509.InhibitAnyPolicy,
)
_OPENSSL: Final = {
    7: "подпись сертификата в цепочке неверна",
    9: "срок сертификата в цепочке ещё не начался",
    10: "срок сертификата в цепочке истёк",
    22: "цепочка слишком длинная",
    24: "выдавший сертификат не вправе выдавать другие",
    25: "цепочка длиннее, чем разрешил удостоверяющий центр",
    34: "неизвестное обязательное расширение сертификата",
    79: "выдавший сертификат не вправе выдавать другие",
}

Kind = TypeVar("Kind", bound=x509.ExtensionType)
CertificatePath = Sequence[x509.Certificate]
"""A certificate, who issued it, and so on up to an authority that the administrator trusts."""


def path_to_authority(
    certificate: x509.Certificate,
    others: Iterable[x509.Certificate],
    authorities: Authorities,
    moment: dt.datetime,
) -> CertificatePath | None:
    """The shortest way to an authority, through those valid at `moment` where there is a choice.

    From the first authority it goes on through authorities as far up as they reach. None if no way
    is found: `others` are the stranger's own, and only those are tried that name each other.
    """
    trusted = set(authorities.certificates)
    # A set has no order of its own, and the same question is to get the same answer.
    both = dict.fromkeys((*authorities.certificates, *others))
    pool = sorted(both, key=lambda one: (one not in trusted, not _in_term(one, moment)))
    paths: list[list[x509.Certificate]] = [[certificate]]
    seen, tried = {certificate}, 0
    while paths:
        path = paths.pop(0)
        for issuer in pool:
            if issuer in seen and issuer not in trusted:
                continue
            if not _names(path[-1], issuer):
                continue
            tried += 1
            if tried > _MOST_TRIED:
                return None
            if not _signed(path[-1], issuer):
                continue
            if issuer in trusted:
                return _up([*path, issuer], pool, trusted)
            seen.add(issuer)
            if len(path) < _LONGEST:
                paths.append([*path, issuer])
    return None


def _up(
    path: list[x509.Certificate],
    pool: Iterable[x509.Certificate],
    trusted: set[x509.Certificate],
) -> CertificatePath:
    above = [one for one in pool if one in trusted]
    while len(path) < _LONGEST:
        found = next(
            (
                one
                for one in above
                if one not in path and _names(path[-1], one) and _signed(path[-1], one)
            ),
            None,
        )
        if found is None:
            break
        path.append(found)
    return path


def fault(
    path: CertificatePath, moment: dt.datetime, gost: GostOpenSsl, *, stamping: bool = False
) -> str | None:
    """Why the path proves nothing at `moment`, in Russian; None if it does.

    What people ask about first is told by name; the whole of RFC 5280 is asked of cryptography, or
    of OpenSSL where GOST is in the path. `stamping` is for the certificate of time stamps. Raises
    `GostUnavailable`.
    """
    for place, one in enumerate(path):
        found = _term_fault(one, moment, leaf=place == 0) or _own_fault(one, leaf=place == 0)
        if found is not None:
            return found
    if any(one.signature_algorithm_oid.dotted_string not in IN_CERTIFICATES for one in path[:-1]):
        return "сертификат в цепочке подписан устаревшим или неизвестным алгоритмом"
    if stamping and ExtendedKeyUsageOID.TIME_STAMPING not in (
        _extension(path[0], x509.ExtendedKeyUsage) or ()
    ):
        return "сертификат не для меток времени"
    if any(_is_gost(one) for one in path):
        number = gost.chain_fault(path, moment)
        if number is None:
            return None
        return _OPENSSL.get(number, f"цепочка не прошла проверку (OpenSSL, {number})")
    return _library_fault(path, moment)


def in_term(path: CertificatePath, moment: dt.datetime) -> bool:
    """Whether every certificate of the path is valid at `moment`."""
    return all(_in_term(one, moment) for one in path)


def _library_fault(path: CertificatePath, moment: dt.datetime) -> str | None:
    anything = ExtensionPolicy.permit_all()
    issuing = anything.require_present(x509.BasicConstraints, Criticality.AGNOSTIC, None)
    verifier = (
        PolicyBuilder()
        .store(Store([path[-1]]))
        .time(moment)
        .max_chain_depth(_LONGEST)
        .extension_policies(ca_policy=issuing, ee_policy=anything)
        .build_client_verifier()
    )
    try:
        verifier.verify(path[0], list(path[1:-1]))
    except VerificationError:
        # Its words are English and may quote the certificate.
        return "цепочка сертификатов нарушает правила RFC 5280"
    return None


def _term_fault(one: x509.Certificate, moment: dt.datetime, *, leaf: bool) -> str | None:
    whose = "сертификата" if leaf else "сертификата удостоверяющего центра"
    if moment < one.not_valid_before_utc:
        return f"срок {whose} начался позже подписания: {one.not_valid_before_utc:%d.%m.%Y}"
    if moment > one.not_valid_after_utc:
        return f"срок {whose} истёк до подписания: {one.not_valid_after_utc:%d.%m.%Y}"
    return None


def _own_fault(one: x509.Certificate, *, leaf: bool) -> str | None:
    if any(it.critical and not isinstance(it.value, _UNDERSTOOD) for it in one.extensions):
        return "неизвестное обязательное расширение сертификата"
    usage = _extension(one, x509.KeyUsage)
    if leaf:
        if usage and not (usage.digital_signature or usage.content_commitment):
            return "ключ сертификата не для подписи"
        return None
    basic = _extension(one, x509.BasicConstraints)
    if basic is None or not basic.ca or (usage and not usage.key_cert_sign):
        return "выдавший сертификат не вправе выдавать другие"
    return None


def _extension(
    one: x509.Certificate | x509.CertificateRevocationList, kind: type[Kind]
) -> Kind | None:
    try:
        return one.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _in_term(one: x509.Certificate, moment: dt.datetime) -> bool:
    return one.not_valid_before_utc <= moment <= one.not_valid_after_utc


def _is_gost(one: x509.Certificate) -> bool:
    return one.public_key_algorithm_oid.dotted_string.startswith(GOST)


def _names(one: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the certificate says that this one has issued it."""
    if one.issuer != issuer.subject:
        return False
    named = _extension(one, x509.AuthorityKeyIdentifier)
    own = _extension(issuer, x509.SubjectKeyIdentifier)
    if named is None or own is None or named.key_identifier is None:
        return True
    return named.key_identifier == own.digest


def _signed(one: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether `issuer` has signed it. GOST and outdated algorithms are left to `fault`."""
    if _is_gost(issuer) or one.signature_algorithm_oid.dotted_string not in IN_CERTIFICATES:
        return True
    try:
        one.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True
