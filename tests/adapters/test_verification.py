"""The verification of stored files on a real database and a real folder."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import Engine, make_url, text

from activities.tasks import KeptText
from activities.verification_ports import Batch, IncidentNote
from adapters.postgres.migrate import migrate
from adapters.postgres.row_checks import RowCheck
from adapters.postgres.session import engine_for
from adapters.postgres.verification_views import file_standing
from domain.errors import NotFound
from domain.verification import Fault, FaultyFile
from runtime.embedded_postgres import ADMIN, APP, OWNER, PostgresServer
from tests.adapters.archive_of_files import NIGHT, Archive, an_archive
from tests.adapters.world import KEYS, Database


@pytest.fixture(scope="module")
def own(server: tuple[PostgresServer, int]) -> Iterator[Engine]:
    """A database of its own: a walk sees the files of all organisations."""
    postgres, port = server

    def url(role: str) -> SecretStr:
        known = make_url(postgres.url(role, port).get_secret_value())
        named = known.set(database="verified")
        return SecretStr(named.render_as_string(hide_password=False))

    admin = make_url(postgres.url(ADMIN, port).get_secret_value())
    plain = admin.set(drivername="postgresql", database="postgres")
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as asked:
        asked.execute(f"CREATE DATABASE verified OWNER {OWNER}")
    migrate(url(OWNER))
    engine = engine_for(url(APP), KEYS, name="verification")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def own_owner(own: Engine, database: Database) -> Iterator[Engine]:
    """Who owns that database."""
    url = make_url(database.owner.get_secret_value()).set(database=own.url.database)
    engine = engine_for(SecretStr(url.render_as_string(hide_password=False)))
    yield engine
    engine.dispose()


@pytest.fixture
def archive(own: Engine, tmp_path: Path) -> Iterator[Archive]:
    """Forty files of four pairs; afterwards no row remembers them."""
    made = an_archive(own, tmp_path / "files")
    made.fill(40)
    yield made
    with own.begin() as connection:
        for key in made.keys:  # files that are gone with the test's folder are nobody's loss
            connection.execute(
                text(
                    "INSERT INTO object_keys (key_id, organisation_id, document_id, destroyed_at)"
                    " VALUES (:key, :key, '', clock_timestamp())"
                ),
                {"key": key},
            )


def told(archive: Archive) -> list[tuple[str, str, int]]:
    """What the log says of incidents: subject, action and number within the subject."""
    with archive.world.watch.log(archive.world.organisation) as (entries, _):
        return [
            (one.subject, one.action, one.n)
            for one in entries
            if one.subject.startswith("incident/")
        ]


def test_a_lost_file_opens_one_incident_that_names_document_and_pair(archive: Archive) -> None:
    key = archive.keys[13]
    archive.path(key).unlink()

    assert archive.verify("lost").faults == 1
    [incident] = archive.incidents()
    assert (incident.key, incident.kind, incident.role) == (key, Fault.LOST, "signed")
    assert incident.document is not None
    assert incident.document.title == "Соглашение о наставничестве"
    assert (incident.document.number, incident.document.day) == ("7", date(2026, 9, 8))
    assert incident.pair_id == archive.pair_of(key)
    assert [one.name for one in incident.about] == ["Коваль\xa0А.\xa0П.", "Черных\xa0Л.\xa0П."]
    assert told(archive) == [(f"incident/{incident.incident_id}", "file_lost", 1)]


def test_found_again_it_stays_one_incident_and_closes_when_the_file_is_back(
    archive: Archive,
) -> None:
    path = archive.path(archive.keys[4])
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    archive.verify("one")
    archive.verify("two")
    assert archive.page().open == 1

    path.unlink()
    archive.verify("three")
    [lost] = archive.incidents()
    assert lost.kind is Fault.LOST

    path.write_bytes(whole)
    archive.verify("four")
    archive.verify("five")
    assert archive.incidents() == []
    [closed] = archive.incidents(only_open=False)
    assert closed.resolved_at == NIGHT
    assert [action for _, action, _ in told(archive)] == [
        "file_changed",
        "file_lost",
        "file_restored",
    ]
    assert [n for _, _, n in told(archive)] == [1, 2, 3]

    path.unlink()
    archive.verify("six")
    [again] = archive.incidents()
    assert again.incident_id != closed.incident_id


def test_a_batch_that_is_saved_twice_counts_once(archive: Archive) -> None:
    book = archive.book
    begun = book.run("twice")
    files = book.files_after(begun.last_key, 25)
    batch = Batch(
        run_id="twice",
        after="",
        last=files[-1].key,
        files=25,
        bytes=sum(one.size for one in files),
        faulty=(FaultyFile(key=files[3].key, fault=Fault.CHANGED),),
        now=NIGHT,
    )

    first = book.save_batch(batch)
    assert book.save_batch(batch) == first
    assert (first.checked, first.faults) == (25, 1)
    assert len(told(archive)) == 1
    rest = book.files_after(first.last_key, 25)
    assert [one.key for one in (*files, *rest)] == sorted(archive.keys)
    book.save_batch(batch.changed(after=first.last_key, last=rest[-1].key, files=15, faulty=()))
    assert book.finish_run("twice", NIGHT) == book.finish_run("twice", NIGHT)
    assert book.save_batch(batch).checked == 40


def test_what_an_act_destroyed_need_not_be_there(archive: Archive, own: Engine) -> None:
    key = archive.keys[2]
    archive.path(key).unlink()
    archive.verify("before")
    assert archive.page().open == 1
    with own.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO object_keys (key_id, organisation_id, document_id, destroyed_at)"
                " VALUES (:key, '', '', clock_timestamp())"
            ),
            {"key": key},
        )
    archive.keys.remove(key)

    assert archive.verify("after") == archive.verify("after").changed(total=39, faults=0)
    assert archive.page().open == 0
    assert [action for _, action, _ in told(archive)] == ["file_lost", "incident_ended"]


def test_how_the_files_of_a_document_stand(archive: Archive, own: Engine) -> None:
    def standing(key: str) -> tuple[str, bool, list[Fault]]:
        document = archive_document(archive, key)
        with own.connect() as connection:
            known = file_standing(connection, [document, "nobody"])
        assert known["nobody"].state == "none"
        found = known[document]
        return found.state, found.as_of is not None, [one.fault for one in found.faults]

    good, bad = archive.keys[0], archive.keys[20]
    assert standing(good) == ("unchecked", False, [])
    archive.path(bad).unlink()
    archive.verify("standing")
    assert standing(good) == ("intact", True, [])
    assert standing(bad) == ("faulty", True, [Fault.LOST])


def test_a_file_that_was_stored_after_a_walk_began_is_not_verified_by_it(
    archive: Archive, own: Engine
) -> None:
    archive.book.run("early")
    archive.fill(2, seed=7)
    archive.verify("early")
    with own.connect() as connection:
        document = archive_document(archive, archive.keys[-1])
        assert file_standing(connection, [document])[document].state == "unchecked"
        archive.verify("late")
        assert file_standing(connection, [document])[document].state == "intact"


def archive_document(archive: Archive, key: str) -> str:
    with archive.engine.connect() as connection:
        asked = text("SELECT document_id FROM objects WHERE key = :key")
        return str(connection.execute(asked, {"key": key}).scalar_one())


def test_a_person_says_what_was_done_and_a_repeat_says_it_once(archive: Archive) -> None:
    archive.path(archive.keys[6]).unlink()
    archive.verify("noted")
    [incident] = archive.incidents()
    organisation = archive.world.organisation
    text_ = KeptText(
        id="note-1",
        organisation_id=organisation,
        kind="incident_note",
        subject=f"incident/{incident.incident_id}",
        author="user-admin",
        body={"text": "Восстановили из копии."},
    )
    note = IncidentNote(
        organisation_id=organisation,
        incident_id=incident.incident_id,
        note_id=archive.world.desk.keep_text(text_),
        by="user-admin",
        at=NIGHT + timedelta(hours=9),
    )
    archive.world.desk.note_incident(note)
    archive.world.desk.note_incident(note)

    [shown] = archive.incidents()
    assert shown.note == "Восстановили из копии."
    assert [action for _, action, _ in told(archive)] == ["file_lost", "incident_noted"]
    with pytest.raises(NotFound):
        archive.world.desk.note_incident(note.changed(organisation_id="another"))


def test_the_latest_walk_is_shown_with_its_progress(archive: Archive) -> None:
    archive.verify("shown")
    seen = archive.views.verification()
    assert seen is not None
    assert (seen.run_id, seen.total, seen.checked, seen.faults) == ("shown", 40, 40, 0)
    assert seen.finished_at is not None
    archive.book.run("begun")
    begun = archive.views.verification()
    assert begun is not None
    assert (begun.run_id, begun.checked, begun.finished_at) == ("begun", 0, None)


def test_an_incident_that_was_taken_away_is_missed_by_the_log(
    archive: Archive, own: Engine, own_owner: Engine
) -> None:
    archive.path(archive.keys[7]).unlink()
    archive.verify("taken away")
    [incident] = archive.incidents()

    def missed() -> list[str]:
        with own.connect() as connection:
            found = RowCheck(connection).missed("incidents")
            return [one for one in found if incident.incident_id in one]

    assert missed() == []
    with own_owner.begin() as connection:
        gone = text("DELETE FROM incidents WHERE incident_id = :id")
        connection.execute(gone, {"id": incident.incident_id})
    said = "в журнале событий есть, записи о нём нет (incidents)"
    assert missed() == [f"incident/{incident.incident_id}: {said}"]


def test_a_log_that_is_not_whole_is_one_incident_until_it_is(archive: Archive) -> None:
    organisation = archive.world.organisation
    for broken in (True, True, False, False):
        archive.book.log_looked_at(organisation, broken=broken, run_id="log", now=NIGHT)
    [incident] = archive.incidents(only_open=False)
    assert (incident.kind, incident.document, incident.about) == (Fault.LOG_BROKEN, None, ())
    assert incident.resolved_at == NIGHT
    assert [action for _, action, _ in told(archive)] == ["log_broken", "log_whole"]


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM audit_heads",
        "UPDATE audit_heads SET size = size - 1",
        "UPDATE audit_heads SET peaks = ''",
    ],
)
def test_a_log_that_takes_nothing_more_is_an_incident_all_the_same(
    archive: Archive, own_owner: Engine, change: str
) -> None:
    organisation = archive.world.organisation
    for broken in (True, False):
        archive.book.log_looked_at(organisation, broken=broken, run_id="log", now=NIGHT)
    with own_owner.begin() as connection:
        forged = text(f"{change} WHERE organisation_id = :id")
        connection.execute(forged, {"id": organisation})

    assert archive.check_logs()

    [incident] = archive.incidents()
    assert incident.kind is Fault.LOG_BROKEN


def test_each_night_every_whole_log_gets_a_signed_checkpoint(archive: Archive) -> None:
    for _ in range(2):
        assert archive.check_logs()
    with archive.world.watch.log(archive.world.organisation) as (_, head):
        [signed] = archive.log.checkpoints(archive.world.organisation)
        assert signed.checkpoint.size == head.size
    assert archive.incidents() == []


# 300 random changes of stored files, each found and named; 3,000 intact ones without a word

ROUNDS, EACH, FILES = 5, 60, 700
Spoil = Callable[[Archive, random.Random, str, str], list[str]]


def flip(archive: Archive, chance: random.Random, key: str, other: str) -> list[str]:
    content = bytearray(archive.path(key).read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    archive.path(key).write_bytes(content)
    return [key]


def truncate(archive: Archive, chance: random.Random, key: str, other: str) -> list[str]:
    content = archive.path(key).read_bytes()
    archive.path(key).write_bytes(content[: chance.randrange(len(content))])
    return [key]


def append(archive: Archive, chance: random.Random, key: str, other: str) -> list[str]:
    with archive.path(key).open("ab") as file:
        file.write(chance.randbytes(chance.randint(1, 9)))
    return [key]


def delete(archive: Archive, chance: random.Random, key: str, other: str) -> list[str]:
    archive.path(key).unlink()
    return [key]


def replace(archive: Archive, chance: random.Random, key: str, other: str) -> list[str]:
    archive.path(key).write_bytes(archive.path(other).read_bytes())
    return [key]


def swap(archive: Archive, chance: random.Random, key: str, other: str) -> list[str]:
    mine, theirs = (archive.path(one).read_bytes() for one in (key, other))
    archive.path(key).write_bytes(theirs)
    archive.path(other).write_bytes(mine)
    return [key, other]


SPOILS: tuple[Spoil, ...] = (flip, truncate, append, delete, replace, swap)


def test_three_hundred_random_changes_are_all_found_and_named_and_nothing_else_is(
    archive: Archive,
) -> None:
    archive.fill(FILES - len(archive.keys), size=900, seed=11)
    chance = random.Random(20261122)
    changes, intact = 0, 0
    for number in range(ROUNDS):
        before = {key: archive.path(key).read_bytes() for key in archive.keys}
        drawn = chance.sample(archive.keys, 2 * EACH)
        spoilt: list[str] = []
        for key, other in zip(drawn[::2], drawn[1::2], strict=True):
            spoilt += chance.choice(SPOILS)(archive, chance, key, other)
            changes += 1
        found = archive.verify(f"round {number}")
        assert found.faults == len(spoilt)
        intact += FILES - len(spoilt)

        incidents = archive.incidents()
        assert sorted(one.key for one in incidents) == sorted(spoilt)
        for one in incidents:
            assert one.document is not None
            assert one.document.document_id == archive_document(archive, one.key)
            assert one.pair_id == archive.pair_of(one.key)
            is_gone = not archive.path(one.key).exists()
            assert one.kind is (Fault.LOST if is_gone else Fault.CHANGED)
        for key, content in before.items():
            archive.path(key).write_bytes(content)
        assert archive.verify(f"round {number} mended").faults == 0
        assert archive.incidents() == []
        intact += FILES
    assert changes == 300
    assert intact >= 3000
