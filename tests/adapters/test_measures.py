"""Figures of a turn are the sums of their rows, as PostgreSQL has them."""

import json
from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import Engine, text

from activities import tasks
from activities.event_ports import EventWish, PublicationCheck, PublicationWish
from adapters.postgres.measures import Measures, counted
from domain import ids
from domain.enrolment import Enrolment
from domain.errors import NotFound
from domain.events import EventDetails, PublicationDetails
from domain.measures import BELOW, MEASURES, OWN, value_of
from domain.pair import PairState
from tests.adapters.world import NOW, World, a_person, in_force

YOUNG = tuple(
    a_person(f"young{n}", last, "Нина", birth_date=date(2000, 1, n), experience_years=1)
    for n, last in enumerate(("Аистова", "Белкина", "Воронова"), start=1)
)


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def counts(world: World, turn: int = 1) -> Mapping[str, int]:
    with world.engine.connect() as connection:
        return counted(connection, world.organisation, world.cycle, turn)


def a_pair(world: World) -> PairState:
    """The state of the only pair, whose cycle is saved."""
    cycle = world.with_pair()
    world.save(cycle)
    return cycle.pair(cycle.pairs[0].pair_id, NOW)


def proved(world: World, body: Mapping[str, object]) -> None:
    """The second row of the cycle, proved by this."""
    kept = tasks.KeptText(
        id=ids.new_id(),
        organisation_id=world.organisation,
        kind="evidence",
        subject=world.cycle_workflow,
        author="user",
        body=dict(body),
    )
    world.desk.keep_text(kept)
    cycle = world.planned()
    item = cycle.items[1].with_result("answers", evidence_id=kept.id)
    world.save(cycle.with_item(item).changed(revision=5))


def test_a_cycle_without_pairs_counts_nothing_and_knows_every_count(world: World) -> None:
    world.save(world.planned())
    found = counts(world)
    assert set(found) == {name for name, one in OWN.items() if one.part is None}
    assert {name for name, n in found.items() if n} == {
        *("mentors_base", "mentees_base", "mentees_unmatched"),
        *("novices", "staff"),
    }
    assert (found["mentees_base"], found["staff"]) == (2, 4)


def test_another_organisation_has_no_figures_of_this_cycle(world: World) -> None:
    with world.engine.connect() as connection, pytest.raises(NotFound):
        counted(connection, "0" * 16, world.cycle, 1)


def test_pairs_and_people_are_counted_by_form_and_by_age_on_the_turns_first_day(
    world: World,
) -> None:
    pair = a_pair(world)
    meetings = [
        {"kind": "first", "day": "2026-10-09", "minutes": 30},
        {"kind": "first", "day": "2026-10-02", "minutes": 45},
    ]
    world.save(pair.changed(meetings=meetings, revision=4))
    found = counts(world)
    assert {name: n for name, n in found.items() if name.startswith("pairs") and n} == {
        "pairs": 1,
        "pairs_open": 1,
        "pairs_teacher_teacher": 1,
    }
    assert (found["meetings"], found["meeting_minutes"]) == (2, 75)
    assert (found["participants"], found["minors"]) == (2, 0)
    assert found["mentors_teacher_teacher_from_35"] == found["mentors_of_staff"] == 1
    assert (found["mentees_matched"], found["mentees_unmatched"]) == (1, 1)
    assert (found["novices"], found["novices_matched"]) == (1, 1)
    assert value_of("matched_percent", found) == 50
    assert counts(world, turn=2)["pairs"] == 0


def test_a_pair_whose_track_is_done_counts_as_completed_while_its_rows_are_open(
    world: World,
) -> None:
    pair = a_pair(world)
    world.save(pair.changed(position=len(pair.track), revision=4))
    found = counts(world)
    assert found["pairs_completed"] == found["pairs_monitored_interim"] == 1
    assert found["pairs_monitored_final"] == 1


def test_a_minor_is_counted_as_one(world: World) -> None:
    cycle = world.with_pair("young")
    world.save(cycle)
    found = counts(world)
    assert (found["minors"], found["mentees_from_14_to_17"]) == (1, 1)


