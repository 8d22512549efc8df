"""Which lists of people contradict themselves."""

from datetime import date

import pytest

from domain.enrolment import (
    Complaint,
    EnrolledBody,
    EnrolledPerson,
    Enrolment,
    Part,
    Place,
    problems,
)

TODAY = date(2025, 9, 1)
COLUMNS = {
    "code": "A",
    "last": "B",
    "birth_date": "F",
    "post": "G",
    "representative_code": "I",
    "kinship": "J",
    "experience_years": "K",
    "members": "C",
}


def a_person(code: str = "s01", **fields: object) -> EnrolledPerson:
    """A grown-up student and mentee."""
    usual = {
        "code": code,
        "last": "Заяц",
        "first": code.capitalize(),
        "gender": "f",
        "birth_date": date(2005, 5, 5),
        "post": "группа ЭМ-31",
        "roles": [Part.MENTEE],
    }
    return EnrolledPerson.model_validate(usual | fields)


def a_parent(code: str = "p01", **fields: object) -> EnrolledPerson:
    usual = {"birth_date": date(1980, 1, 1), "post": None, "roles": [Part.REPRESENTATIVE]}
    return a_person(code, **(usual | fields))


def complaints(
    *people: EnrolledPerson, bodies: tuple[EnrolledBody, ...] = (), unread: tuple[str, ...] = ()
) -> list[tuple[str, str]]:
    """Cell and reason of each complaint; people stand from row 2 on, in their order."""
    found = problems(
        [(Place(sheet="Люди", row=n, columns=COLUMNS), p) for n, p in enumerate(people, 2)],
        [(Place(sheet="Органы", row=n, columns=COLUMNS), b) for n, b in enumerate(bodies, 2)],
        TODAY,
        unread,
    )
    return [(complaint.cell, complaint.reason) for complaint in found]


def test_a_list_without_contradictions_has_no_complaints() -> None:
    minor = a_person(birth_date=date(2009, 5, 5), representative_code="p01", kinship="мать")
    council = EnrolledBody(code="council", name="Совет", members=("s01", "p01"))

    assert complaints(minor, a_parent(), bodies=(council,)) == []


@pytest.mark.parametrize(
    ("birth", "complained"),
    [
        (date(2007, 9, 1), False),  # 18 today
        (date(2007, 9, 2), True),  # 18 tomorrow
    ],
)
def test_a_minor_in_a_pair_needs_a_representative(birth: date, complained: bool) -> None:
    cells = [cell for cell, _ in complaints(a_person(birth_date=birth))]

    assert cells == (["I2"] if complained else [])


def test_a_minor_mentor_needs_a_representative_too() -> None:
    mentor = a_person(birth_date=date(2009, 1, 1), roles=[Part.MENTOR])

    [(cell, reason)] = complaints(mentor)

    assert cell == "I2"
    assert "законного представителя" in reason


def test_a_minor_outside_pairs_needs_no_representative() -> None:
    assert complaints(a_person(birth_date=date(2009, 1, 1), roles=[Part.STAFF])) == []


@pytest.mark.parametrize(
    ("parent", "words"),
    [
        (a_parent("p02"), "с таким кодом в списке нет"),
        (a_parent("p01", birth_date=date(2008, 1, 1)), "самому нет 18"),
    ],
)
def test_a_representative_is_an_adult_of_the_list(parent: EnrolledPerson, words: str) -> None:
    minor = a_person(birth_date=date(2009, 5, 5), representative_code="p01", kinship="мать")

    [(cell, reason)] = complaints(minor, parent)

    assert cell == "I2"
    assert words in reason


def test_a_reference_to_a_row_that_could_not_be_read_is_not_blamed() -> None:
    minor = a_person(birth_date=date(2009, 5, 5), representative_code="p01", kinship="мать")
    council = EnrolledBody(code="council", name="Совет", members=("p01",))

    assert complaints(minor, bodies=(council,), unread=("p01",)) == []


@pytest.mark.parametrize(
    ("fields", "cell"),
    [
        ({"representative_code": "p01"}, "J2"),
        ({"kinship": "мать"}, "J2"),
        ({"birth_date": date(2025, 9, 2), "roles": [Part.REPRESENTATIVE]}, "F2"),
        ({"birth_date": date(1919, 12, 31)}, "F2"),
        ({"post": None}, "G2"),
        ({"roles": [Part.STAFF, Part.MENTEE]}, "K2"),
        ({"roles": [Part.STAFF, Part.MENTOR]}, "K2"),
    ],
)
def test_one_wrong_cell_is_named(fields: dict[str, object], cell: str) -> None:
    assert [found for found, _ in complaints(a_person("s01", **fields), a_parent())] == [cell]


def test_nought_years_of_experience_are_experience() -> None:
    assert complaints(a_person(roles=[Part.STAFF, Part.MENTEE], experience_years=0)) == []


@pytest.mark.parametrize("last", ["Семёнов", "Семенов", "СЕМЕНОВ"])
def test_one_name_and_birth_date_are_one_person(last: str) -> None:
    first = a_person("s01", first="Пётр", last="Семёнов")
    second = a_person("s02", first="Пётр", last=last)

    [(cell, reason)] = complaints(first, second)

    assert cell == "B3"
    assert "строке 2" in reason
    assert last not in reason


def test_namesakes_with_other_birth_dates_are_two_people() -> None:
    first = a_person("s01", first="Пётр", birth_date=date(2005, 1, 1))
    second = a_person("s02", first="Пётр", birth_date=date(2005, 1, 2))

    assert complaints(first, second) == []


def test_a_doubled_code_names_the_first_row() -> None:
    [(cell, reason)] = complaints(a_person("s01"), a_person("s02"), a_person("s01", first="Ия"))

    assert cell == "A4"
    assert "строке 2" in reason


def test_a_body_has_members_of_the_list_and_each_once() -> None:
    council = EnrolledBody(code="council", name="Совет", members=("s01", "s09", "s01"))

    (unknown, doubled) = complaints(a_person("s01"), bodies=(council,))

    assert unknown[0] == doubled[0] == "C2"
    assert "по счёту 2" in unknown[1]
    assert "дважды" in doubled[1]


def test_a_person_is_found_by_code() -> None:
    enrolment = Enrolment(people=(a_person("s01"), a_person("s02")))

    assert enrolment.person("s02").code == "s02"
    with pytest.raises(KeyError):
        enrolment.person("s03")


def test_a_complaint_about_a_missing_column_points_at_the_rows_code() -> None:
    place = Place(sheet="Люди", row=7, columns={"code": "D"})

    assert place.complaint("post", "нет") == Complaint(sheet="Люди", cell="D7", reason="нет")
