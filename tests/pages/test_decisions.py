"""A decision on the document's page: what comes of it, and what is told instead of an error."""

import asyncio

import pytest
from sqlalchemy import Engine

from domain.documents import Stage
from domain.people import AccessRole
from domain.routes import Outcome
from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor

REMARK = "Укажите срок второй встречи."


@pytest.fixture
async def director(school: School) -> Visitor:
    return await Visitor.of(school.app).sign_in(school.login("director"), PASSWORD)


def action(document_id: str) -> str:
    return f"/documents/{document_id}/decision"


async def test_what_waits_is_counted_and_told_in_order(school: School, director: Visitor) -> None:
    school.paper("individual_plan", since=1, days=5, of_pair=True)
    late = school.paper("order_pairs", since=6, days=4)
    await director.go("/")
    assert "2 дела ждут вас · ▲ 1 просрочено" in director.text
    assert director.text.index("наставнических пар") < director.text.index("Индивидуальный план")
    assert "▲ просрочено на 2 дня" in director.text
    assert director.shown is not None
    assert f'href="/documents/{late}"' in director.shown.text
    assert "Коваль" in director.text


async def test_an_empty_inbox_says_what_will_come(director: Visitor) -> None:
    await director.go("/")
    assert "Вас ничего не ждёт" in director.text
    assert "Новое появится здесь" in director.text


async def test_a_document_shows_its_text_its_state_and_what_comes_next(
    school: School, director: Visitor
) -> None:
    plan = school.paper("individual_plan", since=2, days=5, of_pair=True)
    await director.go(f"/documents/{plan}")
    assert "ИНДИВИДУАЛЬНЫЙ ПЛАН" in director.text
    assert (
        "Ждём решения директора Вершининой О. П. с 19 сентября, срок — 24 сентября; затем документ "
        "зарегистрирует методист Ёлкина М. П."
    ) in director.text


async def test_approval_is_recorded_and_the_next_document_opens(
    school: School, director: Visitor
) -> None:
    first = school.paper("individual_plan", since=4)
    second = school.paper("order_pairs", since=1)
    await director.go(f"/documents/{first}")
    await director.send(action(first), outcome="approve")
    assert school.documents[first].stage is Stage.TO_REGISTER
    assert director.path == f"/documents/{second}"
    assert "Утверждено: Индивидуальный план, версия 1" in director.text


async def test_after_the_last_decision_the_first_page_says_what_was_done(
    school: School, director: Visitor
) -> None:
    only = school.paper("individual_plan")
    await director.go(f"/documents/{only}")
    await director.send(action(only), 1, outcome="send_back", remark=REMARK)
    assert director.path == "/"
    assert "Возвращено с замечанием: Индивидуальный план" in director.text
    assert school.documents[only].stage is Stage.RETURNED
    await director.go(f"/documents/{only}")
    assert REMARK in director.text


async def test_without_a_remark_nothing_is_sent_back(school: School, director: Visitor) -> None:
    plan = school.paper("individual_plan")
    await director.go(f"/documents/{plan}")
    await director.send(action(plan), 1, outcome="send_back", remark="  ")
    assert director.status == 422
    assert "без замечания вернуть нельзя" in director.text
    assert school.documents[plan].stage is Stage.ON_APPROVAL


async def test_a_remark_that_is_too_long_is_kept(school: School, director: Visitor) -> None:
    plan = school.paper("individual_plan")
    await director.go(f"/documents/{plan}")
    await director.send(action(plan), 1, outcome="send_back", remark="очень " * 1000)
    assert director.status == 422
    assert director.text.count("очень") == 1000
    assert school.documents[plan].stage is Stage.ON_APPROVAL


async def test_the_second_of_two_is_told_who_decided_and_when(
    school: School, director: Visitor
) -> None:
    plan = school.paper("individual_plan")
    await director.go(f"/documents/{plan}")
    school.decide(plan)
    await director.send(action(plan), 1, outcome="send_back", remark=REMARK)
    assert director.status == 409
    told = director.text
    assert "Уже решено: утверждено, вами, 21 сентября 2026 г. в 15:00" in told
    assert REMARK in director.text
    assert "Индивидуальный план" in director.text