def test_the_young_among_the_staff_count_as_supported_on_either_side_of_a_pair(
    world: World,
) -> None:
    mentee, mentor, _ = YOUNG
    people = (
        mentee.changed(roles=("staff", "mentee")),
        mentor.changed(roles=("staff", "mentor")),
        YOUNG[2],
    )
    world.desk.enrol(world.organisation, Enrolment(people=people))
    cycle = world.planned()
    world.save(cycle)
    with world.engine.begin() as connection:
        connection.execute(
            text(
                """
                INSERT INTO pairs (pair_id, organisation_id, cycle_id, mentor_id, mentee_id, form,
                  turn, stage, open)
                VALUES (:id, :organisation, :cycle, :mentor, :mentee, 'teacher_teacher', 1,
                  'meetings', true)
                """
            ),
            {
                "id": ids.new_id(),
                "organisation": world.organisation,
                "cycle": world.cycle,
                "mentor": world.person("young2"),
                "mentee": world.person("young1"),
            },
        )
    found = counts(world)
    assert (found["staff_under_35"], found["staff_under_35_supported"]) == (3, 2)
    assert str(value_of("staff_under_35_supported_percent", found)) == "66.6"


def test_documents_count_once_they_are_in_force(world: World) -> None:
    paper = world.document(world.planned())
    world.save(paper)
    assert counts(world)["documents_in_force"] == 0
    agreement = paper.changed(document_id=ids.new_id(), kind="agreement")
    world.save(in_force(paper))
    world.save(in_force(agreement))
    found = counts(world)
    assert (found["documents_in_force"], found["agreements"]) == (2, 1)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"proof": "answers", "count": 7}, {"answers": 7, "results_proved": 1}),
        (
            {"proof": "event", "day": "2026-10-02", "attendance": 12},
            {"events": 1, "event_attendance": 12, "results_proved": 1},
        ),
        ({"proof": "link", "day": "2026-10-02"}, {"publications": 1, "results_proved": 1}),
        ({"proof": "number", "number": 4}, {"results_proved": 1}),
    ],
)
def test_what_proved_results_is_counted(
    world: World, body: Mapping[str, object], expected: Mapping[str, int]
) -> None:
    proved(world, body)
    of_proofs = [name for name, one in OWN.items() if one.of_steps]
    found = counts(world)
    assert {name: found[name] for name in of_proofs if found[name]} == expected


def test_what_proved_results_is_counted_for_the_rows_that_are_named(world: World) -> None:
    proved(world, {"proof": "answers", "count": 7})
    with world.engine.connect() as connection:
        measures = Measures(connection, world.organisation, world.cycle, 1)
        assert measures.count("answers", ("2",)) == 7
        assert measures.count("answers", ("1",)) == 0
        (row,) = measures.rows("answers")
    assert (row.title, row.n) == ("Анкеты собраны", 7)


def an_event(world: World, *people: str, attendance: int | None = 9, n: int = 1) -> str:
    """An event of the turn to which these came."""
    id_ = ids.derived_id(world.cycle, str(n))
    details = EventDetails(
        kind="seminar",
        title="Семинар молодых педагогов",
        day=date(2026, 9, 3),
        attendance=attendance,
        people=tuple(world.person(code) for code in people),
    )
    world.desk.add_event(
        EventWish(
            wish_id=f"{id_}/add",
            organisation_id=world.organisation,
            cycle_id=world.cycle,
            turn=1,
            event_id=id_,
            details=details,
            author="user",
            at=NOW,
        )
    )
    return id_


def test_an_event_counts_once_it_was_held_and_once_only(world: World) -> None:
    held = an_event(world)
    an_event(world, attendance=None, n=2)
    proved(world, {"proof": "event", "event_id": held, "day": "2026-09-03", "attendance": 9})
    found = counts(world)
    assert (found["events"], found["event_attendance"], found["results_proved"]) == (1, 9, 1)
    with world.engine.connect() as connection:
        measures = Measures(connection, world.organisation, world.cycle, 1)
        assert [row.id for row in measures.rows("events", ("2",))] == [held]
        assert measures.rows("events", ("1",)) == ()


