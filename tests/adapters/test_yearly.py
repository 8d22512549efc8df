"""Standing orders in PostgreSQL: one launch a season, whatever is tried how often."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from activities.yearly_ports import NewYearly, Tried, TryLaunch
from adapters.postgres.yearly import PostgresYearly
from domain import ids
from domain.errors import NotFound, WrongState
from domain.roadmap import Roadmap
from domain.yearly import YearlyOrder, YearlyState
from tests.adapters.world import NOW, World, a_roadmap

NEXT = datetime(2027, 9, 1, 0, 5, tzinfo=UTC)
"""In the morning of the first day of the next season."""

_ACTIONS = text("SELECT action FROM audit_entries WHERE subject = :subject ORDER BY n")
_START = text("SELECT start, follows FROM launches WHERE cycle_id = :cycle")
_LAUNCHES = text("SELECT count(*) FROM launches WHERE organisation_id = :organisation")


class Orders:
    """A school, and what is done about its order."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.world = World.make(engine)
        self.book = PostgresYearly(engine)
        self.roadmap: Roadmap | None = a_roadmap()
        self.id = ids.new_id()

    def give(self, order_id: str | None = None, **holders: str) -> YearlyOrder:
        launched = self.world.views.running_cycle(self.world.organisation, self.world.cycle)
        wish = NewYearly(
            order_id=order_id or self.id,
            organisation_id=self.world.organisation,
            roadmap_name="small",
            holders={**launched.holders, **holders},
            by="a" * 16,
            at=NOW,
        )
        return self.world.desk.keep_yearly(wish)

    def attempt(self, at: datetime = NEXT) -> Tried:
        return self.book.try_launch(TryLaunch(order_id=self.id, at=at), lambda _: self.roadmap)

    def change(self, state: YearlyState) -> YearlyOrder:
        about = (self.world.organisation, self.id, state, "a" * 16, NOW)
        return self.world.desk.change_yearly(*about)

    @property
    def order(self) -> YearlyOrder:
        (found,) = self.world.views.yearly(self.world.organisation)
        return found

    def actions(self) -> list[str]:
        with self.engine.connect() as connection:
            return list(connection.scalars(_ACTIONS, {"subject": ids.yearly_order(self.id)}).all())

    def launches(self) -> int:
        given = {"organisation": self.world.organisation}
        with self.engine.connect() as connection:
            return int(connection.execute(_LAUNCHES, given).scalar_one())


@pytest.fixture
def orders(engine: Engine) -> Orders:
    return Orders(engine)


def test_the_next_season_is_launched_once_however_often_it_is_tried(orders: Orders) -> None:
    orders.give()
    first = orders.attempt()
    same_try = orders.attempt()
    an_hour_later = orders.attempt(NEXT + timedelta(hours=1))
    assert first.state is not None
    assert first.state.administrator == "a" * 16
    assert first.state == same_try.state == an_hour_later.state
    assert orders.launches() == 2
    days_later = orders.attempt(NEXT + timedelta(days=9))
    assert (days_later.outcome, days_later.state) == ("already", None)
    assert orders.order.cycle_id == first.state.cycle_id
    assert orders.actions() == [
        *("yearly_ordered", "yearly_launched", "yearly_launched", "yearly_already")
    ]


def test_a_launch_follows_the_cycle_before_it_and_begins_on_the_own_day(orders: Orders) -> None:
    orders.give()
    found = orders.attempt(datetime(2027, 8, 31, 23, tzinfo=UTC))  # 5 o'clock in Omsk
    assert found.state is not None
    with orders.engine.connect() as connection:
        row = connection.execute(_START, {"cycle": found.state.cycle_id}).one()
    assert row.start == date(2027, 9, 1)
    assert row.follows == orders.world.cycle


def test_a_refused_launch_is_remembered_by_its_code_and_may_be_tried_again(orders: Orders) -> None:
    orders.give()
    known, orders.roadmap = orders.roadmap, None
    assert orders.attempt() == Tried(outcome="refused")
    assert (orders.order.outcome, orders.order.code) == ("refused", "NotFound")
    assert orders.launches() == 1

    orders.roadmap = known
    again = orders.attempt(NEXT + timedelta(hours=2))
    assert again.outcome == "launched"
    assert (orders.order.code, orders.order.season) == (None, 2027)
    assert orders.actions()[-2:] == ["yearly_refused", "yearly_launched"]


def test_a_role_that_came_since_is_a_refusal_by_name(orders: Orders) -> None:
    orders.give()
    roles = {**a_roadmap().model_dump(mode="json")["roles"], "lawyer": {"title": "Юрист"}}
    orders.roadmap = Roadmap.model_validate({**a_roadmap().model_dump(mode="json"), "roles": roles})
    assert orders.attempt().outcome == "refused"
    assert orders.order.code == "RoleUnmapped"


def test_what_somebody_launched_by_hand_is_not_launched_again(orders: Orders) -> None:
    orders.give()
    found = orders.attempt(NOW)
    assert (found.outcome, found.state) == ("already", None)
    assert orders.launches() == 1


def test_a_paused_order_launches_nothing_and_an_ended_one_never_again(orders: Orders) -> None:
    orders.give()
    orders.change(YearlyState.PAUSED)
    assert orders.attempt() == Tried()
    assert orders.change(YearlyState.ACTIVE).state is YearlyState.ACTIVE
    orders.change(YearlyState.ENDED)
    assert orders.attempt() == Tried()
    assert orders.change(YearlyState.ENDED).state is YearlyState.ENDED
    with pytest.raises(WrongState):
        orders.change(YearlyState.ACTIVE)
    assert orders.actions() == [
        *("yearly_ordered", "yearly_paused", "yearly_resumed", "yearly_ended")
    ]
    assert orders.id not in {one.order_id for one in orders.book.open_orders()}


def test_a_roadmap_has_one_order_until_that_has_ended(orders: Orders) -> None:
    first = orders.give()
    assert orders.give() == first
    with pytest.raises(WrongState):
        orders.give(ids.new_id())
    orders.change(YearlyState.ENDED)
    second = orders.give(ids.new_id())
    assert second.order_id in {one.order_id for one in orders.book.open_orders()}


def test_a_stranger_holds_no_role_and_an_order_of_another_one_is_not_there(
    orders: Orders, engine: Engine
) -> None:
    with pytest.raises(NotFound):
        orders.give(director=ids.new_id())
    orders.give()
    other = World.make(engine)
    assert other.views.yearly(other.organisation) == ()
    about = (other.organisation, orders.id, YearlyState.ENDED, "a" * 16, NOW)
    with pytest.raises(NotFound):
        other.desk.change_yearly(*about)


def test_an_unknown_order_does_nothing(orders: Orders) -> None:
    assert orders.attempt() == Tried()