async def test_a_decision_on_a_version_that_was_replaced_counts_for_nothing(
    school: School, director: Visitor
) -> None:
    plan = school.paper("individual_plan")
    await director.go(f"/documents/{plan}")
    school.decide(plan, Outcome.SEND_BACK, remark="Иначе.")
    school.redraft(plan, {"goal": "освоение чертежа"})
    await director.send(action(plan), 1, outcome="send_back", remark=REMARK)
    assert director.status == 409
    assert "появилась версия 2: она перед вами" in director.text
    assert REMARK in director.text
    assert "освоение чертежа" in director.text
    state = school.documents[plan]
    assert (state.version, state.stage) == (2, Stage.ON_APPROVAL)


async def test_what_changed_since_the_version_before_is_told_in_words(
    school: School, director: Visitor
) -> None:
    plan = school.paper("individual_plan")
    school.decide(plan, Outcome.SEND_BACK, remark="Иначе.")
    school.redraft(plan, {"goal": "освоение чертежа"})
    await director.go(f"/documents/{plan}")
    assert "Что изменилось с версии 1" in director.text
    assert director.shown is not None
    assert director.shown.text.count("<ins>") == director.shown.text.count("</ins>") >= 1
    assert "чертежа" in director.shown.text.split("<ins>")[1].split("</ins>")[0]


async def test_while_the_engine_is_away_the_same_form_may_be_sent_again(
    school: School, director: Visitor
) -> None:
    plan = school.paper("individual_plan")
    await director.go(f"/documents/{plan}")
    school.gateway.is_away = True
    await director.send(action(plan), 1, outcome="send_back", remark=REMARK)
    assert director.status == 503
    assert REMARK in director.text
    key = director.hidden(action(plan), 1)["key"]
    school.gateway.is_away = False
    await director.send(action(plan), 1, outcome="send_back", remark=REMARK)
    assert key
    assert director.path == "/"
    assert school.documents[plan].stage is Stage.RETURNED


