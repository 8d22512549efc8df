"""The commands that make documents: one, many, copies as PDF."""

import hashlib
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from runtime.cli import app
from runtime.shipped import TEMPLATES
from tests.e2e.program import run, run_anew

KINDS = sorted(file.parent.name for file in TEMPLATES.glob("*/kind.yaml"))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_document_is_made_from_its_example(kind: str, tmp_path: Path) -> None:
    out = tmp_path / "out.docx"
    facts = TEMPLATES / kind / "example.json"
    words = ("render", kind, "--facts", str(facts), "-o", str(out), "--json")
    ended = CliRunner().invoke(app, words)  # a process for each would take minutes
    assert ended.exit_code == 0, ended
    body = out.read_bytes()
    made = {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}
    assert json.loads(ended.stdout) == made
    assert body[:2] == b"PK"


def test_the_installed_program_makes_a_document(tmp_path: Path) -> None:
    out, facts = tmp_path / "out.docx", TEMPLATES / "agreement" / "example.json"
    ended = run_anew("render", "agreement", "--facts", facts, "-o", out, "--json")
    assert ended.code == 0, ended
    assert ended.json["bytes"] == out.stat().st_size


def test_a_kind_that_does_not_exist_is_named(tmp_path: Path) -> None:
    facts = TEMPLATES / "report" / "example.json"
    ended = run("render", "ordr", "--facts", facts, "-o", tmp_path / "out.docx", "--json")
    assert (ended.code, ended.json["error"]) == (1, "TemplateFault")
    assert "«ordr»" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_missing_fact_is_named_and_nothing_is_made(tmp_path: Path) -> None:
    facts = json.loads((TEMPLATES / "agreement" / "example.json").read_text("utf-8"))
    del facts["mentor"]
    (tmp_path / "facts.json").write_text(json.dumps(facts))
    out = tmp_path / "out.docx"
    ended = run("render", "agreement", "--facts", tmp_path / "facts.json", "-o", out, "--json")
    assert (ended.code, ended.json["error"]) == (1, "FactMissing")
    assert "«mentor»" in ended.json["detail"]
    assert not out.exists()


@pytest.mark.parametrize("text", ["{", "[]", '"facts"', "\xff"])
def test_facts_that_are_no_object_are_a_wrong_call(text: str, tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_bytes(text.encode("latin-1"))
    ended = run("render", "report", "--facts", file, "-o", tmp_path / "out.docx", "--json")
    assert (ended.code, ended.json["error"]) == (2, "WrongCall")
    assert str(file) in ended.err


def test_a_document_is_made_of_each_line_and_failures_are_named(tmp_path: Path) -> None:
    facts = json.loads((TEMPLATES / "agreement" / "example.json").read_text("utf-8"))
    whole, named, torn = facts, {**facts, "@name": "Пара"}, {**facts, "mentor": None}
    lines = [json.dumps(one, ensure_ascii=False) for one in (whole, torn, named)]
    (tmp_path / "facts.jsonl").write_text("\n".join([*lines, "", "{"]), "utf-8")
    words = ("render", "agreement", "--each", tmp_path / "facts.jsonl", "-o", tmp_path / "out")
    ended = run(*words, "--json")
    assert ended.code == 1
    assert {key: ended.json[key] for key in ("ok", "made", "kept", "failed")} == {
        "ok": False,
        "made": 2,
        "kept": 0,
        "failed": 2,
    }
    assert [one["line"] for one in ended.json["failures"]] == [2, 5]
    assert "строка 2: не хватает факта «mentor»" in ended.err
    one = run(
        "render",
        "agreement",
        "--facts",
        TEMPLATES / "agreement" / "example.json",
        "-o",
        tmp_path / "one.docx",
    )
    assert one.code == 0
    made = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    alone = (tmp_path / "one.docx").read_bytes()
    assert made == {"00001.docx": alone, "00003-Пара.docx": alone}
    assert run(*words, "--json").json["kept"] == 2


def test_one_document_or_many_must_be_said(tmp_path: Path) -> None:
    ended = run("render", "agreement", "-o", tmp_path / "out", "--json")
    assert (ended.code, ended.json["error"]) == (2, "WrongCall")
    ended = run("render", "none", "--each", TEMPLATES / "common.yaml", "-o", tmp_path / "out")
    assert ended.code == 1
    assert list(tmp_path.iterdir()) == []


def test_copies_that_would_bear_one_name_are_refused(tmp_path: Path) -> None:
    template = TEMPLATES / "report" / "template.docx"
    other = tmp_path / "template.docx"
    other.write_bytes(template.read_bytes())
    ended = run("docx", "pdf", template, other, "-o", tmp_path / "out", "--json")
    if ended.json["error"] == "CopyUnavailable" and not os.environ.get("CI"):
        pytest.skip("LibreOffice is not installed")
    assert (ended.code, ended.json["error"]) == (2, "WrongCall")
    assert "template.pdf" in ended.err
    assert not (tmp_path / "out").exists()


def test_a_file_of_which_no_copy_is_made_is_named_beside_the_others(tmp_path: Path) -> None:
    good, torn, gone = (tmp_path / name for name in ("good.docx", "torn.docx", "gone.docx"))
    good.write_bytes((TEMPLATES / "report" / "template.docx").read_bytes())
    torn.write_bytes(good.read_bytes()[:900])
    ended = run("docx", "pdf", good, torn, gone, "-o", tmp_path / "out", "--json")
    if ended.json.get("error") == "CopyUnavailable" and not os.environ.get("CI"):
        pytest.skip("LibreOffice is not installed")
    assert ended.code == 1
    assert [one["fault"] is None for one in ended.json["files"]] == [True, False, False]
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["good.pdf"]
    assert f"{gone}: Нет такого файла" in ended.err


def test_files_that_are_not_there_are_a_wrong_call_that_names_them(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    facts = TEMPLATES / "report" / "example.json"
    for words in (
        ("render", "report", "--facts", gone, "-o", tmp_path / "out.docx"),
        ("render", "report", "--facts", facts, "-o", gone / "out.docx"),
        ("verify", gone),
    ):
        ended = run(*words, "--json")
        assert ended.code == 2
        assert ended.json["detail"].endswith(": нет такого файла или каталога")
        assert str(gone) in ended.err
