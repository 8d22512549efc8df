"""Branches of an upper cycle in PostgreSQL, what they reported, and their launches."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import Engine, TextClause, text
from sqlalchemy.exc import ProgrammingError

from activities.branch_ports import FileReport
from activities.tasks import Launch
from adapters.postgres.branches import PostgresBranchReports
from adapters.postgres.recovery import PostgresRecovery
from adapters.postgres.row_checks import check_rows
from domain import ids
from domain.branch_wishes import Invite, ReleaseBranch
from domain.errors import AlreadyLaunched, NotFound
from domain.messages import ReportReceived
from domain.programme import ProgrammeState
from domain.upper import Filing, Upper
from tests.adapters.world import NOW, World

_BRANCHES = text("SELECT * FROM branches WHERE cycle_id = :cycle ORDER BY n")
_REPORTS = text("SELECT * FROM branch_reports WHERE cycle_id = :cycle ORDER BY n, version")


@pytest.fixture
def upper(engine: Engine) -> World:
    return World.make(engine)


@pytest.fixture
def lower(engine: Engine) -> World:
    return World.make(engine)


@pytest.fixture
def reports(engine: Engine) -> PostgresBranchReports:
    return PostgresBranchReports(engine)


def an_upper_state(world: World, *below: str) -> ProgrammeState:
    """The cycle of `world`, as one with a level below, with these invited."""
    state = world.planned()
    assert state.plan is not None
    state = state.changed(plan=state.plan.changed(below="school"))
    return state.branches_invited(Invite(by=world.curator, below_ids=below), NOW)


def came(state: ProgrammeState, n: int, version: int = 1) -> ProgrammeState:
    fact = ReportReceived(n=n, demand="yearly", turn=1, version=version)
    return state.report_received(fact, NOW)


def a_filing(above: int = 0) -> Filing:
    return Filing(demand="yearly", turn=1, upper_turn=1, above=above)


def filing(upper: World, lower: World, above: int = 0, n: int = 1) -> FileReport:
    return FileReport(
        organisation_id=lower.organisation,
        cycle_id=lower.cycle,
        upper_cycle_id=upper.cycle,
        n=n,
        filing=a_filing(above),
    )


def rows(world: World, query: TextClause = _BRANCHES) -> list[dict[str, object]]:
    with world.engine.connect() as connection:
        found = connection.execute(query, {"cycle": world.cycle})
        return [dict(row) for row in found.mappings()]


def own_faults(world: World) -> list[str]:
    _, found = check_rows(world.engine)
    return [one for one in found if world.cycle in one or world.organisation in one]


# Rows of branches


def test_branches_are_rows_that_follow_the_state(upper: World) -> None:
    state = came(an_upper_state(upper, "a", "b"), 2)
    upper.save(state)
    first, second = rows(upper)
    assert (first["below_id"], first["stage"], first["reports"]) == ("a", "invited", {})
    standing = {"version": 1, "status": "late", "note_id": None}
    assert (second["stage"], second["reports"]) == ("joined", {"yearly@1": standing})
    assert second["organisation_id"] == upper.organisation


def test_an_organisation_that_left_and_is_invited_again_has_two_rows(upper: World) -> None:
    state = an_upper_state(upper, "a")
    upper.save(state)
    wish = ReleaseBranch(by=upper.curator, n=1, note_id="why")
    state = state.branch_released(wish, NOW)
    upper.save(state.branches_invited(Invite(by=upper.curator, below_ids=("a",)), NOW))
    assert [(row["n"], row["stage"]) for row in rows(upper)] == [(1, "left"), (2, "invited")]


def test_what_was_saved_is_whole_and_a_changed_branch_is_named(
    upper: World, owner_engine: Engine
) -> None:
    upper.save(an_upper_state(upper, "a"))
    assert own_faults(upper) == []
    with owner_engine.begin() as connection:
        forged = text("UPDATE branches SET stage = 'joined' WHERE cycle_id = :cycle")
        connection.execute(forged, {"cycle": upper.cycle})
    (fault,) = own_faults(upper)
    assert fault.startswith(f"cycle/{upper.cycle}: branches.stage")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("DELETE FROM branches WHERE cycle_id = :cycle", "строки нет (branches/"),
        ("DELETE FROM branch_reports WHERE cycle_id = :cycle", "нет (branch_reports)"),
        (
            "UPDATE branch_reports SET figures = '{\"pairs\": 99}' WHERE cycle_id = :cycle",
            "строка не та, что записала служба",
        ),
    ],
)
def test_a_report_or_branch_that_was_changed_past_the_program_is_found(
    upper: World,
    lower: World,
    reports: PostgresBranchReports,
    owner_engine: Engine,
    change: str,
    words: str,
) -> None:
    upper.save(an_upper_state(upper, lower.organisation))
    reports.file_report(filing(upper, lower))
    upper.save(came(an_upper_state(upper, lower.organisation), 1))
    assert own_faults(upper) == []
    with owner_engine.begin() as connection:
        connection.execute(text(change), {"cycle": upper.cycle})
    assert any(words in fault for fault in own_faults(upper))


# Reports


def test_a_report_is_counted_from_rows_and_is_the_upper_organisations(
    upper: World, lower: World, reports: PostgresBranchReports
) -> None:
    upper.save(an_upper_state(upper, lower.organisation))
    lower.save(lower.with_pair())
    assert reports.file_report(filing(upper, lower)).version == 1
    (row,) = rows(upper, _REPORTS)
    assert (row["organisation_id"], row["origin"]) == (upper.organisation, "system")
    figures = row["figures"]
    assert isinstance(figures, dict)
    assert (figures["pairs"], figures["mentors"]) == (1, 1)
    assert all(isinstance(figure, int) for figure in figures.values())


def test_the_same_report_is_kept_once_and_what_follows_a_return_is_another_version(
    upper: World, lower: World, reports: PostgresBranchReports
) -> None:
    upper.save(an_upper_state(upper, lower.organisation))
    versions = [
        reports.file_report(filing(upper, lower, above)).version for above in (0, 0, 1, 1, 0)
    ]
    assert versions == [1, 1, 2, 2, 1]
    assert len(rows(upper, _REPORTS)) == 2


def test_one_that_is_filed_many_times_side_by_side_is_kept_once(
    upper: World, lower: World, reports: PostgresBranchReports
) -> None:
    upper.save(an_upper_state(upper, lower.organisation))
    with ThreadPoolExecutor(8) as pool:
        filed = list(pool.map(lambda _: reports.file_report(filing(upper, lower)), range(8)))
    assert {one.version for one in filed} == {1}
    assert len(rows(upper, _REPORTS)) == 1


def test_a_report_of_no_branch_or_of_no_cycle_is_refused(
    upper: World, lower: World, reports: PostgresBranchReports
) -> None:
    upper.save(an_upper_state(upper, lower.organisation))
    with pytest.raises(NotFound):
        reports.file_report(filing(upper, lower, n=2))
    with pytest.raises(NotFound):
        reports.file_report(filing(upper, lower).changed(cycle_id="none"))


@pytest.mark.parametrize(
    "change", ["UPDATE branch_reports SET figures = '{}'", "DELETE FROM branch_reports"]
)
def test_the_service_itself_cannot_reword_what_was_reported(engine: Engine, change: str) -> None:
    with engine.begin() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(change))


# Launches


def a_launch(lower: World, upper: World, **fields: object) -> tuple[str, Launch]:
    roadmap = lower.launch.roadmap.changed(roadmap="school")
    above = Upper(cycle_id=upper.cycle, n=1, adapt=("leads",), turn=2)
    launch = lower.launch.changed(roadmap=roadmap, upper=above, launched_by="user-admin")
    return ids.branch_cycle(upper.cycle, 1), launch.changed(**fields)


def test_a_branch_is_launched_once_and_knows_the_cycle_above(upper: World, lower: World) -> None:
    cycle, launch = a_launch(lower, upper)
    for _ in range(2):
        lower.desk.keep_launch(cycle, lower.organisation, launch)
    state = PostgresRecovery(lower.engine).launched(cycle)
    assert state is not None
    assert state.upper == launch.upper
    with pytest.raises(AlreadyLaunched):
        lower.desk.keep_launch(cycle, lower.organisation, launch.changed(start=date(2026, 9, 2)))


def test_the_same_roadmap_is_not_launched_twice_for_an_organisation_and_its_year(
    upper: World, lower: World
) -> None:
    cycle, launch = a_launch(lower, upper)
    lower.desk.keep_launch(cycle, lower.organisation, launch)
    with pytest.raises(AlreadyLaunched):
        lower.desk.keep_launch(ids.new_id(), lower.organisation, launch.changed(upper=None))


# Recovery


def test_cycles_with_others_above_or_below_are_known_to_recovery(upper: World) -> None:
    recovery = PostgresRecovery(upper.engine)

    def nested() -> bool:
        kept = (one for one in recovery.kept() if one.id == upper.cycle_workflow)
        return next(kept).nested

    upper.save(upper.planned())
    assert not nested()
    state = came(an_upper_state(upper, "a"), 1)
    upper.save(state)
    assert nested()
    back = recovery.state(upper.cycle_workflow)
    assert isinstance(back, ProgrammeState)
    assert back.branches == state.branches


def test_a_cycle_below_is_known_with_the_one_above(upper: World, lower: World) -> None:
    above = Upper(cycle_id=upper.cycle, n=1)
    lower.save(lower.planned().changed(upper=above))
    kept = {one.id: one for one in PostgresRecovery(lower.engine).kept()}
    assert kept[lower.cycle_workflow].upper == upper.cycle_workflow
