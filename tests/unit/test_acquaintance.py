"""Who reads a document for whom."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.acquaintance import NamedPerson, ReadingList, Way, reader_of
from domain.errors import NotYours

DAY = date(2026, 9, 2)


@pytest.mark.parametrize(
    ("birth", "reader"),
    [
        (date(2012, 9, 2), "child"),  # fourteen that very day
        (date(2012, 9, 3), "parent"),
        (date(1980, 1, 1), "child"),
    ],
)
def test_from_14_on_people_read_themselves(birth: date, reader: str) -> None:
    assert reader_of("child", birth, "parent", DAY) == reader


def test_for_a_child_that_nobody_represents_nobody_reads() -> None:
    assert reader_of("child", date(2015, 1, 1), None, DAY) is None


_PEOPLE = ("a", "b", "c", "d")
_LISTS = st.lists(st.sampled_from(_PEOPLE), min_size=1, unique=True)


@given(_LISTS, st.sampled_from(_PEOPLE), st.lists(st.sampled_from(_PEOPLE), min_size=1))
def test_nobody_without_an_office_speaks_for_others(
    named: list[str], who: str, wanted: list[str]
) -> None:
    known = ReadingList(
        document_id="document",
        since=DAY,
        people=tuple(NamedPerson(person_id=one, reader_id=one) for one in _PEOPLE),
    )
    new = known.records(wanted, DAY, DAY, who, for_others=True)
    assert [one.person_id for one in new] == list(dict.fromkeys(wanted))
    assert all((one.way is Way.ACCOUNT) is (one.person_id == who) for one in new)
    if set(wanted) == {who}:
        assert known.records(wanted, DAY, DAY, who, for_others=False) == new
    else:
        with pytest.raises(NotYours):
            known.records(wanted, DAY, DAY, who, for_others=False)
    said = known.changed(
        people=tuple(
            one.changed(day=DAY if one.person_id in named else None) for one in known.people
        )
    )
    left = said.records(wanted, DAY, DAY, who, for_others=True)
    assert {one.person_id for one in left} == set(wanted) - set(named)
