"""The programmes of those above organisations, each whole: its own cycle and those below, from the
launch to sums of accepted reports and verified bundles.

Each takes about a minute and a half of one core.
"""

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from tests.e2e.program import beside, end_all, run_within

pytestmark = pytest.mark.timeout(900)
"""Several organisations on one machine: more than another test, beside others on a busy one."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "home"
    end_all(tmp_path / "home")


def texts_of(bundle: Path, kind: str) -> list[str]:
    """What the documents of this kind say, as they were signed."""
    with zipfile.ZipFile(bundle) as archive:
        files = json.loads(archive.read("manifest.json"))["files"]
        chosen = [one for one in files if one["kind"] == kind and one["role"] == "registered"]
        papers = [Document(BytesIO(archive.read(f"files/{one['name']}"))) for one in chosen]
    return ["\n".join(str(text) for text in paper.element.body.itertext()) for paper in papers]


def rehearse(name: str, home: Path, *, pairs: int, organisations: int) -> dict[str, Any]:
    """Play it, with so many pairs in each of so many organisations below each; the summary."""
    size = ("--pairs", pairs, "--organisations", organisations)
    ended = run_within(880, "rehearse", name, *size, "--home", home, "--json")
    assert ended.code == 0, ended
    found = ended.json
    assert (found["ok"], found["problems"], found["roadmap"]) == (True, [], name)
    assert found["steps_done"] == found["steps_total"] >= found["rows_total"] == found["rows_done"]
    assert found["documents"] == found["sealed"] == found["verified"] > 0
    assert 0 < found["signatures"] < found["sealed"]
    assert found["reminders"] > 0
    assert found["escalations"] > 0
    return found


def bundle_of(home: Path, roadmap: str) -> Path:
    """Of the one cycle by this roadmap."""
    [found] = (home / "bundles").glob(f"{roadmap}-*.zip")
    return found


def returned(home: Path, roadmap: str) -> list[str]:
    """What the log of a cycle says of reports that were returned."""
    with zipfile.ZipFile(bundle_of(home, roadmap)) as archive:
        names = [name for name in archive.namelist() if name.startswith("log/0")]
        actions = [json.loads(archive.read(name))["action"] for name in sorted(names)]
    return [one for one in actions if one in ("report_returned", "report_corrected")]


def test_vanino_sums_up_its_schools(folder: Path) -> None:
    found = rehearse("vanino", folder, pairs=1, organisations=2)
    assert (found["organisations"], found["bundles"], found["pairs"]) == (3, 3, 2)
    assert found["rows_total"] == 23 + 2 * 12
    assert found["reports"] == 6 * 2
    assert returned(folder, "vanino") == ["report_returned"]
    schools = list((folder / "bundles").glob("vanino_school-*.zip"))
    assert len(schools) == 2
    assert "ученик" in texts_of(schools[0], "register_mentees")[0].casefold()
    [consent] = [one for school in schools for one in texts_of(school, "consent_transfer_adult")]
    assert "Управление образования администрации Ванинского муниципального района" in consent
    [order] = texts_of(bundle_of(folder, "vanino"), "order_introduction")
    assert "в подведомственных образовательных организациях" in order
    assert "«работодатель — ученик»" in order
    [plan] = texts_of(bundle_of(folder, "vanino"), "roadmap_municipality")
    assert "к приказу начальника управления образования" in plan
    assert "распоряжени" not in plan


def test_chelny_killed_midway_goes_on_discusses_its_roadmap_and_sums_up_a_school(
    folder: Path,
) -> None:
    size = ("--pairs", 2, "--organisations", 1)
    with beside(folder, "rehearse", "chelny", *size, "--json") as playing:
        playing.await_line(r"строк [1-9]\d* из \d+, циклов открыто 2 из 2")
        playing.kill_everything()
    found = rehearse("chelny", folder, pairs=2, organisations=1)
    assert (found["organisations"], found["bundles"], found["pairs"]) == (2, 2, 2)
    assert found["rows_total"] == 42 + 16
    assert returned(folder, "chelny_school") == ["report_returned", "report_corrected"]
    school = bundle_of(folder, "chelny_school")
    by_whom = {
        whom: text
        for text in texts_of(school, "register_mentees")
        for whom in ("педагогов", "обучающихся")
        if f"из числа {whom}" in text
    }
    assert "Тё Артур" in by_whom["педагогов"]
    assert "Долгих" not in by_whom["педагогов"]
    assert "Долгих Ульяна" in by_whom["обучающихся"]
    assert "Тё Артур" not in by_whom["обучающихся"]
    [parent] = texts_of(school, "consent_parent")
    assert "малолетней Долгих Ульяны Ярославны" in parent


def test_omsk_sums_up_municipalities_that_sum_up_organisations(folder: Path) -> None:
    found = rehearse("omsk", folder, pairs=1, organisations=1)
    assert (found["organisations"], found["bundles"], found["pairs"]) == (3, 3, 1)
    assert found["sittings"] == 1
    assert returned(folder, "omsk_municipality") == [
        *("report_returned", "report_returned", "report_corrected")
    ]
    [order] = texts_of(bundle_of(folder, "omsk_organisation"), "order_introduction")
    assert "Положение о формах наставничества (приложение" in order
    assert "в подведомственных" not in order


def test_kirovsky_takes_reports_of_one_that_works_in_no_system(folder: Path) -> None:
    found = rehearse("kirovsky", folder, pairs=2, organisations=2)
    assert (found["organisations"], found["bundles"], found["pairs"]) == (3, 2, 2)
    assert found["reports"] == 2 * 2
    sheets = texts_of(bundle_of(folder, "kirovsky"), "inspection_checklist")
    for name in ("МБОУ СОШ с. Приозёрного", "МБДОУ «Детский сад „Журавушка“»"):
        assert sum(name in text for text in sheets) == 1
    assert len(sheets) == 2
    school = bundle_of(folder, "kirovsky_organisation")
    [agreement] = texts_of(school, "agreement")
    assert "Пушкарь Савва Никитич, воспитанник старшей группы" in agreement
    [order] = texts_of(school, "order_introduction")
    assert "2.2." in order
    assert "2.3." not in order
    [roadmap] = texts_of(school, "roadmap_school")
    assert "РАССМОТРЕНО" not in roadmap
