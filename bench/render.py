"""How fast a document is made: a shipped order with 30 pairs, on one core.

Side by side, taking turns, the same facts and the same level of deflating: plain docxtpl (load,
render and save each time), ours (facts checked, sandboxed, the whole file), and the limit, which
is `document.xml` alone, rendered by plain compiled Jinja2 and deflated once. Times are the
thread's own, so that other processes do not count. Then ours in threads: memory must not grow.
"""

import argparse
import gc
import io
import json
import resource
import statistics
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

from adapters.docx.fields import checked_facts
from adapters.docx.renderer import DocxRenderer
from adapters.docx.sandbox import capfirst

KIND, PAIRS, LEVEL = "order_pairs", 30, 6
FASTER_THAN_DOCXTPL, SLOWER_THAN_LIMIT = 40, 3
TIMES = 50  # of ours and of the limit in a turn; docxtpl is made once
WARM_UP, THREADED, THREADS = 200, 2000, 8
TEMPLATES = Path(__file__).parents[1] / "doc_templates"


class Sides:
    """The three ways to the same document."""

    def __init__(self) -> None:
        self._renderer = DocxRenderer(TEMPLATES)
        self._template = (TEMPLATES / KIND / "template.docx").read_bytes()
        self._facts = facts()
        self._context = checked_facts(self._renderer.fields(KIND), self._facts)
        document = DocxTemplate(io.BytesIO(self._template))
        document.init_docx()
        self._body = plain().from_string(document.patch_xml(document.get_xml()))

    def docxtpl(self) -> bytes:
        document = DocxTemplate(io.BytesIO(self._template))
        document.render(self._context, plain(), autoescape=True)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()

    def ours(self) -> bytes:
        return self._renderer.render(KIND, self._facts)

    def limit(self) -> bytes:
        return zlib.compress(self._body.render(self._context).encode(), LEVEL)


def facts() -> dict[str, Any]:
    """The shipped example with 30 pairs."""
    found: dict[str, Any] = json.loads((TEMPLATES / KIND / "example.json").read_text("utf-8"))
    pairs = found["pairs"]
    found["pairs"] = [pairs[place % len(pairs)] for place in range(PAIRS)]
    return found


def plain() -> Environment:
    """Jinja2 as it comes, with what the template needs."""
    env = Environment(autoescape=True, undefined=StrictUndefined)
    env.filters["capfirst"] = capfirst
    return env


def seconds(make: Callable[[], bytes], times: int) -> float:
    """Of this thread, for one document. What other sides left is swept before."""
    gc.collect()
    began = time.thread_time()
    for _ in range(times):
        make()
    return (time.thread_time() - began) / times


def memory_grown(sides: Sides) -> float:
    """MiB by which the process's peak grew over 2,000 renderings in 8 threads."""
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(lambda _: len(sides.ours()), range(WARM_UP)):
            before = peak_mib()
        for _ in pool.map(lambda _: len(sides.ours()), range(THREADED)):
            after = peak_mib()
    return round(after - before, 1)


def median(values: Sequence[float]) -> float:
    return round(statistics.median(values), 3)


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(rounds: int) -> dict[str, object]:
    sides = Sides()
    for make in (sides.docxtpl, sides.ours, sides.limit):
        make()
    turns = []
    for number in range(rounds):
        turn = (
            seconds(sides.docxtpl, 1),
            seconds(sides.ours, TIMES),
            seconds(sides.limit, TIMES),
        )
        turns.append(turn)
        shown = ", ".join(f"{side * 1000:.2f} ms" for side in turn)
        sys.stderr.write(f"round {number}: {shown}\n")
    faster = median([docxtpl / ours for docxtpl, ours, _ in turns])
    slower = median([ours / limit for _, ours, limit in turns])
    return {
        "bench": "render",
        "pairs": PAIRS,
        "rounds": rounds,
        "milliseconds": {
            name: median([turn[place] * 1000 for turn in turns])
            for place, name in enumerate(("docxtpl", "ours", "limit"))
        },
        "memory_grown_mib": memory_grown(sides),
        "ratios": {"ours_over_docxtpl": faster, "ours_over_limit": slower},
        "limits": {
            "ours_over_docxtpl": FASTER_THAN_DOCXTPL,
            "ours_over_limit": SLOWER_THAN_LIMIT,
        },
        "ok": faster >= FASTER_THAN_DOCXTPL and slower <= SLOWER_THAN_LIMIT,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    given = parser.parse_args()
    found = measure(given.rounds)
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        print(
            f"{found['milliseconds']} ms a document; ratios {found['ratios']}, "
            f"limits {found['limits']}; memory grew by {found['memory_grown_mib']} MiB"
        )
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
