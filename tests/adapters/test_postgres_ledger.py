"""The ledger in PostgreSQL: rows, the chain, what is at work."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from activities import tasks
from activities.tasks import EnterInJournal
from adapters.postgres.log import faults
from domain import ids
from domain.consents import ConsentNeed
from domain.cycle_pairs import OrderForPairs
from domain.documents import DocumentState, Draft
from domain.errors import BytesChanged, KeyDestroyed
from domain.messages import DocumentSettled, OrderInForce, PairMoved, Withdraw
from domain.pair import PairState, Stop
from domain.pairing import PairEntry
from domain.people import Form
from domain.programme import ProgrammeState
from tests.adapters.world import NOW, SHA, World, in_force


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def quiet(world: World) -> bool:
    return world.watch.at_work(world.cycle) == ()


def log_faults(world: World) -> list[str]:
    with world.watch.log(world.organisation) as (entries, head):
        return list(faults(entries, head))


def tamper(owner_engine: Engine, statement: str, organisation: str) -> None:
    """What somebody with the owner's password could do."""
    with owner_engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit_entries DISABLE TRIGGER USER"))
        connection.execute(text(statement), {"organisation": organisation})
        connection.execute(text("ALTER TABLE audit_entries ENABLE TRIGGER USER"))


def started(state: ProgrammeState) -> tuple[ProgrammeState, DocumentState]:
    """The cycle after it started the document of its first row, and that document."""
    (paper,) = state.papers()
    return state.document_started(paper), state.document(paper, NOW)


def heard(state: ProgrammeState, pair: PairState) -> ProgrammeState:
    """The cycle after the pair reported its stage, all earlier events being saved."""
    fact = PairMoved(pair_id=pair.pair_id, stage=pair.stage_name)
    return state.saved(state).pair_moved(fact, NOW)


def paired(world: World) -> tuple[ProgrammeState, PairState]:
    """A quiet cycle with one pair at its first stage."""
    cycle = world.with_pair()
    pair_id = cycle.pairs[0].pair_id
    cycle = cycle.pairs_started((pair_id,))
    return cycle, cycle.pair(pair_id, NOW)


def consented(pair: PairState) -> PairState:
    """The pair after both consents were found in force: at its next stage."""
    needs = [
        ConsentNeed(person_id=person, kind="consent_adult", document_id="paper", in_force=True)
        for person in (pair.mentor_id, pair.mentee_id)
    ]
    return pair.package_found(tuple(needs), (), NOW)


# Rows


def test_an_equal_revision_may_say_that_nothing_is_at_work_any_more(world: World) -> None:
    state = world.planned()
    world.save(state, at_work=True)
    assert world.watch.at_work(world.cycle) == (state.workflow_id,)
    world.save(state, until=NOW + timedelta(days=1))
    assert quiet(world)
    moment = world.watch.next_moment(world.cycle)
    assert moment is not None
    assert moment.at == NOW + timedelta(days=1)
    assert moment.workflows == (state.workflow_id,)


def test_an_older_revision_says_nothing_about_work(world: World) -> None:
    state = world.planned()
    world.save(state.touched())
    world.save(state, at_work=True)
    assert quiet(world)


def test_tasks_are_replaced_with_each_save(world: World) -> None:
    draft = Draft(facts_id="facts", facts_sha256=SHA, sha256=SHA)
    on_approval = world.document(world.planned()).drafted(draft, NOW)
    world.save(on_approval)
    assert kinds_of_tasks(world) == ["decide"]
    world.save(on_approval.changed(stage="to_sign", revision=2))
    assert kinds_of_tasks(world) == ["attach_signed"]
    world.save(in_force(on_approval).changed(revision=3))
    assert kinds_of_tasks(world) == []


def kinds_of_tasks(world: World) -> list[str]:
    given = {"organisation": world.organisation}
    query = text("SELECT kind FROM tasks WHERE organisation_id = :organisation")
    with world.engine.connect() as connection:
        return list(connection.execute(query, given).scalars())


