"""A roadmap that somebody wrote as a table of Word: imported, checked, previewed, rehearsed."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from runtime.wiring import ROADMAPS
from tests.adapters.roadmap_tables import a_plan, a_school
from tests.e2e.program import end_all, run

PEOPLE = ROADMAPS / "people" / "polytech.xlsx"
HOLDERS = {
    "director": "director",
    "curator": "curator",
    "zamestitel_direktora_po_uvr": "deputy_uvr",
    "metodist": "methodist",
    "pedagog_psikholog": "psychologist",
}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of own roadmaps: the imported one, and people for its rehearsal."""
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "plan.docx").write_bytes(a_school())
    ended = run("roadmap", "import", folder / "plan.docx", "-o", folder / "school.yaml", "--json")
    assert (ended.code, ended.json["ok"]) == (0, True), ended
    (folder / "people").mkdir()
    shutil.copy(PEOPLE, folder / "people" / "school.xlsx")
    cast = yaml.safe_load(PEOPLE.with_suffix(".yaml").read_text("utf-8"))
    plot = {
        "forming": "2.1/pairs",
        "forgotten": "1.2/questionnaires",
        "returned": cast["plot"]["returned"],
        "signed_by_key": ["order_introduction", "regulation"],
    }
    mine = {**cast, "people": "school.xlsx", "holders": HOLDERS, "plot": plot}
    (folder / "people" / "school.yaml").write_text(yaml.safe_dump(mine, allow_unicode=True))
    return folder


@pytest.fixture(scope="module")
def played(shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    home = tmp_path_factory.mktemp("imported") / "home"
    words = ("rehearse", "school", "--pairs", 1, "--home", home, "--json")
    ended = run(*words, NASTAVNIK_ROADMAPS=str(shelf))
    assert ended.code == 0, ended
    yield ended.json
    end_all(home)


def test_an_imported_roadmap_is_checked_listed_and_previewed(shelf: Path) -> None:
    file = shelf / "school.yaml"
    assert run("roadmap", "check", file, "--json").json == {"problems": []}
    listed = run("roadmap", "list", "--json", NASTAVNIK_ROADMAPS=str(shelf)).json["roadmaps"]
    assert [one["name"] for one in listed][-1] == "school"
    told = run("roadmap", "preview", file, "--start", "2026-09-01", "--json").json
    assert len({item["step"] for item in told["items"]}) == 6


def test_an_imported_roadmap_is_rehearsed_to_its_end(played: dict[str, Any]) -> None:
    assert (played["ok"], played["problems"]) == (True, [])
    assert (played["roadmap"], played["pairs"]) == ("school", 1)
    assert played["rows_done"] == played["rows_total"] == 6
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
