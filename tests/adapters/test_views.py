"""Views: what people and programs read, each organisation its own."""

from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, text

from activities.tasks import ObjectRecord, SendNotices
from adapters.postgres.log_views import LogAsked
from adapters.postgres.session import engine_for, reading
from adapters.postgres.views import PostgresViews
from domain import ids
from domain.consents import ConsentNeed, PaperNeed
from domain.document_wishes import AttachSigned, Decide
from domain.documents import DocumentState, Draft, Stage
from domain.errors import NotFound
from domain.messages import OrderInForce, PairMoved
from domain.names import NBSP
from domain.people import AccessRole, Actor
from domain.process import Notice
from domain.routes import Outcome
from domain.scans import ScanCheck, Virus
from tests.adapters.test_postgres_ledger import consented
from tests.adapters.world import NOW, SHA, World, in_force

_BESIDE_PLANS = """
    SELECT generic_plans, custom_plans FROM pg_prepared_statements
    WHERE statement LIKE '%''right''%'
"""


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def shown_as(name: str) -> str:
    """The name as screens have it: its parts do not come apart."""
    return name.replace(" ", NBSP)


def on_approval(world: World) -> DocumentState:
    draft = Draft(facts_id="facts", facts_sha256=SHA, sha256=SHA)
    return world.document(world.planned()).drafted(draft, NOW)


def inbox(world: World, role: AccessRole, who: str, days: int = 0) -> list[tuple[str, bool, bool]]:
    """Titles, and whether each task is the reader's own and late."""
    acts_for = (world.person(who),)
    now = NOW + timedelta(days=days)
    tasks = world.views.inbox(world.organisation, acts_for, role, now)
    return [(task.title, task.mine, task.late) for task in tasks]


def test_a_decision_waits_for_the_director_alone(world: World) -> None:
    world.save(on_approval(world))
    title = "Утвердить или вернуть: Приказ о внедрении целевой модели наставничества"
    assert inbox(world, AccessRole.DIRECTOR, "director") == [(title, True, False)]
    assert inbox(world, AccessRole.CURATOR, "curator") == []


def test_a_task_past_its_day_is_late(world: World) -> None:
    world.save(on_approval(world))
    assert inbox(world, AccessRole.DIRECTOR, "director", days=30)[0][2] is True


def test_a_task_shows_the_version_that_a_decision_must_name(world: World) -> None:
    world.save(on_approval(world))
    (task,) = world.views.inbox(
        world.organisation, (world.person("director"),), AccessRole.DIRECTOR, NOW
    )
    assert task.document is not None
    assert (task.document.version, task.document.sha256) == (1, SHA)
    assert task.assignee.name == shown_as("Вершинина О. П.")


def test_a_curator_sees_what_mentors_have_to_do(world: World) -> None:
    cycle = world.with_pair()
    pair = consented(cycle.pair(cycle.pairs[0].pair_id, NOW))
    world.save(pair.order_came(OrderInForce(document_id="order"), NOW))
    assert inbox(world, AccessRole.CURATOR, "curator") == [
        ("Отметить встречу: Встречи", False, False)
    ]
    assert inbox(world, AccessRole.ADMINISTRATOR, "curator") == []
    assert inbox(world, AccessRole.ADMINISTRATOR, "mentor")[0][1] is True


def test_a_result_to_record_is_called_by_its_row(world: World) -> None:
    cycle = world.planned()
    world.save(cycle.advanced(NOW + timedelta(days=30)))
    titles = [title for title, _, _ in inbox(world, AccessRole.CURATOR, "curator")]
    assert titles == ["Анкетирование — Анкеты собраны"]


def test_a_document_shows_its_hashes_number_and_objects(world: World) -> None:
    document = in_force(world.document(world.planned()))
    world.save(document)
    record = ObjectRecord(
        organisation_id=world.organisation,
        document_id=document.document_id,
        version=1,
        role="signed",
        key=f"sealed/{ids.new_id()}",
        key_id=ids.seal_key_id(document.document_id, SHA),
        sha256=SHA,
        stored_sha256=SHA,
        size=1,
        media_type="application/pdf",
    )
    world.desk.record_object(record)
    shown = world.views.document(world.organisation, document.document_id)
    assert (shown.stage, shown.number, shown.stored_sha256) == ("in_force", "1-о", SHA)
    assert [one.key for one in shown.objects] == [record.key]
    assert shown.approvers == ()


