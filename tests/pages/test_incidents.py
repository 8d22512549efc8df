"""Stored files that are not what was kept: who is told, what the pages say, what may be done."""

from datetime import timedelta

import pytest

from activities.verification_ports import Batch
from adapters.postgres.verification import PostgresVerifications
from domain import ids
from domain.people import AccessRole
from domain.verification import Fault, FaultyFile
from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor

PLACE = "/incidents"
SCAN = b"%PDF-1.7 the signed paper"


def find(school: School, *faulty: tuple[str, Fault]) -> None:
    """A walk of another night has found this; only these keys are looked at."""
    book, night = PostgresVerifications(school.engine), ids.new_id()
    batch = Batch(
        run_id=night,
        after="",
        last="",
        files=len(faulty),
        bytes=0,
        faulty=tuple(FaultyFile(key=key, fault=fault) for key, fault in faulty),
        now=school.now - timedelta(hours=9),
    )
    book.run(night)
    book.save_batch(batch)
    book.finish_run(night, batch.now)


@pytest.fixture
def signed(school: School) -> str:
    """The key of a pair's signed agreement."""
    return a_signed_agreement(school)


def a_signed_agreement(school: School) -> str:
    school.add_user(AccessRole.ADMINISTRATOR, None)
    document = school.paper("agreement", since=3, of_pair=True)
    school.decide(document)
    school.sign(document, "12-с", SCAN)
    return f"signed/{document}/1"


async def visitor(school: School, role: str, path: str = "/") -> Visitor:
    return await Visitor.of(school.app).sign_in(school.login(role), PASSWORD, path)


@pytest.mark.parametrize("role", ["administrator", "auditor"])
async def test_the_first_page_tells_which_file_of_whom_is_not_what_was_kept(
    school: School, signed: str, role: str
) -> None:
    quiet = await visitor(school, role)
    assert "Нарушена сохранность" not in quiet.text
    find(school, (signed, Fault.CHANGED))

    told = await quiet.go("/")

    assert "Нарушена сохранность: 1" in told.text
    assert "Файл изменён: Соглашение о наставничестве № 12-с от 21 сентября 2026 г." in told.text
    assert "пара Коваль А. П. — Черных Л. П." in told.text


@pytest.mark.parametrize("role", ["director", "curator"])
async def test_others_are_neither_told_nor_let_in(school: School, signed: str, role: str) -> None:
    find(school, (signed, Fault.LOST))
    other = await visitor(school, role)
    assert "Нарушена сохранность" not in other.text
    assert "Сохранность" not in other.text
    assert (await other.go(PLACE)).status == 403


async def test_the_page_says_what_was_found_and_what_to_do(school: School, signed: str) -> None:
    empty = await visitor(school, "auditor", PLACE)
    assert "Открытых происшествий нет" in empty.text
    draft = signed.replace("signed/", "draft/")
    find(school, (signed, Fault.HIDDEN), (draft, Fault.LOST))

    listed = await empty.go(PLACE)

    assert "Открытые: 2" in listed.text
    assert "Файл заслонён другим: Соглашение о наставничестве № 12-с" in listed.text
    assert "Подписанный экземпляр, версия 1 · пара Коваль А. П. — Черных Л. П." in listed.text
    assert "Проект, без номера и подписи, версия 1" in listed.text
    assert "Восстановите файл из резервной копии" in listed.text
    assert f"В хранилище: {draft}; в резервной копии: files/" in listed.text
    assert "Записать, что сделано" not in listed.text
    assert listed.shown is not None
    assert f"/documents/{signed.split('/')[1]}" in listed.shown.text


async def test_the_administrator_says_what_was_done_and_everybody_reads_it(
    school: School, signed: str
) -> None:
    find(school, (signed, Fault.CHANGED))
    administrator = await visitor(school, "administrator", PLACE)

    await administrator.send(PLACE, 1, text="Файл возвращён из копии от 20 сентября.")

    assert administrator.status == 200
    said = "Что сделано: Файл возвращён из копии от 20 сентября. (Администратор)"
    assert said in administrator.text
    assert said in (await visitor(school, "auditor", PLACE)).text


async def test_a_note_without_words_is_refused_and_says_why(school: School, signed: str) -> None:
    find(school, (signed, Fault.CHANGED))
    administrator = await visitor(school, "administrator", PLACE)
    await administrator.send(PLACE, 1, text=" ")
    assert administrator.status == 422
    assert "Что сделано: нужно заполнить." in administrator.text


async def test_a_verification_is_begun_without_waiting_for_the_night(school: School) -> None:
    school.add_user(AccessRole.ADMINISTRATOR, None)
    administrator = await visitor(school, "administrator", PLACE)
    await administrator.send(PLACE)
    assert administrator.status == 200
    assert school.gateway.verified == 1


async def test_what_is_over_is_listed_among_all(school: School, signed: str) -> None:
    find(school, (signed, Fault.CHANGED))
    book = PostgresVerifications(school.engine)
    last = signed[:-1] + "0"  # the key before it
    whole = Batch(
        run_id=ids.new_id(), after=last, last=signed, files=1, bytes=0, faulty=(), now=school.now
    )
    book.save_batch(whole)
    auditor = await visitor(school, "auditor", PLACE)
    assert "Открытые: 0" in auditor.text
    assert "Файл изменён" not in auditor.text
    await auditor.go(f"{PLACE}?state=all")
    assert "Файл изменён: Соглашение о наставничестве" in auditor.text
    assert "; закрыто 21 сентября 2026 г. в 15:00" in auditor.text
    assert "Восстановите" not in auditor.text


async def test_a_log_that_is_not_whole_is_told_as_a_file_is(school: School) -> None:
    PostgresVerifications(school.engine).log_looked_at(
        school.world.organisation, broken=True, run_id=ids.new_id(), now=school.now
    )
    auditor = await visitor(school, "auditor")
    assert "Журнал событий изменён" in auditor.text
    await auditor.go(PLACE)
    assert "Открытые: 1" in auditor.text
    assert "В хранилище" not in auditor.text
