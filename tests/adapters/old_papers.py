"""Papers of a cycle that is closed, and the act that destroys them."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from activities.retention_ports import DestroyListed, DestructionWish
from activities.tasks import GatherFacts, KeptText
from adapters.postgres.rows import Known, put
from adapters.postgres.tables import FactsRow
from domain import ids
from domain.documents import DocumentState
from domain.programme import ProgrammeState
from domain.retention import Ground
from tests.adapters.world import NOW, SHA, World, in_force

LATER = date(2040, 1, 1)
AT = datetime(2040, 1, 1, 9, tzinfo=UTC)


def close(world: World, state: ProgrammeState, at: datetime = NOW) -> None:
    """The cycle is closed, whatever is left of it."""
    world.save(state.recorded("closed", at, closed=True))


def paper(world: World, state: ProgrammeState, kind: str, **fields: Any) -> DocumentState:  # noqa: ANN401
    """A document in force, with a key, facts and a remark."""
    document = ids.new_id()
    found = world.document(state).changed(document_id=document, kind=kind, item_id=None, **fields)
    world.save(in_force(found))
    for key in (f"draft/{document}/1", f"sealed/{document}/{SHA}"):
        world.desk.make_key(key, world.organisation, document)
    world.desk.keep_text(a_text(world, document))
    body = '{"person": "Коваль"}'
    facts = {
        "facts_id": ids.new_id(),
        "organisation_id": world.organisation,
        "document_id": document,
        "version": 1,
        "sha256": hashlib.sha256(body.encode()).hexdigest(),
        "body": body,
        "people": [],
    }
    with world.engine.begin() as connection:
        put(connection, FactsRow, [facts], Known.STAYS)
    return found


def a_text(world: World, document: str) -> KeptText:
    return KeptText(
        id=ids.derived_id("remark", document),
        organisation_id=world.organisation,
        kind="remark",
        subject=ids.document_workflow(document),
        author="user-director",
        body={"text": "Коваль опаздывает"},
    )


def wish(world: World, documents: Sequence[str], **fields: Any) -> DestructionWish:  # noqa: ANN401
    known = {
        "act_id": ids.new_id(),
        "organisation_id": world.organisation,
        "ground": Ground.TERM,
        "expert_number": "2",
        "expert_day": date(2039, 12, 20),
        "documents": tuple(documents),
        "on": LATER,
        "author": "user-administrator",
        "at": AT,
    }
    return DestructionWish.model_validate({**known, **fields})


def act_in_force(world: World, state: ProgrammeState, act_id: str, listed: int) -> DocumentState:
    """The act of this id at the end of its way."""
    act = world.document(state).changed(
        document_id=act_id, kind="destruction_act", item_id=None, destroys=listed
    )
    done = in_force(act)
    world.save(done)
    return done


def carry_out(world: World, act_id: str) -> list[tuple[int, int]]:
    """Batch after batch, until nothing is left."""
    task = DestroyListed(organisation_id=world.organisation, act_id=act_id, now=AT)
    done: list[tuple[int, int]] = []
    while not done or done[-1][1]:
        some = world.ledger.destroy(task)
        done.append((some.destroyed, some.left))
    return done


def due(
    world: World, kinds: Sequence[str] = ("curator_report",)
) -> tuple[ProgrammeState, list[str]]:
    """A closed cycle with documents in force whose terms are over by `LATER`."""
    cycle = world.with_pair()
    world.save(cycle)
    found = [paper(world, cycle, kind).document_id for kind in kinds]
    close(world, cycle)
    return cycle, found


def facts_of(world: World, cycle: ProgrammeState, act_id: str) -> Mapping[str, Any]:
    task = GatherFacts(
        organisation_id=world.organisation,
        cycle_id=cycle.cycle_id,
        document_id=act_id,
        kind="destruction_act",
        version=1,
        now=AT,
    )
    return world.ledger.facts(world.ledger.keep_facts(task).facts_id)
