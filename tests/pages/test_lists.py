"""Lists: cycles with what is in them, documents on a day, journals."""

from datetime import timedelta

import pytest

from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor

SCAN = b"%PDF-1.7 a scan"


@pytest.fixture
async def auditor(school: School) -> Visitor:
    return await Visitor.of(school.app).sign_in(school.login("auditor"), PASSWORD)


async def test_cycles_are_counted_and_each_count_leads_to_what_it_counts(
    school: School, auditor: Visitor
) -> None:
    school.paper("order_pairs", since=9, days=4)
    await auditor.go("/cycles")
    assert "Малая программа" in auditor.text
    assert "Строки: 0 из 2 · 1 пара · 1 документ" in auditor.text
    assert "▲ 1 дело просрочено" in auditor.text
    assert auditor.shown is not None
    base = f"/cycles/{school.cycle.cycle_id}"
    for path in (base, f"{base}/pairs", f"{base}/documents"):
        assert f'href="{path}"' in auditor.shown.text
        await auditor.go(path)
        assert (auditor.status, "Малая программа" in auditor.text) == (200, True)
        assert auditor.shown is not None


async def test_late_rows_come_first_and_only_who_may_marks_them(
    school: School, auditor: Visitor
) -> None:
    school.open_rows()
    school.now += timedelta(days=60)
    base = f"/cycles/{school.cycle.cycle_id}"
    await auditor.go(base)
    assert "(просрочено на" in auditor.text
    assert auditor.shown is not None
    assert "/result?" not in auditor.shown.text
    curator = await Visitor.of(school.app).sign_in(school.login("curator"), PASSWORD)
    await curator.go(base)
    assert curator.shown is not None
    assert f"{base}/result?item=2&amp;result=answers" in curator.shown.text


async def test_late_documents_come_first_with_whom_they_wait_for(
    school: School, auditor: Visitor
) -> None:
    school.paper("individual_plan", since=1, days=5, of_pair=True)
    school.paper("order_pairs", since=9, days=4)
    await auditor.go(f"/cycles/{school.cycle.cycle_id}/documents")
    assert auditor.text.index("наставнических пар") < auditor.text.index("Индивидуальный план")
    assert "Ждём решения директора Вершининой О. П." in auditor.text
    assert "(просрочено на 5 дней)" in auditor.text
    assert "Коваль А. П. → Черных Л. П." in auditor.text


async def test_pairs_are_listed_with_their_stage(school: School, auditor: Visitor) -> None:
    await auditor.go(f"/cycles/{school.cycle.cycle_id}/pairs")
    assert "Коваль А. П. → Черных Л. П." in auditor.text
    assert "педагог — педагог" in auditor.text


async def test_the_register_is_as_it_stood_on_a_day(school: School, auditor: Visitor) -> None:
    order = school.paper("order_introduction")
    school.decide(order)
    school.sign(order, "145-о", SCAN)
    await auditor.go("/register?on=2026-09-21")
    assert "1 документ, новые сверху" in auditor.text
    assert "№ 145-о" in auditor.text
    assert "Действует" in auditor.text
    await auditor.go("/register?on=2026-09-20")
    assert "К этому дню ни один документ не вступил в силу" in auditor.text


@pytest.mark.parametrize("on", ["2026-02-30", "2026-13-01"])
async def test_a_day_that_is_in_no_calendar_is_told(auditor: Visitor, on: str) -> None:
    await auditor.go(f"/register?on={on}")
    assert auditor.status == 422
    assert "Такого дня нет в календаре" in auditor.text


async def test_a_journal_is_read_and_saved_as_a_file(school: School, auditor: Visitor) -> None:
    school.reserve("orders", "Для приказа по пожарной безопасности")
    await auditor.go("/journals")
    assert auditor.shown is not None
    assert 'href="/journals/orders"' in auditor.shown.text
    await auditor.go("/journals/orders")
    assert "Зарезервирован" in auditor.text
    assert "Для приказа по пожарной безопасности" in auditor.text
    for ending in ("xlsx", "docx"):
        path = f"/journals/orders/file?format={ending}&year=2026"
        assert path.replace("&", "&amp;") in auditor.shown.text
        saved = await auditor.client.get(path)
        assert saved.status_code == 200
        assert saved.headers["Content-Disposition"].startswith("attachment")
        assert saved.content == f"PK {ending} 2026".encode()
    await auditor.go("/journals/orders?year=2024")
    assert "В 2024 году номеров нет." in auditor.text


async def test_a_journal_that_is_not_there_is_not_found(auditor: Visitor) -> None:
    assert (await auditor.go("/journals/nothing")).status == 404


async def test_who_has_read_a_document_is_told_and_marked(school: School) -> None:
    order = school.paper("order_introduction")
    school.decide(order)
    school.sign(order, "145-о", SCAN)
    curator = await Visitor.of(school.app).sign_in(school.login("curator"), PASSWORD)
    await curator.go(f"/documents/{order}")
    assert curator.shown is not None
    path = f"/documents/{order}/acquaintance"
    assert f'href="{path}"' in curator.shown.text
    await curator.go(path)
    assert "Не ознакомлены: 2 из 2" in curator.text
    mentor = school.world.person("mentor")
    await curator.send(path, person=mentor, day="2030-01-01")
    assert (curator.status, "День: не раньше" in curator.text) == (422, True)
    assert f'value="{mentor}" checked' in curator.shown.text
    await curator.send(path, person=mentor, day="2026-09-21")
    assert "Не ознакомлены: 1 из 2" in curator.text
    assert "21 сентября 2026 г." in curator.text


async def test_a_session_that_ended_meanwhile_loses_no_choice(school: School) -> None:
    order = school.paper("order_introduction")
    school.decide(order)
    school.sign(order, "145-о", SCAN)
    curator = await Visitor.of(school.app).sign_in(school.login("curator"), PASSWORD)
    path, mentor = f"/documents/{order}/acquaintance", school.world.person("mentor")
    await curator.go(path)
    given = {**curator.hidden(path), "person": mentor, "day": "2026-09-20"}
    school.accounts.sign_out(str(curator.client.cookies["nastavnik"]))
    curator.shown = await curator.client.post(path, data=given)
    await curator.send("/signin", login=school.login("curator"), password=PASSWORD)
    assert curator.value("acquaint-day") == "2026-09-20"
    assert f'value="{mentor}" checked' in curator.shown.text


async def test_who_is_named_nowhere_marks_nobody(school: School, auditor: Visitor) -> None:
    order = school.paper("order_introduction")
    school.decide(order)
    school.sign(order, "145-о", SCAN)
    await auditor.go(f"/documents/{order}/acquaintance")
    assert "Не ознакомлены: 2 из 2" in auditor.text
    assert "Отметить" not in auditor.text
