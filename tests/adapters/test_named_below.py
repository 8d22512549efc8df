"""Names leave an organisation upwards only, while a consent in force names who sees them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from domain.amendments import Change, How
from domain.branch_wishes import Invite, ReleaseBranch
from domain.documents import Stage
from domain.errors import NotAbove, NotFound, TransferFixed
from domain.organisations import Level
from domain.transfers import PASSED, PURPOSE, RECIPIENT
from tests.adapters.named import ADULT, MINOR, Scene, School, a_scene
from tests.adapters.nested import Municipality
from tests.adapters.world import NOW, in_force

BOTH = [("Коваль Анна Павловна", "mentor", form) for form in ("student_student", "teacher_teacher")]
YOUNG = ("Дюма Светлана Павловна", "mentee", "student_student")
DAY = timedelta(days=1)


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return a_scene(engine)


def test_without_a_consent_people_are_a_number(scene: Scene) -> None:
    (branch,) = scene.page().branches
    assert (branch.name, branch.people, branch.unnamed, branch.lines) == ("СОШ № 1", 3, 3, ())


def test_whose_consent_names_the_one_above_is_named_and_the_others_stay_a_number(
    scene: Scene,
) -> None:
    scene.school.consents("mentor", scene.above)

    (branch,) = scene.page().branches

    assert scene.named() == BOTH
    assert (branch.people, branch.unnamed) == (3, 2)
    assert branch.lines[0].model_dump() == {
        "name": "Коваль Анна Павловна",
        "part": "mentor",
        "form": "student_student",
        "form_title": "обучающийся — обучающийся",
    }


def test_a_consent_says_who_is_told_what_and_for_what(scene: Scene) -> None:
    signed = scene.school.consents("mentor", scene.above)
    assert signed.draft is not None
    facts = scene.school.ledger.facts(signed.draft.facts_id)
    assert facts["recipient"] == "Колледж «Заря», 000001, г. Заречинск, ул. Учебная, д. 1"
    assert (facts["transfer_purpose"], facts["transferred_data"]) == (PURPOSE, list(PASSED))


@pytest.mark.parametrize("worded", ["recipient", "transfer_purpose", "transferred_data"])
def test_a_consent_to_one_above_words_nothing_anew(scene: Scene, worded: str) -> None:
    with pytest.raises(TransferFixed):
        scene.school.drafted("mentor", ADULT, {RECIPIENT: scene.above, worded: "иное"})


def test_only_who_stands_above_may_be_named_as_recipient(scene: Scene) -> None:
    foreign = Municipality.make(scene.upper.engine).rise()
    sibling, _ = School.below(scene.upper, scene.state)
    strangers = (foreign, sibling, scene.school)
    for recipient in (*(one.organisation for one in strangers), "ООО «Вне системы»"):
        with pytest.raises(NotAbove):
            scene.school.drafted("mentor", ADULT, {RECIPIENT: recipient})


def test_a_foreign_organisation_a_sibling_and_the_school_itself_see_nothing_of_it(
    scene: Scene,
) -> None:
    scene.school.consents("mentor", scene.above)
    foreign = Municipality.make(scene.upper.engine).rise()
    foreign.save(foreign.planned())
    sibling, _ = School.below(scene.upper, scene.state)
    for world in (foreign, sibling, scene.school):
        assert world.views.people_below(world.organisation, world.cycle, NOW).branches == ()
        with pytest.raises(NotFound):
            world.views.people_below(world.organisation, scene.upper.cycle, NOW)


def test_the_uppers_upper_sees_only_those_who_named_it(scene: Scene, owner_engine: Engine) -> None:
    region = a_region_above(scene, owner_engine)
    scene.school.consents("mentor", scene.above)

    def seen_in_region() -> list[tuple[int, int, list[str]]]:
        found = region.views.people_below(region.organisation, region.cycle, NOW).branches
        return [(one.people, one.unnamed, [line.name for line in one.lines]) for one in found]

    assert scene.named() == BOTH
    assert seen_in_region() == [(0, 0, []), (3, 3, [])]
    scene.school.consents("young", region.organisation, MINOR)
    assert scene.named() == BOTH
    assert seen_in_region() == [(0, 0, []), (3, 2, ["Дюма Светлана Павловна"])]


def a_region_above(scene: Scene, owner: Engine) -> Municipality:
    """The municipality's cycle is a branch of this region's."""
    region = Municipality.make(scene.upper.engine)
    region.desk.place(region.organisation, Level.REGION, None)
    scene.upper.desk.place(scene.above, Level.MUNICIPALITY, region.organisation)
    wish = Invite(by=region.curator, below_ids=(scene.above,))
    region.joined(region.saved(region.planned().branches_invited(wish, NOW)), 1)
    joins = text("UPDATE launches SET upper_cycle_id = :upper, branch = 1 WHERE cycle_id = :cycle")
    with owner.begin() as connection:
        connection.execute(joins, {"upper": region.cycle, "cycle": scene.upper.cycle})
    return region


def test_a_consent_is_over_after_its_last_day(scene: Scene) -> None:
    scene.school.consents("mentor", scene.above, until=date(2026, 10, 1))
    last = datetime(2026, 10, 1, 12, tzinfo=UTC)
    assert scene.named(last) == BOTH
    assert scene.named(last + DAY) == []


def test_without_a_term_of_its_own_a_consent_ends_with_the_programme(scene: Scene) -> None:
    scene.school.consents("mentor", scene.above)
    assert scene.named(datetime(2027, 8, 1, tzinfo=UTC)) == []


def test_a_consent_does_not_count_before_its_day(scene: Scene) -> None:
    scene.school.consents("mentor", scene.above)
    assert scene.named(NOW - DAY) == []


def test_a_withdrawal_counts_from_the_moment_that_it_is_asked_for(scene: Scene) -> None:
    scene.school.consents("mentor", scene.above)
    withdrawal = scene.school.withdraws("mentor")
    assert scene.named() == []
    dropped = withdrawal.touched(stage=Stage.WITHDRAWN)
    scene.school.save(dropped)
    assert scene.named() == BOTH, "it was asked for by mistake"


def test_a_consent_after_a_withdrawal_counts_again(scene: Scene) -> None:
    scene.school.withdraws("mentor", NOW - DAY)
    scene.school.consents("mentor", scene.above)
    assert scene.named() == BOTH


@pytest.mark.parametrize("signed", [False, True])
def test_a_consent_that_is_signed_at_last_does_not_outdo_a_withdrawal_begun_meanwhile(
    scene: Scene, *, signed: bool
) -> None:
    """Papers are scanned in heaps: what was given first may be sealed last."""
    begun = scene.school.begins("mentor", scene.above, NOW - 2 * DAY)
    withdrawal = scene.school.withdraws("mentor", NOW - DAY)
    if signed:
        scene.school.save(withdrawal.touched(stage=Stage.IN_FORCE))
    scene.school.kept(in_force(begun).changed(draft=begun.draft))
    assert scene.named() == []


def test_who_withdrew_leaves_the_consents_of_others_alone(scene: Scene) -> None:
    scene.school.consents("mentor", scene.above)
    scene.school.withdraws("mentee")
    assert scene.named() == BOTH


def test_a_consent_that_nobody_signed_yet_names_nobody(scene: Scene) -> None:
    scene.school.kept(scene.school.drafted("mentor", ADULT, {RECIPIENT: scene.above}))
    assert scene.named() == []


@pytest.mark.parametrize(
    ("born", "kind", "counts"),
    [
        (date(2014, 1, 1), MINOR, True),  # 12: the representative alone
        (date(2014, 1, 1), ADULT, False),  # 12, on the form of an adult
        (date(2010, 11, 2), MINOR, True),  # 15: both
        (date(2010, 11, 2), ADULT, False),  # 15, on the form of an adult: one signature of two
    ],
)
def test_a_minor_is_named_only_by_the_form_that_the_age_asks_for(
    engine: Engine, born: date, kind: str, *, counts: bool
) -> None:
    scene = a_scene(engine, born)
    scene.school.consents("young", scene.above, kind)
    assert scene.named() == ([YOUNG] if counts else [])


@pytest.mark.parametrize("years", [14, 18])
def test_who_grows_out_of_a_consent_is_named_no_more_until_a_new_one(
    engine: Engine, years: int
) -> None:
    birthday = datetime(2026, 9, 20, 12, tzinfo=UTC)
    scene = a_scene(engine, birthday.date().replace(year=2026 - years))
    scene.school.consents("young", scene.above, MINOR)
    assert scene.named(birthday - DAY) == [YOUNG]
    assert scene.named(birthday) == []


def test_a_consent_that_another_document_cancels_counts_no_more(scene: Scene) -> None:
    consent = scene.school.consents("mentor", scene.above)
    change = Change(document_id=consent.document_id, how=How.CANCELS)
    order = scene.school.document(scene.school.paired()).changed(changes=(change,))
    scene.school.save(order)
    assert scene.named() == BOTH, "not in force yet"
    scene.school.save(in_force(order))
    assert scene.named() == []


def test_a_consent_whose_facts_are_destroyed_counts_no_more(
    scene: Scene, owner_engine: Engine
) -> None:
    consent = scene.school.consents("mentor", scene.above)
    gone = text("UPDATE facts SET body = '', destroyed_at = now() WHERE document_id = :id")
    with owner_engine.begin() as connection:
        connection.execute(gone, {"id": consent.document_id})
    assert scene.named() == []


def test_a_consent_by_a_template_of_others_does_not_count(
    scene: Scene, owner_engine: Engine
) -> None:
    """What such a paper says is not known."""
    scene.school.consents("mentor", scene.above)
    own = text("UPDATE template_files SET ours = false WHERE organisation_id = :o")
    with owner_engine.begin() as connection:
        connection.execute(own, {"o": scene.school.organisation})
    assert scene.named() == []


def test_names_are_gone_with_the_branch_that_left(scene: Scene) -> None:
    scene.school.consents("mentor", scene.above)
    wish = ReleaseBranch(by=scene.upper.curator, n=1, note_id="note")
    scene.upper.saved(scene.state.branch_released(wish, NOW))
    assert scene.page().branches == ()


def test_names_are_gone_with_an_organisation_that_stands_elsewhere(scene: Scene) -> None:
    scene.school.consents("mentor", scene.above)
    other = Municipality.make(scene.upper.engine).rise()
    scene.school.desk.place(scene.school.organisation, Level.ORGANISATION, other.organisation)
    assert scene.page().branches == ()


@pytest.mark.parametrize("closed", ["upper", "school"])
def test_names_are_gone_once_a_cycle_is_closed(scene: Scene, closed: str) -> None:
    scene.school.consents("mentor", scene.above)
    if closed == "upper":
        scene.upper.save(scene.state.touched(closed=True))
    else:
        scene.school.save(scene.school.paired().changed(closed=True, revision=90))
    found = scene.page()
    assert (found.closed, found.branches, found.stale) == (closed == "upper", (), ())


def test_another_year_of_the_programme_has_its_own_people(scene: Scene) -> None:
    scene.school.consents("mentor", scene.above)
    (branch,) = scene.page(turn=2).branches
    assert (branch.people, branch.lines) == (0, ())


def test_who_stopped_early_does_not_take_part(scene: Scene, owner_engine: Engine) -> None:
    scene.school.consents("mentor", scene.above)
    stops = text("UPDATE pairs SET stage = 'stopped', open = false WHERE cycle_id = :cycle")
    with owner_engine.begin() as connection:
        connection.execute(stops, {"cycle": scene.school.cycle})
    (branch,) = scene.page().branches
    assert (branch.people, branch.lines) == (0, ())


def test_the_organisations_above_are_told_the_nearest_first(scene: Scene) -> None:
    region = Municipality.make(scene.upper.engine)
    region.desk.place(region.organisation, Level.REGION, None)
    scene.upper.desk.place(scene.above, Level.MUNICIPALITY, region.organisation)
    found = scene.school.views.organisations_above(scene.school.organisation)
    assert [one.organisation_id for one in found] == [scene.above, region.organisation]
