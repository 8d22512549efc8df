"""Which organisation may stand below which, and which lists of them contradict themselves."""

from itertools import product

import pytest

from domain.enrolment import Place
from domain.errors import WrongLevel
from domain.organisations import Level, NewOrganisation, check_below, problems

COLUMNS = {"code": "A", "name": "B", "level": "C", "login": "D", "tags": "E"}
ORGANISATION, MUNICIPALITY, REGION = Level


def an_organisation(code: str = "s-1", **fields: object) -> NewOrganisation:
    known = {
        "code": code,
        "name": f"Школа {code}",
        "short_name": code,
        "address": "г. Заречинск",
        "inn": "0012345674",
        "city": "г. Заречинск",
    }
    return NewOrganisation.model_validate({**known, **fields})


def complaints(*rows: NewOrganisation, upper: Level = MUNICIPALITY) -> list[tuple[str, str]]:
    """Cell and reason; rows stand from row 2 on, in their order."""
    placed = [
        (Place(sheet="Организации", row=n, columns=COLUMNS), one) for n, one in enumerate(rows, 2)
    ]
    return [(one.cell, one.reason) for one in problems(placed, upper)]


@pytest.mark.parametrize(
    ("level", "upper"),
    [(ORGANISATION, MUNICIPALITY), (ORGANISATION, REGION), (MUNICIPALITY, REGION)],
)
def test_an_organisation_stands_below_one_of_a_higher_level(level: Level, upper: Level) -> None:
    check_below(level, upper)


@pytest.mark.parametrize("level", Level)
def test_nobody_stands_above_himself(level: Level) -> None:
    with pytest.raises(WrongLevel):
        check_below(level, level)


def test_no_circle_of_any_length_is_possible() -> None:
    """Whoever may stand below another may have him nowhere below: levels fall strictly."""
    allowed = {(a, b) for a, b in product(Level, Level) if _may(a, b)}
    reached = set(allowed)
    for _ in Level:
        reached |= {(a, d) for a, b in reached for c, d in allowed if b == c}
    assert not any(a == b for a, b in reached)


def _may(level: Level, upper: Level) -> bool:
    try:
        check_below(level, upper)
    except WrongLevel:
        return False
    return True


def test_a_list_without_contradictions_has_no_complaints() -> None:
    assert complaints(an_organisation(), an_organisation("s-2", outside=True)) == []


def test_a_code_a_name_and_a_login_are_given_once() -> None:
    found = complaints(
        an_organisation("s-1", name="Школа № 1", login="one"),
        an_organisation("s-1", name="Школа № 2"),
        an_organisation("s-3", name="ШКОЛА № 1", login="ONE"),
    )

    assert [cell for cell, _ in found] == ["A3", "B4", "D4"]
    assert found[0][1] == "такой код уже есть в строке 2; дайте каждому свой код"


def test_a_municipality_stands_below_a_region_only() -> None:
    municipality = an_organisation(level=MUNICIPALITY)

    assert complaints(municipality, upper=REGION) == []
    assert [cell for cell, _ in complaints(municipality)] == ["C2"]


def test_who_does_not_use_the_system_needs_no_login() -> None:
    assert [cell for cell, _ in complaints(an_organisation(outside=True, login="one"))] == ["D2"]


def test_a_tag_is_given_once() -> None:
    assert [cell for cell, _ in complaints(an_organisation(tags=("500+", "500+")))] == ["E2"]
