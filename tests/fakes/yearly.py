"""Standing orders as they are carried out, in memory: each has its answer."""

from activities.yearly_ports import FindRoadmap, Tried, TryLaunch
from domain.yearly import YearlyOrder


class MemoryYearlyBook:
    """`YearlyBook` over a dictionary that a test fills."""

    def __init__(self) -> None:
        self.answers: dict[str, Tried] = {}
        self.tries: list[TryLaunch] = []
        self.orders: tuple[YearlyOrder, ...] = ()
        self.fails = 0  # so many tries end without an answer

    def try_launch(self, task: TryLaunch, find: FindRoadmap) -> Tried:
        del find
        self.tries.append(task)
        if self.fails:
            self.fails -= 1
            raise ConnectionError("the database is away")
        return self.answers.get(task.order_id, Tried())

    def open_orders(self) -> tuple[YearlyOrder, ...]:
        return self.orders
