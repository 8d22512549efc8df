"""A pair's timeline as the API gives it, beside the bare query of the same rows.

A real PostgreSQL holds 1,000,000 entries of one log, the hundred of each pair scattered among those
of 10,000 pairs. Both sides are asked in turns, each time for another pair: `LogViews.timeline` with
names, rights, remarks, documents and how their files stand; and one statement over the index that
fetches the same rows. Medians of many rounds, and their ratio.
"""

import argparse
import json
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Engine, text

from adapters.files.keyring import MasterKeys
from adapters.postgres.desk import PostgresDesk
from adapters.postgres.enrolling import person_id
from adapters.postgres.log_views import LogAsked
from adapters.postgres.migrate import migrate
from adapters.postgres.session import engine_for
from adapters.postgres.views import PostgresViews
from domain.enrolment import EnrolledPerson, Enrolment, Part
from domain.people import AccessRole
from runtime.embedded_postgres import APP, OWNER, PostgresServer
from runtime.home import Home
from runtime.processes import wait_until

ENTRIES = 1_000_000
OF_A_PAIR = 100
ROUNDS = 60
LIMIT = 3.0
KEYS = MasterKeys(bytes(32))
ORGANISATION = "0" * 16

_FILL = (
    """
    INSERT INTO pairs (pair_id, organisation_id, cycle_id, mentor_id, mentee_id, form, turn, stage,
      open)
    SELECT substr(md5('pair' || p), 1, 16), CAST(:organisation AS text), 'c',
      CAST(:mentor AS text), CAST(:mentee AS text), 'teacher_teacher', 1,
      'completed', false
    FROM generate_series(0, CAST(:pairs AS integer) - 1) AS p
    """,
    """
    INSERT INTO documents (document_id, organisation_id, cycle_id, kind, pair_id, turn, drafter,
      stage, since, version, number, day)
    SELECT substr(md5(p || '/' || d), 1, 16), CAST(:organisation AS text), 'c', 'individual_plan',
      substr(md5('pair' || p), 1, 16), 1, CAST(:mentor AS text), 'in_force', now(), 2,
      d || '-о', '2026-09-10'
    FROM generate_series(0, CAST(:pairs AS integer) - 1) AS p, generate_series(1, 5) AS d
    """,
    """
    INSERT INTO objects (key, organisation_id, document_id, version, role, key_id, sha256,
      stored_sha256, size, media_type)
    SELECT 'sealed/' || document_id, CAST(:organisation AS text), document_id, 2, 'signed',
      document_id,
      md5(document_id), md5(document_id), 1000, 'application/pdf'
    FROM documents
    """,
    """
    INSERT INTO verification_runs (run_id, organisation_id, last_key, total, checked, bytes, faults,
      started_at, finished_at)
    VALUES ('r', '*', '~', 0, 0, 0, 0, now() + interval '1 second', now() + interval '1 minute')
    """,
    """
    INSERT INTO kept_texts (id, organisation_id, kind, subject, author, body, sha256)
    SELECT substr(md5('note' || n), 1, 16), CAST(:organisation AS text), 'remark', '',
      CAST(:user AS text),
      '{"text": "Уточните срок второй встречи."}', ''
    FROM generate_series(0, 999) AS n
    """,
    # Every tenth event is the pair's own, the rest are of its five documents.
    """
    INSERT INTO audit_entries (organisation_id, seq, subject, n, cycle_id, pair_id, action, actor,
      at, text, nodes)
    SELECT CAST(:organisation AS text), seq, subject, n, 'c', pair, action, CAST(:user AS text), at,
      json_build_object('action', action, 'actor', CAST(:user AS text), 'at', at, 'n', n,
        'note_id', CASE action WHEN 'sent_back' THEN substr(md5('note' || seq % 1000), 1, 16) END,
        'refs', json_build_object('cycle', 'c', 'kind', 'individual_plan', 'pair', pair,
          'holder', CAST(:mentor AS text)),
        'role', 'director', 'sha256', repeat(md5(subject), 2), 'stage', 'on_approval',
        'subject', subject, 'version', 1 + n % 2)::text,
      decode(repeat(md5(subject), 2), 'hex')
    FROM (
      SELECT k * CAST(:pairs AS integer) + p + 1 AS seq, k + 1 AS n,
        substr(md5('pair' || p), 1, 16) AS pair,
        CASE WHEN k % 10 = 0 THEN 'pair/' || substr(md5('pair' || p), 1, 16)
          ELSE 'document/' || substr(md5(p || '/' || 1 + k % 5), 1, 16) END AS subject,
        (ARRAY['drafted', 'sent_back', 'redrafted', 'drafted', 'approved', 'registered',
          'signed_scan_attached', 'sealed', 'reminded', 'escalated'])[1 + k % 10] AS action,
        timestamptz '2026-09-01 09:00+00' + k * interval '1 day' AS at
      FROM generate_series(0, CAST(:each AS integer) - 1) AS k,
        generate_series(0, CAST(:pairs AS integer) - 1) AS p
    ) AS made
    ORDER BY seq
    """,
)
_BARE = text(
    """
    SELECT seq, text, encode(substr(nodes, 1, 32), 'hex') AS hash, recorded_at FROM audit_entries
    WHERE organisation_id = :organisation AND pair_id = :pair ORDER BY seq LIMIT :limit
    """
)
_PAIRS = text("SELECT pair_id FROM pairs ORDER BY pair_id LIMIT :rounds")


