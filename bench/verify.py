"""How long verifying the stored bytes of 10,000 files (1 GB) takes beside `sha256sum` on them.

Ours is what a night does: the activity over a real folder and a real PostgreSQL, rows read batch by
batch, progress saved for each, without the pauses that it makes for people's sake. `sha256sum` gets
the same files from `find` through `xargs`. Both by turns, files warm in memory for both; the ratio
is that of each round.
"""

import argparse
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Engine
from temporalio.testing import ActivityEnvironment

from activities.verification import VerificationActivities
from activities.verification_ports import VerifiedSome, VerifySome
from adapters.files.filesystem import FilesystemFiles
from adapters.log_keys import LogKeys
from adapters.postgres.checkpoints import PostgresLog
from adapters.postgres.rows import Known, put
from adapters.postgres.tables import ObjectRow
from adapters.postgres.verification import PostgresVerifications
from bench._stage import median, say
from bench.journal import KEYS, NOW, ORGANISATION, database
from domain import ids

FILES = 10_000
LEAST, MOST = 20_000, 180_000
"""Bytes of a file, any number between them alike: a DOCX of ours up to a scan of some pages."""
ROUNDS = 7
LIMIT = 1.5
AT_ONCE = 1000


def fill(root: Path, engine: Engine, count: int) -> int:
    """Files as the store would keep them, with their rows; their bytes."""
    chance, bytes_, rows = random.Random(7), 0, []
    store = FilesystemFiles(root)
    for n in range(count):
        content = chance.randbytes(chance.randint(LEAST, MOST))
        digest = hashlib.sha256(content).hexdigest()
        path = store._path(f"sealed/{digest}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        bytes_ += len(content)
        rows.append(row(digest, n, len(content)))
    with engine.begin() as connection:
        for start in range(0, count, AT_ONCE):
            put(connection, ObjectRow, rows[start : start + AT_ONCE], Known.IS_AN_ERROR)
    return bytes_


def row(digest: str, n: int, size: int) -> dict[str, object]:
    return {
        "key": f"sealed/{digest}",
        "organisation_id": ORGANISATION,
        "document_id": ids.derived_id("bench", str(n)),
        "version": 1,
        "role": "signed",
        "key_id": digest,
        "sha256": digest,
        "stored_sha256": digest,
        "size": size,
        "media_type": "application/pdf",
    }


class Spent(NamedTuple):
    """Seconds by the wall, and of the processor, over all threads."""

    wall: float
    cpu: float


def sha256sum(root: Path, count: int) -> Spent:
    """What `sha256sum` takes for all files."""
    command = f"find {root}/sealed -type f -print0 | xargs -0 sha256sum"
    began, before = time.perf_counter(), os.times()
    done = subprocess.run(["sh", "-c", command], check=True, capture_output=True)
    after = os.times()
    cpu = sum(after[2:4]) - sum(before[2:4])
    spent = Spent(time.perf_counter() - began, cpu)
    if done.stdout.count(b"\n") != count:
        raise SystemExit("sha256sum has not seen all files")
    return spent


def verified(root: Path, engine: Engine, count: int) -> Spent:
    """What a whole walk takes; of the processor without the database's part."""
    book, log = PostgresVerifications(engine), PostgresLog(engine, LogKeys(KEYS))
    work = VerificationActivities(book, FilesystemFiles(root), log, rest=0)
    task = VerifySome(run_id=ids.new_id(), now=NOW)
    began, before = time.perf_counter(), time.process_time()
    found: VerifiedSome = ActivityEnvironment().run(work.verify_some, task)
    while not found.finished:
        found = ActivityEnvironment().run(work.verify_some, task)
    spent = Spent(time.perf_counter() - began, time.process_time() - before)
    if (found.checked, found.faults) != (count, 0):
        raise SystemExit(f"the walk found {found}")
    return spent


def measure(count: int, rounds: int) -> dict[str, object]:
    with (
        tempfile.TemporaryDirectory(prefix="nastavnik-bench-") as folder,
        database() as (_, engine),
    ):
        root = Path(folder, "files")
        bytes_ = fill(root, engine, count)
        say(f"{count} files, {bytes_ / 1e9:.2f} GB")
        sha256sum(root, count)  # both sides find the files warm
        verified(root, engine, count)
        ours, theirs = [], []
        for number in range(rounds):
            ours.append(verified(root, engine, count))
            theirs.append(sha256sum(root, count))
            say(f"round {number + 1}: {ours[-1].wall:.2f} s, sha256sum {theirs[-1].wall:.2f} s")
    each = [one.wall / other.wall for one, other in zip(ours, theirs, strict=True)]
    return {
        "bench": "verify",
        "files": count,
        "gigabytes": round(bytes_ / 1e9, 2),
        "seconds": median([one.wall for one in ours]),
        "sha256sum_seconds": median([one.wall for one in theirs]),
        "cpu_seconds": median([one.cpu for one in ours]),
        "sha256sum_cpu_seconds": median([one.cpu for one in theirs]),
        "spread": [round(min(each), 3), round(max(each), 3)],
        "ratios": {"verify_to_sha256sum": median(each)},
        "limits": {"verify_to_sha256sum": LIMIT},
        "ok": median(each) <= LIMIT,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    given = parser.parse_args()
    found = measure(given.files, given.rounds)
    if given.json:
        print(json.dumps(found))
    else:
        print(
            f"{found['files']} files, {found['gigabytes']} GB: {found['seconds']} s, sha256sum "
            f"{found['sha256sum_seconds']} s; {found['ratios']}, limits {found['limits']}"
        )
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
