"""The verification of stored files over HTTP: how it stands, what it found, what is said of it."""

from domain.people import AccessRole
from tests.api.calls import CANARY, INCIDENT, NOW, OURS, THEIRS
from tests.api.house import House
from tests.fakes.verification import a_walk, an_incident


async def test_how_far_it_is_and_how_many_incidents_are_open(house: House) -> None:
    first = await house.call("verification.get")
    assert first.json() == {"latest": None, "incidents_open": 1}

    house.views.walk = a_walk(NOW, checked=40, total=100)
    found = (await house.call("verification.get", AccessRole.ADMINISTRATOR)).json()

    assert (found["latest"]["checked"], found["latest"]["total"]) == (40, 100)
    assert found["latest"]["finished_at"] is None


async def test_only_open_incidents_of_the_own_organisation_are_listed(house: House) -> None:
    house.desk.noticed.lines[THEIRS, "2" * 16] = an_incident("2" * 16, "3" * 16, NOW)
    over = an_incident("4" * 16, "5" * 16, NOW).changed(resolved_at=NOW)
    house.desk.noticed.lines[OURS, over.incident_id] = over

    open_ = (await house.call("incidents.list")).json()
    assert [one["incident_id"] for one in open_["incidents"]] == [INCIDENT]
    assert (open_["open"], open_["all"]) == (1, 2)

    every = await house.ask(AccessRole.AUDITOR, "GET", "/api/v1/incidents?state=all")
    assert [one["incident_id"] for one in every.json()["incidents"]] == [INCIDENT, over.incident_id]


async def test_a_note_is_kept_as_words_of_its_author_and_once(house: House) -> None:
    first = await house.call("incidents.note", key="one")
    again = await house.call("incidents.note", key="one")

    assert first.json() == again.json()
    [note] = house.desk.noticed.notes
    assert (note.incident_id, note.organisation_id) == (INCIDENT, OURS)
    kept = house.desk.texts[note.note_id]
    assert (kept.kind, kept.subject) == ("incident_note", f"incident/{INCIDENT}")
    assert kept.body == {"text": CANARY}


async def test_a_walk_begins_when_the_administrator_asks_for_it_and_once(house: House) -> None:
    for _ in range(2):
        answer = await house.call("verification.start", key="now")
        assert answer.status_code == 200
    assert house.gateway.verified == 1
