"""Papers of a cycle that was closed years ago, in a school that works on."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from activities.retention_ports import DestroyListed
from adapters.postgres import log
from domain import ids
from domain.audit import AuditEvent
from tests.pages.school import School

CLOSED = datetime(2019, 9, 30, 9, tzinfo=UTC)
SCAN = b"%PDF-1.7 an old scan"


def old_paper(school: School, kind: str, number: str, *, of_pair: bool = False) -> str:
    """A paper in force of the closed cycle."""
    cycle = ids.derived_id("old cycle", school.world.organisation)
    _close(school.engine, school.world.organisation, cycle)
    document = school.paper(kind, of_pair=of_pair)
    school.decide(document)
    state = school.documents[document]
    school.documents[document] = state.changed(cycle_id=cycle)
    school.sign(document, number, SCAN)
    return document


def act_in_force(school: School, act_id: str) -> None:
    """The act that was asked for is drafted, approved, signed and carried out."""
    school.paper("destruction_act", document_id=act_id)
    school.decide(act_id)
    school.sign(act_id, "7-ау", b"%PDF-1.7 a signed act")
    task = DestroyListed(organisation_id=school.world.organisation, act_id=act_id, now=school.now)
    assert school.world.ledger.destroy(task).left == 0


def _close(engine: Engine, organisation: str, cycle: str) -> None:
    event = AuditEvent(
        subject=ids.cycle_workflow(cycle),
        n=1,
        action="closed",
        actor=ids.SYSTEM,
        at=CLOSED,
        refs={"cycle": cycle},
    )
    with engine.begin() as connection:
        log.append(connection, organisation, [event], None)
