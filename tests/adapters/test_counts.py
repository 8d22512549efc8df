"""Counts over all organisations, for the operator."""

from datetime import timedelta

from sqlalchemy import Engine

from domain.documents import Draft
from tests.adapters.world import NOW, SHA, World


def counted(world: World, days: int = 0) -> dict[tuple[str, str], int]:
    found = world.watch.counts(NOW + timedelta(days=days))
    return {(one.name, one.word): one.n for one in found}


def test_tasks_stages_and_troubles_are_counted(engine: Engine) -> None:
    world = World.make(engine)
    before, before_late = counted(world), counted(world, days=30)
    draft = Draft(facts_id="facts", facts_sha256=SHA, sha256=SHA)
    document = world.document(world.planned()).drafted(draft, NOW)
    world.save(document)
    after, late = counted(world), counted(world, days=30)

    def grown(name: str, word: str = "") -> int:
        return after[name, word] - before.get((name, word), 0)

    assert grown("tasks") == 1
    assert grown("tasks_late") == 0
    assert late["tasks_late", ""] - before_late["tasks_late", ""] == 1
    assert grown("documents", "on_approval") == 1
    world.save(document.changed(revision=9, stage="on_approval", trouble="FactMissing"))
    assert counted(world)["troubles", "document"] == after.get(("troubles", "document"), 0) + 1
