"""Temporal's data is lost in mid-flow: every process goes on from its row, on the real servers."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from temporalio.client import Client

from adapters.postgres.migrate import migrate
from domain import ids
from domain.documents import DocumentState
from domain.messages import DocumentSettled
from domain.pair import PairState
from runtime.addresses import inner_settings
from runtime.backup import copy_sqlite
from runtime.checks import check_all
from runtime.embedded import EmbeddedServers
from runtime.home import Home
from runtime.recover import Recovered, Recovery
from runtime.settings import Settings, read_settings
from runtime.wiring import assemble, connect
from runtime.worker import make_worker
from tests.e2e.kept_school import CONSENTS, PLANS, Clerks, Document, School, stopped
from tests.e2e.servers import silent

PAIRS = 200
ACTS = 25
"""Of people, before the power fails."""
UNSAVED, AT_ORDER = 6, 5
"""Of the pairs of the first cycle: never saved, waiting for the order."""
TO_THE_END = 12
"""Pairs of the second cycle that go on to their end."""

_PROCESSES = text(
    """
    SELECT p.id, p.kind, p.stage, p.revision, p.at_work, p.to_tell, p.state,
      p.kind = 'document' AND q.stage = 'stopped' AS withdrawing
    FROM processes p LEFT JOIN processes q ON q.id = p.parent
    """
)
_EVENTS = text(
    "SELECT subject, count(*) AS found, count(DISTINCT n) AS distinct, max(n) AS last "
    "FROM audit_entries WHERE subject ~ '^(cycle|pair|document)/' GROUP BY subject"
)


@dataclass
class Kept:
    """Servers over a home, and the school in it."""

    home: Home
    servers: EmbeddedServers
    settings: Settings
    school: School
    engine: Engine

    def rows(self) -> dict[str, Mapping[str, Any]]:
        with self.engine.connect() as connection:
            return {row["id"]: dict(row) for row in connection.execute(_PROCESSES).mappings()}

    def events(self) -> list[Mapping[str, Any]]:
        """How many each process has in the log."""
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(_EVENTS).mappings()]

    def ask(self, query: str) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(query)).all())

    def copy_of_temporal(self) -> Path:
        copy = self.home.path / "older.db"
        copy_sqlite(self.servers._temporal.file, copy)
        return copy

    def kill_temporal(self) -> None:
        child = self.servers._temporal.child
        assert child
        child.kill()

    def renew_temporal(self, instead: Path | None) -> None:
        """The killed server's file is gone, or an older one; a new server comes up."""
        file = self.servers._temporal.file
        for part in file.parent.glob(f"{file.name}*"):
            part.unlink()
        if instead is not None:
            shutil.copyfile(instead, file)
        self.servers.revive(silent)

    async def client(self) -> Client:
        return await connect(self.settings, self.school.parts.payload_keys)

    async def recover(self) -> Recovered:
        queue, rows = self.settings.temporal.task_queue, self.school.parts.recovery
        return await Recovery(await self.client(), queue, rows, silent).run()

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[Clerks]:
        """A worker, and people who act, for as long as Temporal lives."""
        client, school = await self.client(), self.school
        people = Clerks(client, school)
        async with make_worker(client, school.parts, self.settings.temporal.task_queue):
            yield people

    async def quiet(self, seconds: float = 300) -> None:
        """Until nothing is at work any more."""
        watch = self.school.parts.watch
        busy: tuple[str, ...] = ()
        try:
            async with asyncio.timeout(seconds):
                while busy := tuple(await asyncio.to_thread(watch.at_work)):  # noqa: ASYNC110
                    await asyncio.sleep(0.2)  # what is waited for lies in a database
        except TimeoutError:
            rows = self.rows()
            stuck = [(id_, rows[id_]["stage"], rows[id_]["revision"]) for id_ in busy]
            raise AssertionError(f"still at work: {stuck[:20]}") from None


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    settings = read_settings(home=tmp_path / "home")
    with Home(tmp_path / "home") as home, EmbeddedServers(home) as servers:
        addresses = servers.start(silent)
        inner = inner_settings(settings, home, addresses)
        migrate(addresses.database_owner_url)
        parts = assemble(inner)
        engine = parts.engine
        yield Kept(home, servers, inner, School.make(parts, PAIRS), engine)
        engine.dispose()


