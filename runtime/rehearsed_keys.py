"""Keys of the rehearsed people: an invented authority, and signatures by which papers are signed.

They are made in the rehearsal's own home and trusted there only.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs7,
)
from cryptography.x509.oid import NameOID

from domain.names import NameForm
from runtime.home import write_whole

_TERM: Final = timedelta(days=20 * 365)  # the rehearsal's clock runs ahead
_AUTHORITY: Final = "УЦ репетиции (вымышлен)"


@dataclass(frozen=True)
class KeyRing:
    """The authority of one rehearsal. A second start finds what the first has made.

    `trusted` is the folder that the service is told of; keys lie in `keys`.
    """

    trusted: Path
    keys: Path

    def prepare(self) -> None:
        """Make the authority, unless there is one."""
        self.trusted.mkdir(exist_ok=True)
        if self._certificate.exists():
            return
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _AUTHORITY)])
        issued = _certificate(name, name, key.public_key(), key, is_authority=True)
        _write_key(self._key, key)
        self._certificate.write_bytes(issued.public_bytes(Encoding.DER))

    def sign(self, content: bytes, person: NameForm) -> bytes:
        """A detached signature of this person, by a certificate made for it."""
        authority = x509.load_der_x509_certificate(self._certificate.read_bytes())
        key = ec.generate_private_key(ec.SECP256R1())
        given = " ".join(filter(None, (person.first, person.patronymic)))
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.SURNAME, person.last),
                x509.NameAttribute(NameOID.GIVEN_NAME, given),
                x509.NameAttribute(NameOID.COMMON_NAME, f"{person.last} {given}"),
            ]
        )
        issued = _certificate(name, authority.subject, key.public_key(), _read_key(self._key))
        signing = pkcs7.PKCS7SignatureBuilder().set_data(content)
        signing = signing.add_signer(issued, key, hashes.SHA256())
        options = [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]
        return signing.sign(Encoding.DER, options)

    @property
    def _certificate(self) -> Path:
        return self.trusted / "rehearsal.cer"

    @property
    def _key(self) -> Path:
        return self.keys / "rehearsal-authority.pem"


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    authority: ec.EllipticCurvePrivateKey,
    *,
    is_authority: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )
    issued_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key())
    # One day back: the clock of whoever checks may be behind.
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _TERM)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(issued_by, critical=False)
        .sign(authority, hashes.SHA256())
    )


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_whole(path, pem.decode())


def _read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path.name} is no key of ours")
    return key
