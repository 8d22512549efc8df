"""The own log: one Merkle tree for each organisation, by RFC 9162."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, text

from adapters.postgres.rows import Known, put
from adapters.postgres.work_tables import AuditEntryRow, AuditHeadRow
from domain import merkle
from domain.audit import AuditEvent, canonical
from domain.base import Value
from domain.checkpoints import Checkpoint
from domain.merkle import HASH_SIZE, Span, Subtree


class LogEntry(Value):
    """An entry as it lies in the log."""

    seq: int
    subject: str
    n: int
    cycle_id: str
    pair_id: str | None
    action: str
    actor: str
    at: datetime
    recorded_at: datetime
    text: str
    nodes: bytes  # hashes of the full subtrees that end at this entry, its own as a leaf first


class LogHead(Value):
    """Where a log ends, as noted beside it."""

    size: int = 0
    peaks: bytes = b""  # hashes of the largest full subtrees, left to right
    noted: bool = True  # false: the note is gone, and every log has one from the first day on


class EndLost(Exception):  # noqa: N818 - the word of the field
    """What is noted of the log's end is not what its entries give: it takes no more of them."""


_HEAD = text(
    """
    SELECT size, peaks,
      (SELECT coalesce(max(n), 0) FROM audit_entries WHERE subject = :subject) AS known
    FROM audit_heads WHERE organisation_id = :organisation FOR UPDATE
    """
)
_MOVE_HEAD = text(
    "UPDATE audit_heads SET size = :size, peaks = :peaks WHERE organisation_id = :organisation"
)


def append(
    connection: Connection, organisation: str, events: Sequence[AuditEvent], pair_id: str | None
) -> None:
    """Add the events of one subject that the log has not; the caller commits soon.

    The end of the log is locked until then, so this comes last in a transaction. Raises `EndLost`.
    """
    if not events:
        return
    given = {"organisation": organisation, "subject": events[0].subject}
    head = connection.execute(_HEAD, given).one_or_none()
    if head is None:
        open_log(connection, organisation)
        head = connection.execute(_HEAD, given).one()
    size, peaks = head.size, split(head.peaks)
    if len(peaks) != size.bit_count():
        raise EndLost(f"the end of the log of {organisation} is not one of {size} entries")
    rows = []
    for event in events:
        if event.n <= head.known:
            continue
        body = canonical(event)
        peaks, full = merkle.grown(size, peaks, merkle.leaf_hash(body.encode()))
        size += 1
        rows.append(
            {
                **event.model_dump(mode="json", include={"subject", "n", "action", "actor", "at"}),
                "organisation_id": organisation,
                "seq": size,
                "cycle_id": event.refs.get("cycle", ""),  # empty: of the organisation
                "pair_id": event.refs.get("pair", pair_id),
                "text": body,
                "nodes": f"\\x{b''.join(full).hex()}",
            }
        )
    if rows:
        if put(connection, AuditEntryRow, rows, Known.STAYS) != len(rows):
            raise EndLost(f"the log of {organisation} goes on after its end")
        moved = {"organisation": organisation, "size": size, "peaks": b"".join(peaks)}
        connection.execute(_MOVE_HEAD, moved)


def open_log(connection: Connection, organisation: str) -> None:
    """An empty log, unless there is one."""
    row = {"organisation_id": organisation, "size": 0, "peaks": ""}
    put(connection, AuditHeadRow, [row], Known.STAYS)


def split(hashes: bytes) -> list[bytes]:
    """Hashes that lie one behind the other; the last may be cut off."""
    return [hashes[at : at + HASH_SIZE] for at in range(0, len(hashes), HASH_SIZE)]


