"""Before the first act of a rehearsal: the organisations, their people, the launched cycles."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Final

from domain import ids
from domain.organisations import Level
from domain.people import AccessRole
from domain.planning import period_of
from domain.roadmap import Roadmap
from runtime.cast import Invited, holders_of, people_for
from runtime.clock import RehearsalClock
from runtime.embedded import Progress
from runtime.home import Home, write_whole
from runtime.rehearsal import RehearsalRecord, read_record, read_tokens
from runtime.rehearsal_script import Script, Size, numbered
from runtime.rehearsed import Office
from runtime.rehearsed_keys import KeyRing
from runtime.rehearsed_person import Person, people_at
from runtime.rehearsed_reports import XLSX
from runtime.settings import WrongCall
from runtime.wiring import Parts

RECORD: Final = "rehearsal.json"


class Preparation:
    """Organisations, people, accounts and launched cycles; each made once, however often it is
    prepared.
    """

    def __init__(
        self,
        home: Home,
        url: str,
        parts: Parts,
        clock: RehearsalClock,
        read: Callable[[Size], Script],
        size: Size,
    ) -> None:
        self._home, self._url, self._parts, self._clock = home, url, parts, clock
        self._read, self._script = read, read(size)
        self._size = size
        self._tokens_path = home.key_folder / "rehearsal-tokens.json"
        self._keys = key_ring(home)

    def ready(self, say: Progress) -> tuple[RehearsalRecord, tuple[Office, ...]]:
        """Everything before the first act; the office on top comes first."""
        record = self._record(say)
        start = datetime.combine(record.start, datetime.min.time(), UTC)
        self._clock.move_to(start, ())
        top = ids.derived_id("rehearsal", self._script.roadmap.roadmap)
        self._parts.desk.add_organisation(top, **self._script.cast.organisation.model_dump())
        level = Level(self._script.roadmap.level)
        if level is not Level.ORGANISATION:
            self._parts.desk.place(top, level, None)
        say(f"Люди: {self._script.people.name}, цикл с {record.start:%d.%m.%Y}, {self._scope()}")
        people, director = self._people(self._script, top, record)
        launched = people[AccessRole.ADMINISTRATOR].post(
            "/cycles",
            f"launch/{record.number}",
            {
                "roadmap": self._script.roadmap.roadmap,
                "start": record.start.isoformat(),
                "holders": dict(holders_of(self._script.cast, self._script.roadmap)),
                "turns": self._script.turns,
            },
        )
        record = record.changed(cycle_id=launched["cycle_id"])
        self.remember(record)
        office = Office(
            script=self._script,
            people=people,
            organisation_id=top,
            cycle_id=launched["cycle_id"],
            director_id=director,
            keys=self._keys,
        )
        return record, (office, *self._below(office, record))

    def _scope(self) -> str:
        """How much is played, in words."""
        played = tuple(self._script.all())
        pairs = f"пар: {sum(one.pairs for one in played)}"
        return f"организаций: {len(played)}, {pairs}" if len(played) > 1 else pairs

    def remember(self, record: RehearsalRecord) -> None:
        """Keep what a second start must know."""
        write_whole(self._home.path / RECORD, record.model_dump_json())

    def finish(self) -> None:
        """From now on a start begins a new cycle."""
        record = read_record(self._home.path / RECORD)
        if record is not None:
            self.remember(record.changed(finished=True))

    def _record(self, say: Progress) -> RehearsalRecord:
        known = read_record(self._home.path / RECORD)
        name = self._script.roadmap.roadmap
        if known is not None and known.roadmap != name:
            raise WrongCall(f"В этом каталоге репетируют «{known.roadmap}».")
        if known is not None and not known.finished:
            say("Незаконченная репетиция: продолжаю с того места, где она остановилась.")
            self._script = self._read(known.size)
            return known
        record = RehearsalRecord(
            number=known.number + 1 if known else 1,
            roadmap=name,
            size=self._size,
            start=next_start(self._script.roadmap, self._clock.today()),
        )
        self.remember(record)
        return record

    # Organisations below

    def _below(self, upper: Office, record: RehearsalRecord) -> Iterator[Office]:
        """They are taken in and invited by the one above; each launches its cycle itself."""
        if not upper.script.invited:
            return
        administrator = upper.people[AccessRole.ADMINISTRATOR]
        taken_in = {
            place: self._taken_in(administrator, upper, place, one)
            for n, one in enumerate(upper.script.invited, start=1)
            for place in (numbered(upper.script.place, n),)
        }
        path = f"/cycles/{upper.cycle_id}/branches"
        administrator.post(path, path, {"ids": list(taken_in.values())})
        for script in upper.script.below:
            office = self._joined(upper, script, taken_in[script.place], record)
            yield office
            yield from self._below(office, record)

    def _taken_in(self, administrator: Person, upper: Office, place: str, one: Invited) -> str:
        below = upper.script.below_roadmap
        said = one.model_dump(mode="json", exclude={"below"})
        level = below.level if below else Level.ORGANISATION
        body = {**said, "code": f"R-{place}", "level": level}
        answer = administrator.post("/organisations/below", f"organisation/{place}", body)
        return str(answer["organisation_id"])

    def _joined(
        self, upper: Office, script: Script, organisation: str, record: RehearsalRecord
    ) -> Office:
        people, director = self._people(script, organisation, record)
        administrator = people[AccessRole.ADMINISTRATOR]
        invitations = administrator.get("/invitations")["invitations"]
        n = next(one["n"] for one in invitations if one["cycle_id"] == upper.cycle_id)
        path = f"/invitations/{upper.cycle_id}/{n}/launch"
        said = {
            "start": next_start(script.roadmap, record.start).isoformat(),
            "holders": dict(holders_of(script.cast, script.roadmap)),
            "turns": script.turns,
        }
        launched = administrator.post(path, path, said)
        return Office(
            script=script,
            people=people,
            organisation_id=organisation,
            cycle_id=launched["cycle_id"],
            director_id=director,
            keys=self._keys,
        )

    # People and accounts

    def _people(
        self, script: Script, organisation: str, record: RehearsalRecord
    ) -> tuple[dict[str, Person], str]:
        """Everybody with an account in an organisation, and the director's id."""
        tokens = read_tokens(self._tokens_path)
        known = {name: tokens[key] for name, key in _named(script, tokens)}

        def account(role: AccessRole, person: str | None, name: str | None = None) -> None:
            name = name or role
            if name not in known:
                known[name] = self._parts.desk.add_user(organisation, role, person)

        account(AccessRole.ADMINISTRATOR, None)
        account(AccessRole.AUDITOR, None)
        administrator = people_at(self._url, known)[AccessRole.ADMINISTRATOR]
        codes = self._import(script, administrator, record.start)
        for role, code in script.cast.accounts.items():
            account(role, codes[code])
        for code, role in script.cast.colleagues.items():
            account(role, codes[code], code)
        kept = {**tokens, **{_key(script, name): token for name, token in known.items()}}
        write_whole(self._tokens_path, json.dumps(kept))
        return people_at(self._url, known), codes[script.cast.accounts[AccessRole.DIRECTOR]]

    def _import(self, script: Script, administrator: Person, start: date) -> dict[str, str]:
        """The list of people taken in, and what is said of bodies; ids by codes."""
        people = people_for(script.people, script.cast, start)
        key = f"people/{sha256(people).hexdigest()}"
        administrator.upload("/people/import", key, people, XLSX)
        for body in administrator.get("/bodies")["bodies"] if script.cast.bodies else ():
            known = script.cast.bodies.get(body["code"])
            if known is not None:
                path = f"/bodies/{body['id']}/settings"
                administrator.post(path, path, known.model_dump())
        return {one["code"]: one["id"] for one in administrator.get("/people")["people"]}


def key_ring(home: Home) -> KeyRing:
    """The keys of a rehearsal in this home."""
    return KeyRing(trusted=home.path / "authorities", keys=home.key_folder)


def next_start(roadmap: Roadmap, day: date) -> date:
    """The first start of a season that is not before `day`."""
    starts = (period_of(roadmap, day.year + ahead).start for ahead in range(3))
    return next(start for start in starts if start >= day)


def _key(script: Script, name: str) -> str:
    """Where a token is kept; those on top go by the name alone."""
    return f"{script.place}/{name}" if script.place else name


def _named(script: Script, tokens: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The names of those of this organisation that have tokens, with the keys of these."""
    for key in tokens:
        place, _, name = key.rpartition("/")
        if place == script.place:
            yield name, key
