"""Rights to decide: everybody reads who decides for whom, the administrator gives and ends them."""

import pytest

from adapters.postgres.authority import mandates
from domain.messages import MandatesChanged
from domain.people import AccessRole
from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor

PLACE = "/authorities"
ORDER = {"what": "order", "number": "31-л", "day": "2026-09-17"}


@pytest.fixture
async def administrator(school: School) -> Visitor:
    school.add_user(AccessRole.ADMINISTRATOR, None)
    visitor = await Visitor.of(school.app).sign_in(school.login("administrator"), PASSWORD)
    return await visitor.go(PLACE)


async def give(school: School, visitor: Visitor, **changed: str) -> Visitor:
    """Send the form of a substitute's right, which stands before that of a change of the head."""
    given = {
        "person": school.world.person("curator"),
        "capacity": "substitute",
        "instead_of": school.world.person("director"),
        "post": "",
        "since": "2026-09-21",
        "until": "2026-10-02",
        **ORDER,
        **changed,
    }
    return await visitor.send(PLACE, forms_before(visitor, "give"), **given)


def forms_before(visitor: Visitor, form: str) -> int:
    """How many forms of the page stand before this one."""
    assert visitor.shown is not None
    before, _, _ = visitor.shown.text.partition(f'name="form" value="{form}"')
    return before.count(f'action="{PLACE}"') - 1


def rights(school: School) -> dict[str, bool]:
    """Who has a right, and whether it holds today."""
    known = school.world.views.authorities(school.world.organisation, school.today())
    return {one.person.name.replace("\N{NO-BREAK SPACE}", " "): one.in_force for one in known}


async def test_who_decides_for_whom_is_read_by_everybody_with_its_ground(school: School) -> None:
    auditor = await Visitor.of(school.app).sign_in(school.login("auditor"), PASSWORD)
    await auditor.go(PLACE)
    assert "Ни одного права ещё не записано" in auditor.text
    school.give_right("curator", "director")

    await auditor.go(PLACE)

    assert "Действуют сегодня: 1" in auditor.text
    assert "Ёлкина М. П." in auditor.text
    assert "Замещает на время отсутствия · вместо кого: Вершинина О. П." in auditor.text
    assert "с 18 сентября 2026 г. по 2 октября 2026 г." in auditor.text
    assert "Приказ № 31-л от 17 сентября 2026 г." in auditor.text
    assert auditor.shown is not None
    assert 'name="act"' not in auditor.shown.text
    assert "Дать право" not in auditor.text


async def test_a_right_is_given_and_ended(school: School, administrator: Visitor) -> None:
    await give(school, administrator)
    assert (administrator.status, administrator.path) == (200, PLACE)
    assert rights(school) == {"Ёлкина М. П.": True}

    await administrator.send(PLACE, day="2026-09-25", reason="Приказ № 33-л")

    assert "Прекращено с 25 сентября 2026 г." in administrator.text
    assert "Приказ № 33-л" in administrator.text
    assert "Прекратить…" not in administrator.text


async def test_an_end_without_a_reason_or_before_the_beginning_is_refused_with_all_kept(
    school: School, administrator: Visitor
) -> None:
    await give(school, administrator)
    await administrator.send(PLACE, day="2026-09-25", reason=" ")
    assert (administrator.status, "Причина: нужно заполнить" in administrator.text) == (422, True)
    await administrator.send(PLACE, day="2026-09-01", reason="Ошибка")
    assert (administrator.status, "не кончается раньше" in administrator.text) == (422, True)
    right = school.world.views.authorities(school.world.organisation, school.today())[0].id
    assert administrator.value(f"end-{right}-reason") == "Ошибка"
    assert rights(school) == {"Ёлкина М. П.": True}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"until": ""}, "замещению нужен последний день"),
        ({"number": " "}, "Номер основания: нужно заполнить"),
        ({"day": ""}, "День основания: нужно заполнить"),
        ({"person": ""}, "Кто: нужно заполнить"),
        ({"instead_of": ""}, "не сказано, вместо кого"),
        ({"capacity": "acting", "post": ""}, "исполняющему обязанности нужна должность"),
        ({"capacity": "power_of_attorney"}, "основание не того вида"),
        ({"until": "2026-09-01"}, "не кончается раньше, чем начинается"),
        ({"person": "director"}, "Нельзя действовать вместо самого себя"),
    ],
)
async def test_a_right_that_is_not_whole_is_refused_with_all_kept(
    school: School, administrator: Visitor, changed: dict[str, str], told: str
) -> None:
    if changed.get("person"):
        changed = {"person": school.world.person(changed["person"])}

    given = {"post": "методист", "number": "31-л", **changed}

    await give(school, administrator, **given)

    assert (administrator.status, told in administrator.text) == (422, True)
    assert administrator.value("give-post") == given["post"]
    assert administrator.value("give-number") == given["number"]


async def test_a_right_that_another_has_already_is_refused(
    school: School, administrator: Visitor
) -> None:
    school.give_right("curator", "director")
    await administrator.go(PLACE)

    await give(school, administrator, person=school.world.person("mentor"), number="40-л")

    assert (administrator.status, "такое право уже дано" in administrator.text) == (409, True)
    assert administrator.value("give-number") == "40-л"
    assert administrator.shown is not None
    assert f'value="{school.world.person("mentor")}" selected' in administrator.shown.text
    assert len(rights(school)) == 1


async def test_a_change_of_the_head_ends_what_was_his(
    school: School, administrator: Visitor
) -> None:
    school.give_right("mentor", "director")
    await administrator.go(PLACE)

    await administrator.send(
        PLACE,
        forms_before(administrator, "change"),
        **{**ORDER, "person": school.world.person("curator"), "capacity": "own"},
        succeeds=school.world.person("director"),
        post="директор",
        since="2026-09-21",
    )

    assert rights(school) == {
        "Вершинина О. П.": False,
        "Коваль А. П.": False,
        "Ёлкина М. П.": True,
    }
    assert "Ёлкина М. П., директор" in administrator.text
    assert "Прекращены: 2" in administrator.text


@pytest.mark.parametrize("role", ["director", "curator", "auditor"])
async def test_nobody_but_the_administrator_gives_rights(school: School, role: str) -> None:
    visitor = await Visitor.of(school.app).sign_in(school.login(role), PASSWORD)
    await visitor.go(PLACE)
    assert "Записать новое" not in visitor.text
    answer = await visitor.client.post(PLACE, data=visitor.hidden("/signout"))
    assert (answer.status_code, rights(school)) == (403, {})


async def test_who_must_appoint_somebody_is_told_for_whom(school: School) -> None:
    school.give_right("director", "", capacity="own", since="2026-09-01", until="2026-09-10")
    paper = school.paper("individual_plan", of_pair=True)
    holder = school.world.person("director")
    state = school.documents[paper]
    with school.engine.connect() as connection:
        known = mandates(connection, school.world.organisation, school.now)
    fact = MandatesChanged(mandates=known, clock_offset=0)
    school.save(state.mandates_changed(fact, school.now))

    curator = await Visitor.of(school.app).sign_in(school.login("curator"), PASSWORD)

    assert curator.shown is not None
    assert f'href="{PLACE}?holder={holder}"' in curator.shown.text
    await curator.go(f"{PLACE}?holder={holder}")
    assert "Вершинина О. П.: право решать сейчас ни у кого" in curator.text
    assert "Право даёт администратор" in curator.text
