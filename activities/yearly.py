"""Carrying out a standing order."""

from dataclasses import dataclass

from temporalio import activity

from activities.yearly_ports import FindRoadmap, Tried, TryLaunch, YearlyBook


@dataclass(frozen=True)
class YearlyActivities:
    """Over the rows of orders and launches, and the library."""

    book: YearlyBook
    find: FindRoadmap

    @activity.defn
    def try_yearly_launch(self, task: TryLaunch) -> Tried:
        """Keep the launch, or the refusal, which the administrator sees; each try once."""
        return self.book.try_launch(task, self.find)
