"""What a roadmap may not say of its routes of approval."""

from typing import Any

import pytest

from domain.roadmap_checks import complaints
from tests.roadmap_builders import KINDS, a_result, a_roadmap, a_step, an_order_step, roadmap_values

ROLES = {**roadmap_values()["roles"], "council": {"title": "Совет", "holder": "body"}}


def a_stage(**fields: Any) -> dict[str, Any]:  # noqa: ANN401 - of a stage
    return {"id": "one", "title": "Ступень", "by": ["director"], **fields}


def on_route(*stages: dict[str, Any], paper: dict[str, Any], **route: Any) -> dict[str, Any]:  # noqa: ANN401 - of a route
    by = {"proof": "document", "kind": "agreement", **paper}
    return {
        "roles": ROLES,
        "routes": {"long": {"stages": list(stages), **route}},
        "steps": [a_step(results=[a_result(by=by)]), an_order_step()],
    }


LONG = {"route": "long"}
BY = ("routes", "long", "stages", 0, "by", 0)
PAPER = ("steps", 0, "results", 0, "by", "route")

CASES: list[tuple[str, dict[str, Any], tuple[str | int, ...], str]] = [
    (
        "a role that there is not",
        on_route(a_stage(by=["wizard"]), paper=LONG),
        BY,
        "неизвестная роль «wizard»; есть роли: council, curator",
    ),
    (
        "a person where a body sits",
        on_route(a_stage(kind="body"), paper=LONG),
        BY,
        "роль «director» — не орган",
    ),
    (
        "a body that attaches a review",
        on_route(a_stage(kind="review", by=["council"]), paper=LONG),
        BY,
        "рецензию прикладывает человек",
    ),
    (
        "a route that there is not",
        on_route(a_stage(), paper={"route": "short"}),
        PAPER,
        "неизвестный маршрут «short»; есть: long",
    ),
    (
        "a route and an approver",
        on_route(a_stage(), paper={**LONG, "approver": "director"}),
        PAPER,
        "указаны и approver, и route",
    ),
    (
        "a drafter whom the route asks",
        on_route(a_stage(by=["curator"]), paper=LONG),
        PAPER,
        "спрашивает и роль «curator», которая готовит",
    ),
]


@pytest.mark.parametrize(
    ("fields", "at", "words"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_what_a_route_cannot_say_is_told_with_its_place(
    fields: dict[str, Any], at: tuple[str | int, ...], words: str
) -> None:
    (complaint,) = complaints(a_roadmap(**fields), KINDS)
    assert complaint.at == at
    assert words in complaint.text


@pytest.mark.parametrize(
    "fields",
    [
        on_route(a_stage(), a_stage(id="two", kind="body", by=["council"]), paper=LONG),
        on_route(a_stage(by=["curator"]), paper=LONG, own_draft=True),
        on_route(a_stage(by=["curator", "director"], need=1), paper=LONG),
        on_route(a_stage(by=["curator"]), paper={**LONG, "drafter": "director"}),
    ],
)
def test_a_route_that_can_be_gone_is_no_matter(fields: dict[str, Any]) -> None:
    assert complaints(a_roadmap(**fields), KINDS) == ()
