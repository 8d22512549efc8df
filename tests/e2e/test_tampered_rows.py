"""Rows that were changed past the program are found, and named; untouched ones never are."""

import random
import shutil
from collections.abc import Iterator

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, text

from adapters.files.keyring import MasterKeys
from adapters.postgres.kept_rows import COUNTED, NAMED
from adapters.postgres.named_rows import MISSED
from adapters.postgres.row_checks import RowCheck
from adapters.postgres.seal_tables import RowSumRow
from adapters.postgres.seals import Sealed, table_of
from adapters.postgres.session import engine_for
from runtime.embedded_postgres import ADMIN
from runtime.home import Home
from tests.e2e.conftest import Rehearsed
from tests.e2e.forgery import Forged, Forger
from tests.e2e.servers import database, url

CHANGES = 400
INTACT = 4000


@pytest.fixture(scope="module")
def engine(rehearsed: Rehearsed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The database of a finished rehearsal, open with every right, and the program's keys."""
    path = tmp_path_factory.mktemp("tampered") / "home"
    shutil.copytree(rehearsed.home, path)
    with Home(path) as home, database(home):
        keys = MasterKeys.from_text(home.keys.master.get_secret_value())
        engine = engine_for(SecretStr(url(home, ADMIN)), keys, name="forger")
        yield engine
        engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """What is written with it is gone afterwards; triggers and keys of others sleep."""
    with engine.connect() as connection, connection.begin() as changes:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection
        changes.rollback()


def found(connection: Connection, forged: Forged) -> list[str]:
    """What the looks at one table say."""
    look = RowCheck(connection)
    faults = list(look.missed(table_of(forged.model).name))
    if forged.model is RowSumRow:
        faults += (fault for model in COUNTED for fault in look.sealed(model))
    faults += look.sealed(forged.model) if issubclass(forged.model, Sealed) else look.remade()
    return faults


def test_every_random_change_of_a_row_is_found_and_named(connection: Connection) -> None:
    forger = Forger(connection, random.Random(2026))
    for _ in range(CHANGES):
        with connection.begin_nested() as change:
            forged = forger.forge()
            faults = found(connection, forged)
            change.rollback()
        assert any(forged.is_named_by(fault) for fault in faults), (forged, faults)


def test_no_look_at_rows_that_nobody_touched_finds_anything(engine: Engine) -> None:
    """Of every table, and of processes in every company: one fault would be a false alarm."""
    drawn, looks = random.Random(2027), 0
    with engine.connect() as connection:
        look = RowCheck(connection)
        workflows = sorted(connection.scalars(text("SELECT id FROM processes")))
        while looks < INTACT:
            together = drawn.sample(workflows, drawn.randint(1, 20))
            assert list(look.remade(together)) == []
            assert list(look.sealed(drawn.choice((*COUNTED, *NAMED)))) == []
            assert list(look.missed(drawn.choice(list(MISSED)))) == []
            looks += len(together) + 2
        assert list(look.faults()) == []
