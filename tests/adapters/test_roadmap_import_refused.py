"""Which documents make no roadmap, and what is said of them."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml

from adapters.docx.roadmap_tables import MOST_COLUMNS, MOST_ROWS, word_tables
from domain.errors import (
    BadUpload,
    NoActivityColumn,
    NoRoadmapTable,
    Refused,
    SeveralRoadmapTables,
)
from runtime.roadmap_import import FileIsThere, import_roadmap
from runtime.settings import WrongCall
from tests.adapters.roadmap_tables import Import, a_plan, a_school, saved, table_of
from tests.adapters.world import templates


def test_without_a_table_there_is_nothing_to_read(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Просто текст")
    with pytest.raises(NoRoadmapTable, match="ни одной таблицы"):
        Import(tmp_path, saved(document))


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoRoadmapTable, match="ни одной строки"):
        Import(tmp_path, a_plan())


def test_without_a_column_of_activities_the_remedy_is_named(tmp_path: Path) -> None:
    document = Document()
    table_of(document, [("Кто", "Когда"), ("Методист", "май")])
    with pytest.raises(NoActivityColumn, match="назовите столбец «Мероприятие»"):
        Import(tmp_path, saved(document))


def _two_tables() -> bytes:
    document = Document()
    table_of(document, [("Мероприятие", "Срок"), ("Семинар", "май")])
    document.add_paragraph("Приложение")
    table_of(document, [("Действия", "Ответственный", "Итог"), ("Отбор", "Методист", "Список")])
    table_of(document, [("Подписи", "Дата"), ("", "")])
    return saved(document)


def test_of_several_tables_somebody_must_choose(tmp_path: Path) -> None:
    with pytest.raises(SeveralRoadmapTables, match="--table N") as refused:
        Import(tmp_path, _two_tables())
    assert "таблица 1, строк: 1, столбцы: «Мероприятие», «Срок»" in str(refused.value)


def test_the_chosen_table_is_read_and_the_others_are_told(tmp_path: Path) -> None:
    found = Import(tmp_path, _two_tables(), tables=(2,))
    assert [step.title for step in found.steps()] == ["Отбор"]
    assert (found.said.tables, found.said.tables_left) == ((2,), (1, 3))
    assert found.said.paragraphs_outside == 1


def test_a_table_that_is_not_there_cannot_be_chosen(tmp_path: Path) -> None:
    with pytest.raises(NoRoadmapTable, match="таблицы 9 нет; в документе таблиц: 3"):
        Import(tmp_path, _two_tables(), tables=(9,))


def _bomb() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 60_000_000)
    return out.getvalue()


def _without_text() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<a/>")
    return out.getvalue()


def _wide() -> bytes:
    document = Document()
    document.add_table(rows=1, cols=MOST_COLUMNS + 1)
    return saved(document)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "пуст"),
        (b"%PDF-1.7", "не читается"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "под паролем"),
        (_bomb(), "сверх предела"),
        (_without_text(), "не документ Word"),
        (_wide(), "столбцов"),
        (a_school()[:-300], "не читается"),
    ],
    ids=["empty", "pdf", "locked", "bomb", "xlsx", "wide", "cut"],
)
def test_a_foreign_file_is_refused_with_a_remedy(content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadUpload, match=said):
        Import(tmp_path, content)
    assert not (tmp_path / "made.yaml").exists()


def test_a_table_of_too_many_rows_is_refused() -> None:
    document = Document()
    body = document.add_table(rows=1, cols=1)._tbl
    row = body.tr_lst[0]
    for _ in range(MOST_ROWS):
        body.append(parse_xml(row.xml))
    with pytest.raises(BadUpload, match=str(MOST_ROWS)):
        word_tables(saved(document))


def test_no_refusal_quotes_a_cell(tmp_path: Path) -> None:
    document = Document()
    table_of(document, [("Кто", "Когда"), ("Приречная А.Б.", "май")])
    with pytest.raises(Refused) as refused:
        Import(tmp_path, saved(document))
    assert "Приречн" not in str(refused.value)


@pytest.mark.parametrize(
    "wishes", [{"start": "сентябрь"}, {"start": "02-30"}, {"start": "01-31"}, {"months": 73}]
)
def test_a_season_that_cannot_be_is_a_wrong_call(wishes: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match="--"):
        Import(tmp_path, a_school(), **wishes)
    assert not (tmp_path / "made.yaml").exists()


def test_a_file_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "made.yaml").write_text("моё", "utf-8")
    with pytest.raises(FileIsThere, match="уже есть"):
        Import(tmp_path, a_school())
    assert (tmp_path / "made.yaml").read_text("utf-8") == "моё"


def test_no_folder_is_made_for_a_file(tmp_path: Path) -> None:
    (tmp_path / "план.docx").write_bytes(a_school())
    with pytest.raises(WrongCall, match="создайте его"):
        import_roadmap(tmp_path / "план.docx", tmp_path / "нет" / "made.yaml", templates())
