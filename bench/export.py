"""How soon the bundle of a cycle with 200 pairs begins, and what memory it takes beside one of 20.

Rows, log and encrypted files of both cycles lie in a real PostgreSQL and a real folder, as a
rehearsal leaves them: nine papers a pair, each with its text and its scan, some 76 entries of the
log. Each bundle is made in a process of its own, as the web process makes it: the read is noted,
then the bytes are taken. The first byte counts from the wish on; memory is the peak of the process.
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
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import SQLModel

from adapters.files.envelope import encrypt
from adapters.files.filesystem import FilesystemFiles
from adapters.files.keyring import MasterKeys
from adapters.postgres import log
from adapters.postgres.rows import Known, put
from adapters.postgres.session import engine_for
from adapters.postgres.tables import FactsRow, ObjectKeyRow, ObjectRow, PersonRow
from adapters.postgres.work_tables import DocumentRow, PairRow, ProcessRow
from bench._stage import median, say
from bench.journal import NOW, ORGANISATION, database
from domain import ids
from domain.audit import AuditEvent
from domain.reads import ReadOf, Shown
from runtime.bundle_check import check_bundle
from runtime.export import bundle_of
from runtime.settings import read_settings
from runtime.wiring import assemble

FEW, MANY = 20, 200
PAPERS, TOLD = 9, 40
"""Of a pair: its documents, and entries of its log that are no document's."""
LEAST, MOST = 12_000, 60_000
"""Bytes of a file, any number between them alike."""
ROUNDS = 5
SECONDS, GROWTH = 1.0, 1.15
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Rows = dict[type[SQLModel], list[dict[str, Any]]]


@dataclass(frozen=True)
class Place:
    """Where the cycles are made."""

    engine: Engine
    keys: MasterKeys
    files: FilesystemFiles
    chance: random.Random


def fill(place: Place, name: str, pairs: int) -> str:
    """A cycle with all that a bundle holds of it; its id."""
    cycle = ids.derived_id("bench", name)
    rows: Rows = {
        ProcessRow: [process("cycle", cycle, cycle)],
        **{model: [] for model in (PersonRow, PairRow, DocumentRow, FactsRow, ObjectKeyRow)},
        ObjectRow: [],
    }
    told: list[Sequence[AuditEvent]] = [[event(f"cycle/{cycle}", 1, "launched", cycle)]]
    for number in range(pairs):
        told += a_pair(place, rows, cycle, ids.derived_id(cycle, str(number)))
    with place.engine.begin() as connection:
        for model, made in rows.items():
            for start in range(0, len(made), 500):
                put(connection, model, made[start : start + 500], Known.IS_AN_ERROR)
        for events in told:
            log.append(connection, ORGANISATION, events, events[0].refs.get("pair"))
    return cycle


def a_pair(place: Place, rows: Rows, cycle: str, pair: str) -> Iterator[Sequence[AuditEvent]]:
    """Put a pair with its papers among the rows; what is told of it."""
    sides = [ids.derived_id(pair, side) for side in ("mentor", "mentee")]
    rows[PersonRow] += [person(one) for one in sides]
    rows[PairRow].append(
        {
            "pair_id": pair,
            "organisation_id": ORGANISATION,
            "cycle_id": cycle,
            "turn": 1,
            "mentor_id": sides[0],
            "mentee_id": sides[1],
            "form": "teacher_pupil",
            "role_model": None,
            "mentor_type": None,
            "stage": "completed",
            "open": False,
        }
    )
    rows[ProcessRow].append(process("pair", pair, cycle))
    yield [
        event(f"pair/{pair}", n, "meeting_recorded", cycle, pair=pair) for n in range(1, TOLD + 1)
    ]
    for number in range(PAPERS):
        document = ids.derived_id(pair, str(number))
        yield a_paper(place, rows, {"cycle": cycle, "pair": pair}, document, sides)


