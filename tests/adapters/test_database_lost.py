"""A database that goes away between a put and its row: one object and one row come of it."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from temporalio.testing import ActivityEnvironment

from activities import tasks
from activities.documents import DocumentActivities
from activities.ports import Stored
from activities.sweeping import Sweep, SweepActivities
from adapters.files.filesystem import FilesystemFiles
from adapters.postgres.objects import ObjectForsaken
from adapters.postgres.session import engine_for
from domain import ids
from domain.documents import Seal
from tests.adapters.losing import lost_at, lost_at_commit
from tests.adapters.world import KEYS, Database, a_ledger, templates

SCAN = b"%PDF-1.7 a signed scan"
DIGEST = sha256(SCAN).hexdigest()
ORGANISATION = "0" * 16


@pytest.fixture
def losing(database: Database) -> Iterator[Engine]:
    """Connections of this test alone, which it may lose."""
    engine = engine_for(database.app, KEYS, name="losing")
    yield engine
    engine.dispose()


class Office:
    """The activities over a real database and a directory, and a scan that waits to be sealed."""

    def __init__(self, engine: Engine, root: Path) -> None:
        self.ledger = a_ledger(engine)
        self.files = FilesystemFiles(root)
        self.work = DocumentActivities(self.ledger, templates(), self.files)
        self.document = ids.new_id()
        source = ids.incoming_key(self.document, DIGEST)
        for key in (source, ids.seal_key_id(self.document, DIGEST)):
            self.ledger.make_key(key, ORGANISATION, self.document)
        self.files.put_once(source, SCAN, self.ledger.data_key(source))

    def seal(self) -> Seal:
        task = tasks.SealSignedFile(
            organisation_id=ORGANISATION,
            document_id=self.document,
            version=1,
            sha256=DIGEST,
            media_type="application/pdf",
        )
        sealed: Seal = ActivityEnvironment().run(self.work.seal_signed_file, task)
        return sealed

    def sweep(self) -> int:
        """As if what is begun were forsaken at once."""
        self.ledger.forsake(timedelta(0), 10_000)
        work = SweepActivities(self.ledger, self.files)
        return ActivityEnvironment().run(work.sweep_orphans, Sweep()).removed

    def rows(self, engine: Engine) -> list[str]:
        with engine.connect() as connection:
            found = connection.exec_driver_sql(
                "SELECT key FROM objects WHERE document_id = %s", (self.document,)
            )
            return list(found.scalars())

    def begun(self, key: str) -> list[str]:
        return [one.state for one in self.ledger.begun_objects() if one.key == key]


@pytest.fixture
def office(losing: Engine, tmp_path: Path) -> Office:
    return Office(losing, tmp_path / "files")


@pytest.mark.parametrize("place", range(1, 9))
def test_a_seal_whose_database_goes_away_at_any_statement_is_made_once(
    office: Office, losing: Engine, place: int
) -> None:
    with lost_at(losing, place) as seen:
        try:
            office.seal()
        except OperationalError:
            assert len(seen) == place
        else:
            assert len(seen) < place, "a lost connection is told"
    sealed = office.seal()
    assert office.rows(losing) == [sealed.key]
    assert office.files.keys("sealed/") == [sealed.key]
    office.sweep()
    assert office.files.keys("sealed/") == [sealed.key]


def test_a_seal_whose_database_goes_away_at_the_commit_is_made_once(
    office: Office, losing: Engine
) -> None:
    for place in range(1, 5):
        with lost_at_commit(losing, place) as commits:
            try:
                office.seal()
            except OperationalError:
                assert len(commits) == place
        sealed = office.seal()
        assert office.rows(losing) == [sealed.key]
        assert office.files.keys("sealed/") == [sealed.key]


def test_what_nobody_recorded_is_swept_and_the_repeat_stores_it_anew(
    office: Office, losing: Engine
) -> None:
    key = office.files.seal_key(SCAN, office.ledger.data_key(_key_id(office)))
    with lost_at_commit(losing, 2), pytest.raises(OperationalError):
        office.seal()
    assert office.files.keys("sealed/") == [key]
    assert office.begun(key) == ["begun"]
    assert office.sweep() >= 1
    assert office.files.keys("sealed/") == []
    assert office.begun(key) == ["gone"]
    assert office.seal().key == key
    assert office.rows(losing) == [key]
    assert office.begun(key) == []


def test_a_writer_that_slept_through_the_sweep_cannot_name_what_is_gone(
    office: Office, losing: Engine
) -> None:
    slow = tasks.ObjectRecord(
        organisation_id=ORGANISATION,
        document_id=office.document,
        version=1,
        role="signed",
        key_id=_key_id(office),
        media_type="application/pdf",
        **dict(_stored_by(office)),
    )
    assert office.sweep() >= 1
    with pytest.raises(ObjectForsaken):
        office.ledger.record_object(slow)
    assert office.rows(losing) == []
    office.seal()
    assert office.rows(losing) == office.files.keys("sealed/")


def _key_id(office: Office) -> str:
    return ids.seal_key_id(office.document, DIGEST)


def _stored_by(office: Office) -> Stored:
    """What a writer stored that did not come to record it."""
    data_key = office.ledger.data_key(_key_id(office))
    office.ledger.begin_object(office.files.seal_key(SCAN, data_key), ORGANISATION)
    return office.files.seal(SCAN, data_key)
