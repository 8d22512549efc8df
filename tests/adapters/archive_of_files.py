"""A database of its own and a folder with stored files of pairs, for those who verify or spoil."""

import hashlib
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from sqlalchemy import Engine, text
from temporalio.testing import ActivityEnvironment

from activities.verification import VerificationActivities
from activities.verification_ports import CheckLogs, VerifiedSome, VerifySome
from adapters.files.filesystem import FilesystemFiles
from adapters.log_keys import LogKeys
from adapters.postgres.checkpoints import PostgresLog
from adapters.postgres.log import open_log
from adapters.postgres.reads import PostgresReads
from adapters.postgres.row_nights import PostgresRowNights
from adapters.postgres.rows import Known, put
from adapters.postgres.tables import ObjectRow
from adapters.postgres.verification import PostgresVerifications
from adapters.postgres.verification_views import IncidentLine, IncidentPage
from adapters.postgres.views import PostgresViews
from adapters.postgres.work_tables import DocumentRow, PairRow
from domain import ids
from tests.adapters.world import KEYS, World

_PAIR_OF = text(
    """
    SELECT d.pair_id FROM objects o JOIN documents d ON d.document_id = o.document_id
    WHERE o.key = :key
    """
)
NIGHT = datetime(2026, 11, 22, 21, tzinfo=UTC)
A_PAIR = 10
"""Files of one pair: of five documents, two each."""


@dataclass
class Archive:
    """Files of an organisation's pairs; the bytes are any, for nobody needs to open them."""

    engine: Engine
    root: Path
    world: World
    keys: list[str] = field(default_factory=list)

    @cached_property
    def files(self) -> FilesystemFiles:
        return FilesystemFiles(self.root)

    @cached_property
    def views(self) -> PostgresViews:
        return self.world.views

    @cached_property
    def log(self) -> PostgresLog:
        return PostgresLog(self.engine, LogKeys(KEYS))

    @property
    def book(self) -> PostgresVerifications:
        return PostgresVerifications(self.engine)

    def fill(self, count: int, size: int = 300, seed: int = 1) -> None:
        """`count` files more, of about `size` bytes, with their rows; every tenth begins a pair."""
        own = f"{self.world.organisation}/{seed}"
        chance, rows, documents, pairs = random.Random(own), [], {}, {}
        for n in range(len(self.keys), len(self.keys) + count):
            content = chance.randbytes(size + n % 7)
            digest = hashlib.sha256(content).hexdigest()
            document = ids.derived_id("file", own, str(n // 2))
            pair = ids.derived_id("pair", own, str(n // A_PAIR))
            key = f"sealed/{digest}" if n % 2 else ids.draft_key(document, 1)
            path = self.path(key)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            self.keys.append(key)
            rows.append(self._row(key, document, digest, len(content), n))
            documents[document] = self._document(document, pair)
            pairs[pair] = self._pair(pair, n)
        with self.engine.begin() as connection:
            put(connection, PairRow, list(pairs.values()), Known.STAYS)
            put(connection, DocumentRow, list(documents.values()), Known.STAYS)
            put(connection, ObjectRow, rows, Known.IS_AN_ERROR)

    def path(self, key: str) -> Path:
        return self.files._path(key)

    def check_logs(self) -> bool:
        """All logs, as the nightly workflow asks for it; whether it came to its end."""
        work = VerificationActivities(
            *(self.book, self.files, self.log),
            reads=PostgresReads(self.engine),
            rows=PostgresRowNights(self.engine),
        )
        task = CheckLogs(run_id="logs", after="", now=NIGHT)
        return bool(ActivityEnvironment().run(work.check_logs, task).finished)

    def verify(self, run_id: str) -> VerifiedSome:
        """A whole walk, as the nightly workflow asks for it."""
        work = VerificationActivities(self.book, self.files, self.log, rest=0)
        while True:
            task = VerifySome(run_id=run_id, now=NIGHT)
            found: VerifiedSome = ActivityEnvironment().run(work.verify_some, task)
            if found.finished:
                return found

    def incidents(self, *, only_open: bool = True) -> list[IncidentLine]:
        """All of them."""
        found: list[IncidentLine] = []
        while True:
            page = self.page(len(found) // 50 + 1, only_open=only_open)
            found += page.incidents
            if len(page.incidents) < 50:
                return found

    def page(self, number: int = 1, *, only_open: bool = True) -> IncidentPage:
        organisation = self.world.organisation
        return self.views.incidents(organisation, only_open=only_open, page=number)

    def pair_of(self, key: str) -> str:
        with self.engine.connect() as connection:
            return str(connection.execute(_PAIR_OF, {"key": key}).scalar_one())

    def _row(self, key: str, document: str, digest: str, size: int, n: int) -> dict[str, object]:
        return {
            "key": key,
            "organisation_id": self.world.organisation,
            "document_id": document,
            "version": 1,
            "role": "signed" if n % 2 else "draft",
            "key_id": key,
            "sha256": digest,
            "stored_sha256": digest,
            "size": size,
            "media_type": "application/pdf",
        }

    def _document(self, document: str, pair: str) -> dict[str, object]:
        return {
            "document_id": document,
            "organisation_id": self.world.organisation,
            "cycle_id": self.world.cycle,
            "kind": "agreement",
            "pair_id": pair,
            "turn": 1,
            "drafter": self.world.person("curator"),
            "stage": "in_force",
            "since": NIGHT.isoformat(),
            "version": 1,
            "number": "7",
            "day": "2026-09-08",
        }

    def _pair(self, pair: str, n: int) -> dict[str, object]:
        return {
            "pair_id": pair,
            "organisation_id": self.world.organisation,
            "cycle_id": self.world.cycle,
            "mentor_id": self.world.person("mentor"),
            "mentee_id": self.world.person("mentee"),
            "form": f"form {n}",
            "turn": 1,
            "stage": "meetings",
            "open": True,
        }


def an_archive(engine: Engine, root: Path) -> Archive:
    """An archive without files in a database without other organisations."""
    world = World.make(engine)
    with engine.begin() as connection:
        open_log(connection, world.organisation)
    return Archive(engine, root, world)
