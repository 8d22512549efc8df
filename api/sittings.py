"""What the API does with bodies and sittings, and how documents hear of what was decided."""

from typing import Final

from starlette.concurrency import run_in_threadpool

from activities.ports import Desk
from activities.sitting_ports import BodyWish, SittingNews
from api import body_schemas as schemas
from api.act import Act
from api.choosing import person_of
from api.gateway import Gateway
from api.problems import Internal, Unavailable
from api.routes.reading import BodyView, SittingView
from domain import ids
from domain.bodies import BodySettings
from domain.document_wishes import Resolve
from domain.errors import NotAMember, NotYours, Refused
from domain.extras import DraftDocument
from domain.people import AccessRole, Actor
from domain.process import Command
from domain.routes import Outcome
from domain.sittings import AgendaItem, Holding, Resolution, Sitting

_OFFICE: Final = (AccessRole.CURATOR, AccessRole.ADMINISTRATOR)


def set_body(act: Act, body_id: str, said: schemas.BodySettings) -> BodyView:
    """Keep what the organisation says of a body. Raises as `SittingDesk.set_body`."""
    services, organisation = act.services, act.user.organisation_id
    services.views.body(organisation, body_id, services.today(organisation))
    settings = BodySettings(
        chair_id=_person(act, said.chair),
        secretary_id=_person(act, said.secretary),
        **said.model_dump(include={"quorum", "at_least", "minutes_kind", "ablative"}),
    )
    services.desk.set_body(_wish(act), body_id, settings)
    return services.views.body(organisation, body_id, services.today(organisation))


def call(act: Act, body_id: str, said: schemas.NewSitting) -> SittingView:
    """Call a sitting.

    Raises `NotYours` unless the office or an officer of the body does, `NotFound`, and as
    `SittingDesk.call_sitting`.
    """
    services, organisation = act.services, act.user.organisation_id
    body = services.views.body(organisation, body_id, services.today(organisation))
    known = body.settings
    _check_officer(act, known.chair_id, known.secretary_id)
    services.views.cycle(organisation, said.cycle_id, act.now)
    chair = _person(act, said.chair) or known.chair_id
    secretary = _person(act, said.secretary) or known.secretary_id
    if chair is None or secretary is None:
        raise NotAMember(f"nobody is named to preside over body {body_id} or to keep its minutes")
    sitting = Sitting(
        sitting_id=ids.derived_id(act.request_id, "sitting"),
        body_id=body_id,
        chair_id=chair,
        secretary_id=secretary,
        quorum=known.quorum,
        minutes_kind=known.minutes_kind,
        agenda=tuple(AgendaItem(**dict(item)) for item in said.agenda),
        **said.model_dump(include={"cycle_id", "day", "place"}),
    )
    services.desk.call_sitting(_wish(act), sitting)
    return services.views.sitting(organisation, sitting.sitting_id)


async def hold(act: Act, sitting_id: str, said: schemas.SittingHeld) -> SittingView:
    """Record what came of a sitting; then its documents hear it and its minutes are drafted.

    Raises as `call` and `SittingDesk.hold_sitting`; `Unavailable` if somebody has not heard: the
    same request goes on from there.
    """
    await run_in_threadpool(_hold, act, sitting_id, said)
    services = act.services
    await tell(services.desk, services.gateway, act.clock_offset, sitting_id)
    organisation = act.user.organisation_id
    return await run_in_threadpool(services.views.sitting, organisation, sitting_id)


async def cancel(act: Act, sitting_id: str, said: schemas.SittingCancelled) -> SittingView:
    """Cancel a sitting that was called. Raises as `call` and `SittingDesk.cancel_sitting`."""
    services, organisation = act.services, act.user.organisation_id
    view = await run_in_threadpool(services.views.sitting, organisation, sitting_id)
    _check_officer(act, view.chair.id, view.secretary.id)
    reason = await act.keep("reason", ids.sitting_subject(sitting_id), {"text": said.reason})
    await run_in_threadpool(services.desk.cancel_sitting, _wish(act), sitting_id, str(reason))
    return await run_in_threadpool(services.views.sitting, organisation, sitting_id)


