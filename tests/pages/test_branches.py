"""Organisations below a cycle, and their invitations, on pages."""

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

from activities.tasks import SendNotices
from adapters.postgres.archive import PostgresArchive
from domain.branches import Missing
from tests.adapters.nested import DEMAND, an_organisation
from tests.api.calls import CYCLE
from tests.api.house import House
from tests.nested_builders import a_release
from tests.pages.municipality import City
from tests.pages.school import PASSWORD
from tests.pages.test_doors import signed_in
from tests.pages.visitor import Visitor


@pytest.fixture
def city(engine: Engine) -> City:
    return City(engine)


@pytest.fixture
async def curator(city: City) -> Visitor:
    return await Visitor.of(city.app).sign_in(city.login("curator"), PASSWORD)


async def test_organisations_are_invited_by_kind_and_tag(city: City, curator: Visitor) -> None:
    await curator.go(city.branches)
    assert "Ни одна организация ещё не приглашена." in curator.text
    assert "Уровнем ниже организаций нет." in curator.text
    city.city.add(
        an_organisation("s-1", tags=("500+",)),
        an_organisation("s-2", outside=True),
        an_organisation("c-1", kind="college", tags=("500+",)),
    )
    await curator.go(city.branches)

    await curator.send(f"{city.branches}/invitations", kind="school", tag="500+")

    assert (curator.status, curator.path) == (200, city.branches)
    assert "Школа s-1 школа, 500+ · приглашена Отчёта нет" in curator.text
    assert "Школа s-2" not in curator.text
    await curator.send(f"{city.branches}/invitations", kind="kindergarten", tag="")
    assert (curator.status, "Никто не приглашён." in curator.text) == (404, True)
    await curator.send(f"{city.branches}/invitations", kind="", tag="")
    assert "Школа s-2 школа · приглашена · не работает в системе" in curator.text
    assert "Организации: 3" in curator.text


async def test_many_reports_are_accepted_at_once_and_summed(city: City, curator: Visitor) -> None:
    city.invite(*city.city.schools())
    city.came(1, pairs=4)
    city.came(2, pairs=11)
    await curator.go(city.branches)
    assert "Ждёт ответа: 2, отчёта нет: 1" in curator.text
    assert "Пары, ед. Всего: 15 В принятых: 0 Отчётов: 2" in curator.text

    await curator.send(city.branches, branches="1")
    await curator.send(city.branches, branches="2")

    assert "Отчёта нет: 1, принят: 2" in curator.text
    assert "Пары, ед. Всего: 15 В принятых: 15 Отчётов: 2" in curator.text
    assert "Принять отмеченные" not in curator.text
    await curator.go(f"{city.branches}?state=missing")
    assert ("Школа s-3" in curator.text, "Школа s-1" in curator.text) == (True, False)
    await curator.go(f"{city.branches}/figures/pairs")
    assert "Всего 15 ед., в принятых отчётах 15." in curator.text
    assert "Школа s-2 11 принят, внесён вручную: Ёлкина М. П. (куратор)" in curator.text


async def test_each_organisation_of_the_list_gets_a_document(city: City, curator: Visitor) -> None:
    city.invite(*city.city.schools())
    await curator.go(city.branches)
    assert "(3 документа)" in curator.text

    await curator.send(f"{city.branches}/papers", kind="inspection_checklist")

    assert (curator.status, curator.path) == (200, f"/cycles/{city.cycle.cycle_id}/documents")
    asked = [one.paper for one in city.cycle.extras]
    assert [(one.kind, one.branch) for one in asked] == [
        ("inspection_checklist", n) for n in (1, 2, 3)
    ]


async def test_a_document_about_who_has_left_meanwhile_is_told(
    city: City, curator: Visitor
) -> None:
    city.invite(*city.city.schools())
    await curator.go(city.branches)
    release = a_release(2, note_id="n")
    city.cycle = city.city.saved(city.cycle.branch_released(release, city.now))

    await curator.send(f"{city.branches}/papers", kind="inspection_checklist")

    assert curator.status == 409
    assert "Список организаций изменился" in curator.text
    assert city.cycle.extras == ()
    await curator.send(f"{city.branches}/papers", kind="inspection_checklist", branches="")
    assert (curator.status, city.cycle.extras) == (404, ())


async def test_accepting_nothing_is_told_and_so_is_a_report_that_was_answered(
    city: City, curator: Visitor
) -> None:
    city.invite(*city.city.schools())
    city.came(1, pairs=4)
    await curator.go(city.branches)
    await curator.send(city.branches)
    assert (curator.status, "Организации: нужно заполнить." in curator.text) == (422, True)
    city.cycle = city.city.answered(city.cycle, 1)

    await curator.send(city.branches, branches="1")

    assert curator.status == 409
    assert "отчёт, который уже не ждёт ответа" in curator.text


