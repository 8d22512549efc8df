"""Journals over HTTP: lines, numbers out of turn, papers from outside, files."""

from typing import Any

import pytest

from api.policy import ALLOWED
from domain.document_wishes import Register
from domain.errors import FactMissing
from domain.journals import MOST_SKIPPED
from domain.people import AccessRole
from tests.api.calls import CANARY, CURATOR, DOCUMENT, DOCX, OURS, XLSX
from tests.api.house import House
from tests.api.legal import ORDER_FORMS

NEXT = "/api/v1/journals/orders/reserve"
GROUND = {"level": "municipal", "head": ORDER_FORMS, "topics": ["introduction"]}
PAPER = {
    "sender": "Управление образования",
    "number": "17-исх",
    "day": "2026-09-01",
    "title": "О смотре",
}


async def lines(house: House, journal: str = "orders", year: int = 2026) -> list[dict[str, Any]]:
    path = f"/api/v1/journals/{journal}/lines?year={year}"
    answer = await house.ask("auditor", "GET", path)
    found: list[dict[str, Any]] = answer.json()["lines"]
    return found


async def test_a_number_is_reserved_with_its_reason_and_by_whom(house: House) -> None:
    answer = await house.call("journals.reserve", key="once")
    again = await house.call("journals.reserve", key="once")

    line = answer.json()
    assert (answer.status_code, line["number"], line["state"]) == (200, "3-о", "reserved")
    assert (line["reason"], line["author"]["id"]) == (CANARY, house.views.users["nst_curator"].id)
    assert again.json() == line
    assert [one["number"] for one in await lines(house)] == ["1-о", "2-о", "3-о"]


async def test_lettered_and_void_numbers_stand_in_the_journal(house: House) -> None:
    lettered = (await house.call("journals.letter")).json()
    void = (await house.call("journals.void")).json()

    assert (lettered["number"], lettered["letter"]) == ("1-а-о", "а")
    assert (void["number"], void["state"], void["reason"]) == ("2-о", "void", CANARY)
    numbers = [(one["number"], one["state"]) for one in await lines(house)]
    assert numbers == [("1-о", "reserved"), ("1-а-о", "reserved"), ("2-о", "void")]


async def test_without_a_year_it_is_the_organisations_own(house: House) -> None:
    answer = await house.ask("auditor", "GET", "/api/v1/journals/orders/lines")

    assert (answer.json()["year"], answer.json()["total"]) == (2026, 2)
    assert await lines(house, year=2025) == []


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("orders/void", {"number": "9-о", "reason": "x"}, 404, "NotFound"),
        ("love/reserve", {"reason": "x"}, 404, "NotFound"),
        ("orders/lettered", {"after": "9-о", "reason": "x"}, 404, "NotFound"),
        ("orders/void", {"number": "1-о"}, 422, "RequestInvalid"),
        ("orders/void", {"number": "приказ", "reason": "x"}, 422, "RequestInvalid"),
        ("orders/void", {"number": "1-о", "reason": "x", "year": 1}, 422, "RequestInvalid"),
        ("orders/reserve", {}, 422, "RequestInvalid"),
        ("orders/reserve", {"reason": "\u0007"}, 422, "RequestInvalid"),
    ],
)
async def test_what_cannot_be_done_with_a_number_is_refused(
    house: House, path: str, body: dict[str, object], status: int, code: str
) -> None:
    answer = await house.ask(AccessRole.CURATOR, "POST", f"/api/v1/journals/{path}", json=body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert len(await lines(house)) == 2


async def test_a_number_is_made_void_once(house: House) -> None:
    await house.call("journals.void")
    again = await house.call("journals.void")

    assert (again.status_code, again.json()["code"]) == (409, "WrongState")


# Registering with a typed number


async def registered(house: House, **body: object) -> Any:  # noqa: ANN401 - an answer
    without = house.views.documents[OURS, DOCUMENT].changed(number=None, stage="to_register")
    house.views.documents[OURS, DOCUMENT] = without
    return await house.call("documents.register", json={"version": 2, **body})


async def test_a_typed_number_goes_with_the_wish_and_its_reason_stays_in_a_row(
    house: House,
) -> None:
    answer = await registered(house, number="5-о", reason=CANARY)

    wish: Register = house.wish()
    assert answer.status_code == 200
    assert wish.number == "5-о"
    assert wish.note_id is not None
    assert house.desk.texts[wish.note_id].body == {"text": CANARY}
    assert CANARY not in wish.model_dump_json()


async def test_the_next_number_needs_no_words(house: House) -> None:
    await registered(house)

    assert (house.wish().number, house.wish().note_id) == (None, None)
    assert not house.desk.texts


@pytest.mark.parametrize(
    ("number", "status", "code"),
    [
        ("12", 422, "ForeignNumber"),
        (f"{MOST_SKIPPED + 9}-о", 422, "NumberTooFar"),
        ("2-о", 409, "NumberTaken"),
        ("пять", 422, "RequestInvalid"),
        ("5 о", 422, "RequestInvalid"),
    ],
)
async def test_a_number_that_cannot_be_is_refused_before_anything_is_asked(
    house: House, number: str, status: int, code: str
) -> None:
    await house.call("journals.void")

    answer = await registered(house, number=number, reason=CANARY)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert any("а" <= letter <= "я" for letter in answer.json()["title"])
    assert not house.gateway.sent


async def test_a_reserved_number_may_be_asked_for(house: House) -> None:
    assert (await registered(house, number="1-О", reason="зарезервирован")).status_code == 200


# Journals of the organisation's own


async def test_kinds_are_counted_under_another_mask(house: House) -> None:
    journals = (await house.call("journals.place_kinds")).json()["journals"]

    own = {one["name"]: one for one in journals}["own_orders"]
    assert (own["own"], own["mask"]) == (True, "01-08/{n}")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"mask": "приказ"}, 422, "MaskNotUnique"),
        ({"mask": "{n}-О"}, 422, "MaskNotUnique"),
        ({"mask": "{n} о"}, 422, "RequestInvalid"),
        ({"since": "2026-09-01"}, 422, "BadDate"),
        ({"journal": "orders"}, 409, "WrongState"),
        ({"journal": "incoming"}, 409, "WrongState"),
        ({"kinds": ["love_letter"]}, 404, "NotFound"),
        ({"kinds": []}, 422, "RequestInvalid"),
    ],
)
async def test_a_journal_that_cannot_be_is_refused(
    house: House, change: dict[str, object], status: int, code: str
) -> None:
    known = {
        "journal": "own_orders",
        "title": "Журнал приказов",
        "mask": "01-08/{n}",
        "kinds": ["order_curator"],
        "since": "2027-01-01",
    }

    answer = await house.call("journals.place_kinds", json={**known, **change})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not house.desk.books.own


