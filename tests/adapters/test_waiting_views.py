"""What is waited for, read from the rows of a real database, with names in the right case."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from adapters.postgres.reads import PostgresReads
from adapters.postgres.waiting_views import Waits, body_called, post_called
from domain.documents import Draft
from domain.errors import NotFound
from domain.messages import OrderInForce
from domain.names import NBSP
from domain.waiting_words import Called, sentence
from tests.adapters.test_postgres_ledger import consented
from tests.adapters.world import NOW, SHA, World, in_force

ZONE = ZoneInfo("Asia/Omsk")


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def said(waits: Waits, now: datetime = NOW) -> list[str]:
    """The sentences as their readers have them."""
    return [
        sentence(one.wait, waits.called, now, ZONE, lambda code: code).replace(NBSP, " ")
        for one in waits.lines
    ]


def on_approval(world: World) -> str:
    """The cycle's first document, which waits for the director; its id."""
    cycle = world.planned()
    paper = next(iter(cycle.papers()))
    draft = Draft(facts_id="facts", facts_sha256=SHA, sha256=SHA)
    world.save(cycle.document_started(paper))
    world.save(cycle.document(paper, NOW).drafted(draft, NOW))
    return paper.document_id


def test_a_document_says_whom_it_waits_for_with_post_and_name_in_their_case(world: World) -> None:
    document = on_approval(world)
    assert said(world.views.waits(world.organisation, f"document/{document}", NOW)) == [
        (
            "Ждём решения директора Вершининой О. П. с 7 сентября, срок — 10 сентября; затем "
            "документ зарегистрирует методист Ёлкина М. П."
        )
    ]
    late = NOW + timedelta(days=5)
    assert (
        "срок — 10 сентября (просрочено на 2 дня); затем"
        in said(world.views.waits(world.organisation, f"document/{document}", late), late)[0]
    )


def test_a_cycle_says_the_most_urgent_and_each_of_its_rows(world: World) -> None:
    on_approval(world)
    cycle, first, second = said(world.views.waits(world.organisation, world.cycle_workflow, NOW))
    title = "Приказ о внедрении целевой модели наставничества"
    assert cycle.startswith(f"{title}: ждём решения директора Вершининой О. П.")
    assert first == cycle
    assert second == "Строка откроется 1 октября."


@pytest.mark.parametrize(
    ("name", "genitive"),
    [
        ("Педагогический совет", "Педагогического совета"),
        ("ПЦК № 3", "органа «ПЦК № 3»"),
    ],
)
def test_a_body_is_named_in_the_genitive_or_said_to_be_one(name: str, genitive: str) -> None:
    assert body_called(name) == Called(nomn=name, gent=genitive)


@pytest.mark.parametrize(
    ("post", "genitive"),
    [
        ("Директор", "директора"),
        ("заместитель директора по УВР", "заместителя директора по УВР"),
        ("ИТ-специалист", "ИТ-специалиста"),
        ("", ""),
    ],
)
def test_a_post_stands_in_the_middle_of_a_sentence(post: str, genitive: str) -> None:
    assert post_called(post).gent == genitive


def test_a_pair_says_its_stage_and_its_sides_are_named(world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    pair = consented(cycle.pair(cycle.pairs[0].pair_id, NOW))
    world.save(pair.order_came(OrderInForce(document_id="order"), NOW))
    waits = world.views.waits(world.organisation, f"pair/{pair.pair_id}", NOW)
    assert said(waits)[0] == (
        "Ждём от методиста Коваль А. П. записи о встрече (первая) с 7 сентября, срок — 6 ноября; "
        "затем начнётся этап «Мониторинг»."
    )
    assert [one.name.replace(NBSP, " ") for one in waits.lines[0].about] == [
        *("Коваль А. П.", "Черных Л. П."),
    ]


def test_everything_at_work_in_a_cycle_stands_in_one_list(world: World) -> None:
    document = on_approval(world)
    cycle = world.with_pair()
    world.save(cycle.changed(revision=99))
    found = world.views.waits_in(world.organisation, world.cycle, NOW)
    of = [(one.of, one.workflow_id) for one in found.lines]
    pair = f"pair/{cycle.pairs[0].pair_id}"
    assert of[0] == ("cycle", world.cycle_workflow)
    assert {("pair", pair), ("document", f"document/{document}")} <= set(of)
    assert len(said(found)) == len(of)


def test_a_document_in_force_waits_for_nothing_and_says_since_when(world: World) -> None:
    document = in_force(world.document(world.planned()))
    world.save(document)
    waits = world.views.waits(world.organisation, document.workflow_id, NOW)
    assert said(waits) == ["Документ действует с 7 сентября."]


def test_what_is_only_announced_has_its_sentence_already(world: World) -> None:
    cycle = world.planned()
    started = cycle.document_started(next(iter(cycle.papers())))
    world.save(started)
    first = said(world.views.waits(world.organisation, world.cycle_workflow, NOW))[1]
    assert first.startswith("Приказ о внедрении целевой модели наставничества: сервис готовит")


def test_an_id_is_found_whatever_it_names_and_only_by_its_owner(
    world: World, engine: Engine
) -> None:
    document = on_approval(world)
    assert world.views.workflow_of(world.organisation, document) == f"document/{document}"
    assert world.views.workflow_of(world.organisation, world.cycle) == world.cycle_workflow
    stranger = World.make(engine)
    for id_ in (document, world.cycle):
        with pytest.raises(NotFound):
            stranger.views.workflow_of(stranger.organisation, id_)
    with pytest.raises(NotFound):
        stranger.views.waits(stranger.organisation, f"document/{document}", NOW)
    with pytest.raises(NotFound):
        stranger.views.waits_in(stranger.organisation, world.cycle, NOW)


def test_who_is_named_is_told_to_whoever_keeps_the_reads(world: World, engine: Engine) -> None:
    document = on_approval(world)
    with PostgresReads(engine).noting() as people:
        world.views.waits(world.organisation, f"document/{document}", NOW)
    assert set(people) == {world.person("director"), world.person("curator")}
