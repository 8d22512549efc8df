"""A look at names from above, and what is made of it: noted where the people are; told as stale."""

from typing import Any

import pytest
from sqlalchemy import Engine, text

from adapters.postgres.read_views import ReadsAsked
from adapters.postgres.reads import PostgresReads
from domain import ids
from domain.reads import ReadOf, Shown
from tests.adapters.named import MINOR, Scene, a_scene
from tests.adapters.world import NOW, World


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return a_scene(engine)


def reads_of(world: World) -> list[Any]:
    query = text("SELECT * FROM reads WHERE organisation_id = :o ORDER BY id")
    with world.engine.connect() as connection:
        return list(connection.execute(query, {"o": world.organisation}))


def test_a_look_from_above_is_noted_where_the_minor_is_and_nowhere_else(scene: Scene) -> None:
    scene.school.consents("mentor", scene.above)
    scene.school.consents("young", scene.above, MINOR)
    reads = PostgresReads(scene.upper.engine)
    with reads.noting() as people:
        scene.page()
    read = ReadOf(
        organisation_id=scene.above,
        account=ids.new_id(),
        person_id=None,
        role="curator",
        at=NOW,
        route="branches.people",
        shown=Shown.NAMES,
        about=f"cycle/{scene.upper.cycle}",
    )
    reads.keep(read, people)

    (noted,) = reads_of(scene.school)
    assert (noted.account, noted.route, noted.about) == (read.account, "branches.people", None)
    assert noted.people == [scene.school.person("young")]
    assert reads_of(scene.upper) == []


def test_who_looked_from_above_is_shown_by_the_organisation(scene: Scene) -> None:
    scene.school.consents("young", scene.above, MINOR)
    scene.drafts_register()
    (line,) = scene.school.views.reads(scene.school.organisation, ReadsAsked()).lines
    assert line.who.name == "Заря"
    assert [one.name for one in line.people] == ["Дюма\N{NO-BREAK SPACE}С.\N{NO-BREAK SPACE}П."]


def test_a_register_names_who_may_be_named_and_counts_the_others(scene: Scene) -> None:
    scene.school.consents("young", scene.above, MINOR)
    _, facts = scene.drafts_register()
    assert facts["named_below"] == [
        {
            "organisation": "СОШ № 1",
            "name": "Дюма Светлана Павловна",
            "part": "наставляемый",
            "form": "обучающийся — обучающийся",
        }
    ]
    assert facts["people_below"] == [
        {"organisation": "СОШ № 1", "people": 3, "named": 1, "unnamed": 2}
    ]
    assert [read.people for read in reads_of(scene.school)] == [[scene.school.person("young")]]


def test_who_opens_a_register_with_names_is_noted_where_the_people_are(scene: Scene) -> None:
    scene.school.consents("young", scene.above, MINOR)
    document, _ = scene.drafts_register()
    before = len(reads_of(scene.school))
    read = ReadOf(
        organisation_id=scene.above,
        account=ids.new_id(),
        person_id=None,
        role="curator",
        at=NOW,
        route="documents.file",
        shown=Shown.FILE,
        about=f"document/{document}",
    )
    PostgresReads(scene.upper.engine).keep(read, {}, "document", document)
    *_, noted = reads_of(scene.school)
    assert (len(reads_of(scene.school)), noted.people) == (
        before + 1,
        [scene.school.person("young")],
    )


def test_a_register_that_names_who_withdrew_is_told_as_stale(scene: Scene) -> None:
    scene.school.consents("young", scene.above, MINOR)
    document, _ = scene.drafts_register()
    assert scene.page().stale == ()
    scene.school.withdraws("young")
    (stale,) = scene.page().stale
    assert (stale.document_id, stale.kind, stale.people) == (
        document,
        "register_participants",
        1,
    )
