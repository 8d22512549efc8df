"""What is done with a document on its page beside deciding; nothing that was typed is lost."""

import pytest

from domain.documents import Stage
from domain.errors import BadSignatureFile, ForeignPages
from domain.routes import Outcome
from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor

REMARK = "Укажите срок второй встречи."
SCAN, PHOTO = b"%PDF-1.7 a scan", b"\xff\xd8\xff\xe0 a photo"


@pytest.fixture
async def curator(school: School) -> Visitor:
    return await Visitor.of(school.app).sign_in(school.login("curator"), PASSWORD)


@pytest.fixture
def approved(school: School) -> str:
    order = school.paper("order_curator")
    school.decide(order)
    return order


async def test_a_document_gets_the_next_number(
    school: School, curator: Visitor, approved: str
) -> None:
    await curator.go(f"/documents/{approved}")
    await curator.send(f"/documents/{approved}/registration")
    assert (curator.status, curator.path) == (200, f"/documents/{approved}")
    assert "Запрошены номер и дата: Приказ" in curator.text
    assert school.documents[approved].stage is Stage.TO_SIGN
    assert "№ 7-о" in curator.text


async def test_a_number_of_ones_own_needs_a_reason_and_is_kept_until_there_is_one(
    school: School, curator: Visitor, approved: str
) -> None:
    action = f"/documents/{approved}/registration"
    await curator.go(f"/documents/{approved}")
    await curator.send(action, number="12-о")
    assert curator.status == 422
    assert "Напишите причину" in curator.text
    assert curator.value("register-number") == "12-о"
    assert school.documents[approved].stage is Stage.TO_REGISTER
    await curator.send(action, number="12-о", reason="Внесён в книгу секретарём")
    assert school.documents[approved].stage is Stage.TO_SIGN
    assert "№ 12-о" in curator.text


async def test_no_number_is_asked_for_a_paper_that_no_journal_counts(
    school: School, curator: Visitor
) -> None:
    plan = school.paper("individual_plan", of_pair=True)
    school.decide(plan)
    await curator.go(f"/documents/{plan}")
    assert "Зарегистрировать" in curator.text
    assert "Свой номер" not in curator.text


async def test_several_photos_of_the_signed_paper_are_attached(
    school: School, curator: Visitor, approved: str
) -> None:
    action = f"/documents/{approved}/signed"
    await curator.go(f"/documents/{approved}")
    await curator.send(f"/documents/{approved}/registration")
    await curator.send_files(action, "files", SCAN, PHOTO)
    assert "Приложен подписанный экземпляр: Приказ" in curator.text
    state = school.documents[approved]
    assert (state.stage, state.signed_size) == (Stage.SEALING, len(SCAN + PHOTO))
    assert "на вирусы не проверено" in curator.text


async def test_a_scan_of_another_paper_is_told_in_words(
    school: School, curator: Visitor, approved: str
) -> None:
    action = f"/documents/{approved}/signed"
    await curator.go(f"/documents/{approved}")
    await curator.send(f"/documents/{approved}/registration")
    school.scans.refusal = ForeignPages("страница 2: код другого документа")
    await curator.send_files(action, "files", SCAN)
    assert curator.status == 422
    assert "страница 2: код другого документа. Ничего не сохранено" in curator.text
    assert school.documents[approved].stage is Stage.TO_SIGN


async def test_no_file_is_told(school: School, curator: Visitor, approved: str) -> None:
    await curator.go(f"/documents/{approved}")
    await curator.send(f"/documents/{approved}/registration")
    await curator.send_files(f"/documents/{approved}/signed", "files")
    assert (curator.status, "файл не выбран" in curator.text) == (422, True)


async def test_who_drafts_sees_the_remark_and_amends_the_facts(
    school: School, curator: Visitor
) -> None:
    plan = school.paper("individual_plan", of_pair=True)
    school.decide(plan, Outcome.SEND_BACK, REMARK)
    await curator.go(f"/documents/{plan}")
    assert REMARK in curator.text
    tasks = curator.value("redraft-fact.tasks")
    assert len(tasks.splitlines()) > 1
    await curator.send(
        f"/documents/{plan}/redraft",
        **{"fact.goal": "освоение чертежа", "fact.tasks": tasks.replace("\n", "\r\n")},
    )
    state = school.documents[plan]
    assert (state.version, state.stage) == (2, Stage.ON_APPROVAL)
    assert state.inputs_id
    body = school.world.views.text(school.world.organisation, state.inputs_id).body
    assert body == {"goal": "освоение чертежа"}


