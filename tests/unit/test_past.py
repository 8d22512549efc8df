"""What the log alone tells of an earlier moment."""

from datetime import UTC, date, datetime, timedelta

from domain.audit import AuditEvent
from domain.past import Past

NOW = datetime(2026, 9, 7, 9, tzinfo=UTC)
PAIR, MENTOR, MENTEE, DOCUMENT = "a" * 16, "b" * 16, "c" * 16, "d" * 16
FORMED = {"pair": PAIR, "mentor": MENTOR, "mentee": MENTEE, "form": "teacher_teacher", "turn": "1"}


def an_event(subject: str, n: int, action: str, **fields: object) -> AuditEvent:
    known = {"actor": "u", "at": NOW + timedelta(days=n), "stage": "running"}
    return AuditEvent.model_validate(
        {"subject": subject, "n": n, "action": action, **known, **fields}
    )


def test_a_pair_stands_at_the_first_stage_until_it_passes_one() -> None:
    past = Past()
    past.take(an_event("cycle/c", 1, "pair_formed", refs={**FORMED, "first": "consents"}))
    assert past.pairs[PAIR].stage == "consents"
    past.take(an_event(f"pair/{PAIR}", 1, "stage_completed", stage="order", refs={"pair": PAIR}))
    pair = past.pairs[PAIR]
    assert (pair.stage, pair.mentor_id, pair.mentee_id, pair.turn) == ("order", MENTOR, MENTEE, 1)


def test_a_document_has_the_version_and_the_number_that_it_had_then() -> None:
    about = {"kind": "order_pairs", "pair": PAIR}
    subject, asked = f"document/{DOCUMENT}", {"stage": "on_approval", "refs": about}
    events = [
        an_event(subject, 1, "drafted", version=1, sha256="1" * 64, **asked),
        an_event(subject, 2, "sent_back", version=1, stage="returned", refs=about),
        an_event(subject, 3, "redrafted", version=2, stage="drafting", refs=about),
        an_event(subject, 4, "drafted", version=2, sha256="2" * 64, **asked),
        an_event(subject, 5, "approved", version=2, sha256="2" * 64, stage="registering"),
        an_event(
            *(subject, 6, "registered"),
            version=2,
            sha256="3" * 64,
            stage="to_sign",
            refs={**about, "number": "7-о", "day": "2026-09-13"},
        ),
    ]
    stood = [Past.of(events[:n]).documents[DOCUMENT] for n in range(1, 7)]
    assert [(one.version, one.waits_for) for one in stood] == [
        *((1, "decide"), (1, "redraft"), (2, None), (2, "decide"), (2, None), (2, "attach_signed")),
    ]
    assert [one.sha256 for one in stood][2:] == [None, "2" * 64, "2" * 64, "3" * 64]
    assert stood[4].number is None
    assert (stood[5].number, stood[5].day) == ("7-о", date(2026, 9, 13))


def test_a_row_is_done_when_no_result_is_left() -> None:
    row = {"item": "1.2", "step": "1.2"}
    opened = an_event("cycle/c", 1, "item_opened", refs=row)
    half = an_event("cycle/c", 2, "result_proved", refs={**row, "left": "1"})
    whole = an_event("cycle/c", 3, "result_proved", refs={**row, "left": "0"})
    events = [opened, half, whole]
    known = [Past.of(events[:n]).rows["cycle/c", "1.2"].done for n in (1, 2, 3)]
    assert known == [False, False, True]


def test_a_document_ends_when_a_later_one_takes_its_force() -> None:
    old, new = "document/" + "1" * 16, "document/" + "2" * 16
    events = [
        an_event(old, 1, "sealed", stage="in_force"),
        an_event(new, 1, "sealed", stage="in_force"),
        an_event(new, 2, "changed_document", refs={"document": "1" * 16, "how": "amends"}),
        an_event(new, 3, "changed_document", refs={"document": "1" * 16, "how": "cancels"}),
    ]
    assert Past.of(events[:3]).documents["1" * 16].ended is None
    assert Past.of(events).documents["1" * 16].ended == "cancels"


def test_what_an_older_program_did_not_say_is_not_guessed() -> None:
    row = {"item": "1.2", "step": "1.2", "pair": PAIR}
    past = Past.of(
        [
            an_event("cycle/c", 1, "pair_formed", stage=None, refs={"pair": PAIR, "form": "x"}),
            an_event(f"pair/{PAIR}", 1, "result_proved", stage=None, refs=row),
            an_event(f"document/{DOCUMENT}", 1, "approved", stage=None),
        ]
    )
    assert (past.pairs[PAIR].stage, past.pairs[PAIR].mentor_id) == (None, None)
    assert past.rows[f"pair/{PAIR}", "1.2"].done is None
    document = past.documents[DOCUMENT]
    assert (document.stage, document.version, document.waits_for) == (None, None, None)


def test_events_about_other_things_tell_nothing() -> None:
    past = Past.of([an_event("journal/o/orders/2026", 1, "reserved", refs={"number": "1-о"})])
    assert [past.cycles, past.pairs, past.documents, past.rows] == [{}, {}, {}, {}]
