"""Sittings as the desk keeps them, the fake alike."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from adapters.postgres.enrolling import body_id, sort_key
from domain import ids
from domain.bodies import AtLeast, BodySettings, Every, Quorum
from domain.errors import (
    BadDate,
    NoMajority,
    NoQuorum,
    NotAMember,
    NotFound,
    StaleVersion,
    WrongState,
)
from domain.people import AccessRole
from domain.sittings import AgendaItem, SittingState, Votes
from tests.adapters.councils import DAY, Council, a_council, a_paper, resolved
from tests.adapters.world import SHA, World
from tests.fakes.desk import FakeDesk
from tests.fakes.views import FakeViews

EVER = (date(2020, 9, 1), None)


@pytest.fixture(params=["memory", "postgres"])
def council(request: pytest.FixtureRequest, engine: Engine) -> Council:
    if request.param == "postgres":
        return a_council(engine)
    world = World.make(engine)
    paper, desk = a_paper(world), FakeDesk()
    body, kept = body_id(world.organisation, "council"), desk.sittings
    kept.names[world.organisation, body] = "Совет"
    kept.members[body] = {world.person(code): EVER for code in ("director", "curator")}
    kept.waiting[body] = {paper.document_id: (1, SHA)}
    return Council(world, desk, FakeViews(desk), "user", paper, desk)


def test_a_sitting_is_called_once(council: Council) -> None:
    sitting = council.called()
    council.desk.call_sitting(council.wish, sitting.changed(place="Иное"))

    shown = council.view(sitting)

    assert (shown.state, shown.place, shown.number) == (SittingState.CALLED, "Учительская", None)
    assert [item.title for item in shown.agenda] == ["О плане.", "О приказе"]
    assert council.desk.untold_sittings(sitting.sitting_id) == ()


def test_the_nearest_sitting_is_known_for_the_very_version_that_waits(council: Council) -> None:
    organisation, paper = council.world.organisation, council.paper.document_id
    assert council.views.called_sittings(organisation) == {}
    council.called(day=DAY + timedelta(3))
    nearest = council.called()

    assert council.views.called_sittings(organisation) == {paper: nearest.sitting_id}
    assert council.views.called_sittings(ids.new_id()) == {}
    council.desk.cancel_sitting(council.wish, nearest.sitting_id, "reason")
    assert council.views.called_sittings(organisation)[paper] != nearest.sitting_id
    council.redrafted()
    assert council.views.called_sittings(organisation) == {}


def test_a_sitting_of_another_organisation_is_not_there(council: Council) -> None:
    sitting = council.called()
    strange = council.wish.changed(organisation_id=ids.new_id())
    with pytest.raises(NotFound):
        council.desk.hold_sitting(strange, sitting.sitting_id, council.holding(), DAY)
    with pytest.raises(NotFound):
        council.desk.cancel_sitting(strange, sitting.sitting_id, "reason")
    with pytest.raises(NotFound):
        council.views.sitting(ids.new_id(), sitting.sitting_id)


def test_what_was_held_is_kept_with_the_next_number_and_is_to_be_told(council: Council) -> None:
    sitting, held = council.called(), council.holding()

    done = council.hold(sitting, held)

    assert (done.number, done.members, done.state) == ("1", 2, SittingState.HELD)
    assert council.hold(sitting, held) == done  # asked again
    assert council.hold(council.called(day=DAY - timedelta(1))).number == "2"
    (news,) = council.desk.untold_sittings(sitting.sitting_id)
    assert (news.sitting, news.items, news.ask_minutes) == (done, (2,), True)
    assert (news.by, news.role) == (council.user, AccessRole.CURATOR)
    shown = council.view(sitting)
    assert [item.votes for item in shown.agenda] == [Votes(in_favour=2)] * 2
    assert [item.untold for item in shown.agenda] == [False, True]
    assert shown.minutes_id is None


def test_what_was_told_is_told_no_more(council: Council) -> None:
    sitting = council.hold(council.called())

    council.desk.item_told(sitting.sitting_id, 2, "StaleVersion")
    (news,) = council.desk.untold_sittings(sitting.sitting_id)
    assert (news.items, news.ask_minutes) == ((), True)
    council.desk.minutes_asked(sitting.sitting_id, None)

    assert council.desk.untold_sittings(sitting.sitting_id) == ()
    shown = council.view(sitting)
    assert (shown.agenda[1].refused, shown.minutes_id) == ("StaleVersion", sitting.minutes_id)


def test_a_refusal_of_the_cycle_is_shown(council: Council) -> None:
    sitting = council.hold(council.called())
    council.desk.minutes_asked(sitting.sitting_id, "WrongState")
    shown = council.view(sitting)
    assert (shown.minutes_id, shown.minutes_refused) == (None, "WrongState")


def test_a_decision_for_the_minutes_only_is_told_to_nobody(council: Council) -> None:
    sitting = council.called()
    council.redrafted()
    with pytest.raises(StaleVersion):
        council.hold(sitting)
    held = council.holding(resolutions=(resolved(1), resolved(2, minutes_only=True)))
    council.hold(sitting, held)
    (news,) = council.desk.untold_sittings(sitting.sitting_id)
    assert news.items == ()


def test_a_refused_sitting_leaves_nothing(council: Council) -> None:
    sitting, one = council.called(), council.world.person("director")
    stranger = council.world.person("mentor")
    for held, code in (
        (council.holding(present=(one,)), NoQuorum),
        (council.holding(present=(one, stranger)), NotAMember),
        (council.holding(day=DAY + timedelta(1)), BadDate),
        (council.holding(resolutions=(resolved(1), resolved(2, votes=Votes()))), NoMajority),
    ):
        with pytest.raises(code):
            council.hold(sitting, held)
    assert council.view(sitting).state is SittingState.CALLED
    assert council.hold(sitting).number == "1"


def test_a_sitting_is_cancelled_once_and_only_if_it_was_not_held(council: Council) -> None:
    sitting = council.called()
    council.desk.cancel_sitting(council.wish, sitting.sitting_id, "reason")
    council.desk.cancel_sitting(council.wish, sitting.sitting_id, "reason")
    assert council.view(sitting).state is SittingState.CANCELLED
    with pytest.raises(WrongState):
        council.desk.cancel_sitting(council.wish, sitting.sitting_id, "another")
    with pytest.raises(WrongState):
        council.hold(sitting)
    held = council.hold(council.called())
    with pytest.raises(WrongState):
        council.desk.cancel_sitting(council.wish, held.sitting_id, "reason")


def test_a_paper_that_waits_for_somebody_else_is_on_no_agenda(council: Council) -> None:
    item = AgendaItem(title="О чём-то", document_id=ids.new_id(), version=1, sha256=SHA)
    with pytest.raises(WrongState):
        council.called(agenda=(item,))


def test_a_body_is_set_and_shows_how_often_it_still_has_to_sit(council: Council) -> None:
    organisation, body = council.world.organisation, council.body
    before = council.views.body(organisation, body, DAY)
    assert (before.settings, before.sat, before.quorum) == (BodySettings(), None, 2)
    settings = BodySettings(
        chair_id=council.world.person("director"),
        quorum=Quorum(numerator=1, denominator=1),
        at_least=AtLeast(sittings=2, every=Every.SCHOOL_YEAR),
    )
    council.desk.set_body(council.wish, body, settings)
    council.hold(council.called())
    council.hold(council.called(day=date(2026, 8, 31)))  # of the school year before

    shown = council.views.body(organisation, body, DAY)

    assert shown.settings == settings
    assert shown.sat is not None
    assert (shown.sat.period.start, shown.sat.held, shown.sat.missing) == (date(2026, 9, 1), 1, 1)
    assert [one.id for one in shown.members] == sorted(
        (one.id for one in shown.members),
        key=lambda id_: sort_key(next(one.name for one in shown.members if one.id == id_)),
    )


def test_a_chair_sits_in_the_body_and_the_body_is_the_organisations(council: Council) -> None:
    settings = BodySettings(chair_id=council.world.person("mentor"))
    with pytest.raises(NotAMember):
        council.desk.set_body(council.wish, council.body, settings)
    with pytest.raises(NotFound):
        council.desk.set_body(council.wish, ids.new_id(), BodySettings())
    strange = council.wish.changed(organisation_id=ids.new_id())
    with pytest.raises(NotFound):
        council.desk.set_body(strange, council.body, BodySettings())


def test_sittings_are_listed_the_latest_first(council: Council) -> None:
    earlier, later = council.called(day=DAY - timedelta(9)), council.called()
    organisation = council.world.organisation
    listed = [one.sitting_id for one in council.views.sittings(organisation, council.body)]
    assert listed == [later.sitting_id, earlier.sitting_id]
    assert council.views.sittings(organisation, ids.new_id()) == ()
    assert council.views.sittings(ids.new_id()) == ()
