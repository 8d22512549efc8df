"""A programme with pairs of its own, and one whose pairs all live below."""

import pytest
from pydantic import ValidationError

from domain.roadmap_checks import complaints
from tests.roadmap_builders import KINDS, a_roadmap, a_step, an_order_step, roadmap_values


def test_a_programme_whose_pairs_live_below_has_no_track() -> None:
    roadmap = a_roadmap(track={}, steps=[a_step(), a_step(id="2", after=["1"])])
    assert complaints(roadmap, KINDS) == ()
    assert roadmap.pair_lead() == "curator"


def test_without_a_track_no_row_counts_on_pairs() -> None:
    rows = [a_step(scope="pairs"), a_step(id="2", after=["pairs"]), an_order_step(id="3")]
    found = {c.at for c in complaints(a_roadmap(track={}, steps=rows), KINDS)}
    assert found == {
        ("steps", 0, "scope"),
        ("steps", 1, "after"),
        ("steps", 2, "results", 0, "by", "pairs_at"),
    }


@pytest.mark.parametrize("left_out", ["lead", "forms", "stages"])
def test_a_track_is_whole_or_left_out(left_out: str) -> None:
    known = roadmap_values()["track"]
    with pytest.raises(ValidationError, match="a track has lead, forms and stages"):
        a_roadmap(track={name: known[name] for name in known if name != left_out})
