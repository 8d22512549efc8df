"""The register of documents and the chains of changes, on any day, in PostgreSQL."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from activities import tasks
from adapters.docx.facts import registration_facts
from domain import ids
from domain.amendments import Change, How
from domain.documents import DocumentState, Entry, Stage
from domain.errors import NotFound
from domain.extras import DraftDocument
from domain.messages import DocumentSettled
from domain.programme import ProgrammeState
from tests.adapters.world import NOW, SHA, World, in_force

DAY = NOW.date()


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def an_order(world: World, **fields: object) -> DocumentState:
    """The order of the cycle's first row, in force and saved."""
    order = in_force(world.document(world.planned())).changed(**fields)
    world.save(order)
    return order


def changing(
    world: World, *changed: DocumentState, how: How = How.AMENDS, days: int = 0, n: int = 2
) -> DocumentState:
    """A document of that day that changes these, in force."""
    state = in_force(world.document(world.planned())).changed(
        document_id=ids.new_id(),
        kind="order_amendment",
        item_id=None,
        result_id=None,
        changes=tuple(Change(document_id=one.document_id, how=how) for one in changed),
        entry=Entry(number=f"{n}-о", day=later(days), sha256=SHA),
    )
    world.save(state)
    return state


def chain(world: World, document: DocumentState, days: int) -> list[str]:
    """The chain of a document on that day: the base, then what changed it."""
    view = world.views.chain(world.organisation, document.document_id, later(days))
    return [view.base.document_id, *(step.document.document_id for step in view.steps)]


def test_a_chain_is_the_same_from_each_of_its_documents_and_true_to_the_day(world: World) -> None:
    order = an_order(world)
    first = changing(world, order, days=3)
    second = changing(world, first, days=5, n=3)
    whole = [one.document_id for one in (order, first, second)]

    assert [chain(world, one, days=9) for one in (order, first, second)] == [whole] * 3
    assert chain(world, order, days=4) == whole[:2]
    assert chain(world, order, days=2) == whole[:1]


@pytest.mark.parametrize(
    ("how", "title"),
    [
        (How.CANCELS, "отменён"),
        (How.REPLACES, "заменён"),
        (How.ENDS, "действие прекращено"),
    ],
)
def test_a_document_is_shown_without_force_from_the_day_of_the_new_one(
    world: World, how: How, title: str
) -> None:
    order = an_order(world)
    new = changing(world, order, how=how, days=3)

    def ended(days: int) -> object:
        return world.views.chain(world.organisation, order.document_id, later(days)).base.ended

    assert ended(2) is None
    shown = world.views.document(world.organisation, order.document_id).ended
    assert shown is not None
    assert (shown.how, shown.title, shown.day, shown.by) == (how, title, later(3), new.document_id)
    assert ended(3) == shown


def test_an_amended_document_stays_in_force(world: World) -> None:
    order = an_order(world)
    changing(world, order)
    assert world.views.document(world.organisation, order.document_id).ended is None


def test_a_document_that_is_not_in_force_yet_changes_nothing(world: World) -> None:
    order = an_order(world)
    new = changing(world, order, how=How.CANCELS).changed(
        document_id=ids.new_id(), stage=Stage.TO_SIGN, seal=None
    )
    other = an_order(world, document_id=ids.new_id())
    world.save(new.changed(changes=(Change(document_id=other.document_id, how=How.CANCELS),)))

    assert world.views.document(world.organisation, other.document_id).ended is None
    assert chain(world, other, days=9) == [other.document_id]


def test_the_stored_bytes_and_the_row_of_the_old_document_stay(world: World) -> None:
    order = an_order(world)
    before = world.views.document(world.organisation, order.document_id)
    changing(world, order, how=How.CANCELS)
    after = world.views.document(world.organisation, order.document_id)
    assert after.changed(ended=None) == before


