"""GOST R 34.10-2012 and 34.11-2012: OpenSSL's program with Debian's engine `gost`.

No maintained library of Python knows these algorithms. The program reads what is secret or personal
from standard input, and its own words are not shown: they may name the signer.
"""

import datetime as dt
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

_MEMORY_BYTES: Final = 512 * 1024 * 1024
_SETTINGS: Final = Path(__file__).parent / "gost.cnf"
_KEPT: Final = ("PATH", "LD_LIBRARY_PATH", "OPENSSL_ENGINES", "TMPDIR")
"""Of our environment; the rest holds secrets."""
_OF_NOTHING: Final = "3f539a213e97c802cc229d474c6aa32a825a360b2a933a949fd925208d9ce1bb"
"""Streebog-256 of no bytes: an answer that only a working engine gives."""
_ERROR: Final = re.compile(rb"error ([0-9]{1,3}) at [0-9]{1,3} depth")


class GostUnavailable(Exception):  # noqa: N818 - what is told, not a fault
    """OpenSSL or its engine is not here, or did not answer. The message is Russian."""


class GostOpenSsl:
    """Answers about GOST. Safe to use in many threads at once; each question is a process.

    Every method raises `GostUnavailable`.
    """

    def __init__(self, program: str = "openssl", seconds: int = 20) -> None:
        """`program` is found on the PATH; `seconds` limit each question."""
        self._named = program
        self._seconds = seconds

    def digest(self, name: str, content: bytes) -> bytes:
        """The hash `md_gost12_256` or `md_gost12_512` of `content`."""
        ended = self._run(["dgst", f"-{name}", "-binary"], content)
        if ended.returncode != 0:
            raise GostUnavailable("OpenSSL не посчитал хеш")
        return ended.stdout

    def is_right(self, alone: bytes) -> bool:
        """Whether the only signature of this CMS is right over its signed attributes.

        They must be there: OpenSSL would find nothing to check in a CMS without them.
        """
        asked = ["cms", "-verify", "-inform", "DER", "-binary", "-noverify"]
        asked += ["-no_content_verify", "-content", os.devnull, "-out", os.devnull]
        return self._run(asked, alone).returncode == 0

    def chain_fault(self, path: Sequence[x509.Certificate], moment: dt.datetime) -> int | None:
        """Why OpenSSL (RFC 5280) does not accept the path from a certificate to an authority.

        The number of its error, or None if it accepts.
        """
        leaf, *between, anchor = path
        with tempfile.TemporaryDirectory(prefix="nastavnik-gost-") as folder:
            trusted = _written(Path(folder) / "trusted.pem", [anchor])
            others = _written(Path(folder) / "others.pem", between or [anchor])
            asked = ["verify", "-no-CApath", "-no-CAstore", "-no-CAfile"]
            asked += ["-partial_chain", "-trusted", str(trusted), "-untrusted", str(others)]
            asked += ["-attime", str(int(moment.timestamp())), "-verify_depth", "10"]
            ended = self._run(asked, leaf.public_bytes(Encoding.PEM))
        if ended.returncode == 0:
            return None
        told = _ERROR.search(ended.stderr)
        return int(told[1]) if told else 1

    def is_signed_by(
        self, revoked: x509.CertificateRevocationList, issuer: x509.Certificate
    ) -> bool:
        """Whether this list is signed by the key of this certificate."""
        with tempfile.TemporaryDirectory(prefix="nastavnik-gost-") as folder:
            trusted = _written(Path(folder) / "issuer.pem", [issuer])
            asked = ["crl", "-inform", "DER", "-noout", "-CAfile", str(trusted)]
            asked += ["-no-CApath", "-no-CAstore"]
            ended = self._run(asked, revoked.public_bytes(Encoding.DER))
        return ended.returncode == 0 and b"verify OK" in ended.stderr

    @cached_property
    def _program(self) -> str:
        """The program, whose engine has been tried. Looked for once if it is there."""
        found = shutil.which(self._named)
        if found is None:
            raise GostUnavailable("нет программы openssl")
        tried = _ended([found, "dgst", "-md_gost12_256", "-binary"], b"", self._seconds)
        if tried.stdout.hex() != _OF_NOTHING:
            raise GostUnavailable("у OpenSSL нет модуля ГОСТ (пакет libengine-gost-openssl)")
        return found

    def _run(self, asked: list[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
        return _ended([self._program, *asked], given, self._seconds)


def _ended(command: list[str], given: bytes, seconds: int) -> subprocess.CompletedProcess[bytes]:
    """The command when it has ended, within limits of time and memory."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    try:
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=kept | {"LC_ALL": "C", "OPENSSL_CONF": str(_SETTINGS)},
            start_new_session=True,
        ) as process:
            _limit(process.pid, seconds)
            try:
                out, told = process.communicate(given, seconds)
            except subprocess.TimeoutExpired as error:
                process.kill()
                raise GostUnavailable(f"OpenSSL не уложился в {seconds} с") from error
    except OSError as error:
        raise GostUnavailable("OpenSSL не запустился") from error
    if process.returncode < 0:
        raise GostUnavailable("OpenSSL остановлен системой")
    return subprocess.CompletedProcess(command, process.returncode, out, told)


def _limit(pid: int, seconds: int) -> None:
    """It waits for its input, so the limits stand before it has read anything."""
    if sys.platform == "linux":
        for what, most in (
            (resource.RLIMIT_AS, _MEMORY_BYTES),
            (resource.RLIMIT_CPU, seconds),
            (resource.RLIMIT_CORE, 0),
        ):
            resource.prlimit(pid, what, (most, most))


def _written(file: Path, certificates: Iterable[x509.Certificate]) -> Path:
    file.write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in certificates))
    return file
