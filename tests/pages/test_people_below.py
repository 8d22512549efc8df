"""People of organisations below: named where they consented to that; and how that is asked for."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine, text

from domain.organisations import Level
from domain.people import AccessRole
from domain.transfers import RECIPIENT
from tests.adapters.named import MINOR
from tests.adapters.named import School as Below
from tests.pages.eyes import WIDTHS, a_page, check_looks, keep, sign_in
from tests.pages.furnished import Furnished
from tests.pages.municipality import City
from tests.pages.school import PASSWORD, served
from tests.pages.visitor import Visitor


@pytest.fixture
def city(engine: Engine) -> City:
    return City(engine)


@pytest.fixture
async def curator(city: City) -> Visitor:
    return await Visitor.of(city.app).sign_in(city.login("curator"), PASSWORD)


def a_school(city: City) -> Below:
    """A school of the city, with two pairs."""
    school, city.cycle = Below.below(city.city, city.cycle)
    return school


async def test_who_consented_is_named_the_others_are_counted_and_the_look_is_noted(
    city: City, curator: Visitor
) -> None:
    school = a_school(city)
    await curator.go(city.branches)
    assert curator.shown is not None
    assert f'href="{city.branches}/people"' in curator.shown.text
    await curator.go(f"{city.branches}/people")
    assert "Всего: 3 участника, без имён: 3." in curator.text
    assert ("3 участника без имён" in curator.text, "Дюма" in curator.text) == (True, False)
    school.consents("young", city.city.organisation, MINOR)

    await curator.go(f"{city.branches}/people")

    assert "Дюма Светлана Павловна" in curator.text
    assert "Ещё 2 без имён." in curator.text
    assert "Коваль" not in curator.text
    query = text("SELECT role, route, about, people FROM reads WHERE organisation_id = :o")
    with city.engine.connect() as connection:
        (noted,) = connection.execute(query, {"o": school.organisation})
    assert tuple(noted) == (
        *("curator", "pages.branch_people", None),
        [school.person("young")],
    )


async def test_a_consent_to_one_above_is_asked_for_on_the_page_of_the_pair(
    city: City, curator: Visitor
) -> None:
    region = City(city.engine)
    region.city.desk.place(region.city.organisation, Level.REGION, None)
    city.city.desk.place(city.city.organisation, Level.MUNICIPALITY, region.city.organisation)
    pair = f"/pairs/{city.pair_id}"
    await curator.go(pair)
    assert curator.shown is not None
    assert f'href="{pair}/papers"' in curator.shown.text
    await curator.go(f"{pair}/papers")

    await curator.send(
        f"{pair}/papers",
        side="mentee",
        what="transfer",
        recipient=region.city.organisation,
        until="2027-05-31",
    )

    assert (curator.status, curator.path) == (200, f"/cycles/{city.cycle.cycle_id}/documents")
    paper = city.cycle.extras[-1].paper
    assert (paper.kind, paper.person_id) == (
        "consent_transfer_adult",
        city.city.person("mentee"),
    )
    query = text("SELECT body FROM kept_texts WHERE id = :id")
    with city.engine.connect() as connection:
        said = connection.execute(query, {"id": paper.inputs_id}).scalar_one()
    assert said == {RECIPIENT: region.city.organisation, "until": "2027-05-31"}


async def test_a_recipient_that_stands_above_no_more_is_told(city: City, curator: Visitor) -> None:
    pair = f"/pairs/{city.pair_id}"
    await curator.go(f"{pair}/papers")
    await curator.send(f"{pair}/papers", side="mentor", what="transfer", recipient="9" * 16)
    assert curator.status == 422
    assert "этой организации больше нет уровнем выше" in curator.text
    assert city.cycle.extras == ()


async def test_a_withdrawal_is_asked_for_there_too(city: City, curator: Visitor) -> None:
    pair = f"/pairs/{city.pair_id}"
    await curator.go(f"{pair}/papers")
    await curator.send(f"{pair}/papers", side="mentor", what="withdrawal", recipient="")
    assert city.cycle.extras[-1].paper.kind == "consent_withdrawal"
    assert city.cycle.extras[-1].paper.inputs_id is None


def test_people_below_fit_read_and_pass_axe(browser: Browser, engine: Engine) -> None:
    city = City(engine)
    schools = [a_school(city) for _ in range(3)]
    schools[0].consents("young", city.city.organisation, MINOR)
    schools[0].consents("mentor", city.city.organisation)
    city.now += timedelta(days=1)
    with served(city) as url:
        here = Furnished(city, url, *[city.cycle.cycle_id] * 6)
        for width in WIDTHS:
            page = a_page(browser, width)
            sign_in(page, here, AccessRole.CURATOR)
            for name, path in (
                ("people-below", f"{city.branches}/people"),
                ("person-paper", f"/pairs/{city.pair_id}/papers"),
            ):
                page.goto(url + path)
                check_looks(page)
                keep(page, name, width)
            page.context.close()