async def test_a_form_sent_twice_is_one_decision(school: School, director: Visitor) -> None:
    plan = school.paper("individual_plan")
    await director.go(f"/documents/{plan}")
    given = {**director.hidden(action(plan)), "outcome": "approve"}
    answers = [await director.client.post(action(plan), data=given) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    events = school.world.views.history(school.world.organisation, plan)
    assert [one.action for one in events].count("approved") == 1


async def test_two_at_once_one_decides_and_the_other_is_told(
    school: School, director: Visitor
) -> None:
    plan = school.paper("individual_plan")
    await director.go(f"/documents/{plan}")
    approve = {**director.hidden(action(plan)), "outcome": "approve"}
    back = {**director.hidden(action(plan), 1), "outcome": "send_back", "remark": REMARK}
    answers = await asyncio.gather(
        *(director.client.post(action(plan), data=one) for one in (approve, back))
    )
    assert sorted(one.status_code for one in answers) == [303, 409]


async def test_a_session_that_ended_meanwhile_loses_no_remark(
    school: School, director: Visitor
) -> None:
    plan = school.paper("individual_plan")
    await director.go(f"/documents/{plan}")
    given = {**director.hidden(action(plan), 1), "outcome": "send_back", "remark": REMARK}
    await Visitor(director.client).go("/")
    school.accounts.sign_out(str(director.client.cookies["nastavnik"]))
    director.shown = await director.client.post(action(plan), data=given)
    assert director.status == 401
    assert director.hidden("/signin")["typed.remark"] == REMARK
    await director.send("/signin", login=school.login("director"), password=PASSWORD)
    assert director.status == 200
    assert REMARK in director.text
    await director.send(action(plan), 1, outcome="send_back", remark=REMARK)
    assert school.documents[plan].stage is Stage.RETURNED


async def test_a_form_of_an_older_session_decides_nothing_and_keeps_the_remark(
    school: School, director: Visitor
) -> None:
    plan = school.paper("individual_plan")
    await director.go(f"/documents/{plan}")
    given = {**director.hidden(action(plan), 1), "outcome": "send_back", "remark": REMARK}
    await director.go("/verify")
    await director.send("/signout")
    await director.send("/signin", login=school.login("director"), password=PASSWORD)
    director.shown = await director.client.post(action(plan), data=given)
    assert director.status == 403
    assert "Вы вошли заново" in director.text
    assert REMARK in director.text
    assert school.documents[plan].stage is Stage.ON_APPROVAL
    await director.send(action(plan), 1, outcome="send_back", remark=REMARK)
    assert school.documents[plan].stage is Stage.RETURNED


async def test_who_is_not_waited_for_sees_the_document_and_no_buttons(school: School) -> None:
    plan = school.paper("individual_plan")
    for role in (AccessRole.CURATOR, AccessRole.AUDITOR):
        visitor = await Visitor.of(school.app).sign_in(school.login(role), PASSWORD)
        await visitor.go(f"/documents/{plan}")
        assert visitor.status == 200
        assert visitor.shown is not None
        assert "/decision" not in visitor.shown.text


async def test_the_text_stands_until_the_pages_are_ready_and_decisions_do_not_wait(
    school: School, director: Visitor
) -> None:
    plan = school.paper("individual_plan")
    await director.go(f"/documents/{plan}")
    assert director.shown is not None
    assert "решение их не ждёт" in director.text
    assert "<object" not in director.shown.text
    assert "Утвердить версию 1" in director.text
    draft = school.documents[plan].draft
    assert draft is not None
    school.pdf[draft.sha256] = b"%PDF-1.7 pages"
    await director.go(f"/documents/{plan}")
    assert "<object" in director.shown.text
    await director.go(f"/documents/{plan}/pages.pdf?role=draft&version=1")
    assert director.shown.content == b"%PDF-1.7 pages"
    assert director.shown.headers["Content-Disposition"].startswith("inline;")
    assert "frame-ancestors 'self'" in director.shown.headers["Content-Security-Policy"]
    await director.go(f"/documents/{plan}?view=text")
    assert "<object" not in director.shown.text


async def test_files_have_names_that_people_can_read(school: School, director: Visitor) -> None:
    order = school.paper("order_introduction")
    school.decide(order)
    school.sign(order, "145-о", b"%PDF-1.7 scan")
    await director.go(f"/documents/{order}")
    name = "Приказ о внедрении целевой модели наставничества № 145-о от 21.09.2026"
    assert f"{name}, подписанный экземпляр.pdf" in director.text
    await director.go(f"/documents/{order}/file?role=signed")
    assert director.shown is not None
    assert director.shown.content == b"%PDF-1.7 scan"
    assert "filename*=UTF-8''" in director.shown.headers["Content-Disposition"]


async def test_the_pair_shows_where_it_stands_and_hides_what_is_technical(
    school: School, director: Visitor
) -> None:
    order = school.paper("order_introduction")
    school.decide(order)
    school.sign(order, "145-о", b"%PDF-1.7 scan")
    plan = school.paper("individual_plan", of_pair=True)
    school.move_pair(order, plan)
    await director.go(f"/pairs/{school.pair_id}")
    assert "Встречи 0 из 1 — сейчас" in director.text
    assert "Мониторинг — впереди" in director.text
    assert "Утвердить или вернуть: Индивидуальный план" in director.text
    assert "Ждём от методиста Коваль А. П. записи о встрече (первая)" in director.text
    assert "Трудовой кодекс РФ, ст. 351.8" in director.text
    assert "Зарегистрировано: Приказ о внедрении" in director.text
    assert "Версия подготовлена" not in director.text
    await director.go(f"/pairs/{school.pair_id}?technical=true")
    assert "Версия подготовлена" in director.text


async def test_another_school_sees_neither_document_nor_pair(
    school: School, engine: Engine
) -> None:
    plan = school.paper("individual_plan", of_pair=True)
    other = School(engine)
    stranger = await Visitor.of(other.app).sign_in(other.login("director"), PASSWORD)
    for path in (f"/documents/{plan}", f"/pairs/{school.pair_id}", f"/?done={plan}"):
        await stranger.go(path)
        assert stranger.status == (200 if path.startswith("/?") else 404)
        assert "Индивидуальный план" not in stranger.text
        assert "Коваль" not in stranger.text
