"""A bundle whose bytes are plain, or end in a refusal."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import Refused


@dataclass(frozen=True)
class PlainBundle:
    """A few chunks, and then perhaps what goes wrong."""

    name: str
    chunks: tuple[bytes, ...] = (b"PK one", b" two")
    ends_with: Refused | None = None

    def __iter__(self) -> Iterator[bytes]:
        yield from self.chunks
        if self.ends_with is not None:
            raise self.ends_with


def a_bundle(what: str, id_: str) -> PlainBundle:
    return PlainBundle(f"{what}-{id_}.zip")
