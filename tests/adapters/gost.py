"""GOST keys, certificates and signatures of invented people, by OpenSSL with its engine."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from adapters.signatures.gost import GostOpenSsl, GostUnavailable

SETTINGS = Path("adapters/signatures/gost.cnf").absolute()
_REQUEST = """[req]
distinguished_name = name
utf8 = yes
string_mask = utf8only
[name]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[nameless]
basicConstraints = critical, CA:true
authorityKeyIdentifier = none
[person]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature, nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[lists]
default_ca = list
[list]
database = index.txt
default_md = md_gost12_256
default_crl_days = 30
"""
PERSON = "/SN=Ключевская/GN=Вера Игоревна/CN=Ключевская Вера Игоревна/O=Школа «Пример»"


def needed() -> GostOpenSsl:
    """OpenSSL with its engine. Skips the test, or under `CI=true` fails it, if it is not there."""
    found = GostOpenSsl()
    try:
        found.digest("md_gost12_256", b"")
    except GostUnavailable as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"libengine-gost-openssl: {error}")
        pytest.skip(str(error))
    return found


@dataclass(frozen=True)
class GostHolder:
    """A certificate with its key, in files of the workshop's folder."""

    name: str


@dataclass(frozen=True)
class Workshop:
    """Makes all of it in one folder."""

    folder: Path

    def run(self, *command: str, given: bytes = b"") -> bytes:
        (self.folder / "request.cnf").write_text(_REQUEST, "utf-8")
        (self.folder / "index.txt").touch()
        ended = subprocess.run(
            ["openssl", *command],
            input=given,
            cwd=self.folder,
            env=os.environ | {"OPENSSL_CONF": str(SETTINGS)},
            capture_output=True,
            check=True,
        )
        return ended.stdout

    def holder(
        self,
        name: str,
        subject: str,
        issuer: GostHolder | None = None,
        *,
        kind: str = "gost2012_256",
        part: str = "person",
    ) -> GostHolder:
        digest = "-md_gost12_512" if kind.endswith("512") else "-md_gost12_256"
        key = ["-newkey", kind, "-pkeyopt", "paramset:A", "-nodes", "-keyout", f"{name}.key"]
        asked = ["req", "-config", "request.cnf", "-subj", subject, *key, digest, "-utf8"]
        asked += ["-x509", "-days", "100", "-extensions", part, "-out", f"{name}.cer"]
        if issuer is not None:
            asked += ["-CA", f"{issuer.name}.cer", "-CAkey", f"{issuer.name}.key"]
        self.run(*asked)
        return GostHolder(name)

    def signed(self, content: bytes, *holders: GostHolder, more: tuple[str, ...] = ()) -> bytes:
        asked = ["cms", "-sign", "-binary", "-outform", "DER"]
        for one in holders:
            asked += ["-signer", f"{one.name}.cer", "-inkey", f"{one.name}.key"]
        return self.run(*asked, *more, given=content)

    def certificate(self, one: GostHolder) -> bytes:
        return (self.folder / f"{one.name}.cer").read_bytes()

    def revoked(self, issuer: GostHolder, *ones: GostHolder) -> bytes:
        """A list of revoked certificates, PEM."""
        lines = []
        for one in ones:
            asked = ["x509", "-in", f"{one.name}.cer", "-noout", "-serial"]
            serial = self.run(*asked).decode().strip().removeprefix("serial=")
            lines.append(f"R\t301231000000Z\t200101000000Z\t{serial}\tunknown\t/CN=x\n")
        (self.folder / "index.txt").write_text("".join(lines), "utf-8")
        asked = ["ca", "-config", "request.cnf", "-name", "list", "-gencrl", "-md", "md_gost12_256"]
        return self.run(*asked, "-cert", f"{issuer.name}.cer", "-keyfile", f"{issuer.name}.key")
