"""The commands that measure layout, by a profile or by an organisation's own numbers."""

from pathlib import Path

import pytest

from runtime.shipped import TEMPLATES
from tests.e2e.program import run

ORDER = TEMPLATES / "order_curator"


def test_an_organisation_measures_its_papers_by_its_own_settings(tmp_path: Path) -> None:
    own, settings = tmp_path / "own.docx", tmp_path / "own.yaml"
    settings.write_text("bottom_mm: 15\nsize_pt: 11\n", "utf-8")
    facts = ORDER / "example.json"
    made = run("render", "order_curator", "--facts", facts, "-o", own, "--settings", settings)
    assert made.code == 0
    linted = run("docx", "lint", own, "--settings", settings, "--json")
    assert (linted.code, linted.json["violations"]) == (0, [])
    assert [one["rule"] for one in linted.json["short_of"]] == ["margins", "font_size"]
    strict = run("docx", "lint", own, "--json")
    assert [one["rule"] for one in strict.json["violations"]] == ["margins", "font_size"]


@pytest.mark.parametrize(
    ("text", "told"),
    [("size: 13\n", "size"), ("left_mm: 1\n", "left_mm"), ("[", "YAML"), ("- 1\n", "файл")],
)
def test_wrong_settings_are_named(tmp_path: Path, text: str, told: str) -> None:
    settings = tmp_path / "own.yaml"
    settings.write_text(text, "utf-8")
    ended = run("docx", "lint", ORDER / "template.docx", "--settings", settings)
    assert ended.code == 2
    assert told in ended.err


@pytest.fixture
def order(tmp_path: Path) -> Path:
    out = tmp_path / "order.docx"
    facts = TEMPLATES / "order_curator/example.json"
    assert run("render", "order_curator", "--facts", facts, "-o", out).code == 0
    return out


def test_a_document_that_keeps_its_profile_is_told_rule_by_rule(order: Path) -> None:
    ended = run("docx", "lint", order, "--profile", "gost-2025", "--json")
    assert (ended.code, ended.json["ok"], ended.json["violations"]) == (0, True, [])
    states = {rule["rule"]: rule["state"] for rule in ended.json["rules"]}
    assert (states["margins"], states["signature_mark"]) == ("kept", "absent")


def test_a_document_found_wanting_is_told_with_its_file_and_place(order: Path) -> None:
    other = order.with_name("plan.docx")
    facts = TEMPLATES / "individual_plan/example.json"
    assert run("render", "individual_plan", "--facts", facts, "-o", other).code == 0
    ended = run("docx", "lint", order, other, "--kept-long", "--json")
    [told] = ended.json["violations"]
    assert ended.code == 1
    assert (told["rule"], told["file"]) == ("margins", str(other))
    words = run("docx", "lint", order, other, "--kind", "order_curator")
    assert f"{other}: раздел 1, левое поле" in words.out
    assert "соответствует" not in words.out.lower()
    assert run("docx", "lint", other, "--kind", "individual_plan").code == 0


def test_the_profile_in_force_today_is_the_one_that_holds(order: Path) -> None:
    assert run("docx", "lint", order, "--json").json["profile"] == "gost-2025"


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("README.md",), 1, "BadUpload"),
        (("nosuch.docx",), 2, "FileNotFoundError"),
        (("README.md", "--profile", "gost-1917"), 2, "WrongCall"),
    ],
)
def test_a_file_that_cannot_be_measured_is_refused(
    words: tuple[str, ...], code: int, error: str
) -> None:
    ended = run("docx", "lint", *words, "--json")
    assert (ended.code, ended.json["error"]) == (code, error)
    assert words[-1] in ended.err
