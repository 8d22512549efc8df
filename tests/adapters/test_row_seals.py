"""Seals of rows: what the program writes holds, and what was changed past it never holds again."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, and_, inspect, select, text

from adapters.files.keyring import MasterKeys
from adapters.log_keys import LogKeys
from adapters.postgres.archive import PostgresArchive
from adapters.postgres.checkpoints import PostgresLog
from adapters.postgres.kept_rows import COUNTED, FREE, NAMED, REMADE
from adapters.postgres.log_tables import CheckpointRow
from adapters.postgres.migrate import demigrate, migrate
from adapters.postgres.recovery import PostgresRecovery
from adapters.postgres.row_checks import RowCheck, check_rows
from adapters.postgres.row_nights import PostgresRowNights
from adapters.postgres.rows import change
from adapters.postgres.seal_tables import RowSumRow
from adapters.postgres.seals import Counted, Sealed, Seals, canonical, columns, table_of
from adapters.postgres.session import engine_for
from adapters.postgres.tables import KeptTextRow, LaunchRow, PersonRow, UserRow
from domain import ids
from domain.enrolment import EnrolledBody
from domain.errors import BytesChanged, WrongKey
from domain.names import NameCorrection
from domain.people import AccessRole
from tests.adapters.world import ENROLMENT, KEYS, NOW, Database, World

_UPDATE = re.compile(r"\bUPDATE (\w+)(?: \w+)?\s+SET (.*?)(?:WHERE|$)", re.DOTALL)
SOURCES = Path(__file__).parents[2] / "adapters" / "postgres"
WITHOUT_CURATOR = EnrolledBody(code="council", name="Совет", members=("director", "mentor"))
CORRECTION = NameCorrection.model_validate(
    {"parts": {"last": {"gent": "Коваля"}}, "by": "user-curator", "at": NOW}
)
CURATOR = AccessRole.CURATOR
OTHER = MasterKeys(bytes(range(1, 33)))


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


@pytest.fixture
def forger(database: Database) -> Iterator[Connection]:
    """Who owns the database and knows no key; what he does is undone."""
    engine = engine_for(database.owner, KEYS, name="forger")
    with engine.connect() as connection, connection.begin() as changes:
        yield connection
        changes.rollback()
    engine.dispose()


def faults(connection: Connection, world: World, model: type[Sealed]) -> list[str]:
    """What is said of the rows of this world: other tests forge, too."""
    table = table_of(model)
    own = select(table).where(table.c.organisation_id == world.organisation)
    names = {
        "/".join(str(row[one.name]) for one in table.primary_key)
        for row in connection.execute(own).mappings()
    } | {world.organisation}
    return [one for one in RowCheck(connection).sealed(model) if any(name in one for name in names)]


def test_every_table_is_sealed_or_made_anew_or_says_why_not(engine: Engine) -> None:
    named = [table_of(model).name for model in (*COUNTED, *NAMED, *REMADE)] + list(FREE)
    assert sorted([*named, "alembic_version"]) == sorted(inspect(engine).get_table_names())
    assert all(issubclass(model, Counted) for model in COUNTED)
    assert not any(issubclass(model, Counted) for model in NAMED)
    assert not any(issubclass(model, Sealed) for model in REMADE)


def test_no_statement_writes_sealed_columns_past_the_seals() -> None:
    """`rows` seals what it writes; the state of a process is sealed where it is saved."""
    sealed = {table_of(model).name: columns(model) for model in (*COUNTED, *NAMED)}
    found = []
    for file in sorted(SOURCES.glob("*.py")):
        for statement in re.findall(r'"""(.*?)"""', file.read_text("utf-8"), re.DOTALL):
            into = re.search(r"\b(?:INSERT INTO|DELETE FROM) (\w+)", statement)
            if into and into[1] in sealed and "INTO processes" not in statement:
                found.append((file.name, into[0]))
            update = _UPDATE.search(statement)
            if update and update[1] in sealed:
                names = set(re.findall(r"(\w+) =", update[2]))
                if names & sealed[update[1]]:
                    found.append((file.name, update[0]))
    assert found == []


def test_what_the_program_writes_is_whole(world: World, engine: Engine) -> None:
    world.desk.enrol(world.organisation, ENROLMENT.changed(bodies=(WITHOUT_CURATOR,)))
    world.desk.correct_names(world.organisation, world.person("mentor"), CORRECTION)
    world.save(world.with_pair())
    _, found = check_rows(engine)
    assert [one for one in found if world.organisation in one or world.cycle in one] == []


def test_an_event_that_names_no_row_is_told_in_words(world: World, engine: Engine) -> None:
    world.save(world.planned().recorded("informed", NOW))
    _, found = check_rows(engine)
    said = f"cycle/{world.cycle}: событие informed не называет строку"
    assert said in found


def test_a_changed_row_is_named(world: World, forger: Connection) -> None:
    mentor = world.person("mentor")
    forger.execute(text("UPDATE people SET post = 'директор' WHERE id = :id"), {"id": mentor})
    said = f"people/{mentor}: строка не та, что записала служба"
    assert said in faults(forger, world, PersonRow)


def test_a_lawful_change_makes_no_forged_row_lawful(
    world: World, engine: Engine, owner_engine: Engine
) -> None:
    mentor = world.person("mentor")
    with owner_engine.begin() as connection:
        forged = text("UPDATE people SET post = 'директор' WHERE id = :id")
        connection.execute(forged, {"id": mentor})

    world.desk.correct_names(world.organisation, mentor, CORRECTION)

    with engine.connect() as connection:
        found = faults(connection, world, PersonRow)
    assert any(one.startswith(f"people/{mentor}: ") for one in found)


def test_a_row_that_was_put_back_as_it_was_is_missed_in_the_sum(
    world: World, owner_engine: Engine, forger: Connection
) -> None:
    user = world.views.user_by_token(world.desk.add_user(world.organisation, CURATOR)).id
    table = table_of(UserRow)
    same = table.c.id == user
    with owner_engine.connect() as connection:
        before = dict(connection.execute(table.select().where(same)).mappings().one())
    world.desk.revoke_user(world.organisation, user)
    assert faults(forger, world, UserRow) == []

    forger.execute(table.update().where(same).values(before))

    (said,) = faults(forger, world, UserRow)
    assert said.startswith("users: строки не те")
    assert world.organisation in said


def the_rows(world: World, model: type[Sealed], forger: Connection) -> list[dict[str, object]]:
    """Of this world, and of sums those of the accounts."""
    table = table_of(model)
    own = select(table).where(table.c.organisation_id == world.organisation)
    if model is RowSumRow:
        own = own.where(table.c.of_table == "users")
    return [dict(row) for row in forger.execute(own).mappings()]


def put_back(before: Sequence[dict[str, object]], model: type[Sealed], forger: Connection) -> None:
    table = table_of(model)
    for row in before:
        same = and_(*(one == row[one.name] for one in table.primary_key))
        forger.execute(table.update().where(same).values(row))


def test_a_table_that_was_put_back_with_its_sum_behind_a_night_is_missed_by_the_log(
    world: World, engine: Engine, owner_engine: Engine, forger: Connection
) -> None:
    nights = PostgresRowNights(engine)
    user = world.views.user_by_token(world.desk.add_user(world.organisation, CURATOR)).id
    nights.tell_rows(world.organisation, "verification/1", NOW)
    with owner_engine.connect() as connection:
        before = [(one, the_rows(world, one, connection)) for one in (UserRow, RowSumRow)]
    world.desk.revoke_user(world.organisation, user)
    nights.tell_rows(world.organisation, "verification/2", NOW)
    assert faults(forger, world, UserRow) == []

    for model, rows in before:
        put_back(rows, model, forger)

    (said,) = faults(forger, world, UserRow)
    assert said.startswith("users: строки возвращены вместе с суммой печатей")
    assert "до ночи 2 по журналу событий" in said


def test_a_night_of_rows_is_told_of_once_and_goes_on_where_it_was_cut_off(
    world: World, engine: Engine, owner_engine: Engine, forger: Connection
) -> None:
    """A sum may be a night ahead of a log whose writer was killed in between."""
    nights = PostgresRowNights(engine)
    nights.tell_rows(world.organisation, "verification/1", NOW)
    with engine.begin() as connection:
        which = {"organisation_id": world.organisation, "of_table": "users"}
        change(connection, RowSumRow, which, {"told": 2})
    assert faults(forger, world, UserRow) == []
    for run in ("verification/1", "verification/2", "verification/2"):
        nights.tell_rows(world.organisation, run, NOW)
    assert faults(forger, world, UserRow) == faults(forger, world, PersonRow) == []
    subject = ids.rows_subject(world.organisation)
    told = text("SELECT n FROM audit_entries WHERE subject = :subject ORDER BY n")
    assert forger.scalars(told, {"subject": subject}).all() == [1, 2]


def test_what_was_put_back_becomes_lawful_by_no_later_night(
    world: World, engine: Engine, owner_engine: Engine, forger: Connection
) -> None:
    nights = PostgresRowNights(engine)
    nights.tell_rows(world.organisation, "verification/1", NOW)
    with owner_engine.connect() as connection:
        before = the_rows(world, RowSumRow, connection)
    nights.tell_rows(world.organisation, "verification/2", NOW)
    with owner_engine.begin() as connection:
        put_back(before, RowSumRow, connection)

    nights.tell_rows(world.organisation, "verification/3", NOW)

    (said,) = faults(forger, world, UserRow)
    assert "до ночи 3 по журналу событий" in said


@pytest.mark.parametrize(
    ("forged", "words"),
    [
        ("DELETE FROM people WHERE code = 'parent' AND organisation_id = :o", "строк 5, "),
        (
            "DELETE FROM row_sums WHERE of_table = 'people' AND organisation_id = :o",
            "сумма печатей не записана",
        ),
    ],
)
def test_a_deleted_row_is_missed(world: World, forger: Connection, forged: str, words: str) -> None:
    forger.execute(text(forged), {"o": world.organisation})
    (said,) = faults(forger, world, PersonRow)
    assert said.startswith(f"people: {words}")
    assert world.organisation in said


def test_rows_are_missed_though_the_log_is_gone_with_them(world: World, forger: Connection) -> None:
    for table in ("launches", "audit_heads"):
        gone = text(f"DELETE FROM {table} WHERE organisation_id = :o")  # noqa: S608
        forger.execute(gone, {"o": world.organisation})
    (said,) = faults(forger, world, LaunchRow)
    assert said.startswith("launches: строк 0, служба записала 1 ")


def test_a_state_that_was_put_back_is_missed_by_the_log(world: World, owner_engine: Engine) -> None:
    earlier = world.planned()
    world.save(earlier)
    with owner_engine.connect() as connection:
        query = text("SELECT state::text, revision, seal FROM processes WHERE id = :id")
        kept = connection.execute(query, {"id": world.cycle_workflow}).mappings().one()
    world.save(world.with_pair().changed(revision=earlier.revision + 1))
    with owner_engine.begin() as connection:
        back = text(
            "UPDATE processes SET state = CAST(:state AS jsonb), revision = :revision, "
            "seal = :seal WHERE id = :id"
        )
        connection.execute(back, {**kept, "id": world.cycle_workflow})
    found = list(PostgresArchive(owner_engine).event_faults())
    assert any(one.startswith(f"{world.cycle_workflow}: ") for one in found)


def test_a_seal_says_by_which_key_it_was_made() -> None:
    row = {"id": "t1", "organisation_id": "o", "body": {"text": "слово", "n": 1.0}}
    sealed = {**row, "seal": Seals(KEYS).seal(KeptTextRow, row)}
    current = bytes(range(1, 33))
    assert Seals(MasterKeys(current, [bytes(range(32))])).holds(KeptTextRow, sealed)
    assert not Seals(MasterKeys(current)).holds(KeptTextRow, sealed)
    assert not Seals(OTHER).holds(KeptTextRow, {**row, "seal": None})


def test_a_column_that_a_later_version_adds_breaks_no_seal() -> None:
    row = {"id": "t1", "organisation_id": "o"}
    assert canonical(KeptTextRow, row) == canonical(KeptTextRow, {**row, "destroyed_at": None})
    assert canonical(KeptTextRow, row) != canonical(KeptTextRow, {**row, "destroyed_at": NOW})


def test_without_the_master_key_nothing_is_written(world: World, database: Database) -> None:
    keyless = engine_for(database.app, name="keyless")
    with pytest.raises(WrongKey):
        World(keyless, world.organisation).desk.enrol(world.organisation, ENROLMENT)
    keyless.dispose()


def test_a_schema_that_is_right_is_left_as_it_is(empty: SecretStr) -> None:
    for _ in range(3):
        migrate(empty, KEYS)


@pytest.mark.parametrize("revision", ["0016", "0019", "0023"])
def test_rows_from_before_their_seals_are_sealed_as_the_schema_comes(
    empty: SecretStr, revision: str
) -> None:
    migrate(empty, KEYS)
    engine = engine_for(empty, KEYS)
    world = World.make(engine)
    world.save(world.with_pair())
    PostgresLog(engine, LogKeys(KEYS)).checkpoint(world.organisation)
    engine.dispose()
    demigrate(empty, revision)

    migrate(empty, KEYS)

    engine = engine_for(empty, KEYS)
    looked, found = check_rows(engine)
    world = World(engine, world.organisation)
    world.desk.correct_names(world.organisation, world.person("mentor"), CORRECTION)
    _, later = check_rows(engine)
    engine.dispose()
    assert (looked > 0, list(found), list(later)) == (True, [], [])


class Killed(Exception):  # noqa: N818 - what happens
    """The program ends here."""


class DyingKeys(MasterKeys):
    """Keys of a program that is killed as it begins to seal."""

    def subkey(self, key_id: str, purpose: bytes) -> bytes:
        raise Killed


def test_an_upgrade_that_is_killed_before_its_rows_are_sealed_begins_anew(
    empty: SecretStr,
) -> None:
    migrate(empty, KEYS)
    engine = engine_for(empty, KEYS)
    world = World.make(engine)
    PostgresLog(engine, LogKeys(KEYS)).checkpoint(world.organisation)
    engine.dispose()
    demigrate(empty, "0023")
    with pytest.raises(Killed):
        migrate(empty, DyingKeys(bytes(range(32))))

    migrate(empty, KEYS)

    engine = engine_for(empty, KEYS)
    _, found = check_rows(engine)
    engine.dispose()
    assert list(found) == []


def test_a_checkpoint_that_is_gone_is_missed(world: World, forger: Connection) -> None:
    PostgresLog(world.engine, LogKeys(KEYS)).checkpoint(world.organisation)
    assert faults(forger, world, CheckpointRow) == []
    forger.execute(text("ALTER TABLE checkpoints DISABLE TRIGGER USER"))
    forger.execute(
        text("DELETE FROM checkpoints WHERE organisation_id = :id"), {"id": world.organisation}
    )
    (fault,) = faults(forger, world, CheckpointRow)
    assert fault.startswith("checkpoints: строк 0, служба записала 1")


def test_a_state_that_the_service_did_not_save_is_not_brought_back(
    world: World, engine: Engine, owner_engine: Engine
) -> None:
    world.save(world.planned())
    recovery = PostgresRecovery(engine)
    assert recovery.state(world.cycle_workflow) is not None
    with owner_engine.begin() as connection:
        forged = text(
            "UPDATE processes SET state = jsonb_set(state, '{administrator}', '\"me\"') "
            "WHERE id = :id"
        )
        connection.execute(forged, {"id": world.cycle_workflow})
    with pytest.raises(BytesChanged):
        recovery.state(world.cycle_workflow)