def test_a_mentee_has_one_open_pair_of_a_form(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    twin = cycle.pairs[0].changed(pair_id="twin")
    with pytest.raises(IntegrityError, match="uq_pairs_open"):
        world.save(cycle.touched(pairs=(*cycle.pairs, twin)))
    other = twin.changed(form=Form.STUDENT_STUDENT)
    world.save(cycle.touched(pairs=(*cycle.pairs, other)))
    assert world.watch.totals(world.cycle).pairs == 2


def test_a_pair_that_ended_leaves_the_mentee_free(world: World) -> None:
    cycle, pair = paired(world)
    wish = Stop(by=world.curator, note_id="note", reason="early_end")
    world.save(pair.stopped_early(wish, NOW))
    twin = PairEntry(**{**dict(cycle.pairs[0]), "pair_id": "twin" + pair.pair_id, "started": False})
    world.save(cycle.touched(pairs=(*cycle.pairs, twin)))
    assert world.watch.totals(world.cycle).pairs == 2


# What is at work


def test_a_mentee_who_became_a_mentor_is_one_in_the_list_once(world: World) -> None:
    cycle = world.planned().changed(new_mentors=(world.person("mentee"),))
    world.save(cycle)
    world.save(cycle.touched())
    roles = {person.id: person.roles for person in world.views.people(world.organisation)}
    assert roles[world.person("mentee")].count("mentor") == 1
    assert "mentor" not in roles[world.person("young")]


def test_a_launched_cycle_is_at_work_before_it_has_saved_itself(world: World) -> None:
    assert world.watch.at_work(world.cycle) == (world.cycle_workflow,)


def test_a_document_that_was_started_is_at_work_until_it_says_otherwise(world: World) -> None:
    cycle, document = started(world.planned())
    world.save(cycle)
    assert world.watch.at_work(world.cycle) == (document.workflow_id,)
    world.save(document)
    assert quiet(world)


def test_a_document_that_saved_first_is_not_announced_again(world: World) -> None:
    cycle, document = started(world.planned())
    world.save(document)
    world.save(cycle)
    assert quiet(world)


def test_an_outcome_is_at_work_until_the_cycle_has_recorded_it(world: World) -> None:
    cycle, document = started(world.planned())
    world.save(cycle)
    settled = in_force(document)
    world.save(settled, at_work=True)
    world.save(settled.told())
    assert world.watch.at_work(world.cycle) == (document.workflow_id,)
    fact = DocumentSettled(document_id=document.document_id, in_force=True)
    world.save(cycle.document_settled(fact, NOW))
    assert quiet(world)


def test_an_outcome_that_the_cycle_recorded_first_is_settled_too(world: World) -> None:
    """The parent may be quicker than the last save of its child."""
    cycle, document = started(world.planned())
    settled = in_force(document)
    world.save(settled, at_work=True)
    fact = DocumentSettled(document_id=document.document_id, in_force=True)
    world.save(cycle.document_settled(fact, NOW))
    world.save(settled.told())
    assert quiet(world)


def test_pairs_about_to_start_are_at_work(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    workflow = ids.pair_workflow(cycle.pairs[0].pair_id)
    assert world.watch.at_work(world.cycle) == (workflow,)


def test_the_stage_of_a_pair_is_at_work_until_the_cycle_has_recorded_it(world: World) -> None:
    cycle, pair = paired(world)
    world.save(cycle)
    world.save(pair)
    assert quiet(world), "the cycle knows the stage at which it has started the pair"
    pair = consented(pair)
    world.save(pair, at_work=True)
    world.save(pair.reported(pair.stage_name))
    assert world.watch.at_work(world.cycle) == (pair.workflow_id,)
    world.save(heard(cycle, pair))
    assert quiet(world)


def test_a_pair_without_cycle_has_nobody_to_tell(world: World) -> None:
    _, pair = paired(world)
    world.save(world.planned())
    world.save(pair.changed(parent=None))
    assert quiet(world)


def test_a_stage_that_came_since_is_still_to_be_heard(world: World) -> None:
    cycle, pair = paired(world)
    world.save(cycle)
    world.save(pair)
    moved = consented(pair)
    assert moved.stage_name == "order"
    world.save(moved)
    world.save(heard(cycle, pair))
    assert world.watch.at_work(world.cycle) == (pair.workflow_id,)
    world.save(heard(heard(cycle, pair), moved))
    assert quiet(world)


def test_an_order_in_force_is_at_work_until_the_pair_has_recorded_it(world: World) -> None:
    cycle, pair = paired(world)
    waiting = consented(pair)
    world.save(waiting)
    knowing = heard(cycle, waiting)
    world.save(knowing)
    assert quiet(world)
    order = OrderForPairs(turn=1, stage="order", document_id="the-order")
    told = knowing.touched(orders=(order,)).order_told((pair.pair_id,))
    world.save(told)
    assert world.watch.at_work(world.cycle) == (pair.workflow_id,)
    moved = waiting.order_came(OrderInForce(document_id="the-order"), NOW)
    world.save(moved)
    world.save(heard(told, moved))
    assert quiet(world)


def test_papers_of_a_stopped_pair_are_at_work_until_they_are_withdrawn(world: World) -> None:
    cycle, pair = paired(world)
    document = world.document(cycle).changed(pair_id=pair.pair_id, parent=pair.workflow_id)
    asked = pair.touched(open_documents=(document.document_id,))
    wish = Stop(by=world.curator, note_id="note", reason="early_end")
    stopped = asked.stopped_early(wish, NOW)
    world.save(document)
    world.save(stopped)
    world.save(heard(cycle, stopped))
    assert world.watch.at_work(world.cycle) == (document.workflow_id,)
    withdrawn = document.withdrawn(Withdraw(at=NOW), NOW).told()
    world.save(withdrawn)
    assert world.watch.at_work(world.cycle) == (document.workflow_id,)
    fact = DocumentSettled(document_id=document.document_id, in_force=False)
    world.save(stopped.document_settled(fact, NOW))
    assert quiet(world)


def test_a_process_that_ended_waits_for_nothing(world: World) -> None:
    document = in_force(world.document(world.planned())).told()
    world.save(world.planned(), until=NOW + timedelta(days=2))
    world.save(document, until=NOW + timedelta(days=1))
    moment = world.watch.next_moment(world.cycle)
    assert moment is not None
    assert moment.workflows == (world.cycle_workflow,)


# The chain


def test_the_chain_is_whole_after_saves_side_by_side(world: World) -> None:
    pairs = [
        PairEntry(pair_id=ids.new_id(), mentor_id="m", mentee_id=str(n), form=Form.TEACHER_TEACHER)
        for n in range(24)
    ]
    cycle = world.planned().touched(pairs=tuple(pairs))
    states = [consented(cycle.pair(pair.pair_id, NOW)) for pair in pairs]
    with ThreadPoolExecutor(8) as pool:
        for outcome in [pool.submit(world.save, state) for state in (*states, *states)]:
            outcome.result()
    assert log_faults(world) == []
    assert world.watch.totals(world.cycle).audit_events == sum(
        len(state.unsaved) for state in states
    )


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            "UPDATE audit_entries SET text = replace(text, 'item_opened', 'item_done')",
            "запись 2 (cycle/{cycle}): текст изменён",
        ),
        ("UPDATE audit_entries SET actor = 'nobody'", "столбцы говорят не то"),
        ("UPDATE audit_entries SET at = at - interval '1 day'", "столбцы говорят не то"),
        ("UPDATE audit_entries SET cycle_id = ''", "столбцы говорят не то"),
        ("UPDATE audit_entries SET nodes = substr(nodes, 1, 32)", "хеш записей 2–2"),
        ("DELETE FROM audit_entries", "записи 2 нет"),
    ],
)
def test_a_changed_past_is_found(
    world: World, owner_engine: Engine, change: str, fault: str
) -> None:
    world.save(world.planned())
    assert log_faults(world) == []
    where = " WHERE organisation_id = :organisation AND seq = 2"
    tamper(owner_engine, change + where, world.organisation)
    assert any(fault.format(cycle=world.cycle) in found for found in log_faults(world))