def test_a_document_shows_who_is_asked_and_who_said_what(world: World) -> None:
    document = on_approval(world)
    world.save(document)
    director = world.person("director")
    shown = world.views.document(world.organisation, document.document_id)
    assert [one.id for one in shown.approvers] == [director]
    assert [(one.state, one.asked[0].id) for one in shown.route] == [("now", director)]
    by = Actor(user_id="u", role=AccessRole.DIRECTOR, acts_for=(director,))
    wish = Decide(by=by, version=1, sha256=SHA, outcome=Outcome.APPROVE)
    world.save(document.decided(wish, NOW))
    shown = world.views.document(world.organisation, document.document_id)
    assert (shown.approvers, [one.state for one in shown.route]) == ((), ["done"])
    (said,) = shown.verdicts
    assert (said.holder.id, said.outcome, said.version, said.sha256) == (
        *(director, Outcome.APPROVE, 1, SHA),
    )


def test_a_document_shows_what_was_found_of_its_last_scan(world: World) -> None:
    sealing = in_force(world.document(world.planned())).changed(
        stage=Stage.TO_SIGN, seal=None, unsaved=(), events=0
    )
    by = Actor(user_id="user", role=AccessRole.CURATOR, acts_for=())
    poor = ScanCheck(pages=2, unread=(1, 2), virus=Virus.UNCHECKED)
    good = ScanCheck(pages=2, coded=2, expected=2, virus=Virus.CLEAN)
    found = []
    for check in (None, poor, good):
        wish = AttachSigned(
            by=by,
            version=1,
            sha256=SHA,
            size=1,
            media_type="x",
            checked=check.refs() if check else {},
        )
        sealing = sealing.attached(wish, NOW)
        world.save(sealing)
        found.append(world.views.document(world.organisation, sealing.document_id).scan)

    assert found == [None, poor, good]


def test_the_timeline_tells_who_did_what_in_order(world: World) -> None:
    cycle = world.with_pair()
    pair = consented(cycle.pair(cycle.pairs[0].pair_id, NOW))
    director = world.desk.add_user(
        world.organisation, AccessRole.DIRECTOR, world.person("director")
    )
    user = world.views.user_by_token(director)
    order = on_approval(world)
    by = Actor(user_id=user.id, role=user.role, acts_for=user.acts_for)
    wish = Decide(by=by, version=1, sha256=SHA, outcome=Outcome.APPROVE)
    world.save(cycle)
    world.save(order.decided(wish, NOW))
    world.save(pair)
    moved = pair.order_came(OrderInForce(document_id=order.document_id), NOW)
    world.save(cycle.pair_moved(PairMoved(pair_id=pair.pair_id, stage="order"), NOW))
    world.save(moved)
    asked = LogAsked(pair_id=pair.pair_id)
    shown = world.views.timeline(world.organisation, asked).lines
    assert [event.action for event in shown] == [
        *("pair_formed", "drafted", "approved"),
        *["stage_completed"] * 3,
    ]
    assert shown[2].actor.name == shown_as("Вершинина О. П.") + " (руководитель)"
    assert shown[3].actor.name == "Система"
    assert [event.seq for event in shown] == sorted(event.seq for event in shown)


