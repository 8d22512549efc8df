"""Whatever a table looks like, it becomes a roadmap without contradictions, and no word is lost."""

import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from adapters.roadmap_files import read_roadmap
from adapters.roadmap_writing import roadmap_text
from domain.deadlines import MonthDay
from domain.roadmap_reading import ReadRoadmap, Wishes, read_roadmap_tables
from domain.table_columns import roadmap_tables
from domain.word_tables import Cell, Line, Row, Table, cleaned, words_of
from tests.adapters.world import templates
from tests.unit.test_deadline_phrases import SURE, UNSURE

HEADINGS = (
    *("№", "Мероприятие", "Содержание деятельности", "Срок", "начало", "окончание", "Дата"),
    *("Ответственный", "Соисполнители", "Результат", "Критерий", "Примечание", "Этап"),
)
TIMES = ("Срок", "начало", "окончание", "Дата")
PHRASES = (*SURE, *UNSURE)
TEXTS = (
    *("", "", "", "Семинар", "- раз; - два", "1. Издан приказ о парах. 2. Положение", "приказ"),
    *("база наставников", "Директор, зам. директора", "Наставник", "наставляемый", "1", "2.1", "I"),
    *("Приречная А.Б.", "педагогический совет", "продолжение строки", "5.", "Раздел первый", "1)"),
    *("МБУ «Центр» Управление образования", "не менее 30 % педагогов", "анкетирование", "—", "…"),
    *("да: нет # ком", "а" * 50, "слово " * 250, "(…)", "не менее 0 чел", "отчёт наставника"),
)
_LIST_NUMBER = re.compile(r"(?:(?<=\s)|^)\d{1,2}[.)]")


def a_table(chance: random.Random, number: int, headings: Sequence[str]) -> Table:
    """A table with cells merged to the right and down, and texts of any kind anywhere."""
    rows = [Row(cells=tuple(_cell(n, 0, text) for n, text in enumerate(headings)))]
    for row in range(1, chance.randint(2, 12)):
        cells: list[Cell] = []
        while (column := sum(cell.width for cell in cells)) < len(headings):
            rest = len(headings) - column
            width = chance.choice((1,) * 12 + (rest, min(2, rest)))
            above = [c for c in rows[-1].cells if (c.column, c.width) == (column, width) and c.top]
            if above and chance.random() < 0.2:
                cells.append(above[0])
                continue
            is_time = headings[column] in TIMES and chance.random() < 0.8
            text = chance.choice(PHRASES if is_time else TEXTS)
            cells.append(_cell(column, row, text, width))
        rows.append(Row(cells=tuple(cells)))
    return Table(number=number, rows=tuple(rows))


def _cell(column: int, row: int, text: str, width: int = 1) -> Cell:
    lines = tuple(Line(text=shown) for line in text.split("\n") if (shown := cleaned(line)))
    return Cell(column=column, width=width, top=row, lines=lines)


def tables_at_random(chance: random.Random) -> list[Table]:
    headings = chance.sample(HEADINGS, chance.randint(3, 8))
    headings[0] = headings[0] if "Мероприятие" in headings else "Мероприятие"
    headings[1] = headings[1] if {*headings} & {*TIMES, "Результат"} else "Срок"
    if "Мероприятие" not in headings:
        headings.append("Мероприятие")
    return [a_table(chance, n + 1, headings) for n in range(chance.choice((1, 1, 2)))]


def imported(chance: random.Random, tables: Sequence[Table]) -> ReadRoadmap:
    kinds = {kind: templates().kind(kind) for kind in templates().kinds()}
    start = chance.choice((None, MonthDay(month=9, day=1)))
    months = chance.choice((None, 6, 14))
    wishes = Wishes(name="made", title="План", source="план", start=start, months=months)
    return read_roadmap_tables(roadmap_tables(tables), wishes, kinds)


@pytest.mark.parametrize("seed", range(60))
def test_a_table_at_random_becomes_a_roadmap_and_keeps_its_words(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    tables = tables_at_random(chance)
    found = imported(chance, tables)
    text = roadmap_text(found.roadmap, found.beside)
    (tmp_path / "made.yaml").write_text(text, "utf-8")
    assert read_roadmap(tmp_path / "made.yaml", templates().known_kinds()) == found.roadmap
    kept = set(words_of(text))
    for table in tables:
        for cell in (cell for row in table.rows for cell in row.cells):
            lost = set(words_of(_LIST_NUMBER.sub(" ", cell.text))) - kept
            assert not lost, cell
