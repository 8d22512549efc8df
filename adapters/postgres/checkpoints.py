"""What a log states of itself: signed checkpoints, and proofs from the subtrees that it keeps."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice

from sqlalchemy import Connection, Engine, text

from adapters.log_keys import LogKeys, verify, verify_cosignature
from adapters.postgres import log
from adapters.postgres.log_tables import CheckpointRow
from adapters.postgres.rows import Known, put
from adapters.postgres.watch import PostgresWatch
from domain import merkle
from domain.checkpoints import (
    Checkpoint,
    SignedCheckpoint,
    Submission,
    origin_of,
    owner_of,
    written_submission,
)
from domain.errors import ForgedCheckpoint, LogForked, NotFound, StaleProof
from domain.merkle import HASH_SIZE, Span, Subtree, SubtreeHash

_AT_ONCE = 500
"""Entries that are proved with one question to the database."""

_HEAD = text("SELECT size, peaks FROM audit_heads WHERE organisation_id = :organisation")
_KEPT = text("SELECT text FROM checkpoints WHERE organisation_id = :organisation AND size = :size")
_ALL = text(
    "SELECT size, text FROM checkpoints WHERE organisation_id = :organisation ORDER BY size"
)
_LATEST = text(
    """
    SELECT text FROM checkpoints WHERE organisation_id = :organisation AND size > 0 AND size < :size
    ORDER BY size DESC LIMIT 1
    """
)
_NODES = text(
    """
    SELECT seq, nodes FROM audit_entries WHERE organisation_id = :organisation AND seq = ANY(:ends)
    """
)
# What others keep of this log, and what it keeps of others.
_WITNESSED = text("SELECT organisation_id, size, text, key FROM witnessed WHERE origin = :origin")
_KEEPS = text(
    """
    SELECT origin, size, text, key, cosignature FROM witnessed
    WHERE organisation_id = :organisation ORDER BY origin, size
    """
)
_COSIGNED = text(
    """
    SELECT size, key, text FROM cosignatures
    WHERE organisation_id = :organisation ORDER BY size, key
    """
)


class PostgresLog:
    """The logs of all organisations: their checkpoints, proofs and faults."""

    def __init__(self, engine: Engine, keys: LogKeys) -> None:
        self._engine = engine
        self._keys = keys

    def checkpoint(self, organisation_id: str) -> SignedCheckpoint:
        """A signed checkpoint of the log as it is now; one for each size, however often asked.

        Raises `NotFound` if there is no such log, and `LogForked` instead of signing a log that
        does not continue the checkpoint before.
        """
        given = {"organisation": organisation_id}
        with self._engine.begin() as connection:
            head = connection.execute(_HEAD, given).one_or_none()
            if head is None:
                raise NotFound(f"there is no organisation {organisation_id}")
            sized = {**given, "size": head.size}
            if kept := connection.execute(_KEPT, sized).scalar_one_or_none():
                return self._keys.verified(kept)
            made = Checkpoint(
                origin=origin_of(organisation_id),
                size=head.size,
                root=merkle.root(log.split(head.peaks)).hex(),
                at=datetime.now(UTC),
            )
            if before := connection.execute(_LATEST, sized).scalar_one_or_none():
                _check_continued(connection, self._keys.verified(before).checkpoint, made)
            row = {"organisation_id": organisation_id, "size": head.size}
            row["text"] = self._keys.sign(made).text
            put(connection, CheckpointRow, [row], Known.STAYS)
            return self._keys.verified(connection.execute(_KEPT, sized).scalar_one())

    def checkpoints(self, organisation_id: str) -> tuple[SignedCheckpoint, ...]:
        """All that were signed, the smallest first. Raises `ForgedCheckpoint`."""
        with self._engine.connect() as connection:
            rows = connection.execute(_ALL, {"organisation": organisation_id}).all()
        return tuple(self._keys.verified(row.text) for row in rows)

    def inclusion(
        self, organisation_id: str, seqs: Iterable[int], size: int
    ) -> Iterator[tuple[int, tuple[str, ...]]]:
        """That the entries are in the log of `size` entries: each with its proof, hex.

        An entry costs its proof's length in rows at most, neighbours share theirs, and no more
        than some hundreds are in memory. Raises `LogForked` if the log has lost a subtree.
        """
        with self._engine.connect() as connection:
            left = iter(seqs)
            while some := list(islice(left, _AT_ONCE)):
                spans = {seq: merkle.inclusion_spans(seq - 1, size) for seq in some}
                asked = [span for of_one in spans.values() for span in of_one]
                known = _known(connection, organisation_id, asked)
                for seq in some:
                    yield seq, tuple(merkle.span_hash(one, known).hex() for one in spans[seq])

    def consistency(self, organisation_id: str, old: int, new: int) -> tuple[str, ...]:
        """That the first `old` entries of the log of `new` entries are those that were, hex."""
        if old == 0:
            return ()
        with self._engine.connect() as connection:
            return _consistency(connection, organisation_id, old, new)

    def submission(
        self, organisation_id: str, old: int, new: int | None = None
    ) -> SignedCheckpoint:
        """What a witness needs that keeps `old` entries (0: none yet), as its text.

        To the checkpoint of `new` entries, or of the log as it is now. Raises `NotFound` if no
        checkpoint was signed at that size, and `StaleProof` if the log has fewer than `old`.
        """
        signed = self._signed_at(organisation_id, new) if new else self.checkpoint(organisation_id)
        size = signed.checkpoint.size
        if old > size:
            raise StaleProof(f"в журнале записей {size}, доказательства от {old} нет")
        proof = self.consistency(organisation_id, old, size)
        text = written_submission(Submission(old=old, proof=proof, text=signed.text))
        return signed.changed(text=text)

    def _signed_at(self, organisation_id: str, size: int) -> SignedCheckpoint:
        given = {"organisation": organisation_id, "size": size}
        with self._engine.connect() as connection:
            kept = connection.execute(_KEPT, given).scalar_one_or_none()
        if kept is None:
            raise NotFound(f"at {size} entries no checkpoint was signed")
        return self._keys.verified(kept)

    def note(self, organisation_id: str, body: str) -> str:
        """A signed note of this text, by the key of the log; it must not read like a checkpoint."""
        return self._keys.note(origin_of(organisation_id), body)

    def verified(self, note: str, key: str | None = None) -> Checkpoint:
        """The checkpoint of a note, signed by `key` or one of ours. Raises `ForgedCheckpoint`."""
        return verify(note, key) if key else self._keys.verified(note).checkpoint

    def faults(
        self, organisation_id: str, also: Sequence[Checkpoint] = ()
    ) -> tuple[int, list[str]]:
        """How many entries the log has, and all that is wrong with it; it is read as a whole.

        It must continue each checkpoint that it signed, that a witness here keeps of it, and those
        of `also`; what it keeps of others must be what they signed. Raises `NotFound`.
        """
        wrong: list[str] = []
        marks = [*also, *self._marks(organisation_id, wrong)]
        with PostgresWatch(self._engine).log(organisation_id) as (entries, head):
            found = list(log.faults(entries, head, marks))
        return head.size, [*found, *wrong, *self._kept_faults(organisation_id)]

    def _marks(self, organisation_id: str, wrong: list[str]) -> Iterator[Checkpoint]:
        """Its own checkpoints, and those that witnesses keep of it here; `wrong` gets the rest."""
        origin = origin_of(organisation_id)
        with self._engine.connect() as connection:
            own = connection.execute(_ALL, {"organisation": organisation_id}).all()
            kept = connection.execute(_WITNESSED, {"origin": origin}).all()
        for row in own:
            try:
                found = self._keys.verified(row.text).checkpoint
            except ForgedCheckpoint as error:
                wrong.append(f"отметка (записей {row.size}): {error}")
                continue
            if (found.origin, found.size) != (origin, row.size):
                wrong.append(f"отметка (записей {row.size}) говорит о другом журнале или размере")
            else:
                yield found
        for row in kept:
            try:
                yield verify(row.text, row.key)
            except ForgedCheckpoint as error:
                wrong.append(f"отметка у свидетеля {row.organisation_id}: {error}")

    def _kept_faults(self, organisation_id: str) -> Iterator[str]:
        """What is wrong with what this organisation keeps of others, and of its own witnesses."""
        given = {"organisation": organisation_id}
        with self._engine.connect() as connection:
            keeps = connection.execute(_KEEPS, given).all()
            cosigned = connection.execute(_COSIGNED, given).all()
        for row in keeps:
            name = f"отметка журнала {row.origin} на {row.size} записей"
            try:
                found = verify(row.text, row.key)
                self._keys.cosigned_by(organisation_id, row.text + row.cosignature)
            except ForgedCheckpoint as error:
                yield f"{name}: {error}"
                continue
            if (found.origin, found.size) != (row.origin, row.size):
                yield f"{name}: её текст о другом журнале или размере"
        for row in cosigned:
            try:
                verify_cosignature(row.text, row.key)
            except ForgedCheckpoint as error:
                yield f"подпись свидетеля под отметкой на {row.size} записей: {error}"


def _check_continued(connection: Connection, before: Checkpoint, made: Checkpoint) -> None:
    organisation = owner_of(made.origin)
    proof = _consistency(connection, organisation, before.size, made.size)
    if not merkle.is_consistent(
        before.size,
        made.size,
        bytes.fromhex(before.root),
        bytes.fromhex(made.root),
        [bytes.fromhex(one) for one in proof],
    ):
        raise LogForked(f"журнал {organisation} не продолжает отметку (записей {before.size})")


def _consistency(connection: Connection, organisation: str, old: int, new: int) -> tuple[str, ...]:
    spans = merkle.consistency_spans(old, new)
    known = _known(connection, organisation, spans)
    return tuple(merkle.span_hash(span, known).hex() for span in spans)


def _known(connection: Connection, organisation: str, spans: Iterable[Span]) -> SubtreeHash:
    """The hashes of the full subtrees that the spans are made of, read at once."""
    ends = {subtree.end for span in spans for subtree in merkle.subtrees(span)}
    given = {"organisation": organisation, "ends": sorted(ends)}
    nodes: dict[int, bytes] = {row.seq: row.nodes for row in connection.execute(_NODES, given)}

    def known(subtree: Subtree) -> bytes:
        at = HASH_SIZE * subtree.level
        found = nodes.get(subtree.end, b"")[at : at + HASH_SIZE]
        if len(found) != HASH_SIZE:
            raise LogForked(f"в журнале {organisation} нет записи {subtree.end} или её хешей")
        return found

    return known
