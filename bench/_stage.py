"""Real servers over a throw-away home, an organisation with its people, and a roadmap without
deadlines: what a measurement needs before its clock starts.
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from temporalio.client import Client

from activities.tasks import Launch, SaveProgress
from adapters.people_files import read_people
from adapters.postgres.enrolling import body_id, person_id
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.migrate import migrate
from domain import ids
from domain.deadlines import NoDeadline
from domain.people import AccessRole, Actor
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from runtime.addresses import inner_settings
from runtime.cast import Cast, holders_of, read_cast
from runtime.embedded import EmbeddedServers
from runtime.home import Home
from runtime.settings import Settings, read_settings
from runtime.shipped import ROADMAPS
from runtime.wiring import Parts, assemble, connect

NAME = "polytech"


class SeenLedger(PostgresLedger):
    """The real ledger; what was saved last is also kept for whoever acts in this process."""

    def __init__(self, below: PostgresLedger) -> None:
        self.__dict__.update(vars(below))
        self.shown: dict[str, SaveProgress] = {}

    def save(self, task: SaveProgress) -> None:
        super().save(task)
        known = self.shown.get(task.state.workflow_id)
        if known is None or known.state.revision <= task.state.revision:
            self.shown[task.state.workflow_id] = task


@dataclass(frozen=True)
class Stage:
    """One organisation over real servers."""

    settings: Settings
    parts: Parts
    cast: Cast
    organisation: str

    @property
    def curator(self) -> Actor:
        holder = self.person(self.cast.accounts[AccessRole.CURATOR])
        return Actor(user_id="bench", role=AccessRole.CURATOR, acts_for=(holder,))

    def person(self, code: str) -> str:
        return person_id(self.organisation, code)

    def roadmap(self, name: str) -> Roadmap:
        """The real one under another name, all rows open: nothing waits for a day."""
        steps = [
            step.changed(deadline=NoDeadline(rule="none"))
            for step in self.parts.roadmaps[NAME].steps
        ]
        return self.parts.roadmaps[NAME].changed(roadmap=name, steps=tuple(steps))

    def launch(self, name: str) -> ProgrammeState:
        """A cycle of its own, as the API would leave it for the workflow."""
        roadmap, now = self.roadmap(name), datetime.now(UTC)
        holders = {
            role: (body_id if roadmap.roles[role].holder == "body" else person_id)(
                self.organisation, code
            )
            for role, code in holders_of(self.cast, roadmap).items()
        }
        zone = self.cast.organisation.time_zone
        cycle_id = ids.new_id()
        launched = Launch(roadmap=roadmap, start=now.date(), time_zone=zone, holders=holders)
        self.parts.desk.keep_launch(cycle_id, self.organisation, launched)
        return ProgrammeState(
            organisation_id=self.organisation,
            cycle_id=cycle_id,
            administrator="bench",
            launched=now,
        )

    async def client(self) -> Client:
        return await connect(self.settings, self.parts.payload_keys)


@contextmanager
def served() -> Iterator[Stage]:
    """A stage over servers of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="nastavnik-bench-") as folder:
        settings = read_settings(home=Path(folder, "home"))
        with Home(settings.home.home, settings.secret) as home, EmbeddedServers(home) as servers:
            addresses = servers.start(say)
            migrate(addresses.database_owner_url)
            yield a_stage(inner_settings(settings, home, addresses))


def a_stage(settings: Settings) -> Stage:
    """The rehearsal's organisation, with all of its people."""
    parts = assemble(settings)
    source = ROADMAPS / "people" / f"{NAME}.xlsx"
    cast, organisation = read_cast(source.with_suffix(".yaml")), ids.new_id()
    parts.desk.add_organisation(organisation, **cast.organisation.model_dump())
    parts.desk.enrol(organisation, read_people(source, datetime.now(UTC).date()))
    seen = replace(parts, ledger=SeenLedger(parts.ledger))
    return Stage(settings=settings, parts=seen, cast=cast, organisation=organisation)


def shown(stage: Stage) -> Mapping[str, SaveProgress]:
    """What was saved last, by workflow, as far as this process's worker did it."""
    ledger = stage.parts.ledger
    assert isinstance(ledger, SeenLedger)
    return ledger.shown


def as_on_a_user_s_machine() -> None:
    """Compiled modules are kept: the sandbox loads the workflows anew for each of them."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def median(values: Sequence[float]) -> float:
    return round(statistics.median(values), 3)


def say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
