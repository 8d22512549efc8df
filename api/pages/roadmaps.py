"""Roadmaps under way: a row more in one programme, a new version for all that run by it."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api import roadmap_changes
from api import row_schemas as schemas
from api.act import Act
from api.deps import ServicesOf
from api.pages import show
from api.pages.forms import NOTHING_UNSENT, Unsent, attempt, sent
from api.pages.guard import WritingPage, field, signed_in, typed
from api.services import Services
from domain.errors import (
    NotAdaptable,
    NotFound,
    Refused,
    RoadmapConflict,
    RowDoesNotFit,
    WrongState,
)
from domain.roadmap import ReportProof, Roadmap

router = APIRouter(route_class=WritingPage, include_in_schema=False)

APPLY: Final = "apply"
"""The button that does it; the other one only looks."""
_HOLDER: Final = "holder."
"""Begins the name of a field with who holds a new role."""
_LABELS: Final = {
    "id": "Номер",
    "title": "Что сделать",
    "stage": "Раздел",
    "lead": "Кто отвечает",
    "deadline": "Последний день",
    "results": "Чем подтверждается",
    "reason": "Почему",
    "holders": "Кто исполняет новые роли",
}
_PROOFS: Final = {
    "remark": "запись о сделанном",
    "file": "запись и файл при ней",
    "link": "публикация",
    "event": "мероприятие",
    "number": "число",
    "answers": "ответы на анкету",
    "document": "документ",
    "indicators": "значения показателей",
    "reports": "отчёты организаций уровнем ниже",
    "report": "отчёт в вышестоящую организацию",
}
"""All that the format knows; `file` is a remark that demands one."""
OUTCOMES: Final[Mapping[str, str]] = {
    "unaffected": "не затронута",
    "documents": "получит новый документ",
    "changes": "изменится",
    "conflict": "в конфликте",
}
"""What becomes of a programme."""
_TOLD: Final = {
    "new_rows": "новые строки",
    "new_documents": "новые документы",
    "moved": "другой срок",
    "led": "другой ответственный",
    "ended": "больше не применяются",
    "reopened": "снова открыты",
}


@router.get("/cycles/{cycle_id}/rows", name="pages.new_row")
def new_row(cycle_id: str, request: Request, services: ServicesOf) -> Response:
    """The form of a row more."""
    return row_page(request, services, cycle_id)


@router.post("/cycles/{cycle_id}/rows", name="pages.add_row")
async def add_row(cycle_id: str, request: Request, services: ServicesOf) -> Response:
    """Add a row to this programme."""

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        said = {"row": _row(request), "reason": field(request, "reason").strip()}
        return await roadmap_changes.add_row(act, cycle_id, schemas.NewRow.model_validate(said))

    return await sent(
        *(request, services, do, _LABELS, _words),
        then=f"/cycles/{cycle_id}",
        again=partial(row_page, request, services, cycle_id),
    )


@router.get("/roadmaps/{name}/apply", name="pages.new_version")
def new_version(name: str, request: Request, services: ServicesOf) -> Response:
    """What a roadmap's version in the library would change in the programmes that run by it."""
    return version_page(request, services, name)


@router.post("/roadmaps/{name}/apply", name="pages.apply_version")
async def apply_version(name: str, request: Request, services: ServicesOf) -> Response:
    """Look again, with holders of new roles; or have each programme take the version that can."""
    done: list[schemas.Applied] = []

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        said = schemas.ApplyRoadmap.model_validate(
            {
                "dry_run": field(request, "act") != APPLY,
                "reason": field(request, "reason").strip() or None,
                "holders": _holders(request),
            }
        )
        done.append(await roadmap_changes.apply(act, name, said))
        return None

    unsent = await attempt(request, services, do, _LABELS, _words)
    looked = Unsent(form=APPLY, typed=typed(request))
    back = unsent or looked
    return await run_in_threadpool(version_page, request, services, name, back, *done)


def row_page(
    request: Request, services: Services, cycle_id: str, unsent: Unsent = NOTHING_UNSENT
) -> Response:
    """The form, with what was typed before. Raises `NotFound`."""
    organisation = signed_in(request).user.organisation_id
    cycle = services.views.running_cycle(organisation, cycle_id)
    line = services.views.cycle_line(organisation, cycle_id, services.process_now())
    road = cycle.roadmap
    kinds = (one for one in services.kinds.values() if one.scope == "cycle")
    roles = [{"id": role, "title": road.roles[role].title} for role in road.launch_roles()]
    return show.page(
        request,
        "new_row.html",
        unsent.status,
        cycle=line,
        numbers=", ".join(step.id for step in road.steps),
        sections=[{"id": one.id, "title": one.title} for one in road.stages],
        roles=roles,
        approvers=[{"id": "", "title": "никто"}, *roles],
        proofs=[{"id": id_, "title": _PROOFS[id_]} for id_ in _fitting(road)],
        demands=[{"id": id_, "title": title} for id_, title in _demands(road).items()],
        kinds=sorted(({"id": k.kind, "title": k.title} for k in kinds), key=lambda k: k["title"]),
        today=services.today(organisation).isoformat(),
        unsent=unsent,
    )


