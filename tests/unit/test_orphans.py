"""Which objects without a row `check --all` calls a fault, and which it only tells of."""

from datetime import UTC, datetime, timedelta

import pytest

from activities.sweeping import BegunObject
from runtime.checks import YOUNG, locked_orphans, orphans

KEY = "sealed/" + "0" * 64
NOW = datetime.now(UTC)
LONG_AGO = NOW - YOUNG - timedelta(minutes=1)


def begun(state: str, at: datetime = LONG_AGO) -> list[BegunObject]:
    return [BegunObject(key=KEY, state=state, begun_at=at)]


@pytest.mark.parametrize(
    ("known", "faults", "notices"),
    [
        ([], 1, 0),  # this database never began it
        (begun("begun"), 1, 0),  # nobody has swept for an hour
        (begun("begun", NOW), 0, 0),  # somebody tries to name it just now
        (begun("forsaken"), 1, 0),
        (begun("gone"), 1, 0),  # it was removed, and is there again
        (begun("kept"), 0, 1),  # the store's lock holds it
    ],
)
def test_an_object_without_a_row(known: list[BegunObject], faults: int, notices: int) -> None:
    found, told = list(orphans([KEY], known)), list(locked_orphans([KEY], known))
    assert (len(found), len(told)) == (faults, notices)
    assert all(line.startswith(KEY) for line in (*found, *told))


def test_where_every_object_has_a_row_there_is_nothing_to_tell() -> None:
    assert [*orphans([], begun("kept")), *locked_orphans([], begun("kept"))] == []
