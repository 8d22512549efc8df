"""Figures that are counted: their names, percentages from two counts, sums over organisations."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import TypeAdapter, ValidationError

from domain.measures import BELOW, MEASURES, OWN, Ages, MeasureName, summed, value_of
from domain.people import Form


def test_every_count_has_its_twin_over_the_organisations_below() -> None:
    assert set(MEASURES) == {*OWN, *(BELOW + name for name in OWN)}
    assert all(one.title and one.name == name for name, one in MEASURES.items())


def test_a_percentage_is_taken_of_two_counts_of_the_same_side() -> None:
    for name, one in MEASURES.items():
        assert (one.unit == "%") == (one.part is not None) == (one.whole is not None)
        for other in (one.part, one.whole):
            if other is not None:
                assert MEASURES[other].part is None
                assert other.startswith(BELOW) == name.startswith(BELOW)


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("ages", Ages)
def test_statistical_forms_have_each_form_and_age_group(form: Form, ages: Ages) -> None:
    assert {f"mentors_{form}_{ages}", f"mentees_{form}_{ages}"} <= OWN.keys()


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(2, 4, "50"), (1, 3, "33.3"), (2, 3, "66.6"), (1999, 2000, "99.9"), (7, 7, "100")],
)
def test_a_percentage_is_rounded_down_to_a_tenth(part: int, whole: int, shown: str) -> None:
    counts = {"staff_under_35_supported": part, "staff_under_35": whole}
    value = value_of("staff_under_35_supported_percent", counts)
    assert value == Decimal(shown)
    assert f"{value:f}" == shown


def test_of_nobody_there_is_no_percentage() -> None:
    counts = {"staff_under_35_supported": 0, "staff_under_35": 0}
    assert value_of("staff_under_35_supported_percent", counts) is None


def test_a_share_of_many_organisations_is_not_the_sum_of_their_shares() -> None:
    small = {"mentees_matched": 1, "mentees_base": 1}
    large = {"mentees_matched": 1, "mentees_base": 3, "1.1": 7}
    total = summed([small, large])
    assert total == {"below_mentees_matched": 2, "below_mentees_base": 4}
    assert value_of("below_matched_percent", total) == 50


def test_an_organisation_counts_with_those_below_it() -> None:
    district = {"pairs": 1, "below_pairs": 30}
    assert summed([district, {"pairs": 2}]) == {"below_pairs": 33}


@pytest.mark.parametrize(
    ("day", "group"),
    [
        (date(2024, 6, 1), Ages.UNDER_14),
        (date(2024, 6, 2), Ages.FROM_14_TO_17),
        (date(2028, 6, 2), Ages.FROM_18_TO_34),
        (date(2045, 6, 1), Ages.FROM_18_TO_34),
        (date(2045, 6, 2), Ages.FROM_35),
    ],
)
def test_an_age_group_begins_on_the_birthday(day: date, group: Ages) -> None:
    assert Ages.of(date(2010, 6, 2), day) is group


def test_a_name_of_no_measure_is_refused() -> None:
    names: TypeAdapter[str] = TypeAdapter(MeasureName)
    assert names.validate_python("below_pairs") == "below_pairs"
    with pytest.raises(ValidationError):
        names.validate_python("happiness")
