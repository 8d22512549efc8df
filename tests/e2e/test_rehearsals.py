"""The other programmes of organisations, each whole: from its launch to a verified bundle.

Each takes about 45 seconds of one core: about two minutes of a suite that runs two tests at once.
"""

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from tests.e2e.program import end_all, run


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


def rehearse(name: str, pairs: int, rows: int, kinds: int, sittings: int, home: Path) -> Path:
    """Play it; the bundle."""
    ended = run("rehearse", name, "--pairs", pairs, "--home", home, "--json")
    assert ended.code == 0, ended
    found = ended.json
    assert (found["ok"], found["problems"], found["roadmap"]) == (True, [], name)
    assert found["rows_done"] == found["rows_total"] == rows
    assert found["documents"] == found["sealed"] == found["verified"] > rows
    assert (found["pairs"], found["kinds"], found["returned"]) == (pairs, kinds, 1)
    assert found["sittings"] == sittings
    assert 0 < found["signatures"] < found["sealed"]
    assert found["reminders"] > 0
    assert found["escalations"] > 0
    return Path(found["bundle"])


def test_a_school_of_vanino(folder: Path) -> None:
    bundle = rehearse("vanino_school", 1, 12, 17, 0, folder)
    assert "ученик" in texts_of(bundle, "register_mentees")[0].casefold()


def test_a_school_of_chelny_has_registers_of_teachers_and_of_pupils(folder: Path) -> None:
    bundle = rehearse("chelny_school", 2, 16, 24, 0, folder)
    by_whom = {
        whom: text
        for text in texts_of(bundle, "register_mentees")
        for whom in ("педагогов", "обучающихся")
        if f"из числа {whom}" in text
    }
    assert "Тё Артур" in by_whom["педагогов"]
    assert "Долгих" not in by_whom["педагогов"]
    assert "Долгих Ульяна" in by_whom["обучающихся"]
    assert "Тё Артур" not in by_whom["обучающихся"]
    [parent] = texts_of(bundle, "consent_parent")
    assert "малолетней Долгих Ульяны Ярославны" in parent


def test_a_school_of_omsk(folder: Path) -> None:
    bundle = rehearse("omsk_organisation", 1, 17, 25, 0, folder)
    [order] = texts_of(bundle, "order_introduction")
    assert "Положение о формах наставничества (приложение" in order


def test_an_organisation_of_kirovsky_has_a_child_of_five(folder: Path) -> None:
    bundle = rehearse("kirovsky_organisation", 2, 4, 17, 0, folder)
    [agreement] = texts_of(bundle, "agreement")
    assert "Пушкарь Савва Никитич, воспитанник старшей группы" in agreement
    [order] = texts_of(bundle, "order_introduction")
    assert "2.2." in order
    assert "2.3." not in order
    [roadmap] = texts_of(bundle, "roadmap_school")
    assert "РАССМОТРЕНО" not in roadmap
