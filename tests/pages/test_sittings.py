"""Bodies and their sittings: called, held, cancelled, each on its page."""

import re
from datetime import date

import pytest

from api.problems import Unavailable
from domain.documents import Stage
from domain.people import AccessRole
from domain.process import Answer, Command
from tests.pages.furnished import for_the_council
from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor

SAID = "Одобрить программу наставничества."


def council_of(school: School) -> str:
    return school.world.launch.holders["council"]


@pytest.fixture
def paper(school: School) -> str:
    return for_the_council(school, "programme")


async def at(school: School, role: str, path: str) -> Visitor:
    visitor = await Visitor.of(school.app).sign_in(school.login(role), PASSWORD)
    return await visitor.go(path)


def links(visitor: Visitor, start: str) -> list[str]:
    assert visitor.shown is not None
    return re.findall(rf'href="({start}[^"]*)"', visitor.shown.text)


def filled(school: School) -> dict[str, str]:
    """What was decided of two questions; people are sent apart."""
    given = {"day": "2026-09-20", "chair": school.world.person("director"), "number": ""}
    for n in ("1", "2"):
        votes = {f"in_favour.{n}": "2", f"against.{n}": "", f"abstained.{n}": "0"}
        given |= {f"outcome.{n}": "approve", f"text.{n}": SAID, **votes}
    return given


async def held(school: School, visitor: Visitor, path: str, *came: str, **changed: str) -> Visitor:
    """Send the form of what was decided; `changed` fields have `_` for the dot."""
    other = {re.sub(r"_(\d)$", r".\1", name): said for name, said in changed.items()}
    given = {**visitor.hidden(path), **filled(school), **other}
    people = [school.world.person(code) for code in came]
    visitor.shown = await visitor.client.post(
        path, data={**given, "person": people}, follow_redirects=True
    )
    return visitor


# The body


async def test_a_body_shows_who_sits_there_and_what_waits_for_it(
    school: School, paper: str
) -> None:
    sitting = school.convene()
    place = f"/bodies/{council_of(school)}"

    auditor = await at(school, "auditor", "/bodies")
    assert "1 документ ждёт заседания" in auditor.text
    assert "заседание назначено на 20 сентября" in auditor.text
    assert links(auditor, place) == [place]
    await auditor.go(place)

    assert "не меньше 2 из 2" in auditor.text
    assert "за учебный год проведено 0 из 4; осталось 4, до 31 августа 2027 г." in auditor.text
    assert "ПредседательВершинина О. П." in auditor.text
    assert links(auditor, "/documents/") == [f"/documents/{paper}"]
    assert "Ещё ни в одной повестке" in auditor.text
    assert links(auditor, "/sittings/") == [f"/sittings/{sitting}"]
    assert "Созвать" not in auditor.text


async def test_a_body_of_nobody_knows_is_not_found(school: School) -> None:
    assert (await at(school, "auditor", f"/bodies/{'9' * 16}")).status == 404
    assert (await at(school, "auditor", f"/sittings/{'9' * 16}")).status == 404


async def test_the_task_leads_to_the_body_and_once_it_is_called_to_the_sitting(
    school: School, paper: str
) -> None:
    curator = await at(school, "curator", "/")
    assert links(curator, "/bodies/") == [f"/bodies/{council_of(school)}"]
    await curator.go(f"/documents/{paper}")
    assert links(curator, "/bodies/") == [f"/bodies/{council_of(school)}"]

    sitting = school.convene(paper)

    assert links(await curator.go("/"), "/sittings/") == [f"/sittings/{sitting}"]
    await curator.go(f"/documents/{paper}")
    assert links(curator, "/sittings/") == [f"/sittings/{sitting}"]
    await curator.go(f"/bodies/{council_of(school)}")
    assert "В повестке назначенного заседания" in curator.text


# Called