def say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


@contextmanager
def database() -> Iterator[tuple[Engine, Engine, Engine]]:
    """A migrated database of its own: as its owner, as the application, as a bare reader.

    Each has connections of its own: what one prepares there is not lost by what another does.
    """
    with tempfile.TemporaryDirectory() as folder, Home(Path(folder, "home")) as home:
        server = PostgresServer(home)
        server.prepare()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        child = server.launch(port)
        try:
            if not wait_until(server.is_ready, 60.0):
                raise RuntimeError(child.last_words())
            migrate(SecretStr(server.url(OWNER, port).get_secret_value()))
            roles = (OWNER, APP, APP)
            owner, app, reader = (
                engine_for(SecretStr(server.url(role, port).get_secret_value()), KEYS, name="bench")
                for role in roles
            )
            yield owner, app, reader
            for engine in (owner, app, reader):
                engine.dispose()
        finally:
            child.stop()


def fill(owner: Engine, app: Engine, entries: int) -> None:
    """One organisation, its pairs with five documents each, and the log."""
    desk = PostgresDesk(app, KEYS)
    desk.add_organisation(
        ORGANISATION,
        name="Колледж «Заря»",
        short_name="Заря",
        address="000001, г. Заречинск, ул. Учебная, д. 1",
        inn="0012345674",
        city="г. Заречинск",
        time_zone="Asia/Omsk",
    )
    people = tuple(
        EnrolledPerson(
            code=code,
            last=last,
            first="Анна",
            patronymic="Павловна",
            gender="f",
            birth_date=date(1980, 5, 1),
            post="методист",
            roles=(Part.STAFF,),
        )
        for code, last in (("mentor", "Коваль"), ("mentee", "Черных"))
    )
    desk.enrol(ORGANISATION, Enrolment(people=people))
    mentor, mentee = (person_id(ORGANISATION, one) for one in ("mentor", "mentee"))
    token = desk.add_user(ORGANISATION, AccessRole.DIRECTOR, mentor)
    user = PostgresViews(app, {}).user_by_token(token)
    given = {
        "organisation": ORGANISATION,
        "mentor": mentor,
        "mentee": mentee,
        "user": user.id,
        "pairs": entries // OF_A_PAIR,
        "each": OF_A_PAIR,
    }
    for statement in _FILL:
        with owner.begin() as connection:
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text(statement), given)
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))


def measure(entries: int, rounds: int) -> dict[str, object]:
    """Both sides in turns, after each has been asked once for every pair."""
    with database() as (owner, app, reader):
        say(f"filling a log with {entries} entries")
        fill(owner, app, entries)
        views = PostgresViews(app, {})
        with app.connect() as connection:
            pairs = list(connection.execute(_PAIRS, {"rounds": rounds}).scalars())

        def bare(pair: str) -> int:
            given = {"organisation": ORGANISATION, "pair": pair, "limit": OF_A_PAIR + 1}
            with reader.connect() as connection:
                return len(connection.execute(_BARE, given).all())

        def view(pair: str) -> int:
            asked = LogAsked(pair_id=pair, limit=OF_A_PAIR)
            return len(views.timeline(ORGANISATION, asked).lines)

        took: dict[str, list[float]] = {"bare": [], "view": []}
        for timed in (False, True):
            for pair in pairs:
                for name, ask in (("bare", bare), ("view", view)):
                    began = time.perf_counter()
                    found = ask(pair)
                    seconds = time.perf_counter() - began
                    if found != OF_A_PAIR:
                        raise RuntimeError(f"{name} found {found} entries")
                    if timed:
                        took[name].append(seconds)
    medians = {name: statistics.median(times) for name, times in took.items()}
    ratio = medians["view"] / medians["bare"]
    return {
        "bench": "timeline",
        "entries": entries,
        "of_a_pair": OF_A_PAIR,
        "milliseconds": {name: round(one * 1000, 2) for name, one in medians.items()},
        "ratios": {"timeline": round(ratio, 2)},
        "limits": {"timeline": LIMIT},
        "ok": ratio <= LIMIT,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=ENTRIES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    given = parser.parse_args()
    found = measure(given.entries, given.rounds)
    print(json.dumps(found, ensure_ascii=False))
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