def test_a_publication_counts_until_somebody_looked_for_it_in_vain(world: World) -> None:
    for n, present in enumerate((True, False, None)):
        id_ = ids.derived_id(world.cycle, "publication", str(n))
        world.desk.add_publication(
            PublicationWish(
                wish_id=f"{id_}/add",
                organisation_id=world.organisation,
                cycle_id=world.cycle,
                turn=1,
                publication_id=id_,
                details=PublicationDetails(
                    what="Наши наставники",
                    site="сайт колледжа",
                    address=f"https://college.example/{n}",
                    day=date(2026, 9, 3),
                ),
                author="user",
                at=NOW,
            )
        )
        if present is not None:
            world.desk.check_publication(
                PublicationCheck(
                    wish_id=f"{id_}/check",
                    organisation_id=world.organisation,
                    publication_id=id_,
                    present=present,
                    author="user",
                    at=NOW,
                )
            )
    assert counts(world)["publications"] == 2


def test_the_young_who_came_to_an_event_are_supported_without_a_pair(world: World) -> None:
    people = tuple(one.changed(roles=("staff",)) for one in YOUNG)
    world.desk.enrol(world.organisation, Enrolment(people=people))
    an_event(world, "young1", "young2", "director")
    found = counts(world)
    assert (found["staff_under_35"], found["staff_under_35_supported"]) == (3, 2)


def test_every_figure_is_the_sum_of_its_rows(world: World) -> None:
    a_pair(world)
    with world.engine.connect() as connection:
        measures = Measures(connection, world.organisation, world.cycle, 1)
        for name, n in measures.counts().items():
            assert sum(row.n for row in measures.rows(name)) == n
        assert measures.rows("matched_percent") == measures.rows("mentees_matched")


def below(world: World, n: int, status: str, *figures: Mapping[str, object]) -> None:
    """A branch with these versions of its report; `status` is that of the last one."""
    lower = World.make(world.engine)
    said = {"yearly@1": {"version": len(figures), "status": status}}
    with world.engine.begin() as connection:
        connection.execute(
            text(
                """
                INSERT INTO branches (cycle_id, n, organisation_id, below_id, stage, reports)
                VALUES (:cycle, :n, :organisation, :below, 'joined', CAST(:reports AS jsonb))
                """
            ),
            {
                "cycle": world.cycle,
                "n": n,
                "organisation": world.organisation,
                "below": lower.organisation,
                "reports": json.dumps(said),
            },
        )
        for version, one in enumerate(figures, start=1):
            connection.execute(
                text(
                    """
                    INSERT INTO branch_reports (cycle_id, n, demand, turn, version,
                      organisation_id, figures, origin, at)
                    VALUES (:cycle, :n, 'yearly', 1, :version, :organisation,
                      CAST(:figures AS jsonb), 'system', now())
                    """
                ),
                {
                    "cycle": world.cycle,
                    "n": n,
                    "version": version,
                    "organisation": world.organisation,
                    "figures": json.dumps(one),
                },
            )


def test_accepted_reports_of_those_below_are_summed_and_others_are_not(world: World) -> None:
    below(world, 1, "accepted", {"pairs": 99}, {"pairs": 4, "mentees_base": 8, "1.1": "5"})
    below(world, 2, "accepted", {"pairs": 1, "below_pairs": 10, "mentees_base": 2})
    below(world, 3, "sent", {"pairs": 1000})
    found = counts(world)
    assert (found["organisations"], found["organisations_reported"]) == (3, 2)
    assert (found["below_pairs"], found["below_mentees_base"]) == (15, 10)
    assert set(found) == {name for name, one in MEASURES.items() if one.part is None}
    with world.engine.connect() as connection:
        measures = Measures(connection, world.organisation, world.cycle, 1)
        for name in (one for one in MEASURES if one.startswith(BELOW)):
            assert measures.count(name) == sum(row.n for row in measures.rows(name)), name
        rows = measures.rows("below_pairs")
    assert [(row.n, row.title) for row in rows] == [(4, "Заря"), (11, "Заря")]
