"""Working days, and the sheets beside a document, over HTTP."""

from typing import Any

import pytest

from api.policy import ALLOWED
from domain.people import AccessRole
from tests.api.calls import DIRECTOR, DOCUMENT, DOCX, MENTOR, NOVICE, OURS, XLSX
from tests.api.house import House
from tests.api.readers import DAYS

DOCUMENT_PATH = f"/api/v1/documents/{DOCUMENT}"
ACQUAINTANCE = f"{DOCUMENT_PATH}/acquaintance"


async def year(house: House, of: int = 2027) -> dict[str, Any]:
    found: dict[str, Any] = (await house.ask("auditor", "GET", f"/api/v1/calendars/{of}")).json()
    return found


async def test_a_year_is_the_laws_until_the_organisation_names_days_of_its_own(
    house: House,
) -> None:
    assert (await year(house, 2025))["working_days"] == 247
    before = await year(house)

    after = (await house.call("calendars.load")).json()

    assert (before["decree"], before["working_days"], after["working_days"]) == (None, 249, 249)
    assert [one for one in after["days"] if one["own"]] == [{**day, "own": True} for day in DAYS]
    assert await year(house) == after


async def test_days_are_taken_from_a_table_in_place_of_those_before(house: House) -> None:
    await house.call("calendars.load")

    loaded = (await house.call("calendars.import")).json()

    assert [one["day"] for one in loaded["days"] if one["own"]] == ["2027-02-22"]
    assert loaded["working_days"] == 248


@pytest.mark.parametrize(
    "days",
    [
        [],
        [{"day": "2027-02-20", "works": True}, {"day": "2028-02-20", "works": True}],
        [{"day": "2027-02-20", "works": True}, {"day": "2027-02-20", "works": False}],
        [{"day": "2027-02-30", "works": True}],
        [{"day": "2012-02-20", "works": True}],
        [{"day": "2027-02-20", "works": "полдня"}],
    ],
)
async def test_days_that_cannot_be_a_calendar_are_refused(
    house: House, days: list[dict[str, object]]
) -> None:
    answer = await house.call("calendars.load", json={"days": days})

    assert (answer.status_code, answer.json()["code"]) == (422, "RequestInvalid")
    assert not any(one["own"] for one in (await year(house))["days"])


@pytest.mark.parametrize(
    ("end", "code"), [(b"1999", "BadDate"), (b"2101", "BadDate"), (b"days", "BadSpreadsheet")]
)
async def test_a_table_with_mistakes_or_of_a_strange_year_is_refused(
    house: House, end: bytes, code: str
) -> None:
    headers = {"Content-Type": XLSX}

    answer = await house.call("calendars.import", content=b"PK\x03\x04 " + end, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert house.desk.sheets.days == {}


def test_a_calendar_is_the_administrators() -> None:
    assert ALLOWED["calendars.load"] == ALLOWED["calendars.import"] == {AccessRole.ADMINISTRATOR}


async def test_people_say_it_of_themselves_and_of_the_children_they_represent(
    house: House,
) -> None:
    assert (await house.ask("auditor", "GET", ACQUAINTANCE)).json()["missing"] == 3

    answer = await house.ask("director", "POST", ACQUAINTANCE, json={})

    shown = answer.json()
    assert (answer.status_code, shown["missing"]) == (200, 2)
    line = next(one for one in shown["people"] if one["person"]["id"] == DIRECTOR)
    assert (line["day"], line["way"]) == ("2026-09-02", "account")
    assert line["recorded_by"]["id"] == house.views.users["nst_director"].id
    missing = [one["person"]["id"] for one in shown["people"] if one["day"] is None]
    assert missing == [MENTOR, NOVICE]


async def test_a_curator_says_it_of_others_who_signed_on_paper(house: House) -> None:
    body = {"person_ids": [MENTOR, NOVICE], "day": "2026-09-01"}

    answer = await house.ask(AccessRole.CURATOR, "POST", ACQUAINTANCE, json=body)

    lines = {one["person"]["id"]: one for one in answer.json()["people"]}
    assert answer.status_code == 200
    assert (lines[MENTOR]["way"], lines[NOVICE]["reader"]["id"]) == ("paper", MENTOR)
    assert {lines[one]["day"] for one in (MENTOR, NOVICE)} == {"2026-09-01"}


@pytest.mark.parametrize(
    ("role", "body", "status", "code"),
    [
        ("director", {"person_ids": [MENTOR]}, 403, "NotYours"),
        ("curator", {"person_ids": ["a" * 16]}, 422, "NotNamed"),
        ("curator", {"person_ids": ["M-01"]}, 422, "RequestInvalid"),
        ("curator", {"person_ids": []}, 422, "RequestInvalid"),
        ("curator", {"day": "2026-08-31"}, 422, "BadDate"),
        ("curator", {"day": "2026-09-03"}, 422, "BadDate"),
        ("auditor", {}, 403, "Forbidden"),
    ],
)
async def test_what_nobody_can_have_read_is_refused(
    house: House, role: str, body: dict[str, object], status: int, code: str
) -> None:
    answer = await house.ask(role, "POST", ACQUAINTANCE, json=body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert house.desk.sheets.said == {}


async def test_another_day_for_the_same_person_and_a_document_not_in_force_are_refused(
    house: House,
) -> None:
    await house.ask("director", "POST", ACQUAINTANCE, json={"day": "2026-09-01"})
    other = await house.ask("director", "POST", ACQUAINTANCE, json={"day": "2026-09-02"})
    known = house.desk.sheets.lists
    known[OURS, DOCUMENT] = known[OURS, DOCUMENT].changed(since=None)
    early = await house.ask("director", "POST", ACQUAINTANCE, json={})

    assert (other.status_code, other.json()["code"]) == (409, "AcquaintedAlready")
    assert (early.status_code, early.json()["code"]) == (409, "NotInForce")


@pytest.mark.parametrize(
    ("path", "sheet", "name"),
    [
        ("approval-sheet", "approval_sheet", "%D0%9B%D0%B8%D1%81%D1%82%20%D1%81%D0%BE%D0%B3"),
        ("acquaintance-sheet", "acquaintance_sheet", "%D0%9B%D0%B8%D1%81%D1%82%20%D0%BE%D0%B7"),
    ],
)
async def test_a_sheet_is_a_file_to_be_saved(
    house: House, path: str, sheet: str, name: str
) -> None:
    answer = await house.ask("auditor", "GET", f"{DOCUMENT_PATH}/{path}")

    assert answer.content == f"PK {sheet} 3".encode()
    assert answer.headers["Content-Type"] == DOCX
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment;")
    assert name in said
    assert said.endswith(".docx")


# Tables


async def test_a_version_of_a_report_is_taken_as_a_table(house: House) -> None:
    answer = await house.call("documents.table")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == XLSX
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.content == b"PK order_pairs http://house/"


async def test_a_version_that_is_not_there_has_no_table(house: House) -> None:
    answer = await house.ask("auditor", "GET", f"{DOCUMENT_PATH}/table.xlsx?version=9")

    assert answer.status_code == 404


async def test_a_kind_without_tables_has_none(house: House) -> None:
    known = house.views.documents[OURS, DOCUMENT]
    house.views.documents[OURS, DOCUMENT] = known.changed(kind="love_letter")

    answer = await house.call("documents.table")

    assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")
