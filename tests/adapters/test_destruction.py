"""Acts on destruction over real rows: what they list, what they destroy, what stays."""

from datetime import date
from operator import itemgetter
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError

from adapters.postgres import retention
from adapters.postgres.retention_tables import DestructionActRow, DestructionRow
from adapters.postgres.retention_views import destroyed, unexplained
from adapters.postgres.row_checks import row_check
from adapters.postgres.tables import FactsRow, KeptTextRow, ObjectKeyRow
from domain import ids
from domain.errors import (
    ExpertiseMissing,
    KeyDestroyed,
    NotFound,
    NotInForce,
    StillKept,
    WrongState,
)
from domain.retention import Ground
from tests.adapters.old_papers import AT, LATER, act_in_force, carry_out, due, facts_of, paper, wish
from tests.adapters.world import NOW, SHA, World
from tests.law import KINDS


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def test_an_act_destroys_what_it_lists_once_it_is_in_force_and_nothing_before(
    world: World, engine: Engine
) -> None:
    cycle, (document, other) = due(world, ("curator_report", "event_programme"))
    before = world.views.document(world.organisation, document)
    asked = wish(world, [document])
    world.desk.keep_destruction_list(asked, KINDS)
    world.desk.keep_destruction_list(asked, KINDS)
    act = world.document(cycle).changed(
        document_id=asked.act_id, kind="destruction_act", item_id=None, destroys=1
    )
    world.save(act)
    with pytest.raises(NotInForce):
        carry_out(world, asked.act_id)
    assert world.desk.data_key(f"draft/{document}/1")

    act_in_force(world, cycle, asked.act_id, 1)
    assert carry_out(world, asked.act_id) == [(1, 0)]
    assert carry_out(world, asked.act_id) == [(1, 0)]

    for key in (f"draft/{document}/1", f"sealed/{document}/{SHA}"):
        with pytest.raises(KeyDestroyed):
            world.desk.data_key(key)
    text_id = ids.derived_id("remark", document)
    with pytest.raises(KeyDestroyed):
        world.views.text(world.organisation, text_id)
    with pytest.raises(KeyDestroyed):
        world.ledger.kept_text(text_id)
    shown = world.views.document(world.organisation, document)
    assert shown.destroyed is not None
    assert (shown.destroyed.act_id, shown.destroyed.number) == (asked.act_id, "1-о")
    assert (shown.destroyed.keys, shown.destroyed.ground) == (2, "term")
    assert shown.changed(destroyed=None, kept=None) == before.changed(kept=None)
    assert world.desk.data_key(f"draft/{other}/1")
    with engine.connect() as connection:
        assert set(destroyed(connection, [document, other])) == {document}
    page = world.views.retention(world.organisation, LATER)
    assert [one.document.document_id for g in page.groups for one in g.documents] == [other]
    (line,) = page.acts
    assert (line.listed, line.destroyed, line.stage) == (1, 1, "in_force")


def test_nothing_that_was_said_is_left_in_the_rows(world: World, owner_engine: Engine) -> None:
    cycle, (document,) = due(world)
    asked = wish(world, [document])
    world.desk.keep_destruction_list(asked, KINDS)
    act_in_force(world, cycle, asked.act_id, 1)
    carry_out(world, asked.act_id)
    with owner_engine.connect() as connection:
        facts = (
            connection.execute(
                text("SELECT * FROM facts WHERE document_id = :id"), {"id": document}
            )
            .mappings()
            .one()
        )
        said = (
            connection.execute(
                text("SELECT * FROM kept_texts WHERE subject = 'document/' || :id"),
                {"id": document},
            )
            .mappings()
            .one()
        )
        keys = (
            connection.execute(
                text("SELECT * FROM object_keys WHERE document_id = :id"), {"id": document}
            )
            .mappings()
            .all()
        )
    assert (facts["body"], said["body"]) == ("", {})
    assert len(facts["sha256"]) == len(said["sha256"]) == 64
    assert all(key["wrapped"] is None and key["act_id"] == asked.act_id for key in keys)
    with pytest.raises(KeyDestroyed):
        world.ledger.facts(facts["facts_id"])


def test_the_seals_of_what_was_destroyed_hold(world: World, engine: Engine) -> None:
    cycle, documents = due(world, ("curator_report", "event_programme"))
    asked = wish(world, documents)
    world.desk.keep_destruction_list(asked, KINDS)
    act_in_force(world, cycle, asked.act_id, 2)
    carry_out(world, asked.act_id)
    touched = (FactsRow, KeptTextRow, ObjectKeyRow, DestructionRow, DestructionActRow)
    with row_check(engine) as check:
        faults = [fault for model in touched for fault in check.sealed(model)]
    mine = (world.organisation, asked.act_id, *documents)
    assert [fault for fault in faults if any(id_ in fault for id_ in mine)] == []


