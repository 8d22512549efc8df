"""Events and publications on the pages: entered, corrected, looked after, counted for a result."""

import pytest

from domain.evidence import EventHeld, RecordResult
from tests.api.calls import CYCLE
from tests.api.house import House
from tests.fakes.events import HELD_EVENT, PUBLISHED
from tests.pages.school import PASSWORD, School
from tests.pages.test_doors import signed_in
from tests.pages.visitor import Visitor

SEMINAR = {
    "kind": "seminar",
    "title": "Семинар для наставников",
    "day": "2026-09-14",
    "place": "Актовый зал",
    "programme": "10:00 Открытие — директор",
    "invited": "30",
    "attendance": "24",
    "people": "mentor, mentee",
    "links": "Фотографии https://college.example/seminar",
}
RULES = {
    "what": "Положение о наставничестве",
    "site": "Сайт колледжа",
    "address": "https://college.example/rules",
    "day": "2026-09-14",
}


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def curator(school: School) -> Visitor:
    return await Visitor.of(school.app).sign_in(school.login("curator"), PASSWORD)


def base(school: School) -> str:
    return f"/cycles/{school.cycle.cycle_id}/events"


def path_of(visitor: Visitor, start: str) -> str:
    """The first link of the page that begins so."""
    assert visitor.shown is not None
    return start + visitor.shown.text.split(f'href="{start}')[1].split('"')[0]


async def test_an_event_is_entered_shown_and_corrected(school: School, curator: Visitor) -> None:
    await curator.go(base(school))
    assert "Ни одного мероприятия ещё не внесено" in curator.text
    await curator.send(base(school), **SEMINAR)
    assert (curator.status, curator.path) == (200, base(school))
    assert "Семинар · 14 сентября 2026 г. · Актовый зал · пришло 24 из 30" in curator.text
    event = path_of(curator, "/events/")
    await curator.go(event)
    assert "Коваль А. П., Черных Л. П." in curator.text
    assert curator.value("event-people") == "mentor\nmentee"
    assert curator.value("event-links") == SEMINAR["links"]
    await curator.send(event, **{**SEMINAR, "attendance": "26"})
    assert (curator.status, curator.path) == (200, event)
    assert "пришло 26 — так сейчас" in curator.text
    assert "пришло 24" in curator.text


async def test_a_planned_event_says_that_it_is_not_held(school: School, curator: Visitor) -> None:
    await curator.go(base(school))
    await curator.send(base(school), kind="forum", title="Форум", day="2027-04-20")
    assert "20 апреля 2027 г. · впереди" in curator.text
    await curator.send(base(school), kind="forum", title="Слёт", day="2026-09-20")
    assert "20 сентября 2026 г. · ещё не сказано, сколько пришло" in curator.text
    await curator.go(path_of(curator, "/events/"))
    assert "ничего не подтверждает" in curator.text


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"day": "2027-04-20"}, 422, "ещё впереди"),
        ({"until": "2026-09-01"}, 422, "проверьте дни"),
        ({"attendance": "1"}, 422, "больше людей, чем пришло"),
        ({"people": "nobody"}, 404, "проверьте коды"),
        ({"links": "Фотографии"}, 422, "http:// или https://"),
        ({"title": ""}, 422, "Название: нужно заполнить"),
        ({"attendance": "много"}, 422, "Сколько пришло"),
    ],
)
async def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    school: School, curator: Visitor, fields: dict[str, str], status: int, words: str
) -> None:
    await curator.go(base(school))
    await curator.send(base(school), **{**SEMINAR, **fields})
    assert (curator.status, words in curator.text) == (status, True)
    assert curator.value("event-programme") == SEMINAR["programme"]
    await curator.go(base(school))
    assert "Мероприятия: 0" in curator.text


async def test_a_publication_is_entered_and_looked_after(school: School, curator: Visitor) -> None:
    await curator.go(base(school))
    await curator.send(base(school), 1, **{**RULES, "address": "college.example"})
    assert (curator.status, "http:// или https://" in curator.text) == (422, True)
    await curator.send(base(school), 1, **RULES)
    assert "Ещё никто не проверял" in curator.text
    place = path_of(curator, "/publications/")
    await curator.go(place)
    await curator.send(f"{place}/check", present="no")
    assert (curator.status, curator.path) == (200, place)
    assert "Страницы нет: проверено 21 сентября 2026 г., Ёлкина М. П." in curator.text
    await curator.send(place, **{**RULES, "site": "Газета"})
    assert "Ещё никто не проверял" in curator.text


