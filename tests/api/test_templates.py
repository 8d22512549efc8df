"""Templates of an organisation: taken whole or refused with all mistakes, listed, given out."""

from datetime import date
from typing import Any

import pytest

from domain.people import AccessRole
from tests.api.calls import DOCX, OURS
from tests.api.house import House

KIND = "order_curator"
PATH = f"/api/v1/templates/{KIND}"
GOOD = b"PK\x03\x04\nThe order\n?no date"
BAD = b"PK\x03\x04\n!unknown field\nfine\n!broken tag\n?no date"


async def send(house: House, content: bytes = GOOD, query: str = "", **given: Any) -> Any:  # noqa: ANN401 - an answer
    known = {"headers": {"Content-Type": DOCX}, **given}
    return await house.ask(
        AccessRole.ADMINISTRATOR, "POST", f"{PATH}{query}", content=content, **known
    )


async def test_a_template_is_kept_as_the_next_version_with_its_warnings(house: House) -> None:
    first, second = await send(house), await send(house, GOOD + b"\nmore")

    assert [one.json()["version"]["version"] for one in (first, second)] == [1, 2]
    assert first.json()["warnings"] == ["текст, абзац 3: no date"]
    assert first.json()["version"]["active_from"] == "2026-09-02"
    assert first.json()["version"]["uploaded_by"] == house.views.users["nst_administrator"].id


async def test_the_same_request_keeps_one_version(house: House) -> None:
    answers = [await send(house, key="once") for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert len(house.desk.template_versions) == 1


async def test_a_template_with_mistakes_is_refused_with_all_of_them(house: House) -> None:
    answer = await send(house, BAD)

    assert (answer.status_code, answer.json()["code"]) == (422, "BadTemplate")
    assert answer.json()["title"] == "В шаблоне ошибки, он не принят"
    assert answer.json()["detail"] == "Ошибок: 2"
    assert [one["reason"] for one in answer.json()["errors"]] == [
        "текст, абзац 2: unknown field",
        "текст, абзац 4: broken tag",
    ]
    assert not house.desk.template_versions


async def test_a_refused_template_may_be_sent_again_under_the_same_key(house: House) -> None:
    refused = await send(house, BAD, key="again")
    again = await send(house, BAD, key="again")

    assert [refused.status_code, again.status_code] == [422, 422]


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(b"", DOCX), (b"%PDF-1.7", DOCX), (GOOD, "application/pdf"), (GOOD, "multipart/form-data")],
)
async def test_what_is_no_docx_is_refused(house: House, content: bytes, media_type: str) -> None:
    answer = await send(house, content, headers={"Content-Type": media_type})

    assert (answer.status_code, answer.json()["code"]) == (422, "BadUpload")


async def test_a_template_may_wait_for_its_day_but_not_begin_in_the_past(house: House) -> None:
    waits = await send(house, query="?active_from=2026-09-03")
    gone = await send(house, query="?active_from=2026-09-01")

    assert waits.json()["version"]["active_from"] == "2026-09-03"
    assert (gone.status_code, gone.json()["code"]) == (422, "BadDate")


async def test_the_list_says_which_version_is_in_force_today(house: House) -> None:
    assert (await house.ask("auditor", "GET", PATH)).json()["in_force"] == 0

    await send(house)
    await send(house, GOOD + b"\nlater", "?active_from=2026-09-03")
    listed = (await house.ask("auditor", "GET", PATH)).json()

    assert (listed["in_force"], listed["on"]) == (1, "2026-09-02")
    assert [one["version"] for one in listed["versions"]] == [1, 2]
    assert [one["name"] for one in listed["fields"]] == ["mentor"]


async def test_each_version_is_given_out_and_tried_out(house: House) -> None:
    await send(house)

    kept = await house.ask("auditor", "GET", f"{PATH}/versions/1/file")
    sample = await house.ask("auditor", "GET", f"{PATH}/versions/1/preview")
    ours = await house.ask("auditor", "GET", f"{PATH}/versions/0/file")

    assert kept.content == GOOD
    assert kept.headers["Content-Type"] == DOCX
    assert kept.headers["Content-Disposition"].startswith("attachment")
    assert sample.content == b"PK sample of " + GOOD
    assert ours.content.startswith(b"PK ours order_curator")


async def test_two_versions_are_compared(house: House) -> None:
    await send(house)
    await send(house, GOOD + b"\nmore")

    answer = await house.ask("auditor", "GET", f"{PATH}/difference?old=1&new=2")

    (change,) = answer.json()["changes"]
    assert (change["what"], change["place"]) == ("changed", "текст, абзац 1")


@pytest.mark.parametrize(
    "path",
    [f"{PATH}/versions/2/file", f"{PATH}/versions/2/preview", f"{PATH}/difference?old=0&new=2"],
)
async def test_a_version_that_there_is_not_is_not_found(house: House, path: str) -> None:
    await send(house)

    assert (await house.ask("auditor", "GET", path)).json()["code"] == "NotFound"


async def test_a_kind_that_there_is_not_is_not_found(house: House) -> None:
    path = "/api/v1/templates/nothing"

    listed = await house.ask("auditor", "GET", path)
    sent = await house.ask(
        AccessRole.ADMINISTRATOR, "POST", path, content=GOOD, headers={"Content-Type": DOCX}
    )

    assert (listed.status_code, sent.status_code) == (404, 404)


async def test_templates_and_layout_of_another_organisation_are_not_seen(house: House) -> None:
    await send(house)
    await house.call("layout.set")

    theirs = (await house.ask("their_auditor", "GET", PATH)).json()
    file = await house.ask("their_auditor", "GET", f"{PATH}/versions/1/file")
    layout = (await house.ask("their_auditor", "GET", "/api/v1/layout-settings")).json()

    assert (theirs["in_force"], theirs["versions"]) == (0, [])
    assert file.status_code == 404
    assert layout["size_pt"] is None


async def test_a_layout_is_kept_and_lies_over_our_templates(house: House) -> None:
    said = await house.call("layout.set", json={"font": "Liberation Serif", "size_pt": 13})
    read = await house.ask("auditor", "GET", "/api/v1/layout-settings")
    ours = await house.ask("auditor", "GET", f"{PATH}/versions/0/file")

    assert said.json() == read.json()
    assert (read.json()["size_pt"], read.json()["left_mm"]) == (13, None)
    assert ours.content.endswith(b"Liberation Serif")
    (kept,) = house.desk.layouts.values()
    assert (kept.organisation_id, kept.at.date()) == (OURS, date(2026, 9, 2))


@pytest.mark.parametrize("body", [{"size_pt": 3}, {"font": "{{ x }}"}, {"colour": "red"}])
async def test_a_layout_that_cannot_be_is_refused_by_field(
    house: House, body: dict[str, Any]
) -> None:
    answer = await house.call("layout.set", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "RequestInvalid")
    assert answer.json()["errors"][0]["field"] == f"body.{next(iter(body))}"


@pytest.mark.parametrize("role", [AccessRole.CURATOR, AccessRole.DIRECTOR, AccessRole.AUDITOR])
async def test_only_the_administrator_changes_templates_and_layout(
    house: House, role: AccessRole
) -> None:
    answers = [await house.call(name, role) for name in ("templates.upload", "layout.set")]

    assert [one.status_code for one in answers] == [403, 403]