def test_a_cut_off_end_is_found(world: World, owner_engine: Engine) -> None:
    world.save(world.planned())
    last = (
        "DELETE FROM audit_entries WHERE organisation_id = :organisation AND seq ="
        " (SELECT max(seq) FROM audit_entries WHERE organisation_id = :organisation)"
    )
    tamper(owner_engine, last, world.organisation)
    assert any(found.endswith(" нет") for found in log_faults(world))


# Journals, keys, facts


def test_eight_writers_get_numbers_without_gap_or_twin(world: World) -> None:
    documents = [ids.new_id() for _ in range(80)]

    def number(document: str) -> str | None:
        line = world.ledger.enter_in_journal(
            EnterInJournal(
                organisation_id=world.organisation,
                document_id=document,
                kind="order_introduction",
                version=1,
                numbered=True,
                now=NOW,
            )
        )
        return line.number

    with ThreadPoolExecutor(8) as pool:
        twice = list(pool.map(number, [*documents, *documents]))
    assert twice[:80] == twice[80:]
    assert sorted(twice[:80], key=str) == sorted((f"{n}-о" for n in range(1, 81)), key=str)


def test_a_destroyed_key_opens_nothing(world: World) -> None:
    key = ids.new_id()
    world.ledger.make_key(key, world.organisation, "document")
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE object_keys SET wrapped = NULL, destroyed_at = clock_timestamp()"
                " WHERE key_id = :key"
            ),
            {"key": key},
        )
    with pytest.raises(KeyDestroyed):
        world.ledger.data_key(key)
    world.ledger.make_key(key, world.organisation, "document")
    with pytest.raises(KeyDestroyed):
        world.ledger.data_key(key)


def test_changed_facts_are_found(world: World, owner_engine: Engine) -> None:
    kept = world.ledger.keep_facts(
        tasks.GatherFacts(
            organisation_id=world.organisation,
            cycle_id=world.cycle,
            document_id=ids.new_id(),
            kind="order_introduction",
            version=1,
            now=NOW,
        )
    )
    with owner_engine.begin() as connection:
        connection.execute(
            text("UPDATE facts SET body = replace(body, 'Заря', 'Закат') WHERE facts_id = :id"),
            {"id": kept.facts_id},
        )
    with pytest.raises(BytesChanged):
        world.ledger.facts(kept.facts_id)
