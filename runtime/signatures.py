"""The check of a detached signature from the command line."""

import datetime as dt
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from adapters.signatures.checker import SignatureChecker
from domain.errors import BadUpload
from domain.signing import MOST_BYTES, SignatureCheck

_MOST_BYTES: Final = 256 * 1024 * 1024


class SignedFile(BaseModel):
    """What `verify --signature` came to; `ok` only if every signature has three times yes."""

    ok: bool
    signatures: list[SignatureCheck]


def check_signed(path: Path, signature: Path, authorities: Path | None) -> SignedFile:
    """Check the signatures in `signature` over the file `path`, now.

    Raises `BadUpload`, `BadSignatureFile`, `BadAuthorities`, `OSError`.
    """
    content = _read(path, _MOST_BYTES)
    found = SignatureChecker(authorities).check(
        content, _read(signature, MOST_BYTES), dt.datetime.now(dt.UTC)
    )
    return SignedFile(ok=all(one.ok for one in found), signatures=found)


def _read(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise BadUpload(f"{path}: больше {most // 1024 // 1024} МБ")
    return content
