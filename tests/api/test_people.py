"""Names of people: who is doubtful, how a name is declined, and what a person says of it."""

from typing import Any

import pytest

from domain.people import AccessRole
from tests.api.calls import CURATOR, NOVICE, OURS, SURNAME
from tests.api.house import House

NAMES = f"/api/v1/people/{NOVICE}/names"


async def correct(house: House, **body: Any) -> Any:  # noqa: ANN401 - an answer
    return await house.ask(AccessRole.CURATOR, "POST", NAMES, json=body)


async def test_the_doubtful_are_listed_apart(house: House) -> None:
    first, *others = house.views.listed
    house.views.listed = (first.changed(sure=False), *others)

    doubtful = await house.ask(AccessRole.CURATOR, "GET", "/api/v1/people?unsure=true")
    everybody = await house.ask(AccessRole.CURATOR, "GET", "/api/v1/people")

    assert [one["id"] for one in doubtful.json()["people"]] == [first.id]
    assert len(everybody.json()["people"]) == len(house.views.listed)


async def test_a_name_is_shown_in_all_cases_with_its_doubts(house: House) -> None:
    shown = (await house.call("people.names")).json()

    assert shown["person_id"] == NOVICE
    assert shown["forms"]["nomn"]["last"] == "Заяц"
    assert shown["forms"]["unsure"] == ["last"]
    assert shown["corrected_by"] is None


async def test_a_correction_is_kept_and_answered(house: House) -> None:
    answer = await correct(house, last=SURNAME)

    assert answer.status_code == 200
    assert answer.json()["forms"]["gent"]["last"] == "Заяца"
    assert answer.json()["forms"]["unsure"] == []
    assert answer.json()["corrected_by"]["id"] == house.views.users["nst_curator"].id
    assert house.desk.names[OURS, NOVICE].corrected == ("last",)


async def test_a_doubtful_name_is_asked_about_until_it_is_answered(house: House) -> None:
    (question,) = (await house.call("inbox.list", AccessRole.CURATOR)).json()["questions"]
    assert question["title"] == "Как склоняется «Заяц Илья Львович»?"
    assert (question["person_id"], question["unsure"]) == (NOVICE, ["last"])

    await correct(house, last=SURNAME)

    assert (await house.call("inbox.list", AccessRole.CURATOR)).json()["questions"] == []


@pytest.mark.parametrize("role", [AccessRole.DIRECTOR, AccessRole.AUDITOR])
async def test_who_may_not_answer_is_not_asked(house: House, role: AccessRole) -> None:
    assert (await house.call("inbox.list", role)).json()["questions"] == []


async def test_a_part_that_is_not_there_is_refused(house: House) -> None:
    forms = house.desk.names[OURS, NOVICE]
    bare = {case: forms.form(case).changed(patronymic=None) for case in ("nomn", "gent")}
    house.desk.names[OURS, NOVICE] = forms.changed(**bare)

    answer = await correct(house, patronymic=SURNAME)

    assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body"),
        ({"last": {**SURNAME, "gent": ""}}, "body.last.gent"),
        ({"last": {**SURNAME, "gent": "Заяца1"}}, "body.last.gent"),
        ({"last": {**SURNAME, "gent": "Зая\nца"}}, "body.last.gent"),
        ({"last": {"gent": "Заяца"}}, "body.last.datv"),
        ({"last": {**SURNAME, "nomn": "Зайцев"}}, "body.last.nomn"),
        ({"middle": SURNAME}, "body.middle"),
    ],
)
async def test_what_is_no_form_of_a_name_is_refused_by_field(
    house: House, body: dict[str, Any], field: str
) -> None:
    answer = await correct(house, **body)

    assert (answer.status_code, answer.json()["code"]) == (422, "RequestInvalid")
    assert field in [one["field"] for one in answer.json()["errors"]]
    assert not house.desk.names[OURS, NOVICE].corrected


async def test_a_person_of_no_list_is_not_found(house: House) -> None:
    path = NAMES.replace(NOVICE, CURATOR)

    read = await house.ask(AccessRole.CURATOR, "GET", path)
    said = await house.ask(AccessRole.CURATOR, "POST", path, json={"last": SURNAME})

    assert (read.status_code, said.status_code) == (404, 404)
