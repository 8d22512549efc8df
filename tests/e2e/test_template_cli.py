"""Templates on the command line: facts, check, sample, difference; the codes 0, 1 and 2."""

from pathlib import Path

import pytest
from docx import Document

from runtime.shipped import TEMPLATES
from tests.e2e.program import run

KIND = "order_curator"
OURS = TEMPLATES / KIND / "template.docx"


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """Our template with a line more."""
    document = Document(str(OURS))
    document.add_paragraph("Приказ довести до {{ organisation.short_name }}.")
    document.save(str(tmp_path / "changed.docx"))
    return tmp_path / "changed.docx"


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """Our template with two mistakes."""
    document = Document(str(OURS))
    document.add_paragraph("{{ curatr.name|dative }}{{ organisation.nme }}")
    document.save(str(tmp_path / "faulty.docx"))
    return tmp_path / "faulty.docx"


def test_the_facts_of_a_kind_are_listed() -> None:
    fields = run("template", "fields", KIND, "--json").json["fields"]

    assert {"curator", "duties", "marks"} <= {field["name"] for field in fields}
    assert "куратор" in run("template", "fields", KIND).out


def test_a_good_template_is_told_to_be_one(changed: Path) -> None:
    ended = run("template", "check", changed, "--kind", KIND, "--json")

    assert ended.code == 0
    assert ended.json["problems"] == []
    assert "Ошибок нет" in run("template", "check", changed, "--kind", KIND).out


def test_a_template_of_no_named_kind_may_use_the_facts_of_any(changed: Path, faulty: Path) -> None:
    ended = run("template", "check", changed, "--json")
    assert (ended.code, ended.json["problems"]) == (0, [])
    assert all(field["used"] for field in ended.json["fields"])
    ended = run("template", "check", faulty, "--json")
    assert ended.code == 1
    assert [one["nearest"] for one in ended.json["problems"]] == ["curator", "organisation.name"]


def test_all_mistakes_are_told_with_their_places(faulty: Path) -> None:
    ended = run("template", "check", faulty, "--kind", KIND, "--json")

    assert ended.code == 1
    assert [one["nearest"] for one in ended.json["problems"]] == ["curator", "organisation.name"]
    assert all("абзац" in one["place"] for one in ended.json["problems"])
    assert "может быть, «curator»" in run("template", "check", faulty, "--kind", KIND).out


def test_a_sample_is_made_of_a_good_template_only(
    changed: Path, faulty: Path, tmp_path: Path
) -> None:
    sample = tmp_path / "sample.docx"

    assert run("template", "preview", changed, "--kind", KIND, "-o", sample).code == 0
    assert "Приказ довести до" in "".join(one.text for one in Document(str(sample)).paragraphs)

    refused = run("template", "preview", faulty, "--kind", KIND, "-o", tmp_path / "none.docx")
    assert refused.code == 1
    assert "curatr" in refused.err
    assert not (tmp_path / "none.docx").exists()


def test_the_difference_of_two_templates_is_told_in_words(changed: Path) -> None:
    ended = run("template", "diff", OURS, changed, "--json")

    assert ended.code == 0
    (change,) = ended.json["changes"]
    assert (change["what"], change["before"]) == ("added", None)
    assert "добавлено" in run("template", "diff", OURS, changed).out
    assert "одинаковы" in run("template", "diff", OURS, OURS).out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("check", OURS, "--kind", "order_curatr"), 2, "Может быть, order_curator?"),
        (("preview", OURS, "-o", "x.docx"), 2, "--kind"),
        (("check", "nothing.docx", "--kind", KIND), 2, "нет такого файла"),
        (("check", TEMPLATES / KIND / "kind.yaml", "--kind", KIND), 1, "не читается"),
        (("diff", OURS, TEMPLATES / KIND / "kind.yaml"), 1, "не читается"),
        (("fields", "nothing"), 2, "Нет вида документа"),
    ],
)
def test_what_cannot_be_done_is_told(words: tuple[object, ...], code: int, told: str) -> None:
    ended = run("template", *words, "--json")

    assert ended.code == code
    assert told in ended.json["detail"]
    assert ended.json["ok"] is False
