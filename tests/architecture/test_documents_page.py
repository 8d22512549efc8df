"""The page of documents is in step with the kinds."""

from datetime import date
from pathlib import Path

import pytest

from adapters.retention_rules import retention_rules
from tests.law import KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "documents.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_stands_on_the_page(kind: str) -> None:
    about = KINDS[kind]
    (row,) = [line for line in PAGE.splitlines() if line.startswith(f"| `{kind}` |")]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1] == about.title
    assert cells[3] == (about.approver or "–")
    assert cells[4] == (f"`{about.journal}`" if about.journal else "–")
    term = retention_rules().term(about.retention, date(2026, 9, 1))
    assert cells[5] == (f"{term.words}, ст. {term.article}" if term.article else term.words)
    assert cells[6] == (about.electronic or "paper")


def test_nothing_else_does() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| `") and line.count("|") == 8]
    assert len(rows) == len(KINDS)
