"""What the one above sees of cycles below: who, what, how much; never anybody."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from activities.branch_ports import FileReport
from activities.tasks import KeptText
from adapters.postgres.branch_views import BranchAsked, BranchPage
from adapters.postgres.organisation_views import OrganisationAsked
from domain import ids
from domain.branch_wishes import Excuse, ReleaseBranch
from domain.enrolment import Enrolment
from domain.errors import NotFound
from domain.people import AccessRole
from domain.programme import ProgrammeState
from domain.report_forms import Asked
from domain.roadmap import Roadmap
from domain.roadmap_versions import with_version
from domain.upper import Filing, Upper
from tests.adapters.nested import DEMAND, Municipality, a_below_roadmap, an_upper_roadmap
from tests.adapters.world import ENROLMENT, NOW, PEOPLE, ZONE, World, a_roadmap

ALL = BranchAsked()
LATER = NOW + timedelta(days=60)
ENTERED = {
    "indicator:1.1": Asked(name="indicator:1.1", title="1.1. Договоры", unit="ед.", entered=True),
    "indicator:1.2": Asked(name="indicator:1.2", title="1.2. Рост", unit="%", entered=True),
}


@pytest.fixture
def upper(engine: Engine) -> Municipality:
    return Municipality.make(engine).rise()


def page(upper: Municipality, asked: BranchAsked = ALL, *, late: bool = False) -> BranchPage:
    now = LATER if late else NOW
    return upper.views.branches(upper.organisation, upper.cycle, asked, ENTERED, now)


def sums(upper: Municipality) -> dict[str, tuple[str | None, str | None, int]]:
    return {one.name: (one.value, one.accepted, one.reports) for one in page(upper).sums}


def test_who_was_invited_is_listed_and_a_missing_report_is_late_after_its_day(
    upper: Municipality,
) -> None:
    upper.joined(upper.inviting(*upper.schools(tags=("500+",))), 2)

    found = page(upper)

    assert [(one.name, one.stage, one.state) for one in found.lines] == [
        ("Школа s-1", "invited", "missing"),
        ("Школа s-2", "joined", "missing"),
        ("Школа s-3", "invited", "missing"),
    ]
    assert found.demand is not None
    assert (found.demand.demand, found.demand.turn, found.demand.title) == (
        *(DEMAND, 1),
        "Отчёт за год",
    )
    assert (found.stages, found.states) == ({"invited": 2, "joined": 1}, {"missing": 3})
    assert found.lines[0].tags == ("500+",)
    assert not any(one.overdue for one in found.lines)
    assert all(one.overdue for one in page(upper, late=True).lines)
    assert len(page(upper, BranchAsked(overdue=True), late=True).lines) == 3
    assert page(upper, BranchAsked(stage="joined")).total == 1


def test_reports_to_be_answered_stand_first_and_are_found_by_state(upper: Municipality) -> None:
    state = upper.joined(upper.inviting(*upper.schools()), 1, 2, 3)
    for n in (2, 3):
        state = upper.came(state, n, upper.entered(n, pairs=n))
    state = upper.answered(state, 3)

    assert [(one.n, one.state) for one in page(upper).lines] == [
        (2, "sent"),
        (1, "missing"),
        (3, "accepted"),
    ]
    assert [one.n for one in page(upper, BranchAsked(state="accepted")).lines] == [3]
    assert page(upper).states == {"sent": 1, "missing": 1, "accepted": 1}


def test_sums_are_of_reports_that_were_sent_or_accepted_in_their_latest_version(
    upper: Municipality,
) -> None:
    state = upper.joined(upper.inviting(*upper.schools()), 1, 2, 3)
    state = upper.came(state, 1, upper.entered(1, pairs=4, mentors=3))
    state = upper.came(state, 2, upper.entered(2, pairs=10))
    note = upper.desk.keep_text(a_note(upper, "Пары из сентября не учтены."))
    state = upper.answered(state, 2, note=note)
    assert sums(upper)["pairs"] == ("4", "0", 1), "what was returned does not count"
    state = upper.came(state, 2, upper.entered(2, pairs=11))
    upper.answered(state, 1)

    assert sums(upper) == {"pairs": ("15", "4", 2), "mentors": ("3", "3", 1)}


def test_percentages_are_worked_out_of_two_sums_and_shares_that_were_entered_are_not_summed(
    upper: Municipality,
) -> None:
    state = upper.joined(upper.inviting(*upper.schools()), 1, 2, 3)
    young, supported = "staff_under_35", "staff_under_35_supported"
    given: list[dict[str, Any]] = [
        {young: 1, supported: 1, "indicator:1.1": "2.5", "indicator:1.2": "50"},
        {young: 9, supported: 2, "indicator:1.1": "1", "indicator:1.2": "10"},
        {young: 5},  # says nothing of the part: it is left out of the share, not of the sum
    ]
    for n, figures in enumerate(given, start=1):
        state = upper.came(state, n, upper.entered(n, **figures))

    found = sums(upper)

    assert found["staff_under_35"][0] == "15"
    assert found["staff_under_35_supported_percent"][0] == "30"
    assert found["indicator:1.1"] == ("3.5", "0", 2)
    assert found["indicator:1.2"] == (None, None, 2)
    assert [one.title for one in page(upper).sums][-2:] == ["1.1. Договоры", "1.2. Рост"]


def test_a_municipality_counts_with_those_below_it(upper: Municipality) -> None:
    state = upper.joined(upper.inviting(*upper.schools()), 1)
    upper.came(state, 1, upper.entered(1, pairs=2, below_pairs=40))

    assert sums(upper)["pairs"][0] == "42"


def test_every_sum_opens_the_organisations_that_it_came_from(upper: Municipality) -> None:
    state = upper.joined(upper.inviting(*upper.schools()), 1, 2, 3)
    for n, pairs in ((1, 4), (2, 11)):
        state = upper.came(state, n, upper.entered(n, pairs=pairs))
    upper.came(state, 3, upper.entered(3, mentors=1))

    found = upper.views.branch_figures(upper.organisation, upper.cycle, "pairs", ALL, {}, NOW)

    assert [(one.branch.name, one.value) for one in found.lines] == [
        ("Школа s-2", "11"),
        ("Школа s-1", "4"),
    ]
    assert found.sum.value == str(sum(int(one.value) for one in found.lines))
    with pytest.raises(NotFound):
        upper.views.branch_figures(upper.organisation, upper.cycle, "mentees", ALL, {}, NOW)


def test_a_branch_shows_all_versions_where_each_came_from_and_what_was_remarked(
    upper: Municipality,
) -> None:
    curator = upper.views.user_by_token(
        upper.desk.add_user(upper.organisation, AccessRole.CURATOR, upper.person("curator"))
    )
    state = upper.inviting(*upper.schools())
    for pairs in (4, 5):
        entered = upper.figures_of(1, pairs=pairs).changed(given_by=curator.id)
        state = upper.counted_in(state, 1, upper.desk.enter_figures(entered))

    found = upper.views.branch(upper.organisation, upper.cycle, 1, ALL, {}, NOW)

    assert (found.line.state, found.line.origin, found.line.version) == ("accepted", "entered", 2)
    assert found.line.given_by is not None
    assert found.line.given_by.name.replace("\xa0", " ") == "Ёлкина М. П. (куратор)"
    assert [(one.version, one.source) for one in found.versions] == [
        (2, "письмо № 41"),
        (1, "письмо № 41"),
    ]
    assert [(one.title, one.value) for one in found.versions[0].figures] == [("Пары", "5")]
    with pytest.raises(NotFound):
        upper.views.branch(upper.organisation, upper.cycle, 4, ALL, {}, NOW)


def test_entering_the_same_again_makes_no_version_until_it_counts(upper: Municipality) -> None:
    state = upper.inviting(*upper.schools())

    assert [upper.entered(1, pairs=4), upper.entered(1, pairs=4)] == [1, 1]
    upper.counted_in(state, 1, 1)
    assert upper.entered(1, pairs=4) == 2

    stranger = upper.figures_of(1, pairs=4).changed(organisation_id=ids.new_id())
    with pytest.raises(NotFound):
        upper.desk.enter_figures(stranger)
    with pytest.raises(NotFound):
        upper.entered(4, pairs=4)


def test_who_left_and_who_is_excused_is_neither_late_nor_summed(upper: Municipality) -> None:
    state = upper.joined(upper.inviting(*upper.schools()), 1, 2, 3)
    state = upper.came(state, 1, upper.entered(1, pairs=4))
    note = upper.desk.keep_text(a_note(upper, "Школа закрыта."))
    state = upper.saved(
        state.branch_released(ReleaseBranch(by=upper.curator, n=1, note_id=note), NOW)
    )
    wish = Excuse(by=upper.curator, n=2, demand=DEMAND, note_id=note)
    upper.saved(state.report_excused(wish, NOW))

    found = page(upper, late=True)

    assert {one.n: (one.stage, one.overdue) for one in found.lines} == {
        1: ("left", False),
        2: ("joined", False),
        3: ("joined", True),
    }
    assert found.states == {"excused": 1, "missing": 1}
    assert found.sums == ()
    shown = upper.views.branch(upper.organisation, upper.cycle, 2, ALL, {}, NOW)
    assert shown.remark == "Школа закрыта."


def test_another_organisation_sees_nothing_of_it(upper: Municipality, engine: Engine) -> None:
    upper.inviting(*upper.schools())
    stranger = World.make(engine)

    for see in (
        lambda: stranger.views.branches(stranger.organisation, upper.cycle, ALL, {}, NOW),
        lambda: stranger.views.branch(stranger.organisation, upper.cycle, 1, ALL, {}, NOW),
        lambda: stranger.views.roadmap(stranger.organisation, upper.cycle),
        lambda: stranger.views.own_report(stranger.organisation, upper.cycle, 1),
        lambda: stranger.views.invitation(stranger.organisation, upper.cycle, 1, NOW),
    ):
        with pytest.raises(NotFound):
            see()
    assert stranger.views.invitations(stranger.organisation, NOW) == ()


def test_the_one_below_sees_who_invited_it_what_is_asked_and_what_was_remarked(
    upper: Municipality,
) -> None:
    school, *_ = upper.schools()
    state = upper.joined(upper.inviting(school), 1)
    state = upper.came(state, 1, upper.entered(1, pairs=4))
    note = upper.desk.keep_text(a_note(upper, "Пары из сентября не учтены."))
    upper.answered(state, 1, note=note)

    (found,) = upper.views.invitations(school, LATER)

    assert (found.upper, found.title) == ("Колледж «Заря»", "Муниципальная программа")
    assert (found.roadmap, found.adapt, found.own_cycle_id) == ("small_below", ("deadlines",), None)
    (report,) = found.reports
    assert (report.title, report.state, report.overdue) == ("Отчёт за год", "returned", True)
    assert report.remark == "Пары из сентября не учтены."
    assert upper.views.upper_turn(upper.cycle, NOW.date()) == 1
    with pytest.raises(NotFound):
        upper.views.invitation(school, upper.cycle, 2, NOW)


def test_a_launched_cycle_is_known_to_its_invitation_and_reports_what_it_counts(
    upper: Municipality,
) -> None:
    school, *_ = upper.schools()
    upper.inviting(school)
    cycle = launched(upper, school)

    (found,) = upper.views.invitations(school, NOW)

    assert found.own_cycle_id == cycle
    report = upper.views.own_report(school, cycle, 1)
    assert (report.organisation, report.programme) == ("Школа s-1", "Малая программа")
    assert report.figures["pairs"] == 0
    assert {one.name for one in report.asked} >= {"pairs", "indicator:1.1"}


def test_a_year_that_the_cycle_has_not_is_reported_to_nobody(upper: Municipality) -> None:
    with pytest.raises(NotFound):
        upper.views.own_report(upper.organisation, upper.cycle, 2)


def test_reports_on_a_row_that_the_roadmap_has_no_more_are_still_found(
    upper: Municipality,
) -> None:
    school, *_ = upper.schools()
    state = upper.joined(upper.inviting(school), 1)
    state = upper.answered(upper.came(state, 1, upper.entered(1, pairs=4)), 1)
    assert state.items[-1].done

    upper.takes(without_reports(), state)

    found = page(upper)
    assert [(one.demand, one.title, one.done) for one in found.demands] == [
        (DEMAND, "Отчёты организаций", True)
    ]
    assert [(one.state, one.at is not None) for one in found.lines] == [("accepted", True)]
    (invitation,) = upper.views.invitations(school, NOW)
    assert [one.state for one in invitation.reports] == ["accepted"]


def test_the_roadmap_of_an_organisation_that_left_is_changed_from_above_no_more(
    upper: Municipality,
) -> None:
    school, *_ = upper.schools()
    state = upper.joined(upper.inviting(school), 1)
    cycle = launched(upper, school)
    running = upper.views.running(upper.organisation, "small_below")
    assert [(one.cycle_id, one.organisation_id) for one in running] == [(cycle, school)]

    upper.saved(state.branch_released(ReleaseBranch(by=upper.curator, n=1, note_id="why"), NOW))

    assert upper.views.running(upper.organisation, "small_below") == ()
    assert [one.cycle_id for one in upper.views.running(school, "small_below")] == [cycle]


def test_nothing_of_the_people_below_is_in_any_answer_to_the_one_above(
    upper: Municipality,
) -> None:
    """Names, ids and posts of people stand in the rows of the school; it reports by itself."""
    school, *_ = upper.schools()
    state = upper.joined(upper.inviting(school), 1)
    cycle = launched(upper, school)
    filing = Filing(demand=DEMAND, turn=1, upper_turn=1)
    filed = upper.reports.file_report(
        FileReport(
            organisation_id=school,
            cycle_id=cycle,
            upper_cycle_id=upper.cycle,
            n=1,
            filing=filing,
        )
    )
    upper.came(state, 1, filed.version)
    views, organisation = upper.views, upper.organisation
    answers = (
        page(upper),
        views.branch(organisation, upper.cycle, 1, ALL, {}, NOW),
        *(
            views.branch_figures(organisation, upper.cycle, one.name, ALL, {}, NOW)
            for one in page(upper).sums
        ),
        views.organisations_below(organisation, OrganisationAsked()),
        views.cycle(organisation, upper.cycle, NOW),
    )

    said = " ".join(json.dumps(one.model_dump(mode="json"), ensure_ascii=False) for one in answers)

    assert "Школа s-1" in said
    known = [row.id for row in views.people(school)]
    assert len(known) == len(PEOPLE)
    words = [*known, *(name for one in SCHOOL_PEOPLE.people for name in (one.last, str(one.post)))]
    assert [one for one in words if one in said] == []
    assert page(upper).lines[0].given_by is None


SCHOOL_PEOPLE = Enrolment(
    people=tuple(
        one.changed(last=f"Нижняя{one.last}", post=one.post and f"нижний {one.post}")
        for one in ENROLMENT.people
    ),
    bodies=ENROLMENT.bodies,
)


def without_reports() -> Roadmap:
    """The next version of the municipal programme asks for no reports."""
    version = a_roadmap().changed(roadmap="municipal", version=2, level="municipality")
    return with_version(an_upper_roadmap(), 0, version, ())


def a_note(world: World, words: str) -> KeptText:
    return KeptText(
        id=ids.new_id(),
        organisation_id=world.organisation,
        kind="remark",
        subject=world.cycle_workflow,
        author="user-curator",
        body={"text": words},
    )


def launched(upper: Municipality, school: str) -> str:
    """The school's own cycle for the invitation, with people in it."""
    upper.desk.enrol(school, SCHOOL_PEOPLE)
    codes = {one.code: one.id for one in upper.views.people(school)}
    (body,) = upper.views.bodies(school)
    holders = {"director": codes["director"], "curator": codes["curator"], "council": body.id}
    launch = upper.launch.changed(
        roadmap=a_below_roadmap(),
        time_zone=ZONE,
        holders=holders,
        upper=Upper(cycle_id=upper.cycle, n=1),
    )
    state = lower_state(upper, school)
    upper.desk.keep_launch(state.cycle_id, school, launch)
    upper.save(state)
    return state.cycle_id


def lower_state(upper: Municipality, school: str) -> ProgrammeState:
    """The first state of the school's own cycle."""
    return ProgrammeState(
        organisation_id=school,
        cycle_id=ids.branch_cycle(upper.cycle, 1),
        administrator="user-admin",
        launched=NOW,
        upper=Upper(cycle_id=upper.cycle, n=1),
    )
