"""The log of the fakes: a tree in memory, and witnesses that keep what continues."""

from datetime import UTC, datetime

from adapters.files.keyring import MasterKeys
from adapters.log_keys import LogKeys, stated, verify, verify_cosignature
from domain.checkpoints import (
    Checkpoint,
    SignedCheckpoint,
    Submission,
    Witnessed,
    check_continues,
    origin_of,
    read_submission,
    written_submission,
)
from domain.errors import ForgedCheckpoint, LogKeyMissing, StaleProof
from tests.merkle_trees import Tree

AT = datetime(2026, 9, 2, 9, tzinfo=UTC)
SIZE = 12
KEYS = LogKeys(MasterKeys(bytes(range(32))))
TREE = Tree([b"entry %d" % n for n in range(40)])


def signed(organisation: str, size: int = SIZE, tree: Tree = TREE) -> SignedCheckpoint:
    """What the log of an organisation states of its first `size` entries."""
    root = tree.roots[size].hex()
    return KEYS.sign(Checkpoint(origin=origin_of(organisation), size=size, root=root, at=AT))


def handed_over(
    organisation: str, old: int, size: int = SIZE, tree: Tree = TREE
) -> SignedCheckpoint:
    """What a witness of that log needs."""
    proof = tuple(one.hex() for one in tree.consistency(old, size)) if old else ()
    made = signed(organisation, size, tree)
    text = written_submission(Submission(old=old, proof=proof, text=made.text))
    return made.changed(text=text)


class FakeLog:
    """`Log` of a dozen entries for everybody."""

    def checkpoint(self, organisation_id: str) -> SignedCheckpoint:
        return signed(organisation_id)

    def submission(
        self, organisation_id: str, old: int, new: int | None = None
    ) -> SignedCheckpoint:
        size = new or SIZE
        if old > size:
            raise StaleProof(f"в журнале записей {size}, доказательства от {old} нет")
        return handed_over(organisation_id, old, size)


class FakeWitness:
    """`Witness` in memory."""

    def __init__(self) -> None:
        self.lines: dict[tuple[str, str], list[Witnessed]] = {}
        self.cosignatures: list[tuple[str, str]] = []

    def keep(
        self, organisation_id: str, submission: str, by: str, key: str | None = None
    ) -> Witnessed:
        given = read_submission(submission)
        lines = self.lines.setdefault((organisation_id, stated(given.text).origin), [])
        trusted = key or (lines[0].key if lines else None)
        if trusted is None:
            raise LogKeyMissing("первой отметке журнала нужен его ключ")
        new = verify(given.text, trusted)
        check_continues(lines[0].checkpoint if lines else None, new, given.old, given.proof)
        if not lines or lines[0].checkpoint.size < new.size:
            line = KEYS.cosign(organisation_id, given.text, AT)
            lines.insert(
                0,
                Witnessed(
                    checkpoint=new,
                    key=trusted,
                    note=given.text + line,
                    cosignature=line,
                    witness_key=KEYS.witness_keys(organisation_id)[0],
                    kept_by=by,
                    kept_at=AT,
                ),
            )
        return lines[0]

    def kept(self, organisation_id: str) -> tuple[Witnessed, ...]:
        return tuple(
            line
            for (keeper, _), lines in sorted(self.lines.items())
            for line in lines
            if keeper == organisation_id
        )

    def keep_cosignature(self, organisation_id: str, note: str, key: str, by: str) -> datetime:
        if KEYS.verified(note).checkpoint.origin != origin_of(organisation_id):
            raise ForgedCheckpoint("это отметка чужого журнала")
        self.cosignatures.append((organisation_id, by))
        return verify_cosignature(note, key)
