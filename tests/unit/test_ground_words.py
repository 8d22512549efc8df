"""An act of the list in words for people."""

from datetime import date

import pytest

from adapters.legal_acts import act_words, cited_words, starting_acts
from adapters.postgres.shown import GroundLine
from domain.grounds import GroundEnd
from runtime.words import ground_words

LABOUR = next(act for act in starting_acts().acts if act.since)


@pytest.mark.parametrize(
    ("day", "begins", "ends"),
    [
        (date(2025, 2, 28), "!", "(ещё не действует)"),
        (date(2025, 3, 1), "✓", "Российской Федерации"),
        (date(2026, 9, 1), "✗", "(не действует с 01.09.2026: закон № 1)"),
    ],
)
def test_an_act_without_force_is_told_apart(day: date, begins: str, ends: str) -> None:
    act = LABOUR.ended(GroundEnd(lost_on=date(2026, 9, 1), ended_by="закон № 1"))
    line = GroundLine(
        **dict(act),
        words=act_words(act),
        cited=cited_words(act, "ablt"),
        in_force=act.is_in_force(day),
        lost=act.is_lost(day),
    )
    told = ground_words(line)
    assert told.startswith(f"{begins} статья 351.8")
    assert told.endswith(ends)
