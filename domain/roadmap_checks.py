"""What is wrong in a roadmap beyond the shape of its data."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from domain.below_checks import about_each_complaints, below_complaints
from domain.deadlines import Period, Window, windows
from domain.indicator_checks import indicator_complaints
from domain.kinds import KnownKind
from domain.planning import period_of
from domain.roadmap import (
    DocumentProof,
    PaperStage,
    ReportProof,
    ReportsProof,
    Roadmap,
    Step,
)
from domain.route_checks import At, Complaint, route_complaints
from domain.track_checks import PAIRS, PER_PAIR, row_papers, track_complaints

__all__ = ["Complaint", "complaints"]

SAMPLE_YEAR = 2024
"""Deadlines are tried on a leap year; whether they fit does not depend on which."""


def complaints(roadmap: Roadmap, kinds: Mapping[str, KnownKind]) -> tuple[Complaint, ...]:
    """Everything that the shape of the data alone cannot refuse.

    `kinds` are the kinds of document that there are.
    """
    return (
        *_doubled(roadmap),
        *_unknown_roles(roadmap),
        *_roles_of_no_pair(roadmap),
        *route_complaints(roadmap),
        *_unknown_kinds(roadmap, kinds),
        *_kinds_of_people(roadmap, kinds),
        *_journals(roadmap, kinds),
        *_given_facts(roadmap, kinds),
        *_broken_order(roadmap),
        *track_complaints(roadmap),
        *indicator_complaints(roadmap),
        *below_complaints(roadmap),
        *about_each_complaints(roadmap, kinds),
        *_deadlines(roadmap),
    )


def _doubled(roadmap: Roadmap) -> Iterable[Complaint]:
    lists: Mapping[str, tuple[str, ...]] = {
        "stages": tuple(stage.id for stage in roadmap.stages),
        "sections": tuple(section.id for section in roadmap.sections),
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
    for by_at, _, by in row_papers(roadmap):
        for name in ("drafter", "approver", "registrar"):
            yield from check(getattr(by, name), *by_at, name)
    for index, stage in enumerate(roadmap.track.stages):
        for name in ("approver", "director", "registrar"):
            holder: str | None = getattr(stage.needs, name, None)
            yield from check(holder, "track", "stages", index, "needs", name)


def _roles_of_no_pair(roadmap: Roadmap) -> Iterable[Complaint]:
    """Mentor and mentee are known in rows over pairs only."""
    sides = {name for name, role in roadmap.roles.items() if role.holder in ("mentor", "mentee")}
    named: list[tuple[At, Step, str | None]] = []
    for number, step in enumerate(roadmap.steps):
        named.append((("steps", number, "lead"), step, step.lead))
        named += [
            (("steps", number, "co_executors", index), step, role)
            for index, role in enumerate(step.co_executors)
        ]
    for at, step, by in row_papers(roadmap):
        named += [
            ((*at, name), step, getattr(by, name)) for name in ("drafter", "approver", "registrar")
        ]
    for place, step, role in named:
        if role in sides and step.scope not in PER_PAIR:
            yield Complaint(
                at=place,
                text=f"роль «{role}» есть только в паре, а здесь scope: {step.scope}; "
                f"нужен scope: {', '.join(PER_PAIR)}",
            )


def _unknown_kinds(roadmap: Roadmap, kinds: Mapping[str, KnownKind]) -> Iterable[Complaint]:
    expected = ", ".join(sorted(kinds))

    def check(kind: str, *at: str | int) -> Iterable[Complaint]:
        if kind not in kinds:
            yield Complaint(at=at, text=f"неизвестный вид документа «{kind}»; есть: {expected}")

    for by_at, _, by in row_papers(roadmap):
        yield from check(by.kind, *by_at, "kind")
    for index, stage in enumerate(roadmap.track.stages):
        needs_at: tuple[str | int, ...] = ("track", "stages", index, "needs")
        at = needs_at
        if isinstance(stage.needs, PaperStage):
            yield from check(stage.needs.document, *at, "document")


def _kinds_of_people(roadmap: Roadmap, kinds: Mapping[str, KnownKind]) -> Iterable[Complaint]:
    """What is about one person or one pair cannot be made for a whole cycle."""
    for at, step, by in row_papers(roadmap):
        known = kinds.get(by.kind)
        if known and known.scope != "cycle" and step.scope not in PER_PAIR:
            about = {"pair": "об одной паре", "person": "об одном человеке"}[known.scope]
            yield Complaint(
                at=(*at, "kind"),
                text=f"«{by.kind}» {about}, а строка о цикле; возьмите другой вид или другое "
                "подтверждение",
            )


def _journals(roadmap: Roadmap, kinds: Mapping[str, KnownKind]) -> Iterable[Complaint]:
    """A registrar is named for what a journal counts, and only for that."""

    def check(kind: str, registrar: str | None, *at: str | int) -> Iterable[Complaint]:
        known = kinds.get(kind)
        if known and known.journalled and registrar is None:
            yield Complaint(at=at, text=f"«{kind}» регистрируют в журнале: укажите registrar")
        if known and not known.journalled and registrar is not None:
            yield Complaint(at=at, text=f"у «{kind}» нет журнала: уберите registrar")

    for by_at, _, by in row_papers(roadmap):
        yield from check(by.kind, by.registrar, *by_at)
    for index, stage in enumerate(roadmap.track.stages):
        if isinstance(stage.needs, PaperStage):
            at_stage = ("track", "stages", index, "needs")
            yield from check(stage.needs.document, stage.needs.registrar, *at_stage)


def _given_facts(roadmap: Roadmap, kinds: Mapping[str, KnownKind]) -> Iterable[Complaint]:
    """The roadmap gives a template only what a person could give it."""
    for at, _, by in row_papers(roadmap):
        inputs = kinds[by.kind].inputs if by.kind in kinds else tuple(by.facts)
        for name in by.facts:
            if name not in inputs:
                yield Complaint(
                    at=(*at, "facts", name),
                    text=f"у «{by.kind}» нет факта «{name}», который можно задать; "
                    f"есть: {', '.join(inputs) or 'ни одного'}",
                )


def _broken_order(roadmap: Roadmap) -> Iterable[Complaint]:
    per_pair = {s.id for s in roadmap.steps if s.scope in PER_PAIR}
    after: dict[str, set[str]] = {step.id: set(step.after) for step in roadmap.steps}
    after[PAIRS] = {step.id for step in roadmap.steps if _orders_pairs(step)}
    for number, step in enumerate(roadmap.steps):
        at: tuple[str | int, ...] = ("steps", number)
        yield from _unknown_stages(roadmap, step, at)
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


def _unknown_stages(roadmap: Roadmap, step: Step, at: tuple[str | int, ...]) -> Iterable[Complaint]:
    stages = [stage.id for stage in roadmap.stages]
    sections = [section.id for section in roadmap.sections]
    named = [((*at, "stage"), step.stage)]
    named += [
        ((*at, "results", index, "stage"), result.stage)
        for index, result in enumerate(step.results)
        if result.stage is not None
    ]
    for place, stage in named:
        if stage not in stages:
            text = f"неизвестный этап «{stage}»; есть: {', '.join(stages)}"
            yield Complaint(at=place, text=text)
    if step.section is not None and step.section not in sections:
        there = ", ".join(sections) or "ни одного"
        yield Complaint(
            at=(*at, "section"), text=f"неизвестный раздел «{step.section}»; есть: {there}"
        )


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
        if len(found) > 1 and any(
            isinstance(one.by, ReportProof | ReportsProof) for one in step.results
        ):
            # One accepted report would close every window.
            text = f"отчёт отправляют раз в году, а по сроку он нужен раз: {len(found)}; "
            yield Complaint(at=at, text=f"{text}сделайте на каждый раз свою строку и свой запрос")
        if len(found) > 1 and any(
            isinstance(one.by, DocumentProof) and one.by.for_each for one in step.results
        ):
            # So would one document about each organisation.
            text = "документ о каждой организации готовят раз в году, а по сроку он нужен раз: "
            yield Complaint(at=at, text=f"{text}{len(found)}")
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
