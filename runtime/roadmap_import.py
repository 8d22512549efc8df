"""A roadmap from a table of Word: read, checked, written beside what is not sure of it."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from adapters.docx.renderer import DocxRenderer
from adapters.docx.roadmap_tables import read_word_tables
from adapters.roadmap_files import Problem, problems_of
from adapters.roadmap_writing import roadmap_text
from adapters.zip_parts import MAX_FILE, MIB
from domain.base import Value
from domain.deadlines import MonthDay
from domain.errors import BadUpload
from domain.roadmap import Season
from domain.roadmap_reading import Wishes, read_roadmap_tables
from domain.role_phrases import slug, without_names
from domain.season_reading import LONGEST
from domain.table_columns import HeadedTable, roadmap_tables
from domain.table_rows import Unsure
from domain.word_tables import WordTables
from runtime.settings import WrongCall

UNTITLED: Final = "Дорожная карта"
_TITLE: Final = re.compile(r"дорожн|план|программ|мероприят|алгоритм", re.IGNORECASE)
_LONGEST_TITLE: Final = 300
_START: Final = re.compile(r"(\d{1,2})-(\d{1,2})")
_SHOWN: Final = 80


class FileIsThere(WrongCall):
    """The file to be written exists; it is never replaced."""


class Imported(Value):
    """What came of an import; the file is written, whatever `problems` says."""

    ok: bool
    file: str
    rows: int
    stages: int
    roles: int
    season: Season
    tables: tuple[int, ...]  # those that were read, by number in the document
    tables_left: tuple[int, ...]  # those that were not
    paragraphs_outside: int  # with words, outside of all tables
    unsure: tuple[Unsure, ...]
    problems: tuple[Problem, ...]  # what `roadmap check` finds


def import_roadmap(
    source: Path,
    out: Path,
    renderer: DocxRenderer,
    *,
    start: str | None = None,
    months: int | None = None,
    tables: Sequence[int] = (),
) -> Imported:
    """Read the roadmap of a DOCX into a new YAML file; `renderer` knows the kinds of documents.

    Raises `FileIsThere` or another `WrongCall`, `OSError`, and what `read_word_tables`,
    `roadmap_tables` and `read_roadmap_tables` refuse.
    """
    if out.exists():
        raise FileIsThere(f"{out} уже есть и не изменён; укажите другой файл: -o")
    if not out.parent.is_dir():
        raise WrongCall(f"Каталога {out.parent} нет; создайте его или укажите другой: -o")
    begins, months = _start(start), _months(months)
    found = read_word_tables(_content(source))
    headed = roadmap_tables(found.tables, tables)
    kinds = {kind: renderer.kind(kind) for kind in renderer.kinds()}
    read = tuple(dict.fromkeys(one.table.number for one in headed))
    wishes = Wishes(
        name=slug(out.stem),
        title=_title(headed),
        source=f"{source.name}, таблицы Word {_numbers(read)}",
        start=begins,
        months=months,
    )
    roadmap = read_roadmap_tables(headed, wishes, kinds)
    _write_new(out, roadmap_text(roadmap.roadmap, roadmap.beside))
    problems = problems_of(out, renderer.known_kinds())
    return Imported(
        ok=not problems,
        file=str(out),
        rows=len(roadmap.roadmap.steps),
        stages=len(roadmap.roadmap.stages),
        roles=len(roadmap.roadmap.roles),
        season=roadmap.roadmap.season,
        tables=read,
        tables_left=_left(found, read),
        paragraphs_outside=found.outside,
        unsure=roadmap.beside.unsure,
        problems=problems,
    )


def imported_words(found: Imported) -> str:
    """What came of it, and each place to look at."""
    season = found.season
    lines = [
        f"{found.file}: строк {found.rows}, этапов {found.stages}, ролей {found.roles}",
        f"Цикл: с {season.day:02}.{season.month:02}, месяцев {season.months}",
        f"Таблицы: {_numbers(found.tables)}; не прочитаны: {_numbers(found.tables_left)}",
        f"Абзацев вне таблиц, импорт их не читает: {found.paragraphs_outside}",
        f"Проверьте, мест {len(found.unsure)}:",
        *map(_line, found.unsure),
    ]
    lines += [str(problem) for problem in found.problems] or ["Ошибок при проверке нет."]
    return "\n".join(lines)


def _line(one: Unsure) -> str:
    place = f"таблица {one.table}, строка {one.row}"
    if one.column is not None:
        place += f", столбец {one.column}"
    text = f"{one.text[:_SHOWN]}…" if len(one.text) > _SHOWN else one.text
    text = f"«{text}»" if text else "пусто"
    return f"  {place}: {text} → {one.taken_as[:_SHOWN]}; {one.why}"


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers)) or "нет"


def _start(text: str | None) -> MonthDay | None:
    if text is None:
        return None
    match = _START.fullmatch(text)
    try:
        found = MonthDay(month=int(match[1]), day=int(match[2])) if match else None
    except ValueError:
        found = None
    if found is None or found.day > 28:  # noqa: PLR2004 - a season may begin on any 1st to 28th
        raise WrongCall(f"--start {text}: ожидается ММ-ДД, день с 01 по 28, например 09-01")
    return found


def _months(months: int | None) -> int | None:
    if months is not None and not 1 <= months <= LONGEST:
        raise WrongCall(f"--months {months}: ожидается число от 1 до {LONGEST}")
    return months


def _content(source: Path) -> bytes:
    with source.open("rb") as file:
        content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise BadUpload(f"файл больше {MAX_FILE // MIB} МБ; уберите из него картинки")
    return content


def _title(headed: Sequence[HeadedTable]) -> str:
    """The nearest words above the first table that sound like the title of a plan."""
    first = headed[0]
    inside = [cell.text for row in first.table.rows[: first.first] for cell in row.cells]
    known = {heading.words for heading in first.headings}
    above = [*first.table.above, *(text for text in inside if text not in known)]
    titles = [one for one in above if _TITLE.search(one) and len(one) <= _LONGEST_TITLE]
    return without_names(titles[-1]) if titles else UNTITLED


def _left(found: WordTables, read: Sequence[int]) -> tuple[int, ...]:
    return tuple(one.number for one in found.tables if one.number not in read)


def _write_new(out: Path, text: str) -> None:
    """Write a file that is not there yet, whole or not at all."""
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        os.link(part, out)  # unlike a rename, it fails where somebody was faster
    except FileExistsError:
        raise FileIsThere(f"{out} уже есть и не изменён; укажите другой файл: -o") from None
    finally:
        part.unlink(missing_ok=True)
