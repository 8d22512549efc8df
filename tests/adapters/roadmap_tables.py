"""Roadmaps as people lay them out in tables of Word, and what their import makes of them."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as DocxDocument
from docx.table import Table

from adapters.roadmap_files import read_roadmap
from domain.roadmap import Roadmap, Step
from runtime.roadmap_import import Imported, import_roadmap
from tests.adapters.world import templates

Rows = Sequence[Sequence[str]]


def saved(document: DocxDocument) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def table_of(document: DocxDocument, rows: Rows) -> Table:
    """A table; a row of one text is one cell over all columns."""
    width = max(map(len, rows))
    table: Table = document.add_table(rows=len(rows), cols=width)
    for line, texts in zip(table.rows, rows, strict=True):
        cells = line.cells
        if len(texts) == 1:
            cells[0].merge(cells[-1]).text = texts[0]
            continue
        for cell, text in zip(cells, texts, strict=False):
            cell.text = text
    return table


def merged(table: Table, column: int, rows: Iterable[tuple[int, int]]) -> None:
    """Cells of a column become one over these rows; the words of the first stay."""
    for first, last in rows:
        text = table.cell(first, column).text
        table.cell(first, column).merge(table.cell(last, column)).text = text


def a_plan(*rows: Sequence[str]) -> bytes:
    """A table with the plainest columns."""
    document = Document()
    table_of(document, [("№", "Мероприятие", "Срок", "Ответственный", "Результат"), *rows])
    return saved(document)


def a_school() -> bytes:
    """Sections as rows, a merged deadline, numbers, bullets, several people in a cell."""
    document = Document()
    document.add_paragraph("УТВЕРЖДАЮ")
    document.add_paragraph("План мероприятий («дорожная карта») школы")
    rows = [
        ("№ п/п", "Наименование мероприятия", "Сроки исполнения", "Ответственные", "Результат"),
        ("1. Подготовка условий",),
        (
            "1.1",
            "Запуск программы:\n- рассказать коллективу;\n- собрать команду",
            "сентябрь 2026 г.",
            "Директор, зам. директора по УВР; куратор",
            "Издан приказ о внедрении наставничества. Утверждено Положение о наставничестве",
        ),
        ("1.2", "Анкетирование педагогов", "", "Куратор\nПедагог-\nпсихолог", ""),
        ("2. Работа пар",),
        (
            "2.1",
            "Формирование пар",
            "октябрь–ноябрь 2026 г.",
            "Куратор",
            "Сформированы наставнические пары. Издан приказ об утверждении пар",
        ),
        (
            "2.2",
            "Знакомство с порядком работы",
            "в течение года",
            "Наставник",
            "Затруднений стало меньше",
        ),
        (
            "2.3",
            "Семинар для наставников",
            "до 20–25 марта 2027 г.",
            "Методист",
            "Семинар проведён",
        ),
        ("2.4", "Рассказ о лучших парах", "май 2027", "", "Публикация на сайте школы"),
    ]
    merged(table_of(document, rows), 2, [(2, 3)])
    return saved(document)


def a_district() -> bytes:
    """Two columns of activities, the first merged over the second; no results; on two pages."""
    document = Document()
    document.add_paragraph("Дорожная карта района")
    head = ("Ответственный исполнитель", "Дата", "№", "Мероприятия", "Содержание деятельности")
    rows = [
        head,
        ("Управление образования", "Ноябрь", "1", "Документы", "Приказ о наставничестве"),
        ("Руководители ОО\nИМЦ", "Декабрь", "", "", "Разработка дорожных карт школ"),
        ("ИМЦ", "Январь -февраль", "2", "Обучение", "Семинары и совещания"),
        ("ИМЦ", "Постоянно", "", "", "Школа молодого педагога"),
    ]
    table = table_of(document, rows)
    for column in (2, 3):
        merged(table, column, [(1, 2), (3, 4)])
    document.add_paragraph("Продолжение")
    table_of(
        document,
        [
            head,
            ("ИМЦ", "март; апрель", "3", "Итоги", "Сводный отчёт района"),
            ("ИМЦ", "по мере необходимости", "", "", "Размещение практик на сайте"),
        ],
    )
    return saved(document)


def a_college() -> bytes:
    """A heading of two rows under a title, numbered columns, a note, a text cut by a page."""
    document = Document()
    rows = [
        ("План работы наставников на 2026/2027 учебный год",),
        ("№", "Этап", "Мероприятие", "Сроки", "", "Исполнители", "", "Примечание"),
        ("", "", "", "начало", "окончание", "ответственный", "соисполнители", ""),
        ("1", "2", "3", "4", "5", "6", "7", "8"),
        (
            *("I", "Отбор", "Отбор наставников", "сентябрь", "октябрь"),
            *("Заместитель директора", "Методист", "очно"),
        ),
        ("II", "", "База наставников и на-", "ноябрь", "", "Методист", "", ""),
        ("", "", "ставляемых колледжа", "", "", "", "", "по форме"),
        ("III", "Итоги", "Годовой отчёт", "май", "июнь", "Куратор программы", "", ""),
        ("IV", "", "Положение о наставничестве, новая редакция", "июнь", "", "Методист", "", ""),
    ]
    table = table_of(document, rows)
    for column in (3, 5):
        text = table.cell(1, column).text
        table.cell(1, column).merge(table.cell(1, column + 1)).text = text
    for column in (0, 1, 2, 7):
        merged(table, column, [(1, 2)])
    merged(table, 1, [(4, 6), (7, 8)])
    return saved(document)


class Import:
    """One import: what it said, the text of its file, and the roadmap in it."""

    def __init__(self, folder: Path, content: bytes, **wishes: Any) -> None:  # noqa: ANN401
        self.out = folder / "made.yaml"
        source = folder / "план.docx"
        source.write_bytes(content)
        self.said: Imported = import_roadmap(source, self.out, templates(), **wishes)

    @property
    def text(self) -> str:
        return self.out.read_text("utf-8")

    @property
    def roadmap(self) -> Roadmap:
        return read_roadmap(self.out, templates().known_kinds())

    def steps(self) -> list[Step]:
        return list(self.roadmap.steps)

    def why(self) -> str:
        return "\n".join(
            f"{one.table}/{one.row}/{one.column} {one.why}" for one in self.said.unsure
        )
