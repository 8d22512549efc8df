"""What is wrong in a roadmap beyond the shape of its data."""

from collections import Counter
from collections.abc import Iterable, Mapping

from domain.base import Value
from domain.deadlines import windows
from domain.planning import period_of
from domain.roadmap import ConsentsStage, DocumentProof, OrderStage, PaperStage, Roadmap, Step

SAMPLE_YEAR = 2024
"""Deadlines are tried on a leap year; whether they fit does not depend on which."""


class Complaint(Value):
    """What is wrong in a roadmap: where (a path of keys and indexes) and what is expected."""

    at: tuple[str | int, ...]
    text: str  # Russian


def complaints(roadmap: Roadmap, kinds: Iterable[str]) -> tuple[Complaint, ...]:
    """Everything that the shape of the data alone cannot refuse."""
    return (
        *_doubled(roadmap),
        *_unknown_roles(roadmap),
        *_unknown_kinds(roadmap, frozenset(kinds)),
        *_broken_order(roadmap),
        *_track(roadmap),
        *_deadlines(roadmap),
    )


def _doubled(roadmap: Roadmap) -> Iterable[Complaint]:
    lists: Mapping[str, tuple[str, ...]] = {
        "stages": tuple(stage.id for stage in roadmap.stages),
        "steps": tuple(step.id for step in roadmap.steps),
    }
    for name, found in lists.items():
        for index, id_ in enumerate(found):
            if id_ in found[:index]:
                yield Complaint(at=(name, index, "id"), text=f"«{id_}» встречается второй раз")
    for number, step in enumerate(roadmap.steps):
        for id_, times in Counter(result.id for result in step.results).items():
            if times > 1:
                yield Complaint(
                    at=("steps", number, "results"), text=f"результат «{id_}» указан дважды"
                )


def _unknown_roles(roadmap: Roadmap) -> Iterable[Complaint]:
    expected = ", ".join(sorted(roadmap.roles))

    def check(role: str | None, *at: str | int) -> Iterable[Complaint]:
        if role is not None and role not in roadmap.roles:
            yield Complaint(at=at, text=f"неизвестная роль «{role}»; есть роли: {expected}")

    yield from check(roadmap.curator, "curator")
    yield from check(roadmap.track.lead, "track", "lead")
    for number, step in enumerate(roadmap.steps):
        yield from check(step.lead, "steps", number, "lead")
        for index, role in enumerate(step.co_executors):
            yield from check(role, "steps", number, "co_executors", index)
        for index, result in enumerate(step.results):
            if isinstance(result.by, DocumentProof):
                by_at: tuple[str | int, ...] = ("steps", number, "results", index, "by")
                yield from check(result.by.drafter, *by_at, "drafter")
                yield from check(result.by.approver, *by_at, "approver")
                yield from check(result.by.registrar, *by_at, "registrar")
        leads_a_pair = step.lead in roadmap.roles and roadmap.roles[step.lead].holder in (
            "mentor",
            "mentee",
        )
        if leads_a_pair and step.scope not in ("pairs", "mentors", "mentees"):
            yield Complaint(
                at=("steps", number, "lead"),
                text=f"роль «{step.lead}» есть только у строк по парам, здесь scope: {step.scope}",
            )
    for index, stage in enumerate(roadmap.track.stages):
        if isinstance(stage.needs, PaperStage):
            at = ("track", "stages", index, "needs")
            yield from check(stage.needs.approver, *at, "approver")
            yield from check(stage.needs.registrar, *at, "registrar")


def _unknown_kinds(roadmap: Roadmap, kinds: frozenset[str]) -> Iterable[Complaint]:
    expected = ", ".join(sorted(kinds))

    def check(kind: str, *at: str | int) -> Iterable[Complaint]:
        if kind not in kinds:
            yield Complaint(at=at, text=f"неизвестный вид документа «{kind}»; есть: {expected}")

    for number, step in enumerate(roadmap.steps):
        for index, result in enumerate(step.results):
            if isinstance(result.by, DocumentProof):
                yield from check(result.by.kind, "steps", number, "results", index, "by", "kind")
    for index, stage in enumerate(roadmap.track.stages):
        needs_at: tuple[str | int, ...] = ("track", "stages", index, "needs")
        at = needs_at
        if isinstance(stage.needs, PaperStage):
            yield from check(stage.needs.document, *at, "document")
        if isinstance(stage.needs, ConsentsStage):
            yield from check(stage.needs.adult, *at, "adult")
            yield from check(stage.needs.minor, *at, "minor")


