"""A proof is known by its place in the row as it was when its item arose."""

import pytest

from adapters.postgres.report_facts import proves
from domain.roadmap_versions import with_version
from tests.roadmap_builders import a_result, a_roadmap, a_step

NUMBER = {"proof": "number", "at_least": 3, "unit": "чел."}
ANSWERS = {"proof": "answers", "at_least": 5}
FIRST, SECOND = a_result(id="first", by=NUMBER), a_result(id="second", by=ANSWERS)
BEFORE = a_roadmap(steps=[a_step(results=[FIRST, SECOND])])
NOW = with_version(BEFORE, 0, a_roadmap(version=2, steps=[a_step(results=[SECOND, FIRST])]), ())


@pytest.mark.parametrize(("at", "place", "name"), [(0, 1, "first"), (1, 1, "second")])
def test_a_proof_is_of_the_result_that_stood_there_then(at: int, place: int, name: str) -> None:
    proof = {"step": "1", "roadmap_n": at, "place": place}
    found = [one.id for one in NOW.steps[0].results if proves(NOW, proof, one)]
    assert found == [name]


def test_a_place_that_no_version_knows_is_of_no_result() -> None:
    proof = {"step": "1", "roadmap_n": 1, "place": 3}
    assert not any(proves(NOW, proof, one) for one in NOW.steps[0].results)