async def test_a_sitting_is_called_with_the_papers_that_wait_and_other_questions(
    school: School, paper: str
) -> None:
    place = f"/bodies/{council_of(school)}/sittings"
    curator = await at(school, "curator", place)
    assert curator.shown is not None
    (value,) = re.findall(r'name="paper" value="([^"]+)" checked', curator.shown.text)
    said = {"day": "2026-09-22", "place": "Учительская", "questions": "О плане\n\n О разном "}
    officers = {
        "chair": school.world.person("director"),
        "secretary": school.world.person("curator"),
    }

    await curator.send(place, paper=value, **said, **officers)

    assert curator.path.startswith("/sittings/")
    assert "1. О документе «Программа наставничества»" in curator.text
    assert "2. О плане" in curator.text
    assert "3. О разном" in curator.text
    assert links(curator, "/documents/") == [f"/documents/{paper}"]


async def test_a_call_that_is_refused_keeps_all_that_was_typed(school: School, paper: str) -> None:
    place = f"/bodies/{council_of(school)}/sittings"
    curator = await at(school, "curator", place)
    assert curator.shown is not None
    (value,) = re.findall(r'name="paper" value="([^"]+)"', curator.shown.text)

    await curator.send(place, day="2026-09-22", place="", questions="О плане", paper=value)

    assert (curator.status, "Место: нужно заполнить" in curator.text) == (422, True)
    assert curator.value("call-questions") == "О плане"
    assert f'value="{value}" checked' in curator.shown.text
    await curator.send(place, day="2026-09-22", place="Зал", questions="О плане")
    assert "Выберите председателя" in curator.text
    assert curator.value("call-place") == "Зал"
    assert school.world.views.sittings(school.world.organisation) == ()


async def test_a_call_without_a_question_is_refused(school: School) -> None:
    place = f"/bodies/{council_of(school)}/sittings"
    curator = await at(school, "curator", place)
    await curator.send(place, day="2026-09-22", place="Зал", questions=" \n ")
    assert (curator.status, "Повестка: нужно заполнить" in curator.text) == (422, True)


async def test_a_paper_that_was_redrafted_meanwhile_is_shown_as_it_waits_now(
    school: School, paper: str
) -> None:
    school.convene()
    place = f"/bodies/{council_of(school)}/sittings"
    curator = await at(school, "curator", place)
    stale = f"{paper}:7:{'a' * 64}"

    await curator.send(place, day="2026-09-22", place="Зал", questions="О плане", paper=stale)

    assert curator.status == 409
    assert "Один из документов повестки с тех пор изменён" in curator.text
    assert curator.value("call-questions") == "О плане"


async def test_a_paper_that_is_no_paper_is_not_called_for(school: School) -> None:
    place = f"/bodies/{council_of(school)}/sittings"
    curator = await at(school, "curator", place)
    for value in ("", "x", "9" * 16):
        await curator.send(place, day="2026-09-22", place="Зал", questions="О плане", paper=value)
        assert curator.status in (404, 422)
    assert school.world.views.sittings(school.world.organisation) == ()


async def test_who_neither_presides_nor_keeps_minutes_calls_nobody(
    school: School, paper: str
) -> None:
    council = council_of(school)
    director = await at(school, "director", f"/bodies/{council}")
    assert "Созвать" not in director.text
    assert (await director.go(f"/bodies/{council}/sittings")).status == 403
    school.convene()
    assert "Созвать" in (await director.go(f"/bodies/{council}")).text
    auditor = await at(school, "auditor", "/bodies")
    token = {**auditor.hidden("/signout"), "form": "call"}
    answer = await auditor.client.post(f"/bodies/{council}/sittings", data=token)
    assert answer.status_code == 403


# Held