def a_paper(
    place: Place, rows: Rows, of: Mapping[str, str], document: str, sides: Sequence[str]
) -> Sequence[AuditEvent]:
    """Put a sealed paper among the rows and its files into the store; its four events."""
    data_key = place.chance.randbytes(32)
    about = {"organisation_id": ORGANISATION, "document_id": document}
    key = {**about, "key_id": document, "wrapped": f"\\x{place.keys.wrap(data_key).hex()}"}
    rows[ObjectKeyRow].append(key)
    draft, scan = (kept(place, rows, about, data_key, role) for role in ("registered", "signed"))
    facts = ids.derived_id(document, "facts")
    rows[FactsRow].append(
        {
            **about,
            "facts_id": facts,
            "version": 1,
            "sha256": draft["sha256"],
            "body": "{}",
            "template_sha256": None,
            "head": None,
            "people": list(sides),
        }
    )
    rows[DocumentRow].append(
        {
            **about,
            "cycle_id": of["cycle"],
            "kind": "individual_plan",
            "pair_id": of["pair"],
            "person_id": None,
            "item_id": None,
            "result_id": None,
            "turn": 1,
            "drafter": "curator",
            "registrar": None,
            "stage": "in_force",
            "version": 1,
            "since": NOW.isoformat(),
            "facts_id": facts,
            "number": None,
            "trouble": None,
            "day": NOW.date().isoformat(),
            "draft_sha256": draft["sha256"],
            "registered_sha256": draft["sha256"],
            "signed_sha256": scan["sha256"],
            "stored_key": scan["key"],
            "stored_sha256": scan["stored_sha256"],
        }
    )
    subject, refs = f"document/{document}", {**of, "kind": "individual_plan"}
    entered = {"number": "", "day": NOW.date().isoformat()}
    sealed = {"stored_sha256": scan["stored_sha256"]}
    return [
        event(subject, 1, "drafted", sha256=draft["sha256"], **refs),
        event(subject, 2, "registered", sha256=draft["sha256"], **refs, **entered),
        event(subject, 3, "signed_scan_attached", sha256=scan["sha256"], **refs),
        event(subject, 4, "sealed", sha256=scan["sha256"], **refs, **sealed),
    ]


