"""The rows of a yearly turn that its figures are counted from, read when asked for, once.

No name is read here: people are ids. Ages are those of the turn's first day.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, RowMapping, TextClause, text

from adapters.postgres.access_views import one_of
from adapters.postgres.titles import result_title
from adapters.postgres.work_tables import EVIDENCE
from domain.deadlines import Period
from domain.enrolment import Part
from domain.measures import YOUNG_UNTIL, Ages
from domain.pair_road import COMPLETED
from domain.people import ADULT_AT, NOVICE_YEARS, Form, age_on
from domain.planning import turn_from, turn_of
from domain.roadmap import MonitoringStage, Roadmap

LAUNCH = text(
    "SELECT * FROM programmes WHERE organisation_id = :organisation AND cycle_id = :cycle"
)
_PAIRS = text(
    """
    SELECT r.pair_id, r.mentor_id, r.mentee_id, r.form, r.stage, r.open,
      coalesce(CAST(p.state ->> 'position' AS integer), 0) AS position,
      coalesce(p.state -> 'meetings', '[]') AS meetings,
      p.state ->> 'stopped' = 'true' AS stopped
    FROM pairs r LEFT JOIN processes p ON p.id = 'pair/' || r.pair_id
      LEFT JOIN people m ON m.id = r.mentor_id LEFT JOIN people e ON e.id = r.mentee_id
    WHERE r.organisation_id = :organisation AND r.cycle_id = :cycle AND r.turn = :turn
    ORDER BY m.sort_key, e.sort_key, r.pair_id
    """
)
_PEOPLE = text(
    """
    SELECT id, birth_date, roles, experience_years FROM people
    WHERE organisation_id = :organisation ORDER BY sort_key
    """
)
_DOCUMENTS = text(
    """
    SELECT d.document_id, d.kind, d.day, d.number FROM documents d
    WHERE d.organisation_id = :organisation AND d.cycle_id = :cycle AND d.turn = :turn
      AND d.stage = 'in_force' AND NOT EXISTS (
        SELECT FROM document_links l JOIN documents n ON n.document_id = l.document_id
        WHERE l.changed_id = d.document_id AND l.how <> 'amends' AND n.stage = 'in_force')
    ORDER BY d.day, d.since, d.document_id
    """
)
_PROOFS = text(
    f"""
    SELECT i.step, i.roadmap_n, i.pair_id, r.place, k.id, k.body
    FROM items i, jsonb_array_elements(i.results) WITH ORDINALITY AS r (result, place),
      {EVIDENCE}, kept_texts k
    WHERE i.organisation_id = :organisation AND i.cycle_id = :cycle AND i.turn = :turn
      AND k.id = e.id AND k.organisation_id = :organisation
    ORDER BY k.body ->> 'day', i.step, r.place, k.id
    """  # noqa: S608 - a constant of ours
)
_EVENTS = text(
    """
    SELECT * FROM (
      SELECT DISTINCT ON (e.event_id) e.event_id AS id, i.step, e.title, e.day, e.attendance,
        e.people, e.withdrawn
      FROM events e LEFT JOIN items i ON i.item_id = e.item_id AND i.cycle_id = e.cycle_id
      WHERE e.organisation_id = :organisation AND e.cycle_id = :cycle AND e.turn = :turn
      ORDER BY e.event_id, e.n DESC
    ) AS known WHERE attendance IS NOT NULL AND withdrawn IS NULL ORDER BY day, title, id
    """
)
_PUBLICATIONS = text(
    """
    SELECT * FROM (
      SELECT DISTINCT ON (publication_id) publication_id AS id, what AS title, day, present,
        withdrawn
      FROM publications
      WHERE organisation_id = :organisation AND cycle_id = :cycle AND turn = :turn
      ORDER BY publication_id, n DESC
    ) AS known WHERE present IS NOT FALSE AND withdrawn IS NULL ORDER BY day, title, id
    """
)
_BRANCHES = text(
    """
    SELECT b.below_id, b.n, o.short_name FROM branches b
    JOIN organisations o ON o.organisation_id = b.below_id
    WHERE b.organisation_id = :organisation AND b.cycle_id = :cycle AND b.stage <> 'left'
    ORDER BY b.n
    """
)
_REPORTS = text(
    """
    SELECT r.n, r.figures FROM branch_reports r
    JOIN branches b ON b.cycle_id = r.cycle_id AND b.n = r.n
    CROSS JOIN LATERAL jsonb_extract_path(b.reports, r.demand || '@' || r.turn) AS said
    WHERE r.organisation_id = :organisation AND r.cycle_id = :cycle AND r.turn = :turn
      AND b.stage <> 'left' AND said ->> 'status' = 'accepted'
      AND said ->> 'version' = r.version::text
    ORDER BY r.n, r.recorded_at, r.demand
    """
)


def seasons_of(roadmap: Roadmap, launch: RowMapping) -> dict[int, Period]:
    """The season of each yearly turn of a launched cycle."""
    turns = range(1, launch["turns"] + 1)
    return {turn: turn_of(roadmap, launch["start"], turn) for turn in turns}


def today_in(launch: RowMapping, now: dt.datetime) -> dt.date:
    """The cycle's own day."""
    return now.astimezone(ZoneInfo(launch["time_zone"])).date()


