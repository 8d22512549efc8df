"""The draft that is approved and the paper that is registered: one version, printed twice."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from adapters.docx.renderer import DocxRenderer
from doc_templates.build import BUILDERS
from tests.law import RENDERER

TEMPLATES = Path(__file__).parents[2] / "doc_templates"
KINDS = tuple(sorted(BUILDERS))
TEXT = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
NUMBER, DAY = "12-о", "2\u00a0сентября 2024\u00a0г."
NO_NUMBER, NO_DAY = "_" * 10, "«____» ______________ 20___\u00a0г."
CODE = {"code": "41b0c2d7e8f90123/1"}


@pytest.fixture(scope="module")
def renderer() -> DocxRenderer:
    return RENDERER


def both(renderer: DocxRenderer, kind: str) -> tuple[dict[str, str], dict[str, str]]:
    """The parts of the draft and of the registered rendering of the same facts."""
    facts: dict[str, Any] = json.loads((TEMPLATES / kind / "example.json").read_text("utf-8"))
    registration = {"number": NUMBER, "date": "2024-09-02"}
    draft = {"registration": None, "marks": ["ПРОЕКТ"], "document": CODE}
    registered = {"registration": registration, "marks": [], "document": CODE}
    return (
        parts(renderer.render(kind, facts | draft)),
        parts(renderer.render(kind, facts | registered)),
    )


def parts(document: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(document)) as file:
        return {name: file.read(name).decode("latin-1") for name in file.namelist()}


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_number_date_and_the_draft_mark_differs(
    renderer: DocxRenderer, kind: str
) -> None:
    draft, registered = both(renderer, kind)
    assert draft.keys() == registered.keys()
    for name in draft:
        assert TEXT.sub("", draft[name]) == TEXT.sub("", registered[name]), name
        before, after = texts(draft[name]), texts(registered[name])
        for was, now in zip(before, after, strict=True):
            if name.startswith("word/header"):
                assert was == now or (was, now) == ("ПРОЕКТ", "")
            else:
                filled = was.replace(NO_DAY, DAY).replace(NO_NUMBER, NUMBER)
                assert now in (was, filled)


@pytest.mark.parametrize("kind", KINDS)
def test_the_mark_stands_on_the_draft_alone(renderer: DocxRenderer, kind: str) -> None:
    draft, registered = both(renderer, kind)
    headers = [name for name in draft if name.startswith("word/header")]
    assert sum("ПРОЕКТ" in texts(draft[name]) for name in headers) == len(headers) > 0
    assert not any("ПРОЕКТ" in texts(part) for part in registered.values())


def texts(part: str) -> list[str]:
    return [one.encode("latin-1").decode() for one in TEXT.findall(part)]
