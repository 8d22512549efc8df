"""What is recorded of a pair and of a cycle: meetings, monitoring, results, forms of names."""

import pytest

from domain.evidence import RecordResult
from tests.api.calls import CYCLE, NOVICE, PAIR
from tests.api.house import House
from tests.pages.school import PASSWORD, School
from tests.pages.test_doors import signed_in
from tests.pages.visitor import Visitor

ITEM = f"2.1/{PAIR}"
CASES = ("gent", "datv", "accs", "ablt", "loct")


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def curator(school: School) -> Visitor:
    return await Visitor.of(school.app).sign_in(school.login("curator"), PASSWORD)


@pytest.fixture
def pair(school: School) -> str:
    """The address of a pair that has its consents and its order."""
    signed = school.paper("order_introduction")
    school.move_pair(signed, school.paper("agreement", of_pair=True))
    return f"/pairs/{school.pair_id}"


async def test_the_next_thing_to_do_is_one_click_away(curator: Visitor, pair: str) -> None:
    await curator.go("/")
    assert curator.shown is not None
    assert f'href="{pair}/meetings"' in curator.shown.text
    await curator.go(pair)
    assert f'href="{pair}/meetings"' in curator.shown.text


async def test_a_meeting_is_recorded(school: School, curator: Visitor, pair: str) -> None:
    await curator.go(f"{pair}/meetings")
    given = {"kind": "first", "day": "2026-09-20", "minutes": "45", "notes": "Познакомились."}
    await curator.send(f"{pair}/meetings", **given)
    assert (curator.status, curator.path) == (200, pair)
    assert "Встреча записана." in curator.text
    ((meeting),) = school.pair.meetings
    assert (meeting.kind, meeting.minutes) == ("first", 45)


async def test_a_form_that_is_sent_twice_records_once(
    school: School, curator: Visitor, pair: str
) -> None:
    await curator.go(f"{pair}/meetings")
    given = {"kind": "first", "day": "2026-09-20", "minutes": "45"}
    whole = {**curator.hidden(f"{pair}/meetings"), **given}
    for _ in range(2):
        answer = await curator.client.post(f"{pair}/meetings", data=whole)
        assert answer.status_code == 303
    assert len(school.pair.meetings) == 1


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("day", "2030-01-01", "День: встречу записывают"),
        ("day", "вчера", "День: ждём дату"),
        ("minutes", "", "Сколько минут: нужно заполнить"),
        ("minutes", "100000", "Сколько минут: число слишком велико"),
        ("kind", "other", "Выберите из списка"),
    ],
)
async def test_a_meeting_that_cannot_be_is_told_and_kept(
    school: School, curator: Visitor, pair: str, field: str, value: str, told: str
) -> None:
    await curator.go(f"{pair}/meetings")
    given = {"kind": "first", "day": "2026-09-20", "minutes": "45", "notes": "Познакомились."}
    await curator.send(f"{pair}/meetings", **{**given, field: value})
    assert curator.status in (404, 422)
    assert told in curator.text
    assert curator.value("meeting-notes") == "Познакомились."
    assert school.pair.meetings == ()


async def test_a_session_that_ended_meanwhile_loses_no_notes(
    school: School, curator: Visitor, pair: str
) -> None:
    await curator.go(f"{pair}/meetings")
    given = {**curator.hidden(f"{pair}/meetings"), "notes": "Познакомились.", "minutes": "50"}
    school.accounts.sign_out(str(curator.client.cookies["nastavnik"]))
    curator.shown = await curator.client.post(f"{pair}/meetings", data=given)
    await curator.send("/signin", login=school.login("curator"), password=PASSWORD)
    assert curator.value("meeting-notes") == "Познакомились."
    assert curator.value("meeting-minutes") == "50"


async def test_monitoring_is_recorded_voice_by_voice(
    school: School, curator: Visitor, pair: str
) -> None:
    await curator.go(f"{pair}/meetings")
    await curator.send(f"{pair}/meetings", kind="first", day="2026-09-20", minutes="45")
    await curator.go(f"{pair}/monitoring?voice=curator")
    assert curator.shown is not None
    assert '<option value="curator" selected>' in curator.shown.text
    action = f"{pair}/monitoring"
    await curator.send(action, voice="curator")
    assert (curator.status, "Оценки: " in curator.text) == (422, True)
    await curator.send(action, voice="curator", **{"score.process": "9"})
    assert "Форма мониторинга записана." in curator.text
    ((form),) = school.pair.forms
    assert (form.voice, form.scores) == ("curator", {"process": 9})