def faults(
    entries: Iterable[LogEntry], head: LogHead, checkpoints: Iterable[Checkpoint] = ()
) -> Iterator[str]:
    """What is wrong with a log that is given from its first entry on; nothing if it is whole.

    Seen are a changed, lost, added or moved entry, a column that says something else than the
    text, hashes that are not what the entries give, an end that was cut off, and a log that does
    not begin with what a checkpoint states. A log that was made anew from its first entry to its
    last is seen by its checkpoints only.
    """
    if not head.noted:
        yield "конца журнала нет (audit_heads)"
    tree = _Tree()
    marks = deque(sorted(checkpoints, key=lambda mark: mark.size))
    for entry in entries:
        name = f"запись {entry.seq} ({entry.subject})"
        if entry.seq <= tree.size or entry.seq > head.size:
            yield f"{name}: лишняя, в журнале записей {head.size}"
            continue
        if entry.seq > tree.size + 1:
            yield _lost(tree.size + 1, entry.seq - 1)
            tree.skip(entry.seq - 1)
        yield from (f"{name}: {fault}" for fault in _of_entry(entry, tree))
        while marks and marks[0].size <= tree.size:
            yield from _against(tree, marks.popleft())
    if tree.size < head.size:
        yield _lost(tree.size + 1, head.size)
    elif tree.differs(split(head.peaks)):
        yield "конец журнала не тот, что дают записи"
    yield from (
        f"отметка {mark.at:%Y-%m-%d} (записей {mark.size}), а в журнале их {tree.size}"
        for mark in marks
        if mark.size > tree.size
    )


def _of_entry(entry: LogEntry, tree: "_Tree") -> Iterator[str]:
    if merkle.leaf_hash(entry.text.encode()) != entry.nodes[:HASH_SIZE]:
        yield "текст изменён"
    if not _says_the_same(entry):
        yield "столбцы говорят не то, что текст"
    for span in tree.grow(entry.nodes):
        yield f"хеш записей {span.start + 1}–{span.end} не тот, что они дают"


class _Tree:
    """The tree as the entries tell of it. What a lost entry took away is not known: None."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes | None] = []

    def skip(self, size: int) -> None:
        """Go on at `size`; what is new until there is not known."""
        known = dict(zip(self._subtrees(), self._peaks, strict=True))
        self.size = size
        self._peaks = [known.get(subtree) for subtree in self._subtrees()]

    def grow(self, nodes: bytes) -> Iterator[Span]:
        """Take an entry's subtrees; those whose hash is not what their halves give.

        What an entry says is taken on, so that one false hash is told of once or twice and not
        with every tree above it.
        """
        told: list[bytes | None] = [*split(nodes)]
        levels = (self.size + 1 & -(self.size + 1)).bit_length()
        end = self.size + 1
        if len(nodes) != levels * HASH_SIZE:
            yield Span(end - 1, end)
            told = [*told, *[None] * levels]
        found = told[0]
        for level in range(1, levels):
            left, said = self._peaks.pop(), told[level]
            if left is not None and found is not None:
                given = merkle.node_hash(left, found)
                if said is not None and said != given:
                    yield Span(end - (1 << level), end)
                said = said or given
            found = said
        self._peaks.append(found)
        self.size = end

    def root(self) -> bytes | None:
        peaks = [peak for peak in self._peaks if peak is not None]
        return merkle.root(peaks) if len(peaks) == len(self._peaks) else None

    def differs(self, peaks: Sequence[bytes]) -> bool:
        """Whether the tree cannot be the one with these peaks."""
        return len(peaks) != len(self._peaks) or any(
            mine not in (None, said) for mine, said in zip(self._peaks, peaks, strict=True)
        )

    def _subtrees(self) -> Iterator[Subtree]:
        return merkle.subtrees(Span(0, self.size))


def _against(tree: _Tree, mark: Checkpoint) -> Iterator[str]:
    root = tree.root() if mark.size == tree.size else None
    if mark.size == 0:
        root = merkle.EMPTY_ROOT
    if root is not None and root.hex() != mark.root:
        yield f"записи до {mark.size} не те, что были при отметке {mark.at:%Y-%m-%d}"


def _lost(first: int, last: int) -> str:
    return f"записи {first} нет" if first == last else f"записей {first}–{last} нет"


def _says_the_same(entry: LogEntry) -> bool:
    try:
        said = AuditEvent.model_validate_json(entry.text)
    except ValueError:
        return False
    columns = (entry.subject, entry.n, entry.action, entry.actor, entry.at, entry.cycle_id)
    return (
        columns
        == (said.subject, said.n, said.action, said.actor, said.at, said.refs.get("cycle", ""))
        and said.refs.get("pair", entry.pair_id) == entry.pair_id
    )
