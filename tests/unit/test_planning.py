"""From a roadmap, a day and people to a plan."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.errors import RoleUnmapped
from domain.people import Form
from domain.planning import CyclePlan, period_from, period_of, plan, season_of, turn_from
from domain.roadmap import Roadmap
from domain.routes import Route
from tests.builders import APPROVER, CURATOR, HOLDERS
from tests.roadmap_builders import a_result, a_roadmap, a_step, an_order_step

MOSCOW = ZoneInfo("Europe/Moscow")
START = date(2024, 9, 1)
COLLEGE = {"month": 8, "months": 14}


def planned(roadmap: Roadmap, start: date = START, **fields: Any) -> CyclePlan:  # noqa: ANN401 - of `plan`
    return plan(roadmap, start, MOSCOW, **{"holders": HOLDERS, **fields})


def with_deadlines(*deadlines: dict[str, Any], **fields: Any) -> Roadmap:  # noqa: ANN401 - of a roadmap
    steps = [a_step(id=str(n), deadline=rule) for n, rule in enumerate(deadlines, start=1)]
    return a_roadmap(steps=[*steps, an_order_step()], **fields)


def days(found: CyclePlan, step: str) -> list[tuple[str, str]]:
    """The local days on which the row's items open and are due."""
    return [
        (
            item.opens.astimezone(MOSCOW).date().isoformat(),
            item.due.astimezone(MOSCOW).date().isoformat() if item.due else "",
        )
        for item in found.items
        if item.step == step
    ]


# Seasons


@pytest.mark.parametrize(
    ("season", "start", "expected"),
    [
        ({"month": 9, "months": 12}, "2024-09-01", ("2024-09-01", "2025-08-31")),
        ({"month": 9, "months": 12}, "2025-08-31", ("2024-09-01", "2025-08-31")),
        ({"month": 9, "months": 9}, "2025-04-10", ("2024-09-01", "2025-05-31")),
        ({"month": 9, "months": 9}, "2025-07-10", ("2025-09-01", "2026-05-31")),
        ({"month": 1, "months": 9}, "2024-12-10", ("2025-01-01", "2025-09-30")),
        ({"month": 8, "months": 14}, "2024-08-01", ("2024-08-01", "2025-09-30")),
        ({"month": 8, "months": 14}, "2025-03-01", ("2024-08-01", "2025-09-30")),
        ({"month": 4, "day": 15, "months": 36}, "2024-04-14", ("2023-04-15", "2026-04-14")),
    ],
)
def test_a_launch_joins_the_season_under_way_or_the_next(
    season: dict[str, int], start: str, expected: tuple[str, str]
) -> None:
    found = season_of(a_roadmap(season=season), date.fromisoformat(start))
    assert (found.start.isoformat(), found.end.isoformat()) == expected


def test_a_season_may_end_in_another_year() -> None:
    found = period_of(a_roadmap(season=COLLEGE), 2023)
    assert (found.start, found.end) == (date(2023, 8, 1), date(2024, 9, 30))


# Days


def test_deadlines_hold_to_local_midnight() -> None:
    (item, _) = planned(with_deadlines({"rule": "month", "month": 11})).items
    assert item.opens == datetime(2024, 10, 31, 21, 0, tzinfo=UTC)
    assert item.due == datetime(2024, 11, 30, 20, 59, 59, tzinfo=UTC)


def test_a_late_launch_keeps_the_deadlines_of_the_season() -> None:
    roadmap = with_deadlines(
        {"rule": "months", "first": 8, "last": 9},
        {"rule": "months", "first": 8, "last": 9, "late_days": 20},
        {"rule": "months", "first": 9, "last": 11},
        {"rule": "months", "first": 6, "last": 9, "year": "next"},
        {"rule": "all_year"},
        {"rule": "none"},
        season=COLLEGE,
    )
    found = planned(roadmap, date(2024, 10, 10))
    assert [days(found, str(n)) for n in range(1, 7)] == [
        [("2024-10-10", "2024-10-10")],
        [("2024-10-10", "2024-10-30")],
        [("2024-10-10", "2024-11-30")],
        [("2025-06-01", "2025-09-30")],
        [("2024-10-10", "2025-07-31")],
        [("2024-10-10", "")],
    ]


def test_a_late_launch_leaves_nothing_out_and_marks_what_was_over() -> None:
    roadmap = with_deadlines({"rule": "times", "times": 2}, {"rule": "yearly", "first": 10})
    assert days(planned(roadmap), "1") == [
        ("2024-09-01", "2025-03-01"),
        ("2025-03-02", "2025-08-31"),
    ]
    late = planned(roadmap, date(2025, 4, 1))
    assert days(late, "1") == [("2025-04-01", "2025-04-01"), ("2025-04-01", "2025-08-31")]
    assert days(late, "2") == [("2025-04-01", "2025-04-01")]
    assert [item.id for item in late.items if item.past] == ["1#1", "2"]
    assert not any(item.past for item in planned(roadmap).items)


def test_a_row_of_several_windows_has_an_item_for_each() -> None:
    roadmap = with_deadlines({"rule": "yearly"}, season={"month": 9, "months": 36})
    found = planned(roadmap)
    assert [item.id for item in found.items if item.step == "1"] == ["1#1", "1#2", "1#3"]
    assert found.ends == datetime(2027, 8, 31, 20, 59, 59, tzinfo=UTC)


# Scopes


