"""Certificates and lists of revoked ones: what they say of themselves, and the folder of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from domain.errors import BadAuthorities, BadSignatureFile
from domain.signing import SignerCertificate

_SUFFIXES: Final = {".cer", ".crt", ".pem", ".der", ".crl"}
_MOST_FILES: Final = 3000
_MOST_BYTES: Final = 64 * 1024 * 1024
_PEM: Final = b"-----BEGIN"
_FAULTS: Final = (
    *(ValueError, TypeError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType),
    x509.InvalidVersion,
)


@dataclass(frozen=True)
class Authorities:
    """Whom the administrator trusts, and the lists of revoked certificates that he has laid by."""

    certificates: tuple[x509.Certificate, ...]
    revoked: tuple[x509.CertificateRevocationList, ...]


def read_authorities(folder: Path) -> Authorities:
    """The certificates and lists in `folder`, PEM or DER; files of other endings are left alone.

    Raises `BadAuthorities` that names the file which cannot be read, `OSError` if there is no such
    folder.
    """
    certificates: list[x509.Certificate] = []
    revoked: list[x509.CertificateRevocationList] = []
    files = sorted(one for one in folder.iterdir() if one.suffix.lower() in _SUFFIXES)
    if len(files) > _MOST_FILES:
        raise BadAuthorities(f"файлов больше {_MOST_FILES}")
    for file in files:
        if file.stat().st_size > _MOST_BYTES:
            raise BadAuthorities(f"{file.name}: больше {_MOST_BYTES // 1024 // 1024} МБ")
        content = file.read_bytes()
        try:
            if file.suffix.lower() == ".crl" or b"-----BEGIN X509 CRL" in content:
                revoked.append(_list(content))
            else:
                certificates += map(_looked_at, _certificates(content))
        except _FAULTS as error:
            raise BadAuthorities(
                f"{file.name}: это не сертификат и не список отозванных сертификатов"
            ) from error
    return Authorities(tuple(certificates), tuple(revoked))


def _list(content: bytes) -> x509.CertificateRevocationList:
    load = x509.load_pem_x509_crl if _PEM in content else x509.load_der_x509_crl
    found = load(content)
    _ = (found.issuer, found.extensions, found.last_update_utc, found.next_update_utc)
    return found


def _certificates(content: bytes) -> list[x509.Certificate]:
    if _PEM in content:
        return x509.load_pem_x509_certificates(content)
    return [x509.load_der_x509_certificate(content)]


def load_certificate(der: bytes) -> x509.Certificate:
    """A certificate out of a file of signatures. Raises `BadSignatureFile`."""
    try:
        return _looked_at(x509.load_der_x509_certificate(der))
    except _FAULTS:
        # The cause is left out: it may quote the certificate.
        raise BadSignatureFile("сертификат в файле подписи повреждён") from None


def _looked_at(one: x509.Certificate) -> x509.Certificate:
    """What is read lazily is read here once, so that nothing breaks later."""
    _ = (one.subject, one.issuer, one.extensions, one.serial_number)
    _ = (one.not_valid_before_utc, one.not_valid_after_utc, one.public_key_algorithm_oid)
    return one


def described(certificate: x509.Certificate) -> SignerCertificate:
    """Whose certificate it is, who gave it, and for which time."""
    subject = certificate.subject
    serial = f"{certificate.serial_number:X}"
    return SignerCertificate(
        surname=_part(subject, NameOID.SURNAME),
        given_name=_part(subject, NameOID.GIVEN_NAME),
        common_name=_part(subject, NameOID.COMMON_NAME),
        organisation=_part(subject, NameOID.ORGANIZATION_NAME),
        serial=serial.zfill(len(serial) + len(serial) % 2),
        issuer=_part(certificate.issuer, NameOID.COMMON_NAME)
        or _part(certificate.issuer, NameOID.ORGANIZATION_NAME),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
    )


def _part(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    """The text of a part. Signs that draw nothing or turn the line around are left out."""
    values = (str(one.value) for one in name.get_attributes_for_oid(oid))
    return " ".join("".join(sign for sign in next(values, "") if sign.isprintable()).split())
