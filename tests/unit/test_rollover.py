"""From one year to the next: seasons, and what people changed in rows."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from domain.errors import BadDate, NotFound
from domain.items import Item
from domain.planning import CyclePlan, last_moment, plan
from domain.programme import ProgrammeState
from domain.rollover import CarriedRow, next_season, proposed, with_carried
from domain.yearly import cycle_of_season, next_start, season_to_launch
from tests.roadmap_builders import a_roadmap, a_step, an_order_step

ZONE = ZoneInfo("Asia/Kamchatka")
CURATOR, OTHER, DIRECTOR = "2" * 16, "6" * 16, "1" * 16
HOLDERS = {"curator": CURATOR, "director": DIRECTOR}
ROAD = a_roadmap(
    steps=[
        a_step(id="1", deadline={"rule": "month", "month": 2}),
        a_step(id="2", deadline={"rule": "times", "times": 2}),
        an_order_step(),
    ]
)


def planned(year: int, turns: int = 1) -> CyclePlan:
    return plan(ROAD, date(year, 9, 1), ZONE, HOLDERS, turns)


def changed(item_id: str, year: int = 2023, turns: int = 1, **fields: object) -> list[Item]:
    """The rows of a cycle, of which one was changed by hand."""
    items = [Item.of(one) for one in planned(year, turns).items]
    return [
        one.changed(plan=one.plan.changed(**fields), own=tuple(_what(name) for name in fields))
        if one.id == item_id
        else one
        for one in items
    ]


def _what(field: str) -> str:
    return "lead" if field in ("lead", "others") else field


def due(day: date) -> datetime:
    return last_moment(day, ZONE)


@pytest.mark.parametrize(
    ("start", "turns", "expected"),
    [
        (date(2023, 9, 1), 1, date(2024, 9, 1)),
        (date(2024, 2, 10), 1, date(2024, 9, 1)),
        (date(2023, 9, 1), 3, date(2026, 9, 1)),
        (date(2024, 8, 31), 1, date(2024, 9, 1)),
    ],
)
def test_the_next_season_follows_the_last_turn(start: date, turns: int, expected: date) -> None:
    assert next_season(ROAD, start, turns) == expected


def test_a_programme_longer_than_a_year_is_followed_before_it_ends() -> None:
    long = a_roadmap(season={"month": 8, "months": 14, "turns": 4})
    assert next_season(long, date(2026, 8, 1), 1) == date(2027, 8, 1)
    assert season_to_launch(long, date(2027, 8, 1))[0].start == date(2027, 8, 1)


def test_a_moved_deadline_is_proposed_a_year_later_and_29_february_becomes_28() -> None:
    items = changed("1", due=due(date(2024, 2, 29)))
    assert proposed(items, 1, 1, planned(2024), ZONE) == ()  # 28 February is the plan's own

    items = changed("1", due=due(date(2024, 2, 15)))
    (row,) = proposed(items, 1, 1, planned(2024), ZONE)
    assert row == CarriedRow(item="1", due=date(2025, 2, 15))
    (later,) = proposed(items, 1, 4, planned(2027), ZONE)
    assert later.due == date(2028, 2, 15)


def test_a_changed_lead_is_proposed_unless_the_launch_names_the_same() -> None:
    items = changed("2#1", lead=OTHER)
    (row,) = proposed(items, 1, 1, planned(2024), ZONE)
    assert (row.item, row.lead, row.due) == ("2#1", OTHER, None)
    same = plan(ROAD, date(2024, 9, 1), ZONE, {**HOLDERS, "curator": OTHER})
    assert proposed(items, 1, 1, same, ZONE) == ()


def test_rows_of_earlier_turns_rows_that_did_not_apply_and_rows_that_are_gone_are_not() -> None:
    items = changed("1", turns=2, due=due(date(2024, 2, 15)))
    assert proposed(items, 2, 1, planned(2025), ZONE) == ()
    skipped = [one.changed(skipped=True) for one in changed("1", due=due(date(2024, 2, 15)))]
    assert proposed(skipped, 1, 1, planned(2024), ZONE) == ()
    fewer = planned(2024)
    fewer = fewer.changed(items=tuple(one for one in fewer.items if one.id != "1"))
    moved = changed("1", due=due(date(2024, 2, 15)))
    assert proposed(moved, 1, 1, fewer, ZONE) == ()


def test_the_last_turn_is_the_one_that_counts() -> None:
    items = changed("1@2", turns=2, due=due(date(2025, 2, 15)))
    (row,) = proposed(items, 2, 1, planned(2025), ZONE)
    assert row == CarriedRow(item="1", due=date(2026, 2, 15))


def test_what_is_taken_over_stands_in_the_plan_and_counts_as_changed_by_people() -> None:
    rows = (CarriedRow(item="1", due=date(2025, 2, 15)), CarriedRow(item="9", lead=OTHER))
    made = with_carried(planned(2024), rows, ZONE)
    state = ProgrammeState(
        organisation_id="0" * 16,
        cycle_id="c" * 16,
        administrator=DIRECTOR,
        launched=datetime(2024, 9, 1, tzinfo=UTC),
    ).planned(made, datetime(2024, 9, 1, tzinfo=UTC))
    items = {one.id: one for one in state.items}
    assert (items["1"].plan.due, items["1"].own) == (due(date(2025, 2, 15)), ("due",))
    order = items["9"]
    assert (order.plan.lead, order.own) == (OTHER, ("lead",))
    assert order.plan.results[0].drafter == OTHER
    assert items["2#1"].own == ()
    assert state.plan is not None
    assert state.plan.own == {}


def test_a_row_that_is_not_there_or_would_end_before_it_opens_is_refused() -> None:
    with pytest.raises(NotFound):
        with_carried(planned(2024), (CarriedRow(item="77", due=date(2025, 2, 15)),), ZONE)
    with pytest.raises(BadDate):
        with_carried(planned(2024), (CarriedRow(item="1", due=date(2025, 1, 15)),), ZONE)


def test_a_yearly_launch_begins_on_the_seasons_first_day_or_late_with_its_cycle_the_same() -> None:
    season, start = season_to_launch(ROAD, date(2027, 9, 1))
    assert (season.start, start) == (date(2027, 9, 1), date(2027, 9, 1))
    late, day = season_to_launch(ROAD, date(2027, 10, 20))
    assert (late, day) == (season, date(2027, 10, 20))
    ids = {cycle_of_season("o", "small", one) for one in (season, late)}
    assert len(ids) == 1
    assert cycle_of_season("o", "small", season_to_launch(ROAD, date(2028, 9, 1))[0]) not in ids


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (date(2027, 8, 31), date(2027, 9, 1)),
        (date(2027, 9, 1), date(2028, 9, 1)),
        (date(2028, 2, 29), date(2028, 9, 1)),
    ],
)
def test_a_season_begins_once_a_year(after: date, expected: date) -> None:
    assert next_start(ROAD, after) == expected