def test_only_the_administrator_changes_masks() -> None:
    assert ALLOWED["journals.place_kinds"] == {AccessRole.ADMINISTRATOR}


# Papers from outside


async def test_a_paper_from_outside_is_filed_once(house: House) -> None:
    first = await house.call("journals.file_incoming", json=PAPER)
    second = await house.call("journals.file_incoming", json=PAPER)

    line = first.json()["line"]
    assert (line["number"], line["foreign_number"], line["sender"]) == (
        *("1-вх", "17-исх", "Управление образования"),
    )
    assert first.json()["ground"] is None
    assert (second.status_code, second.json()["code"]) == (409, "IncomingKnown")
    assert [one["number"] for one in await lines(house, "incoming")] == ["1-вх"]


async def test_a_paper_from_outside_becomes_a_ground(house: House) -> None:
    ground = {**GROUND, "issuer": "Управления образования", "since": "2026-09-01"}

    answer = await house.call("journals.file_incoming", json={**PAPER, "ground": ground})

    cited = answer.json()["ground"]["cited"].replace("\N{NO-BREAK SPACE}", " ")
    assert cited == ("приказом Управления образования от 1 сентября 2026 г. № 17-исх «О смотре»")
    listed = (await house.ask("auditor", "GET", "/api/v1/grounds")).json()["grounds"]
    assert answer.json()["ground"]["id"] in [one["id"] for one in listed]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"day": "2026-09-09"}, "BadDate"),
        ({"sender": "\n"}, "RequestInvalid"),
        ({"number": "б/н"}, "RequestInvalid"),
        ({"ground": {**GROUND, "since": "2026-08-01"}}, "RequestInvalid"),
    ],
)
async def test_a_paper_that_cannot_be_is_refused(
    house: House, change: dict[str, object], code: str
) -> None:
    answer = await house.call("journals.file_incoming", json={**PAPER, **change})

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert await lines(house, "incoming") == []


# Files


@pytest.mark.parametrize(("ending", "media_type"), [("xlsx", XLSX), ("docx", DOCX)])
async def test_a_journal_is_given_out_as_a_file(house: House, ending: str, media_type: str) -> None:
    answer = await house.ask("auditor", "GET", f"/api/v1/journals/orders/file?format={ending}")

    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert f".{ending}" in answer.headers["Content-Disposition"]
    assert answer.content == f"PK {ending} orders 2026".encode()


@pytest.mark.parametrize(
    ("path", "status"),
    [("orders/file?format=pdf", 422), ("orders/file", 422), ("love/file?format=xlsx", 404)],
)
async def test_another_file_is_refused(house: House, path: str, status: int) -> None:
    answer = await house.ask("auditor", "GET", f"/api/v1/journals/{path}")

    assert answer.status_code == status


async def test_a_journal_that_cannot_be_printed_is_a_refusal(house: House) -> None:
    house.spoilt = FactMissing("в списке больше 20000 строк")

    answer = await house.call("journals.file")

    assert (answer.status_code, answer.json()["code"]) == (422, "FactMissing")


async def test_nobody_sees_the_lines_of_another_organisation(house: House) -> None:
    answer = await house.ask("their_auditor", "GET", "/api/v1/journals/orders/lines?year=2026")

    assert answer.json()["lines"] == []
    assert CURATOR not in answer.text
