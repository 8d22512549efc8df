"""Whoever is shown data of a minor is noted first; and what is asked of the log and of reads."""

from datetime import date

import pytest
from sqlalchemy.exc import ProgrammingError

from adapters.postgres.views import LogAsked, ReadsAsked
from api.policy import ALLOWED, PAGES
from api.reads import LOOKS
from domain.people import AccessRole
from tests.api.calls import CALLS, DOCUMENT, NOVICE, OURS, PAIR, TEXT
from tests.api.house import House

BIRTH = date(2012, 1, 1)
HOLDS = {
    "documents.file": ("file", "document", DOCUMENT),
    "documents.table": ("file", "document", DOCUMENT),
    "documents.copy": ("copy", "document", DOCUMENT),
    "documents.attached": ("file", "document", DOCUMENT),
    "documents.approval_sheet": ("sheet", "document", DOCUMENT),
    "documents.acquaintance_sheet": ("sheet", "document", DOCUMENT),
    "people.list": ("card", "everybody", ""),
    "people.names": ("name_forms", "person", NOVICE),
    "texts.get": ("text", "text", TEXT),
}
"""Routes whose answers hold data of people whom no name in them tells."""


def test_every_route_says_what_of_people_it_shows() -> None:
    assert set(LOOKS) == {*ALLOWED, *PAGES}
    assert {name for name, looks in LOOKS.items() if looks is None} == {
        name for name, right in PAGES.items() if right is None
    }


@pytest.mark.parametrize("name", HOLDS)
async def test_a_file_a_text_and_a_list_are_noted_with_whose_data_they_hold(
    house: House, name: str
) -> None:
    house.fill()
    assert (await house.call(name)).status_code == 200
    ((read, _, scope, id_),) = house.reads.kept
    assert (read.shown, scope, id_) == HOLDS[name]
    assert (read.route, read.role) == (name, AccessRole.AUDITOR)


async def test_no_route_that_answers_bytes_or_words_of_people_is_missing(house: House) -> None:
    """What is no JSON has no names that the reads could know by themselves."""
    house.fill()
    of_documents = []
    for name, call in CALLS.items():
        if call.method == "GET" and f"/{DOCUMENT}" in call.path:
            answer = await house.call(name)
            if not answer.headers["Content-Type"].startswith("application/json"):
                of_documents.append(name)
    assert set(of_documents) <= set(HOLDS)


async def test_whoever_is_named_in_an_answer_is_noted_with_who_looked(house: House) -> None:
    house.reads.named = {NOVICE: BIRTH}
    assert (await house.call("pairs.get", AccessRole.CURATOR)).status_code == 200
    ((read, people, scope, _),) = house.reads.kept
    assert (read.organisation_id, read.about, read.shown) == (OURS, f"pair/{PAIR}", "names")
    assert read.account == house.views.users["nst_curator"].id
    assert (people, scope) == ({NOVICE: BIRTH}, None)


async def test_an_answer_that_names_nobody_is_not_noted(house: House) -> None:
    await house.call("storage.get")
    await house.call("pairs.get")
    assert house.reads.kept == []


async def test_what_is_refused_or_not_found_shows_nothing_and_is_not_noted(house: House) -> None:
    house.reads.named = {NOVICE: BIRTH}
    assert (await house.call("pairs.get", "their_auditor")).status_code == 404
    assert (await house.call("log.list", AccessRole.DIRECTOR)).status_code == 403
    assert house.reads.kept == []


async def test_a_read_that_cannot_be_noted_is_refused_and_shows_nothing(house: House) -> None:
    house.fill()
    house.reads.failure = ProgrammingError("INSERT", {}, Exception("permission denied"))
    for name in ("people.list", "documents.file"):
        answer = await house.call(name)
        assert (answer.status_code, answer.json()["code"]) == (503, "Unavailable")
        assert "Retry-After" in answer.headers
        assert "Соколова" not in answer.text


async def test_the_log_is_asked_as_the_address_says(house: House) -> None:
    asked = (
        f"subject=document/{DOCUMENT}&pair={PAIR}&actor=system&action=approved&action=sealed"
        "&from=2026-09-01&to=2026-09-30&technical=false&after=7&limit=5"
    )
    assert (await house.ask("auditor", "GET", f"/api/v1/log?{asked}")).status_code == 200
    assert (await house.ask("auditor", "GET", "/api/v1/log?before=9")).status_code == 200
    wanted = LogAsked(
        subject=f"document/{DOCUMENT}",
        pair_id=PAIR,
        who="system",
        actions=("approved", "sealed"),
        first=date(2026, 9, 1),
        last=date(2026, 9, 30),
        technical=False,
        cursor=7,
        limit=5,
    )
    assert house.views.asked_of_log == [
        (OURS, wanted),
        (OURS, LogAsked(newest_first=True, cursor=9)),
    ]


async def test_a_timeline_is_asked_as_the_address_says(house: House) -> None:
    path = f"/api/v1/pairs/{PAIR}/timeline?document={DOCUMENT}&after=3"
    assert (await house.ask("curator", "GET", path)).status_code == 200
    wanted = LogAsked(pair_id=PAIR, document_id=DOCUMENT, cursor=3, limit=200)
    assert house.views.asked_of_log == [(OURS, wanted)]


async def test_reads_are_asked_as_the_address_says(house: House) -> None:
    path = f"/api/v1/reads?person={NOVICE}&from=2026-09-01&before=12&limit=3"
    assert (await house.ask("curator", "GET", path)).status_code == 200
    wanted = ReadsAsked(person=NOVICE, first=date(2026, 9, 1))
    assert house.views.asked_of_reads == [(OURS, wanted, 12, 3)]


@pytest.mark.parametrize(
    "asked",
    [
        *("actor=Коваль", "from=yesterday", "limit=0", "limit=201", "after=-1", "action=A%20B"),
        *("pair=1", "nothing=1", "to=2026-02-30"),
    ],
)
async def test_what_cannot_be_asked_is_refused(house: House, asked: str) -> None:
    answer = await house.ask("auditor", "GET", f"/api/v1/log?{asked}")
    assert (answer.status_code, answer.json()["code"]) == (422, "RequestInvalid")
