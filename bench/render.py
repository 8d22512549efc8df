"""How fast a document is made: a shipped order with 30 pairs, header, QR code and filters.

Side by side on one core, taking turns, the same facts and the same level of deflating: plain
docxtpl (load, render and save each time), docxtemplater (the same, on an equal template), ours
(facts checked, sandboxed, the whole file), and the limit, which is `document.xml` alone, rendered
by plain compiled Jinja2 and deflated once. Times are the thread's own, so that other processes do
not count. All must say the same. Then ours in threads: memory must not grow.
"""

import argparse
import gc
import io
import json
import resource
import shutil
import statistics
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from docx import Document
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined

from adapters.docx.fields import checked_facts
from adapters.docx.qr import qr_png
from adapters.docx.renderer import DocxRenderer
from adapters.docx.sandbox import FILTERS
from bench._docxtemplater import Docxtemplater

KIND, PAIRS, LEVEL = "order_pairs", 30, 6
CODE = "41b0c2d7e8f90123/2"
DOCXTPL, DOCXTEMPLATER, LIMIT = "docxtpl", "docxtemplater", "limit"
AT_LEAST = {DOCXTPL: 40, DOCXTEMPLATER: 8}  # times faster
AT_MOST = 3  # times the limit
TIMES = {DOCXTPL: 1, DOCXTEMPLATER: 5, "ours": 50, LIMIT: 50}  # documents in a turn
WARM_UP, THREADED, THREADS = 200, 2000, 8
TEMPLATES = Path(__file__).parents[1] / "doc_templates"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


class Sides:
    """The ways to the same document that are Python's."""

    def __init__(self) -> None:
        self._renderer = DocxRenderer(TEMPLATES)
        self.template = (TEMPLATES / KIND / "template.docx").read_bytes()
        self._facts = facts()
        self.context = checked_facts(self._renderer.fields(KIND), self._facts)
        document = DocxTemplate(io.BytesIO(self.template))
        document.init_docx()
        self._body = plain().from_string(document.patch_xml(document.get_xml()))

    def docxtpl(self) -> bytes:
        document = DocxTemplate(io.BytesIO(self.template))
        document.replace_pic("image.png", io.BytesIO(qr_png(CODE)))
        document.render(self.context, plain(), autoescape=True)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()

    def ours(self) -> bytes:
        return self._renderer.render(KIND, self._facts)

    def limit(self) -> bytes:
        return zlib.compress(self._body.render(self.context).encode(), LEVEL)


def facts() -> dict[str, Any]:
    """The shipped example with 30 pairs, and the code of a document."""
    found: dict[str, Any] = json.loads((TEMPLATES / KIND / "example.json").read_text("utf-8"))
    pairs = found["pairs"]
    found["pairs"] = [pairs[place % len(pairs)] for place in range(PAIRS)]
    return {**found, "document": {"code": CODE}}


def plain() -> Environment:
    """Jinja2 as it comes, with what the template needs."""
    env = Environment(autoescape=True, undefined=StrictUndefined)
    env.filters.update(FILTERS)
    return env


def said(document: bytes) -> tuple[list[str], set[bytes]]:
    """The paragraphs of body and headers, and the pictures."""
    opened = Document(io.BytesIO(document))
    section = opened.sections[0]
    parts = (opened.element.body, section.header._element, section.first_page_header._element)
    lines = [
        "".join(one.text or "" if one.tag == f"{W}t" else "|" for one in line.iter(*SIGNS))
        for part in parts
        for line in part.iter(f"{W}p")
    ]
    package = opened.part.package
    return lines, {one.blob for one in package.iter_parts() if one.partname.ext == "png"}


SIGNS = (f"{W}t", f"{W}tab", f"{W}br")


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


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(rounds: int) -> dict[str, object]:
    sides = Sides()
    ways: dict[str, Callable[[int], float]] = {
        DOCXTPL: lambda times: seconds(sides.docxtpl, times),
        "ours": lambda times: seconds(sides.ours, times),
        LIMIT: lambda times: seconds(sides.limit, times),
    }
    expected = said(sides.ours())
    assert said(sides.docxtpl()) == expected
    with ExitStack() as open_:
        if all(map(shutil.which, ("node", "npm"))):
            node = open_.enter_context(Docxtemplater(sides.template, sides.context, qr_png(CODE)))
            assert said(node.made()) == expected
            ways[DOCXTEMPLATER] = node.seconds
        else:
            sys.stderr.write("docxtemplater is left out: it needs node and npm\n")
        turns = [_turn(ways, number) for number in range(rounds)]
    ratios = {name: [turn[name] / turn["ours"] for turn in turns] for name in ways}
    ratios[LIMIT] = [1 / ratio for ratio in ratios[LIMIT]]
    del ratios["ours"]
    fast = all(median(ratios[name]) >= least for name, least in AT_LEAST.items() if name in ratios)
    return {
        "bench": "render",
        "pairs": PAIRS,
        "rounds": rounds,
        "milliseconds": {name: spread([turn[name] * 1000 for turn in turns]) for name in ways},
        "memory_grown_mib": memory_grown(sides),
        "ratios": {name: spread(found) for name, found in ratios.items()},
        "limits": {**AT_LEAST, LIMIT: AT_MOST},
        "ok": fast and median(ratios[LIMIT]) <= AT_MOST,
    }


def _turn(ways: dict[str, Callable[[int], float]], number: int) -> dict[str, float]:
    """One round: every side in its turn, so that noise hits all of them."""
    turn = {name: way(TIMES[name]) for name, way in ways.items()}
    shown = ", ".join(f"{name} {side * 1000:.2f}" for name, side in turn.items())
    sys.stderr.write(f"round {number}: {shown} ms\n")
    return turn


def median(values: Sequence[float]) -> float:
    return round(statistics.median(values), 3)


def spread(values: Sequence[float]) -> dict[str, float]:
    """The median, and between what the middle eight of ten lie."""
    tenths = statistics.quantiles(values, n=10)
    return {"median": median(values), "from": round(tenths[0], 3), "to": round(tenths[-1], 3)}


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
