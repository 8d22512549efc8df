"""Whether the service is ready, and its numbers: told to who may know them, about nobody."""

import re

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from api.problems import Unavailable
from domain.canary import WriteOnce
from domain.people import AccessRole
from tests.api.calls import CALLS, CANARY, DETECTED, NOW
from tests.api.house import House

DATABASE_AWAY = OperationalError("", {}, Exception(f"postgresql://nastavnik:{CANARY}@db"))
TOKEN = "a token of the metrics"


async def numbers(house: House, **headers: str) -> dict[tuple[str, str], float]:
    """The numbers by name and labels."""
    answer = await house.ask(None, "GET", "/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("away", "missing"),
    [
        ({"database"}, ["database"]),
        ({"temporal"}, ["temporal"]),
        ({"store"}, ["store"]),
        ({"store", "database", "temporal"}, ["database", "temporal", "store"]),
    ],
)
async def test_readiness_names_each_part_that_is_away(
    house: House, away: set[str], missing: list[str]
) -> None:
    house.desk.failure = DATABASE_AWAY if "database" in away else None
    house.gateway.refusal = Unavailable(CANARY) if "temporal" in away else None
    house.files.failure = OSError(28, CANARY) if "store" in away else None

    answer = await house.ask(None, "GET", "/readyz")

    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.json()["ok"], answer.json()["missing"]) == (False, missing)
    assert "Канарейкина" not in answer.text
    assert (await house.ask(None, "GET", "/healthz")).json() == {"ok": True}


@pytest.mark.parametrize("found", [None, WriteOnce.FAILED])
async def test_nobody_is_sent_to_a_store_that_is_not_write_once_or_not_tried_yet(
    house: House, found: WriteOnce | None
) -> None:
    house.canary = None if found is None else DETECTED.changed(write_once=found)

    answer = await house.ask(None, "GET", "/readyz")

    assert (answer.status_code, answer.json()["missing"]) == (503, ["write_once"])
    assert answer.json()["write_once"] == found
    assert answer.headers["Retry-After"]


@pytest.mark.parametrize("found", [WriteOnce.DETECTED, WriteOnce.PREVENTED])
async def test_readiness_tells_what_the_store_does_about_changes(
    house: House, found: WriteOnce
) -> None:
    house.canary = DETECTED.changed(write_once=found)

    answer = await house.ask(None, "GET", "/readyz")

    assert (answer.status_code, answer.json()["write_once"]) == (200, found)


async def test_the_auditor_is_told_what_the_store_does_and_when_that_was_found(
    house: House,
) -> None:
    answer = await house.call("storage.get")

    assert answer.json() == {
        "write_once": "detected",
        "text": "изменения обнаруживаются, но не предотвращаются",
        "checked_at": "2026-09-02T09:00:00Z",
    }


async def test_a_failure_is_told_and_is_no_failure_of_the_question(house: House) -> None:
    house.canary = DETECTED.changed(write_once=WriteOnce.FAILED)

    answer = await house.call("storage.get", AccessRole.ADMINISTRATOR)

    assert (answer.status_code, answer.json()["write_once"]) == (200, "failed")


async def test_before_the_first_answer_of_the_store_one_asks_again(house: House) -> None:
    house.canary = None

    answer = await house.call("storage.get")

    assert (answer.status_code, answer.json()["code"]) == (503, "Unavailable")
    assert answer.headers["Retry-After"]


async def test_a_store_without_room_is_unavailable_and_not_a_fault_of_ours(house: House) -> None:
    house.files.failure = OSError(28, "No space left on device", f"files/{CANARY}")

    answer = await house.call("documents.attach_signed", key="k")
    again = await house.call("documents.attach_signed", key="k")

    for one in (answer, again):
        assert (one.status_code, one.json()["code"]) == (503, "Unavailable")
        assert one.headers["Retry-After"]
    assert not house.gateway.sent


