"""The page of what an order gives to people: each sees what there is, and may do his part."""

import pytest

from activities.tasks import GatherFacts
from adapters.postgres.assigning import assigned
from domain.assignments import AssignmentStage
from tests.adapters.world import templates
from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor

SCAN = b"%PDF-1.7 a scan"
SAID = "Проведено 20 сентября, собрано 24 анкеты."


@pytest.fixture
def order(school: School) -> str:
    return order_in_force(school)


def order_in_force(school: School) -> str:
    """An order that gives the curator five things to do."""
    kind = "order_introduction"
    id_ = school.paper(kind)
    task = GatherFacts(
        organisation_id=school.world.organisation,
        cycle_id=school.world.cycle,
        document_id=id_,
        kind=kind,
        version=1,
        now=school.now,
    )
    with school.engine.begin() as connection:
        given = assigned(connection, task, templates().kind(kind), templates().example(kind))
    school.documents[id_] = school.documents[id_].changed(assignments=given)
    school.decide(id_)
    school.sign(id_, "5-о", SCAN)
    return id_


async def at(school: School, role: str, path: str) -> Visitor:
    visitor = await Visitor.of(school.app).sign_in(school.login(role), PASSWORD)
    return await visitor.go(path)


def stage(school: School, order: str) -> AssignmentStage:
    return school.documents[order].assignments[0].stage


async def test_the_inbox_leads_to_what_is_to_be_done(school: School, order: str) -> None:
    curator = await at(school, "curator", "/")

    assert "Исполнить пункт 5.1: провести анкетирование" in curator.text
    assert curator.shown is not None
    assert f'href="/assignments/{order}#n5.1"' in curator.shown.text
    await curator.go(f"/assignments/{order}")
    assert (curator.status, curator.text.count("Отчитаться об исполнении")) == (200, 5)
    assert "до 30 июня 2027" in curator.text
    assert "Снять поручение" not in curator.text


async def test_who_does_it_reports_with_a_file_and_the_controller_reads_it(
    school: School, order: str
) -> None:
    place = f"/assignments/{order}"
    curator = await at(school, "curator", place)

    await curator.send_files(place, "files", SCAN, text=SAID)

    assert (curator.status, curator.path) == (200, place)
    assert stage(school, order) is AssignmentStage.FULFILLED
    director = await at(school, "director", place)
    assert SAID in director.text
    sha256 = school.documents[order].assignments[0].file_sha256
    read = await director.client.get(f"/documents/{order}/files/{sha256}")
    assert read.content == SCAN


async def test_the_controller_gives_it_back_and_says_why(school: School, order: str) -> None:
    place = f"/assignments/{order}"
    await (await at(school, "curator", place)).send(place, text=SAID)
    director = await at(school, "director", place)

    await director.send(place, text="Приложите протокол.")  # the first form is of what is done

    assert stage(school, order) is AssignmentStage.OPEN
    assert "Контролирующий: Приложите протокол." in director.text


async def test_a_report_without_words_is_not_taken_and_says_so(school: School, order: str) -> None:
    place = f"/assignments/{order}"
    curator = await at(school, "curator", place)

    await curator.send(place, text=" ")

    assert (curator.status, "Что сказано: нужно заполнить" in curator.text) == (422, True)
    assert stage(school, order) is AssignmentStage.OPEN


async def test_the_auditor_reads_and_has_no_forms(school: School, order: str) -> None:
    auditor = await at(school, "auditor", f"/assignments/{order}")

    assert auditor.status == 200
    assert "в работе" in auditor.text
    assert auditor.shown is not None
    assert 'name="act"' not in auditor.shown.text


async def test_a_document_that_gives_nothing_says_so(school: School) -> None:
    paper = school.paper("regulation")

    visitor = await at(school, "curator", f"/assignments/{paper}")

    assert "никому ничего не поручает" in visitor.text
