"""Which objects without a row `check --all` calls a fault, and which it only tells of."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from activities.object_ports import BegunObject
from runtime.checks import YOUNG, locked_orphans, orphans

KEY = "sealed/" + "0" * 64
LONG_AGO = YOUNG + timedelta(minutes=1)


def begun(state: str) -> list[BegunObject]:
    return [BegunObject(key=KEY, state=state, begun_at=datetime.now(UTC) - LONG_AGO)]


def just_begun() -> list[BegunObject]:
    return [BegunObject(key=KEY, state="begun", begun_at=datetime.now(UTC))]


@pytest.mark.parametrize(
    ("known", "faults", "notices"),
    [
        (list, 1, 0),  # this database never began it
        (partial(begun, "begun"), 1, 0),  # nobody has swept for an hour
        (just_begun, 0, 0),  # somebody tries to name it just now
        (partial(begun, "forsaken"), 1, 0),
        (partial(begun, "gone"), 1, 0),  # it was removed, and is there again
        (partial(begun, "kept"), 0, 1),  # the store's lock holds it
    ],
)
def test_an_object_without_a_row(
    known: Callable[[], list[BegunObject]], faults: int, notices: int
) -> None:
    found, told = list(orphans([KEY], known())), list(locked_orphans([KEY], known()))
    assert (len(found), len(told)) == (faults, notices)
    assert all(line.startswith(KEY) for line in (*found, *told))


def test_where_every_object_has_a_row_there_is_nothing_to_tell() -> None:
    assert [*orphans([], begun("kept")), *locked_orphans([], begun("kept"))] == []
