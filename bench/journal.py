"""Eight writers give 16,000 numbers of one journal while they are killed in mid-transaction.

Each writer is a process of its own and has 2,000 documents. At random moments one is stopped; if
its transaction is open just then, it is killed, and another goes on from the last number that was
answered. In the end the numbers must be exactly 1…16,000, none doubled, none missing, and each
document must have the number that its writer was told. Speed is printed, and nothing depends on it.
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import yaml
from pydantic import SecretStr
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from activities.tasks import EnterInJournal
from adapters.files.keyring import MasterKeys
from adapters.postgres.archive import PostgresArchive
from adapters.postgres.desk import PostgresDesk
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.migrate import migrate
from adapters.postgres.session import engine_for
from domain import ids
from domain.kinds import DocumentKind
from domain.layout_settings import LayoutSettings
from runtime.embedded_postgres import APP, OWNER, PostgresServer
from runtime.home import Home
from runtime.processes import wait_until

WRITERS = 8
NUMBERS = 2_000
KILLS = 24
KIND = "order_pairs"
TEMPLATES = Path(__file__).parents[1] / "doc_templates"
NOW = datetime(2026, 9, 7, 9, tzinfo=UTC)
KEYS = MasterKeys(bytes(32))
ADDRESS, ORGANISATION = "BENCH_DATABASE", "0" * 16

_OPEN = text(
    """
    SELECT state, wait_event_type FROM pg_stat_activity
    WHERE application_name = :name AND xact_start IS NOT NULL
    """
)
_LINES = text(
    "SELECT document_id, n, number FROM journal_lines WHERE organisation_id = :organisation"
)


def document(writer: int, index: int) -> str:
    return ids.derived_id("bench", str(writer), str(index))


def write(writer: int, first: int, numbers: int) -> None:
    """Give the writer's documents their numbers, from one on; tell each when it is given."""
    engine = engine_for(SecretStr(os.environ[ADDRESS]), KEYS, name=f"writer-{writer}")
    about = yaml.safe_load((TEMPLATES / KIND / "kind.yaml").read_text(encoding="utf-8"))
    kind = DocumentKind.model_validate({**about, "kind": KIND})
    ledger = PostgresLedger(engine, KEYS, {KIND: kind}, {}, _no_template)
    for index in range(first, numbers):
        task = EnterInJournal(
            organisation_id=ORGANISATION,
            document_id=document(writer, index),
            kind=KIND,
            version=1,
            numbered=True,
            now=NOW,
        )
        line = _patiently(ledger, task)
        sys.stdout.write(f"{index} {line}\n")
        sys.stdout.flush()


def _no_template(kind: str, settings: LayoutSettings) -> bytes:
    raise AssertionError(f"nothing is drafted here: {kind}, {settings}")


def _patiently(ledger: PostgresLedger, task: EnterInJournal) -> str | None:
    """As an activity does: a lock that was not had in time is asked for again."""
    while True:
        try:
            return ledger.enter_in_journal(task).number
        except OperationalError:
            time.sleep(0.1)


@dataclass
class Writer:
    """A writer's process, whichever lives now, and all that they were told."""

    number: int
    numbers: int
    environment: Mapping[str, str]
    told: dict[int, str] = field(default_factory=dict)
    doubled: int = 0  # documents that were told two numbers
    killed: int = 0

    def start(self) -> None:
        argv = ["-m", "bench.journal", "--writer", str(self.number)]
        argv += ["--first", str(len(self.told)), "--numbers", str(self.numbers)]
        self._process = subprocess.Popen(
            [sys.executable, *argv], env=self.environment, stdout=subprocess.PIPE, text=True
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,))
        self._reader.start()

    @property
    def is_done(self) -> bool:
        return len(self.told) == self.numbers

    @property
    def has_begun(self) -> bool:
        """Whether the process that lives now has been told something."""
        return len(self.told) > self._before

    def kill_in_mid_transaction(self, engine: Engine) -> bool:
        """Stop it; kill it and start another if its transaction is open, else let it go on."""
        self._process.send_signal(signal.SIGSTOP)
        if self.is_done or not _has_open_transaction(engine, self.number):
            self._process.send_signal(signal.SIGCONT)
            return False
        self._process.kill()
        self.join()
        self.killed += 1
        self.start()
        return True

    def join(self) -> int:
        code = self._process.wait()
        self._reader.join()
        return code

    def end(self) -> None:
        """Whatever it is at."""
        if self._process.poll() is None:
            self._process.kill()
        self.join()

    def _read(self, process: "subprocess.Popen[str]") -> None:
        self._before = len(self.told)
        for line in process.stdout or ():
            index, _, number = line.rstrip("\n").partition(" ")
            if not line.endswith("\n"):
                return  # cut off by the kill: it will be told again
            known = self.told.setdefault(int(index), number)
            self.doubled += known != number


