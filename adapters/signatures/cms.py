"""CMS SignedData (RFC 5652), DER, BER, PEM or base64: read with limits, whoever has written it."""

import base64
import binascii
import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from asn1crypto import cms, core, parser, tsp

from adapters.signatures.algorithms import GOST, NO_PARAMETERS, PSS
from domain.errors import BadSignatureFile
from domain.signing import MOST_BYTES

MOST_SIGNATURES: Final = 20
MOST_CERTIFICATES: Final = 50
_MOST_ATTRIBUTES: Final = 50

_TOKEN: Final = "1.2.840.113549.1.9.16.1.4"  # noqa: S105 - RFC 3161, the content of a time stamp
_READ: Final = {
    *("content_type", "message_digest", "signing_time"),
    *("signing_certificate", "signing_certificate_v2"),
}
_DATA: Final = "1.2.840.113549.1.7.1"
_SHA1: Final = "1.3.14.3.2.26"
_SEQUENCE: Final = b"\x30"
_SET: Final = b"\x31"
_FIRST, _SECOND = b"\xa0", b"\xa1"
_BROKEN: Final = "файл подписи повреждён, или это не подпись: ожидается CMS SignedData"
_FAULTS: Final = (ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError)
"""What asn1crypto raises on what it cannot read."""


@dataclass(frozen=True)
class Signature:
    """One signer's part, as it is written; nothing of it is checked.

    `attributes` are the signed ones, encoded as they were signed: in the order in which they came
    and, where that is another, in DER's. None, and nothing was signed but the content itself.
    `alone` is the whole CMS with no other signer and no other certificate.
    """

    digest: str
    algorithm: str
    parameters: bytes
    value: bytes
    certificate: bytes | None
    attributes: tuple[bytes, ...]
    content_type: str | None
    message_digest: bytes | None
    signing_time: dt.datetime | None
    certificate_hash: tuple[str, bytes] | None
    stamp: bytes | None
    alone: bytes


@dataclass(frozen=True)
class Signatures:
    """A file of signatures. `content` is there in a time stamp only."""

    content_type: str
    content: bytes | None
    certificates: tuple[bytes, ...]
    signatures: tuple[Signature, ...]


@dataclass(frozen=True)
class Imprint:
    """What a time stamp says: when a thing with this hash was there."""

    digest: str
    hash: bytes
    at: dt.datetime


def read_detached(file: bytes) -> Signatures:
    """The signatures of a file of its own. Raises `BadSignatureFile`.

    Refused: what is no CMS, is too large, holds the signed content itself, or has no signer.
    """
    if not file:
        raise BadSignatureFile("файл подписи пуст")
    if len(file) > MOST_BYTES:
        raise BadSignatureFile(f"файл подписи больше {MOST_BYTES // 1024 // 1024} МБ")
    found = _read(_der(file))
    if found.content is not None:
        raise BadSignatureFile(
            "подпись присоединённая: подписанный файл лежит внутри неё; нужна отсоединённая"
        )
    return found


def read_stamp(token: bytes) -> tuple[Signatures, Imprint]:
    """A time stamp (RFC 3161). Raises `BadSignatureFile`."""
    found = _read(token)
    if found.content is None or found.content_type != _TOKEN or len(found.signatures) != 1:
        raise BadSignatureFile("это не метка времени")
    with _reading():
        info: Any = tsp.TSTInfo.load(found.content, strict=True)
        imprint = info["message_imprint"]
        return found, Imprint(
            digest=_plain(imprint["hash_algorithm"]),
            hash=imprint["hashed_message"].native,
            at=_moment(info["gen_time"].native),
        )


def _der(file: bytes) -> bytes:
    """The bytes behind PEM or bare base64."""
    if file.startswith(_SEQUENCE):
        return file
    text = file.removeprefix(b"\xef\xbb\xbf").strip()
    if text.startswith(b"-----BEGIN"):
        # What stands between the first two lines of dashes.
        text = [*text.split(b"-----"), b"", b""][2]
    try:
        found = base64.b64decode(b"".join(text.split()), validate=True)
    except binascii.Error as error:
        raise BadSignatureFile(_BROKEN) from error
    if not found.startswith(_SEQUENCE):
        raise BadSignatureFile(_BROKEN)
    return found


