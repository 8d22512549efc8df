"""Terms of keeping over real rows, and what an organisation decides of them."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from activities.retention_ports import RetentionChoice
from domain import ids
from domain.documents import DocumentState
from domain.errors import (
    NotFound,
)
from domain.people import Form
from tests.adapters.old_papers import close, paper
from tests.adapters.world import NOW, World, in_force


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def test_a_term_begins_when_the_cycle_is_closed(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    plan = paper(world, cycle, "curator_report")
    shown = world.views.document(world.organisation, plan.document_id).kept
    assert shown is not None
    assert (shown.until, shown.why_open) == (None, "дело ещё не закрыто")

    close(world, cycle)

    shown = world.views.document(world.organisation, plan.document_id).kept
    assert shown is not None
    assert (shown.until, shown.words) == (date(2031, 12, 31), "5 лет")


def test_the_day_of_closing_is_the_organisations_own(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    report = paper(world, cycle, "curator_report")
    # In Omsk it is the next year already.
    close(world, cycle, datetime(2026, 12, 31, 20, tzinfo=UTC))
    shown = world.views.document(world.organisation, report.document_id).kept
    assert shown is not None
    assert shown.until == date(2032, 12, 31)


def test_a_list_tells_by_article_what_is_due_and_counts_the_rest(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    report = paper(world, cycle, "curator_report")
    plan = paper(world, cycle, "event_programme")
    paper(world, cycle, "order_pairs")
    paper(world, cycle, "approval_sheet")
    close(world, cycle)

    early = world.views.retention(world.organisation, date(2031, 12, 31))
    assert (early.groups, early.permanent, early.running, early.undecided) == ((), 1, 2, 1)
    page = world.views.retention(world.organisation, date(2032, 1, 1))
    assert [(one.article, one.words, one.epk) for one in page.groups] == [
        ("200", "5 лет, ЭПК", True),
        (None, "5 лет", False),
    ]
    ids_ = [one.document.document_id for group in page.groups for one in group.documents]
    assert ids_ == [plan.document_id, report.document_id]
    assert {one.until for group in page.groups for one in group.documents} == {date(2031, 12, 31)}


def test_an_agreement_counts_from_the_end_of_its_pair(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    pair = cycle.pair(cycle.pairs[0].pair_id, NOW)
    agreement = paper(world, cycle, "agreement", pair_id=pair.pair_id)
    diary = paper(world, cycle, "diary", pair_id=pair.pair_id)
    close(world, cycle)

    def until(document: DocumentState) -> date | None:
        kept = world.views.document(world.organisation, document.document_id).kept
        return kept.until if kept else None

    assert until(agreement) is None
    world.save(pair.recorded("stopped", NOW, stopped=True))
    assert until(agreement) == date(2031, 12, 31)
    assert until(diary) == NOW.date()


def test_a_consent_counts_from_its_withdrawal_else_from_the_end_of_its_cycle(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    person = world.person("mentee")
    consent = paper(world, cycle, "consent_adult", person_id=person)
    other = paper(world, cycle, "consent_adult", person_id=world.person("mentor"))
    paper(world, cycle, "consent_withdrawal", person_id=person)
    close(world, cycle, datetime(2027, 9, 30, tzinfo=UTC))

    found = {
        one: world.views.document(world.organisation, one.document_id).kept
        for one in (consent, other)
    }
    assert [kept and kept.until for kept in found.values()] == [
        date(2029, 12, 31),
        date(2030, 12, 31),
    ]


def test_the_day_of_what_has_no_number_is_the_organisations_own(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    person = world.person("mentee")
    consent = paper(world, cycle, "consent_adult", person_id=person)
    about = {"kind": "consent_withdrawal", "person_id": person, "item_id": None}
    # In Omsk it is the next year already.
    withdrawal = in_force(world.document(cycle).changed(document_id=ids.new_id(), **about))
    world.save(withdrawal.changed(entry=None, since=datetime(2026, 12, 31, 20, tzinfo=UTC)))
    kept = world.views.document(world.organisation, consent.document_id).kept
    assert kept is not None
    assert kept.until == date(2030, 12, 31)


def test_an_organisation_decides_by_which_term_orders_of_a_form_are_kept(world: World) -> None:
    day = date(2026, 9, 1)
    choice = RetentionChoice(
        organisation_id=world.organisation,
        kind="order_pairs",
        form=Form.TEACHER_TEACHER,
        since=day,
        term="main_activity",
        author="user-administrator",
        at=NOW,
    )
    world.desk.choose_retention(choice)
    world.desk.choose_retention(choice)
    lines = world.views.retention_choices(world.organisation, day)
    assert [(one.term, one.since) for one in lines] == [
        ("personnel", None),
        ("main_activity", day),
    ]
    for wrong in ({"kind": "report"}, {"term": "own_7"}):
        with pytest.raises(NotFound):
            world.desk.choose_retention(choice.changed(**wrong))


def test_a_cycle_is_read_as_it_was_closed_by_its_own_organisation_only(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    assert world.views.closed_cycle(world.organisation, cycle.cycle_id) is None
    close(world, cycle)
    found = world.views.closed_cycle(world.organisation, cycle.cycle_id)
    assert found is not None
    assert (found.cycle_id, found.closed, found.plan) == (cycle.cycle_id, True, cycle.plan)
    other = World.make(world.engine).organisation
    assert world.views.closed_cycle(other, cycle.cycle_id) is None