def ways() -> list[tuple[Document, ...]]:
    """How far the papers of each pair have come: of two consents, or of a plan."""
    return [
        *((one, CONSENTS[n - len(CONSENTS) // 2]) for n, one in enumerate(CONSENTS)),
        *((far,) for far in (*PLANS, *PLANS)),
        *((plan_in_force,) for _ in range(AT_ORDER)),
    ]


def first_cycle(school: School, ways: Sequence[tuple[Document, ...]]) -> None:
    """Pairs before their order; some never saved themselves, one is stopped."""
    cycle = school.cycle("first", "consents", "plan", "order", "meetings", "final")
    cycle = school.with_pairs(cycle, UNSAVED + len(ways))
    told: list[PairState] = []
    for n, far in enumerate(ways, UNSAVED):
        pair = school.begun(school.pair(cycle, n, consented=len(far) == 1), *far)
        if far == (PLANS[2],) and not any(one.stopped for one in told):
            pair = stopped(school, pair)
        school.save(pair)  # what it has to tell is owed
        if n % 2 or pair.stopped:
            pair = pair.reported(pair.stage_name)
            school.save(pair)
            # The cycle has not saved what the others said.
            told += [pair] if n % 4 == 1 or pair.stopped else []
    school.save(school.reported(cycle, told))


def plan_in_force(school: School, document: DocumentState) -> DocumentState | None:
    """The pair knows it too."""
    return in_force.told() if (in_force := PLANS[-1](school, document)) else None


def second_cycle(school: School, pairs: int) -> None:
    """Pairs after their order: some do not know it yet, some meet, some are at their end."""
    cycle = school.with_pairs(
        school.cycle("second", "consents", "order", "meetings", "final"), pairs
    )
    states = [school.pair(cycle, n, consented=True) for n in range(pairs)]
    cycle = school.reported(cycle, states)
    (paper,) = cycle.papers()
    order = school.sealed(school.order(cycle.document(paper, school.now()))).told()
    school.save(order)
    settled = DocumentSettled(document_id=order.document_id, in_force=True)
    cycle = cycle.document_started(paper).document_settled(settled, school.now())
    school.save(cycle)
    for n, pair in enumerate(states):
        told = pair.reported(pair.stage_name)
        school.save(school.ordered(told, order.document_id) if n % 3 else told)


@pytest.mark.timeout(900)
def test_two_hundred_pairs_come_back_where_they_stood_and_go_on(kept: Kept) -> None:
    asyncio.run(_two_hundred(kept))


async def _two_hundred(kept: Kept) -> None:
    first_cycle(kept.school, ways())
    second_cycle(kept.school, PAIRS - kept.school.pairs_made)
    seeded = kept.rows()
    assert sum(row["kind"] == "pair" for row in seeded.values()) == PAIRS
    found = await kept.recover()
    assert (found.ok, found.restarted, found.intact, found.ended) == (True, 0, 0, 0), found
    assert kept.rows() == seeded
    again = await kept.recover()
    assert (again.started, again.restarted, again.intact) == (0, 0, found.started), again

    async with kept.worker() as people:
        await kept.quiet()
        people.idles = lambda subject: subject.startswith("pair/")
        await people.work_until(lambda: people.acts.total() >= ACTS)
        kept.kill_temporal()  # in mid-flow
    kept.renew_temporal(None)
    before = kept.rows()
    found = await kept.recover()
    assert (found.ok, found.restarted, found.intact, found.ended) == (True, 0, 0, 0), found
    assert kept.rows() == before

    async with kept.worker() as people:
        await kept.quiet()
        await stand_where_they_stood(kept, before)
        await go_on(kept, people)
    await all_agrees(kept)


def test_a_temporal_older_than_the_rows_is_brought_up_to_them(kept: Kept) -> None:
    asyncio.run(_older(kept))


async def _older(kept: Kept) -> None:
    first_cycle(kept.school, ways()[::3])
    assert (await kept.recover()).ok
    async with kept.worker() as people:
        await kept.quiet()
        older = kept.copy_of_temporal()
        await people.work_until(lambda: people.acts.total() >= ACTS)
        await kept.quiet()
        kept.kill_temporal()
    kept.renew_temporal(older)
    before = kept.rows()
    found = await kept.recover()
    assert found.ok, found
    assert found.restarted > 0  # acted upon since
    assert found.ended > 0  # finished since
    again = await kept.recover()
    assert (again.started, again.restarted, again.ended) == (0, 0, 0), again
    async with kept.worker():
        await kept.quiet()
        assert {id_: row["stage"] for id_, row in kept.rows().items()} == {
            id_: row["stage"] for id_, row in before.items()
        }
    await all_agrees(kept)


async def stand_where_they_stood(kept: Kept, before: Mapping[str, Mapping[str, Any]]) -> None:
    """Nobody has acted: what rested is as it was, the rest has done its own moves only."""
    after = kept.rows()
    assert all(after[id_]["revision"] >= row["revision"] for id_, row in before.items())
    moving = {row["state"]["parent"] for row in before.values() if row["state"] and moves(row)}
    for id_, row in before.items():
        if row["kind"] != "cycle" and id_ not in moving and not moves(row):
            assert after[id_]["stage"] == row["stage"], id_


def moves(row: Mapping[str, Any]) -> bool:
    """Whether it has something to do by itself, or hears from its owner."""
    waits = row["kind"] == "pair" and row["stage"] == "order"  # the order is in force
    return bool(row["at_work"] or waits or row["to_tell"] or row["withdrawing"])


async def go_on(kept: Kept, people: Clerks) -> None:
    """The pairs of the first cycle come through to their order, some of the second to their end."""
    shown = kept.school.ledger.shown
    pairs = [one.state for one in shown.values() if isinstance(one.state, PairState)]
    second = [one for one in pairs if one.cycle_id == ids.derived_id("cycle", "second")]
    carried = {pair.workflow_id for pair in second[:TO_THE_END]}
    first = {pair.workflow_id for pair in pairs} - {pair.workflow_id for pair in second}
    people.idles = lambda subject: subject.startswith("pair/") and subject not in carried

    def done() -> bool:
        ends = {shown[id_].state.stage_name for id_ in carried}
        stages = {shown[id_].state.stage_name for id_ in first}
        return ends == {"completed"} and stages <= {"meetings", "stopped"}

    await people.work_until(done, seconds=400)
    await kept.quiet()


async def all_agrees(kept: Kept) -> None:
    """Rows, log, Temporal and files; no number given twice, no event lost or doubled."""
    report = await asyncio.to_thread(check_all, kept.settings, kept.school.parts)
    assert report.ok, [one.problems for one in report.invariants]
    for row in kept.events():
        assert row["found"] == row["distinct"] == row["last"], row
    numbers = [n for (n,) in kept.ask("SELECT number FROM documents WHERE number IS NOT NULL")]
    assert len(set(numbers)) == len(numbers) > 2
