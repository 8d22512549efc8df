"""Backup, restore, recover and checks of a service whose files lie in an S3 store with a lock."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from activities.verification import VerificationActivities
from activities.verification_ports import CheckLogs
from adapters.postgres.migrate import migrate
from domain import ids
from domain.documents import DocumentState
from runtime.addresses import inner_settings
from runtime.backup import backup
from runtime.checks import Report, check_all
from runtime.embedded import EmbeddedServers
from runtime.home import Home
from runtime.recover import recover
from runtime.restore import restore
from runtime.settings import Settings, StoreSettings, read_settings
from runtime.wiring import Parts, assemble, prepare_files
from tests.e2e.kept_school import CONSENTS, ORGANISATION, PLANS, Document, School
from tests.e2e.servers import silent
from tests.object_store import ObjectStore

CUT = ids.incoming_key("cut", sha256(b"cut off").hexdigest())


@dataclass
class Place:
    """A service's home and bucket."""

    path: Path
    store: ObjectStore
    bucket: str

    @property
    def settings(self) -> Settings:
        own = self.store.bucket(self.bucket)
        named = StoreSettings(
            endpoint=own.endpoint,
            bucket=own.name,
            access_key=own.access_key,
            secret_key=own.secret_key,
            secure=False,
            lock_days=1,  # nothing of the test's is locked for longer than its bucket lives
        )
        return replace(read_settings(home=self.path), store=named)

    @contextmanager
    def served(self) -> Iterator[tuple[Settings, Parts]]:
        with Home(self.path) as home, EmbeddedServers(home) as servers:
            addresses = servers.start(silent)
            migrate(addresses.database_owner_url)
            inner = inner_settings(self.settings, home, addresses)
            prepare_files(inner)
            with closing(assemble(inner)) as parts:
                yield inner, parts

    def locked_until(self, key: str) -> datetime:
        found = self.store.client().get_object_retention(self.bucket, key)
        assert found is not None
        assert found.mode == "COMPLIANCE"
        return found.retain_until_date


def problems(report: Report) -> list[str]:
    return [problem for one in report.invariants for problem in one.problems]


@pytest.mark.timeout(300)
def test_a_service_over_a_locked_bucket_is_backed_up_and_comes_back_in_another(
    store: ObjectStore, tmp_path: Path
) -> None:
    first = Place(tmp_path / "first", store, store.bucket().name)
    second = Place(tmp_path / "second", store, store.bucket().name)
    to = tmp_path / "to"
    with first.served() as (settings, parts):
        a_school(parts)
        assert recover(settings, parts, silent).ok
        assert problems(check_all(settings, parts)) == []
        objects = parts.archive.objects()
        sealed = [one for one in objects if one.role == "signed"]
        assert sealed
        a_night(parts)
        locks = {one.key: first.locked_until(one.key) for one in sealed}
        terms = {key: at for key, at in locks.items() if at > datetime.now(UTC) + A_YEAR}
        assert len(terms) == len(sealed) - 1  # one is not known to be in force yet

        made = backup(settings, parts, to, silent, embedded=True)

        assert (made.ok, made.files) == (True, len(objects)), made
        # What somebody does to the store is named, and the copy knows it too.
        store.client().remove_object(first.bucket, sealed[0].key)
        assert problems(check_all(settings, parts)) == [
            f"{sealed[0].key}: файла нет (document/{sealed[0].document_id})"
        ]
    with Home(first.path) as home:
        master = home.keys.master

    back = restore(second.settings, to, None, master, silent)

    assert (back.ok, problems(back.checked)) == (True, []), back
    assert (back.files, back.dropped) == (len(objects), 0)
    assert all(second.locked_until(key) < at for key, at in terms.items())
    with second.served() as (settings, parts):
        found = recover(settings, parts, silent)
        assert (found.ok, found.started, found.restarted) == (True, 0, 0)
        assert problems(check_all(settings, parts)) == []
        a_night(parts)
        assert {key: second.locked_until(key) for key in locks} == locks
        assert problems(check_all(settings, parts)) == []


def a_night(parts: Parts) -> None:
    """What a worker does of it after the walk over the files."""
    work = VerificationActivities(
        *(parts.verifications, parts.files, parts.log),
        reads=parts.reads,
        rows=parts.row_nights,
        holds=parts.holds,
    )
    now = datetime.now(UTC)
    task = CheckLogs(run_id=f"verification/{now.isoformat()}", after="", now=now)
    assert ActivityEnvironment().run(work.check_logs, task).finished


def cut_off(before: Document, after: Document) -> Document:
    """A document whose next activity was done, and whose save did not come to tell of it."""

    def half(school: School, document: DocumentState) -> DocumentState | None:
        saved = before(school, document)
        assert saved is not None
        assert after(school, saved) is not saved
        return saved

    return half


HALF_DRAFTED = cut_off(CONSENTS[1], lambda school, consent: school.drafted(consent))
HALF_SEALED = cut_off(CONSENTS[3], lambda school, consent: school.sealed(consent))
HALF_NUMBERED = cut_off(
    lambda school, plan: school.registering(plan), lambda school, plan: school._registered(plan)
)
"""Its number and the text with it are there, and its state asks for both."""
A_YEAR = timedelta(days=365)
WAYS: tuple[tuple[Document, ...], ...] = (
    (CONSENTS[-1], HALF_SEALED),
    (HALF_DRAFTED, CONSENTS[-2]),
    (HALF_NUMBERED,),
    (PLANS[-1],),
)


def a_school(parts: Parts) -> None:
    """Papers at rest, and papers between what was done and what was saved of it."""
    school = School.make(parts, len(WAYS))
    cycle = school.with_pairs(
        school.cycle("first", "consents", "plan", "order", "meetings", "final"), len(WAYS)
    )
    for n, far in enumerate(WAYS):
        school.save(school.begun(school.pair(cycle, n, consented=len(far) == 1), *far))
    school.save(cycle)
    # An upload that was stored, and cut off before its row.
    parts.desk.make_key(CUT, ORGANISATION, "cut")
    parts.desk.begin_object(CUT, ORGANISATION)
    parts.files.put_once(CUT, b"cut off", parts.desk.data_key(CUT))