def test_an_act_says_of_each_document_its_number_day_article_and_term(world: World) -> None:
    cycle, documents = due(world, ("curator_report", "event_programme"))
    asked = wish(world, documents)
    world.desk.keep_destruction_list(asked, KINDS)

    facts = facts_of(world, cycle, asked.act_id)

    assert sorted(facts["destroyed_papers"], key=itemgetter("title")) == [
        {
            "title": "Отчёт куратора программы наставничества №\xa01-о от 7\xa0сентября 2026\xa0г.",
            "years": "2026",
            "count": "0 файлов",
            "term": "5 лет; истёк 31.12.2031",
        },
        {
            "title": "Программа мероприятия №\xa01-о от 7\xa0сентября 2026\xa0г.",
            "years": "2026",
            "count": "0 файлов",
            "term": "5 лет, ЭПК, ст. 200; истёк 31.12.2031",
        },
    ]
    assert (facts["by_service"], facts["subjects"]) == (True, None)
    assert facts["expert_minutes"]["number"] == "2"


def test_an_act_on_personal_data_names_whose_they_were_and_why(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    pair = cycle.pairs[0].pair_id
    consent = paper(world, cycle, "consent_adult", person_id=world.person("mentee"), pair_id=pair)
    diary = paper(world, cycle, "diary", pair_id=pair)
    asked = wish(
        world,
        [consent.document_id, diary.document_id],
        ground=Ground.CONSENT_WITHDRAWN,
        expert_number=None,
        expert_day=None,
    )
    world.desk.keep_destruction_list(asked, KINDS)

    facts = facts_of(world, cycle, asked.act_id)

    assert {row["person"] for row in facts["subjects"]} == {
        "Черных Любовь Павловна",
        "Коваль Анна Павловна, Черных Любовь Павловна",
    }
    assert {row["reason"] for row in facts["subjects"]} == {"отозвано согласие"}
    assert (facts["destroyed_papers"], facts["expert_minutes"]) == (None, None)


def test_an_act_that_a_person_drafts_by_himself_lists_nothing(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    facts = facts_of(world, cycle, ids.new_id())
    assert facts["destroyed_papers"] is facts["subjects"] is None
    assert facts["by_service"] is False


def test_each_document_has_an_event_of_its_own_that_names_the_act(
    world: World, engine: Engine
) -> None:
    cycle, documents = due(world, ["curator_report"] * 3)
    asked = wish(world, documents)
    world.desk.keep_destruction_list(asked, KINDS)
    act_in_force(world, cycle, asked.act_id, 3)
    carry_out(world, asked.act_id)
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT subject, text::json -> 'refs' AS refs FROM audit_entries "
                "WHERE organisation_id = :id AND action = 'destroyed' ORDER BY seq"
            ),
            {"id": world.organisation},
        ).all()
    assert [row.subject for row in rows] == [f"destruction/{one}" for one in sorted(documents)]
    assert {(row.refs["act"], row.refs["keys"]) for row in rows} == {(asked.act_id, "2")}


def test_a_long_list_goes_in_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    cycle, documents = due(world, ["curator_report"] * 5)
    asked = wish(world, documents)
    world.desk.keep_destruction_list(asked, KINDS)
    act_in_force(world, cycle, asked.act_id, 5)
    assert carry_out(world, asked.act_id) == [(2, 3), (4, 1), (5, 0)]


@pytest.mark.parametrize(
    ("kind", "fields", "refusal"),
    [
        ("curator_report", {"on": date(2031, 12, 31)}, StillKept),
        ("order_pairs", {}, StillKept),
        ("order_pairs", {"ground": Ground.CONSENT_WITHDRAWN}, StillKept),
        ("event_programme", {"expert_number": None, "expert_day": None}, ExpertiseMissing),
    ],
)
def test_an_act_does_not_list_what_is_kept(
    world: World, kind: str, fields: dict[str, Any], refusal: type[Exception]
) -> None:
    _, documents = due(world, [kind])
    with pytest.raises(refusal):
        world.desk.keep_destruction_list(wish(world, documents, **fields), KINDS)


