"""What the API does about indicators: values are entered, and a row is closed by them."""

from starlette.concurrency import run_in_threadpool

from activities.indicator_ports import EnterValues
from api.act import Act
from api.indicator_schemas import NewValues
from api.routes.indicator_reading import CycleIndicators
from domain import ids
from domain.planning import turn_of_item


def enter(act: Act, cycle_id: str, said: NewValues) -> CycleIndicators:
    """Keep the values. Raises as `Desk.enter_values`."""
    organisation = act.user.organisation_id
    wish = EnterValues(
        wish_id=act.request_id,
        organisation_id=organisation,
        cycle_id=cycle_id,
        values=tuple(one.given() for one in said.values),
        author=act.user.id,
        at=act.now,
    )
    act.services.desk.enter_values(wish)
    return act.services.views.indicators(organisation, cycle_id, act.now)


async def given_values(act: Act, workflow_id: str, item: str) -> dict[str, list[int]]:
    """Which indicators have the values that the item's turn asks for, and which entries they are:
    the last one of each period. Of a pair, which has no indicators, none.
    """
    if not workflow_id.startswith(ids.cycle_workflow("")):
        return {}
    cycle_id = workflow_id.removeprefix(ids.cycle_workflow(""))
    organisation, turn = act.user.organisation_id, turn_of_item(item)
    found = await run_in_threadpool(act.services.views.indicators, organisation, cycle_id, act.now)
    return {
        one.id: [period.entries[-1].n for period in one.periods if period.entries]
        for one in found.indicators
        if one.turn == turn and one.measure is None and one.given
    }
