"""Roadmaps that somebody wrote as tables of Word: imported, checked, previewed, rehearsed."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from runtime.shipped import ROADMAPS
from tests.adapters.roadmap_tables import a_college, a_district, a_plan, a_school
from tests.e2e.program import end_all, run

PEOPLE = ROADMAPS / "people" / "polytech.xlsx"
SHAPES: Final = {"school": a_school, "district": a_district, "college": a_college}
"""How differently people lay a roadmap out: what each table looks like is said there."""
ROWS: Final = {"school": 6, "district": 6, "college": 4}
HOLDERS: Final = {
    "school": {
        "zamestitel_direktora_po_uvr": "deputy_uvr",
        "metodist": "methodist",
        "pedagog_psikholog": "psychologist",
    },
    "district": {
        "upravlenie_obrazovaniya": "deputy_uvr",
        "rukovoditel_oo": "director",
        "imts": "methodist",
    },
    "college": {"zamestitel_direktora": "deputy_uvr", "metodist": "methodist"},
}
_ORDER: Final = {
    "kind": "order_introduction",
    "remark": "Контроль оставьте за директором.",
    "inputs": {"control": "Контроль за исполнением настоящего приказа оставляю за собой."},
}
_REPORT: Final = {
    "kind": "report",
    "remark": "Назовите план так, как он утверждён.",
    "inputs": {"programme": "План работы наставников колледжа"},
}
PLOTS: Final[dict[str, dict[str, object]]] = {
    "school": {
        "forming": "2.1/pairs",
        "forgotten": "1.2/questionnaires",
        "returned": _ORDER,
        "signed_by_key": ["order_introduction", "regulation"],
    },
    "district": {
        "forming": "2.1/r1",
        "forgotten": "3.2/r1",
        "returned": _ORDER,
        "signed_by_key": ["order_introduction"],
    },
    "college": {
        "forming": "1.1/r1",
        "forgotten": "1.1/r1",
        "returned": _REPORT,
        "signed_by_key": ["regulation"],
    },
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of own roadmaps: the imported ones as they are, and people who rehearse them."""
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "people").mkdir()
    shutil.copy(PEOPLE, folder / "people")
    cast = yaml.safe_load(PEOPLE.with_suffix(".yaml").read_text("utf-8"))
    for shape, made in SHAPES.items():
        source, out = folder / f"{shape}.docx", folder / f"{shape}.yaml"
        source.write_bytes(made())
        ended = run("roadmap", "import", source, "-o", out, "--json")
        assert (ended.code, ended.json["ok"]) == (0, True), ended
        holders = {"director": "director", "curator": "curator", **HOLDERS[shape]}
        mine = yaml.safe_dump(
            {**cast, "holders": holders, "plot": PLOTS[shape]}, allow_unicode=True
        )
        (folder / "people" / out.name).write_text(mine, "utf-8")
    return folder


@pytest.fixture(scope="module", params=SHAPES)
def played(
    request: pytest.FixtureRequest, shelf: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Any]]:
    home = tmp_path_factory.mktemp("imported") / "home"
    words = ("rehearse", request.param, "--pairs", 1, "--home", home, "--json")
    ended = run(*words, NASTAVNIK_ROADMAPS=str(shelf))
    assert ended.code == 0, ended
    yield {**ended.json, "shape": request.param}
    end_all(home)


def test_imported_roadmaps_are_checked_and_listed(shelf: Path) -> None:
    files = [shelf / f"{shape}.yaml" for shape in SHAPES]
    assert run("roadmap", "check", *files, "--json").json == {"problems": []}
    listed = run("roadmap", "list", "--json", NASTAVNIK_ROADMAPS=str(shelf)).json["roadmaps"]
    assert {one["name"] for one in listed} >= set(SHAPES)


def test_an_imported_roadmap_is_previewed(shelf: Path) -> None:
    asked = ("--start", "2026-09-01", "--json")
    told = run("roadmap", "preview", shelf / "school.yaml", *asked).json
    assert len({item["step"] for item in told["items"]}) == ROWS["school"]
    by_name = run("roadmap", "preview", "school", *asked, NASTAVNIK_ROADMAPS=str(shelf)).json
    assert by_name == told


def test_an_imported_roadmap_is_rehearsed_to_its_end(played: dict[str, Any]) -> None:
    assert (played["ok"], played["problems"]) == (True, [])
    assert (played["roadmap"], played["pairs"]) == (played["shape"], 1)
    assert played["rows_done"] == played["rows_total"] == ROWS[played["shape"]]
    assert played["documents"] == played["sealed"] == played["verified"] > 0


def test_a_second_import_replaces_nothing(shelf: Path) -> None:
    before = (shelf / "school.yaml").read_bytes()
    ended = run("roadmap", "import", shelf / "plan.docx", "-o", shelf / "school.yaml", "--json")
    assert (ended.code, ended.json["error"]) == (2, "FileIsThere")
    assert "укажите другой файл" in ended.json["detail"]
    assert (shelf / "school.yaml").read_bytes() == before


def test_a_refused_file_says_what_to_do_and_no_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "план.docx").write_bytes(b"%PDF-1.7")
    ended = run("roadmap", "import", tmp_path / "план.docx", "-o", tmp_path / "made.yaml", "--json")
    assert (ended.code, ended.json["error"]) == (1, "BadUpload")
    (tmp_path / "план.docx").write_bytes(a_plan(("1", "Семинар", "май", "Приречная А.Б.", "")))
    ended = run("roadmap", "import", tmp_path / "план.docx", "-o", tmp_path / "made.yaml")
    assert ended.code == 0
    assert "Проверьте, мест" in ended.out
    assert "Приречн" not in ended.out + ended.err


def test_two_roadmaps_of_one_name_are_refused(tmp_path: Path) -> None:
    shutil.copy(ROADMAPS / "polytech.yaml", tmp_path / "mine.yaml")
    ended = run("rehearse", "mine", "--json", NASTAVNIK_ROADMAPS=str(tmp_path))
    assert ended.code == 1, ended
    assert json.loads(ended.out)["error"] == "BadRoadmap"
    assert "mine.yaml:1" in ended.err
    absent = run("rehearse", "mine", "--json", NASTAVNIK_ROADMAPS=str(tmp_path / "absent"))
    assert (absent.code, absent.json["error"]) == (2, "WrongCall")
