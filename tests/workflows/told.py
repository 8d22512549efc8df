"""What the log tells of the present, and the state as the database gives it back, beside what the
saved state says: they must not differ.
"""

import json
from collections.abc import Iterator

from activities.tasks import State
from adapters.postgres.projection import rows_of
from domain.documents import DocumentState
from domain.items import WithItems
from domain.pair import PairState
from domain.past import DocumentStood, PairStood, Past, RowStood
from domain.programme import ProgrammeState

DIFFERENCES: list[str] = []
"""Of the test that runs. A ledger of these tests compares at each save."""


def differences(past: Past, state: State) -> Iterator[str]:
    """Where a process differs from what its events tell, if any were taken."""
    match state:
        case ProgrammeState() if state.cycle_id in past.cycles:
            told = past.cycles[state.cycle_id]
            if (told.stage, told.turns_closed) != (state.stage_name, state.turns_closed):
                yield f"{state.workflow_id}: {told}, not {state.stage_name}"
        case PairState() if state.pair_id in past.pairs:
            yield from _of_pair(past.pairs[state.pair_id], state)
        case DocumentState() if state.document_id in past.documents:
            yield from _of_document(past.documents[state.document_id], state)
    if isinstance(state, WithItems):
        yield from _of_rows(past, state)


def rows_that_would_change(state: State) -> Iterator[str]:
    """Rows that would be others if the state came back: JSONB has an order of keys of its own."""
    written = json.dumps(_turned_round(state.model_dump(mode="json")))
    back = rows_of(type(state).model_validate_json(written))
    for model, made in rows_of(state).items():
        for one, other in zip(made, back[model], strict=True):
            if one != other:
                yield f"{state.workflow_id}: {one}, came back as {other}"


def _turned_round(value: object) -> object:
    """The same JSON value, its keys in the opposite order."""
    match value:
        case dict():
            return {key: _turned_round(one) for key, one in reversed(value.items())}
        case list():
            return [_turned_round(one) for one in value]
        case _:
            return value


def _of_pair(told: PairStood, state: PairState) -> Iterator[str]:
    if told.stage != state.stage_name:
        yield f"{state.workflow_id}: {told.stage}, not {state.stage_name}"
    for name in ("mentor_id", "mentee_id", "form", "turn"):
        # A pair that a test began by itself was formed by no cycle.
        if getattr(told, name) not in (None, getattr(state, name)):
            yield f"{state.workflow_id}: another {name}"


def _of_document(told: DocumentStood, state: DocumentState) -> Iterator[str]:
    entry, draft = state.entry, state.draft
    shown = {
        "stage": state.stage_name,
        "kind": state.kind,
        "pair_id": state.pair_id,
        "version": state.version,
        "sha256": entry.sha256 if entry else draft and draft.sha256,
        "number": entry and entry.number,
        "day": entry and entry.day,
    }
    # A document's trouble, before it has a version, says nothing of what it is.
    unsaid = {"kind", "pair_id", "version"} if told.kind is None else set()
    for name in shown.keys() - unsaid:
        if getattr(told, name) != shown[name]:
            yield f"{state.workflow_id}: {name} {getattr(told, name)}, not {shown[name]}"


def _of_rows(past: Past, state: WithItems) -> Iterator[str]:
    told = {id_: row for (owner, id_), row in past.rows.items() if owner == state.workflow_id}
    shown = {
        item.id: RowStood(
            owner=state.workflow_id,
            item_id=item.id,
            step=item.plan.step,
            pair_id=item.pair_id,
            done=item.done,
        )
        for item in state.items
        if item.open
    }
    if told != shown:
        yield f"{state.workflow_id}: rows {told}, not {shown}"
