"""What a roadmap may not say of the level below and of the one above."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.below_checks import about_each_complaints, below_complaints, fit_complaints
from domain.kinds import KnownKind
from domain.roadmap import Roadmap
from domain.roadmap_checks import complaints
from tests.roadmap_builders import KINDS, a_result, a_roadmap, a_step, an_order_step

REPORTS: dict[str, Any] = {"proof": "reports", "demand": "yearly"}
REPORT: dict[str, Any] = {"proof": "report", "demand": "yearly"}
BELOW = {"roadmap": "school"}
DEMANDS = {"yearly": {"title": "Отчёт за год"}}
SHEET: dict[str, Any] = {
    "proof": "document",
    "kind": "inspection_checklist",
    "for_each": "organisation",
}
WITH_SHEET = {**KINDS, "inspection_checklist": KnownKind(of_organisation=True)}


def a_row(by: dict[str, Any], number: str = "1", **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - of a row
    return a_step(id=number, results=[a_result(by=by)], **fields)


def upper(*rows: dict[str, Any], **fields: Any) -> Roadmap:  # noqa: ANN401 - of a roadmap
    found = rows or (a_row(REPORTS, scope="organisations"),)
    return a_roadmap(
        **{"steps": [*found, an_order_step()], "below": BELOW, "demands": DEMANDS, **fields}
    )


def lower(*rows: dict[str, Any]) -> Roadmap:
    return a_roadmap(roadmap="school", steps=[*(rows or (a_row(REPORT),)), an_order_step()])


def test_a_roadmap_that_asks_and_one_that_answers_are_right() -> None:
    assert list(below_complaints(upper())) == []
    assert list(below_complaints(lower())) == []
    assert list(fit_complaints(upper(), lower())) == []
    assert list(fit_complaints(lower(), None)) == []


@pytest.mark.parametrize(
    ("roadmap", "at", "words"),
    [
        (upper(demands={}), ("steps", 0, "results", 0, "by", "demand"), "неизвестный запрос"),
        (upper(below=None), ("demands",), "впишите below"),
        (
            upper(demands={**DEMANDS, "site": {"title": "Сайт"}}),
            ("demands", "site"),
            "не ждёт ни одна строка",
        ),
        (
            upper(a_row(REPORTS), a_row({"proof": "remark"}, "2", scope="organisations")),
            ("steps", 1, "results", 0, "by"),
            "впишите proof: reports",
        ),
        (
            upper(a_row(REPORTS), a_row(REPORTS, "2", scope="pairs")),
            ("steps", 1, "results", 0, "by"),
            "scope: pairs",
        ),
        (
            lower(a_row(REPORT), a_row(REPORT, "2")),
            ("steps", 1, "results", 0, "by", "demand"),
            "оставьте одну",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(
    roadmap: Roadmap, at: tuple[str | int, ...], words: str
) -> None:
    (found,) = below_complaints(roadmap)
    assert found.at == at
    assert words in found.text


@pytest.mark.parametrize("roadmap", [upper, lower])
def test_one_report_would_close_every_window_of_a_row(roadmap: Callable[..., Roadmap]) -> None:
    by = REPORTS if roadmap is upper else REPORT
    twice = roadmap(a_row(by, deadline={"rule": "times", "times": 2}))
    (found,) = (one for one in complaints(twice, KINDS) if one.at[-1] == "deadline")
    assert "свой запрос" in found.text


@pytest.mark.parametrize(
    ("below", "at", "words"),
    [
        (None, ("below", "roadmap"), "рядом с этой нет"),
        (lower(a_step()), ("demands", "yearly"), "никто не отправит"),
        (
            lower(a_row(REPORT), a_row({**REPORT, "demand": "site"}, "2")),
            ("below", "roadmap"),
            "которого здесь не ждут",
        ),
    ],
)
def test_a_level_below_that_does_not_fit_is_told(
    below: Roadmap | None, at: tuple[str | int, ...], words: str
) -> None:
    (found,) = fit_complaints(upper(), below)
    assert found.at == at
    assert words in found.text


def test_a_document_about_each_organisation_proves_their_row() -> None:
    roadmap = upper(a_row(REPORTS), a_row(SHEET, "2", scope="organisations"))
    assert complaints(roadmap, WITH_SHEET) == ()


@pytest.mark.parametrize(
    ("roadmap", "words"),
    [
        (upper(a_row(SHEET), below=None), "впишите below"),
        (upper(a_row(SHEET, scope="pairs")), "scope: pairs"),
        (upper(a_row({**SHEET, "pairs_at": "order"})), "уберите pairs_at"),
        (
            upper(a_row({**SHEET, "kind": "agreement"})),
            "«agreement» не бывает об одной организации; бывают: inspection_checklist",
        ),
    ],
)
def test_what_is_wrong_with_a_document_about_each_is_told(roadmap: Roadmap, words: str) -> None:
    (found,) = about_each_complaints(roadmap, WITH_SHEET)
    assert found.at == ("steps", 0, "results", 0, "by", "for_each")
    assert words in found.text


def test_two_rows_cannot_ask_for_the_same_documents() -> None:
    (found,) = about_each_complaints(upper(a_row(SHEET), a_row(SHEET, "2")), WITH_SHEET)
    assert found.at[:2] == ("steps", 1)
    assert "другая строка" in found.text


def test_one_document_about_each_would_close_every_window_of_a_row() -> None:
    twice = upper(a_row(REPORTS), a_row(SHEET, "2", deadline={"rule": "times", "times": 2}))
    (found,) = (one for one in complaints(twice, WITH_SHEET) if one.at[-1] == "deadline")
    assert "раз в году" in found.text
