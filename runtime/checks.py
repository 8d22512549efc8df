"""`check --all`: compares rows, log, Temporal and objects, and names what does not agree."""

import asyncio
from collections.abc import Callable, Container, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.object_ports import BegunObject
from adapters.postgres.archive import KnownObject, ProcessLine
from domain.base import Value
from domain.errors import NotFound
from runtime.saves import SAVING, Saves
from runtime.settings import Settings
from runtime.wiring import Parts, connect
from workflows.process import STAGE_KEY

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
    """Look at I1–I6 and I8. Reads only, while the service runs or over servers alone."""
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
            [*archive.stage_faults(), *asyncio.run(_strayed(settings, parts))],
            sum(not process.finished for process in processes),
        ),
        _invariant(
            "I4",
            "у каждой записи есть файл с её хешем",
            [*_objects(parts, objects), *orphans(unnamed, begun)],
            len(objects),
        ).changed(notices=(*locked_orphans(unnamed, begun), *archive.destroyed_again())),
        _log(parts),
        _notices(parts),
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


def _notices(parts: Parts) -> Invariant:
    looked, faults = parts.archive.notice_faults()
    return _invariant("I6", "никому не напомнили дважды об одном", faults, looked)


def _rows(parts: Parts) -> Invariant:
    looked, faults = parts.archive.check_rows()
    reads = (
        f"{organisation}: {fault}"
        for organisation in parts.watch.organisations()
        for fault in parts.reads.faults(organisation)
    )
    return _invariant("I8", "строки те, что записала служба", [*faults, *reads], looked)


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
        except (NotFound, ValueError):  # of a key that is none, its row was changed
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


async def _strayed(settings: Settings, parts: Parts) -> list[str]:
    return await strayed(await connect(settings, parts.payload_keys), parts.archive.processes)


async def strayed(client: Client, read: Callable[[], Iterable[ProcessLine]]) -> list[str]:
    """Open processes of which Temporal says something else than their rows, two times the same.

    Closed ones may have left Temporal; what moves between the two looks has not strayed.
    """
    suspects = await _suspects(client, await asyncio.to_thread(read))
    if not suspects:
        return []
    rows = await asyncio.to_thread(read)
    again = await _suspects(client, [row for row in rows if row.id in suspects])
    return [fault for id_, fault in again.items() if fault == suspects[id_]]


async def _suspects(client: Client, processes: Iterable[ProcessLine]) -> dict[str, str]:
    """Their faults, by workflow."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def look(process: ProcessLine) -> tuple[str, str | None]:
        async with gate:
            return process.id, await _fault(client, process)

    found = await asyncio.gather(*(look(p) for p in processes if not p.finished))
    return {id_: fault for id_, fault in found if fault}


async def _fault(client: Client, process: ProcessLine) -> str | None:
    kept = f"{process.id}: в базе {process.stage or 'объявлен'}"
    try:
        description = await client.get_workflow_handle(process.id).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return None if process.starting else f"{kept}, в Temporal такого нет"
    if description.status is not WorkflowExecutionStatus.RUNNING:
        return f"{kept}, в Temporal {description.status.name if description.status else '?'}"
    said = description.typed_search_attributes.get(STAGE_KEY)
    if said is not None and said != process.stage:
        return None if _is_saving(description) else f"{kept}, в Temporal {said}"
    return await _put_back(client, process)


async def _put_back(client: Client, process: ProcessLine) -> str | None:
    """Whether its row is older than a save that has ended: the log tells of events only."""
    try:
        saved = await Saves(client).done(process.id)
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:  # it has just ended
            raise
        return None
    if saved <= process.revision:
        return None
    return f"{process.id}: в базе редакция {process.revision}, а сохранена была {saved}"


def _is_saving(description: WorkflowExecutionDescription) -> bool:
    """Whether the stage that it shows is on its way into its row."""
    pending = description.raw_description.pending_activities
    return any(one.activity_type.name == SAVING for one in pending)
