"""What is told of a dump or its loading that failed."""

from runtime.postgres_dump import complaint

SAID = """\
pg_restore: while PROCESSING TOC:
pg_restore: from TOC entry 4123; 0 16400 TABLE DATA people nastavnik_owner
pg_restore: error: COPY failed for table "people": ERROR:  value too long for type character(1)
DETAIL:  Failing row contains (1, Канарейкина).
CONTEXT:  COPY people, line 1, column family: "Канарейкина"
"""


def test_rows_that_a_program_quotes_are_not_told_on() -> None:
    told = complaint(SAID)
    assert "Канарейкина" not in told
    assert told.endswith("value too long for type character(1)")


def test_the_last_lines_are_told() -> None:
    assert complaint("one\ntwo\nthree\nfour\n\n") == "two\nthree\nfour"