@contextmanager
def _reading() -> Iterator[None]:
    """What the file does not tell is refused; the library's words may quote it and stay out."""
    try:
        yield
    except _FAULTS:
        raise BadSignatureFile(_BROKEN) from None


def _read(der: bytes) -> Signatures:
    with _reading():
        outer: Any = cms.ContentInfo.load(der, strict=True)
        if outer["content_type"].native != "signed_data":
            raise BadSignatureFile(_BROKEN)
        whole: Any = outer["content"]
        inner = whole["encap_content_info"]
        content = inner["content"]
        digests = {_plain(one) for one in _few(whole["digest_algorithms"], MOST_SIGNATURES)}
        beside = list(_few(whole["certificates"], MOST_CERTIFICATES))
        certificates = [_Certificate(one.chosen) for one in beside if one.name == "certificate"]
        signers = list(_few(whole["signer_infos"], MOST_SIGNATURES))
        if not signers:
            raise BadSignatureFile("в файле нет ни одной подписи")
        content_type = inner["content_type"].dotted
        # RFC 5652, 5.1: what is signed, and how signers are named, gives the version; so do
        # certificates of other kinds and evidence, which we do not look at.
        third = content_type != _DATA or "v3" in {_version(one) for one in signers}
        known = isinstance(whole["crls"], core.Void) and len(certificates) == len(beside)
        if known and whole["version"].native != ("v3" if third else "v1"):
            raise BadSignatureFile(_BROKEN)
        return Signatures(
            content_type=content_type,
            content=None if isinstance(content, core.Void) else _octets(content),
            certificates=tuple(one.der for one in certificates),
            signatures=tuple(_signature(one, digests, certificates) for one in signers),
        )


class _Certificate:
    """A certificate beside signatures, as far as they name it."""

    def __init__(self, choice: Any) -> None:
        self.der: bytes = choice.dump()
        # Read anew: nothing may stand behind it, and the bits of its signature fill their octets.
        whole: Any = cms.Certificate.load(self.der, strict=True)
        if whole["signature_value"].contents[0] != 0:
            raise BadSignatureFile(_BROKEN)
        self._body = whole["tbs_certificate"]
        if self._body["serial_number"].native <= 0:  # RFC 5280, 4.1.2.2
            raise BadSignatureFile(_BROKEN)

    def is_named_by(self, signer_id: Any) -> bool:
        named = signer_id.chosen
        if signer_id.name != "issuer_and_serial_number":
            return bool(self._key_id() == named.native)
        if self._body["serial_number"].native != named["serial_number"].native:
            return False
        return bool(self._body["issuer"].dump() == named["issuer"].dump())

    def _key_id(self) -> bytes | None:
        for extension in _few(self._body["extensions"], _MOST_ATTRIBUTES):
            if extension["extn_id"].native == "key_identifier":
                found: bytes = extension["extn_value"].parsed.native
                return found
        return None


def _version(signer: Any) -> str:
    """RFC 5652, 5.3: 1 where issuer and number name the certificate, 3 where its key does."""
    expected = "v1" if signer["sid"].name == "issuer_and_serial_number" else "v3"
    if signer["version"].native != expected:
        raise BadSignatureFile(_BROKEN)
    return expected


def _octets(content: Any) -> bytes:
    if not isinstance(content, core.OctetString | core.ParsableOctetString):
        raise BadSignatureFile(_BROKEN)
    return bytes(content)


def _few(items: Any, most: int) -> Any:
    """A set, whose members are counted before they are made."""
    if isinstance(items, core.Void):
        return ()
    rest, count = items.contents, 0
    while rest:
        count += 1
        if count > most:
            raise BadSignatureFile(
                f"в файле подписи слишком много частей ({type(items).__name__}: больше {most})"
            )
        rest = rest[parser.peek(rest) :]
    return items


def _plain(algorithm: Any) -> str:
    """A hash algorithm, which has no parameters."""
    if algorithm["parameters"].dump() not in NO_PARAMETERS:
        raise BadSignatureFile(_BROKEN)
    return str(algorithm["algorithm"].dotted)


