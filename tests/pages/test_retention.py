"""Terms of keeping: what is due is read, an act is asked for, what is gone says by which act."""

import pytest

from domain.people import AccessRole
from tests.pages.old_papers import act_in_force, old_paper
from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor

PLACE = "/retention"


@pytest.fixture
async def administrator(school: School) -> Visitor:
    school.add_user(AccessRole.ADMINISTRATOR, None)
    return await Visitor.of(school.app).sign_in(school.login("administrator"), PASSWORD)


def asked(school: School) -> list[str]:
    """The acts that were asked for."""
    page = school.world.views.retention(school.world.organisation, school.today())
    return [one.act_id for one in page.acts]


async def test_what_is_due_stands_by_article_and_the_rest_is_counted(
    school: School, administrator: Visitor
) -> None:
    await administrator.go(PLACE)
    assert "К этому дню ни у одного документа срок хранения не истёк." in administrator.text
    old_paper(school, "event_programme", "3-п")
    old_paper(school, "curator_report", "4-п")
    old_paper(school, "order_curator", "5-о")

    await administrator.go(PLACE)

    assert "5 лет, ЭПК, статья 200: 1" in administrator.text
    assert "5 лет: 1" in administrator.text
    assert "Программа мероприятия № 3-п от 21 сентября 2026 г." in administrator.text
    assert "хранить до 31 декабря 2024 г." in administrator.text
    assert (
        "Срок истёк: 2 · идёт: 0 · ещё не начался: 0 · хранить постоянно: 1" in administrator.text
    )
    assert "с текстом акта не сверено" in administrator.text
    await administrator.go(f"{PLACE}?due=2024-12-31")
    assert "Сроки хранения на 31 декабря 2024 г." in administrator.text
    assert "ни у одного документа" in administrator.text
    await administrator.go(f"{PLACE}?due=2024-02-30")
    assert (administrator.status, "Такой даты нет" in administrator.text) == (422, True)


async def test_the_auditor_reads_the_list_and_others_do_not(school: School) -> None:
    old_paper(school, "curator_report", "4-п")
    auditor = await Visitor.of(school.app).sign_in(school.login("auditor"), PASSWORD)
    await auditor.go(PLACE)
    assert "Отчёт куратора" in auditor.text
    assert auditor.shown is not None
    assert 'type="checkbox"' not in auditor.shown.text
    curator = await Visitor.of(school.app).sign_in(school.login("curator"), PASSWORD)
    assert "Сроки хранения" not in curator.text
    await curator.go(PLACE)
    assert curator.status == 403


async def test_an_act_is_refused_without_minutes_and_all_that_was_said_is_kept(
    school: School, administrator: Visitor
) -> None:
    programme = old_paper(school, "event_programme", "3-п")
    await administrator.go(PLACE)

    await administrator.send(PLACE, cycle_id=school.cycle.cycle_id)
    assert (administrator.status, "Документы: нужно заполнить" in administrator.text) == (422, True)
    await administrator.send(
        PLACE, cycle_id=school.cycle.cycle_id, documents=programme, method="стёрто"
    )

    assert (administrator.status, "протокол экспертной комиссии" in administrator.text) == (
        422,
        True,
    )
    assert administrator.value("act-method") == "стёрто"
    assert administrator.shown is not None
    assert f'value="{programme}" checked' in administrator.shown.text
    assert asked(school) == []


async def test_an_act_is_asked_for_and_once_carried_out_says_what_it_destroyed(
    school: School, administrator: Visitor
) -> None:
    programme = old_paper(school, "event_programme", "3-п")
    await administrator.go(PLACE)

    await administrator.send(
        PLACE, cycle_id=school.cycle.cycle_id, documents=programme, number="2", day="2026-09-18"
    )

    assert (administrator.status, administrator.path) == (200, PLACE)
    (act,) = asked(school)
    assert "Готовится. Уничтожено 0 из 1." in administrator.text
    await administrator.go(f"/documents/{programme}")
    assert "до 31 декабря 2024 г.: 5 лет, ЭПК, статья 200" in administrator.text
    assert "Подписанный экземпляр" in administrator.text

    act_in_force(school, act)

    await administrator.go(f"/documents/{programme}")
    assert administrator.status == 200
    assert "Уничтожен по акту № 7-ау от 21 сентября 2026 г." in administrator.text
    assert "Содержание уничтожено по акту." in administrator.text
    assert "Содержание уничтожено; номер, дата и контрольные суммы остались." in administrator.text
    assert "№ 3-п" in administrator.text
    await administrator.go(f"/documents/{programme}/file?role=signed")
    assert (administrator.status, "уничтожено по акту" in administrator.text) == (410, True)
    await administrator.go(PLACE)
    assert "Действует. Уничтожено 1 из 1." in administrator.text
    assert "ни у одного документа" in administrator.text


async def test_where_no_programme_runs_an_act_is_made_in_the_papers_of_a_closed_one(
    school: School, administrator: Visitor
) -> None:
    programme = old_paper(school, "event_programme", "3-п")
    school.world.save(school.cycle.recorded("closed", school.now, closed=True))
    await administrator.go(PLACE)
    assert "(завершена)" in administrator.text

    await administrator.send(
        PLACE, cycle_id=school.cycle.cycle_id, documents=programme, number="2", day="2026-09-18"
    )

    assert (administrator.status, administrator.path) == (200, PLACE)
    (act,) = asked(school)
    assert list(school.gateway.begun) == [f"document/{act}"]
