"""One row of a table as a step of a roadmap, with what is told beside it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from domain.base import Value
from domain.cell_lists import results, title_and_points
from domain.deadline_phrases import ReadDeadline, read_deadline
from domain.deadlines import Deadline
from domain.kinds import DocumentKind
from domain.proof_phrases import BY_DEFAULT, Office, Proposed, propose
from domain.roadmap import DocumentProof, Result, Step
from domain.role_phrases import (
    CURATOR,
    MENTEE,
    MENTOR,
    Responsible,
    Roles,
    is_body,
)
from domain.season_reading import ReadSeason, settled
from domain.table_columns import Column, Heading
from domain.table_rows import Item, Unsure, unsure_of
from domain.word_tables import Line, words_of

At = tuple[str | int, ...]
_TRAIL: Final = 100
"""Signs. Longer words stand on lines of their own."""
_SHOWN: Final = 120


class Beside(Value):
    """What is told in the file beside the roadmap."""

    comments: Mapping[At, tuple[str, ...]] = {}  # on lines before the place; of () at the top
    trails: Mapping[At, str] = {}  # behind the place, on its line
    unsure: tuple[Unsure, ...] = ()


class Place(Value):
    """Where a step stands in the roadmap."""

    at: At
    id: str
    stage: str
    section: str | None


def deadline_of(item: Item) -> tuple[str, ReadDeadline]:
    """The words about the deadline of a row, and what they mean."""
    edges = [_text(item, column) for column in (Column.START, Column.END)]
    span = " - ".join(edge for edge in edges if edge)
    lines = [line.text for line in _lines(item, Column.DEADLINE)]
    text = "\n".join((*lines, span) if span else lines)
    return text, read_deadline(text)


class RowReader:
    """Makes steps of rows, one after another; roles are gathered on the way."""

    def __init__(
        self,
        season: ReadSeason,
        office: Office,
        kinds: Mapping[str, DocumentKind],
        headings: Sequence[Heading],
    ) -> None:
        self.roles = Roles()
        self.has_order = False
        self.comments: dict[At, tuple[str, ...]] = {}
        self.trails: dict[At, str] = {}
        self.unsure: list[Unsure] = []
        self._named: set[str] = set()  # ids that results have got in any row
        self._season, self._office, self._kinds = season, office, kinds
        self._headings = headings
        self._has_results = any(h.column is Column.RESULT for h in headings)

    def step(self, item: Item, place: Place) -> Step:
        """The step of a row."""
        at = place.at
        title, actions = title_and_points(_lines(item, Column.ACTIVITY))
        if not title:
            title = f"Строка {item.row} таблицы {item.table}"
            self._doubt(at, item, Column.ACTIVITY, "", title, "мероприятие не названо")
        actions = (*actions, *results(_lines(item, Column.CONTENT)))
        lead, helpers = self._responsible(item, at)
        sides = {MENTOR, MENTEE} & {lead, *helpers}
        if sides:
            text = "; ".join(_texts(item, Column.LEAD, Column.HELPERS))
            why = "назван наставник или наставляемый: строка взята по каждой паре"
            self._doubt(at, item, Column.LEAD, text, "scope: pairs", why)
        step = Step(
            id=place.id,
            stage=place.stage,
            section=place.section,
            title=title,
            actions=actions,
            scope="pairs" if sides else "cycle",
            lead=lead,
            co_executors=helpers,
            deadline=self._deadline(item, (*at, "deadline")),
            results=tuple(self._results(item, at, title, per_pair=bool(sides))),
        )
        self._tell_rest(item, at, step)
        return step

    def _responsible(self, item: Item, at: At) -> tuple[str, tuple[str, ...]]:
        """The lead and the others. A body, or a mentee, leads only if nobody else is named."""
        named: list[str] = []
        for column in (Column.LEAD, Column.HELPERS):
            found = self.roles.read(_lines(item, column))
            self._tell_roles(item, column, found, at)
            named += [one.id for one in found.roles]
        known = list(dict.fromkeys(named))
        said = "; ".join(_texts(item, Column.LEAD, Column.HELPERS))
        self._say((*at, "lead"), said)
        if not known:
            self.roles.add(CURATOR, "Куратор")
            why = "ответственный не указан: взят куратор"
            self._doubt((*at, "lead"), item, Column.LEAD, said, CURATOR, why)
            return CURATOR, ()
        able = [
            one for one in known if one != MENTEE and not is_body(self.roles.found[one])
        ] or known
        return able[0], tuple(one for one in known if one != able[0])

    def _tell_roles(self, item: Item, column: Column, found: Responsible, at: At) -> None:
        for one in found.roles:
            if one.is_new and one.why:
                self._doubt((*at, "lead"), item, column, one.role.title, one.id, one.why)
        if found.names:
            why = "в ячейке названо имя; людей назначают при запуске"
            self._doubt((*at, "lead"), item, column, _text(item, column), "роль без имени", why)

    def _deadline(self, item: Item, at: At) -> Deadline:
        text, read = deadline_of(item)
        found = settled(read, self._season)
        self._say(at, " ".join(text.split("\n")))
        if found.why:
            shown = text.replace("\n", " ")
            self._doubt(at, item, Column.DEADLINE, shown, told(found.rule), found.why)
        return found.rule

    def _results(self, item: Item, at: At, title: str, *, per_pair: bool) -> Iterator[Result]:
        column = Column.RESULT if self._has_results else Column.ACTIVITY
        texts, missing = results(_lines(item, Column.RESULT)), None
        if not texts:
            texts = (title,)
            if self._has_results:
                missing = "результат не указан: взято название строки"
        ids: set[str] = set()
        for number, text in enumerate(texts):
            found = self._proposed(text, title if len(texts) == 1 else None, per_pair=per_pair)
            by = found.by
            kind = by.kind if isinstance(by, DocumentProof) else None
            hint = kind or (found.id if found.id not in self._named else None)
            id_ = hint if hint and hint not in ids else f"r{number + 1}"
            ids.add(id_)
            self._named.add(id_)
            why = "; ".join(one for one in (missing, found.why) if one)
            if why:
                place = (*at, "results", number)
                self._doubt(place, item, column, text, kind or by.proof, why)
            yield Result(id=id_, title=text, by=by)

    def _proposed(self, text: str, title: str | None, *, per_pair: bool) -> Proposed:
        """By the words of the result; where they say nothing, by those of the whole row."""
        found = propose(text, self._kinds, self._office, per_pair=per_pair)
        if found.why == BY_DEFAULT and title is not None and title != text:
            other = propose(title, self._kinds, self._office, per_pair=per_pair)
            if other.why != BY_DEFAULT:
                why = "; ".join(one for one in ("взято по названию строки", other.why) if one)
                found = Proposed(by=other.by, why=why)
        if isinstance(found.by, DocumentProof) and found.by.pairs_at is not None:
            if self.has_order:
                why = "приказа о парах ждут уже от другой строки"
                return Proposed(by=found.by.changed(pairs_at=None), why=why)
            self.has_order = True
        return found

    def _tell_rest(self, item: Item, at: At, step: Step) -> None:
        """Columns that are not understood, and any word that the step has lost."""
        place = f"Таблица {item.table}, строка {item.row}"
        told_ = [f"{place}, № {item.number}" if item.number else place]
        for cell in item.cells.get(Column.OTHER, ()):
            heading = self._headings[min(cell.column, len(self._headings) - 1)].words
            told_.append(f"{heading}: {cell.text}" if heading else cell.text)
        self.comments[at] = (*told_, *self.comments.get(at, ()))
        kept = set(words_of(" ".join(self._told(at, step))))
        lost = [
            cell.text
            for column in (Column.ACTIVITY, Column.CONTENT, Column.RESULT)
            for cell in item.cells.get(column, ())
            for text in [" ".join(results(cell.lines))]
            if not set(words_of(text)) <= kept
        ]
        if lost:
            self.comments[at] = (*self.comments[at], *(f"Ещё в строке: {text}" for text in lost))

    def _told(self, at: At, step: Step) -> Iterator[str]:
        yield from (step.title, *step.actions, *(result.title for result in step.results))
        for place, texts in self.comments.items():
            if place[: len(at)] == at:
                yield from texts

    def _say(self, at: At, text: str) -> None:
        """The words of a cell beside what was made of them."""
        if len(text) > _TRAIL:
            self.comments[at] = (*self.comments.get(at, ()), text)
        elif text:
            self.trails[at] = text

    def _doubt(
        self, at: At, item: Item, column: Column, text: str, taken_as: str, why: str
    ) -> None:
        taken_as = taken_as[:_SHOWN]
        places = (n for n, heading in enumerate(self._headings) if heading.column is column)
        cells = (cell.column for cell in item.cells.get(column, ()))
        place = next(cells, next(places, None))
        self.unsure.append(unsure_of(item, place, text, taken_as, why))
        self.comments[at] = (*self.comments.get(at, ()), f"Проверьте: {taken_as} — {why}.")


def told(rule: Deadline) -> str:
    """The rule as a file has it."""
    fields = rule.model_dump(mode="json", exclude_defaults=True)
    return ", ".join(f"{name}: {value}" for name, value in fields.items()).replace("'", "")


def _lines(item: Item, column: Column) -> list[Line]:
    return [line for cell in item.cells.get(column, ()) for line in cell.lines]


def _text(item: Item, column: Column) -> str:
    return " ".join(cell.text for cell in item.cells.get(column, ()))


def _texts(item: Item, *columns: Column) -> list[str]:
    return [text for column in columns if (text := _text(item, column))]
