"""What the rows hold of processes that have to be begun again."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Engine, RowMapping, TextClause, text

from adapters.postgres import authority, log, retention
from adapters.postgres.seals import seals_of
from adapters.postgres.work_tables import ProcessRow
from domain import ids
from domain.audit import AuditEvent
from domain.authority import Mandates
from domain.base import Value
from domain.documents import DocumentState
from domain.errors import BytesChanged
from domain.pair import PairState
from domain.programme import ProgrammeState
from domain.recovery import KeptPair, State

_MODELS: Final[dict[str, type[ProgrammeState] | type[PairState] | type[DocumentState]]] = {
    "cycle": ProgrammeState,
    "pair": PairState,
    "document": DocumentState,
}

# Over: nothing can happen to it any more, as `is_finished` says; of a document in force with
# assignments only that can say it. What is at work was not over when it was lost.
_KEPT = text(
    """
    SELECT id, kind, organisation_id, cycle_id, parent, stage, revision,
      state IS NOT NULL AS saved, to_tell IS NOT NULL AS owed,
      state IS NOT NULL AND NOT at_work AND CASE kind
        WHEN 'cycle' THEN stage = 'closed'
        WHEN 'pair' THEN stage IN ('completed', 'stopped') AND state ->> 'told' = stage
          AND state -> 'open_documents' = '[]'
        ELSE stage IN ('in_force', 'withdrawn') AND (state ->> 'reported')::boolean
          AND (stage = 'withdrawn' OR coalesce(state -> 'assignments', '[]') = '[]')
        END AS over,
      at_work, coalesce(stage = 'in_force' AND state -> 'changes' <> '[]', false) AS changes,
      coalesce(state -> 'branches' <> '[]' OR state -> 'upper' <> 'null', false) AS nested,
      'cycle/' || (state #>> '{upper,cycle_id}') AS upper
    FROM processes ORDER BY id
    """
)
_STATE = text("SELECT * FROM processes WHERE id = :id AND state IS NOT NULL")
_PAIRS = text(
    """
    SELECT r.pair_id, r.mentor_id, r.mentee_id, r.form, r.role_model, r.mentor_type, r.turn,
      r.follows, coalesce(r.novice, false) AS novice,
      CASE WHEN p.state IS NOT NULL THEN p.stage END AS stage,
      p.to_tell IS NOT NULL AS owed, p.state ->> 'order_id' IS NOT NULL AS ordered
    FROM pairs r JOIN processes p ON p.id = 'pair/' || r.pair_id
    WHERE r.cycle_id = :cycle
    """
)
_LAUNCH = text(
    """
    SELECT organisation_id, cycle_id, launched_by AS administrator, launched_at AS launched,
      CASE WHEN upper_cycle_id IS NOT NULL THEN json_build_object('cycle_id', upper_cycle_id,
        'n', branch, 'turn', upper_turn, 'adapt', coalesce(adapt, '[]')) END AS upper
    FROM launches WHERE cycle_id = :cycle AND launched_by IS NOT NULL
    """
)
_CLOCK = text(
    "SELECT coalesce((SELECT seconds FROM clock WHERE organisation_id = '*'), 0) AS seconds"
)


_DESTROYED = text(
    """
    SELECT x.organisation_id, x.document_id, x.act_id, x.destroyed_at AS at,
      CASE WHEN x.notes THEN d.pair_id END AS pair_id
    FROM destructions x LEFT JOIN documents d ON d.document_id = x.document_id
    WHERE x.destroyed_at IS NOT NULL ORDER BY x.destroyed_at, x.document_id
    """
)
_KNOWN = text(
    """
    SELECT document_id, cycle_id, pair_id, kind FROM documents
    WHERE document_id = ANY(:ids) ORDER BY document_id
    """
)


class Destroyed(Value):
    """A document that an act destroyed: it must not come back with an older backup."""

    organisation_id: str
    document_id: str
    act_id: str
    at: datetime
    pair_id: str | None = None  # whose notes went with it


class KeptProcess(Value):
    """The row of a process."""

    id: str
    kind: str
    organisation_id: str
    cycle_id: str
    parent: str | None
    stage: str
    revision: int
    saved: bool  # by itself; else it was only announced
    owed: bool  # its parent has not recorded its stage
    over: bool  # surely; without it, `Process.is_finished` decides
    at_work: bool
    changes: bool  # a document in force that changes earlier ones
    nested: bool  # a cycle with cycles below it, or with one above
    upper: str | None = None  # the process of the cycle above


class PostgresRecovery:
    """Reads only."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def kept(self) -> tuple[KeptProcess, ...]:
        """All processes that rows know."""
        return tuple(KeptProcess.model_validate(dict(row)) for row in self._rows(_KEPT))

    def state(self, workflow_id: str) -> State | None:
        """As it was saved last; None if it never was.

        Raises `pydantic.ValidationError` if that is no state, and `BytesChanged` if it is not the
        one that the service saved.
        """
        for row in self._rows(_STATE, id=workflow_id):
            if not seals_of(self._engine).holds(ProcessRow, dict(row)):
                raise BytesChanged(f"the state of {workflow_id} is not what was saved")
            return _MODELS[row["kind"]].model_validate_json(json.dumps(row["state"]))
        return None

    def pairs(self, cycle_id: str) -> tuple[KeptPair, ...]:
        """The pairs of a cycle."""
        rows = self._rows(_PAIRS, cycle=cycle_id)
        return tuple(KeptPair.model_validate(dict(row)) for row in rows)

    def launched(self, cycle_id: str) -> ProgrammeState | None:
        """The first state of a cycle; None if nobody knows who launched it."""
        for row in self._rows(_LAUNCH, cycle=cycle_id):
            offset = self.clock_offset()
            launched = row["launched"] + timedelta(seconds=offset)
            return ProgrammeState(**{**dict(row), "launched": launched}, clock_offset=offset)
        return None

    def clock_offset(self) -> int:
        """Seconds by which the rehearsal clock is ahead; 0 outside rehearsals."""
        return int(self._rows(_CLOCK)[0]["seconds"])

    def mandates(self, organisation_id: str) -> Mandates:
        """The rights of an organisation as its documents should know them."""
        now = datetime.now(UTC) + timedelta(seconds=self.clock_offset())
        with self._engine.connect() as connection:
            return authority.mandates(connection, organisation_id, now)

    def destroyed(self) -> tuple[Destroyed, ...]:
        """What acts destroyed, the earliest first."""
        return tuple(Destroyed.model_validate(dict(row)) for row in self._rows(_DESTROYED))

    def destroy_again(self, gone: Sequence[Destroyed]) -> int:
        """Destroy what came back of these; how many keys that were.

        The log says it of each, for its act may have come after the backup: then nothing else does.
        """
        named = {one.document_id: one for one in gone}
        keys = 0
        for row in self._rows(_KNOWN, ids=list(named)):
            one = named[row["document_id"]]
            with self._engine.begin() as connection:
                organisation = one.organisation_id
                count = retention.erase(
                    connection, organisation, one.document_id, one.act_id, one.at
                )
                if one.pair_id is not None:
                    retention.erase_notes(connection, organisation, one.pair_id, one.at)
                if count:
                    log.append(connection, organisation, [_again(one, row, count)], row["pair_id"])
            keys += count
        return keys

    def _rows(self, query: TextClause, **given: object) -> Sequence[RowMapping]:
        with self._engine.connect() as connection:
            return connection.execute(query, given).mappings().all()


def _again(one: Destroyed, row: RowMapping, keys: int) -> AuditEvent:
    return AuditEvent(
        subject=ids.destroyed_again_subject(one.document_id),
        n=1,
        action="destroyed_again",
        actor=ids.SYSTEM,
        at=datetime.now(UTC),
        refs={
            "cycle": row["cycle_id"],
            "document": one.document_id,
            "kind": row["kind"],
            "act": one.act_id,
            "keys": str(keys),
        },
    )
