"""Keys, certificates and signatures of invented people, made anew in every run."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from asn1crypto import algos, cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NOW = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
"""Fixed, for a time is an argument; what other programs sign now needs a later end."""
YEAR = dt.timedelta(days=365)
DAY = dt.timedelta(days=1)
FILE = "Приказ о закреплении наставников".encode()

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
HASHES = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


@cache
def rsa_key(number: int = 0, bits: int = 2048) -> rsa.RSAPrivateKey:
    """The same key for the same number, for making one takes long."""
    return rsa.generate_private_key(65537, bits)


def ec_key(curve: ec.EllipticCurve | None = None) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(curve or ec.SECP256R1())


@dataclass(frozen=True)
class Holder:
    """A certificate with its key."""

    key: Key
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


PERSON = {
    NameOID.SURNAME: "Вершинина",
    NameOID.GIVEN_NAME: "Ольга Павловна",
    NameOID.COMMON_NAME: "Вершинина Ольга Павловна",
    NameOID.ORGANIZATION_NAME: "Колледж «Пример»",
    NameOID.INN: "1234567890",
}


def usage(*, sign: bool = True, issue: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=sign,
        content_commitment=sign,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=not sign,
        key_cert_sign=issue,
        crl_sign=issue,
        encipher_only=False,
        decipher_only=False,
    )


def holder(  # noqa: PLR0913 - a certificate has this many parts
    name: str | dict[x509.ObjectIdentifier, str],
    issuer: Holder | None = None,
    *,
    key: Key | None = None,
    start: dt.datetime = NOW - YEAR,
    end: dt.datetime = NOW + YEAR,
    authority: bool = False,
    extensions: Sequence[x509.ExtensionType] = (),
    critical: Sequence[x509.ExtensionType] = (),
    length: int | None = None,
    key_usage: x509.KeyUsage | None = None,
) -> Holder:
    key = key or ec_key()
    named = {NameOID.COMMON_NAME: name} if isinstance(name, str) else name
    subject = x509.Name([x509.NameAttribute(oid, text) for oid, text in named.items()])
    above = issuer.certificate if issuer else None
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(above.subject if above else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=length), critical=True)
        .add_extension(key_usage or usage(issue=authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    signer = issuer.key if issuer else key
    known = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = builder.add_extension(known, critical=False)
    for one in extensions:
        builder = builder.add_extension(one, critical=False)
    for one in critical:
        builder = builder.add_extension(one, critical=True)
    return Holder(key, builder.sign(signer, hashes.SHA256()))


def revoked(
    issuer: Holder,
    ones: dict[Holder, dt.datetime],
    *,
    made: dt.datetime = NOW - DAY,
    until: dt.datetime = NOW + DAY,
    key: Key | None = None,
) -> bytes:
    """A list of revoked certificates, DER."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(made)
        .next_update(until)
    )
    for one, since in ones.items():
        entry = x509.RevokedCertificateBuilder().serial_number(one.certificate.serial_number)
        builder = builder.add_revoked_certificate(entry.revocation_date(since).build())
    return builder.sign(key or issuer.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


@dataclass
class Folder:
    """The administrator's folder of authorities."""

    path: Path
    count: int = field(default=0, init=False)

    def lay(self, *holders: Holder, lists: Sequence[bytes] = ()) -> Path:
        for one in holders:
            self.count += 1
            (self.path / f"{self.count}.cer").write_bytes(one.der)
        for one_list in lists:
            self.count += 1
            (self.path / f"{self.count}.crl").write_bytes(one_list)
        return self.path


def with_old_hash(key: rsa.RSAPrivateKey, signed: bytes, hash_: str) -> bytes:
    """A right RSA signature (RFC 8017, 9.2) with a hash that libraries sign with no more."""
    hashed = hashlib.new(hash_, signed).digest()
    told = algos.DigestInfo(
        {
            "digest_algorithm": {"algorithm": hash_, "parameters": core.Null()},
            "digest": hashed,
        }
    ).dump()
    numbers = key.private_numbers()
    size = key.key_size // 8
    padded = b"\x00\x01" + b"\xff" * (size - len(told) - 3) + b"\x00" + told
    value = pow(int.from_bytes(padded, "big"), numbers.d, numbers.public_numbers.n)
    return value.to_bytes(size, "big")


def issued_with_sha1(one: Holder, issuer: Holder) -> Holder:
    """The same certificate, signed as ten years ago."""
    assert isinstance(issuer.key, rsa.RSAPrivateKey)
    made = asn1_x509.Certificate.load(one.der)
    own = {"algorithm": "sha1_rsa", "parameters": core.Null()}
    body = made["tbs_certificate"]
    body["signature"] = own
    made["signature_algorithm"] = own
    made["signature_value"] = with_old_hash(issuer.key, body.dump(), "sha1")
    return Holder(one.key, x509.load_der_x509_certificate(made.dump()))


def signature_value(key: Key, signed: bytes, hash_: str, *, pss: bool = False) -> bytes:
    if hash_ not in HASHES:
        assert isinstance(key, rsa.RSAPrivateKey)
        return with_old_hash(key, signed, hash_)
    chosen = HASHES[hash_]
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(signed, ec.ECDSA(chosen))
    if pss:
        size = chosen.digest_size
        return key.sign(signed, padding.PSS(padding.MGF1(chosen), size), chosen)
    return key.sign(signed, padding.PKCS1v15(), chosen)


def algorithm(key: Key, hash_: str, *, pss: bool = False) -> dict[str, Any]:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return {"algorithm": f"{hash_}_ecdsa"}
    if not pss:
        return {"algorithm": f"{hash_}_rsa"}
    own = {"algorithm": hash_}
    parameters = algos.RSASSAPSSParams(
        {
            "hash_algorithm": own,
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": own},
            "salt_length": HASHES[hash_].digest_size,
        }
    )
    return {"algorithm": "rsassa_pss", "parameters": parameters}


def attribute(name: str, value: object) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": name, "values": [value]})


def signer_info(  # noqa: PLR0913 - a signature has this many parts
    by: Holder,
    content: bytes = FILE,
    *,
    hash_: str = "sha256",
    pss: bool = False,
    at: dt.datetime | None = NOW - DAY,
    content_type: str = "data",
    extra: Sequence[cms.CMSAttribute] = (),
    bare: bool = False,
    by_key_id: bool = False,
    stamp: bytes | None = None,
    stamper: "Stamper | None" = None,
    method: dict[str, Any] | None = None,
) -> cms.SignerInfo:
    attributes = [
        attribute("content_type", content_type),
        attribute("message_digest", hashlib.new(hash_, content).digest()),
        *extra,
    ]
    if at is not None:
        attributes.append(attribute("signing_time", cms.Time({"utc_time": at})))
    signed = cms.CMSAttributes(attributes).dump()
    value = signature_value(by.key, content if bare else signed, hash_, pss=pss)
    named = asn1_x509.Certificate.load(by.der)
    by_serial = cms.IssuerAndSerialNumber(
        {"issuer": named.issuer, "serial_number": named.serial_number}
    )
    fields: dict[str, Any] = {
        "version": "v3" if by_key_id else "v1",
        "sid": cms.SignerIdentifier(
            {"subject_key_identifier": named.key_identifier}
            if by_key_id
            else {"issuer_and_serial_number": by_serial}
        ),
        "digest_algorithm": {"algorithm": hash_},
        "signature_algorithm": method or algorithm(by.key, hash_, pss=pss),
        "signature": value,
    }
    if not bare:
        fields["signed_attrs"] = attributes
    if stamper is not None:
        stamp = stamper.stamp(value)
    if stamp is not None:
        token = cms.ContentInfo.load(stamp)
        fields["unsigned_attrs"] = [attribute("signature_time_stamp_token", token)]
    return cms.SignerInfo(fields)


def enveloped(
    signers: Sequence[cms.SignerInfo],
    certificates: Sequence[bytes],
    *,
    content: bytes | None = None,
    content_type: str = "data",
) -> bytes:
    """CMS SignedData, DER."""
    inner: dict[str, Any] = {"content_type": content_type}
    if content is not None:
        kind = core.OctetString if content_type == "data" else core.ParsableOctetString
        inner["content"] = kind(content)
    thirds = content_type != "data" or any(one["version"].native == "v3" for one in signers)
    whole = cms.SignedData(
        {
            "version": "v3" if thirds else "v1",
            "digest_algorithms": cms.DigestAlgorithms([one["digest_algorithm"] for one in signers]),
            "encap_content_info": cms.EncapsulatedContentInfo(inner)
            if thirds
            else cms.ContentInfo(inner),
            "certificates": [
                cms.CertificateChoices({"certificate": cms.Certificate.load(one)})
                for one in certificates
            ],
            "signer_infos": cms.SignerInfos(signers),
        }
    )
    made: bytes = cms.ContentInfo({"content_type": "signed_data", "content": whole}).dump()
    return made


def signed_by(by: Holder, *others: Holder, **how: Any) -> bytes:  # noqa: ANN401 - as signer_info
    """A detached signature with the signer's certificate and those of `others` inside."""
    return enveloped([signer_info(by, **how)], [by.der, *(one.der for one in others)])


@dataclass(frozen=True)
class Stamper:
    """A service of time stamps."""

    holder: Holder
    at: dt.datetime
    of: bytes | None = None  # instead of what it is given

    def stamp(self, value: bytes) -> bytes:
        hashed = hashlib.sha256(self.of or value).digest()
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.2.3.4",
                "message_imprint": {
                    "hash_algorithm": {"algorithm": "sha256"},
                    "hashed_message": hashed,
                },
                "serial_number": 1,
                "gen_time": self.at,
            }
        ).dump()
        signer = signer_info(self.holder, info, content_type="tst_info", at=self.at)
        return enveloped([signer], [self.holder.der], content=info, content_type="tst_info")


def stamping_holder(issuer: Holder, **how: Any) -> Holder:  # noqa: ANN401 - as holder
    eku = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    return holder("Служба меток времени", issuer, critical=[eku], **how)