def test_a_withdrawn_consent_ends_the_papers_of_its_pair_early(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    diary = paper(world, cycle, "diary", pair_id=cycle.pairs[0].pair_id)
    asked = wish(world, [diary.document_id], ground=Ground.CONSENT_WITHDRAWN, on=NOW.date())
    world.desk.keep_destruction_list(asked, KINDS)
    act_in_force(world, cycle, asked.act_id, 1)
    carry_out(world, asked.act_id)
    gone = world.views.document(world.organisation, diary.document_id).destroyed
    assert gone is not None
    assert gone.ground == "consent_withdrawn"


def test_what_another_act_lists_or_has_destroyed_is_not_listed_again(world: World) -> None:
    cycle, documents = due(world)
    first = wish(world, documents)
    world.desk.keep_destruction_list(first, KINDS)
    act = world.document(cycle).changed(
        document_id=first.act_id, kind="destruction_act", item_id=None, destroys=1
    )
    world.save(act)
    with pytest.raises(WrongState):
        world.desk.keep_destruction_list(wish(world, documents), KINDS)
    world.save(act.changed(stage="withdrawn", revision=2))
    second = wish(world, documents)
    world.desk.keep_destruction_list(second, KINDS)
    act_in_force(world, cycle, second.act_id, 1)
    carry_out(world, second.act_id)
    with pytest.raises(WrongState):
        world.desk.keep_destruction_list(wish(world, documents), KINDS)


def test_what_a_list_names_whose_act_is_still_to_come_is_not_listed_again(
    world: World, owner_engine: Engine
) -> None:
    _, documents = due(world)
    world.desk.keep_destruction_list(wish(world, documents), KINDS)
    with pytest.raises(WrongState):
        world.desk.keep_destruction_list(wish(world, documents), KINDS)
    with owner_engine.begin() as connection:  # that act was refused, or its asker gave up
        connection.execute(
            text(
                "UPDATE destruction_acts SET recorded_at = recorded_at - interval '61 minutes'"
                " WHERE organisation_id = :id"
            ),
            {"id": world.organisation},
        )
    world.desk.keep_destruction_list(wish(world, documents), KINDS)


def test_an_act_does_not_turn_for_ever_about_a_document_whose_row_is_gone(
    world: World, owner_engine: Engine
) -> None:
    cycle, documents = due(world)
    asked = wish(world, documents)
    world.desk.keep_destruction_list(asked, KINDS)
    act_in_force(world, cycle, asked.act_id, 1)
    with owner_engine.begin() as connection:
        gone = text("DELETE FROM documents WHERE document_id = ANY(:ids)")
        connection.execute(gone, {"ids": documents})
    with pytest.raises(NotFound, match=documents[0]):
        carry_out(world, asked.act_id)


def test_what_is_not_there_is_anothers_or_is_on_its_way_is_not_found(
    world: World, engine: Engine
) -> None:
    _, documents = due(World.make(engine))
    cycle = world.with_pair()
    world.save(cycle)
    draft = world.document(cycle)
    world.save(draft)
    for unknown in ([ids.new_id()], documents, [draft.document_id]):
        with pytest.raises(NotFound):
            world.desk.keep_destruction_list(wish(world, unknown), KINDS)


def test_what_still_waits_for_somebody_is_not_listed(world: World) -> None:
    cycle, (document,) = due(world)
    state = world.document(cycle).changed(document_id=document, revision=1000)
    with world.engine.begin() as connection:
        connection.execute(
            text("UPDATE processes SET at_work = true WHERE id = :id"),
            {"id": state.workflow_id},
        )
    with pytest.raises(StillKept, match="waits"):
        world.desk.keep_destruction_list(wish(world, [document]), KINDS)


def test_a_key_that_no_act_destroyed_is_told_from_one_that_an_act_did(
    world: World, engine: Engine, owner_engine: Engine
) -> None:
    cycle, (document, lost) = due(world, ("curator_report", "event_programme"))
    asked = wish(world, [document])
    world.desk.keep_destruction_list(asked, KINDS)
    act_in_force(world, cycle, asked.act_id, 1)
    carry_out(world, asked.act_id)

    def found() -> set[str]:
        with engine.connect() as connection:
            return {one for one in unexplained(connection) if document in one or lost in one}

    assert found() == set()
    key = f"draft/{lost}/1"
    for change in (
        "wrapped = NULL, destroyed_at = now()",
        f"wrapped = NULL, destroyed_at = now(), act_id = '{asked.act_id}'",
        "wrapped = NULL",
        "destroyed_at = now()",
    ):
        with owner_engine.begin() as connection:
            kept = connection.execute(
                text("SELECT wrapped FROM object_keys WHERE key_id = :key"), {"key": key}
            ).scalar_one()
            connection.execute(
                text(f"UPDATE object_keys SET {change} WHERE key_id = :key"),  # noqa: S608
                {"key": key},
            )
        assert found() == {key}, change
        with owner_engine.begin() as connection:
            connection.execute(
                text(
                    "UPDATE object_keys SET wrapped = :kept, destroyed_at = NULL, act_id = NULL "
                    "WHERE key_id = :key"
                ),
                {"key": key, "kept": kept},
            )
    assert found() == set()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE facts SET body = '{}'",
        """UPDATE kept_texts SET body = '{"text": "иначе"}'""",
    ],
)
def test_what_was_kept_may_be_emptied_and_never_rewritten(
    world: World, engine: Engine, change: str
) -> None:
    due(world)
    with pytest.raises(DatabaseError, match="only be emptied"), engine.begin() as connection:
        connection.execute(text(f"{change} WHERE organisation_id = '{world.organisation}'"))


def test_an_act_asks_for_batches_until_nothing_is_left_and_then_reports(world: World) -> None:
    cycle, _ = due(world)
    act = act_in_force(world, cycle, ids.new_id(), 3)
    assert [move.act for move in act.next_moves(AT)] == ["destroy"]
    after = act.some_destroyed(2, AT, left=1)
    assert (after.destroyed, after.all_destroyed) == (2, False)
    done = after.some_destroyed(3, AT, left=0)
    assert (done.destroyed, done.unsaved[-1].action) == (3, "listed_destroyed")
    assert [move.act for move in done.next_moves(AT)] == ["report"]