class TurnRows:
    """The rows of one turn. Raises `NotFound` if the organisation has no such cycle."""

    def __init__(
        self, connection: Connection, organisation_id: str, cycle_id: str, turn: int
    ) -> None:
        self._connection = connection
        self._given = {"organisation": organisation_id, "cycle": cycle_id, "turn": turn}
        launch = one_of(connection, LAUNCH, organisation_id, "cycle", cycle=cycle_id)
        self.roadmap = Roadmap.model_validate(launch["roadmap"])
        self._first = turn_from(self.roadmap, launch["start"], turn).start

    def _read(self, query: TextClause) -> list[RowMapping]:
        return list(self._connection.execute(query, self._given).mappings())

    @cached_property
    def pairs(self) -> list[RowMapping]:
        """The turn's pairs, by name of mentor and mentee."""
        return self._read(_PAIRS)

    @cached_property
    def people(self) -> dict[str, RowMapping]:
        """Everybody in the organisation's list, by name."""
        return {row["id"]: row for row in self._read(_PEOPLE)}

    @cached_property
    def documents(self) -> list[RowMapping]:
        """The turn's documents in force, save those that a later one ended; by day."""
        return self._read(_DOCUMENTS)

    @cached_property
    def proofs(self) -> list[RowMapping]:
        """What proved the turn's results, save by documents; by day."""
        return self._read(_PROOFS)

    def result_title(self, proof: RowMapping) -> str:
        """How the result is called that one of `proofs` proved."""
        return result_title(self.roadmap, proof["step"], proof["place"], proof["roadmap_n"])

    @cached_property
    def events(self) -> list[RowMapping]:
        """The events that were held, as they were told of last; by day."""
        return self._read(_EVENTS)

    @cached_property
    def publications(self) -> list[RowMapping]:
        """The publications, save those that somebody looked for in vain; by day."""
        return self._read(_PUBLICATIONS)

    @cached_property
    def branches(self) -> dict[int, RowMapping]:
        """The organisations below that are with this cycle, by the number of their branch."""
        return {row["n"]: row for row in self._read(_BRANCHES)}

    @cached_property
    def reports(self) -> dict[int, dict[str, int]]:
        """The counts in the accepted reports of each branch: a later one wins, count by count."""
        found: dict[int, dict[str, int]] = defaultdict(dict)
        for row in self._read(_REPORTS):
            found[row["n"]] |= {name: n for name, n in row["figures"].items() if isinstance(n, int)}
        return dict(found)

    def is_completed(self, pair: RowMapping) -> bool:
        """Whether its track is done, though rows of the roadmap may still be open."""
        through = pair["position"] == len(self.roadmap.track.stages) and not pair["stopped"]
        return bool(pair["stage"] == COMPLETED or through)

    def monitored(self, which: int) -> Iterable[RowMapping]:
        """Pairs that have gone past the first (0) or the last (-1) monitoring of their track."""
        places = [
            place
            for place, stage in enumerate(self.roadmap.track.stages)
            if isinstance(stage.needs, MonitoringStage)
        ]
        return [one for one in self.pairs if places and one["position"] > places[which]]

    def sides(self, *sides: str, form: Form | None = None) -> tuple[str, ...]:
        """The people on these sides of the turn's pairs (`mentor`, `mentee`), each once."""
        return tuple(
            dict.fromkeys(
                pair[f"{side}_id"]
                for side in sides
                for pair in self.pairs
                if form is None or pair["form"] == form
            )
        )

    @cached_property
    def matched(self) -> frozenset[str]:
        """Whoever is the mentee of a pair of the turn."""
        return frozenset(self.sides("mentee"))

    @cached_property
    def supported(self) -> frozenset[str]:
        """Whoever takes part in any form of support: in a pair, on either side, or in an event."""
        came = {one for event in self.events for one in event["people"]}
        return frozenset((*came, *self.sides("mentor", "mentee")))

    def base(self, part: Part) -> tuple[str, ...]:
        """Whom the list names for this part."""
        return tuple(id_ for id_, person in self.people.items() if part in person["roles"])

    @property
    def young(self) -> tuple[str, ...]:
        """Staff younger than 35."""
        return tuple(one for one in self.base(Part.STAFF) if self._age(one) < YOUNG_UNTIL)

    @property
    def novices(self) -> tuple[str, ...]:
        """Staff of the base of mentees who have worked for three years at most."""
        staff = set(self.base(Part.STAFF))
        years = {one: self.people[one]["experience_years"] for one in self.base(Part.MENTEE)}
        return tuple(
            one for one, n in years.items() if one in staff and n is not None and n <= NOVICE_YEARS
        )

    def minors(self, people: Iterable[str]) -> tuple[str, ...]:
        """Those of them who are younger than 18."""
        return tuple(one for one in self._known(people) if self._age(one) < ADULT_AT)

    def aged(self, people: Iterable[str], ages: Ages) -> tuple[str, ...]:
        """Those of them who are of the age group."""
        known = self._known(people)
        return tuple(one for one in known if Ages.of(self._born(one), self._first) is ages)

    def _known(self, people: Iterable[str]) -> Iterable[str]:
        return (one for one in people if one in self.people)

    def _age(self, person_id: str) -> int:
        return age_on(self._born(person_id), self._first)

    def _born(self, person_id: str) -> dt.date:
        born: dt.date = self.people[person_id]["birth_date"]
        return born