async def test_a_row_of_the_cycle_is_marked_from_its_page(school: School, curator: Visitor) -> None:
    school.open_rows()
    cycle = f"/cycles/{school.cycle.cycle_id}"
    await curator.go(cycle)
    assert curator.shown is not None
    path = f"{cycle}/result?item=2&amp;result=answers"
    assert path in curator.shown.text
    await curator.go(path.replace("&amp;", "&"))
    await curator.send(f"{cycle}/result", count="1")
    assert (curator.status, "Этого мало" in curator.text) == (422, True)
    assert curator.value("result-count") == "1"
    await curator.send(f"{cycle}/result", count="5")
    assert (curator.status, curator.path) == (200, cycle)
    assert "Анкеты собраны — сделано" in curator.text


@pytest.mark.parametrize(
    ("proof", "fields", "fact"),
    [
        (
            "link",
            {"day": "2026-09-01", "address": "https://college.example/news"},
            {"day": "2026-09-01"},
        ),
        (
            "event",
            {"day": "2026-09-01", "attendance": "12", "place": "Зал", "programme": ""},
            {"day": "2026-09-01", "attendance": 12},
        ),
        ("number", {"number": "7", "note": "Из отчёта"}, {"number": 7}),
        ("answers", {"count": "24"}, {"count": 24}),
        ("remark", {"text": "Обсудили"}, {}),
    ],
)
async def test_each_kind_of_proof_has_its_form(
    house: House, proof: str, fields: dict[str, str], fact: dict[str, object]
) -> None:
    house.views.proof = proof
    visitor = await signed_in(house, "curator")
    await visitor.go(f"/pairs/{PAIR}/result?item=2.1%2F{PAIR}&result=acquainted")
    for name in fields:
        assert visitor.shown is not None
        assert f'name="{name}"' in visitor.shown.text
    await visitor.send(f"/pairs/{PAIR}/result", **fields)
    wish = house.wish()
    assert isinstance(wish, RecordResult)
    assert (wish.item, wish.result, wish.evidence.proof) == (ITEM, "acquainted", proof)
    assert fact.items() <= wish.evidence.model_dump(mode="json").items()


async def test_a_file_beside_a_remark_is_kept_and_named(house: House) -> None:
    house.views.proof = "remark"
    visitor = await signed_in(house, "curator")
    await visitor.go(f"/cycles/{CYCLE}/result?item=1.1%232&result=site")
    await visitor.send_files(f"/cycles/{CYCLE}/result", "files", b"%PDF-1.7", text="Обсудили")
    ((kept),) = house.desk.objects.values()
    assert house.wish().evidence.file_sha256 == kept.sha256


async def test_doubtful_names_are_confirmed_as_they_were_shown(house: House) -> None:
    visitor = await signed_in(house, "curator")
    await visitor.go("/")
    assert "Как склоняются имена: 1" in visitor.text
    assert "нет (кого?) Заяца Ильи Львовича" in visitor.text
    await visitor.send(f"/people/{NOVICE}/names")
    assert visitor.path == "/"
    assert "Как склоняются имена" not in visitor.text
    assert next(iter(house.desk.names.values())).sure


async def test_a_form_of_a_name_is_corrected(house: House) -> None:
    visitor = await signed_in(house, "curator")
    await visitor.go(f"/people/{NOVICE}/names")
    fields = {f"last.{case}": visitor.value(f"names-last.{case}") for case in CASES}
    action = f"/people/{NOVICE}/names"
    await visitor.send(action, **{**fields, "last.gent": "Зай9"})
    assert (visitor.status, visitor.value("names-last.gent")) == (422, "Зай9")
    assert "нет (кого?): недопустимые знаки" in visitor.text
    await visitor.send(action, **{**fields, "last.gent": "Заяца"})
    assert visitor.status == 200
    forms = next(iter(house.desk.names.values()))
    assert (forms.gent.last, forms.corrected) == ("Заяца", ("last",))


async def test_the_director_is_not_asked_about_names(house: House) -> None:
    visitor = await signed_in(house, "director")
    await visitor.go("/")
    assert "Как склоняются имена" not in visitor.text
