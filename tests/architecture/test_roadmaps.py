"""The roadmaps that we ship can be launched, and their schema is in step with the model."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from adapters.docx.renderer import DocxRenderer
from adapters.roadmap_files import library, problems_of, schema_text

ROOT = Path(__file__).parents[2]
ROADMAPS = ROOT / "roadmaps"
SHIPPED = sorted(ROADMAPS.glob("*.yaml"))
KINDS = DocxRenderer(ROOT / "doc_templates").known_kinds()
SCHEMA = ROADMAPS / "schema.json"


def test_roadmaps_and_kinds_are_there() -> None:
    assert [path.stem for path in SHIPPED] == [one.name for one in library(ROADMAPS)]
    assert "polytech" in [path.stem for path in SHIPPED]
    assert {"agreement", "order_pairs", "report"} <= set(KINDS)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_roadmap_has_no_problems(path: Path) -> None:
    assert problems_of(path, KINDS) == ()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_roadmap_fits_the_schema_and_names_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=schema.json\n")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(yaml.safe_load(text))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_roadmap_has_no_role_that_nothing_names(path: Path) -> None:
    values = yaml.safe_load(path.read_text(encoding="utf-8"))
    roles = set(values.pop("roles"))
    assert roles <= set(_words(values))


def _words(value: object) -> list[object]:
    if isinstance(value, dict):
        return [word for one in value.values() for word in _words(one)]
    if isinstance(value, list):
        return [word for one in value for word in _words(one)]
    return [value]


def test_the_schema_is_in_step_with_the_model() -> None:
    told = "make it anew: .venv/bin/python -m adapters.roadmap_files > roadmaps/schema.json"
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), told


def test_the_schema_refuses_a_slip_in_a_field() -> None:
    values = yaml.safe_load((ROADMAPS / "polytech.yaml").read_text(encoding="utf-8"))
    values["steps"][0]["titel"] = values["steps"][0].pop("title")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert not jsonschema.Draft202012Validator(schema).is_valid(values)
