"""What a document is about, looked up when asked for: its cycle, its people, its days."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, text

from activities.tasks import GatherFacts
from adapters.docx.facts import (
    Facts,
    organisation_facts,
    person_facts,
    registration_facts,
    representative_facts,
)
from adapters.learners import shown_post
from adapters.legal_acts import citations
from adapters.postgres import authority
from adapters.postgres.grounds import cited_on
from adapters.postgres.roadmap_facts import lower_first, result_of, step_of
from adapters.postgres.work_tables import day_of
from domain.approval import Head
from domain.deadlines import Period, Window, windows
from domain.errors import FactMissing, NotFound
from domain.names import NameForms
from domain.people import OWN_SIGNATURE_AT, Form, age_on, is_minor
from domain.planning import period_from, turn_from, turn_of
from domain.roadmap import FormRules, PaperStage, Result, Roadmap, Step

_SCHOOL_YEAR_BEGINS = 7  # a cycle that begins in July or August prepares the coming school year
_LONGEST_YEAR_DAYS = 460  # a turn may overlap the next one by some months
_NO_NUMBER = "б/н"
_BIRTH_CERTIFICATE = {"мать", "отец", "мама", "папа"}

_ORGANISATION = text("SELECT * FROM organisations WHERE organisation_id = :organisation")
_LAUNCH = text(
    "SELECT * FROM programmes WHERE cycle_id = :cycle AND organisation_id = :organisation"
)
_PAIR = text("SELECT * FROM pairs WHERE pair_id = :pair AND organisation_id = :organisation")
_PAIRS = text(
    """
    SELECT r.form, r.mentor_id, r.mentee_id FROM pairs r
    JOIN people m ON m.id = r.mentor_id JOIN people e ON e.id = r.mentee_id
    WHERE r.cycle_id = :cycle AND r.organisation_id = :organisation AND r.open AND r.turn = :turn
    ORDER BY m.sort_key, e.sort_key, r.pair_id
    """
)
_PERSON = text("SELECT * FROM people WHERE id = :person AND organisation_id = :organisation")
_BODY = text(
    """
    SELECT b.name, count(m.person_id) AS members
    FROM bodies b LEFT JOIN body_members m
      ON m.body_id = b.id AND m.since <= :today AND (m.until IS NULL OR m.until > :today)
    WHERE b.id = :body AND b.organisation_id = :organisation GROUP BY b.id
    """
)
_REGISTERED = text(
    """
    SELECT number, day FROM documents d
    WHERE cycle_id = :cycle AND kind = :kind AND stage = 'in_force' AND turn = :turn
      AND number IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM document_links l JOIN documents n ON n.document_id = l.document_id
        WHERE l.changed_id = d.document_id AND l.how <> 'amends' AND n.stage = 'in_force')
    ORDER BY day DESC, since DESC, document_id LIMIT 1
    """
)
_CHANGED = text(
    f"""
    SELECT document_id, kind, number, {day_of("documents")} AS day FROM documents
    WHERE organisation_id = :organisation AND document_id = ANY(:ids)
    """  # noqa: S608 - a constant of ours
)
_PAIR_BEGAN = text("SELECT min(day) AS day FROM documents WHERE pair_id = :pair AND number <> ''")
_INPUTS = text("SELECT body FROM kept_texts WHERE id = :inputs AND organisation_id = :organisation")


class Case:
    """What one version of a document may be made from. Raises `NotFound` or `FactMissing`."""

    def __init__(self, connection: Connection, task: GatherFacts, *, asks_for_pairs: bool) -> None:
        self.task = task
        self.head: Head | None = None
        """Whoever was named as the organisation's head, once that was asked."""
        self._named: dict[str, None] = {}
        self.connection = connection
        self._asks_for_pairs = asks_for_pairs

    def rows(self, query: Any, **given: object) -> list[RowMapping]:
        """The rows of a query about this organisation, cycle and turn."""
        about = {
            "organisation": self.task.organisation_id,
            "cycle": self.task.cycle_id,
            "turn": self.task.turn,
        }
        return list(self.connection.execute(query, {**about, **given}).mappings())

    def _one(self, query: Any, what: str, **given: object) -> RowMapping:
        found = self.rows(query, **given)
        if not found:
            raise NotFound(f"no {what} {' '.join(str(value) for value in given.values())}".strip())
        return found[0]

    # The cycle

    @cached_property
    def _launch(self) -> RowMapping:
        return self._one(_LAUNCH, f"cycle {self.task.cycle_id}")

    @cached_property
    def roadmap(self) -> Roadmap:
        return Roadmap.model_validate(self._launch["roadmap"])

    @cached_property
    def step(self) -> Step | None:
        """The roadmap's row that asked for the document."""
        return step_of(self.roadmap, self.task.step)

    @property
    def result(self) -> Result | None:
        """The result that the document proves."""
        return result_of(self.step, self.task.result_id)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which the cycle's days begin and end."""
        return ZoneInfo(self._launch["time_zone"])

    @cached_property
    def today(self) -> dt.date:
        return self.task.now.astimezone(self.zone).date()

    @cached_property
    def season(self) -> Period:
        """The season of this yearly turn, by which deadlines go."""
        return turn_of(self.roadmap, self._launch["start"], self.task.turn)

    @cached_property
    def period(self) -> Period:
        """This yearly turn, from the launch on."""
        return turn_from(self.roadmap, self._launch["start"], self.task.turn)

    @cached_property
    def whole(self) -> Period:
        """All turns together."""
        return period_from(self.roadmap, self._launch["start"], self._launch["turns"])

    @property
    def start(self) -> dt.date:
        """A pair's term begins with its first numbered paper, a turn's with the turn."""
        if not self._asks_for_pairs:
            return self.period.start
        found = self.rows(_PAIR_BEGAN, pair=self.task.pair_id)
        began: dt.date | None = found[0]["day"]
        return began or max(self.period.start, self.today)

    @property
    def years(self) -> str:
        """«2020–2024»."""
        first, last = self.whole.start.year, self.whole.end.year
        return str(first) if first == last else f"{first}–{last}"

    @property
    def school_year(self) -> str:
        """That of the turn; of the document's day where a turn takes several school years."""
        takes = (self.period.end - self.period.start).days
        day = self.today if takes > _LONGEST_YEAR_DAYS else self.period.start
        first = day.year if day.month >= _SCHOOL_YEAR_BEGINS else day.year - 1
        return f"{first}/{first + 1}"

    @cached_property
    def inputs(self) -> Mapping[str, Any]:
        """What a person has amended."""
        if self.task.inputs_id is None:
            return {}
        body: Mapping[str, Any] = self._one(_INPUTS, "text", inputs=self.task.inputs_id)["body"]
        return body

    # People

    def _person_row(self, person_id: str) -> RowMapping:
        row = self._one(_PERSON, "person", person=person_id)
        self._named[person_id] = None
        return row

    def name(self, person_ids: Iterable[str]) -> None:
        """Remember that the facts name these people."""
        self._named |= dict.fromkeys(person_ids)

    @property
    def people(self) -> tuple[str, ...]:
        """Whom the facts that were asked so far name, in that order, save the head who signs."""
        head = self.head and self.head.person_id
        return tuple(person for person in self._named if person != head)

    def someone(
        self, person_id: str, *, birth_date: bool = False, post: str | None = None
    ) -> Facts:
        """A person, in another `post` than his own if one is given."""
        row = self._person_row(person_id)
        born = row["birth_date"] if birth_date else None
        names = NameForms.model_validate(row["name_forms"])
        return person_facts(names, post or _post(row), born)

    def holder(self, role: str) -> Facts:
        """Whoever the launch gave this role."""
        return self.someone(self.holder_id(role))

    def holder_id(self, role: str) -> str:
        """The id of whoever the launch gave this role."""
        holders: Mapping[str, str] = self._launch["holders"]
        if role not in holders:
            raise FactMissing(f"роль «{role}» никому не дана")
        return holders[role]

    def secretary(self) -> Facts:
        """As `secretary_id`."""
        return self.someone(self.secretary_id())

    def secretary_id(self) -> str:
        """The holder of the role `secretary`; the curator where the roadmap has none."""
        has_one = "secretary" in self._launch["holders"]
        return self.holder_id("secretary" if has_one else self.roadmap.curator)

    @cached_property
    def body(self) -> RowMapping:
        """The first body among the roadmap's roles: the council that discusses the programme."""
        for name, role in self.roadmap.roles.items():
            if role.holder == "body":
                body = self._launch["holders"][name]
                return self._one(_BODY, "body", body=body, today=self.today)
        raise FactMissing("в дорожной карте нет органа, который вёл бы протокол")

    def organisation(self) -> Facts:
        row = self._one(_ORGANISATION, "organisation")
        named = {name: row[name] for name in ("name", "short_name", "address", "inn", "city")}
        return organisation_facts(**named, director=self.director())

    def director(self) -> Facts:
        """Whoever decides today in the place of the organisation's head; see `head_for`."""
        self.head, post = self._head_and_post
        return self.someone(self.head.person_id, post=post)

    def director_id(self) -> str:
        """The id of `director`."""
        return self._head_and_post[0].person_id

    @cached_property
    def _head_and_post(self) -> tuple[Head, str | None]:
        named = self._launch["holders"].get("director")
        about = (self.task.organisation_id, self.task.kind, self.task.now)
        return authority.head_for(self.connection, named, *about)

    def person(self) -> Facts:
        return self.someone(self._person_id, birth_date=True)

    @property
    def _person_id(self) -> str:
        if self.task.person_id is None:
            raise FactMissing("документ не о человеке")
        return self.task.person_id

    # The pair

    @cached_property
    def pair(self) -> RowMapping:
        if self.task.pair_id is None:
            raise FactMissing("документ не о паре")
        return self._one(_PAIR, "pair", pair=self.task.pair_id)

    @property
    def form(self) -> FormRules:
        """The rules of the pair's form."""
        return self.form_of(self.pair["form"])

    def form_of(self, form: str) -> FormRules:
        return self.roadmap.track.forms[Form(form)]

    def is_mentor(self) -> bool:
        return bool(self.pair["mentor_id"] == self._person_id)

    def representative(self, person_id: str | None = None) -> Facts | None:
        """The representative of a minor; None for an adult. Raises `FactMissing` if unknown."""
        row = self._person_row(person_id or self._person_id)
        if not is_minor(row["birth_date"], self.today):
            return None
        if row["representative_id"] is None or row["kinship"] is None:
            raise FactMissing("у несовершеннолетнего не указан законный представитель")
        kinship: str = row["kinship"]
        return representative_facts(
            self.someone(row["representative_id"]) | {"post": None},
            kinship,
            "свидетельство о рождении"
            if kinship.casefold() in _BIRTH_CERTIFICATE
            else "документ об опеке или попечительстве",
            minor_signs=age_on(row["birth_date"], self.today) >= OWN_SIGNATURE_AT,
        )

    def mentor_ids(self) -> tuple[str, ...]:
        """The mentors of this turn's open pairs, by name, each once."""
        return tuple(dict.fromkeys(row["mentor_id"] for row in self.rows(_PAIRS)))

    def pairs(self) -> list[Facts]:
        """The open pairs of this turn, by name."""
        return [
            {
                "mentor": self.someone(row["mentor_id"]),
                "mentee": self.someone(row["mentee_id"]),
                "form": self.form_of(row["form"]).title,
            }
            for row in self.rows(_PAIRS)
        ]

    # Days and numbers

    def due(self, fits: Callable[[Step], bool]) -> dt.date:
        """The last day of the first row that fits; the turn's last day if none does."""
        for step in self.roadmap.steps:
            if fits(step):
                return self._window(step).due or self.period.end
        return self.period.end

    @property
    def row_window(self) -> tuple[dt.date, dt.date]:
        """The first and the last day of the row that asked for the document."""
        if self.step is None:
            return self.period.start, self.period.end
        window = self._window(self.step)
        return max(window.opens, self.period.start), window.due or self.period.end

    def _window(self, step: Step) -> Window:
        found = windows(step.deadline, self.season)
        dues = [one.due for one in found if one.due]
        return Window(opens=found[0].opens, due=max(dues, default=None))

    def plans_due(self) -> dt.date:
        """As many days from now as the pair's track gives for the plan."""
        for stage in self.roadmap.track.stages:
            if isinstance(stage.needs, PaperStage) and stage.needs.document == "individual_plan":
                return self.today + dt.timedelta(days=stage.days)
        return self.period.end

    def grounds_in_force(self) -> list[Facts]:
        """The acts that papers of this kind cite, as far as they are in force today."""
        about = (self.task.organisation_id, self.task.kind, self.today)
        return [{**citations(act)} for act in cited_on(self.connection, *about)]

    def changed(self, titles: Mapping[str, str]) -> list[Facts]:
        """The documents that this one changes, in the order in which they were named."""
        ids = [change.document_id for change in self.task.changes]
        rows = {row["document_id"]: row for row in self.rows(_CHANGED, ids=ids)}
        return [
            {
                "title": lower_first(titles.get(rows[id_]["kind"], "документ")),
                **registration_facts(rows[id_]["number"] or _NO_NUMBER, rows[id_]["day"]),
            }
            for id_ in ids
        ]

    def registered(self, kind: str) -> Facts | None:
        """Number and day of the latest document of a kind that is in force in this turn, and was
        neither cancelled nor replaced.
        """
        found = self.rows(_REGISTERED, kind=kind)
        return registration_facts(found[0]["number"], found[0]["day"]) if found else None


def _post(row: RowMapping) -> str | None:
    """A post as papers call it."""
    return shown_post(row["post"], row["gender"])