async def test_what_was_amended_before_stays_amended(school: School, curator: Visitor) -> None:
    plan = school.paper("individual_plan", of_pair=True)
    for goal in ("освоение чертежа", None):
        school.decide(plan, Outcome.SEND_BACK, REMARK)
        await curator.go(f"/documents/{plan}")
        fields = {"fact.goal": goal} if goal else {"fact.tasks": "чертить"}
        await curator.send(f"/documents/{plan}/redraft", **fields)
    inputs = school.documents[plan].inputs_id
    assert inputs
    body = school.world.views.text(school.world.organisation, inputs).body
    assert body == {"goal": "освоение чертежа", "tasks": ["чертить"]}


async def test_a_redraft_of_an_older_version_is_refused_and_keeps_the_words(
    school: School, curator: Visitor
) -> None:
    plan = school.paper("individual_plan", of_pair=True)
    school.decide(plan, Outcome.SEND_BACK, REMARK)
    await curator.go(f"/documents/{plan}")
    school.redraft(plan, {})
    school.decide(plan, Outcome.SEND_BACK, REMARK)
    await curator.send(f"/documents/{plan}/redraft", **{"fact.goal": "освоение чертежа"})
    assert curator.status == 409
    assert "Есть более новая версия" in curator.text
    assert curator.value("redraft-fact.goal") == "освоение чертежа"
    assert school.documents[plan].version == 2


async def test_trouble_is_told_and_tried_again(
    school: School, curator: Visitor, approved: str
) -> None:
    state = school.documents[approved]
    school.save(state.changed(stage=Stage.SEALING).troubled("seal", "BytesChanged", school.now))
    await curator.go(f"/documents/{approved}")
    assert "(хранимый файл изменён): ждём, когда методист Ёлкина М. П. устранит" in curator.text
    await curator.send(f"/documents/{approved}/retry", note="Диск заменён")
    assert school.documents[approved].trouble is None
    assert "Попытка повторена: Приказ" in curator.text


async def test_a_paper_that_somebody_asked_for_is_given_up(
    school: School, curator: Visitor
) -> None:
    order = school.paper("order_curator")
    await curator.go(f"/documents/{order}")
    await curator.send(f"/documents/{order}/withdrawal", note="Не понадобился")
    assert school.documents[order].stage is Stage.WITHDRAWN
    assert "Отозвано: Приказ" in curator.text
    await curator.go(f"/documents/{order}")
    assert curator.shown is not None
    assert "/withdrawal" not in curator.shown.text


async def test_nobody_is_offered_what_is_anothers(school: School, approved: str) -> None:
    for role, offered in (("curator", True), ("director", False), ("auditor", False)):
        visitor = await Visitor.of(school.app).sign_in(school.login(role), PASSWORD)
        await visitor.go(f"/documents/{approved}")
        assert visitor.shown is not None
        assert ("/registration" in visitor.shown.text) == offered


async def test_a_session_that_ended_meanwhile_loses_no_number(
    school: School, curator: Visitor, approved: str
) -> None:
    action = f"/documents/{approved}/registration"
    await curator.go(f"/documents/{approved}")
    given = {**curator.hidden(action), "number": "12-о", "reason": "Из книги"}
    school.accounts.sign_out(str(curator.client.cookies["nastavnik"]))
    curator.shown = await curator.client.post(action, data=given)
    assert curator.status == 401
    assert curator.hidden("/signin")["back"] == f"/documents/{approved}"
    await curator.send("/signin", login=school.login("curator"), password=PASSWORD)
    assert curator.value("register-number") == "12-о"
    assert curator.value("register-reason") == "Из книги"


async def test_a_signature_that_is_none_is_told_in_words(
    school: School, curator: Visitor, approved: str
) -> None:
    await curator.go(f"/documents/{approved}")
    await curator.send(f"/documents/{approved}/registration")
    school.signatures.refusal = BadSignatureFile("файл подписи пуст")
    await curator.send_files(f"/documents/{approved}/signature", "files", b"cms")
    assert curator.status == 422
    assert "файл подписи пуст" in curator.text
    assert school.documents[approved].stage is Stage.TO_SIGN


async def test_a_signature_is_not_asked_for_a_paper_that_is_signed_by_hand_only(
    school: School, curator: Visitor
) -> None:
    diary = school.paper("diary", of_pair=True)
    school.decide(diary)
    school.number(diary, "3")
    await curator.go(f"/documents/{diary}")
    assert "Приложить подписанный экземпляр" in curator.text
    assert "Подписано электронно" not in curator.text