@pytest.mark.parametrize(
    ("said", "form", "start"), [(SEMINAR, 0, "/events/"), (RULES, 1, "/publications/")]
)
async def test_what_was_entered_by_mistake_is_withdrawn_with_a_reason(
    school: School, curator: Visitor, said: dict[str, str], form: int, start: str
) -> None:
    await curator.go(base(school))
    await curator.send(base(school), form, **said)
    place = path_of(curator, start)
    await curator.go(place)
    await curator.send(f"{place}/withdrawal", reason=" ")
    assert (curator.status, "Почему: нужно заполнить" in curator.text) == (422, True)
    await curator.send(f"{place}/withdrawal", reason="Внесено дважды")
    assert (curator.status, curator.path) == (200, place)
    assert "Отозвано 21 сентября 2026 г., Ёлкина М. П." in curator.text
    assert "Причина: «Внесено дважды»" in curator.text
    assert "Внесено по ошибке" not in curator.text
    assert "Изменить сведения" not in curator.text
    await curator.go(base(school))
    assert "отозвано" in curator.text.lower()


async def test_an_auditor_reads_and_writes_nothing(school: School, curator: Visitor) -> None:
    await curator.go(base(school))
    await curator.send(base(school), **SEMINAR)
    await curator.send(base(school), 1, **RULES)
    auditor = await Visitor.of(school.app).sign_in(school.login("auditor"), PASSWORD)
    await auditor.go(base(school))
    assert "Семинар для наставников" in auditor.text
    assert "Внести" not in auditor.text
    for start in ("/events/", "/publications/"):
        await auditor.go(base(school))
        await auditor.go(path_of(auditor, start))
        assert (auditor.status, "Изменить" in auditor.text) == (200, False)
        assert "Страница на месте" not in auditor.text
    await auditor.go("/log")
    assert "Внесено мероприятие" in auditor.text
    assert "Внесена публикация" in auditor.text


async def test_a_result_takes_an_event_that_is_told_of_or_a_new_one(house: House) -> None:
    visitor = await signed_in(house, "curator")
    path = f"/cycles/{CYCLE}/result"
    await visitor.go(f"{path}?item=1.1&result=site")
    assert "Уже внесённое мероприятие Семинар для наставников, 2 сентября 2026 г." in visitor.text
    assert "Итоговая конференция" not in visitor.text  # nobody came to it yet
    await visitor.send(path, event_id=HELD_EVENT)
    wish = house.wish()
    assert isinstance(wish, RecordResult)
    assert isinstance(wish.evidence, EventHeld)
    assert (wish.evidence.kind, wish.evidence.attendance) == ("seminar", 24)
    house.gateway.sent.clear()
    await visitor.go(f"{path}?item=1.2&result=site")
    said = {"kind": "forum", "day": "2026-09-02", "attendance": "12", "place": "Зал"}
    await visitor.send(path, 1, **said, title="")
    assert house.wish().evidence.kind == "forum"
    await visitor.go(f"/cycles/{CYCLE}/events")
    assert "Итог подведён Форум" in visitor.text


async def test_too_few_people_are_told_before_anything_is_kept(house: House) -> None:
    visitor = await signed_in(house, "curator")
    path = f"/cycles/{CYCLE}/result"
    await visitor.go(f"{path}?item=1.1&result=site")
    said = {"kind": "forum", "day": "2026-09-02", "attendance": "1", "place": "Зал"}
    await visitor.send(path, 1, **said)
    assert (visitor.status, "Пришло меньше людей" in visitor.text) == (422, True)
    assert len(house.desk.happened.told) == 3


async def test_a_link_may_be_one_that_is_told_of(house: House) -> None:
    house.views.proof = "link"
    visitor = await signed_in(house, "curator")
    path = f"/cycles/{CYCLE}/result"
    await visitor.go(f"{path}?item=1.1&result=site")
    await visitor.send(path, publication_id=PUBLISHED)
    assert house.wish().evidence.proof == "link"
