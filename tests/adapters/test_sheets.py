"""Sheets beside a document: what was decided, by whom and by which right; who has read it."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from activities.tasks import AcquaintanceWish, KeptText, MandateWish
from adapters.postgres.approval_tables import VerdictRow
from adapters.postgres.enrolling import body_id
from adapters.postgres.rows import Known, put
from adapters.postgres.sheet_views import Sheet
from domain import ids
from domain.documents import DocumentState
from domain.errors import NotFound
from domain.mandates import Capacity, MandateGround, MandateRecord
from domain.routes import Outcome
from tests.adapters.test_acquaintance import CHILD, a_world, kept
from tests.adapters.test_college_papers import rows_of, text_of
from tests.adapters.world import NOW, World, templates

V1, V2 = "1a" * 32, "2b" * 32
LATE = datetime(2026, 9, 7, 20, 5, tzinfo=UTC)  # the next day in Omsk


@pytest.fixture
def world(engine: Engine) -> World:
    return a_world(engine)


def acting_director(world: World) -> str:
    """The curator's right to act for the director."""
    record = MandateRecord(
        id=ids.new_id(),
        person_id=world.person("curator"),
        capacity=Capacity.SUBSTITUTE,
        post="исполняющий обязанности директора",
        instead_of=world.person("director"),
        since=NOW.date(),
        ground=MandateGround(what="order", number="7-л", day=NOW.date()),
    )
    world.desk.give_mandate(
        MandateWish(organisation_id=world.organisation, record=record, by="user", at=NOW)
    )
    return record.id


def remark(world: World, document: DocumentState, words: str) -> str:
    return world.desk.keep_text(
        KeptText(
            id=ids.new_id(),
            organisation_id=world.organisation,
            kind="remark",
            subject=f"document/{document.document_id}",
            author="user",
            body={"text": words},
        )
    )


def say(world: World, document: DocumentState, *verdicts: dict[str, object]) -> None:
    rows = [
        {
            "document_id": document.document_id,
            "n": n,
            "organisation_id": world.organisation,
            "version": 2,
            "stage": "approval",
            "stage_title": "Согласование",
            "holder": world.person("director"),
            "user_id": "user",
            "person_id": world.person("director"),
            "outcome": Outcome.APPROVE,
            "sha256": V2,
            "note_id": None,
            "at": NOW.isoformat(),
            "mandate_id": None,
            "sitting_id": None,
            "number": None,
            "day": None,
            **verdict,
        }
        for n, verdict in enumerate(verdicts, start=1)
    ]
    with world.engine.begin() as connection:
        put(connection, VerdictRow, rows, Known.IS_AN_ERROR)


def sheet(world: World, document: DocumentState, kind: Sheet) -> bytes:
    organisation = world.organisation
    facts = world.views.sheet_facts(organisation, document.document_id, kind, NOW)
    return templates().render(kind, facts)


def plain(rows: list[list[str]]) -> list[list[str]]:
    return [[" ".join(cell.split()) for cell in row] for row in rows]


def test_each_decision_stands_with_its_right_its_words_and_its_version(world: World) -> None:
    document = kept(world)
    say(
        world,
        document,
        {
            "outcome": Outcome.SEND_BACK,
            "version": 1,
            "sha256": V1,
            "note_id": remark(world, document, "нет срока {{ snake_case }}\nи подписи"),
        },
        {
            "person_id": world.person("curator"),
            "mandate_id": acting_director(world),
            "note_id": remark(world, document, "проверьте даты"),
            "at": LATE.isoformat(),
        },
        {
            "person_id": None,
            "holder": body_id(world.organisation, "council"),
            "number": "3",
            "day": date(2026, 9, 5).isoformat(),
        },
        {"outcome": Outcome.REFUSE},
    )

    made = sheet(world, document, "approval_sheet")

    assert plain(rows_of(made, "Решение")) == [
        [
            *("1", "О. П. Вершинина, директор", "1", "Возвращено на доработку"),
            *("Нет срока {{ snake-case }} и подписи", "7 сентября 2026 г., 15:00", V1),
        ],
        [
            *("2", "М. П. Ёлкина, исполняющий обязанности директора", "2"),
            *("Согласовано с замечанием", "Проверьте даты", "8 сентября 2026 г., 2:05", V2),
        ],
        [
            *("3", "Совет, протокол № 3 от 5 сентября 2026 г.", "2", "Согласовано"),
            *("—", "7 сентября 2026 г., 15:00", V2),
        ],
        [
            *("4", "О. П. Вершинина, директор", "2", "Отказано"),
            *("—", "7 сентября 2026 г., 15:00", V2),
        ],
    ]


def test_a_route_on_which_nobody_has_decided_gives_an_empty_sheet(world: World) -> None:
    document = kept(world, settled=False)

    rows = plain(rows_of(sheet(world, document, "approval_sheet"), "Решение"))

    assert {cell for row in rows for cell in row[1:]} == {""}


def test_a_document_that_nobody_approves_has_no_sheet_of_approvals(world: World) -> None:
    document = kept(world, settled=False).changed(approval=None, revision=9)
    world.save(document)

    with pytest.raises(NotFound):
        sheet(world, document, "approval_sheet")


def test_the_sheet_lists_readers_by_name_and_says_who_is_missing(world: World) -> None:
    document = kept(world)
    world.desk.record_acquaintance(
        AcquaintanceWish(
            organisation_id=world.organisation,
            document_id=document.document_id,
            people=(world.person("mentee"), world.person(CHILD)),
            day=date(2026, 9, 6),
            by="user",
            person_id=world.person("mentee"),
            for_others=True,
            at=NOW,
        )
    )

    made = sheet(world, document, "acquaintance_sheet")

    rows = {row[1]: row[2:] for row in plain(rows_of(made, "Подпись"))}
    assert rows["Черных Любовь Павловна"] == ["Методист", "отмечено в системе", "06.09.2026"]
    child = rows["Дюма Алиса Павловна"]
    assert child == ["Ученица; представитель — В. П. Дюма", "подпись на бумаге", "06.09.2026"]
    assert rows["Дюма Светлана Павловна"][1:] == ["", ""]
    text = " ".join(text_of(made).split())
    assert "с документом «Приказ о внедрении целевой модели наставничества»" in text
    assert "от 6 сентября 2026 г. № 1-о" in text
    missing = len(rows) - 2
    assert f"По состоянию на 7 сентября 2026 г. не ознакомлены ({missing} из {len(rows)}): " in text


def test_before_it_is_in_force_the_sheet_has_no_date(world: World) -> None:
    text = text_of(sheet(world, kept(world, settled=False), "acquaintance_sheet"))

    assert "от ______________ № ______" in text


@pytest.mark.parametrize("kind", ["approval_sheet", "acquaintance_sheet"])
def test_another_organisations_document_has_no_sheets(
    engine: Engine, world: World, kind: Sheet
) -> None:
    document = kept(world)

    with pytest.raises(NotFound):
        World.make(engine).views.sheet_facts(ids.new_id(), document.document_id, kind, NOW)