def _signature(signer: Any, digests: set[str], certificates: list[_Certificate]) -> Signature:
    digest = _plain(signer["digest_algorithm"])
    if digest not in digests:
        raise BadSignatureFile(_BROKEN)
    found = (one.der for one in certificates if one.is_named_by(signer["sid"]))
    certificate = next(found, None)
    attributes = list(_few(signer["signed_attrs"], _MOST_ATTRIBUTES))
    named = _named(attributes)
    return Signature(
        digest=digest,
        algorithm=str(signer["signature_algorithm"]["algorithm"].dotted),
        parameters=_parameters(signer["signature_algorithm"], certificate),
        value=signer["signature"].native,
        certificate=certificate,
        attributes=_signed(attributes),
        content_type=named["content_type"].dotted if "content_type" in named else None,
        message_digest=named["message_digest"].native if "message_digest" in named else None,
        signing_time=_moment(named["signing_time"].native) if "signing_time" in named else None,
        certificate_hash=_certificate_hash(named),
        stamp=_stamp(signer),
        alone=_alone(signer, certificate),
    )


def _parameters(algorithm: Any, certificate: bytes | None) -> bytes:
    """Parameters of a signature: PSS has them, GOST may repeat those of the certificate's key."""
    found: bytes = algorithm["parameters"].dump()
    oid = algorithm["algorithm"].dotted
    repeated = oid.startswith(GOST) and certificate is not None and found in certificate
    if oid != PSS and not repeated and found not in NO_PARAMETERS:
        raise BadSignatureFile(_BROKEN)
    return found


def _named(attributes: list[Any]) -> dict[str, Any]:
    """The attributes that we read, by name: each once, with its only value (RFC 5652, 11)."""
    found: dict[str, Any] = {}
    for one in attributes:
        name = one["type"].native
        if name not in _READ:
            continue
        values = list(_few(one["values"], _MOST_ATTRIBUTES))
        if name in found or len(values) != 1:
            raise BadSignatureFile(_BROKEN)
        found[name] = values[0]
    return found


def _signed(attributes: list[Any]) -> tuple[bytes, ...]:
    parts = [one.dump() for one in attributes]
    orders = (b"".join(parts), b"".join(sorted(parts)))
    return tuple(_tlv(_SET, one) for one in dict.fromkeys(orders)) if parts else ()


def _certificate_hash(named: dict[str, Any]) -> tuple[str, bytes] | None:
    """Which certificate the signer meant (RFC 5035): the hash of it, or None if he does not say."""
    if "signing_certificate_v2" in named:
        first = _few(named["signing_certificate_v2"]["certs"], MOST_CERTIFICATES)[0]
        return _plain(first["hash_algorithm"]), first["cert_hash"].native
    if "signing_certificate" in named:
        first = _few(named["signing_certificate"]["certs"], MOST_CERTIFICATES)[0]
        return _SHA1, first["cert_hash"].native
    return None


def _stamp(signer: Any) -> bytes | None:
    """The first time stamp among what the signature does not protect."""
    for one in _few(signer["unsigned_attrs"], _MOST_ATTRIBUTES):
        if one["type"].native == "signature_time_stamp_token":
            for value in _few(one["values"], _MOST_ATTRIBUTES):
                return bytes(value.dump())
    return None


def _moment(read: object) -> dt.datetime:
    if not isinstance(read, dt.datetime):
        raise BadSignatureFile(_BROKEN)
    return read.astimezone(dt.UTC)


def _alone(signer: Any, certificate: bytes | None) -> bytes:
    """A CMS of one signer, of which nothing of the others can come into question."""
    body = _tlv(
        _SEQUENCE,
        core.Integer(1).dump()
        + _tlv(_SET, signer["digest_algorithm"].dump())
        + _tlv(_SEQUENCE, cms.ContentType("data").dump())
        + (_tlv(_FIRST, certificate) if certificate else b"")
        + _tlv(_SET, signer.dump()),
    )
    return _tlv(_SEQUENCE, cms.ContentType("signed_data").dump() + _tlv(_FIRST, body))


def _tlv(tag: bytes, value: bytes) -> bytes:
    size = len(value)
    if size < 0x80:  # noqa: PLR2004 - X.690, 8.1.3: the short form of a length
        return tag + bytes([size]) + value
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return tag + bytes([0x80 | len(length)]) + length + value