def kept(
    place: Place, rows: Rows, about: Mapping[str, str], data_key: bytes, role: str
) -> dict[str, Any]:
    """Keep a file as the store would, without waiting for the disk; its row."""
    content = place.chance.randbytes(place.chance.randint(LEAST, MOST))
    stored = encrypt(content, data_key)
    digest = hashlib.sha256(stored).hexdigest()
    path = place.files._path(f"sealed/{digest}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(stored)
    row = {
        **about,
        "key": f"sealed/{digest}",
        "version": 1,
        "role": role,
        "key_id": about["document_id"],
        "sha256": hashlib.sha256(content).hexdigest(),
        "stored_sha256": digest,
        "size": len(content),
        "media_type": "application/pdf" if role == "signed" else DOCX,
    }
    rows[ObjectRow].append(row)
    return row


def process(kind: str, id_: str, cycle: str) -> dict[str, Any]:
    return {
        "id": f"{kind}/{id_}",
        "organisation_id": ORGANISATION,
        "kind": kind,
        "cycle_id": cycle,
        "parent": None,
        "stage": "closed",
        "revision": 1,
        "at_work": False,
        "waiting_until": None,
        "clock_offset": 0,
        "trouble": None,
        "to_tell": None,
        "state": {"events": 1},
    }


def person(id_: str) -> dict[str, Any]:
    return {
        "id": id_,
        "organisation_id": ORGANISATION,
        "code": id_,
        "last": "Заяц",
        "first": "Илья",
        "patronymic": None,
        "gender": "m",
        "birth_date": "2010-05-01",
        "post": None,
        "roles": ["pupil"],
        "representative_id": None,
        "kinship": None,
        "experience_years": None,
        "email": None,
        "name_forms": {},
        "sort_key": "заяц",
    }


def event(
    subject: str, n: int, action: str, cycle: str, sha256: str | None = None, **refs: str
) -> AuditEvent:
    return AuditEvent(
        subject=subject,
        n=n,
        action=action,
        actor="system",
        at=NOW + timedelta(minutes=n),
        version=1 if sha256 else None,
        sha256=sha256,
        refs={"cycle": cycle, **refs},
    )


def take(cycle: str, out: str | None) -> dict[str, float]:
    """Take a bundle in this process, which does nothing else: its first byte and its peak."""
    parts = assemble(read_settings())
    parts.archive.exported("cycle", cycle)  # the pool is open, as in a process that serves
    before = peak()
    began = time.perf_counter()
    read = ReadOf(
        organisation_id=ORGANISATION,
        account="bench",
        person_id=None,
        role="auditor",
        at=NOW,
        route="cycles.bundle",
        shown=Shown.BUNDLE,
    )
    chunks = iter(bundle_of(parts, "cycle", cycle))
    chunk = next(chunks)
    parts.reads.keep(read, {}, "cycle", cycle)
    first, size = time.perf_counter() - began, len(chunk)
    with Path(out or os.devnull).open("wb") as file:
        file.write(chunk)
        for chunk in chunks:
            size += file.write(chunk)
    seconds = time.perf_counter() - began
    return {
        "first": first,
        "seconds": seconds,
        "mib": size / 2**20,
        "peak": peak(),
        "grown": peak() - before,
    }


def peak() -> float:
    """The most memory that this process had so far, in MiB."""
    # Not `getrusage`: that also counts what the parent had when it started us.
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    [found] = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(found) / 1024


def taken(environment: Mapping[str, str], cycle: str, out: Path | None = None) -> dict[str, float]:
    """A bundle that another process takes."""
    argv = [sys.executable, "-m", "bench.export", "--take", cycle]
    argv += ["--out", str(out)] if out else []
    done = subprocess.run(argv, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure(few: int, many: int, rounds: int) -> dict[str, object]:
    with (
        tempfile.TemporaryDirectory(prefix="nastavnik-bench-") as folder,
        database() as (address, _),
    ):
        secret = random.Random(11).randbytes(32)
        environment = {
            **{name: value for name, value in os.environ.items() if "NASTAVNIK_" not in name},
            "NASTAVNIK_HOME": folder,
            "NASTAVNIK_DATABASE_APP_URL": address.get_secret_value(),
            "NASTAVNIK_MASTER_KEY": secret.hex(),
            "NASTAVNIK_PAYLOAD_KEY": secret[::-1].hex(),
        }
        cycles = {pairs: made(folder, address, secret, pairs) for pairs in (few, many)}
        out = Path(folder, "bundle.zip")
        taken(environment, cycles[many], out)  # all is warm afterwards
        checked = check_bundle(out)
        if checked.problems or checked.signed_files != many * PAPERS:
            raise SystemExit(f"the bundle is not right: {checked.problems[:3]}")
        out.unlink()
        found: dict[int, list[dict[str, float]]] = {few: [], many: []}
        for number in range(rounds):
            for pairs, cycle in cycles.items():
                found[pairs].append(taken(environment, cycle))
                say(f"round {number + 1}, {pairs} pairs: {found[pairs][-1]}")
    growth = [b["peak"] / s["peak"] for s, b in zip(found[few], found[many], strict=True)]
    first = [one["first"] for one in found[many]]
    ratios = {"first_byte_to_a_second": median(first), "memory_many_to_few": median(growth)}
    limits = {"first_byte_to_a_second": SECONDS, "memory_many_to_few": GROWTH}
    return {
        "bench": "export",
        "pairs": [few, many],
        "files": checked.checked,
        "mib": [round(found[pairs][0]["mib"], 1) for pairs in (few, many)],
        "seconds": [median([one["seconds"] for one in found[pairs]]) for pairs in (few, many)],
        "peak_mib": [median([one["peak"] for one in found[pairs]]) for pairs in (few, many)],
        "grown_mib": [median([one["grown"] for one in found[pairs]]) for pairs in (few, many)],
        "first_byte_spread": [round(min(first), 3), round(max(first), 3)],
        "ratios": ratios,
        "limits": limits,
        "ok": all(ratios[name] <= limits[name] for name in limits),
    }


def made(folder: str, address: SecretStr, secret: bytes, pairs: int) -> str:
    """A cycle of so many pairs in the home; its id."""
    keys = MasterKeys(secret)
    engine = engine_for(address, keys)
    settings = read_settings(home=Path(folder))
    place = Place(engine, keys, FilesystemFiles(settings.files), random.Random(pairs))
    began = time.perf_counter()
    cycle = fill(place, f"cycle of {pairs}", pairs)
    engine.dispose()
    say(f"{pairs} pairs made in {time.perf_counter() - began:.0f} s")
    return cycle


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--few", type=int, default=FEW, help="pairs of the smaller cycle")
    parser.add_argument("--many", type=int, default=MANY, help="pairs of the larger cycle")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    parser.add_argument("--take", help=argparse.SUPPRESS)
    parser.add_argument("--out", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.take:
        print(json.dumps(take(given.take, given.out)))
        return 0
    found = measure(given.few, given.many, given.rounds)
    if given.json:
        print(json.dumps(found))
    else:
        print(
            f"{found['pairs']} pairs, {found['mib']} MiB: whole after {found['seconds']} s, at "
            f"most {found['peak_mib']} MiB; {found['ratios']}, limits {found['limits']}"
        )
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
