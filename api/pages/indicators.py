"""Indicators of a programme: plan and fact by year, what is behind each figure, a form to enter."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api import entering
from api.act import Act
from api.deps import ServicesOf
from api.indicator_schemas import NewValues
from api.pages import show
from api.pages.cycles import STAGES
from api.pages.figures import (
    ShownGoal,
    goals,
    how_got,
    number_words,
    period_words,
    results,
    row_line,
    year_words,
)
from api.pages.forms import NOTHING_UNSENT, Unsent, sent
from api.pages.guard import SignedInReader, WritingPage, field, signed_in, typed
from api.policy import ALLOWED
from api.routes.indicator_reading import CycleIndicators, MeasureRows
from api.routes.indicators import IndicatorId, MeasureId, Turn, may_see_people
from api.services import Services
from domain.base import Value
from domain.errors import FuturePeriod, NotFound, NotWhole, Refused

router = APIRouter(route_class=WritingPage, include_in_schema=False)

FORM: Final = "values"
_LABELS: Final = {"values": "Показатели", "value": "значение", "source": "источник"}


class AskedValue(Value):
    """A field of the form: one indicator for one period; `now` is what is known already."""

    name: str
    title: str
    period: str
    unit: str
    now: str
    whole: bool


@router.get("/cycles/{cycle_id}/indicators", name="pages.indicators")
def indicators(
    cycle_id: str, request: Request, services: ServicesOf, who: SignedInReader
) -> Response:
    """Plan and fact of every indicator and planned result, year by year."""
    organisation, now = who.user.organisation_id, services.process_now()
    found = services.views.indicators(organisation, cycle_id, now)
    today, zone = services.today(organisation), services.zone(organisation)
    base = f"/cycles/{cycle_id}"
    shown: tuple[ShownGoal, ...] = goals(found, base, today, zone)
    return _page(
        request,
        services,
        "indicators.html",
        cycle_id,
        goals=shown,
        targets=results(found, base, today),
        turns=[(one.turn, year_words(one.start, one.end)) for one in found.turns],
        entered=any(one.measure is None for one in found.indicators),
        may_enter=who.user.role in ALLOWED["cycles.enter_indicators"],
    )


@router.get("/cycles/{cycle_id}/indicators/enter", name="pages.entering")
def entering_form(
    cycle_id: str, request: Request, services: ServicesOf, turn: Turn = 1
) -> Response:
    """The form to enter values of a year."""
    return entering_page(request, services, cycle_id, turn=str(turn))


@router.post("/cycles/{cycle_id}/indicators/enter", name="pages.enter_indicators")
async def send_values(cycle_id: str, request: Request, services: ServicesOf) -> Response:
    """Enter those values that were filled in, all or none."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        body = NewValues.model_validate({"values": _said(request)})
        return await run_in_threadpool(entering.enter, act, cycle_id, body)

    return await sent(
        *(request, services, do, {**_LABELS, **_places(request)}, _words),
        then=f"/cycles/{cycle_id}/indicators",
        again=partial(entering_page, request, services, cycle_id),
    )


@router.get("/cycles/{cycle_id}/indicators/{indicator}", name="pages.indicator")
def indicator(
    cycle_id: str,
    indicator: IndicatorId,
    request: Request,
    services: ServicesOf,
    who: SignedInReader,
    turn: Turn = 1,
) -> Response:
    """What is behind an indicator's figure: the rows that were counted, or the values entered."""
    organisation = who.user.organisation_id
    found = services.views.indicator_rows(
        organisation,
        cycle_id,
        indicator,
        turn,
        services.process_now(),
        named=may_see_people(who.user),
    )
    line, zone = found.line, services.zone(organisation)
    heading = {
        "title": f"{line.id}. {line.title}",
        "figure": number_words(line.fact, line.unit),
        "plan": "" if line.plan is None else number_words(line.plan, line.unit),
        "how": how_got(line, zone),
    }
    periods = [
        {
            "title": period_words(period.period),
            "entries": [
                {
                    "value": number_words(entry.value, line.unit),
                    "source": entry.source,
                    "by": entry.by.name,
                    "day": entry.at.astimezone(zone).date(),
                    "counts": entry.counts,
                }
                for entry in period.entries
            ],
        }
        for period in line.periods
        if period.entries
    ]
    return _figure(request, services, cycle_id, turn, heading, found.counted, periods)


@router.get("/cycles/{cycle_id}/measures", name="pages.measures")
def measures(
    cycle_id: str, request: Request, services: ServicesOf, who: SignedInReader, turn: Turn = 1
) -> Response:
    """Everything that is counted of a year; what comes to nothing is left out."""
    found = services.views.measures(who.user.organisation_id, cycle_id, turn)
    shown = [
        {
            "title": one.title,
            "value": number_words(one.value, one.unit),
            "path": f"/cycles/{cycle_id}/measures/{one.measure}?turn={turn}",
        }
        for one in found
        if one.value
    ]
    return _page(
        request,
        services,
        "measures.html",
        cycle_id,
        lines=shown,
        turn=turn,
        left_out=len(found) - len(shown),
        year=_year(services, cycle_id, turn, who.user.organisation_id),
    )


