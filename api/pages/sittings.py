"""A sitting: its agenda, the form to record what came of it, and what was decided."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request, Response
from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool

from api import body_schemas, sittings
from api.act import Act
from api.deps import ServicesOf
from api.pages import show
from api.pages.bodies import may_convene, officers_of, tasks_of
from api.pages.forms import NOTHING_UNSENT, Unsent, sent
from api.pages.guard import WritingPage, field, signed_in, values
from api.pages.state_words import document_stage
from api.pages.words import moment
from api.problems import problem_title
from api.routes.reading import BodyView, ItemView, SittingView, User
from api.services import Services
from domain.base import Value
from domain.errors import (
    BadDate,
    NoMajority,
    NoQuorum,
    NotAMember,
    NotYours,
    Refused,
    StaleVersion,
    TooManyVotes,
    WrongState,
)
from domain.routes import Outcome
from domain.sittings import SittingState, Voices

router = APIRouter(route_class=WritingPage, include_in_schema=False)

_LABELS: Final = {
    "present": "Кто был",
    "outcome": "решение",
    "text": "что решили",
    "in_favour": "за",
    "against": "против",
    "abstained": "воздержались",
    "who": "кому",
    "due": "до когда",
    "speaker": "кого слушали",
    "heard": "о чём доклад",
    "number": "Номер протокола",
    "day": "День",
    "reason": "Причина",
}
_VOTES: Final = ("in_favour", "against", "abstained")
_COUNT: Final[TypeAdapter[int]] = TypeAdapter(Voices)
_MORE: Final = ("who", "due", "speaker", "heard")
_OUTCOMES: Final[Mapping[str, tuple[str, str]]] = {
    "approve": ("Одобрить", "одобрено"),
    "send_back": ("Вернуть на доработку", "возвращено на доработку"),
    "refuse": ("Отказать", "отказано"),
}
"""What one chooses, and what was decided."""
_SAID: Final[Mapping[type[Refused], str]] = {
    WrongState: "Заседание уже записано или отменено. Ничего не записано, перед вами нынешнее.",
    StaleVersion: "Документ из повестки с тех пор изменён или отозван. Решение о нём может стоять "
    "только в протоколе: отметьте это у вопроса.",
    NoQuorum: "Нет кворума: отмечено меньше членов органа, чем нужно. Ничего не записано.",
    NotAMember: "Ведёт заседание тот, кто на нём был, и все, кто был, в этот день члены органа. "
    "Проверьте день, кто был и кто председатель.",
    BadDate: "День: заседание записывают в сам день или позже, не раньше.",
}
_HELD: Final = "Заседание записано, но узнали об этом ещё не все: сообщите им ещё раз."


class ShownItem(Value):
    """A question of the agenda; `stale`: its document waits for the body no more as it was."""

    item: ItemView
    outcome: str
    stale: bool
    refused: str


@router.get("/sittings/{sitting_id}", name="pages.sitting")
def sitting(sitting_id: str, request: Request, services: ServicesOf) -> Response:
    """The sitting as whoever is signed in may see it."""
    return sitting_page(request, services, sitting_id)


@router.post("/sittings/{sitting_id}", name="pages.hold_sitting")
async def act_on(sitting_id: str, request: Request, services: ServicesOf) -> Response:
    """Record what came of it, cancel it, or tell what was decided; the form says which."""
    user = signed_in(request).user
    known = await run_in_threadpool(services.views.sitting, user.organisation_id, sitting_id)
    items = range(1, len(known.agenda) + 1)

    async def do(act: Act, files: tuple[bytes, ...]) -> object:
        del files
        match field(request, "form"):
            case "cancel":
                reason = {"reason": field(request, "reason").strip()}
                said = body_schemas.SittingCancelled.model_validate(reason)
                return await sittings.cancel(act, sitting_id, said)
            case "tell":
                await run_in_threadpool(_check_may, services, user, known)
                desk, gateway = services.desk, services.gateway
                await sittings.tell(desk, gateway, act.clock_offset, sitting_id)
                return None
            case _:
                held = body_schemas.SittingHeld.model_validate(_said(request, items))
                return await sittings.hold(act, sitting_id, held)

    labels = {**_LABELS, **{str(n - 1): f"Вопрос {n}" for n in items}}
    return await sent(
        *(request, services, do, labels, partial(_words, request, items)),
        then=f"/sittings/{sitting_id}",
        again=partial(sitting_page, request, services, sitting_id),
    )


def sitting_page(
    request: Request, services: Services, sitting_id: str, unsent: Unsent = NOTHING_UNSENT
) -> Response:
    """The sitting, with what was typed before. Raises `NotFound`."""
    user = signed_in(request).user
    organisation, views = user.organisation_id, services.views
    found = views.sitting(organisation, sitting_id)
    body = views.body(organisation, found.body.id, found.day)
    is_called = found.state is SittingState.CALLED
    untold = found.state is SittingState.HELD and (
        any(one.untold for one in found.agenda) or not (found.minutes_id or found.minutes_refused)
    )
    if untold and unsent.status == HTTPStatus.SERVICE_UNAVAILABLE:
        unsent = Unsent(problem=_HELD, status=unsent.status)
    waiting = _waiting(services, organisation, body.id) if is_called else set()
    return show.page(
        request,
        "sitting.html",
        unsent.status,
        sitting=found,
        body=body,
        items=[_item(one, waiting) for one in found.agenda],
        outcomes=[{"id": "", "title": "Выберите"}]
        + [{"id": id_, "title": title} for id_, (title, _) in _OUTCOMES.items()],
        needed=found.quorum.needed(len(body.members)),
        officers=officers_of(body.members, found.chair, found.secretary),
        may=_may(user, body, found),
        untold=untold,
        minutes=document_stage(found.minutes_stage),
        minutes_refused=problem_title(found.minutes_refused),
        held_at=moment(found.held_at, services.zone(organisation)) if found.held_at else "",
        kept="" if is_called else _kept(unsent),
        today=services.today(organisation),
        unsent=unsent,
    )


BACK: Final = (re.compile(r"/sittings/(?P<sitting_id>[0-9a-f]{16})"), sitting_page)
"""Where forms come back to, when their sender had to sign in."""


def _item(item: ItemView, waiting: set[tuple[str | None, int | None, str | None]]) -> ShownItem:
    paper = (item.document_id, item.version, item.sha256)
    return ShownItem(
        item=item,
        outcome=_OUTCOMES[item.outcome][1] if item.outcome else "",
        stale=item.document_id is not None and item.outcome is None and paper not in waiting,
        refused=problem_title(item.refused),
    )


def _waiting(
    services: Services, organisation: str, body_id: str
) -> set[tuple[str | None, int | None, str | None]]:
    """The documents that wait for the body, each with its version and hash."""
    return {
        (task.document.document_id, task.document.version, task.document.sha256)
        for task in tasks_of(services, organisation, body_id)
        if task.document is not None
    }


def _may(user: User, body: BodyView, found: SittingView) -> bool:
    return may_convene(user, found.chair, found.secretary, body.chair, body.secretary)


def _check_may(services: Services, user: User, found: SittingView) -> None:
    organisation = user.organisation_id
    today = services.today(organisation)
    if not _may(user, services.views.body(organisation, found.body.id, today), found):
        raise NotYours("sittings are for the office, or for the body's chair and secretary")


def _said(request: Request, items: range) -> dict[str, object]:
    """What was typed of a sitting that was held, as the API takes it."""
    named = {
        name: field(request, name).strip() or None
        for name in ("day", "number", "chair", "secretary")
    }
    decided = []
    for n in items:
        more = {name: field(request, f"{name}.{n}").strip() or None for name in _MORE}
        decided.append(
            {
                "n": n,
                "outcome": field(request, f"outcome.{n}"),
                "text": field(request, f"text.{n}").strip(),
                "votes": {name: field(request, f"{name}.{n}").strip() or 0 for name in _VOTES},
                "minutes_only": bool(field(request, f"minutes_only.{n}")),
                **more,
            }
        )
    return {**named, "present": values(request, "person"), "items": decided}


def _kept(unsent: Unsent) -> str:
    """What somebody typed of a sitting that another has recorded or cancelled meanwhile."""
    if unsent.form not in ("hold", "cancel"):
        return ""
    words = ("text.", "heard.", "speaker.", "who.", "due.", "reason")
    lines = [said for name, said in unsent.typed.items() if name.startswith(words) and said.strip()]
    return "\n".join(lines)


def _words(request: Request, items: range, refusal: Refused) -> str | None:
    match refusal:
        case TooManyVotes():
            return f"{_questions(_overfull(request, items))}. Голосов больше, чем присутствовало."
        case NoMajority():
            return (
                f"{_questions(_minor(request, items))}. Для одобрения нужно «за» больше половины "
                "тех, кто был. Решение другое или числа другие?"
            )
        case _:
            return _SAID.get(type(refusal))


def _questions(numbers: Iterator[int]) -> str:
    known = ", ".join(str(n) for n in numbers)
    return f"Вопросы: {known}" if "," in known else f"Вопрос {known}".rstrip()


def _voices(request: Request, name: str, n: int) -> int:
    return _COUNT.validate_python(field(request, f"{name}.{n}").strip() or 0)


def _overfull(request: Request, items: range) -> Iterator[int]:
    """Items with more voices than people who came; the form is whole."""
    present = len(set(values(request, "person")))
    for n in items:
        if sum(_voices(request, name, n) for name in _VOTES) > present:
            yield n


def _minor(request: Request, items: range) -> Iterator[int]:
    """Approved items without the majority; the form is whole."""
    present = len(set(values(request, "person")))
    for n in items:
        approved = field(request, f"outcome.{n}") == Outcome.APPROVE
        if approved and 2 * _voices(request, "in_favour", n) <= present:
            yield n
