"""What is wrong with a roadmap's indicators and planned results."""

from collections.abc import Iterable
from decimal import Decimal

from domain.measures import MEASURES
from domain.roadmap import Indicator, IndicatorsProof, Roadmap
from domain.route_checks import At, Complaint

_TENTH = Decimal("0.1")


def indicator_complaints(roadmap: Roadmap) -> Iterable[Complaint]:
    """Everything that the shape of the data alone cannot refuse."""
    seen: set[str] = set()
    for number, group in enumerate(roadmap.indicators):
        for index, one in enumerate(group.indicators):
            at = ("indicators", number, "indicators", index)
            if one.id in seen:
                yield Complaint(at=(*at, "id"), text=f"«{one.id}» встречается второй раз")
            seen.add(one.id)
            yield from _of_one(one, at, roadmap)
    for number, step in enumerate(roadmap.steps):
        for index, result in enumerate(step.results):
            if isinstance(result.by, IndicatorsProof) and not seen:
                yield Complaint(
                    at=("steps", number, "results", index, "by"),
                    text="у дорожной карты нет показателей: впишите indicators",
                )
            if isinstance(result.by, IndicatorsProof) and step.scope != "cycle":
                yield Complaint(
                    at=("steps", number, "results", index, "by"),
                    text="показателями подтверждают строку программы: уберите scope",
                )
    for number, target in enumerate(roadmap.targets):
        if target.measure is not None:
            yield from _unit(target.unit, target.measure, ("targets", number))


def _of_one(one: Indicator, at: At, roadmap: Roadmap) -> Iterable[Complaint]:
    turns = roadmap.season.turns
    for turn in one.plan:
        if turn > turns:
            yield Complaint(
                at=(*at, "plan", str(turn)),
                text=f"план на {turn}-й год, а лет у программы {turns}: уберите его "
                "или увеличьте season.turns",
            )
    if one.measure is None:
        yield from _entered(one, at)
    else:
        yield from _counted(one, at, roadmap)


def _entered(one: Indicator, at: At) -> Iterable[Complaint]:
    if one.unit is None:
        yield Complaint(at=at, text="нет единицы: впишите unit (чел., ед., %)")
    if one.steps:
        yield Complaint(
            at=(*at, "steps"), text="строки указывают вместе с measure: впишите его или уберите их"
        )
    if one.unit == "%" and one.period != "turn" and one.total == "sum":
        yield Complaint(at=at, text="проценты за периоды не складывают: впишите total: last")


def _counted(one: Indicator, at: At, roadmap: Roadmap) -> Iterable[Complaint]:
    if one.measure is None:
        return
    yield from _unit(one.unit, one.measure, at)
    for name in ("period", "total"):
        if (
            name in one.model_fields_set
            and getattr(one, name) != Indicator.model_fields[name].default
        ):
            yield Complaint(at=(*at, name), text="это для вносимых показателей: уберите")
    if one.steps and not MEASURES[one.measure].of_steps:
        yield Complaint(
            at=(*at, "steps"), text=f"«{one.measure}» считают по всей программе: уберите строки"
        )
    if MEASURES[one.measure].unit == "%" and any(
        plan != plan.quantize(_TENTH) for plan in one.plan.values()
    ):
        yield Complaint(at=(*at, "plan"), text="доли считают до десятой: одна цифра после запятой")
    known = {step.id for step in roadmap.steps}
    for index, step in enumerate(one.steps):
        if step not in known:
            yield Complaint(at=(*at, "steps", index), text=f"строки «{step}» нет")


def _unit(unit: str | None, measure: str, at: At) -> Iterable[Complaint]:
    counted = MEASURES[measure].unit
    if unit is not None and unit != counted:
        yield Complaint(
            at=(*at, "unit"), text=f"«{measure}» считают в других единицах: впишите {counted}"
        )
