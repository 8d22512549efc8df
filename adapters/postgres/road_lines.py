"""Lines about pairs and rows: in registers, and as the page of a pair shows its road."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from adapters.postgres.names import Names
from adapters.postgres.shown import ItemLine, LawPaper, PairLine, ResultLine, StageLine
from adapters.postgres.titles import (
    collects_of,
    form_title,
    item_title,
    result_of,
    role_model_title,
    stage_title,
)
from domain.items import SINGLE
from domain.kinds import DocumentKind
from domain.roadmap import MeetingsStage, Roadmap, TrackStage


def pair_line(row: RowMapping, names: Names, roadmap: Roadmap) -> PairLine:
    """A line of the register, from a row of `pairs`."""
    same = ("pair_id", "cycle_id", "form", "role_model", "mentor_type", "turn", "stage", "open")
    return PairLine(
        **{name: row[name] for name in (*same, "follows")},
        mentor=names.of(row["mentor_id"]),
        mentee=names.of(row["mentee_id"]),
        form_title=form_title(roadmap, row["form"]),
        role_model_title=role_model_title(roadmap, row["form"], row["role_model"]),
        stage_title=stage_title(roadmap, row["stage"]),
    )


def item_line(row: RowMapping, names: Names, roadmap: Roadmap, now: datetime) -> ItemLine:
    """A roadmap row's work, from a row of `items`."""
    same = (
        "workflow_id",
        "item_id",
        "step",
        "turn",
        "pair_id",
        "opens",
        "due",
        "open",
        "done",
        "skipped",
    )
    collects = collects_of(roadmap, row["step"])
    results = [
        ResultLine(
            id=planned.id,
            title=planned.title,
            proof=planned.by.proof,
            need=planned.need,
            goes_on=collects and planned.by.proof not in SINGLE,
            **result,
        )
        for planned, result in zip(
            result_of(roadmap, row["step"], row["roadmap_n"]), row["results"], strict=True
        )
    ]
    return ItemLine(
        **{name: row[name] for name in same},
        title=item_title(roadmap, row["step"], row["roadmap_n"]),
        lead=names.of(row["lead"]),
        late=not row["done"] and row["due"] is not None and row["due"] < now,
        results=tuple(results),
    )


def stage_lines(
    track: Iterable[Mapping[str, Any]] | None,
    position: int | None,
    meetings: Iterable[Mapping[str, Any]] | None,
) -> tuple[StageLine, ...]:
    """The stages in order, as the pair's own state has them; none before it has a state."""
    held = Counter(meeting["kind"] for meeting in meetings or ())
    return tuple(
        _line(TrackStage.model_validate(stage), place, position or 0, held)
        for place, stage in enumerate(track or ())
    )


def law_papers(
    consents: Iterable[Mapping[str, Any]] | None,
    papers: Iterable[Mapping[str, Any]] | None,
    names: Names,
    kinds: Mapping[str, DocumentKind],
) -> tuple[LawPaper, ...]:
    """What law asks of the pair, as its own state has it; consents first."""
    return tuple(
        LawPaper(
            kind=paper["kind"],
            title=kinds[paper["kind"]].title,
            norm=paper["norm"],
            person=names.of_any(paper.get("person_id")),
            document_id=paper["document_id"],
            in_force=paper["in_force"],
        )
        for paper in (*(consents or ()), *(papers or ()))
    )


def _line(stage: TrackStage, place: int, position: int, held: Counter[str]) -> StageLine:
    line = StageLine(
        id=stage.id,
        title=stage.title,
        state="done" if place < position else "now" if place == position else "ahead",
    )
    if not isinstance(stage.needs, MeetingsStage):
        return line
    # More meetings of one kind do not stand for those of another.
    counted = sum(min(held[kind], times) for kind, times in stage.needs.need.items())
    return line.changed(held=counted, need=sum(stage.needs.need.values()))