@pytest.mark.parametrize("place", ["", "/1", "/1/return"])
@pytest.mark.parametrize("turn", ["второй", "99", "\0"])
async def test_a_form_about_a_year_that_is_no_year_is_refused(
    city: City, curator: Visitor, place: str, turn: str
) -> None:
    city.invite(*city.city.schools())
    city.came(1, pairs=4)
    await curator.go(f"{city.branches}{place.removesuffix('/return')}")

    await curator.send(f"{city.branches}{place}", turn=turn, branches="1", remark="Уточните.")

    assert curator.status == 422


async def test_a_report_is_returned_with_a_remark_and_who_is_late_is_marked(
    city: City, curator: Visitor
) -> None:
    city.invite(*city.city.schools())
    city.came(1, pairs=4)
    city.now += timedelta(days=30)
    await curator.go(f"{city.branches}/1")
    await curator.send(f"{city.branches}/1/return", remark=" ")
    assert (curator.status, "Что исправить: нужно заполнить." in curator.text) == (422, True)

    await curator.send(f"{city.branches}/1/return", remark="Пары из сентября не учтены.")

    assert (curator.status, curator.path) == (200, f"{city.branches}/1")
    assert "Отчёт за год: возвращён" in curator.text
    assert "Пары из сентября не учтены." in curator.text
    assert "Вернуть с замечанием" not in curator.text
    await curator.go(f"{city.branches}?state=overdue")
    assert curator.text.count("опозда") + curator.text.count("просрочен") >= 3


async def test_a_report_by_hand_is_marked_and_a_wrong_one_keeps_what_was_typed(
    city: City, curator: Visitor
) -> None:
    city.invite(*city.city.schools(outside=True))
    place = f"{city.branches}/2"
    await curator.go(place)
    await send(curator, place, "enter", **{"figure.pairs": "4", "source": "письмо № 41"})
    assert curator.status == 422
    assert "Наставники: нет числа; если считать нечего, впишите 0." in curator.text
    assert curator.value("enter-source") == "письмо № 41"
    assert curator.value("enter-figure.pairs") == "4"
    zeros = dict.fromkeys(figures_of(curator), "0")
    await send(curator, place, "enter", **{**zeros, "figure.pairs": "около 4", "source": "письмо"})
    assert "Показатели: Пары: недопустимые знаки." in curator.text
    assert curator.value("enter-figure.pairs") == "около 4"

    await send(curator, place, "enter", **{**zeros, "figure.pairs": "4", "source": "письмо № 41"})

    assert (curator.status, curator.path) == (200, place)
    assert "Отчёт за год: принят" in curator.text
    assert "Версия 1: внесён вручную" in curator.text
    assert "Ёлкина М. П. (куратор) · письмо № 41" in curator.text
    assert "Пары, ед. 4" in curator.text
    await curator.go(city.branches)
    assert "Принят · внесён вручную: Ёлкина М. П. (куратор)" in curator.text


async def test_a_form_goes_out_and_comes_back_filled(city: City, curator: Visitor) -> None:
    city.invite(*city.city.schools(outside=True))
    place = f"{city.branches}/1"
    await curator.go(f"{place}/form.xlsx?demand={DEMAND}&turn=1")
    assert curator.shown is not None
    form = curator.shown.content
    await curator.go(place)
    hidden = {"demand": DEMAND, "turn": "1", "act": "upload", "form": "upload"}

    await curator.send_files(place, "file", form, **hidden)

    assert curator.status == 422
    assert "лист «Отчёт», ячейка C2: нет числа" in curator.text
    assert "Версия 1" not in curator.text
    book = load_workbook(io.BytesIO(form))
    for row in book["Отчёт"].iter_rows(min_row=2):
        row[2].value = 3 if row[0].value == "Пары" else 0
    content = io.BytesIO()
    book.save(content)
    await curator.send_files(place, "file", content.getvalue(), **hidden)
    assert "Версия 1: из файла" in curator.text
    assert "Пары, ед. 3" in curator.text
    await curator.go(f"{place}/form.docx?demand={DEMAND}&turn=1")
    assert curator.shown.content.startswith(b"PK")


async def test_an_organisation_is_excused_and_another_leaves(city: City, curator: Visitor) -> None:
    city.invite(*city.city.schools())
    await curator.go(f"{city.branches}/1")
    await send(curator, f"{city.branches}/1", "excuse", reason="Школа на ремонте.")
    assert "Отчёт за год: освобождена от отчёта" in curator.text

    await curator.go(f"{city.branches}/2")
    await send(curator, f"{city.branches}/2", "leave", reason="Школа реорганизована.")

    assert "Школа · выбыла" in curator.text
    await curator.go(city.branches)
    assert "Организации: 2" in curator.text


async def test_the_auditor_reads_and_gets_no_forms(city: City) -> None:
    city.invite(*city.city.schools())
    city.came(1, pairs=4)
    auditor = await Visitor.of(city.app).sign_in(city.login("auditor"), PASSWORD)

    for path in (city.branches, f"{city.branches}/1"):
        await auditor.go(path)
        assert auditor.status == 200
        assert auditor.shown is not None
        assert auditor.shown.text.count('method="post"') == 1, "signing out"


