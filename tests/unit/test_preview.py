"""Everything that a launch will ask is told before it: when, of whom, proved by what."""

from datetime import date
from pathlib import Path

import pytest

from adapters.docx.renderer import DocxRenderer
from domain.errors import BadRoadmap
from domain.preview import Item, Preview, preview
from domain.roadmap import Roadmap
from runtime.preview import find_roadmap, start_from
from runtime.preview_words import WIDTH, preview_words
from runtime.settings import WrongCall
from runtime.shipped import TEMPLATES
from tests.law import KINDS, RULES
from tests.roadmap_builders import a_result, a_roadmap, a_step, an_order_step

START = date(2026, 9, 1)
PROOFS = [
    ({"proof": "link"}, "ссылка и дата публикации"),
    ({"proof": "event", "attendance": 7}, "участников не меньше 7"),
    ({"proof": "event", "count": 2, "kinds": ["forum"]}, "мероприятий: 2; у каждого дата, место"),
    ({"proof": "event", "kinds": ["forum", "closing"]}, "(форум, торжественное закрытие)"),
    ({"proof": "link", "count": 3}, "публикаций: 3; у каждой ссылка и дата публикации"),
    ({"proof": "number", "at_least": 3, "unit": "чел."}, "число, чел.: не меньше 3"),
    ({"proof": "answers", "at_least": 4}, "ответы на анкету: не меньше 4"),
    ({"proof": "remark"}, "запись"),
    ({"proof": "remark", "file": True}, "запись с приложенным файлом"),
    ({"proof": "indicators"}, "значение и источник каждого вносимого показателя"),
]


def shown(roadmap: Roadmap, start: date = START) -> Preview:
    return preview(roadmap, start, KINDS, RULES)


def rows(roadmap: Roadmap, start: date = START) -> list[Item]:
    return list(shown(roadmap, start).items)


def a_season(**fields: int) -> dict[str, int]:
    return {"month": 9, "months": 12, **fields}


def test_rows_come_in_the_order_of_their_dates() -> None:
    months = {"1": 3, "2": 11, "3": 1}
    steps = [
        *(a_step(id=id_, deadline={"rule": "month", "month": n}) for id_, n in months.items()),
        an_order_step(deadline={"rule": "month", "month": 10}),
    ]
    found = rows(a_roadmap(steps=steps))
    assert [item.step for item in found] == ["9", "2", "3", "1"]
    assert (found[0].opens, found[0].due) == (date(2026, 10, 1), date(2026, 10, 31))
    assert found[0].deadline == "октябрь"


def test_a_row_of_several_windows_is_asked_in_each() -> None:
    step = a_step(deadline={"rule": "times", "times": 2})
    found = [item for item in rows(a_roadmap(steps=[step, an_order_step()])) if item.step == "1"]
    assert [item.id for item in found] == ["1#1", "1#2"]
    assert found[0].due is not None
    assert found[0].due < found[1].opens


def test_a_row_without_deadline_has_no_last_day() -> None:
    step = a_step(deadline={"rule": "none"})
    [item] = [one for one in rows(a_roadmap(steps=[step, an_order_step()])) if one.step == "1"]
    assert item.due is None
    assert "без срока" in preview_words(shown(a_roadmap(steps=[step, an_order_step()])))


@pytest.mark.parametrize(
    ("ours", "said"),
    [
        (["row", "lead"], "строку составили авторы карты: в источнике её нет"),
        (["lead"], "исполнителя выбрали авторы карты: в источнике этого нет"),
        (["lead", "deadline"], "исполнителя и срок выбрали авторы карты: в источнике этого нет"),
    ],
)
def test_what_is_not_in_the_source_is_marked(ours: list[str], said: str) -> None:
    roadmap = a_roadmap(steps=[a_step(ours=ours), an_order_step()])
    assert said in " ".join(preview_words(shown(roadmap)).split())
    assert "в источнике" not in preview_words(shown(a_roadmap()))


def test_who_is_asked_is_told_by_title() -> None:
    step = a_step(lead="director", co_executors=["curator"])
    item = rows(a_roadmap(steps=[step, an_order_step()]))[0]
    assert (item.who, item.co_executors) == ("Директор", ("Куратор",))


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        ("cycle", ""),
        ("organisations", "в циклах организаций"),
        ("mentors", "для каждого наставника"),
        ("mentees", "для каждого наставляемого"),
    ],
)
def test_rows_of_each_scope_are_there_once(scope: str, told: str) -> None:
    found = rows(a_roadmap(steps=[a_step(scope=scope), an_order_step()]))
    assert [item.id for item in found] == ["1", "9"]
    assert found[0].for_each == told


def test_a_row_over_pairs_asks_the_mentor_of_each() -> None:
    deadline = {"rule": "month", "month": 9, "late_days": 30}
    step = a_step(scope="pairs", lead="mentor", novices_only=True, deadline=deadline)
    roadmap = a_roadmap(steps=[step, an_order_step()])
    item = rows(roadmap)[0]
    assert (item.who, item.late_days) == ("Наставник каждой пары", 30)
    assert item.for_each == "для каждой пары, где наставляемый — молодой специалист"
    assert "составленной позже, дней: 30" in preview_words(shown(roadmap))


def test_a_document_is_told_with_title_approver_and_registrar() -> None:
    item = rows(a_roadmap(steps=[an_order_step()]))[0]
    [result] = item.results
    paper = result.document
    assert paper is not None
    assert (paper.kind, paper.title) == ("order_pairs", "Приказ об утверждении наставнических пар")
    assert (paper.drafter, paper.approver, paper.registrar) == ("Куратор", "Директор", "Куратор")
    assert result.waits_for_pairs