async def tell(
    desk: Desk, gateway: Gateway, clock_offset: int, sitting_id: str | None = None
) -> None:
    """Tell documents what sittings decided of them, and ask cycles for the minutes.

    Of all sittings unless one is named. Harmless to repeat: the ids of wishes follow from the
    sitting. What is refused is kept with its code. Raises `Unavailable`.
    """
    for news in await run_in_threadpool(desk.untold_sittings, sitting_id):
        sitting = news.sitting
        for n in news.items:
            document = ids.document_workflow(sitting.agenda[n - 1].document_id or "")
            wish = _resolve(news, n, clock_offset)
            request = ids.derived_id(sitting.sitting_id, "item", str(n))
            refused = await _send(gateway, document, wish, request)
            await run_in_threadpool(desk.item_told, sitting.sitting_id, n, refused)
        if news.ask_minutes:
            cycle = ids.cycle_workflow(sitting.cycle_id)
            request = ids.derived_id(sitting.sitting_id, "minutes")
            refused = await _send(gateway, cycle, _minutes(news, clock_offset), request)
            await run_in_threadpool(desk.minutes_asked, sitting.sitting_id, refused)


async def _send(gateway: Gateway, workflow_id: str, wish: Command, request: str) -> str | None:
    """The code of the refusal of a rule; None if there was none."""
    try:
        await gateway.send(workflow_id, wish, request)
    except (Unavailable, Internal):
        raise
    except Refused as refusal:
        return type(refusal).__name__
    return None


def _resolve(news: SittingNews, n: int, clock_offset: int) -> Resolve:
    sitting = news.sitting
    said, item = sitting.resolutions[n - 1], sitting.agenda[n - 1]
    return Resolve.model_validate(
        {
            "by": Actor(user_id=news.by, role=news.role, acts_for=(sitting.body_id,)),
            "note_id": None if said.outcome is Outcome.APPROVE else sitting.note_id(n),
            "clock_offset": clock_offset,
            "version": item.version,
            "sha256": item.sha256,
            "outcome": said.outcome,
            **sitting.model_dump(include={"body_id", "sitting_id", "number", "day"}),
        }
    )


def _minutes(news: SittingNews, clock_offset: int) -> DraftDocument:
    # The sitting asks for its minutes, whoever recorded it: what people may ask for besides the
    # rows is the office's.
    by = Actor(user_id=news.by, role=AccessRole.ADMINISTRATOR)
    return DraftDocument(
        by=by,
        clock_offset=clock_offset,
        document_id=news.sitting.minutes_id,
        kind=news.sitting.minutes_kind,
        numbered=True,
    )


def _hold(act: Act, sitting_id: str, said: schemas.SittingHeld) -> None:
    services, organisation = act.services, act.user.organisation_id
    view = services.views.sitting(organisation, sitting_id)
    today = services.today(organisation)
    body = services.views.body(organisation, view.body.id, today)
    officers = (body.settings.chair_id, body.settings.secretary_id)
    _check_officer(act, view.chair.id, view.secretary.id, *officers)
    people = services.views.people(organisation)
    held = Holding(
        request_id=act.request_id,
        by=act.user.id,
        at=act.now,
        present=tuple(person_of(one, people) for one in said.present),
        resolutions=tuple(Resolution(**dict(one)) for one in said.items),
        chair_id=_person(act, said.chair),
        secretary_id=_person(act, said.secretary),
        **said.model_dump(include={"day", "number"}),
    )
    services.desk.hold_sitting(_wish(act), sitting_id, held, today)


def _check_officer(act: Act, *officers: str | None) -> None:
    """The office acts for every body, its chair and secretary for their own."""
    if act.user.role not in _OFFICE and act.user.person_id not in officers:
        raise NotYours("sittings are for the office, or for the body's chair and secretary")


def _person(act: Act, named: str | None) -> str | None:
    if named is None:
        return None
    return person_of(named, act.services.views.people(act.user.organisation_id))


def _wish(act: Act) -> BodyWish:
    return BodyWish(organisation_id=act.user.organisation_id, by=act.user.id, at=act.now)
