"""The text of an event: one for each event, whatever the order of its fields or its time zone."""

from datetime import datetime, timedelta, timezone

from domain.audit import AuditEvent, canonical
from tests.builders import NOW

EVENT = AuditEvent(
    subject="document/d1",
    n=3,
    action="approved",
    actor="u1",
    at=NOW,
    version=2,
    sha256="a" * 64,
    refs={"kind": "приказ", "cycle": "c1"},
)
TEXT = (
    '{"action":"approved","actor":"u1","at":"2024-09-02T09:00:00Z","n":3,"note_id":null,'
    '"refs":{"cycle":"c1","kind":"приказ"},"role":null,"sha256":"' + "a" * 64 + '","stage":null,'
    '"subject":"document/d1","version":2}'
)


def test_an_event_has_one_text() -> None:
    assert canonical(EVENT) == TEXT


def test_the_order_of_references_and_the_time_zone_do_not_change_the_text() -> None:
    ekaterinburg = timezone(timedelta(hours=5))
    same = EVENT.changed(
        refs={"cycle": "c1", "kind": "приказ"}, at=datetime(2024, 9, 2, 14, tzinfo=ekaterinburg)
    )
    assert canonical(same) == TEXT


def test_an_event_read_back_from_its_text_has_the_same_text() -> None:
    assert canonical(AuditEvent.model_validate_json(TEXT)) == TEXT


def test_the_text_is_one_line_whatever_an_event_refers_to() -> None:
    assert "\n" not in canonical(EVENT.changed(refs={"kind": "две\nстроки"}))