async def test_requests_are_counted_by_route_and_status(house: House) -> None:
    before = await numbers(house)
    await house.call("documents.get")
    await house.ask(AccessRole.CURATOR, "GET", "/api/v1/documents/0123456789abcdef")
    after = await numbers(house)

    route = "documents.get"
    for status in ("200", "404"):
        name = ("nastavnik_http_requests_total", f"GET,{route},{status}")
        assert after[name] - before.get(name, 0) == 1
    name = ("nastavnik_http_request_seconds_count", f"GET,{route}")
    assert after[name] - before.get(name, 0) == 2


async def test_what_is_at_work_is_counted(house: House) -> None:
    found = await numbers(house)

    assert found["nastavnik_database_up", ""] == 1
    assert (found["nastavnik_tasks_open", ""], found["nastavnik_tasks_late", ""]) == (7, 2)
    assert found["nastavnik_cycles", "running"] == 1
    assert (found["nastavnik_pairs", "consents"], found["nastavnik_pairs", "plan"]) == (3, 4)
    assert found["nastavnik_documents", "in_force"] == 9
    assert found["nastavnik_processes_in_trouble", "document"] == 1
    assert found["nastavnik_build_info", "1.2.3"] == 1
    assert found["nastavnik_process_resident_memory_bytes", ""] > 0


@pytest.mark.parametrize("state", WriteOnce)
async def test_what_the_store_was_found_to_be_is_a_number(house: House, state: WriteOnce) -> None:
    house.canary = DETECTED.changed(write_once=state)
    found = await numbers(house)

    told = {one: found["nastavnik_store_write_once", one] for one in WriteOnce}
    assert told == {one: float(one is state) for one in WriteOnce}
    assert found["nastavnik_store_tried_timestamp_seconds", ""] == NOW.timestamp()


async def test_a_store_that_was_not_tried_yet_has_no_number(house: House) -> None:
    house.canary = None
    assert "nastavnik_store" not in (await house.ask(None, "GET", "/metrics")).text


async def test_without_the_database_the_process_still_tells_its_own_numbers(house: House) -> None:
    house.desk.failure = DATABASE_AWAY

    found = await numbers(house)

    assert found["nastavnik_database_up", ""] == 0
    assert ("nastavnik_tasks_open", "") not in found
    assert found["nastavnik_build_info", "1.2.3"] == 1


async def test_no_id_and_no_word_of_a_person_becomes_a_label(house: House) -> None:
    house.fill()
    for name in CALLS:
        await house.call(name)
    await house.ask("curator", "GET", f"/api/v1/documents/{CANARY}?q={CANARY}")
    await house.ask("curator", "GET", f"/{CANARY}")
    await house.client.request("ПОКАЖИ".encode().hex(), "/api/v1/people")

    answer = await house.ask(None, "GET", "/metrics")

    assert "Канарейкина" not in answer.text
    assert "%D0" not in answer.text
    assert not re.search(r'="[^"]*[0-9a-f]{16}', answer.text)
    assert 'method="other"' in answer.text
    assert 'route="other"' in answer.text


@pytest.mark.parametrize(
    "headers",
    [{"X-Forwarded-For": "192.0.2.1"}, {"Forwarded": "for=192.0.2.1"}, {"Via": "1.1 proxy"}],
)
async def test_who_comes_through_a_proxy_gets_no_numbers(
    house: House, headers: dict[str, str]
) -> None:
    answer = await house.ask(None, "GET", "/metrics", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "Unauthorized")
    assert "NASTAVNIK_METRICS_TOKEN" in answer.json()["detail"]


async def test_another_machine_gets_no_numbers_without_the_token(house: House) -> None:
    for host in ("192.0.2.1", "2001:db8::1", "testclient"):
        transport = httpx.ASGITransport(house.app, client=(host, 5000))
        async with httpx.AsyncClient(transport=transport, base_url="http://house") as client:
            assert (await client.get("/metrics")).status_code == 401


@pytest.fixture
async def guarded() -> House:
    return House(metrics_token=TOKEN)


async def test_with_a_token_only_who_has_it_gets_the_numbers(guarded: House) -> None:
    assert await numbers(guarded, Authorization=f"Bearer {TOKEN}")
    for header in ("", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer nst_auditor"):
        headers = {"Authorization": header} if header else {}
        answer = await guarded.ask(None, "GET", "/metrics", headers=headers)
        assert answer.status_code == 401
        assert TOKEN not in answer.text
