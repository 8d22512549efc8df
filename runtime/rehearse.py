"""Sets a rehearsal up, has it played, and looks at what is left of it."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from adapters.docx.renderer import DocxRenderer
from adapters.postgres.watch import CycleTotals
from domain import ids
from domain.base import Value
from domain.people import AccessRole
from domain.planning import period_of
from domain.roadmap import Roadmap
from runtime.bundle import write_bundle
from runtime.bundle_check import check_bundle
from runtime.cast import (
    Cast,
    holders_of,
    needs_a_sitting,
    pair_requests,
    people_for,
    read_cast,
    unknown_of,
)
from runtime.checks import check_all
from runtime.clock import RehearsalClock
from runtime.embedded import Progress
from runtime.export import bundle_of
from runtime.home import Home, write_whole
from runtime.places import NotARehearsal, external_addresses, make_places
from runtime.rehearsal import (
    Driver,
    RehearsalRecord,
    people_at,
    read_record,
    read_tokens,
)
from runtime.rehearsed import Office, Person
from runtime.rehearsed_keys import KeyRing
from runtime.service import Service, Serving, free_port
from runtime.settings import HomeSettings, MetricsSettings, Settings, WebSettings, WrongCall
from runtime.settings_parts import SigningSettings
from runtime.times import Times
from runtime.wiring import ROADMAPS, TEMPLATES, Parts, assemble, library

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RECORD: Final = "rehearsal.json"


class Summary(Value):
    """What a rehearsal came to."""

    ok: bool
    roadmap: str
    cycle: str
    organisations: int
    rows_total: int
    rows_done: int
    steps_total: int
    steps_done: int
    pairs: int
    documents: int
    kinds: int
    returned: int
    approvals: int
    sittings: int
    registered: int
    signatures: int
    sealed: int
    reminders: int
    escalations: int
    audit_events: int
    verified: int
    bundle: str
    problems: tuple[str, ...]
    seconds: float = 0.0
    times: dict[str, float] = {}
    """Of these seconds, how many went on what (`Times`)."""


@dataclass(frozen=True)
class _Script:
    """What is played: all of it known before anything is started."""

    roadmap: Roadmap
    cast: Cast
    people: Path
    pairs: int
    turns: int


def rehearse(
    settings: Settings, name: str, pairs: int, home: Path, say: Progress, *, turns: int = 1
) -> Summary:
    """Play a whole cycle of the roadmap in `home`; where the settings name servers, in places of
    its own on those. Raises `WrongCall` or `ServerFailed`.
    """
    began = time.monotonic()
    times = Times()
    script = _read_script(name, pairs, turns, settings.home.roadmaps)
    if settings.names_servers():
        external_addresses(settings)  # all or none, before anything is made
    own = replace(
        settings,
        home=HomeSettings(home=home, rehearsal=True, roadmaps=settings.home.roadmaps),
        web=WebSettings(host="127.0.0.1", port=free_port()),
        metrics=MetricsSettings(port=None),  # that port is for the real service
    )
    with Home(home, own.secret) as held:
        with times.on("servers"):
            _make_a_rehearsal(held, own, name, say)
            ring = _key_ring(held)
            ring.prepare()
            own = replace(own, signing=SigningSettings(authorities=ring.trusted))
        with Service(own, held) as service:
            with times.on("servers"):
                serving = service.start(say)
                parts = assemble(serving.settings)
            with RehearsalClock(serving.settings, parts) as clock:
                prepared = _Preparation(held, serving, parts, clock, script)
                office = _play(service, parts, clock, prepared, times, say)
            say("Цикл закрыт. Собираю свидетельства и проверяю…")
            found = _summary(serving, parts, office, held, times)
            prepared.finish()
            with times.on("stop"):
                service.stop()
    say(times.table())
    return found.changed(times=times.rounded(), seconds=round(time.monotonic() - began, 1))


def _read_script(name: str, pairs: int, turns: int, own: Path | None) -> _Script:
    """The roadmap of the library, with the people who stand beside it."""
    roadmaps = library(DocxRenderer(TEMPLATES), own)
    if name not in roadmaps:
        known = ", ".join(sorted(roadmaps))
        raise WrongCall(f"Нет дорожной карты «{name}». Есть: {known}.")
    beside = [folder / "people" / f"{name}.yaml" for folder in (own, ROADMAPS) if folder]
    file = next((path for path in beside if path.exists()), beside[0])
    cast = read_cast(file)
    if strange := unknown_of(cast, roadmaps[name]):
        raise WrongCall(f"{file.name}: нет в дорожной карте: {', '.join(strange)}.")
    pair_requests(cast, roadmaps[name], pairs)
    return _Script(roadmaps[name], cast, file.with_name(cast.people), pairs, turns)


def _make_a_rehearsal(home: Home, settings: Settings, roadmap: str, say: Progress) -> None:
    """Before the first byte of data, so that a start that was cut short is known as ours too."""
    # A service over external servers leaves no data here, but its logs.
    used = home.has_data or any(home.log.iterdir())
    if used and not home.is_rehearsal:
        raise NotARehearsal(
            f"В каталоге {home.path} настоящие документы; репетиции нужен свой: --home КАТАЛОГ."
        )
    home.mark_as_rehearsal()
    if settings.names_servers():
        begun = (home.path / _RECORD).exists()
        make_places(settings, home, roadmap, say, begun=begun)


def _key_ring(home: Home) -> KeyRing:
    return KeyRing(trusted=home.path / "authorities", keys=home.key_folder)


def _play(
    service: Service,
    parts: Parts,
    clock: RehearsalClock,
    prepared: "_Preparation",
    times: Times,
    say: Progress,
) -> Office:
    with times.on("people"):
        record, office = prepared.ready(say)
    Driver(
        service=service,
        office=office,
        clock=clock,
        watch=parts.watch,
        record=record,
        roadmap=prepared.script.roadmap,
        cast=prepared.script.cast,
        progress=say,
        remember=prepared.remember,
        times=times,
    ).play()
    return office


class _Preparation:
    """The organisation, its people and accounts, and the launched cycle; each made once."""

    def __init__(
        self, home: Home, serving: Serving, parts: Parts, clock: RehearsalClock, script: _Script
    ) -> None:
        self._home, self._serving, self._parts, self._clock = home, serving, parts, clock
        self.script = script
        self._organisation = ids.derived_id("rehearsal", script.roadmap.roadmap)
        self._tokens_path = home.key_folder / "rehearsal-tokens.json"
        self._keys = _key_ring(home)

    def ready(self, say: Progress) -> tuple[RehearsalRecord, Office]:
        """Everything before the first act."""
        record = self._record(say)
        start = datetime.combine(record.start, datetime.min.time(), UTC)
        self._clock.move_to(start, ())
        self._parts.desk.add_organisation(
            self._organisation, **self.script.cast.organisation.model_dump()
        )
        people, director = self._people(record)
        say(f"Люди: {self.script.people.name}, цикл с {record.start:%d.%m.%Y}, пар: {record.pairs}")
        launched = people[AccessRole.ADMINISTRATOR].post(
            "/cycles",
            f"launch/{record.number}",
            {
                "roadmap": self.script.roadmap.roadmap,
                "start": record.start.isoformat(),
                "holders": dict(holders_of(self.script.cast, self.script.roadmap)),
                "turns": record.turns,
            },
        )
        record = record.changed(cycle_id=launched["cycle_id"])
        self.remember(record)
        office = Office(
            people=people,
            cycle_id=launched["cycle_id"],
            pairs=record.pairs,
            director_id=director,
            keys=self._keys,
            plot=self.script.cast.plot,
            roadmap=self.script.roadmap,
        )
        return record, office

    def remember(self, record: RehearsalRecord) -> None:
        """Keep what a second start must know."""
        write_whole(self._home.path / _RECORD, record.model_dump_json())

    def finish(self) -> None:
        """From now on a start begins a new cycle."""
        record = read_record(self._home.path / _RECORD)
        if record is not None:
            self.remember(record.changed(finished=True))

    def _record(self, say: Progress) -> RehearsalRecord:
        known = read_record(self._home.path / _RECORD)
        if known is not None and known.roadmap != self.script.roadmap.roadmap:
            raise WrongCall(f"В этом каталоге репетируют «{known.roadmap}».")
        if known is not None and not known.finished:
            say("Незаконченная репетиция: продолжаю с того места, где она остановилась.")
            return known
        record = RehearsalRecord(
            number=known.number + 1 if known else 1,
            roadmap=self.script.roadmap.roadmap,
            pairs=self.script.pairs,
            turns=self.script.turns,
            start=self._next_start(),
        )
        self.remember(record)
        return record

    def _next_start(self) -> date:
        today = self._clock.today()
        starts = (period_of(self.script.roadmap, today.year + ahead).start for ahead in range(3))
        return next(start for start in starts if start >= today)

    def _people(self, record: RehearsalRecord) -> tuple[dict[str, Person], str]:
        """Everybody with an account, and the director's id."""
        self._account(AccessRole.ADMINISTRATOR, None)
        self._account(AccessRole.AUDITOR, None)
        administrator = people_at(self._serving.url, self._tokens())[AccessRole.ADMINISTRATOR]
        people = people_for(self.script.people, self.script.cast, record.start)
        key = f"people/{sha256(people).hexdigest()}"
        administrator.upload("/people/import", key, people, XLSX)
        codes = {one["code"]: one["id"] for one in administrator.get("/people")["people"]}
        for role, code in self.script.cast.accounts.items():
            self._account(role, codes[code])
        for code, role in self.script.cast.colleagues.items():
            self._account(role, codes[code], code)
        self._tell_of_bodies(administrator)
        director = codes[self.script.cast.accounts[AccessRole.DIRECTOR]]
        return people_at(self._serving.url, self._tokens()), director

    def _tell_of_bodies(self, administrator: Person) -> None:
        for body in administrator.get("/bodies")["bodies"]:
            known = self.script.cast.bodies.get(body["code"])
            if known is not None:
                path = f"/bodies/{body['id']}/settings"
                administrator.post(path, path, known.model_dump())

    def _account(self, role: AccessRole, person_id: str | None, name: str | None = None) -> None:
        tokens = self._tokens()
        known = name or role
        if known not in tokens:
            tokens[known] = self._parts.desk.add_user(self._organisation, role, person_id)
            write_whole(self._tokens_path, json.dumps(tokens))

    def _tokens(self) -> dict[str, str]:
        return read_tokens(self._tokens_path)


