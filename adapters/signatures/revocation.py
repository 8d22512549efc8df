"""Whether a certificate was revoked, by the lists that the administrator has laid by."""

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from adapters.signatures.algorithms import GOST, IN_CERTIFICATES
from adapters.signatures.certificates import Authorities
from adapters.signatures.chain import CertificatePath
from adapters.signatures.gost import GostOpenSsl
from domain.signing import Answer, Finding

NOT_CHECKED: Final = "отзыв не проверялся"


def revocation(
    path: CertificatePath,
    authorities: Authorities,
    moment: dt.datetime,
    gost: GostOpenSsl,
    *,
    proven_by: dt.datetime,
) -> Finding:
    """Whether anything of the path was revoked at `moment`; yes means that nothing was.

    Yes too where no list tells, and then the words say so. `proven_by` is when the signature is
    known to have been there: a revocation between the two is unknown, since who has stolen a key
    chooses the time that he tells. Raises `GostUnavailable`.
    """
    told: list[dt.datetime] = []
    for place, (one, issuer) in enumerate(pairwise(path)):
        whose = "сертификат" if place == 0 else "сертификат удостоверяющего центра"
        lists = list(_lists_of(issuer, authorities.revoked, gost))
        for one_list in lists:
            entry = one_list.get_revoked_certificate_by_serial_number(one.serial_number)
            if entry is None:
                continue
            since = entry.revocation_date_utc
            if since <= moment:
                return Finding(answer=Answer.NO, words=f"{whose} отозван {since:%d.%m.%Y}")
            if since <= proven_by:
                words = (
                    f"{whose} отозван {since:%d.%m.%Y}, а время подписания ничем не подтверждено"
                )
                return Finding(answer=Answer.UNKNOWN, words=words)
        known = [one_list.last_update_utc for one_list in lists if _covers(one_list, proven_by)]
        if not known:
            return Finding(answer=Answer.YES, words=_not_checked(whose, listed=bool(lists)))
        told.append(max(known))
    words = f"не отозван по списку от {min(told):%d.%m.%Y}"
    return Finding(answer=Answer.YES, words=words)


def _not_checked(whose: str, *, listed: bool) -> str:
    if listed:
        return f"{NOT_CHECKED}: список отозванных просрочен"
    return NOT_CHECKED if whose == "сертификат" else f"{NOT_CHECKED} у удостоверяющего центра"


def _covers(one: x509.CertificateRevocationList, moment: dt.datetime) -> bool:
    """Whether the list tells of `moment`: it is younger, or was in force then."""
    until = one.next_update_utc
    return one.last_update_utc >= moment or until is None or until >= moment


def _lists_of(
    issuer: x509.Certificate, lists: Iterable[x509.CertificateRevocationList], gost: GostOpenSsl
) -> Iterable[x509.CertificateRevocationList]:
    """Whole lists that `issuer` has signed."""
    for one in lists:
        if one.issuer == issuer.subject and _is_whole(one) and _is_signed(one, issuer, gost):
            yield one


def _is_whole(one: x509.CertificateRevocationList) -> bool:
    """No list of some reasons, some certificates, or of changes only."""
    for extension in one.extensions:
        value = extension.value
        if isinstance(value, x509.DeltaCRLIndicator):
            return False
        if isinstance(value, x509.IssuingDistributionPoint):
            part = (value.only_some_reasons, value.only_contains_user_certs)
            if any((*part, value.only_contains_ca_certs, value.indirect_crl)):
                return False
        elif extension.critical:
            return False
    return True


def _is_signed(
    one: x509.CertificateRevocationList, issuer: x509.Certificate, gost: GostOpenSsl
) -> bool:
    if one.signature_algorithm_oid.dotted_string not in IN_CERTIFICATES:
        return False
    if issuer.public_key_algorithm_oid.dotted_string.startswith(GOST):
        return gost.is_signed_by(one, issuer)
    try:
        key = issuer.public_key()
        return one.is_signature_valid(key)  # type: ignore[arg-type] # other keys raise TypeError
    except (TypeError, ValueError, UnsupportedAlgorithm):
        return False
