"""Indicators in PostgreSQL: values beside earlier ones, plan and fact by year, what is behind."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from activities.indicator_ports import EnterValues
from activities.tasks import Launch
from adapters.postgres.branches import figures
from adapters.postgres.indicator_tables import IndicatorValueRow
from adapters.postgres.indicator_values import entered
from adapters.postgres.indicator_views import IndicatorLine
from adapters.postgres.seals import seals_of
from domain import ids
from domain.audit import AuditEvent
from domain.errors import IndicatorComputed, NotFound, Refused
from domain.indicators import GivenValue
from domain.measures import MEASURES, OWN
from domain.names import NBSP
from tests.adapters.world import NOW, World

INDICATORS = [
    {
        "title": "Первая задача",
        "indicators": [
            {"id": "1.1", "title": "Договоры", "unit": "ед.", "plan": {1: 4, 2: 6}},
            {"id": "1.2", "title": "Доля пар", "measure": "matched_percent", "plan": {1: 100}},
            {"id": "1.3", "title": "Обращения", "unit": "ед.", "period": "quarter"},
            {"id": "1.4", "title": "Анкеты", "measure": "answers", "steps": ["2"]},
        ],
    }
]


class Judged(World):
    """A programme of two years with four indicators."""

    @property
    def launch(self) -> Launch:
        roadmap = super().launch.roadmap.changed(indicators=INDICATORS)
        return super().launch.changed(roadmap=roadmap, turns=2)


@pytest.fixture
def world(engine: Engine) -> World:
    world = Judged.make(engine)
    world.save(world.with_pair())
    return world


def enter(world: World, *values: Mapping[str, object], wish: str = "w1") -> None:
    known = {"indicator": "1.1", "turn": 1, "source": "реестр договоров"}
    world.desk.enter_values(
        EnterValues(
            wish_id=wish,
            organisation_id=world.organisation,
            cycle_id=world.cycle,
            values=tuple(GivenValue.model_validate({**known, **one}) for one in values),
            author="user-curator",
            at=NOW,
        )
    )


def line(world: World, indicator: str, turn: int = 1, now: datetime = NOW) -> IndicatorLine:
    found = world.views.indicators(world.organisation, world.cycle, now)
    (one,) = (one for one in found.indicators if (one.id, one.turn) == (indicator, turn))
    return one


def shown(figure: Decimal | None) -> str:
    return "" if figure is None else f"{figure:f}"


def events(world: World) -> list[AuditEvent]:
    query = text("SELECT text FROM audit_entries WHERE subject = :subject ORDER BY seq")
    with world.engine.connect() as connection:
        given = {"subject": ids.indicators_subject(world.cycle)}
        found = connection.execute(query, given).scalars().all()
    return [AuditEvent.model_validate_json(one) for one in found]


def test_a_corrected_value_stays_beside_the_one_that_counts(world: World) -> None:
    enter(world, {"value": "3"})
    enter(world, {"value": "4", "source": "реестр, уточнён"}, wish="w2")
    found = line(world, "1.1")
    assert (shown(found.plan), shown(found.fact)) == ("4", "4")
    assert found.reached
    assert found.given
    (period,) = found.periods
    assert [(one.n, str(one.value), one.source, one.counts) for one in period.entries] == [
        (1, "3", "реестр договоров", False),
        (2, "4", "реестр, уточнён", True),
    ]
    assert {one.at for one in period.entries} == {NOW}
    told = events(world)
    assert [one.action for one in told] == ["indicator_entered", "indicator_corrected"]
    assert [one.n for one in told] == [1, 2]
    assert told[1].refs == {
        "cycle": world.cycle,
        "indicator": "1.1",
        "turn": "1",
        "period": "turn",
        "entry": "2",
    }
    assert len({one.sha256 for one in told}) == 2


def test_the_log_of_the_cycle_has_it_and_says_no_source(world: World) -> None:
    enter(world, {"value": "3"})
    query = text("SELECT cycle_id, text FROM audit_entries WHERE subject = :subject")
    with world.engine.connect() as connection:
        given = {"subject": ids.indicators_subject(world.cycle)}
        ((cycle, said),) = connection.execute(query, given).all()
    assert cycle == world.cycle
    assert "реестр" not in said


def test_a_repeat_of_the_same_wish_changes_nothing(world: World) -> None:
    enter(world, {"value": "3"}, {"indicator": "1.3", "period": "2026-q3", "value": "7"})
    enter(world, {"value": "3"}, {"indicator": "1.3", "period": "2026-q3", "value": "7"})
    assert len(line(world, "1.1").periods[0].entries) == 1
    assert len(events(world)) == 2


def test_of_several_values_all_are_taken_or_none(world: World) -> None:
    with pytest.raises(IndicatorComputed):
        enter(world, {"value": "3"}, {"indicator": "1.2", "value": "50"})
    assert line(world, "1.1").fact is None
    assert events(world) == []


@pytest.mark.parametrize("indicator", ["1.2", "1.4", "7.7"])
def test_nobody_types_in_what_is_counted_or_unknown(world: World, indicator: str) -> None:
    with pytest.raises(Refused):
        enter(world, {"indicator": indicator, "value": "3"})


def test_a_period_begins_by_the_days_of_the_cycles_own_zone(world: World) -> None:
    # In Omsk it is the first of October already.
    at = datetime.fromisoformat("2026-09-30T18:30:00+00:00")
    said = GivenValue(
        indicator="1.3", turn=1, period="2026-q4", value=Decimal(1), source="журнал клуба"
    )
    wish = EnterValues(
        wish_id="w9",
        organisation_id=world.organisation,
        cycle_id=world.cycle,
        values=(said,),
        author="user-curator",
        at=at,
    )
    world.desk.enter_values(wish)
    assert line(world, "1.3", now=at).fact == 1


def test_another_organisation_neither_reads_nor_enters(world: World) -> None:
    stranger = World.make(world.engine)
    with pytest.raises(NotFound):
        world.views.indicators(stranger.organisation, world.cycle, NOW)
    with pytest.raises(NotFound):
        world.views.measure_rows(stranger.organisation, world.cycle, "pairs", 1, named=True)


def test_periods_come_to_a_sum_and_those_that_are_over_are_asked_for(world: World) -> None:
    enter(world, {"indicator": "1.3", "period": "2026-q3", "value": "7"})
    found = line(world, "1.3")
    assert [period.period for period in found.periods] == [
        *("2026-q3", "2026-q4"),
        *("2027-q1", "2027-q2"),
    ]
    assert [period.begun for period in found.periods] == [True, False, False, False]
    assert (shown(found.fact), found.given) == ("7", True)
    later = datetime.fromisoformat("2027-01-10T09:00:00+00:00")
    assert not line(world, "1.3", now=later).given
    world.desk.enter_values(
        EnterValues(
            wish_id="w2",
            organisation_id=world.organisation,
            cycle_id=world.cycle,
            values=(
                GivenValue(
                    indicator="1.3", turn=1, period="2026-q4", value=Decimal(5), source="журнал"
                ),
            ),
            author="user-curator",
            at=later,
        )
    )
    found = line(world, "1.3", now=later)
    assert (shown(found.fact), found.given) == ("12", True)


def test_each_year_has_its_plan_and_its_fact(world: World) -> None:
    enter(world, {"value": "3"})
    later = NOW.replace(year=2027)
    found = world.views.indicators(world.organisation, world.cycle, later).indicators
    assert [(one.turn, one.id, shown(one.plan), shown(one.fact)) for one in found] == [
        *((1, "1.1", "4", "3"), (1, "1.2", "100", "50"), (1, "1.3", "", ""), (1, "1.4", "", "0")),
        *((2, "1.1", "6", ""), (2, "1.2", "", "0"), (2, "1.3", "", ""), (2, "1.4", "", "0")),
    ]
    assert [one.reached for one in found[:3]] == [False, False, None]
    turns = world.views.indicators(world.organisation, world.cycle, NOW).turns
    assert [(one.turn, one.start) for one in turns] == [
        (1, date(2026, 9, 1)),
        (2, date(2027, 9, 1)),
    ]


def test_planned_results_are_counted_by_the_same_measures(world: World) -> None:
    found = world.views.indicators(world.organisation, world.cycle, NOW).targets
    first = [one for one in found if one.turn == 1]
    assert [(one.measure, one.plan, shown(one.fact), one.reached) for one in first] == [
        ("mentors_of_staff", 3, "1", False),
        ("matched_percent", 100, "50", False),
        (None, None, "", None),
    ]


# What is behind a figure


def test_a_counted_figure_opens_its_rows_with_the_people(world: World) -> None:
    found = world.views.measure_rows(world.organisation, world.cycle, "pairs", 1, named=True)
    (row,) = found.rows
    assert (row.kind, row.n) == ("pair", 1)
    assert [one.name for one in row.people] == [
        f"Коваль{NBSP}А.{NBSP}П.",
        f"Черных{NBSP}Л.{NBSP}П.",
    ]
    assert found.line.value == sum(one.n for one in found.rows)


def test_who_may_not_see_people_gets_counts_only(world: World) -> None:
    found = world.views.measure_rows(world.organisation, world.cycle, "pairs", 1, named=False)
    assert [row.people for row in found.rows] == [()]
    assert "Коваль" not in found.model_dump_json()


def test_a_percentage_opens_both_of_its_counts(world: World) -> None:
    found = world.views.indicator_rows(world.organisation, world.cycle, "1.2", 1, NOW, named=True)
    counted = found.counted
    assert counted is not None
    assert [(one.measure, shown(one.value)) for one in counted.of] == [
        ("mentees_matched", "1"),
        ("mentees_base", "2"),
    ]
    assert [one.people[0].name for one in counted.rows] == [f"Черных{NBSP}Л.{NBSP}П."]


def test_an_entered_figure_opens_its_values(world: World) -> None:
    enter(world, {"value": "3"})
    found = world.views.indicator_rows(world.organisation, world.cycle, "1.1", 1, NOW, named=True)
    assert found.counted is None
    assert [one.source for one in found.line.periods[0].entries] == ["реестр договоров"]


@pytest.mark.parametrize(("indicator", "turn"), [("9.9", 1), ("1.1", 3)])
def test_there_is_nothing_behind_what_there_is_not(world: World, indicator: str, turn: int) -> None:
    with pytest.raises(NotFound):
        world.views.indicator_rows(
            world.organisation, world.cycle, indicator, turn, NOW, named=True
        )


def test_all_measures_of_a_turn_are_listed(world: World) -> None:
    found = world.views.measures(world.organisation, world.cycle, 1)
    assert [one.measure for one in found] == list(OWN)
    values = {one.measure: one.value for one in found}
    assert (shown(values["pairs"]), shown(values["matched_percent"])) == ("1", "50")
    assert values["staff_under_35_supported_percent"] is None
    assert all(one.title == MEASURES[one.measure].title for one in found)


# Reports and guards


def test_a_report_files_what_was_entered_beside_the_counts(world: World) -> None:
    enter(world, {"value": "3"}, {"indicator": "1.3", "period": "2026-q3", "value": "7"})
    with world.engine.connect() as connection:
        said = entered(connection, world.organisation, world.cycle, 1)
        filed = figures(connection, world.organisation, world.cycle, 1)
    assert said == {"1.1": "3", "1.3": "7"}
    assert (filed["indicator:1.1"], filed["pairs"]) == ("3", 1)


def test_a_value_is_sealed_and_the_application_cannot_reword_it(world: World) -> None:
    enter(world, {"value": "3"})
    query = text("SELECT * FROM indicator_values WHERE cycle_id = :cycle")
    with world.engine.connect() as connection:
        row = connection.execute(query, {"cycle": world.cycle}).mappings().one()
        assert seals_of(connection).holds(IndicatorValueRow, dict(row))
        assert not seals_of(connection).holds(IndicatorValueRow, {**row, "value": "9"})
    change = text("UPDATE indicator_values SET value = '9' WHERE cycle_id = :cycle")
    with world.engine.connect() as connection, pytest.raises(ProgrammingError):
        connection.execute(change, {"cycle": world.cycle})
