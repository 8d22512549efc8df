"""`check --all`: compares rows, log, Temporal and objects, and names what does not agree."""

import asyncio
from collections.abc import Container, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.sweeping import BegunObject
from adapters.postgres.archive import KnownObject, ProcessLine
from domain.base import Value
from domain.errors import NotFound
from runtime.settings import Settings
from runtime.wiring import Parts, connect

SHOWN = 20
"""Faults of one invariant that are listed; the rest are counted."""
YOUNG = timedelta(hours=1)
"""An object may be without a row so long: its put came before its row, or is swept by then."""
AT_ONCE = 20


class Invariant(Value):
    """Whether it holds, how much was looked at, and what is wrong."""

    id: str
    title: str
    ok: bool
    checked: int
    problems: tuple[str, ...]
    notices: tuple[str, ...] = ()
    """What is as it must be, and worth knowing."""


class Report(Value):
    """All invariants together."""

    ok: bool
    invariants: tuple[Invariant, ...]


def check_all(settings: Settings, parts: Parts) -> Report:
    """Look at I1–I5 and I8. Reads only, while the service runs or over servers alone."""
    archive = parts.archive
    journals = list(archive.journal_faults())
    processes = archive.processes()
    begun = parts.ledger.begun_objects()  # before the rows: what is recorded now is in one of them
    objects = archive.objects()
    unnamed = _unnamed(parts, {one.key for one in objects})
    invariants = (
        _invariant("I1", "номера журналов без пропусков и повторов", journals, 1),
        _invariant(
            "I2", "каждое событие записано ровно один раз", archive.event_faults(), len(processes)
        ),
        _invariant(
            "I3",
            "каждый открытый процесс на одном этапе, одинаковом в базе и в Temporal",
            [*archive.stage_faults(), *asyncio.run(_strayed(settings, parts, processes))],
            sum(not process.finished for process in processes),
        ),
        _invariant(
            "I4",
            "у каждой записи есть файл с её хешем",
            [*_objects(parts, objects), *orphans(unnamed, begun)],
            len(objects),
        ).changed(notices=tuple(locked_orphans(unnamed, begun))),
        _log(parts),
        _rows(parts),
    )
    return Report(ok=all(one.ok for one in invariants), invariants=invariants)


def _invariant(id_: str, title: str, faults: Iterable[str], checked: int) -> Invariant:
    found = list(faults)
    shown = found[:SHOWN]
    if len(found) > SHOWN:
        shown.append(f"и ещё {len(found) - SHOWN}")
    return Invariant(id=id_, title=title, ok=not found, checked=checked, problems=tuple(shown))


def _log(parts: Parts) -> Invariant:
    faults: list[str] = []
    entries = 0
    for organisation in parts.watch.organisations():
        size, found = parts.log.faults(organisation)
        faults += [f"{organisation}: {fault}" for fault in found]
        entries += size
    return _invariant("I5", "журнал событий цел и продолжает все прежние отметки", faults, entries)


def _rows(parts: Parts) -> Invariant:
    looked, faults = parts.archive.check_rows()
    return _invariant("I8", "строки те, что записала служба", faults, looked)


def _objects(parts: Parts, known: Iterable[KnownObject]) -> Iterator[str]:
    """Rows without the right object."""
    for subject in parts.archive.documents_without_object():
        yield f"{subject}: объект не записан"
    for key in parts.archive.keys_without_act():
        yield f"{key}: ключ уничтожен не по акту или пережил свой акт"
    rows = {one.key: one for one in known}
    for one in rows.values():
        try:
            found = parts.files.stored_hash(one.key)
        except NotFound:
            yield f"{one.key}: файла нет (document/{one.document_id})"
            continue
        if found != one.stored_sha256:
            yield f"{one.key}: файл изменён (document/{one.document_id})"


def _unnamed(parts: Parts, named: Container[str]) -> tuple[str, ...]:
    """Objects older than an hour that no row names."""
    oldest = datetime.now(UTC) - YOUNG
    return tuple(
        key
        for key in parts.files.keys("")
        if key not in named and parts.files.stored_at(key) < oldest
    )


def orphans(unnamed: Iterable[str], begun: Iterable[BegunObject]) -> Iterator[str]:
    """All that nobody is about to name, save what the store's own lock holds."""
    oldest = datetime.now(UTC) - YOUNG
    expected = {one.key for one in begun if one.state == "begun" and one.begun_at > oldest}
    locked = {one.key for one in begun if one.state == "kept"}
    for key in unnamed:
        if key not in expected | locked:
            yield f"{key}: файл без записи"


def locked_orphans(unnamed: Iterable[str], begun: Iterable[BegunObject]) -> Iterator[str]:
    locked = {one.key for one in begun if one.state == "kept"}
    for key in unnamed:
        if key in locked:
            yield f"{key}: файл без записи, заперт хранилищем до конца срока; вреда от него нет"


async def _strayed(settings: Settings, parts: Parts, processes: Iterable[ProcessLine]) -> list[str]:
    """Open processes of which Temporal says something else. Closed ones may have left Temporal."""
    client = await connect(settings, parts.payload_keys)
    gate = asyncio.Semaphore(AT_ONCE)

    async def look(process: ProcessLine) -> str | None:
        async with gate:
            return await _fault(client, process)

    found = await asyncio.gather(*(look(p) for p in processes if not p.finished))
    return [fault for fault in found if fault]


async def _fault(client: Client, process: ProcessLine) -> str | None:
    handle = client.get_workflow_handle(process.id)
    try:
        description = await handle.describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return f"{process.id}: в базе {process.stage}, в Temporal такого нет"
        raise
    if description.status is not WorkflowExecutionStatus.RUNNING:
        name = description.status.name if description.status else "?"
        return f"{process.id}: в базе {process.stage}, в Temporal {name}"
    said = description.typed_search_attributes
    stages = [pair.value for pair in said if pair.key.name == "NastavnikStage"]
    if stages and stages[0] != process.stage:
        return f"{process.id}: в базе {process.stage}, в Temporal {stages[0]}"
    return None
