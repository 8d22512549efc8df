"""What shape a roadmap must have."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.roadmap import MOST_TURNS
from tests.roadmap_builders import TRACK, a_roadmap, a_step, an_order_step, roadmap_values


def steps(*found: dict[str, Any]) -> dict[str, Any]:
    return {"steps": [*found, an_order_step()]}


@pytest.mark.parametrize(
    "fields",
    [
        {"steps": []},
        steps(a_step(results=[])),
        {"curator": "mentor"},
        {"version": 0},
        {"roadmap": "Малая"},
        {"season": {"month": 13, "months": 12}},
        {"track": {"lead": "mentor", "forms": {}, "stages": TRACK}},
        {"targets": [{"title": "Наставники", "measure": "mentors_of_staff"}]},
        {"season": {"month": 9, "months": 12, "turns": MOST_TURNS + 1}},
        {"unknown": 1},
    ],
)
def test_a_roadmap_of_a_wrong_shape_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        a_roadmap(**fields)


def test_roles_in_the_pair_are_not_mapped_at_launch() -> None:
    body = {"council": {"title": "Совет", "holder": "body"}}
    roadmap = a_roadmap(roles={**roadmap_values()["roles"], **body})
    assert roadmap.launch_roles() == ("curator", "director", "council")
