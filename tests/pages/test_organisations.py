"""Organisations below, taken in on a page: one, or a list; one-time passwords are told once."""

import pytest
from sqlalchemy import Engine

from domain.people import AccessRole
from tests.adapters.test_organisation_files import SCHOOL, a_list
from tests.pages.municipality import City
from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor

PAGE = "/organisations"
ONE = {
    "act": "one",
    "code": "s-1",
    "name": "Муниципальное общеобразовательное учреждение «Школа № 1»",
    "short_name": "МОУ «Школа № 1»",
    "inn": "0012345674",
    "address": "000001, г. Заречинск, ул. Садовая, д. 2",
    "city": "г. Заречинск",
    "kind": "school",
    "tags": "500+; сельская",
}


@pytest.fixture
def city(engine: Engine) -> City:
    return City(engine)


@pytest.fixture
async def administrator(city: City) -> Visitor:
    return await Visitor.of(city.app).sign_in(city.login("administrator"), PASSWORD)


def password_in(visitor: Visitor) -> str:
    assert visitor.shown is not None
    return visitor.shown.text.split("<code>")[1].split("</code>")[0]


async def test_one_is_taken_in_and_its_password_is_told_once(administrator: Visitor) -> None:
    await administrator.go(PAGE)
    assert "Уровнем ниже организаций ещё нет." in administrator.text
    await administrator.send(PAGE, 1, **ONE)
    assert administrator.status == 200, administrator.text
    assert "Одноразовые пароли" in administrator.text
    first = password_in(administrator)
    await administrator.go(PAGE)
    assert first not in administrator.text
    assert "школа, 500+, сельская · г. Заречинск · ИНН 0012345674" in administrator.text
    assert "Администратор ещё не входил" in administrator.text
    await administrator.send(PAGE, 0, act="password")
    assert password_in(administrator) != first


async def test_one_that_does_not_use_the_system_gets_no_password(administrator: Visitor) -> None:
    await administrator.go(PAGE)
    await administrator.send(PAGE, 1, **{**ONE, "outside": "yes"})
    assert "Записано: 1 организация." in administrator.text
    assert "Не работает в системе · " not in administrator.text
    assert "Одноразовые пароли" not in administrator.text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"code": ""}, "Код: нужно заполнить"),
        ({"inn": "12"}, "ИНН"),
        ({"name": ""}, "Полное название: нужно заполнить"),
        ({"level": "region"}, "не может стоять ниже вашей"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    administrator: Visitor, fields: dict[str, str], words: str
) -> None:
    await administrator.go(PAGE)
    await administrator.send(PAGE, 1, **{**ONE, **fields})
    assert (administrator.status, words in administrator.text) == (422, True), administrator.text
    assert administrator.value("one-address") == ONE["address"]
    await administrator.go(PAGE)
    assert "организаций ещё нет" in administrator.text


async def test_a_list_is_taken_in_whole_or_not_at_all(administrator: Visitor) -> None:
    table = a_list(SCHOOL, ("d-2", "Детский сад № 2", *SCHOOL[2:6], "нет", None, None, None))
    await administrator.go(PAGE)
    await administrator.send_files(PAGE, "file", act="list")
    assert (administrator.status, "выберите файл" in administrator.text) == (422, True)
    await administrator.go(PAGE)
    await administrator.send_files(PAGE, "file", b"no table", act="list")
    assert (administrator.status, "Список не принят" in administrator.text) == (422, True)
    await administrator.go(PAGE)
    await administrator.send_files(PAGE, "file", table, act="list")
    assert administrator.status == 200, administrator.text
    assert "Всего: 2" in administrator.text


async def test_only_the_administrator_adds_organisations(city: City) -> None:
    curator = await Visitor.of(city.app).sign_in(city.login("curator"), PASSWORD)
    await curator.go(PAGE)
    assert (curator.status, "Добавить списком" in curator.text) == (200, False)


async def test_an_organisation_of_the_lowest_level_adds_nobody(engine: Engine) -> None:
    school = School(engine)
    school.add_user(AccessRole.ADMINISTRATOR, None)
    visitor = await Visitor.of(school.app).sign_in(school.login("administrator"), PASSWORD)
    await visitor.go(PAGE)
    assert (visitor.status, "Добавить списком" in visitor.text) == (200, False)
