"""Templates stay compiled, and what it took to read them goes."""

import subprocess
import sys
from pathlib import Path

import pytest

_MEASURED = """
import gc, json
from pathlib import Path
from adapters.docx.renderer import DocxRenderer

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20

folder = Path("doc_templates")
renderer = DocxRenderer(folder)
facts = {k: json.loads((folder / k / "example.json").read_text("utf-8")) for k in renderer.kinds()}
gc.freeze()
before = resident()
for kind in renderer.kinds():
    renderer.render(kind, facts[kind])
print(len(facts), resident() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the system tells it in /proc only")
def test_all_kinds_together_take_little_memory() -> None:
    root = Path(__file__).parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", _MEASURED], cwd=root, capture_output=True, text=True, check=True
    )
    kinds, mib = ended.stdout.split()
    # 0.27 each; 0.75 if nothing is given back.
    assert float(mib) < 0.5 * int(kinds)