def test_a_row_of_the_organisations_below_is_one_item_that_their_reports_prove() -> None:
    reports = a_result(by={"proof": "reports", "demand": "yearly"})
    roadmap = a_roadmap(
        steps=[a_step(scope="organisations", results=[reports]), an_order_step()],
        below={"roadmap": "school"},
        demands={"yearly": {"title": "Отчёт за год"}},
    )
    found = planned(roadmap, turns=2)
    assert [item.id for item in found.items] == ["1", "9", "1@2", "9@2"]
    (result,) = found.items[0].results
    assert (result.proof, result.demand) == ("reports", "yearly")
    assert found.below == "school"


@pytest.mark.parametrize("scope", ["pairs", "mentors", "mentees"])
def test_rows_over_pairs_wait_for_the_pairs(scope: str) -> None:
    roadmap = a_roadmap(
        steps=[
            a_step(scope=scope, lead="mentor", forms=["teacher_teacher"], novices_only=True),
            an_order_step(),
        ]
    )
    found = planned(roadmap)
    assert [item.id for item in found.items] == ["9"]
    (item,) = found.per_pair
    assert (item.lead, item.scope, item.novices_only) == ("mentor", scope, True)
    assert item.forms == ("teacher_teacher",)


# People and proofs


def test_roles_become_the_people_and_bodies_who_hold_them() -> None:
    found = planned(a_roadmap(steps=[a_step(co_executors=["director"]), an_order_step()]))
    first, order = found.items
    assert (first.lead, first.others) == (CURATOR, (APPROVER,))
    (result,) = order.results
    assert (result.drafter, result.route, result.registrar) == (
        *(CURATOR, Route.of(APPROVER), CURATOR),
    )
    assert (found.curator, found.track_lead) == (CURATOR, "mentor")
    assert found.holders == {**HOLDERS, "mentor": "mentor"}


@pytest.mark.parametrize(
    ("holders", "named"),
    [
        ({"curator": CURATOR}, "director"),
        ({}, "curator, director"),
        ({**HOLDERS, "wizard": "x"}, "wizard"),
        ({**HOLDERS, "mentor": "x"}, "mentor"),
    ],
)
def test_each_role_that_needs_a_holder_has_one(holders: dict[str, str], named: str) -> None:
    with pytest.raises(RoleUnmapped, match=f": {named}$"):
        planned(a_roadmap(), holders=holders)


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ({"proof": "link"}, {"at_least": 1}),
        ({"proof": "event", "attendance": 5}, {"at_least": 5}),
        ({"proof": "number", "at_least": 4, "unit": "пар"}, {"at_least": 4}),
        ({"proof": "answers", "at_least": 6}, {"at_least": 6}),
        ({"proof": "remark"}, {"file": False}),
        ({"proof": "remark", "file": True}, {"file": True}),
        ({"proof": "document", "kind": "agreement", "drafter": "director"}, {"drafter": APPROVER}),
        ({"proof": "document", "kind": "agreement"}, {"drafter": CURATOR, "route": None}),
    ],
)
def test_what_a_result_demands_is_planned(by: dict[str, Any], expected: dict[str, Any]) -> None:
    step = a_step(results=[a_result(id="first"), a_result(by=by, after=["first"])])
    (item, _) = planned(a_roadmap(steps=[step, an_order_step()])).items
    result = item.results[1]
    assert (result.proof, result.after) == (by["proof"], ("first",))
    assert {name: getattr(result, name) for name in expected} == expected


# Yearly turns


def test_each_yearly_turn_has_all_rows_anew_and_overlaps_the_next() -> None:
    roadmap = with_deadlines(
        {"rule": "months", "first": 8, "last": 9},
        {"rule": "month", "month": 9, "year": "next"},
        season=COLLEGE,
    )
    found = planned(roadmap, date(2020, 8, 1), turns=4)
    assert days(found, "1") == [(f"{y}-08-01", f"{y}-09-30") for y in (2020, 2021, 2022, 2023)]
    assert days(found, "2") == [(f"{y}-09-01", f"{y}-09-30") for y in (2021, 2022, 2023, 2024)]
    assert [item.id for item in found.items if item.step == "1"] == ["1", "1@2", "1@3", "1@4"]
    assert [item.turn for item in found.items if item.step == "2"] == [1, 2, 3, 4]
    begin = [moment.astimezone(MOSCOW).date().isoformat() for moment in found.turns]
    assert begin == [f"{year}-08-01" for year in (2020, 2021, 2022, 2023)]
    assert found.ends.astimezone(MOSCOW).date() == date(2024, 9, 30)


def test_a_launch_in_the_middle_of_a_year_shortens_only_its_first_turn() -> None:
    roadmap = a_roadmap(season=COLLEGE)
    assert turn_from(roadmap, date(2020, 11, 5), 1).start == date(2020, 11, 5)
    assert turn_from(roadmap, date(2020, 11, 5), 2).start == date(2021, 8, 1)
    assert period_from(roadmap, date(2020, 11, 5), 2).end == date(2022, 9, 30)


def test_the_plan_knows_role_models_types_of_mentor_and_indicators() -> None:
    indicators = [{"title": "Задача", "indicators": [{"id": "1.1", "title": "Договоры"}]}]
    row = a_step(results=[a_result(by={"proof": "indicators"})])
    found = planned(a_roadmap(steps=[row, an_order_step()], indicators=indicators))
    assert found.forms[Form.TEACHER_TEACHER].role_models == ("experienced_novice",)
    assert found.forms[Form.TEACHER_TEACHER].mentor_types == ("consultant",)
    assert found.items[0].results[0].indicators == ("1.1",)
