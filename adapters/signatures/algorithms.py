"""Which algorithms a signature may use, and the check of RSA and ECDSA."""

from typing import Any, Final

from asn1crypto import algos
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

GOST: Final = "1.2.643."
"""Object identifiers of Russian algorithms begin so; cryptography knows none of them."""
STREEBOG: Final = {"1.2.643.7.1.1.2.2": "md_gost12_256", "1.2.643.7.1.1.2.3": "md_gost12_512"}

HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
_RSA: Final = "1.2.840.113549.1.1.1"
PSS: Final = "1.2.840.113549.1.1.10"
_EC: Final = "1.2.840.10045.2.1"
_WITH_HASH: Final[dict[str, type[hashes.HashAlgorithm]]] = {
    "1.2.840.113549.1.1.11": hashes.SHA256,
    "1.2.840.113549.1.1.12": hashes.SHA384,
    "1.2.840.113549.1.1.13": hashes.SHA512,
    "1.2.840.10045.4.3.2": hashes.SHA256,
    "1.2.840.10045.4.3.3": hashes.SHA384,
    "1.2.840.10045.4.3.4": hashes.SHA512,
}
_GOST_2012: Final = {
    "1.2.643.7.1.1.1.1": "1.2.643.7.1.1.2.2",
    "1.2.643.7.1.1.3.2": "1.2.643.7.1.1.2.2",
    "1.2.643.7.1.1.1.2": "1.2.643.7.1.1.2.3",
    "1.2.643.7.1.1.3.3": "1.2.643.7.1.1.2.3",
}
"""The hash that goes with each signature of GOST R 34.10-2012."""
_OUTDATED: Final = {
    "1.2.840.113549.2.2": "MD2",
    "1.2.840.113549.2.4": "MD4",
    "1.2.840.113549.2.5": "MD5",
    "1.3.14.3.2.26": "SHA-1",
    "1.2.643.2.2.9": "ГОСТ Р 34.11-94",
    "1.2.840.113549.1.1.2": "RSA с MD2",
    "1.2.840.113549.1.1.4": "RSA с MD5",
    "1.2.840.113549.1.1.5": "RSA с SHA-1",
    "1.2.840.10040.4.3": "DSA с SHA-1",
    "1.2.840.10045.4.1": "ECDSA с SHA-1",
    "1.2.643.2.2.3": "ГОСТ Р 34.10-2001",
    "1.2.643.2.2.19": "ГОСТ Р 34.10-2001",
}
NO_PARAMETERS: Final = (b"", b"\x05\x00")
_LEAST_RSA_BITS: Final = 2048
IN_CERTIFICATES: Final = {*_WITH_HASH, PSS, "1.2.643.7.1.1.3.2", "1.2.643.7.1.1.3.3"}
"""With what a certificate or a list of revoked ones may be signed."""


class Unsupported(Exception):  # noqa: N818 - what is told, not a fault
    """Nobody here can check this algorithm. The message is Russian."""

    def __init__(self, oid: str) -> None:
        super().__init__(f"алгоритм {oid} не поддерживается")


def outdated(*oids: str) -> str | None:
    """The name of the first of these algorithms that can be forged, or None."""
    return next((_OUTDATED[oid] for oid in oids if oid in _OUTDATED), None)


def weak_key(key: CertificatePublicKeyTypes) -> str | None:
    """The name of a key that is too short to prove anything, or None."""
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < _LEAST_RSA_BITS:
        return f"RSA {key.key_size} бит"
    return None


def name_of(signature_oid: str, digest_oid: str) -> str:
    """How people call this pair of algorithms; the identifier where we do not know it."""
    if signature_oid in _GOST_2012:
        return f"ГОСТ Р 34.10-2012, {STREEBOG[_GOST_2012[signature_oid]][-3:]} бит"
    found = HASHES.get(digest_oid)
    hash_name = found.name.upper().replace("SHA", "SHA-") if found else None
    if signature_oid == PSS:
        kind = "RSA-PSS"
    elif signature_oid.startswith("1.2.840.113549.1.1."):
        kind = "RSA"
    elif signature_oid.startswith("1.2.840.10045."):
        kind = "ECDSA"
    else:
        return signature_oid
    return f"{kind}, {hash_name or outdated(digest_oid) or digest_oid}"


def check_gost(signature_oid: str, digest_oid: str) -> None:
    """Raises `Unsupported` unless both belong together: OpenSSL does not look at the first."""
    if _GOST_2012.get(signature_oid) != digest_oid:
        raise Unsupported(signature_oid)


def is_right(
    key: CertificatePublicKeyTypes,
    signature_oid: str,
    parameters: bytes,
    digest_oid: str,
    value: bytes,
    signed: bytes,
) -> bool:
    """Whether `value` is the key's signature of `signed`. Raises `Unsupported`.

    The hash of the signature must be the one that the signer names for the file.
    """
    chosen = HASHES.get(digest_oid)
    if chosen is None:
        raise Unsupported(digest_oid)
    own = _WITH_HASH.get(signature_oid)
    if own is not None and not isinstance(chosen, own):
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, signed, _padding(signature_oid, parameters, chosen), chosen)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            if own is None and signature_oid != _EC:
                raise Unsupported(signature_oid)
            key.verify(value, signed, ec.ECDSA(chosen))
        else:
            raise Unsupported(signature_oid)
    except InvalidSignature:
        return False
    return True


def _padding(
    oid: str, parameters: bytes, chosen: hashes.HashAlgorithm
) -> padding.AsymmetricPadding:
    if oid == PSS:
        return _pss(parameters, chosen)
    if oid == _RSA or (oid in _WITH_HASH and oid.startswith(_RSA[:-1])):
        return padding.PKCS1v15()
    raise Unsupported(oid)


def _pss(parameters: bytes, chosen: hashes.HashAlgorithm) -> padding.PSS:
    """RFC 4056: both hashes of PSS are the hash of the content."""
    try:
        read: Any = algos.RSASSAPSSParams.load(parameters, strict=True)
        mask = read["mask_gen_algorithm"]
        named = (read["hash_algorithm"], mask["parameters"])
        as_expected = (
            mask["algorithm"].native == "mgf1"
            and read["trailer_field"].native == "trailer_field_bc"
            and all(HASHES.get(one["algorithm"].dotted) is chosen for one in named)
            and all(one["parameters"].dump() in NO_PARAMETERS for one in named)
        )
        salt = int(read["salt_length"].native)
    except (ValueError, TypeError, KeyError) as error:
        raise Unsupported(PSS) from error
    if not as_expected or salt < 0:
        raise Unsupported(PSS)
    return padding.PSS(padding.MGF1(chosen), salt)
