"""docs/programmes.md tells of each row of ours from which row of a source it comes."""

import re
from pathlib import Path

import pytest

from adapters.docx.renderer import DocxRenderer
from adapters.roadmap_files import read_roadmap
from runtime.shipped import TEMPLATES, roadmap_files

ROOT = Path(__file__).parents[2]
LINES = (ROOT / "docs" / "programmes.md").read_text(encoding="utf-8").splitlines()
KINDS = DocxRenderer(TEMPLATES).known_kinds()


@pytest.mark.parametrize("path", roadmap_files(None), ids=lambda path: path.stem)
def test_each_row_of_a_roadmap_stands_in_a_table_of_the_page(path: Path) -> None:
    told = "\n".join(line for line in LINES if line.startswith("|") and f"`{path.stem}`" in line)
    known = set(re.findall(r"(?<![\w.])[0-9]+(?:\.[0-9]+)*(?![\w])", told))
    assert {step.id for step in read_roadmap(path, KINDS).steps} <= known