async def test_what_was_decided_is_recorded_and_the_paper_goes_on(
    school: School, paper: str
) -> None:
    place = f"/sittings/{school.convene(paper)}"
    director = await at(school, "director", place)

    await held(school, director, place, "director", "curator", who_2="куратор", due_2="до мая")

    assert (director.status, director.path) == (200, place)
    assert "Проведено, протокол № 1 — готовится" in director.text
    assert "2 из 2: Вершинина О. П., Ёлкина М. П." in director.text
    assert "Одобрено · за 2, против 0, воздержались 0" in director.text
    assert "куратор, до мая" in director.text
    state = school.documents[paper]
    assert state.approval is not None
    assert state.approval.stage is not None
    assert state.approval.stage.id == "head"


async def test_what_is_sent_back_by_a_sitting_returns_with_its_words(
    school: School, paper: str
) -> None:
    place = f"/sittings/{school.convene(paper)}"
    curator = await at(school, "curator", place)
    await held(
        *(school, curator, place, "director", "curator"),
        outcome_2="send_back",
        text_2="Дополнить сроками.",
        in_favour_2="0",
        against_2="2",
    )
    assert school.documents[paper].stage is Stage.RETURNED
    await curator.go(f"/documents/{paper}")
    assert "Дополнить сроками." in curator.text


@pytest.mark.parametrize(
    ("came", "changed", "told"),
    [
        (("director",), {}, "Нет кворума: отмечено меньше"),
        ((), {}, "Кто был: нужно заполнить"),
        (("director", "curator"), {"against_2": "1"}, "Вопрос 2. Голосов больше, чем присутств"),
        (("director", "curator"), {"in_favour_1": "1.0"}, "Вопрос 1. Для одобрения нужно «за»"),
        (
            ("director", "curator"),
            {"against_1": "1", "abstained_2": " 1 "},
            "Вопросы: 1, 2. Голосов больше",
        ),
        (("director", "mentor"), {}, "все, кто был, в этот день члены органа"),
        (("director", "curator"), {"day": "2026-12-01"}, "День: заседание записывают"),
        (("director", "curator"), {"outcome_2": ""}, "Вопрос 2: решение: нужно заполнить"),
        (("director", "curator"), {"text_1": " "}, "Вопрос 1: что решили: нужно заполнить"),
        (("director", "curator"), {"in_favour_1": "много"}, "Вопрос 1: за: ждём целое число"),
    ],
)
async def test_a_sitting_that_cannot_have_been_so_is_refused_with_all_kept(
    school: School, paper: str, came: tuple[str, ...], changed: dict[str, str], told: str
) -> None:
    place = f"/sittings/{school.convene(paper)}"
    curator = await at(school, "curator", place)

    await held(school, curator, place, *came, **{"text_2": SAID, "heard_1": "Доклад", **changed})

    assert (curator.status, told in curator.text) == (422, True)
    assert curator.value("hold-text.2") == SAID
    assert curator.value("hold-heard.1") == "Доклад"
    assert curator.shown is not None
    for code in set(came) - {"mentor"}:
        assert f'value="{school.world.person(code)}" checked' in curator.shown.text
    assert school.documents[paper].stage is Stage.ON_APPROVAL
    await held(school, curator, place, "director", "curator")  # mended
    assert "Проведено, протокол № 1" in curator.text


async def test_a_typed_number_is_taken_and_a_taken_one_is_refused(school: School) -> None:
    first, second = (f"/sittings/{school.convene()}" for _ in range(2))
    curator = await at(school, "curator", first)
    await held(school, curator, first, "director", "curator", number="7")
    assert "протокол № 7" in curator.text
    await curator.go(second)
    await held(school, curator, second, "director", "curator", number="7")
    assert (curator.status, "Этот номер уже занят" in curator.text) == (409, True)
    assert curator.value("hold-number") == "7"


async def test_a_sitting_is_held_once_and_the_second_keeps_his_words(
    school: School, paper: str
) -> None:
    place = f"/sittings/{school.convene(paper)}"
    curator, director = [await at(school, role, place) for role in ("curator", "director")]
    await held(school, curator, place, "director", "curator")

    await held(school, director, place, "director", "curator", text_1="Иначе.")

    assert director.status == 409
    assert "Заседание уже записано или отменено" in director.text
    assert director.value("kept") == f"Иначе.\n{SAID}"
    assert "Проведено, протокол № 1" in director.text


