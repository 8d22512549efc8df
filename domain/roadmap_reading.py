"""A roadmap out of the tables of a document: as much as they say, and what is not sure of it.

Every word of a table is found again in the roadmap or in a comment beside it; where the table is
silent, something that works is taken, and that is said. Marks of lists alone are not kept: lists
stay in order.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from domain.base import Value
from domain.deadlines import MonthDay
from domain.errors import NoRoadmapTable
from domain.kinds import DocumentKind
from domain.people import Form
from domain.proof_phrases import Office
from domain.roadmap import Roadmap, StageTitle, Step
from domain.role_phrases import CURATOR, DIRECTOR, MENTOR, without_names
from domain.row_numbers import Numbered, row_numbers
from domain.row_reading import At, Beside, Place, RowReader, deadline_of
from domain.season_reading import ReadSeason, read_season
from domain.standard_track import ORDER_STAGE, forms_in, standard_track
from domain.table_columns import Column, HeadedTable
from domain.table_rows import Body, Unsure, read_body


class Wishes(Value):
    """What the caller says beside the tables."""

    name: str
    title: str
    source: str
    start: MonthDay | None = None
    months: int | None = None


class ReadRoadmap(Value):
    """The roadmap, and what is told beside it."""

    roadmap: Roadmap
    beside: Beside


_MAIN: Final = StageTitle(id="main", title="Реализация программы")
_TITLE: Final = 1000
_HOLDS: Final[Mapping[Column, str]] = {
    Column.NUMBER: "номер",
    Column.SECTION: "раздел",
    Column.ACTIVITY: "мероприятие",
    Column.CONTENT: "действия",
    Column.START: "начало",
    Column.END: "окончание",
    Column.DEADLINE: "срок",
    Column.LEAD: "ответственные",
    Column.HELPERS: "соисполнители",
    Column.RESULT: "результат",
    Column.OTHER: "в комментариях строк",
}
_TOP: Final = (
    "Прочитано из таблицы Word: nastavnik roadmap import.",
    "Где взято не всё или наугад, стоит слово «Проверьте».",
)


def read_roadmap_tables(
    tables: Sequence[HeadedTable], wishes: Wishes, kinds: Mapping[str, DocumentKind]
) -> ReadRoadmap:
    """The roadmap of these tables; `kinds` are the kinds of document that there are.

    Raises `NoRoadmapTable` if there is not one row.
    """
    body = read_body(tables)
    if not body.items:
        raise NoRoadmapTable("в таблице есть столбцы, но нет ни одной строки; дайте полный файл")
    return _Composing(body, tables, wishes, kinds).composed()


class _Composing:
    """Puts the roadmap together."""

    def __init__(
        self,
        body: Body,
        tables: Sequence[HeadedTable],
        wishes: Wishes,
        kinds: Mapping[str, DocumentKind],
    ) -> None:
        self._body, self._tables, self._wishes = body, tables, wishes
        read = [deadline_of(item)[1] for item in body.items]
        self._season = read_season(read, wishes.start, wishes.months)
        office = Office(director=DIRECTOR, curator=CURATOR, order_stage=ORDER_STAGE)
        self._rows = RowReader(self._season, office, kinds, body.headings)
        self._unsure: list[Unsure] = list(body.unsure)

    def composed(self) -> ReadRoadmap:
        stages, sections = self._stages()
        steps = self._steps(stages, sections)
        added = self._needed_roles()
        roadmap = Roadmap(
            roadmap=self._wishes.name,
            version=1,
            title=self._wishes.title,
            source=self._wishes.source,
            season=self._season.season,
            curator=CURATOR,
            roles=self._rows.roles.found,
            stages=tuple(dict.fromkeys(stages)),
            sections=tuple(dict.fromkeys(one for one in sections if one)),
            steps=steps,
            track=standard_track(
                self._forms(),
                mentor=MENTOR,
                director=DIRECTOR,
                curator=CURATOR,
                has_order=self._rows.has_order,
            ),
        )
        comments = self._rows.comments | self._head(added)
        unsure = (
            one.changed(text=without_names(one.text), taken_as=without_names(one.taken_as))
            for one in (*self._unsure, *self._rows.unsure)
        )
        beside = Beside(
            comments=comments,
            trails=self._rows.trails,
            unsure=tuple(sorted(unsure, key=lambda one: (one.table, one.row, one.column or 0))),
        )
        return ReadRoadmap(roadmap=roadmap, beside=beside)

    def _stages(self) -> tuple[list[StageTitle], list[StageTitle | None]]:
        """Of each row its stage, and its section where a section's row has both under it."""
        groups = list(dict.fromkeys(item.group for item in self._body.items if item.group))
        stages: list[StageTitle] = []
        sections: list[StageTitle | None] = []
        for item in self._body.items:
            group = None
            if item.group:
                id_ = f"section_{groups.index(item.group) + 1}"
                group = StageTitle(id=id_, title=item.group[:_TITLE])
            if item.band is not None:
                band = self._body.bands[item.band]
                title = " ".join(one for one in (band.number, band.title) if one)
                stages.append(StageTitle(id=f"part_{item.band + 1}", title=title[:_TITLE]))
                sections.append(group)
            else:
                stages.append(group or _MAIN)
                sections.append(None)
        return stages, sections

    def _steps(
        self, stages: Sequence[StageTitle], sections: Sequence[StageTitle | None]
    ) -> tuple[Step, ...]:
        order = list(dict.fromkeys(stages))
        numbers = row_numbers(
            [
                Numbered(section=order.index(stage) + 1, written=item.number)
                for item, stage in zip(self._body.items, stages, strict=True)
            ]
        )
        if numbers.why:
            self._doubt_whole("№", f"{numbers.ids[0]} … {numbers.ids[-1]}", numbers.why)
        places = (
            Place(at=("steps", n), id=id_, stage=stage.id, section=section.id if section else None)
            for n, (id_, stage, section) in enumerate(
                zip(numbers.ids, stages, sections, strict=True)
            )
        )
        return tuple(
            self._rows.step(item, place)
            for item, place in zip(self._body.items, places, strict=True)
        )

    def _needed_roles(self) -> tuple[str, ...]:
        """Roles that no programme goes without; those that the table does not name."""
        needed = ((DIRECTOR, "Директор"), (CURATOR, "Куратор"), (MENTOR, "Наставник"))
        return tuple(title for id_, title in needed if self._rows.roles.add(id_, title))

    def _forms(self) -> tuple[Form, ...]:
        words = " ".join(
            cell.text for one in self._tables for row in one.table.rows for cell in row.cells
        )
        return forms_in(words) or (Form.TEACHER_TEACHER,)

    def _head(self, added: Sequence[str]) -> dict[At, tuple[str, ...]]:
        """What is told of the whole."""
        columns = "; ".join(
            f"«{words}» — {_HOLDS[column]}"
            for words, column in dict.fromkeys((h.words, h.column) for h in self._body.headings)
        )
        top = [*_TOP, f"Столбцы: {columns}.", *self._titles(columns), *self._body.notes]
        empty = [
            f"Раздел без строк: {' '.join(one for one in (band.number, band.title) if one)}"
            for n, band in enumerate(self._body.bands)
            if all(item.band != n for item in self._body.items)
        ]
        named = (
            *(item.group or "" for item in self._body.items),
            *(b.title for b in self._body.bands),
        )
        long = [f"Раздел полностью: {one}" for one in dict.fromkeys(named) if len(one) > _TITLE]
        found: dict[At, tuple[str, ...]] = {(): (*top, *empty, *long)}
        if self._season.why:
            found["season",] = (f"Проверьте: {self._season.why}.",)
            self._doubt_whole("сроки", season_words(self._season), self._season.why)
        if added:
            found["roles",] = (f"В таблице не названы, но нужны: {', '.join(added)}.",)
        track = "Проверьте: в таблице пути пары нет, взят обычный."
        found["track",] = (track,)
        self._tell_columns()
        return found

    def _titles(self, columns: str) -> list[str]:
        """Words that stand above or inside of headings, and are none of a column."""
        texts = (
            cell.text
            for one in self._tables
            for row in one.table.rows[: one.first]
            for cell in row.cells
            if cell.text and cell.text not in columns
        )
        return [f"Над столбцами: {text}" for text in dict.fromkeys(texts)]

    def _tell_columns(self) -> None:
        for number, heading in enumerate(self._body.headings):
            if heading.column is Column.OTHER and self._holds_words(number):
                words = heading.words
                self._doubt_whole(words, "комментарии строк", "столбец не понят", number + 1)

    def _doubt_whole(self, text: str, taken_as: str, why: str, column: int | None = None) -> None:
        """A doubt about the table as a whole stands at its heading."""
        first = self._tables[0]
        self._unsure.append(
            Unsure(
                table=first.table.number,
                row=max(first.first, 1),
                column=column,
                text=text,
                taken_as=taken_as,
                why=why,
            )
        )

    def _holds_words(self, column: int) -> bool:
        return any(
            cell.column == column
            for item in self._body.items
            for cell in item.cells.get(Column.OTHER, ())
        )


def season_words(of: ReadSeason) -> str:
    """«с 01.09, месяцев: 12»"""
    return f"с {of.season.day:02}.{of.season.month:02}, месяцев: {of.season.months}"
