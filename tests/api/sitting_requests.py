"""Requests about sittings: `calling` and `holding` make the bodies; `convene` makes a council."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from activities.sitting_ports import BodyWish
from domain.bodies import BodySettings, Quorum
from domain.routes import Outcome
from domain.sittings import AgendaItem, Sitting
from tests.fakes.desk import FakeDesk

Json = dict[str, Any]


def calling(cycle: str, day: date, *items: Json, **fields: str) -> Json:
    """Call a sitting; `fields` may name `chair` and `secretary`, by id or code."""
    agenda = list(items)
    return {
        "cycle_id": cycle,
        "day": day.isoformat(),
        "place": "Актовый зал",
        "agenda": agenda,
        **fields,
    }


def about(document: str, version: int, sha256: str, title: str = "О документе") -> Json:
    """A question about a version of a document."""
    return {"title": title, "document_id": document, "version": version, "sha256": sha256}


def holding(present: Sequence[str], *outcomes: Outcome, **fields: str) -> Json:
    """What came of a sitting at which all voted alike: `outcomes` of its items, in their order."""
    votes = {"in_favour": len(present), "against": 0, "abstained": 0}
    items = [
        {"n": n, "outcome": outcome, "text": f"Решение по вопросу {n}.", "votes": votes}
        for n, outcome in enumerate(outcomes, start=1)
    ]
    return {"present": list(present), "items": items, **fields}


CALLED, TO_CANCEL, PAPER = "11" * 8, "22" * 8, "33" * 8
SHA = "a" * 64
AGENDA: list[Json] = [{"title": "О плане на год"}, about(PAPER, 2, SHA)]
SITTING = calling("c" * 16, date(2026, 9, 1), *AGENDA)
VOTES = {"in_favour": 2, "against": 0, "abstained": 0}
HELD = holding(["D-01", "K-01"], Outcome.APPROVE, Outcome.APPROVE)


def convene(desk: FakeDesk, organisation: str, body: str, cycle: str, *members: str) -> None:
    """A body of these members, the first of whom presides; two of its sittings are called."""
    kept, ever = desk.sittings, date(2020, 9, 1)
    wish = BodyWish(organisation_id=organisation, by="0" * 16, at=datetime(2026, 9, 1, tzinfo=UTC))
    kept.names[organisation, body] = "Педагогический совет"
    kept.members[body] = dict.fromkeys(members, (ever, None))
    kept.waiting[body] = {PAPER: (2, SHA)}
    kept.set(wish, body, BodySettings(chair_id=members[0], secretary_id=members[1]))
    for sitting_id in (CALLED, TO_CANCEL):
        sitting = Sitting(
            sitting_id=sitting_id,
            body_id=body,
            cycle_id=cycle,
            day=date(2026, 9, 1),
            place="Актовый зал",
            chair_id=members[0],
            secretary_id=members[1],
            quorum=Quorum(),
            minutes_kind="council_minutes",
            agenda=tuple(AgendaItem(**item) for item in AGENDA),
        )
        kept.call(wish, sitting)