def _has_open_transaction(engine: Engine, writer: int) -> bool:
    """True if it holds locks that only its death will free."""
    with engine.connect() as connection:
        found = connection.execute(_OPEN, {"name": f"writer-{writer}"}).all()
    return any(row.state == "idle in transaction" or row.wait_event_type for row in found)


@contextmanager
def database() -> Iterator[tuple[SecretStr, Engine]]:
    """A server of its own with one organisation, gone afterwards."""
    with (
        tempfile.TemporaryDirectory(prefix="nastavnik-bench-") as folder,
        Home(Path(folder, "home")) as home,
    ):
        server = PostgresServer(home)
        server.prepare()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        child = server.launch(port)
        try:
            if not wait_until(server.is_ready, 60.0):
                raise SystemExit(f"PostgreSQL did not start: {child.last_words()}")
            migrate(SecretStr(server.url(OWNER, port).get_secret_value()))
            address = server.url(APP, port)
            engine = engine_for(address, KEYS, name="bench")
            PostgresDesk(engine, KEYS).add_organisation(
                ORGANISATION,
                name="Колледж «Заря»",
                short_name="Заря",
                address="000001, г. Заречинск, ул. Учебная, д. 1",
                inn="0012345674",
                city="г. Заречинск",
                time_zone="Asia/Vladivostok",
            )
            yield address, engine
            engine.dispose()
        finally:
            child.stop()


def run(address: SecretStr, engine: Engine, numbers: int, kills: int) -> Sequence[Writer]:
    """All writers, until each has its numbers; `kills` of them are killed on the way."""
    environment = {**os.environ, ADDRESS: address.get_secret_value()}
    writers = [Writer(number, numbers, environment) for number in range(WRITERS)]
    chance = random.Random(16_000)
    for writer in writers:
        writer.start()
    try:
        killed = 0
        while not all(writer.is_done for writer in writers):
            time.sleep(chance.uniform(0.02, 0.2))
            at_work = [one for one in writers if one.has_begun and not one.is_done]
            share = sum(len(writer.told) for writer in writers) / (WRITERS * numbers)
            if killed < kills and killed <= kills * share * 1.1 and at_work:
                killed += chance.choice(at_work).kill_in_mid_transaction(engine)
    finally:
        for writer in writers:
            writer.end() if sys.exc_info()[0] else writer.join()
    return writers


def judge(engine: Engine, writers: Sequence[Writer], numbers: int) -> dict[str, object]:
    """What is wrong, if anything is."""
    with engine.connect() as connection:
        rows = connection.execute(_LINES, {"organisation": ORGANISATION}).all()
    given = sorted(row.n for row in rows)
    told = {
        document(writer.number, index): number
        for writer in writers
        for index, number in writer.told.items()
    }
    wanted = range(1, WRITERS * numbers + 1)
    return {
        "numbers": len(given),
        "missing": len(set(wanted) - set(given)),
        "doubled": len(given) - len(set(given)) + sum(writer.doubled for writer in writers),
        "told_otherwise": sum(told.get(row.document_id) != row.number for row in rows),
        "faults": list(PostgresArchive(engine).journal_faults()),
        "exact": given == list(wanted),
    }


def measure(numbers: int, kills: int) -> dict[str, object]:
    with database() as (address, engine):
        began = time.perf_counter()
        writers = run(address, engine, numbers, kills)
        seconds = time.perf_counter() - began
        found = judge(engine, writers, numbers)
    wrong = (found["missing"], found["doubled"], found["told_otherwise"], found["faults"])
    killed = sum(writer.killed for writer in writers)
    return {
        "bench": "journal",
        "writers": WRITERS,
        "kills": killed,
        **found,
        "seconds": round(seconds, 1),
        "numbers_per_second": round(WRITERS * numbers / seconds, 1),
        "ratios": {},
        "limits": {},
        "ok": bool(found["exact"]) and not any(wrong) and killed == kills,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--numbers", type=int, default=NUMBERS, help="of each writer")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    parser.add_argument("--writer", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--first", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.writer is not None:
        write(given.writer, given.first, given.numbers)
        return 0
    sys.stderr.write(f"{WRITERS} writers, {given.numbers} numbers each, {given.kills} kills\n")
    found = measure(given.numbers, given.kills)
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        print(
            f"{found['numbers']} numbers in {found['seconds']} s, {found['numbers_per_second']} a "
            f"second, {found['kills']} writers killed; missing {found['missing']}, doubled "
            f"{found['doubled']}, told otherwise {found['told_otherwise']}, {found['faults']}"
        )
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
