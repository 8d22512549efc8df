"""A withdrawal in the very moment in which what is withdrawn is named as the proof of a row."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, text

from activities.event_ports import ProofClaim
from activities.tasks import KeptText
from domain import ids
from domain.errors import BeingNamed, EventWithdrawn
from tests.adapters.eventful import Eventful, add, publish, withdraw


@pytest.fixture
def world(engine: Engine) -> Eventful:
    return Eventful.make(engine)


@pytest.mark.parametrize("what", ["event", "publication"])
def test_what_is_being_named_as_proof_is_not_withdrawn_until_the_row_refused_it(
    world: Eventful, what: str
) -> None:
    add(world)
    publish(world)
    claim = a_claim(world, what)
    world.desk.claim_proof(claim)
    world.desk.claim_proof(claim)  # the request is repeated
    other = claim.changed(request_id="r2")
    world.desk.claim_proof(other)
    world.desk.release_proof(other)
    with pytest.raises(BeingNamed):
        withdraw(world, what)
    world.desk.release_proof(claim)
    withdraw(world, what)
    with pytest.raises(EventWithdrawn):
        world.desk.claim_proof(claim)


def test_a_claim_of_which_nobody_said_how_it_ended_holds_for_a_day(world: Eventful) -> None:
    add(world)
    world.desk.claim_proof(a_claim(world))
    aged = text("UPDATE proof_claims SET recorded_at = recorded_at - interval '25 hours'")
    with world.engine.begin() as connection:
        connection.execute(aged)
    world.desk.claim_proof(a_claim(world))  # the request is repeated: a day from now
    with pytest.raises(BeingNamed):
        withdraw(world, "event")
    with world.engine.begin() as connection:
        connection.execute(aged)
    withdraw(world, "event")


def test_of_a_withdrawal_and_a_claim_at_the_same_moment_one_is_refused(world: Eventful) -> None:
    add(world)
    together = Barrier(2)

    def outcome(act: Callable[[], None]) -> str:
        together.wait(timeout=20)
        try:
            act()
        except (BeingNamed, EventWithdrawn) as refusal:
            return type(refusal).__name__
        return "done"

    acts = (lambda: world.desk.claim_proof(a_claim(world)), lambda: withdraw(world, "event"))
    with ThreadPoolExecutor(2) as pool:
        claimed, withdrawn = pool.map(outcome, acts)
    line = world.views.event(world.organisation, world.held).line
    assert (claimed, withdrawn, line.withdrawn) in [
        ("done", "BeingNamed", None),
        ("EventWithdrawn", "done", "Внесено дважды"),
    ]


def a_claim(world: Eventful, what: str = "event") -> ProofClaim:
    """A request that names the event or the publication as proof."""
    id_ = world.held if what == "event" else world.published
    kept = KeptText(
        id=ids.derived_id(id_, "claimed"),
        organisation_id=world.organisation,
        kind="evidence",
        subject=world.cycle_workflow,
        author="user-curator",
        body={f"{what}_id": id_},
    )
    about = {"request_id": "r1", "what": what, "id": id_, "text": kept}
    return ProofClaim.model_validate(about)
