"""Production calendars: those that came with us (`rules/working_days.yaml`), and an organisation's
own days as a table.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final

import yaml
from pydantic import Field, ValidationError

from adapters.roadmap_messages import in_russian
from adapters.sheet_columns import Column, Unread, read_date, read_rows, read_text, told
from adapters.spreadsheets import CellValue, read_xlsx
from domain.base import Value
from domain.enrolment import Complaint, Place
from domain.errors import BadRules, BadSpreadsheet
from domain.working_days import moved_days

_FILE: Final = Path(__file__).parents[1] / "rules" / "working_days.yaml"
_WORDS: Final = {"выходной": False, "рабочий": True}


def _works(cell: CellValue) -> bool:
    if (works := _WORDS.get(read_text(cell).casefold())) is None:
        raise Unread(f"ждём одно из слов: {', '.join(_WORDS)}")
    return works


_DAY, _WHAT = "day", "works"
_COLUMNS: Final = {
    _DAY: Column(heading="Дата", read=read_date, required=True),
    _WHAT: Column(heading="Что", read=_works, required=True),
}


class _Moves(Value):
    decree: str
    moves: dict[date, date]


class WorkRules(Value):
    """The law's holidays, by the first year of each edition, and the moves of single years."""

    holidays: dict[int, tuple[Annotated[str, Field(pattern=r"^\d\d-\d\d$")], ...]]
    years: dict[int, _Moves]

    def decree(self, year: int) -> str | None:
        """What moved days of that year; None if we know of nothing."""
        return self.years[year].decree if year in self.years else None

    def days(self, year: int) -> dict[date, bool]:
        """As `moved_days`; nothing for years before the first edition."""
        editions = [since for since in self.holidays if since <= year]
        if not editions:
            return {}
        holidays = [(int(day[:2]), int(day[3:])) for day in self.holidays[max(editions)]]
        return moved_days(year, holidays, self.years[year].moves if year in self.years else {})


def read_work_rules(path: Path) -> WorkRules:
    """The rules of a file. Raises `BadRules` naming the file and what is wrong."""
    try:
        rules = WorkRules.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        for year in {*rules.years, *rules.holidays}:
            rules.days(year)
    except ValidationError as error:
        wrong = (
            f"{'.'.join(map(str, one.at))}: {one.text}" for one in in_russian(error, WorkRules)
        )
        raise BadRules(f"{path.name}: {'; '.join(wrong)}") from error
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise BadRules(f"{path.name}: не читается") from error
    except BadRules as error:
        raise BadRules(f"{path.name}: {error}") from error
    return rules


@cache
def starting_work_rules() -> WorkRules:
    """What came with us. Raises `BadRules`."""
    return read_work_rules(_FILE)


def read_days(content: bytes) -> dict[date, bool]:
    """The days of an XLSX with the columns «Дата» and «Что» (выходной, рабочий), all of one year.

    Raises `BadUpload` if the file is no harmless XLSX, `BadSpreadsheet` listing every mistake by
    cell otherwise; then nothing was taken.
    """
    sheets = read_xlsx(content)
    complaints: list[Complaint] = [
        Complaint(sheet=sheet.name, cell="A1", reason="лишний лист; ждём один")
        for sheet in sheets[1:]
    ]
    days: dict[date, bool] = {}
    for place, fields in read_rows(sheets[0], _COLUMNS, complaints, []):
        complaints += _contradiction(place, fields, days)
        days.setdefault(fields[_DAY], fields[_WHAT])
    if not days and not complaints:
        complaints.append(
            Complaint(sheet=sheets[0].name, cell="A2", reason="в листе нет ни строки")
        )
    if complaints:
        raise BadSpreadsheet(told(complaints))
    return days


def _contradiction(
    place: Place, fields: Mapping[str, Any], before: Mapping[date, bool]
) -> list[Complaint]:
    day = fields[_DAY]
    if before.get(day, fields[_WHAT]) is not fields[_WHAT]:
        return [place.complaint(_WHAT, "этот день выше назван иначе; оставьте одно")]
    year = next(iter(before), day).year
    if day.year != year:
        return [place.complaint(_DAY, f"день другого года; ждём {year}, как в первой строке")]
    return []