def test_a_document_about_each_organisation_says_so() -> None:
    by = {"proof": "document", "kind": "inspection_checklist", "for_each": "organisation"}
    step = a_step(results=[a_result(by=by)], scope="organisations")
    roadmap = a_roadmap(steps=[step, an_order_step()], below={"roadmap": "school"})
    [result] = rows(roadmap)[0].results
    assert result.document is not None
    assert result.document.where == "по одному на каждую организацию"
    assert "документ о каждой организации" in result.proved_by
    assert "(по одному на каждую организацию)" in " ".join(preview_words(shown(roadmap)).split())


@pytest.mark.parametrize(("by", "words"), PROOFS)
def test_each_kind_of_proof_is_told_in_words(by: dict[str, object], words: str) -> None:
    step = a_step(results=[a_result(by=by)])
    roadmap = a_roadmap(steps=[step, an_order_step()])
    [result] = rows(roadmap)[0].results
    assert result.proof == by["proof"]
    assert words in result.proved_by
    assert result.document is None
    assert words.split(maxsplit=1)[0] in preview_words(shown(roadmap))


def test_the_track_tells_days_documents_and_who_approves() -> None:
    track = {stage.id: stage for stage in shown(a_roadmap()).track}
    assert list(track) == ["consents", "papers", "order", "plan", "meetings", "interim"]
    assert [one.kind for one in track["consents"].documents] == [
        "consent_adult",
        "consent_pupil",
        "consent_parent",
    ]
    of_law = {paper.kind: paper for paper in track["papers"].documents}
    assert list(of_law) == ["mentor_consent", "additional_agreement", "agreement"]
    assert of_law["additional_agreement"].where == "«педагог — педагог»"
    assert "351.8" in str(of_law["additional_agreement"].norm)
    [plan] = track["plan"].documents
    assert (track["plan"].days, plan.approver, plan.drafter) == (
        21,
        "Директор",
        "Наставник каждой пары",
    )
    assert "2" in track["meetings"].needs
    assert track["interim"].documents == ()


def test_each_year_of_the_programme_asks_all_rows_anew() -> None:
    found = shown(a_roadmap(season=a_season(turns=3)))
    assert [(turn.turn, turn.opens.year) for turn in found.turns] == [
        (1, 2026),
        (2, 2027),
        (3, 2028),
    ]
    assert len(found.items) == 3 * len([item for item in found.items if item.turn == 1])
    assert found.ends == date(2029, 8, 31)
    assert "Год 3, 01.09.2028–31.08.2029: те же строки заново." in preview_words(found)


def test_a_late_launch_asks_at_once_for_what_was_due() -> None:
    step = a_step(deadline={"rule": "month", "month": 9})
    item = rows(a_roadmap(steps=[step, an_order_step()]), date(2026, 12, 7))[0]
    assert (item.opens, item.due) == (date(2026, 12, 7), date(2026, 12, 7))


def test_a_late_launch_marks_the_windows_that_are_over() -> None:
    twice = a_step(deadline={"rule": "times", "times": 2})
    found = shown(a_roadmap(steps=[twice, an_order_step()]), date(2027, 4, 1))
    assert [item.id for item in found.items if item.past] == ["1#1"]
    words = preview_words(found)
    assert "Строк, срок которых прошёл до запуска: 1." in words
    assert "отметьте" in words


def test_the_roles_to_map_are_named_without_the_sides_of_a_pair() -> None:
    assert shown(a_roadmap()).roles == {"curator": "Куратор", "director": "Директор"}


def test_the_page_is_no_wider_than_it_may_be_and_keeps_every_row() -> None:
    long = "Очень длинное название строки, которому не хватит одной строки таблицы " * 3
    steps = [a_step(id=f"1.{n}", title=f"{long}{n}", lead="director") for n in range(1, 12)]
    text = preview_words(shown(a_roadmap(steps=[*steps, an_order_step()])))
    assert max(map(len, text.splitlines())) <= WIDTH
    assert all(f" 1.{n} " in text for n in range(1, 12))
    assert "…" not in text


@pytest.mark.parametrize(
    "text", ["", "завтра", "2026-13-01", "2026-02-30", "01.09.2026", "1026-09-01", "9999-12-31"]
)
def test_a_day_that_cannot_be_is_a_wrong_call(text: str) -> None:
    with pytest.raises(WrongCall, match=f"--start {text}: ожидается"):
        start_from(text)


def test_a_roadmap_is_found_by_name_or_file(tmp_path: Path) -> None:
    renderer = DocxRenderer(TEMPLATES)
    shipped = find_roadmap("polytech", renderer)
    copy = tmp_path / "own.yaml"
    source = Path(__file__).parents[2] / "roadmaps" / "polytech.yaml"
    copy.write_bytes(source.read_bytes())
    assert find_roadmap(str(copy), renderer) == shipped


def test_a_roadmap_that_is_not_there_is_named(tmp_path: Path) -> None:
    renderer = DocxRenderer(TEMPLATES)
    with pytest.raises(WrongCall, match=r"Нет дорожной карты «nosuch»\. Есть: .*polytech"):
        find_roadmap("nosuch", renderer)
    with pytest.raises(FileNotFoundError):
        find_roadmap(str(tmp_path / "gone.yaml"), renderer)
    (tmp_path / "broken.yaml").write_text("roadmap: x\nversion: 0\n")
    with pytest.raises(BadRoadmap, match=r"broken\.yaml:2: "):
        find_roadmap(str(tmp_path / "broken.yaml"), renderer)
