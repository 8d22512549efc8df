"""The invented people: of the meant ages whenever the cycle begins, and in pairs that can be."""

import functools
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from adapters.docx.renderer import DocxRenderer
from adapters.people_files import read_people
from domain.kinds import KnownKind
from domain.roadmap import Roadmap
from runtime.cast import (
    Cast,
    Side,
    documents_of,
    holders_of,
    last_word,
    needs_a_sitting,
    not_by_key,
    pair_requests,
    people_for,
    place_of,
    read_cast,
    unknown_of,
)
from runtime.rehearsal_script import Script, Size, read_script
from runtime.settings import WrongCall
from runtime.shipped import ROADMAPS, TEMPLATES
from runtime.wiring import library

NAMES = sorted(path.stem for path in (ROADMAPS / "people").glob("*.yaml"))


@pytest.fixture(scope="module", params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def cast(name: str) -> Cast:
    return read_cast(ROADMAPS / "people" / f"{name}.yaml")


@pytest.fixture(scope="module")
def people_file(cast: Cast) -> Path:
    return ROADMAPS / "people" / cast.people


@pytest.fixture(scope="module")
def roadmap(name: str) -> Roadmap:
    return roadmaps()[name]


@functools.cache
def roadmaps() -> Mapping[str, Roadmap]:
    return library(DocxRenderer(TEMPLATES))


@functools.cache
def kinds() -> Mapping[str, KnownKind]:
    return DocxRenderer(TEMPLATES).known_kinds()


def script(name: str, size: Size) -> Script:
    return read_script(roadmaps(), kinds(), None, name, size)


OWN = sorted(name for name in NAMES if read_cast(ROADMAPS / "people" / f"{name}.yaml").pairs)
"""Those whose pairs are formed in them, not below."""


@pytest.fixture(scope="module", params=OWN)
def paired(request: pytest.FixtureRequest) -> tuple[Cast, Path, Roadmap]:
    file = ROADMAPS / "people" / f"{request.param}.yaml"
    cast = read_cast(file)
    return cast, file.with_name(cast.people), roadmaps()[request.param]


def test_every_roadmap_has_its_people() -> None:
    assert sorted(roadmaps()) == NAMES
    assert sorted(name for name, one in roadmaps().items() if one.pair_forms()) == OWN


def test_papers_above_call_the_forms_as_the_cycles_below_do() -> None:
    above = [one for one in roadmaps().values() if one.below]
    assert len(above) == 5
    for one in above:
        assert one.below is not None
        assert one.track.forms == roadmaps()[one.below.roadmap].track.forms
        assert not one.pair_forms()


def test_a_roadmap_without_people_is_told_so() -> None:
    with pytest.raises(WrongCall, match="нет вымышленных людей"):
        read_cast(ROADMAPS / "people" / "nobody.yaml")


def test_the_plot_names_what_the_roadmap_has(cast: Cast, roadmap: Roadmap) -> None:
    assert unknown_of(cast, roadmap) == ()
    other = cast.plot.changed(forgotten="99/nothing", signed_by_key=("fairy_tale",))
    assert unknown_of(cast.changed(plot=other), roadmap) == ("99/nothing", "fairy_tale")


def test_a_kind_that_others_sign_as_well_is_not_signed_by_key(cast: Cast) -> None:
    assert not_by_key(cast, kinds()) == ()
    papers = ("order_introduction", "individual_plan", "agreement")
    other = cast.changed(plot=cast.plot.changed(signed_by_key=papers))
    assert not_by_key(other, kinds()) == ("individual_plan", "agreement")


def test_a_cast_with_such_a_kind_is_refused_before_anything_starts(tmp_path: Path) -> None:
    people = tmp_path / "people"
    people.mkdir()
    text = (ROADMAPS / "people" / "chelny_school.yaml").read_text("utf-8")
    known = "signed_by_key: [order_introduction, regulation]"
    assert known in text
    asked = documents_of(roadmaps()["chelny_school"])
    several = next(one.kind for one in asked if len(kinds()[one.kind].signers) > 1)
    mixed = text.replace(known, f"signed_by_key: [{several}]")
    (people / "chelny_school.yaml").write_text(mixed, "utf-8")
    with pytest.raises(WrongCall, match=rf"один директор.*: {several}\."):
        read_script(roadmaps(), kinds(), tmp_path, "chelny_school", Size())


def test_the_last_word_and_the_sitting_follow_from_the_roadmap() -> None:
    college, school = roadmaps()["polytech"], roadmaps()["chelny_school"]
    assert last_word(college, "order_introduction") == {"director"}
    assert last_word(school, "order_introduction") == {"approval"}
    assert (needs_a_sitting(college), needs_a_sitting(school)) == (True, False)


@pytest.mark.parametrize(
    ("refs", "place"),
    [
        ({"item": "1.2@2", "step": "1.2", "result": "base"}, "1.2/base"),
        ({"item": "2.1", "step": "2.1", "result": "base", "pair": "p1"}, None),
        ({"meeting": "regular"}, None),
    ],
)
def test_a_task_is_about_a_result_of_the_cycles_rows_or_about_none(
    refs: dict[str, str], place: str | None
) -> None:
    assert place_of({"refs": refs}) == place


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
    paired: tuple[Cast, Path, Roadmap], year: int
) -> None:
    cast, people_file, _ = paired
    start = date(year, 8, 1)
    people = read_people(people_for(people_file, cast, start), date(year, 8, 2)).people
    by_code = {one.code: one for one in people}
    meant = read_people(people_for(people_file, cast, date(2025, 8, 1)), date(2025, 8, 2)).people
    assert len(people) >= 25
    for one in meant:
        assert age(by_code[one.code].birth_date, start) == age(one.birth_date, date(2025, 8, 1))
    mentees = {code for side in cast.pairs.values() for code in side.mentees}
    ages = {age(by_code[code].birth_date, start) for code in mentees}
    assert min(ages) < 18 <= max(ages)
    assert (min(ages) == 5) is (people_file.stem == "school_with_preschool")