async def test_the_one_below_launches_its_cycle_and_reads_the_remark(city: City) -> None:
    school, *_ = city.city.schools()
    city.invite(school)
    login = city.furnish_below(school)
    administrator = await Visitor.of(city.app).sign_in(login, PASSWORD)
    await administrator.go("/invitations")
    assert "Муниципальная программа" in administrator.text
    assert "Отчёт за год: ещё не отправлен" in administrator.text


async def test_who_has_launched_nothing_reads_that_it_was_reminded_once(city: City) -> None:
    schools = city.city.schools()
    city.invite(*schools, begun=False)
    late = Missing(key="1/reports/reminder", demand=DEMAND, turn=1, kind="reminder", branches=())
    task = SendNotices(
        organisation_id=city.city.organisation,
        cycle_id=city.cycle.cycle_id,
        subject=city.cycle.workflow_id,
        notices=city.cycle.notices_for(late.changed(invited=(1,))),
        now=city.now,
    )
    for _ in range(2):
        city.city.ledger.post(task)
    archive = PostgresArchive(city.engine)
    assert not any(city.cycle.workflow_id in fault for fault in archive.notice_faults()[1])
    (notice,) = task.notices
    city.city.ledger.post(task.changed(notices=(notice.changed(key="another"),)))
    assert any(city.cycle.workflow_id in fault for fault in archive.notice_faults()[1])
    told = "Вам напомнили 21 сентября 2026 г.: программа ещё не запущена."
    for school, expected in zip(schools, (True, False), strict=False):
        visitor = await Visitor.of(city.app).sign_in(city.furnish_below(school), PASSWORD)
        await visitor.go("/invitations")
        assert (told in visitor.text) is expected, visitor.text


async def test_an_invitation_is_launched_with_own_people(city: City) -> None:
    school, *_ = city.city.schools()
    city.invite(school, begun=False)
    login = city.furnish_below(school)
    administrator = await Visitor.of(city.app).sign_in(login, PASSWORD)
    assert "Вашу организацию пригласили в программу" in administrator.text
    place = f"/invitations/{city.cycle.cycle_id}/1/launch"
    await administrator.go(place)
    assert "В дорожной карте можно менять: сроки." in administrator.text
    await administrator.send(place, start="2026-09-21")
    assert administrator.status == 200
    assert "Без этого не запустить: роль «Директор» никому не дана." in administrator.text
    assert city.gateway.launched == {}

    people = {one.code: one.id for one in city.city.views.people(school)}
    (body,) = city.city.views.bodies(school)
    holders = {
        "holder.director": people["director"],
        "holder.curator": people["curator"],
        "holder.council": body.id,
    }
    await administrator.send(place, start="2026-09-21", **holders)
    assert "Без этого не запустить" not in administrator.text
    assert city.gateway.launched == {}
    await administrator.send(place, start="2026-09-21", **holders)

    (state,) = city.gateway.launched.values()
    assert state.organisation_id == school
    assert administrator.path == f"/cycles/{state.cycle_id}"
    await administrator.go("/invitations")
    assert "Программа вашей организации" in administrator.text


async def test_a_report_of_one_alone_is_taken_away_and_its_sending_is_recorded() -> None:
    house = House()
    visitor = await signed_in(house, "curator")
    place = f"/cycles/{CYCLE}/result"
    house.views.proof = "report"
    await visitor.go(f"{place}?item=1.1&result=site")
    assert f"/cycles/{CYCLE}/report.xlsx?turn=1" in str(visitor.shown and visitor.shown.text)

    await visitor.send_files(place, "files", day="2026-09-02", how="СЭД, письмо № 41")

    assert visitor.path == f"/cycles/{CYCLE}"
    assert house.wish().evidence.proof == "report"


async def test_nobody_else_sees_the_cycle_above(city: City) -> None:
    school, *_ = city.city.schools()
    city.invite(school)
    login = city.furnish_below(school)
    administrator = await Visitor.of(city.app).sign_in(login, PASSWORD)

    for path in (city.branches, f"{city.branches}/1", f"{city.branches}/figures/pairs"):
        assert (await administrator.go(path)).status == 404


async def send(visitor: Visitor, place: str, act: str, **fields: str) -> Visitor:
    """Send the form of a branch's page that does this."""
    assert visitor.shown is not None
    forms = visitor.shown.text.split(f'<form method="post" action="{place}"')[1:]
    number = next(n for n, form in enumerate(forms) if f'name="act" value="{act}"' in form)
    return await visitor.send(place, number, **fields)


def figures_of(visitor: Visitor) -> list[str]:
    """The figures that the page asks for."""
    assert visitor.shown is not None
    names = visitor.shown.text.split('name="figure.')[1:]
    found = [f"figure.{name.partition(chr(34))[0]}" for name in names]
    return [name for name in found if "indicator:" not in name]
