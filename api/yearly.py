"""What the API does about standing orders: each is a row first, then a schedule of the engine."""

from datetime import timedelta

from starlette.concurrency import run_in_threadpool

from activities.yearly_ports import NewYearly
from api import choosing, launching
from api import launch_schemas as schemas
from api.act import Act
from api.problems import BY_CODE, PROBLEMS
from api.services import Services
from domain import ids
from domain.errors import NotFound, WrongState
from domain.roadmap import Season
from domain.yearly import YearlyOrder, YearlyState, next_start

_NEVER = "ещё не запускался"


def lines(services: Services, organisation_id: str) -> tuple[schemas.YearlyLine, ...]:
    """All orders of an organisation, with what their next launch will miss."""
    return tuple(
        _line(services, organisation_id, one) for one in services.views.yearly(organisation_id)
    )


async def order(act: Act, said: schemas.NewYearly) -> schemas.YearlyLine:
    """Give an order. Raises `NotFound`, `RoleUnmapped`, and `WrongState` for a second one."""
    found = await run_in_threadpool(_keep, act, said)
    return await _told(act, found)


async def change(act: Act, order_id: str, said: schemas.YearlyChange) -> schemas.YearlyLine:
    """Pause, resume or end it. Raises `NotFound`, and `WrongState` once it has ended."""
    about = (act.user.organisation_id, order_id, said.state, act.user.id, act.now)
    found = await run_in_threadpool(act.services.desk.change_yearly, *about)
    return await _told(act, found)


async def launch(act: Act, order_id: str) -> schemas.YearlyLine:
    """Try its launch now. Raises `NotFound`, and `WrongState` unless it is active."""
    organisation = act.user.organisation_id
    found = await run_in_threadpool(_one, act.services, organisation, order_id)
    if found.state is not YearlyState.ACTIVE:
        raise WrongState(f"yearly order {order_id} is {found.state}")
    await act.services.gateway.launch_yearly(order_id)
    tried = await run_in_threadpool(_one, act.services, organisation, order_id)
    return await run_in_threadpool(_line, act.services, organisation, tried)


async def _told(act: Act, found: YearlyOrder) -> schemas.YearlyLine:
    """The engine learns what the row says; a repeat of the request tells it again."""
    await act.services.gateway.keep_yearly(found, _season(act.services, found))
    return await run_in_threadpool(_line, act.services, act.user.organisation_id, found)


def _keep(act: Act, said: schemas.NewYearly) -> YearlyOrder:
    views, organisation = act.services.views, act.user.organisation_id
    roadmap = act.services.roadmaps(said.roadmap)
    people, bodies = views.people(organisation), views.bodies(organisation)
    wish = NewYearly(
        order_id=ids.derived_id(act.request_id, "yearly"),
        organisation_id=organisation,
        roadmap_name=roadmap.roadmap,
        holders=choosing.holders_of(roadmap, said.holders, people, bodies),
        by=act.user.id,
        at=act.now,
    )
    return act.services.desk.keep_yearly(wish)


def _one(services: Services, organisation_id: str, order_id: str) -> YearlyOrder:
    for one in services.views.yearly(organisation_id):
        if one.order_id == order_id:
            return one
    raise NotFound(f"there is no yearly order {order_id}")


def _season(services: Services, found: YearlyOrder) -> Season:
    """An order may be ended even if its roadmap is gone; then the season is nobody's matter."""
    try:
        return services.roadmaps(found.roadmap_name).season
    except NotFound:
        if found.state is not YearlyState.ENDED:
            raise
        return Season(month=1, months=12)


def _line(services: Services, organisation_id: str, found: YearlyOrder) -> schemas.YearlyLine:
    line = schemas.YearlyLine(
        order_id=found.order_id,
        roadmap=found.roadmap_name,
        title=found.roadmap_name,
        next_start=None,
        words=outcome_words(found),
        missing=(),
        **found.model_dump(include={"state", "holders", "outcome", "cycle_id", "code", "tried_at"}),
    )
    try:
        roadmap = services.roadmaps(found.roadmap_name)
    except NotFound:
        return line.changed(words="дорожной карты с таким именем больше нет: запуск не пройдёт")
    if found.state is YearlyState.ENDED:
        return line.changed(title=roadmap.title)
    start = next_start(roadmap, services.today(organisation_id) - timedelta(days=1))
    asked = schemas.LaunchAsked(
        roadmap=found.roadmap_name, start=start, turns=1, holders=found.holders
    )
    return line.changed(
        title=roadmap.title,
        next_start=start,
        missing=launching.foreseen(services, organisation_id, asked).missing,
    )


def outcome_words(found: YearlyOrder) -> str:
    """What became of the latest launch."""
    match found.outcome:
        case None:
            return _NEVER
        case "launched":
            return f"программа {found.season} года запущена"
        case "already":
            return "программа этого года уже шла: её запустили без этого поручения"
        case _:
            return f"запуск не прошёл: {_why(found.code or '')}"


def _why(code: str) -> str:
    if code == NotFound.__name__:
        return "дорожной карты больше нет, или кого-то из назначенных нет в списке"
    kind = BY_CODE.get(code)
    title = PROBLEMS[kind].title if kind else code
    return f"{title[:1].lower()}{title[1:]}"
