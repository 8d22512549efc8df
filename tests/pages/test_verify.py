"""«Проверить файл»: what is told to whoever holds a file or a paper."""

import json

import pytest

from domain.routes import Outcome
from tests.pages.school import School, rendered
from tests.pages.visitor import Visitor

SCAN = b"%PDF-1.7 a scan that no other test signs"


async def verified(visitor: Visitor, content: bytes) -> str:
    await visitor.go("/verify")
    token = visitor.hidden("/verify")
    visitor.shown = await visitor.client.post(
        "/verify", data=token, files={"file": ("Иванова.pdf", content, "application/pdf")}
    )
    return visitor.text


@pytest.fixture
def order(school: School) -> str:
    document = school.paper("order_introduction")
    school.decide(document)
    school.sign(document, "145-о", SCAN)
    return document


async def test_a_signed_copy_is_known_by_its_bytes_without_an_account(
    school: School, order: str
) -> None:
    told = await verified(Visitor.of(school.app), SCAN)
    assert (
        "Это версия 1 документа «Приказ о внедрении целевой модели наставничества» № 145-о от "
        "21.09.2026"
    ) in told
    assert "Это подписанный экземпляр. Файл не изменён" in told
    assert "подписанный экземпляр хранится с 21 сентября 2026 г." in told


async def test_one_changed_sign_makes_a_file_unknown(school: School, order: str) -> None:
    told = await verified(Visitor.of(school.app), SCAN + b" ")
    assert "Такого файла у нас нет" in told
    assert "145" not in told


async def test_a_draft_is_told_to_be_one_and_which_version_is_the_latest(school: School) -> None:
    facts = {"goal": school.world.organisation}  # papers of two schools are never the same
    plan = school.paper("individual_plan", facts=facts)
    school.decide(plan, Outcome.SEND_BACK, remark="Иначе.")
    school.redraft(plan, {"goal": "освоение чертежа"})
    told = await verified(Visitor.of(school.app), rendered("individual_plan", json.dumps(facts)))
    assert "Это проект, без номера и подписи." in told
    assert "Есть более новая версия: 2." in told
    assert "Документ ещё не подписан." in told


async def test_no_person_is_named(school: School, order: str) -> None:
    plan = school.paper("individual_plan", of_pair=True)
    visitor = Visitor.of(school.app)
    for told in (
        await verified(visitor, SCAN),
        await verified(visitor, rendered("individual_plan")),
        (await visitor.go(f"/v/{order}/1")).text,
        (await visitor.go(f"/v/{plan}")).text,
    ):
        assert not [name for name in ("Коваль", "Черных", "Вершинина", "Ёлкина") if name in told]


async def test_the_code_of_a_paper_leads_to_the_document_and_to_the_check(
    school: School, order: str
) -> None:
    visitor = Visitor.of(school.app)
    await visitor.go(f"/v/{order}/1")
    assert visitor.status == 200
    assert "Код версии 1 документа «Приказ о внедрении" in visitor.text
    assert "не доказывает" in visitor.text
    assert visitor.hidden("/verify")


@pytest.mark.parametrize("code", ["0" * 16, "nothing", "%00", "../signin", "0" * 16 + "/x"])
async def test_an_unknown_code_is_told_to_be_one(school: School, code: str) -> None:
    visitor = Visitor.of(school.app)
    visitor.client.headers["Accept"] = "text/html"
    await visitor.go(f"/v/{code}")
    assert visitor.status == 404 or visitor.path == "/signin"


async def test_asking_without_end_is_stopped(school: School) -> None:
    visitor = Visitor.of(school.app)
    for number in range(31):
        await visitor.go(f"/v/{number:016x}")
    assert visitor.status == 429
    assert "Слишком много попыток" in visitor.text


async def test_without_a_file_the_form_asks_for_one(school: School) -> None:
    visitor = Visitor.of(school.app)
    await visitor.go("/verify")
    await visitor.send("/verify")
    assert visitor.status == 422
    assert "Выберите файл" in visitor.text


async def test_a_file_that_is_too_large_is_refused(school: School) -> None:
    visitor = Visitor.of(school.app)
    await verified(visitor, b"%PDF" + bytes(20 * 1024 * 1024))
    assert visitor.status == 413
    assert "до 20 МБ" in visitor.text