def test_what_stands_beside_the_log_is_planned_once_for_all_pairs(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    asked = LogAsked(pair_id=cycle.pairs[0].pair_id)
    engine = engine_for(SecretStr(world.engine.url.render_as_string(hide_password=False)))
    try:
        views = PostgresViews(engine, {})
        for _ in range(15):
            views.timeline(world.organisation, asked)
        with reading(engine).connect() as connection:
            plans = connection.execute(text(_BESIDE_PLANS)).one()
    finally:
        engine.dispose()
    assert plans.generic_plans > 0
    assert plans.custom_plans == 5  # as many as PostgreSQL makes before it compares


def test_a_pair_shows_what_law_asks_of_it_and_how_far_that_is(world: World) -> None:
    cycle = world.with_pair()
    pair = cycle.pair(cycle.pairs[0].pair_id, NOW)
    consents = tuple(
        ConsentNeed(person_id=person, kind="consent_adult", norm="152-ФЗ, ст. 9")
        for person in (pair.mentor_id, pair.mentee_id)
    )
    papers = (PaperNeed(kind="agreement", norm="Р-145"),)
    world.save(cycle)
    world.save(pair.package_found(consents, papers, NOW))
    mentor, _, agreement = world.views.pair(world.organisation, pair.pair_id).package
    assert (mentor.title, mentor.norm) == (
        "Согласие на обработку персональных данных",
        "152-ФЗ, ст. 9",
    )
    assert mentor.person is not None
    assert mentor.person.id == pair.mentor_id
    assert (agreement.kind, agreement.person, agreement.in_force) == ("agreement", None, False)


def test_a_pair_shows_its_papers_and_the_order_that_names_it(world: World) -> None:
    cycle = world.with_pair()
    pair = consented(cycle.pair(cycle.pairs[0].pair_id, NOW))
    order = in_force(world.document(cycle))
    own = order.changed(
        document_id="own" + order.document_id, kind="agreement", pair_id=pair.pair_id
    )
    for state in (order, own):
        world.save(state)
    world.save(pair.order_came(OrderInForce(document_id=order.document_id), NOW))
    shown = world.views.pair(world.organisation, pair.pair_id)
    assert {line.document_id for line in shown.documents} == {order.document_id, own.document_id}
    assert (shown.stage, shown.stage_title) == ("meetings", "Встречи")
    assert shown.mentee.name == shown_as("Черных Л. П.")


def test_the_register_lists_pairs(world: World) -> None:
    world.save(world.with_pair())
    (line,) = world.views.register(world.organisation, world.cycle)
    assert (line.form_title, line.open, line.stage) == ("педагог — педагог", True, "")


def test_a_cycle_shows_its_rows_and_counts(world: World) -> None:
    world.save(world.with_pair())
    world.save(on_approval(world))
    shown = world.views.cycle(world.organisation, world.cycle, NOW + timedelta(days=60))
    assert (shown.stage, shown.pairs, shown.documents, shown.tasks_late) == ("running", 1, 1, 1)
    assert [(item.title, item.open, item.late) for item in shown.items] == [
        ("Приказ о внедрении", True, True),
        ("Анкетирование", False, True),
    ]
    assert shown.items[0].results[0].title == "Приказ подписан"


def test_notices_name_their_recipients(world: World) -> None:
    notice = Notice(
        key="t/escalation", kind="escalation", task_id="t", recipient=world.person("curator")
    )
    sending = SendNotices(
        organisation_id=world.organisation,
        cycle_id=world.cycle,
        subject="document/1",
        notices=(notice,),
        now=NOW,
    )
    world.ledger.post(sending)
    (line,) = world.views.notices(world.organisation, world.cycle)
    assert (line.recipient.name, line.at) == (shown_as("Ёлкина М. П."), NOW)


def test_people_are_listed_by_name_with_yo_in_its_place(world: World) -> None:
    names = [line.name for line in world.views.people(world.organisation)]
    assert [name.partition(NBSP)[0] for name in names] == [
        *("Вершинина", "Дюма", "Дюма", "Ёлкина", "Коваль", "Черных")
    ]


def test_totals_count_the_events_of_a_cycle(world: World) -> None:
    document = on_approval(world)
    wish = Decide(
        by=Actor(user_id="u", role=AccessRole.DIRECTOR, acts_for=(world.person("director"),)),
        version=1,
        sha256=SHA,
        outcome=Outcome.SEND_BACK,
    )
    world.save(world.planned())
    world.save(document.decided(wish, NOW))
    totals = world.watch.totals(world.cycle)
    assert (totals.documents, totals.returned, totals.approvals, totals.sealed) == (1, 1, 0, 0)
    assert (totals.steps_total, totals.steps_done) == (2, 0)
    assert (totals.rows_total, totals.rows_done) == (2, 0)


def test_nobody_reads_another_organisations_rows(world: World, engine: Engine) -> None:
    other = World.make(engine).organisation
    cycle = world.with_pair()
    document = in_force(world.document(cycle))
    world.save(cycle)
    world.save(document)
    pair = cycle.pairs[0].pair_id
    for read in (
        lambda: world.views.document(other, document.document_id),
        lambda: world.views.pair(other, pair),
        lambda: world.views.timeline(other, LogAsked(pair_id=pair)),
        lambda: world.views.pair_past(other, pair, NOW.date()),
        lambda: world.views.cycle_past(other, world.cycle, NOW.date()),
        lambda: world.views.cycle(other, world.cycle, NOW),
        lambda: world.views.register(other, world.cycle),
    ):
        with pytest.raises(NotFound):
            read()
    assert world.views.inbox(other, (world.person("curator"),), AccessRole.CURATOR, NOW) == ()
    assert world.views.notices(other, world.cycle) == ()