def test_forms_come_in_turn_and_no_mentee_twice_in_a_form(
    paired: tuple[Cast, Path, Roadmap],
) -> None:
    cast, _, roadmap = paired
    forms = [form for form in roadmap.track.forms if form in cast.pairs]
    found = pair_requests(cast, roadmap, 6)
    assert [one["form"] for one in found] == (forms * 6)[:6]
    assert len({(one["form"], one["mentee_id"]) for one in found}) == 6
    assert all(one["mentor_id"] != one["mentee_id"] for one in found)


def test_when_a_form_has_nobody_left_the_others_go_on(
    paired: tuple[Cast, Path, Roadmap],
) -> None:
    cast, _, roadmap = paired
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


def test_more_pairs_than_there_are_people_are_refused(
    paired: tuple[Cast, Path, Roadmap],
) -> None:
    cast, _, roadmap = paired
    there = [cast.pairs[form] for form in roadmap.track.forms if form in cast.pairs]
    most = sum(len(side.mentees) for side in there)
    assert len(pair_requests(cast, roadmap, most)) == most
    with pytest.raises(WrongCall, match=f"хватает на столько пар: {most}; уменьшите --pairs"):
        pair_requests(cast, roadmap, most + 1)


def test_each_role_that_the_roadmap_asks_for_has_a_holder_of_the_list(
    cast: Cast, people_file: Path, roadmap: Roadmap
) -> None:
    listed = read_people(people_file.read_bytes(), date(2025, 8, 2))
    codes = {one.code for one in listed.people} | {one.code for one in listed.bodies}
    found = holders_of(cast, roadmap)
    assert found.keys() == set(roadmap.launch_roles())
    assert set(found.values()) <= codes
    paired = {code for side in cast.pairs.values() for code in (*side.mentors, *side.mentees)}
    assert paired <= codes


def test_each_organisation_below_plays_its_own_part() -> None:
    whole = script("omsk", Size(pairs=1))
    played = {one.place: one for one in whole.all()}
    assert list(played) == ["", "1", "1.1", "1.2", "2", "2.1", "2.2"]
    assert [one.pairs for one in played.values()] == [0, 0, 1, 1, 0, 1, 1]
    assert {one.roadmap.roadmap for one in played.values()} == {
        *("omsk", "omsk_municipality", "omsk_organisation")
    }
    names = [one.cast.organisation.name for one in played.values()]
    assert len(set(names)) == len(names)


def test_one_that_works_in_no_system_is_invited_and_plays_no_part() -> None:
    whole = script("kirovsky", Size(organisations=2))
    assert [one.outside for one in whole.invited] == [False, True]
    assert [one.place for one in whole.below] == ["1"]
    assert [len(script("vanino", Size(organisations=n)).below) for n in (2, None)] == [*(2, 12)]


@pytest.mark.parametrize(
    ("name", "pairs", "usual"),
    [("polytech", None, [6]), ("polytech", 3, [3]), ("vanino", 1, [0, 1])],
)
def test_how_many_pairs_there_are(name: str, pairs: int | None, usual: list[int]) -> None:
    whole = script(name, Size(pairs=pairs, organisations=1))
    assert [one.pairs for one in whole.all()] == usual


def test_a_plot_names_reports_that_the_roadmap_asks_for() -> None:
    whole = script("vanino", Size())
    plot = whole.cast.plot.changed(summed="fairy_tale")
    assert unknown_of(whole.cast.changed(plot=plot), whole.roadmap) == ("fairy_tale",)
