"""«Запуск»: which roadmap, who holds its roles, what that will ask and what is missing; then one
launch.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api import launching, schemas
from api.act import Act
from api.deps import ServicesOf
from api.launch_schemas import LaunchAsked, LaunchForeseen
from api.pages import show
from api.pages.forms import NOTHING_UNSENT, Unsent, attempt
from api.pages.guard import WritingPage, field, signed_in, to, typed
from api.routes import cycles as routes
from api.services import Services
from domain import ids
from domain.base import Value
from domain.errors import AlreadyLaunched, NotFound, Refused, RoleUnmapped
from domain.preview import Item
from domain.roadmap import Roadmap

router = APIRouter(route_class=WritingPage, include_in_schema=False)

FORM: Final = "launch"
CHECK: Final = "check"
"""The button that only looks."""
LABELS: Final = {"start": "День запуска", "turns": "На сколько лет", "holders": "Роли"}
_HOLDER: Final = "holder."
"""Begins the name of a field with who holds a role."""
_CHANGED: Final = "С прошлой проверки что-то изменилось: посмотрите ещё раз. Ничего не запущено."


class Checked(Value):
    """What the page shows of a check; `seen` tells one answer from another."""

    found: LaunchForeseen
    seen: str

    @classmethod
    def of(cls, found: LaunchForeseen) -> "Checked":
        words = [f"{one.what}/{one.subject}/{one.words}" for one in found.missing]
        return cls(found=found, seen=ids.derived_id("missing", *words))

    def first_year(self) -> list[Item]:
        """Rows of the first year; those that follow repeat them."""
        return [item for item in self.found.plan.items if item.turn == 1]

    def documents(self) -> int:
        """In those rows."""
        demands = (demand for item in self.first_year() for demand in item.results)
        return sum(demand.document is not None for demand in demands)


@router.get("/launch", name="pages.launch")
def launch(
    request: Request,
    services: ServicesOf,
    roadmap: Annotated[str, Query(pattern=r"^[a-z][a-z0-9_]{0,39}$")] | None = None,
) -> Response:
    """The library, or the form of one roadmap."""
    if roadmap is None:
        return show.page(request, "library.html", roadmaps=launching.library(services))
    return launch_page(request, services, NOTHING_UNSENT, name=roadmap)


@router.post("/launch", name="pages.send_launch")
async def send_launch(request: Request, services: ServicesOf) -> Response:
    """Check what is missing; launch if that was asked for by somebody who saw just that."""
    organisation = signed_in(request).user.organisation_id
    checked: list[Checked] = []
    launched: list[str] = []

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        said = {**asked_in(request), "roadmap": field(request, "roadmap")}
        checked.append(await check(services, organisation, said))
        if wants_launch(request, checked[0]):
            body = schemas.Launch.model_validate(said)
            launched.append((await routes.launch(body, act)).cycle_id)
        return None

    unsent = await attempt(request, services, do, LABELS, words)
    if launched:
        return to(f"/cycles/{launched[0]}")
    back = unsent or looked_at(request)
    return await run_in_threadpool(launch_page, request, services, back, *checked)


def launch_page(
    request: Request,
    services: Services,
    unsent: Unsent = NOTHING_UNSENT,
    checked: Checked | None = None,
    *,
    name: str = "",
) -> Response:
    """The form, with what was chosen before and what the check found. Raises `NotFound`."""
    organisation = signed_in(request).user.organisation_id
    roadmap = services.roadmaps(name or unsent.typed.get("roadmap", ""))
    return show.page(
        request,
        "launch.html",
        unsent.status,
        roadmap=roadmap,
        roles=list(role_choices(services, organisation, roadmap)),
        start=services.today(organisation).isoformat(),
        checked=checked,
        unsent=unsent,
    )


async def check(services: Services, organisation_id: str, said: Mapping[str, object]) -> Checked:
    """What a launch would ask. Raises `ValidationError` and `NotFound`."""
    asked = LaunchAsked.model_validate(said)
    return Checked.of(await run_in_threadpool(launching.foreseen, services, organisation_id, asked))


def asked_in(request: Request) -> dict[str, object]:
    """The day, the years and the holders of a sent form."""
    holders = {
        name.removeprefix(_HOLDER): said
        for name, said in typed(request).items()
        if name.startswith(_HOLDER) and said
    }
    turns = field(request, "turns")
    return {
        "start": field(request, "start"),
        "holders": holders,
        **({"turns": turns} if turns else {}),
    }


def wants_launch(request: Request, checked: Checked) -> bool:
    """Whether the launch itself is asked for, by somebody who saw what is missing now."""
    return field(request, "do") != CHECK and field(request, "seen") == checked.seen


def looked_at(request: Request) -> Unsent:
    """The form as it was sent: it was only looked at, or something is missing that was not seen."""
    only_looks = field(request, "do") == CHECK or not field(request, "seen")
    problem = "" if only_looks else _CHANGED
    status = 409 if problem else 200
    return Unsent(form=FORM, typed=typed(request), problem=problem, status=status)


def role_choices(
    services: Services, organisation_id: str, roadmap: Roadmap
) -> Iterator[dict[str, object]]:
    """A field for each role that a launch gives to somebody."""
    people = [
        {"id": one.id, "title": f"{one.name}, {one.post}" if one.post else one.name}
        for one in services.views.people(organisation_id)
        if "staff" in one.roles
    ]
    bodies = [{"id": one.id, "title": one.name} for one in services.views.bodies(organisation_id)]
    nobody = {"id": "", "title": "Выберите"}
    for name in roadmap.launch_roles():
        role = roadmap.roles[name]
        yield {
            "name": _HOLDER + name,
            "title": role.title,
            "choices": [nobody, *(people if role.holder == "person" else bodies)],
        }


def words(refusal: Refused) -> str | None:
    """What refusals of a launch mean on its pages."""
    match refusal:
        case AlreadyLaunched():
            return "По этой дорожной карте программа организации уже идёт. Ничего не запущено."
        case RoleUnmapped():
            return "Не все роли назначены. Ничего не запущено."
        case NotFound():
            return "Такой дорожной карты нет, или человека с этой ролью нет в списке."
        case _:
            return None


BACK: Final = ((re.compile(r"/launch"), launch_page),)
"""Where the form comes back to, when its sender had to sign in."""
