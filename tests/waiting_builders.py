"""What sentences about waiting need, for tests."""

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.documents import DocumentState
from domain.planning import PlannedResult
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from domain.waiting import Around, Wait
from domain.waiting_words import sentence
from tests.builders import (
    DRAFTER,
    NOW,
    a_planned_result,
)
from tests.roadmap_builders import a_roadmap

ROADMAP: Roadmap = a_roadmap()
KINDS = {"order_pairs": "Приказ о парах", "consent_adult": "Согласие", "agreement": "Соглашение"}
ZONE = ZoneInfo("Europe/Moscow")


def around(*documents: DocumentState, cycle: ProgrammeState | None = None) -> Around:
    known = {one.document_id: one for one in documents}
    return Around(roadmap=ROADMAP, kinds=KINDS, documents=known, cycle=cycle)


def said(wait: Wait, now: datetime = NOW) -> str:
    """The sentence for a reader who may see nobody."""
    return sentence(wait, {}, now, ZONE, lambda code: code)


def a_document_result(**fields: object) -> PlannedResult:
    known = {"id": "order", "proof": "document", "document": "order_pairs", "drafter": DRAFTER}
    return a_planned_result(**{**known, **fields})
