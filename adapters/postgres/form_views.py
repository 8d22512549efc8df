"""What the forms of the pages must know: what may be entered, and how it is called."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import RowMapping, text

from adapters.postgres.access_views import one_of
from adapters.postgres.cycle_views import CycleViews
from adapters.postgres.names import Names
from adapters.postgres.shown import Named
from domain.base import Value
from domain.errors import NotFound
from domain.events import EventKind
from domain.roadmap import (
    AnswersProof,
    EventProof,
    MeetingsStage,
    MonitoringStage,
    NumberProof,
    RemarkProof,
    Result,
    Roadmap,
    TrackStage,
)


class Choice(Value):
    """Something to choose from, by its code."""

    id: str
    title: str


class MeetingKind(Choice):
    """A kind of meeting that the pair's road asks for."""

    held: int
    need: int


class MonitoringAsked(Value):
    """The monitoring that a pair is at: whose forms are missing, and what is judged."""

    title: str
    voices: tuple[Choice, ...]
    parts: tuple[Choice, ...]


class PairForms(Value):
    """What may be recorded in a pair; no monitoring where it is at another stage."""

    meetings: tuple[MeetingKind, ...]
    monitoring: MonitoringAsked | None


class ResultAsked(Value):
    """A result of a row, and what proves it."""

    title: str
    row: str
    actions: tuple[str, ...]
    proof: str
    at_least: int
    unit: str
    file: bool
    due: datetime | None
    open: bool
    pair_id: str | None
    lead: Named
    need: int = 1  # so many pieces of evidence
    have: int = 0
    kinds: tuple[EventKind, ...] = ()  # of events; any if empty
    collects: bool = False  # more evidence may come though there is enough


class Amendable(Value):
    """Facts of the latest version, and what of them people amended before."""

    facts: dict[str, Any]
    inputs: dict[str, Any]


_PAIR = text(
    """
    SELECT p.state -> 'track' AS track, p.state -> 'position' AS position,
      p.state -> 'meetings' AS meetings, p.state -> 'forms' AS forms,
      l.roadmap -> 'track' -> 'titles' AS titles
    FROM pairs r JOIN processes p ON p.id = 'pair/' || r.pair_id
    JOIN programmes l ON l.cycle_id = r.cycle_id
    WHERE r.organisation_id = :organisation AND r.pair_id = :pair
    """
)
_ITEM = text(
    """
    SELECT i.*, l.roadmap FROM items i JOIN programmes l ON l.cycle_id = i.cycle_id
    WHERE i.organisation_id = :organisation AND i.workflow_id = :workflow AND i.item_id = :item
    """
)
_AMENDABLE = text(
    """
    SELECT f.body AS facts, k.body AS inputs FROM documents d
    LEFT JOIN LATERAL (
      SELECT body FROM facts WHERE document_id = d.document_id ORDER BY version DESC LIMIT 1
    ) AS f ON true
    LEFT JOIN processes p ON p.id = 'document/' || d.document_id
    LEFT JOIN kept_texts k ON k.id = p.state ->> 'inputs_id'
      AND k.organisation_id = d.organisation_id
    WHERE d.organisation_id = :organisation AND d.document_id = :document
    """
)
_TRACK = TypeAdapter(tuple[TrackStage, ...])


class FormViews(CycleViews):
    """Reads for forms. `NotFound` where the organisation has nothing of the kind."""

    def pair_forms(self, organisation_id: str, pair_id: str) -> PairForms:
        """What may be recorded in a pair, by the state that its process saved."""
        with self._engine.connect() as connection:
            row = one_of(connection, _PAIR, organisation_id, "pair", pair=pair_id)
        track = _TRACK.validate_python(row["track"] or ())
        titles: Mapping[str, str] = row["titles"] or {}
        return PairForms(
            meetings=tuple(_meetings(track, titles, row["meetings"] or ())),
            monitoring=_monitoring(track, titles, row["position"] or 0, row["forms"] or ()),
        )

    def result_asked(
        self, organisation_id: str, workflow_id: str, item_id: str, result_id: str
    ) -> ResultAsked:
        """A result of a row of a cycle or of a pair."""
        given = {"workflow": workflow_id, "item": item_id}
        with self._engine.connect() as connection:
            row = one_of(connection, _ITEM, organisation_id, "row", **given)
            names = Names(connection, organisation_id, [row["lead"]])
        return _asked(row, Roadmap.model_validate(row["roadmap"]), result_id, names)

    def amendable(self, organisation_id: str, document_id: str) -> Amendable:
        """What a document says now; nothing before its first version."""
        with self._engine.connect() as connection:
            row = one_of(connection, _AMENDABLE, organisation_id, "document", document=document_id)
        facts = json.loads(row["facts"]) if row["facts"] else {}
        return Amendable(facts=facts, inputs=row["inputs"] or {})


def _meetings(
    track: Iterable[TrackStage], titles: Mapping[str, str], held: Iterable[Mapping[str, Any]]
) -> Iterable[MeetingKind]:
    need: Counter[str] = Counter()
    for stage in track:
        if isinstance(stage.needs, MeetingsStage):
            need.update(stage.needs.need)
    counted = Counter(meeting["kind"] for meeting in held)
    for kind, times in need.items():
        yield MeetingKind(id=kind, title=titles.get(kind, kind), held=counted[kind], need=times)


def _monitoring(
    track: tuple[TrackStage, ...],
    titles: Mapping[str, str],
    position: int,
    forms: Iterable[Mapping[str, Any]],
) -> MonitoringAsked | None:
    stage = track[position] if position < len(track) else None
    if stage is None or not isinstance(stage.needs, MonitoringStage):
        return None
    given = {form["voice"] for form in forms if form["stage"] == stage.id}
    return MonitoringAsked(
        title=stage.title,
        voices=tuple(_choices((v for v in stage.needs.voices if v not in given), titles)),
        parts=tuple(_choices(stage.needs.parts, titles)),
    )


def _choices(codes: Iterable[str], titles: Mapping[str, str]) -> Iterable[Choice]:
    return (Choice(id=code, title=titles.get(code, code)) for code in codes)


def _asked(row: RowMapping, roadmap: Roadmap, result_id: str, names: Names) -> ResultAsked:
    step = roadmap.step(row["step"], row["roadmap_n"])
    found = [
        (planned, kept)
        for planned, kept in zip(step.results if step else (), row["results"], strict=True)
        if planned.id == result_id
    ]
    if step is None or not found:
        raise NotFound("no such result")
    ((planned, kept),) = found
    return ResultAsked(
        title=planned.title,
        row=step.title,
        actions=step.actions,
        proof=planned.by.proof,
        at_least=_at_least(planned),
        unit=planned.by.unit if isinstance(planned.by, NumberProof) else "",
        file=isinstance(planned.by, RemarkProof) and planned.by.file,
        due=row["due"],
        open=row["open"] and not row["done"] and (step.collects or not kept["done"]),
        pair_id=row["pair_id"],
        lead=names.of(row["lead"]),
        need=planned.need,
        have=len(kept.get("more", ())) + (kept["evidence_id"] is not None),
        kinds=planned.by.kinds if isinstance(planned.by, EventProof) else (),
        collects=step.collects,
    )


def _at_least(planned: Result) -> int:
    match planned.by:
        case EventProof(attendance=least):
            return least
        case NumberProof(at_least=least) | AnswersProof(at_least=least):
            return least
        case _:
            return 0
