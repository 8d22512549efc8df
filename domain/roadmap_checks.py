"""What is wrong in a roadmap beyond the shape of its data."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from domain.base import Value
from domain.deadlines import Period, Window, windows
from domain.planning import period_of
from domain.roadmap import (
    ConsentsStage,
    DocumentProof,
    OrderStage,
    PaperStage,
    Roadmap,
    Step,
)

PAIRS = "pairs"
"""In a row's `after`: the row waits until all pairs are over."""
PER_PAIR = ("pairs", "mentors", "mentees")
RESERVED = ("completed", "rows", "stopped")
"""What a pair's state is called beside the stages of its track."""
SAMPLE_YEAR = 2024
"""Deadlines are tried on a leap year; whether they fit does not depend on which."""


class Complaint(Value):
    """What is wrong in a roadmap: where (a path of keys and indexes) and what is expected."""

    at: tuple[str | int, ...]
    text: str  # Russian


def complaints(roadmap: Roadmap, kinds: Mapping[str, bool]) -> tuple[Complaint, ...]:
    """Everything that the shape of the data alone cannot refuse.

    `kinds` says of each kind of document whether a journal counts it.
    """
    return (
        *_doubled(roadmap),
        *_unknown_roles(roadmap),
        *_roles_of_no_pair(roadmap),
        *_unknown_kinds(roadmap, kinds),
        *_journals(roadmap, kinds),
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
    for index, stage in enumerate(roadmap.track.stages):
        if isinstance(stage.needs, PaperStage):
            at = ("track", "stages", index, "needs")
            yield from check(stage.needs.approver, *at, "approver")
            yield from check(stage.needs.registrar, *at, "registrar")


def _roles_of_no_pair(roadmap: Roadmap) -> Iterable[Complaint]:
    """Mentor and mentee are known in rows over pairs only."""
    sides = {name for name, role in roadmap.roles.items() if role.holder in ("mentor", "mentee")}
    for number, step in enumerate(roadmap.steps):
        if step.scope in PER_PAIR:
            continue
        at: tuple[str | int, ...] = ("steps", number)
        named: list[tuple[tuple[str | int, ...], str | None]] = [((*at, "lead"), step.lead)]
        named += [
            ((*at, "co_executors", index), role) for index, role in enumerate(step.co_executors)
        ]
        for index, result in enumerate(step.results):
            if isinstance(result.by, DocumentProof):
                by_at = (*at, "results", index, "by")
                named += [
                    ((*by_at, "drafter"), result.by.drafter),
                    ((*by_at, "approver"), result.by.approver),
                    ((*by_at, "registrar"), result.by.registrar),
                ]
        for place, role in named:
            if role in sides:
                yield Complaint(
                    at=place,
                    text=f"роль «{role}» есть только в паре, а здесь scope: {step.scope}; "
                    f"нужен scope: {', '.join(PER_PAIR)}",
                )


def _unknown_kinds(roadmap: Roadmap, kinds: Mapping[str, bool]) -> Iterable[Complaint]:
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


def _journals(roadmap: Roadmap, kinds: Mapping[str, bool]) -> Iterable[Complaint]:
    """A registrar is named for what a journal counts, and only for that."""

    def check(kind: str, registrar: str | None, *at: str | int) -> Iterable[Complaint]:
        counted = kinds.get(kind)
        if counted and registrar is None:
            yield Complaint(at=at, text=f"«{kind}» регистрируют в журнале: укажите registrar")
        if counted is False and registrar is not None:
            yield Complaint(at=at, text=f"у «{kind}» нет журнала: уберите registrar")

    for number, step in enumerate(roadmap.steps):
        for index, result in enumerate(step.results):
            if isinstance(result.by, DocumentProof):
                at = ("steps", number, "results", index, "by")
                yield from check(result.by.kind, result.by.registrar, *at)
    for index, stage in enumerate(roadmap.track.stages):
        if isinstance(stage.needs, PaperStage):
            at_stage = ("track", "stages", index, "needs")
            yield from check(stage.needs.document, stage.needs.registrar, *at_stage)


def _broken_order(roadmap: Roadmap) -> Iterable[Complaint]:
    stages = {stage.id for stage in roadmap.stages}
    per_pair = {s.id for s in roadmap.steps if s.scope in PER_PAIR}
    after: dict[str, set[str]] = {step.id: set(step.after) for step in roadmap.steps}
    after[PAIRS] = {step.id for step in roadmap.steps if _orders_pairs(step)}
    for number, step in enumerate(roadmap.steps):
        at: tuple[str | int, ...] = ("steps", number)
        if step.stage not in stages:
            yield Complaint(
                at=(*at, "stage"),
                text=f"неизвестный этап «{step.stage}»; есть: {', '.join(sorted(stages))}",
            )
        for index, id_ in enumerate(step.after):
            if id_ not in after:
                yield Complaint(
                    at=(*at, "after", index),
                    text=f"нет строки «{id_}»; есть: {', '.join(s.id for s in roadmap.steps)}",
                )
            elif id_ == PAIRS and step.id in per_pair:
                yield Complaint(
                    at=(*at, "after", index), text="строка по парам не может ждать конца пар"
                )
            elif id_ != PAIRS and (id_ in per_pair) != (step.id in per_pair):
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


def _orders_pairs(step: Step) -> bool:
    """True if the pairs wait for a document of this row."""
    return any(isinstance(r.by, DocumentProof) and r.by.pairs_at for r in step.results)


def _results_order(step: Step, at: tuple[str | int, ...]) -> Iterable[Complaint]:
    inner = {result.id: set(result.after) for result in step.results}
    for index, result in enumerate(step.results):
        result_at = (*at, "results", index, "after")
        for id_ in result.after:
            if id_ not in inner:
                yield Complaint(
                    at=result_at,
                    text=f"в строке нет результата «{id_}»; есть: {', '.join(inner)}",
                )
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
    yield from _orders(roadmap)


def _orders(roadmap: Roadmap) -> Iterable[Complaint]:
    """The pair waits for one order at most, and exactly one row of the cycle issues it."""
    stages = roadmap.track.stages
    ids = [stage.id for stage in stages]
    orders = [stage.id for stage in stages if isinstance(stage.needs, OrderStage)]
    awaited: set[str] = set()
    for number, step in enumerate(roadmap.steps):
        for index, result in enumerate(step.results):
            if isinstance(result.by, DocumentProof) and result.by.pairs_at:
                at = ("steps", number, "results", index, "by", "pairs_at")
                if step.scope != "cycle":
                    text = f"приказ о парах издаёт строка всего цикла, здесь scope: {step.scope}"
                    yield Complaint(at=at, text=text)
                if result.by.pairs_at in awaited:
                    text = f"приказа для этапа «{result.by.pairs_at}» ждут уже от другой строки"
                    yield Complaint(at=at, text=text)
                awaited.add(result.by.pairs_at)
                if result.by.pairs_at not in orders:
                    yield Complaint(
                        at=at,
                        text=f"у пары нет этапа «{result.by.pairs_at}», который ждёт приказа"
                        + (f"; ждут: {', '.join(orders)}" if orders else ""),
                    )
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


def _deadlines(roadmap: Roadmap) -> Iterable[Complaint]:
    period = period_of(roadmap, SAMPLE_YEAR)
    opens: dict[str, date] = {}
    for number, step in enumerate(roadmap.steps):
        at: tuple[str | int, ...] = ("steps", number, "deadline")
        found = windows(step.deadline, period)
        if not found:
            yield Complaint(at=at, text=f"срок не наступает в цикле {_days(period)}")
        else:
            opens[step.id] = found[0].opens
        for window in found:
            if window.opens > period.end or (window.due and window.due < period.start):
                yield Complaint(at=at, text=f"срок {_days(window)} лежит вне цикла {_days(period)}")
    for number, step in enumerate(roadmap.steps):
        found = windows(step.deadline, period)
        ends = [window.due for window in found if window.due is not None]
        for index, id_ in enumerate(step.after):
            if (
                id_ in opens
                and len(ends) == len(found)
                and opens[id_] > max(ends, default=date.max)
            ):
                yield Complaint(
                    at=("steps", number, "after", index),
                    text=f"строка «{id_}» начинается позже, чем кончается срок «{step.id}»",
                )


def _days(span: Period | Window) -> str:
    first, last = (span.start, span.end) if isinstance(span, Period) else (span.opens, span.due)
    return f"{first:%d.%m.%Y}–{last:%d.%m.%Y}" if last else f"с {first:%d.%m.%Y}"