def test_a_document_that_changes_several_stands_in_the_chain_of_each(world: World) -> None:
    one, two = an_order(world), an_order(world, document_id=ids.new_id())
    both = changing(world, one, two, how=How.CANCELS)
    assert chain(world, one, days=0)[1:] == [both.document_id]
    assert chain(world, two, days=0)[1:] == [both.document_id]
    assert chain(world, both, days=0) == [both.document_id]


def test_the_register_shows_what_was_in_force_by_a_day(world: World) -> None:
    order = an_order(world)
    new = changing(world, order, how=How.CANCELS, days=3)
    organisation, views = world.organisation, world.views

    def register(days: int, kind: str | None = None) -> list[tuple[str, bool]]:
        lines = views.document_register(organisation, later(days), kind)
        return [(line.document_id, line.ended is not None) for line in lines]

    assert register(-1) == []
    assert register(2) == [(order.document_id, False)]
    assert register(3) == [(order.document_id, True), (new.document_id, False)]
    assert register(3, "order_amendment") == [(new.document_id, False)]


def test_another_organisation_sees_nothing(world: World, engine: Engine) -> None:
    order, stranger = an_order(world), World.make(engine)
    assert stranger.views.document_register(stranger.organisation, DAY) == ()
    with pytest.raises(NotFound):
        stranger.views.chain(stranger.organisation, order.document_id, DAY)


def test_a_cancelled_order_is_cited_no_more(world: World) -> None:
    def cited() -> object:
        task = tasks.GatherFacts(
            organisation_id=world.organisation,
            cycle_id=world.cycle,
            document_id=ids.new_id(),
            kind="order_curator",
            version=1,
            now=NOW,
        )
        return world.ledger.facts(world.ledger.keep_facts(task).facts_id)["introduction_order"]

    order = an_order(world)
    assert cited() == registration_facts("1-о", DAY)
    changing(world, order, how=How.CANCELS)
    assert cited() is None


def test_an_order_names_the_documents_that_it_changes(world: World) -> None:
    order = an_order(world)
    task = tasks.GatherFacts(
        organisation_id=world.organisation,
        cycle_id=world.cycle,
        document_id=ids.new_id(),
        kind="order_amendment",
        version=1,
        changes=(Change(document_id=order.document_id, how=How.AMENDS),),
        now=NOW,
    )
    facts = world.ledger.facts(world.ledger.keep_facts(task).facts_id)
    (row,) = facts["changes"]
    assert row["title"] == "приказ о внедрении целевой модели наставничества"
    assert row["number"] == "1-о"


# The rows of what a person asked for


def asked(world: World) -> tuple[ProgrammeState, DocumentState]:
    """A cycle of which a person asked a document, and that document."""
    wish = DraftDocument(by=world.curator, document_id=ids.new_id(), kind="order_amendment")
    cycle = world.planned().document_asked(wish, NOW)
    (paper,) = (paper for paper in cycle.papers() if paper.item is None)
    return cycle, cycle.document(paper, NOW)


def at_work(world: World) -> list[str]:
    return list(world.watch.at_work(world.cycle))


def test_a_document_is_announced_with_the_save_that_answers_the_wish(world: World) -> None:
    cycle, document = asked(world)
    world.save(cycle)
    assert world.views.has_process(world.organisation, document.workflow_id)
    assert document.workflow_id in at_work(world)


@pytest.mark.parametrize("given_up", [True, False])
def test_what_the_document_has_to_tell_is_owed_until_the_cycle_has_saved_it(
    world: World, *, given_up: bool
) -> None:
    cycle, document = asked(world)
    cycle = cycle.document_started(next(p for p in cycle.papers() if p.item is None))
    world.save(cycle)
    end = document.changed(stage=Stage.WITHDRAWN) if given_up else in_force(document)
    world.save(end.touched())
    assert document.workflow_id in at_work(world)
    fact = DocumentSettled(document_id=document.document_id, in_force=not given_up)
    world.save(cycle.document_settled(fact, NOW))
    assert document.workflow_id not in at_work(world)
