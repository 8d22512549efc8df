"""A document's route on its page: its stages, refusals, the discussion and the review."""

import re

import pytest

from domain.documents import Stage
from domain.routes import RouteStage
from tests.builders import an_approval
from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor

REMARK = "Такая программа уже есть."


@pytest.fixture
async def director(school: School) -> Visitor:
    return await Visitor.of(school.app).sign_in(school.login("director"), PASSWORD)


@pytest.fixture
async def curator(school: School) -> Visitor:
    return await Visitor.of(school.app).sign_in(school.login("curator"), PASSWORD)


def discussed(school: School) -> str:
    """A paper under discussion, then for the director."""
    stages = (
        RouteStage(id="talk", title="Обсуждение", kind="discussion", days=5),
        RouteStage(id="review", title="Рецензия", kind="review", holders=(curator_of(school),)),
        RouteStage(
            id="head", title="Утверждение", holders=(school.world.person("director"),), days=3
        ),
    )
    return school.paper("individual_plan", of_pair=True, route=an_approval(stages=stages))


def curator_of(school: School) -> str:
    return school.world.person("curator")


async def test_the_route_is_told_stage_by_stage(school: School, director: Visitor) -> None:
    plan = discussed(school)
    await director.go(f"/documents/{plan}")
    assert "Обсуждение — сейчас" in director.text
    assert "Утверждение — впередиВершинина О. П." in director.text


async def test_a_refusal_needs_words_and_ends_the_way(school: School, director: Visitor) -> None:
    plan = school.paper("individual_plan", of_pair=True)
    action = f"/documents/{plan}/decision"
    await director.go(f"/documents/{plan}")
    await director.send(action, 3, outcome="refuse", remark=" ")
    assert director.status == 422
    assert "без причины отказать нельзя" in director.text
    await director.send(action, 3, outcome="refuse", remark=REMARK)
    assert school.documents[plan].stage is Stage.REFUSED
    assert "Отказано в утверждении: Индивидуальный план" in director.text
    await director.go(f"/documents/{plan}")
    assert "Отказано в утверждении, версия 1" in director.text
    assert REMARK in director.text


async def test_what_was_refused_is_begun_anew_by_the_curator(
    school: School, director: Visitor, curator: Visitor
) -> None:
    plan = school.paper("individual_plan", of_pair=True)
    await director.go(f"/documents/{plan}")
    await director.send(f"/documents/{plan}/decision", 3, outcome="refuse", remark=REMARK)
    await curator.go(f"/documents/{plan}")
    assert REMARK in curator.text
    await curator.send(f"/documents/{plan}/redraft")
    assert school.documents[plan].stage is Stage.ON_APPROVAL


async def test_who_decided_already_is_told_so_where_others_are_still_asked(
    school: School, director: Visitor
) -> None:
    stages = tuple(
        RouteStage(id=code, title=code, holders=(school.world.person(code),))
        for code in ("director", "curator")
    )
    plan = school.paper("individual_plan", of_pair=True, route=an_approval(stages=stages))
    await director.go(f"/documents/{plan}")
    school.decide(plan)
    await director.send(f"/documents/{plan}/decision", 1, outcome="send_back", remark=REMARK)
    assert director.status == 403
    assert "Уже решено: утверждено, вами" in director.text
    assert REMARK in director.text


async def test_an_approval_with_a_remark_goes_on_and_keeps_it(
    school: School, director: Visitor
) -> None:
    plan = school.paper("individual_plan", of_pair=True)
    await director.go(f"/documents/{plan}")
    await director.send(f"/documents/{plan}/decision", 2, outcome="approve", remark=REMARK)
    assert school.documents[plan].stage is Stage.TO_REGISTER
    await director.go(f"/documents/{plan}")
    assert "Утверждено с замечанием, версия 1" in director.text
    assert REMARK in director.text
    assert director.shown is not None
    assert f"/documents/{plan}/approval-sheet" in director.shown.text


async def test_remarks_are_made_and_answered(
    school: School, director: Visitor, curator: Visitor
) -> None:
    plan = discussed(school)
    await director.go(f"/documents/{plan}")
    await director.send(f"/documents/{plan}/remarks", text="")
    assert (director.status, "Текст: нужно заполнить" in director.text) == (422, True)
    await director.send(f"/documents/{plan}/remarks", text=REMARK)
    assert "Сделано замечание" in director.text
    await curator.go(f"/documents/{plan}")
    assert REMARK in curator.text
    await curator.send(f"/documents/{plan}/remarks/1/answer", text="Эта — для другого года.")
    assert "Дан ответ на замечание" in curator.text
    assert "Ответ: Эта — для другого года." in curator.text


async def test_a_review_is_attached_and_can_be_read(school: School, curator: Visitor) -> None:
    stages = (
        RouteStage(id="review", title="Рецензия", kind="review", holders=(curator_of(school),)),
        RouteStage(id="head", title="Утверждение", holders=(school.world.person("director"),)),
    )
    plan = school.paper("individual_plan", of_pair=True, route=an_approval(stages=stages))
    await curator.go(f"/documents/{plan}")
    await curator.send_files(f"/documents/{plan}/review", "files", text="Рецензия института")
    assert curator.status == 422
    assert curator.value("review-text") == "Рецензия института"
    await curator.send_files(
        f"/documents/{plan}/review", "files", b"%PDF-1.7 review", text="Рецензия института"
    )
    assert "Приложена внешняя рецензия" in curator.text
    approval = school.documents[plan].approval
    assert approval is not None
    assert approval.stage is not None
    assert approval.stage.id == "head"
    assert "Внешняя рецензия (PDF)Рецензия института" in curator.text
    assert curator.shown is not None
    (path,) = re.findall(rf'"(/documents/{plan}/files/[0-9a-f]+)"', curator.shown.text)
    assert (await curator.client.get(path)).content == b"%PDF-1.7 review"
