"""Working days: five a week, save holidays and the days that the government moves (ТК РФ, ст. 111
and 112).
"""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Self

from domain.base import Message
from domain.errors import BadRules

_SATURDAY = 5
_JANUARY = 1
_LAST_SECOND = time(23, 59, 59)


class Calendar(Message):
    """Which days differ from the plain week, and the zone in which days begin and end.

    Years that nobody told of are plain weeks.
    """

    off: tuple[date, ...] = ()
    """Mondays to Fridays on which nobody works."""
    on: tuple[date, ...] = ()
    """Saturdays and Sundays on which people work."""
    zone_minutes: int = 0
    """How far local time is ahead of UTC."""

    @classmethod
    def of(cls, days: Mapping[date, bool], zone_minutes: int) -> Self:
        """The calendar in which people work, or not, on these days."""
        return cls(
            off=tuple(sorted(day for day, works in days.items() if not works and not _free(day))),
            on=tuple(sorted(day for day, works in days.items() if works and _free(day))),
            zone_minutes=zone_minutes,
        )

    def is_working(self, day: date) -> bool:
        """Whether people work on that day."""
        return day in self.on if _free(day) else day not in self.off

    def due(self, since: datetime, days: int) -> datetime:
        """The last second, in UTC, of the working day that is so many after `since`'s own day.

        A term of days begins on the day after (ГК РФ, ст. 191). `since` has a time zone; `days` is
        1 or more.
        """
        zone = timezone(timedelta(minutes=self.zone_minutes))
        day = since.astimezone(zone).date()
        while days > 0:
            day += timedelta(days=1)
            days -= self.is_working(day)
        return datetime.combine(day, _LAST_SECOND, zone).astimezone(UTC)


def moved_days(
    year: int, holidays: Collection[tuple[int, int]], moves: Mapping[date, date]
) -> dict[date, bool]:
    """The days of a year that differ from the plain week, and whether people work then.

    `holidays` are months and days, `moves` say which day off became which. A holiday on a day off
    makes the next working day free, unless it is in January or among `moves` (ТК РФ, ст. 112).
    Raises `BadRules` unless each move goes from a Saturday or Sunday to another day of that year.
    """
    for day, moved in moves.items():
        if not _free(day) or _free(moved) or {day.year, moved.year} != {year}:
            raise BadRules(f"{day} → {moved}: выходной переносят на будний день того же года")
    holiday = {date(year, month, day) for month, day in holidays}
    free = {day for day in holiday if not _free(day)} | set(moves.values())
    for day in sorted(holiday):
        if _free(day) and day.month != _JANUARY and day not in moves:
            free.add(_next_working(day, free))
    return dict.fromkeys(moves.keys() - holiday, True) | dict.fromkeys(free, False)


def _free(day: date) -> bool:
    """Whether the plain week has a day off."""
    return day.weekday() >= _SATURDAY


def _next_working(day: date, free: Collection[date]) -> date:
    while _free(day) or day in free:
        day += timedelta(days=1)
    return day