def _broken_order(roadmap: Roadmap) -> Iterable[Complaint]:
    stages = {stage.id for stage in roadmap.stages}
    per_pair = {s.id for s in roadmap.steps if s.scope in ("pairs", "mentors", "mentees")}
    after = {step.id: set(step.after) - {"pairs"} for step in roadmap.steps}
    for number, step in enumerate(roadmap.steps):
        at: tuple[str | int, ...] = ("steps", number)
        if step.stage not in stages:
            yield Complaint(
                at=(*at, "stage"),
                text=f"неизвестный этап «{step.stage}»; есть: {', '.join(sorted(stages))}",
            )
        for index, id_ in enumerate(step.after):
            if id_ != "pairs" and id_ not in after:
                yield Complaint(at=(*at, "after", index), text=f"нет строки «{id_}»")
            elif (id_ in per_pair) != (step.id in per_pair):
                yield Complaint(
                    at=(*at, "after", index),
                    text=f"строки «{step.id}» и «{id_}» разного охвата; ждать все пары: pairs",
                )
        circle = _circle(step.id, after)
        if circle:
            yield Complaint(
                at=(*at, "after"), text=f"строки ждут друг друга по кругу: {' → '.join(circle)}"
            )
        yield from _results_order(step, at)


def _results_order(step: Step, at: tuple[str | int, ...]) -> Iterable[Complaint]:
    inner = {result.id: set(result.after) for result in step.results}
    for index, result in enumerate(step.results):
        result_at = (*at, "results", index, "after")
        for id_ in result.after:
            if id_ not in inner:
                yield Complaint(at=result_at, text=f"в строке нет результата «{id_}»")
        if circle := _circle(result.id, inner):
            yield Complaint(
                at=result_at,
                text=f"результаты ждут друг друга по кругу: {' → '.join(circle)}",
            )


def _circle(start: str, after: Mapping[str, set[str]]) -> tuple[str, ...]:
    """A way from `start` back to it along `after`, or nothing."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for id_ in sorted(after.get(way[-1], ())):
            if id_ == start:
                return (*way, start)
            if id_ not in seen:
                seen.add(id_)
                ways.append((*way, id_))
    return ()


def _track(roadmap: Roadmap) -> Iterable[Complaint]:
    stages = roadmap.track.stages
    ids = [stage.id for stage in stages]
    for index, stage in enumerate(stages):
        if stage.id in ids[:index]:
            yield Complaint(at=("track", "stages", index, "id"), text=f"«{stage.id}» второй раз")
    if not isinstance(stages[0].needs, ConsentsStage):
        yield Complaint(
            at=("track", "stages", 0),
            text="путь пары начинается с согласий: без них нельзя обрабатывать данные (152-ФЗ)",
        )
    orders = [stage.id for stage in stages if isinstance(stage.needs, OrderStage)]
    awaited: set[str] = set()
    for number, step in enumerate(roadmap.steps):
        for index, result in enumerate(step.results):
            if isinstance(result.by, DocumentProof) and result.by.pairs_at:
                awaited.add(result.by.pairs_at)
                if result.by.pairs_at not in orders:
                    yield Complaint(
                        at=("steps", number, "results", index, "by", "pairs_at"),
                        text=f"у пары нет этапа «{result.by.pairs_at}», который ждёт приказа",
                    )
    for id_ in orders:
        if id_ not in awaited:
            yield Complaint(
                at=("track", "stages", ids.index(id_)),
                text=f"этап «{id_}» ждёт приказа, но ни одна строка его не издаёт (pairs_at)",
            )


def _deadlines(roadmap: Roadmap) -> Iterable[Complaint]:
    period = period_of(roadmap, SAMPLE_YEAR)
    for number, step in enumerate(roadmap.steps):
        for window in windows(step.deadline, period):
            if window.opens > period.end or (window.due and window.due < period.start):
                yield Complaint(
                    at=("steps", number, "deadline"),
                    text=f"срок {window.opens:%d.%m.%Y}–{window.due:%d.%m.%Y} лежит вне цикла "
                    f"{period.start:%d.%m.%Y}–{period.end:%d.%m.%Y}",
                )
