"""Cycles, pairs and papers as in `tests.builders`, but each with an id of its own and of today."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from activities.tasks import Launch
from domain import ids
from domain.document_wishes import Decide
from domain.documents import DocumentState
from domain.pair import PairState
from domain.programme import ProgrammeState
from domain.routes import Outcome
from tests import builders
from tests import roadmap_builders as roadmaps

ADMINISTRATOR = "user-administrator"
CURATOR = builders.the_curator()
DIRECTOR = builders.the_director()
STRANGER = builders.a_stranger()

CONSENTED: dict[str, Any] = {"law_is_known": True, "needs": builders.needs(in_force=True)}
OPEN = {"rule": "none"}
REMARK = {"proof": "remark"}


def order(kind: str, **fields: str) -> dict[str, str]:
    """A proof by a document that the director approves."""
    return {"proof": "document", "kind": kind, "approver": "director", **fields}


def a_step(number: str, by: dict[str, str], **fields: object) -> dict[str, Any]:
    """A row that is open at once and that one proof closes."""
    results = [roadmaps.a_result(id="result", by=by)]
    return roadmaps.a_step(id=number, deadline=OPEN, results=results, **fields)


ROADMAP = roadmaps.a_roadmap(
    steps=[
        a_step("1", order("order_introduction", registrar="curator")),
        a_step("2", order("order_pairs", registrar="curator", pairs_at="order")),
        a_step("3", REMARK, scope="pairs", novices_only=True, lead="mentor"),
        a_step("4", order("report"), after=["pairs"]),
        a_step("5", REMARK),
    ]
)


def launch(start: date | None = None) -> Launch:
    """The roadmap above; its rows are open from `start` on, a month ago if not said."""
    return Launch(
        roadmap=ROADMAP,
        start=start or (real_now() - timedelta(days=30)).date(),
        time_zone="Asia/Vladivostok",
        holders=builders.HOLDERS,
    )


def a_cycle() -> ProgrammeState:
    """A cycle that was just launched."""
    return builders.a_new_cycle(
        cycle_id=ids.new_id(), administrator=ADMINISTRATOR, launched=real_now()
    )


def a_pair(*stages: str, **fields: Any) -> PairState:  # noqa: ANN401 - any field of the state
    """A pair before these stages of the track, all if none is named; without a cycle above."""
    known = {"parent": None, "pair_id": ids.new_id(), "since": real_now()}
    return builders.a_pair(**{"track": roadmaps.a_track(*stages), **known, **fields})


def a_pair_that_meets(times: int) -> PairState:
    """A pair that has its consents and shall meet so often."""
    stage = roadmaps.TRACK[4] | {"needs": {"kind": "meetings", "need": {"regular": times}}}
    return a_pair(track=(stage,), **CONSENTED)


def a_document(**fields: Any) -> DocumentState:  # noqa: ANN401 - as above
    """An order that the director approves and a journal counts; nobody waits for it."""
    return builders.a_document(**{"document_id": ids.new_id(), "since": real_now(), **fields})


def decision(document: DocumentState, *, approved: bool = True) -> Decide:
    """What the director decides about the rendering that is shown."""
    assert document.draft
    return Decide(
        by=DIRECTOR,
        version=document.version,
        sha256=document.draft.sha256,
        outcome=Outcome.APPROVE if approved else Outcome.SEND_BACK,
        note_id=None if approved else "remark1",
    )


def real_now() -> datetime:
    return datetime.now(UTC)