@router.get("/cycles/{cycle_id}/measures/{measure}", name="pages.measure")
def measure(
    cycle_id: str,
    measure: MeasureId,
    request: Request,
    services: ServicesOf,
    who: SignedInReader,
    turn: Turn = 1,
) -> Response:
    """The rows that a measure is counted from."""
    found = services.views.measure_rows(
        who.user.organisation_id, cycle_id, measure, turn, named=may_see_people(who.user)
    )
    line = found.line
    heading = {
        "title": line.title,
        "figure": number_words(line.value, line.unit),
        "plan": "",
        "how": "посчитано программой",
    }
    return _figure(request, services, cycle_id, turn, heading, found, [])


def entering_page(
    request: Request,
    services: Services,
    cycle_id: str,
    unsent: Unsent = NOTHING_UNSENT,
    *,
    turn: str = "1",
) -> Response:
    """The form, with what was typed before. Raises `NotFound`."""
    organisation = signed_in(request).user.organisation_id
    found = services.views.indicators(organisation, cycle_id, services.process_now())
    said = unsent.typed.get("turn", turn)
    year = int(said) if said.isdecimal() else 1
    return _page(
        request,
        services,
        "entering.html",
        cycle_id,
        status=unsent.status,
        asked=list(_asked(found, year)),
        turn=year,
        years=_years(found, services.today(organisation)),
        unsent=unsent,
    )


BACK: Final = (re.compile(r"/cycles/(?P<cycle_id>[0-9a-f]{16})/indicators/enter"), entering_page)
"""Where the form comes back to, when its sender had to sign in."""


def _asked(found: CycleIndicators, turn: int) -> Iterable[AskedValue]:
    for one in found.indicators:
        if one.turn != turn or one.measure is not None:
            continue
        for period in one.periods:
            if period.begun:
                last = period.entries[-1] if period.entries else None
                known = last and f"{number_words(last.value, one.unit)} ({last.source})"
                yield AskedValue(
                    name=f"{one.id}:{period.period}",
                    title=f"{one.id}. {one.title}",
                    period="" if period.period == "turn" else period_words(period.period),
                    unit=one.unit or "",
                    now=known or "",
                    whole=one.unit in ("чел.", "ед."),
                )


def _years(found: CycleIndicators, today: date) -> list[tuple[int, str]]:
    """The years that have begun; none if there is but one."""
    begun = [one for one in found.turns if one.start <= today]
    return [(one.turn, year_words(one.start, one.end)) for one in begun] if begun[1:] else []


def _said(request: Request) -> list[dict[str, object]]:
    """The values that were filled in; the source of all stands where none of its own does."""
    fields = typed(request)
    shared = field(request, "source").strip()
    return [
        {
            "indicator": indicator,
            "turn": field(request, "turn"),
            "period": period,
            "value": words.strip(),
            "source": fields.get(f"source.{indicator}:{period}", "").strip() or shared,
        }
        for name, words in fields.items()
        if name.startswith("value.") and words.strip()
        for indicator, _, period in (name.removeprefix("value.").partition(":"),)
    ]


def _places(request: Request) -> dict[str, str]:
    """Which indicator a mistake in the n-th value is about."""
    return {str(n): str(one["indicator"]) for n, one in enumerate(_said(request))}


def _figure(
    request: Request,
    services: Services,
    cycle_id: str,
    turn: int,
    heading: dict[str, str],
    counted: MeasureRows | None,
    periods: Sequence[Mapping[str, object]],
) -> Response:
    base = f"/cycles/{cycle_id}"
    return _page(
        request,
        services,
        "figure.html",
        cycle_id,
        heading=heading,
        year=_year(services, cycle_id, turn, signed_in(request).user.organisation_id),
        of=[
            {
                "title": one.title,
                "value": number_words(one.value, one.unit),
                "path": f"{base}/measures/{one.measure}?turn={turn}",
            }
            for one in (counted.of if counted else ())
        ],
        counted=counted is not None,
        rows=[row_line(one) for one in (counted.rows if counted else ())],
        periods=periods,
    )


def _year(services: Services, cycle_id: str, turn: int, organisation: str) -> str:
    found = services.views.indicators(organisation, cycle_id, services.process_now())
    season = next((one for one in found.turns if one.turn == turn), None)
    if season is None:
        raise NotFound(f"the cycle has no turn {turn}")
    return year_words(season.start, season.end)


def _page(
    request: Request,
    services: Services,
    template: str,
    cycle_id: str,
    status: int = 200,
    **shown: object,
) -> Response:
    organisation = signed_in(request).user.organisation_id
    cycle = services.views.cycle_line(organisation, cycle_id, services.process_now())
    return show.page(request, template, status, cycle=cycle, stages=STAGES, **shown)


def _words(refusal: Refused) -> str | None:
    match refusal:
        case NotWhole():
            return "Людей и предметы считают целыми числами: исправьте дробное значение."
        case FuturePeriod():
            return "Один из периодов ещё не начался. Ничего не записано."
        case _:
            return None
