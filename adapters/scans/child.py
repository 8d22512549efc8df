"""Files from outside are parsed in a child process, with bounded memory and processor time.

It is shut in (`adapters.confined`). Whatever goes wrong in it is a refusal of the file.
"""

from collections.abc import Sequence
from typing import Final

from adapters.confined import ChildGoneError, Confined
from domain.base import Value
from domain.errors import BadUpload

MEMORY_BYTES: Final = 512 * 2**20  # enough for a JPEG of 60 million points, a PNG of 25
CPU_SECONDS: Final = 30
WALL_SECONDS: Final = 40.0  # a claim of an idempotency key is taken over after a minute
LARGEST_ANSWER: Final = 160 * 2**20
_FAILED: Final = (
    "файл не удалось проверить: он разбирается слишком долго или ломает разбор; "
    "отсканируйте бумагу заново и пришлите новый файл"
)


class Parsed(Value):
    """What was found in files. Without a wish for codes there are none."""

    pages: int
    codes: Sequence[Sequence[str]]
    expected: int | None  # pages of the copy


class Child(Confined):
    """One child process, which works on each request in a fork; one thread at a time."""

    def __init__(self, *, wall: float = WALL_SECONDS) -> None:
        super().__init__("adapters.scans.child_process", wall=wall, largest=LARGEST_ANSWER)

    def ask(
        self, files: Sequence[bytes], copy: bytes | None, *, coded: bool
    ) -> tuple[Parsed, bytes]:
        """What was found, and the files as one PDF; no bytes if they are one already.

        Raises `BadUpload`; if the child broke a limit or died, it is gone.
        """
        contents = [*files, *([copy] if copy is not None else [])]
        try:
            answer, content = self.exchange({"files": len(files), "coded": coded}, contents)
        except ChildGoneError as gone:
            raise BadUpload(_FAILED) from gone
        if "refused" in answer:
            raise BadUpload(str(answer["refused"]))
        return Parsed.model_validate(answer), content
