"""What is wrong with the track of a pair, and with the orders on pairs that it waits for."""

from collections.abc import Iterable

from domain.roadmap import (
    ConsentsStage,
    DocumentProof,
    MeetingsStage,
    MonitoringStage,
    OrderStage,
    PackageStage,
    Roadmap,
    Step,
)
from domain.route_checks import At, Complaint

PAIRS = "pairs"
"""In a row's `after`: the row waits until all pairs are over."""
PER_PAIR = ("pairs", "mentors", "mentees")
RESERVED = ("completed", "rows", "stopped")
"""What a pair's state is called beside the stages of its track."""


def row_papers(roadmap: Roadmap) -> Iterable[tuple[At, Step, DocumentProof]]:
    """The documents that rows ask for, and where each is asked for."""
    for number, step in enumerate(roadmap.steps):
        for index, result in enumerate(step.results):
            if isinstance(result.by, DocumentProof):
                yield ("steps", number, "results", index, "by"), step, result.by


def track_complaints(roadmap: Roadmap) -> Iterable[Complaint]:
    """What is wrong with the track itself, and with the rows that count on pairs."""
    yield from _without_pairs(roadmap) if not roadmap.track.stages else _with_pairs(roadmap)
    yield from _orders(roadmap)


def _without_pairs(roadmap: Roadmap) -> Iterable[Complaint]:
    for number, step in enumerate(roadmap.steps):
        if step.scope in PER_PAIR or PAIRS in step.after:
            yield Complaint(
                at=("steps", number, "scope" if step.scope in PER_PAIR else "after"),
                text="пар в этом цикле нет: опишите их путь (track) или уберите отсюда пары",
            )


def _with_pairs(roadmap: Roadmap) -> Iterable[Complaint]:
    stages = roadmap.track.stages
    ids = [stage.id for stage in stages]
    for index, stage in enumerate(stages):
        at: tuple[str | int, ...] = ("track", "stages", index)
        if stage.id in ids[:index]:
            yield Complaint(at=(*at, "id"), text=f"«{stage.id}» встречается второй раз")
        if stage.id in RESERVED:
            yield Complaint(
                at=(*at, "id"), text=f"«{stage.id}» занято: так называется состояние пары"
            )
    if not isinstance(stages[0].needs, ConsentsStage):
        yield Complaint(
            at=("track", "stages", 0),
            text="путь пары начинается с согласий: без них нельзя обрабатывать данные (152-ФЗ)",
        )
    for number, step in enumerate(roadmap.steps):
        for index, form in enumerate(step.forms):
            if form not in roadmap.track.forms:
                yield Complaint(
                    at=("steps", number, "forms", index),
                    text=f"таких пар нет: формы пути пары {', '.join(roadmap.track.forms)}",
                )
    if not any(isinstance(stage.needs, PackageStage) for stage in stages):
        yield Complaint(
            at=("track", "stages"),
            text="нет этапа «kind: package»: в нём пара получает документы, которых требует закон",
        )
    yield from _untitled(roadmap)


def _untitled(roadmap: Roadmap) -> Iterable[Complaint]:
    """What papers print of meetings and monitoring has a name for people."""
    for index, stage in enumerate(roadmap.track.stages):
        named: tuple[str, ...] = ()
        if isinstance(stage.needs, MeetingsStage):
            named = tuple(stage.needs.need)
        if isinstance(stage.needs, MonitoringStage):
            named = (*stage.needs.voices, *stage.needs.parts)
        for name in named:
            if name not in roadmap.track.titles:
                yield Complaint(
                    at=("track", "stages", index, "needs"),
                    text=f"не сказано, как по-русски называется «{name}»: впишите в track.titles",
                )


def _orders(roadmap: Roadmap) -> Iterable[Complaint]:
    """The pair waits for one order at most, and exactly one row of the cycle issues it."""
    stages = roadmap.track.stages
    ids = [stage.id for stage in stages]
    orders = [stage.id for stage in stages if isinstance(stage.needs, OrderStage)]
    awaited: set[str] = set()
    for by_at, step, by in row_papers(roadmap):
        if by.pairs_at is None:
            continue
        at = (*by_at, "pairs_at")
        if step.scope != "cycle":
            text = f"приказ о парах издаёт строка всего цикла, здесь scope: {step.scope}"
            yield Complaint(at=at, text=text)
        if by.pairs_at in awaited:
            text = f"приказа для этапа «{by.pairs_at}» ждут уже от другой строки"
            yield Complaint(at=at, text=text)
        awaited.add(by.pairs_at)
        if by.pairs_at not in orders:
            there = f"; ждут: {', '.join(orders)}" if orders else ""
            text = f"у пары нет этапа «{by.pairs_at}», который ждёт приказа{there}"
            yield Complaint(at=at, text=text)
    for id_ in orders[1:]:
        yield Complaint(
            at=("track", "stages", ids.index(id_)), text="пара ждёт приказа только один раз"
        )
    for id_ in orders:
        if id_ not in awaited:
            yield Complaint(
                at=("track", "stages", ids.index(id_)),
                text=f"этап «{id_}» ждёт приказа, но ни одна строка его не издаёт (pairs_at)",
            )
