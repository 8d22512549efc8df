"""The pair's page tells what became of its papers: who was asked, who decided, by which right."""

from datetime import date, timedelta

import pytest

from activities.tasks import SendNotices
from adapters.postgres.enrolling import body_id
from domain.approval import Approval, Head
from domain.authority import Mandate, Mandates
from domain.document_wishes import Decide, Resolve
from domain.documents import DocumentState
from domain.messages import MandatesChanged
from domain.people import AccessRole, Actor
from domain.routes import Again, Outcome, RouteStage
from tests.builders import an_approval
from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor

DAY = timedelta(days=1)


@pytest.fixture
async def curator(school: School) -> Visitor:
    return await Visitor.of(school.app).sign_in(school.login("curator"), PASSWORD)


def a_stage(id_: str, *holders: str, **fields: object) -> RouteStage:
    return RouteStage.model_validate({"id": id_, "title": id_, "holders": holders, **fields})


def on_route(school: School, *stages: RouteStage, again: Again = Again.ALL) -> DocumentState:
    """A paper of the pair on a route of these stages."""
    route: Approval = an_approval(stages=stages, again=again)
    return school.documents[school.paper("individual_plan", of_pair=True, route=route)]


def said(school: School, state: DocumentState, code: str, outcome: Outcome) -> DocumentState:
    """What this person says of the version, saved."""
    assert state.draft
    by = Actor(user_id=code, role=AccessRole.DIRECTOR, acts_for=(school.world.person(code),))
    known = {"version": state.version, "sha256": state.draft.sha256, "note_id": "why"}
    wish = Decide.model_validate({"by": by, "outcome": outcome, **known})
    state.check_can_decide(wish)
    return saved(school, state.decided(wish, school.now))


def saved(school: School, state: DocumentState) -> DocumentState:
    school.save(state)
    return school.documents[state.document_id]


async def told(school: School, visitor: Visitor) -> str:
    await visitor.go(f"/pairs/{school.pair_id}")
    return visitor.text


async def test_a_change_of_director_is_told_with_the_new_version(
    school: School, curator: Visitor
) -> None:
    old, new = school.world.person("director"), school.world.person("curator")
    state = on_route(school, a_stage("head", old)).changed(head=Head(person_id=old, instead_of=old))
    rights = Mandates(
        revision=1,
        known=(
            Mandate(id="m1", person_id=old, since=school.now - 9 * DAY, until=school.now),
            Mandate(id="m2", person_id=new, instead_of=old, since=school.now),
        ),
    )
    saved(school, state.mandates_changed(MandatesChanged(mandates=rights), school.now))
    assert "Готовится новая версия: сменился тот, кто подписывает" in await told(school, curator)


async def test_a_substitute_is_told_with_the_one_who_was_asked(
    school: School, curator: Visitor
) -> None:
    head, deputy = school.world.person("director"), school.world.person("curator")
    state = on_route(school, a_stage("head", head))
    rights = Mandates(
        revision=1,
        known=(Mandate(id="m1", person_id=deputy, instead_of=head, since=school.now - DAY),),
    )
    state = saved(school, state.mandates_changed(MandatesChanged(mandates=rights), school.now))
    said(school, state, "curator", Outcome.APPROVE)
    text = await told(school, curator)
    head_name, deputy_name = name(school, "director"), name(school, "curator")
    assert f"Право решать перешло: {head_name} → {deputy_name}" in text
    assert f"Утверждено: по полномочию; спрошен: {head_name}" in text


async def test_a_refusal_is_told(school: School, curator: Visitor) -> None:
    state = on_route(school, a_stage("head", school.world.person("director")))
    said(school, state, "director", Outcome.REFUSE)
    assert "Отказано в утверждении" in await told(school, curator)


async def test_a_redraft_for_those_left_is_told_with_each_version(
    school: School, curator: Visitor
) -> None:
    deputy, head = school.world.person("curator"), school.world.person("director")
    state = on_route(school, a_stage("deputy", deputy), a_stage("head", head), again=Again.LEFT)
    state = said(school, state, "curator", Outcome.APPROVE)
    state = said(school, state, "director", Outcome.SEND_BACK)
    school.redraft(state.document_id, {})
    said(school, school.documents[state.document_id], "director", Outcome.APPROVE)
    text = await told(school, curator)
    found = [text.count(word) for word in ("Утверждено:", "Возвращено с замечанием:")]
    assert found == [2, 1]
    assert school.documents[state.document_id].stage == "to_register"


async def test_a_council_is_told_with_its_minutes(school: School, curator: Visitor) -> None:
    council = body_id(school.world.organisation, "council")
    state = on_route(school, a_stage("council", council, kind="body"))
    assert state.draft
    wish = Resolve(
        by=school.users["curator"],
        version=1,
        sha256=state.draft.sha256,
        outcome=Outcome.APPROVE,
        body_id=council,
        sitting_id="sitting1",
        number="4",
        day=date(2026, 9, 2),
    )
    saved(school, state.resolved(wish, school.now))
    text = await told(school, curator)
    assert "Утверждено: Совет, протокол от 02.09.2026 № 4" in text


def name(school: School, code: str) -> str:
    """How screens call this person."""
    person = school.world.person(code)
    people = school.world.views.people(school.world.organisation)
    return next(one.name for one in people if one.id == person).replace("\u00a0", " ")


async def test_whoever_had_a_part_is_told_on_the_first_page(school: School) -> None:
    deputy, head = school.world.person("curator"), school.world.person("director")
    state = on_route(school, a_stage("deputy", deputy), a_stage("head", head))
    state = said(school, state, "curator", Outcome.APPROVE)
    state = said(school, state, "director", Outcome.SEND_BACK)
    notices = state.notices_due(school.now)
    task = SendNotices(
        organisation_id=state.organisation_id,
        cycle_id=state.cycle_id,
        subject=state.workflow_id,
        notices=notices,
        now=school.now,
    )
    school.world.ledger.post(task)
    reader = await Visitor.of(school.app).sign_in(school.login("curator"), PASSWORD)
    await reader.go("/")
    assert "Индивидуальный план возвращён с замечанием" in reader.text
    other = await Visitor.of(school.app).sign_in(school.login("director"), PASSWORD)
    await other.go("/")
    assert "Что стало с вашими документами" not in other.text