def _summary(serving: Serving, parts: Parts, office: Office, home: Home, times: Times) -> Summary:
    cycle, name = office.cycle_id, office.roadmap.roadmap
    folder = home.path / "bundles"
    folder.mkdir(exist_ok=True)
    bundle = folder / f"{name}-{cycle}.zip"
    with times.on("export"):
        write_bundle(bundle, bundle_of(parts, "cycle", cycle))
        organisation = parts.archive.exported("cycle", cycle).organisation_id
        checked = check_bundle(bundle, parts.log.checkpoint(organisation).key)
    with times.on("check"):
        report = check_all(serving.settings, parts)
    totals = parts.watch.totals(cycle)
    auditor = office.people[AccessRole.AUDITOR]
    notices = auditor.get(f"/cycles/{cycle}/notices")["notices"]
    problems = [
        *checked.problems,
        *(fault for one in report.invariants for fault in one.problems),
        *_shortfalls(totals, notices, office),
    ]
    return Summary(
        ok=not problems,
        roadmap=name,
        cycle=cycle,
        organisations=1,
        **totals.model_dump(exclude={"pairs_completed"}),
        reminders=sum(notice["kind"] == "reminder" for notice in notices),
        escalations=sum(notice["kind"] == "escalation" for notice in notices),
        verified=checked.signed_files,
        bundle=str(bundle),
        problems=tuple(problems),
    )


def _shortfalls(
    totals: CycleTotals, notices: list[Mapping[str, Any]], office: Office
) -> Iterator[str]:
    """What a whole cycle must have come to, and did not."""
    if totals.steps_done != totals.steps_total:
        yield f"строк выполнено {totals.steps_done} из {totals.steps_total}"
    if totals.pairs_completed != totals.pairs:
        yield f"пар завершено {totals.pairs_completed} из {totals.pairs}"
    if totals.sealed != totals.documents:
        yield f"документов заложено на хранение {totals.sealed} из {totals.documents}"
    if totals.sittings == 0 and needs_a_sitting(office.roadmap):
        yield "ни один документ не рассмотрен на заседании"
    if not 0 < totals.signatures < totals.sealed:
        yield f"электронной подписью подписано {totals.signatures} из {totals.sealed}"
    if totals.returned == 0:
        yield "ни один документ не возвращён на доработку"
    late = f"/{office.plot.forgotten}"
    seen = {notice["kind"] for notice in notices if late in notice["task_id"]}
    for kind in ("reminder", "escalation"):
        if kind not in seen:
            yield f"о пропущенном сроке не пришло: {kind}"
