"""The invented people: of the meant ages whenever the cycle begins, and in pairs that can be."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from adapters.docx.renderer import DocxRenderer
from adapters.people_files import read_people
from adapters.roadmap_files import read_roadmap
from domain.roadmap import Roadmap
from runtime.cast import Cast, Side, holders_of, pair_requests, people_for, read_cast
from runtime.settings import WrongCall
from runtime.wiring import ROADMAPS, TEMPLATES

PEOPLE = ROADMAPS / "people" / "polytech.xlsx"


@pytest.fixture(scope="module")
def cast() -> Cast:
    return read_cast(PEOPLE.with_suffix(".yaml"))


@pytest.fixture(scope="module")
def roadmap() -> Roadmap:
    return read_roadmap(ROADMAPS / "polytech.yaml", DocxRenderer(TEMPLATES).known_kinds())


def of_births(cast: Cast, folder: Path, year: int, *births: datetime | None) -> Sequence[object]:
    """The birth dates of a list, as moved for a cycle that starts on 1 September of that year."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Код", "Дата рождения"])
    for place, birth in enumerate(births):
        sheet.append([f"p{place}", birth])
    book.save(folder / "people.xlsx")
    moved = people_for(folder / "people.xlsx", cast, date(year, 9, 1))
    return [row[1] for row in load_workbook(BytesIO(moved)).worksheets[0].values][1:]


@pytest.mark.parametrize(
    ("ages_in", "year", "birth", "moved"),
    [
        (2025, 2025, (2008, 9, 2), (2008, 9, 2)),
        (2025, 2027, (2008, 9, 2), (2010, 9, 2)),
        (2025, 2024, (2008, 9, 2), (2007, 9, 2)),
        (2025, 2026, (2008, 2, 29), (2009, 2, 28)),
        (2025, 2029, (2008, 2, 29), (2012, 2, 28)),  # a day earlier: the age on no 1 September
        (2025, 2026, (2007, 2, 28), (2008, 2, 28)),
    ],
)
def test_birth_dates_move_by_whole_years(
    cast: Cast,
    tmp_path: Path,
    ages_in: int,
    year: int,
    birth: tuple[int, int, int],
    moved: tuple[int, int, int],
) -> None:
    at = cast.changed(ages_in=ages_in)
    assert of_births(at, tmp_path, year, datetime(*birth)) == [datetime(*moved)]  # noqa: DTZ001


def test_somebody_without_a_birth_date_stays_without(cast: Cast, tmp_path: Path) -> None:
    assert of_births(cast, tmp_path, 2030, None) == [None]


def age(birth: date, on: date) -> int:
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


@pytest.mark.parametrize("year", [2025, 2028, 2033])
def test_there_are_enough_people_on_both_sides_of_eighteen_in_any_year(
    cast: Cast, year: int
) -> None:
    start = date(year, 8, 1)
    people = read_people(people_for(PEOPLE, cast, start), date(year, 8, 2)).people
    by_code = {one.code: one for one in people}
    meant = read_people(people_for(PEOPLE, cast, date(2025, 8, 1)), date(2025, 8, 2)).people
    assert len(people) >= 40
    for one in meant:
        assert age(by_code[one.code].birth_date, start) == age(one.birth_date, date(2025, 8, 1))
    mentees = {code for side in cast.pairs.values() for code in side.mentees}
    ages = {age(by_code[code].birth_date, start) for code in mentees}
    assert min(ages) < 18 <= max(ages)


def test_forms_come_in_turn_and_no_mentee_twice_in_a_form(cast: Cast, roadmap: Roadmap) -> None:
    forms = [form for form in roadmap.track.forms if form in cast.pairs]
    found = pair_requests(cast, roadmap, 12)
    assert [one["form"] for one in found] == (forms * 12)[:12]
    assert len({(one["form"], one["mentee_id"]) for one in found}) == 12
    assert all(one["mentor_id"] != one["mentee_id"] for one in found)


def test_when_a_form_has_nobody_left_the_others_go_on(cast: Cast, roadmap: Roadmap) -> None:
    first, second = [form for form in roadmap.track.forms if form in cast.pairs][:2]
    small = cast.changed(
        pairs={
            first: Side(mentors=("m1",), mentees=("a",)),
            second: Side(mentors=("m1", "m2"), mentees=("a", "b", "c")),
        }
    )
    found = [
        (one["form"], one["mentor_id"], one["mentee_id"])
        for one in pair_requests(small, roadmap, 4)
    ]
    assert found == [
        (first, "m1", "a"),
        (second, "m1", "a"),
        (second, "m2", "b"),
        (second, "m1", "c"),
    ]


def test_more_pairs_than_there_are_people_are_refused(cast: Cast, roadmap: Roadmap) -> None:
    there = [cast.pairs[form] for form in roadmap.track.forms if form in cast.pairs]
    most = sum(len(side.mentees) for side in there)
    assert len(pair_requests(cast, roadmap, most)) == most
    with pytest.raises(WrongCall, match=f"хватает на столько пар: {most}; уменьшите --pairs"):
        pair_requests(cast, roadmap, most + 1)


def test_each_role_that_the_roadmap_asks_for_has_a_holder_of_the_list(
    cast: Cast, roadmap: Roadmap
) -> None:
    listed = read_people(PEOPLE.read_bytes(), date(2025, 8, 2))
    codes = {one.code for one in listed.people} | {one.code for one in listed.bodies}
    found = holders_of(cast, roadmap)
    assert found.keys() == set(roadmap.launch_roles())
    assert set(found.values()) <= codes
    paired = {code for side in cast.pairs.values() for code in (*side.mentors, *side.mentees)}
    assert paired <= codes
