"""Stamps of the bodies on a paper's route, and the minutes of a sitting, as they are printed."""

import pytest

from adapters.docx.renderer import DocxRenderer
from domain.errors import FactMissing
from tests.adapters.test_docx_renderer import example, text_of
from tests.law import RENDERER

STAMPED = (
    *("regulation", "programme", "yearly_plan", "planned_results"),
    *("regulation_forms", "roadmap_school"),
)
COUNCIL = {"body": "педагогическим советом", "number": "5", "date": "2027-02-20"}
UNION = {"body": "методическим объединением", "number": None, "date": None}
BLANK = "протокол от ______________ № ______"


@pytest.fixture(scope="module")
def renderer() -> DocxRenderer:
    return RENDERER


def lines_of(renderer: DocxRenderer, kind: str, **facts: object) -> list[str]:
    return text_of(renderer.render(kind, example(kind) | facts)).splitlines()


def stamps_of(lines: list[str]) -> list[list[str]]:
    """By whom and by which minutes, of each stamp."""
    begin = [n for n, line in enumerate(lines) if line == "РАССМОТРЕНО И ОДОБРЕНО"]
    return [lines[n + 1 : n + 3] for n in begin]


@pytest.mark.parametrize("kind", STAMPED)
def test_each_body_of_the_route_has_its_stamp_with_its_own_minutes(
    renderer: DocxRenderer, kind: str
) -> None:
    lines = lines_of(renderer, kind, approval_stamps=[COUNCIL, UNION])
    assert stamps_of(lines) == [
        ["педагогическим советом", "протокол от 20 февраля 2027 г. № 5"],
        ["методическим объединением", BLANK],
    ]


@pytest.mark.parametrize("kind", STAMPED)
def test_where_no_body_is_on_the_route_the_councils_latest_minutes_stand(
    renderer: DocxRenderer, kind: str
) -> None:
    given = {"number": "1", "date_words": "28 августа 2026 г."}
    told = stamps_of(lines_of(renderer, kind, council_minutes=given))
    assert told == [["педагогическим советом", "протокол от 28 августа 2026 г. № 1"]]
    assert stamps_of(lines_of(renderer, kind, council_minutes=None)) == []


def test_registering_changes_nothing_of_a_stamped_paper_but_its_requisites(
    renderer: DocxRenderer,
) -> None:
    blank = {**COUNCIL, "number": None, "date": None}
    draft = lines_of(renderer, "programme", approval_stamps=[blank])
    registered = lines_of(renderer, "programme", approval_stamps=[COUNCIL])
    changed = [pair for pair in zip(draft, registered, strict=True) if pair[0] != pair[1]]
    assert changed == [(BLANK, "протокол от 20 февраля 2027 г. № 5")]


def test_a_stamp_without_a_body_is_refused(renderer: DocxRenderer) -> None:
    with pytest.raises(FactMissing, match="approval_stamps"):
        lines_of(renderer, "programme", approval_stamps=[{**COUNCIL, "body": " "}])


def test_minutes_of_a_recorded_sitting_need_no_pen_but_for_the_signatures(
    renderer: DocxRenderer,
) -> None:
    item = {
        "topic": "О программе",
        "heard": "куратора. Представлен проект.",
        "decision": "Одобрить программу.",
        "votes": "за — 3, против — нет, воздержались — 1",
    }
    lines = lines_of(renderer, "council_minutes", sitting_items=[item], present="3 чел.")
    assert "1. О программе." in lines
    assert "1. СЛУШАЛИ: куратора. Представлен проект." in lines
    assert "РЕШИЛИ: Одобрить программу." in lines
    assert "Голосовали: за — 3, против — нет, воздержались — 1." in lines
    assert [line for line in lines if "____" in line] == []
    assert "заседания" in lines
    assert not any("Рекомендовать" in line for line in lines)
