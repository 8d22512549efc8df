"""What a launch finds, in memory, as a test puts it in; and standing orders."""

from datetime import date, datetime

from activities.yearly_ports import NewYearly
from domain.errors import NotFound, WrongState
from domain.launch_checks import House
from domain.organisations import Level
from domain.roadmap import Roadmap
from domain.yearly import YearlyOrder, YearlyState
from tests.fakes.roadmaps import FakeRoadmapViews


class MemoryYearly:
    """`LaunchDesk` over a dictionary."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self.known: dict[str, YearlyOrder] = {}

    def keep(self, wish: NewYearly) -> YearlyOrder:
        for one in self.known.values():
            same = (one.organisation_id, one.roadmap_name)
            is_other = one.order_id != wish.order_id and one.state is not YearlyState.ENDED
            if is_other and same == (wish.organisation_id, wish.roadmap_name):
                raise WrongState(f"yearly order {one.order_id} holds already")
        given = wish.model_dump(include={"order_id", "organisation_id", "roadmap_name", "holders"})
        order = YearlyOrder(**given, author=wish.by, time_zone=self.zone)
        return self.known.setdefault(wish.order_id, order)

    def change(
        self, organisation_id: str, order_id: str, state: YearlyState, by: str, at: datetime
    ) -> YearlyOrder:
        order = self.known.get(order_id)
        if order is None or order.organisation_id != organisation_id:
            raise NotFound(f"no yearly order {order_id}")
        order.check_can_become(state)
        self.known[order_id] = order.changed(state=state)
        return self.known[order_id]


class FakeLaunchViews(FakeRoadmapViews):
    """What the API reads before a launch."""

    standing: House = House(level=Level.ORGANISATION)
    orders: MemoryYearly

    def yearly(self, organisation_id: str) -> tuple[YearlyOrder, ...]:
        known = self.orders.known.values()
        return tuple(one for one in known if one.organisation_id == organisation_id)

    def house(
        self, organisation_id: str, roadmap: Roadmap, start: date, turns: int, now: datetime
    ) -> House:
        return self.standing