async def test_the_same_form_sent_twice_records_once(school: School, paper: str) -> None:
    place = f"/sittings/{school.convene(paper)}"
    curator = await at(school, "curator", place)
    before = curator.shown
    await held(school, curator, place, "director", "curator")
    curator.shown = before
    await held(school, curator, place, "director", "curator")
    assert (curator.status, "протокол № 1" in curator.text) == (200, True)


async def test_a_paper_that_changed_since_stands_in_the_minutes_only(
    school: School, paper: str
) -> None:
    place = f"/sittings/{school.convene(paper)}"
    curator = await at(school, "curator", place)
    state = school.documents[paper]
    school.save(state.changed(version=2, revision=state.revision + 1))

    await held(school, curator, place, "director", "curator")

    assert (curator.status, "отметьте это у вопроса" in curator.text) == (409, True)
    await held(school, curator, place, "director", "curator", minutes_only_2="yes")
    assert "Только в протоколе" in curator.text
    assert school.documents[paper].stage is Stage.ON_APPROVAL


async def test_who_has_not_heard_is_told_again(
    school: School, paper: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = f"/sittings/{school.convene(paper)}"
    curator = await at(school, "curator", place)
    send = school.gateway.send

    async def away(workflow_id: str, wish: Command, request_id: str) -> Answer:
        raise Unavailable("no worker")

    monkeypatch.setattr(school.gateway, "send", away)
    await held(school, curator, place, "director", "curator")
    assert curator.status == 503
    assert "узнали об этом ещё не все" in curator.text
    assert "Документ об этом ещё не знает" in curator.text
    monkeypatch.setattr(school.gateway, "send", send)

    await curator.send(place)

    assert curator.status == 200
    assert "ещё не знает" not in curator.text
    assert "Сообщить ещё раз" not in curator.text


async def test_who_is_no_officer_reads_the_agenda_and_records_nothing(
    school: School, paper: str
) -> None:
    place = f"/sittings/{school.convene(paper)}"
    auditor = await at(school, "auditor", place)
    assert "О программе наставничества" in auditor.text
    assert "Записать, что решили" not in auditor.text
    answer = await auditor.client.post(place, data=auditor.hidden("/signout"))
    assert answer.status_code == 403
    school.add_user(AccessRole.ADMINISTRATOR, "mentor")
    assert "Записать, что решили" in (await at(school, "administrator", place)).text


async def test_a_session_that_ended_meanwhile_loses_nothing(school: School, paper: str) -> None:
    place = f"/sittings/{school.convene(paper)}"
    curator = await at(school, "curator", place)
    given = {**curator.hidden(place), **filled(school), "person": school.world.person("curator")}
    school.accounts.sign_out(str(curator.client.cookies["nastavnik"]))
    curator.shown = await curator.client.post(place, data=given)
    await curator.send("/signin", login=school.login("curator"), password=PASSWORD)
    assert curator.value("hold-text.1") == SAID
    assert curator.shown is not None
    assert f'value="{school.world.person("curator")}" checked' in curator.shown.text


# Cancelled


async def test_a_sitting_is_cancelled_with_its_reason(school: School) -> None:
    place = f"/sittings/{school.convene(day=date(2026, 9, 25))}"
    curator = await at(school, "curator", place)

    await curator.send(place, 1, reason=" ")
    assert (curator.status, "Причина: нужно заполнить" in curator.text) == (422, True)
    await curator.send(place, 1, reason="Карантин")

    assert "Отменено: Карантин." in curator.text
    assert "Записать, что решили" not in curator.text
    await curator.go(f"/bodies/{council_of(school)}")
    assert "отменено" in curator.text
