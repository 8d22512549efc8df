"""What the command says of cycles that are to take a version of a roadmap."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.row_schemas import Applied, CycleForeseen, RowConflict
from runtime.roadmap_apply import applied_lines, apply_roadmap, is_fine
from runtime.settings import WrongCall


def a_line(**fields: Any) -> CycleForeseen:  # noqa: ANN401 - any field of the line
    known = {
        "cycle_id": "c1",
        "organisation": "МБОУ СОШ № 1",
        "start": date(2026, 9, 1),
        "version": 1,
        "outcome": "unaffected",
    }
    return CycleForeseen.model_validate({**known, **fields})


def applied(*cycles: CycleForeseen) -> Applied:
    return Applied(
        roadmap="small", version=2, sha256="ab", dry_run=True, words="Итог.", cycles=cycles
    )


def test_each_cycle_is_named_with_what_becomes_of_it() -> None:
    line = a_line(outcome="documents", new_rows=("2",), new_documents=("order",))
    said = applied_lines(applied(line, a_line(outcome="changes", moved=("1",), taken=True)))
    head = "МБОУ СОШ № 1, с 01.09.2026 (c1): получит новый документ"
    assert said.splitlines() == [
        f"{head} — новые строки: 2; новые документы: order",
        "МБОУ СОШ № 1, с 01.09.2026 (c1): принял новую версию — другой срок: 1",
        "Итог.",
    ]


def test_each_row_in_conflict_says_why() -> None:
    why = RowConflict(row="9", why="pairs_wait", words="строка 9: приказа этой строки ждут пары")
    said = applied_lines(applied(a_line(outcome="conflict", conflicts=(why,))))
    assert said.splitlines()[1] == "  строка 9: приказа этой строки ждут пары"


@pytest.mark.parametrize(
    ("fields", "fine"),
    [({}, True), ({"outcome": "conflict"}, False), ({"problem": "не ответил"}, False)],
)
def test_the_outcome_is_fine_only_if_every_cycle_goes_on(
    fields: dict[str, str], fine: bool
) -> None:
    assert is_fine(applied(a_line(), a_line(**fields))) is fine


async def test_what_is_applied_needs_a_reason(tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="--reason"):
        await apply_roadmap("small", "nst_x", None, tmp_path, print, dry_run=False)
