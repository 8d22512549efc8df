"""A batch of 10,000 agreements, as `nastavnik render --each` makes them: memory must not grow.

Facts of each are its own, read from a file of lines; documents are written to a folder that is
removed in the end. Resident memory is read when 1,000 are made and when all are.
"""

import argparse
import copy
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from activities.ports import Template
from adapters.docx.renderer import DocxRenderer
from bench.render import TEMPLATES
from runtime.batch import NAME, render_each

KIND = "agreement"
EARLY = 1_000
GROWN_AT_MOST = 5.0
"""MiB between the two moments: the noise of the allocator."""
_CONSONANTS, _VOWELS = "бвгдзклмнпрст", "аеиоу"


class Watched:
    """The renderer, which notes memory when so many documents are made."""

    def __init__(self, at: tuple[int, ...]) -> None:
        self._renderer = DocxRenderer(TEMPLATES)
        self._at = at
        self._made = 0
        self.resident: dict[int, float] = {}

    def render(
        self, kind: str, facts: Mapping[str, Any], template: Template | None = None
    ) -> bytes:
        document = self._renderer.render(kind, facts, template)
        self._made += 1
        if self._made in self._at:
            self.resident[self._made] = resident_mib()
        return document


def resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return round(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, 1)


def lines(count: int) -> Iterator[str]:
    """Facts of so many agreements, no two of them of the same people."""
    example = json.loads((TEMPLATES / KIND / "example.json").read_text("utf-8"))
    for number in range(count):
        facts = copy.deepcopy(example)
        for side in ("mentor", "mentee"):
            _rename(facts[side], surname(number, side == "mentor"))
        yield json.dumps({**facts, NAME: facts["mentee"]["name"]["nomn"]}, ensure_ascii=False)


def surname(number: int, mentors: bool) -> str:  # noqa: FBT001 - one of two halves of the names
    """An invented one, another for each number and side."""
    syllables = []
    number = number * 2 + mentors
    for _ in range(4):
        number, place = divmod(number, len(_CONSONANTS) * len(_VOWELS))
        syllables.append(_CONSONANTS[place % len(_CONSONANTS)] + _VOWELS[place % len(_VOWELS)])
    return "".join(syllables).capitalize() + "вин"


def _rename(person: dict[str, Any], name: str) -> None:
    for form in ("name", "initials_first", "initials_last"):
        person[form] = {case: f"{text} {name}" for case, text in person[form].items()}


def measure(count: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "facts.jsonl")
        with file.open("w", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in lines(count))
        renderer = Watched((min(EARLY, count), count))
        began, busy = time.monotonic(), time.process_time()
        with file.open("rb") as given:
            batch = render_each(renderer, KIND, given, Path(folder, "made"), _tell)
        took, busy = time.monotonic() - began, time.process_time() - busy
        assert (batch.made, batch.failed) == (count, 0)
        assert sum(1 for _ in Path(folder, "made").iterdir()) == count
    early, late = renderer.resident[min(EARLY, count)], renderer.resident[count]
    return {
        "bench": "batch",
        "documents": count,
        "a_second": round(count / took),
        "milliseconds_of_processor": round(busy / count * 1000, 2),
        "resident_mib": {str(min(EARLY, count)): early, str(count): late},
        "limits": {"grown_mib": GROWN_AT_MOST},
        "ok": late - early <= GROWN_AT_MOST,
    }


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    given = parser.parse_args()
    found = measure(given.documents)
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        print(
            f"{found['documents']} documents, {found['a_second']} a second, "
            f"{found['milliseconds_of_processor']} ms of processor each; "
            f"resident MiB {found['resident_mib']}, limits {found['limits']}"
        )
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