def version_page(
    request: Request,
    services: Services,
    name: str,
    unsent: Unsent = NOTHING_UNSENT,
    found: schemas.Applied | None = None,
) -> Response:
    """Each programme by name, and the form that applies the version. Raises `NotFound`."""
    organisation = signed_in(request).user.organisation_id
    if found is None:
        found = roadmap_changes.foreseen(services, organisation, name, {})
    roadmap = services.roadmaps(name)
    running = services.views.running(organisation, name)
    return show.page(
        request,
        "new_version.html",
        unsent.status,
        roadmap=roadmap,
        found=found,
        lines=[_line(one) for one in found.cycles],
        roles=_new_roles(roadmap, (cycle.holders for cycle in running)),
        unsent=unsent,
    )


BACK: Final = (
    (re.compile(r"/cycles/(?P<cycle_id>[0-9a-f]{16})/rows"), row_page),
    (re.compile(r"/roadmaps/(?P<name>[a-z][a-z0-9_]{0,39})/apply"), version_page),
)
"""Where forms come back to, when their sender had to sign in."""


def _row(request: Request) -> dict[str, object]:
    """As a roadmap's file has it: without a last day it is open all year."""
    day, proof = field(request, "due"), field(request, "proof")
    result = {"id": "done", "title": field(request, "result").strip() or field(request, "title")}
    return {
        **{one: field(request, one).strip() for one in ("id", "title", "stage", "lead")},
        "deadline": _not_later(day) if day else {"rule": "all_year"},
        "results": [{**result, "by": _by(request, proof)}],
    }


def _not_later(day: str) -> dict[str, object]:
    try:
        said = date.fromisoformat(day)
    except ValueError:
        return {"rule": "not_later", "by": day}
    return {"rule": "not_later", "by": {"month": said.month, "day": said.day}}


def _by(request: Request, proof: str) -> dict[str, object]:
    count = field(request, "count") or 1
    said: dict[str, object]
    match proof:
        case "file":
            proof, said = "remark", {"file": True}
        case "link" | "event":
            said = {"count": count}
        case "answers":
            said = {"at_least": count}
        case "number":
            said = {"at_least": count, "unit": field(request, "unit").strip()}
        case "reports" | "report":
            said = {"demand": field(request, "demand")}
        case "document":
            given = {one: field(request, one) for one in ("kind", "approver")}
            said = {name: role for name, role in given.items() if role}
        case _:
            said = {}
    return {"proof": proof, **said}


def _fitting(road: Roadmap) -> list[str]:
    """The proofs that a row of this roadmap may have."""
    lacking = {
        "indicators": not road.entered_indicators(),
        "reports": not road.demands,
        "report": not _reported(road),
    }
    return [one for one in _PROOFS if not lacking.get(one)]


def _demands(road: Roadmap) -> dict[str, str]:
    """The reports that rows may ask for or send, by name."""
    titles = {name: demand.title for name, demand in road.demands.items()}
    return {**{one: one for one in _reported(road)}, **titles}


def _reported(road: Roadmap) -> list[str]:
    """The demands of the cycle above that its rows already answer."""
    results = (result.by for step in road.steps for result in step.results)
    return list(dict.fromkeys(by.demand for by in results if isinstance(by, ReportProof)))


def _holders(request: Request) -> dict[str, str]:
    return {
        name.removeprefix(_HOLDER): code.strip()
        for name, code in typed(request).items()
        if name.startswith(_HOLDER) and code.strip()
    }


def _new_roles(roadmap: Roadmap, held: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Roles of the version that somebody must hold and in some programme nobody does."""
    known = [set(roles) for roles in held]
    return [
        {"name": f"{_HOLDER}{role}", "title": roadmap.roles[role].title}
        for role in roadmap.launch_roles()
        if any(role not in roles for roles in known)
    ]


def _line(one: schemas.CycleForeseen) -> dict[str, object]:
    said = {title: getattr(one, name) for name, title in _TOLD.items()}
    about = "; ".join(f"{title}: {', '.join(ids_)}" for title, ids_ in said.items() if ids_)
    return {
        "cycle": one,
        "state": "приняла новую версию" if one.taken else OUTCOMES[one.outcome],
        "about": about,
        "documents": [id_ for fault in one.conflicts for id_ in fault.documents],
    }


def _words(refusal: Refused) -> str | None:
    match refusal:
        case RowDoesNotFit() | RoadmapConflict():
            return f"Такую строку добавить нельзя: {refusal}. Ничего не записано."
        case NotAdaptable():
            return "Дорожную карту дала организация уровнем выше: строк в неё не добавляют."
        case WrongState():
            return "Сейчас программа строк не принимает: она закрыта или ждёт исправления."
        case NotFound():
            return "Такой программы или дорожной карты нет."
        case _:
            return None
