"""Headings, responsible people, lists and proofs by the words of a table."""

import pytest

from domain.cell_lists import points, results, title_and_points
from domain.kinds import DocumentKind
from domain.proof_phrases import Office, propose
from domain.role_phrases import LONGEST_ID, Roles, slug, without_names
from domain.row_numbers import Numbered, row_numbers
from domain.standard_track import forms_in
from domain.table_columns import Column, column_of
from domain.word_tables import Line, cleaned, words_of

OFFICE = Office(director="director", curator="curator")


def lines(text: str) -> list[Line]:
    return [Line(text=shown) for line in text.split("\n") if (shown := cleaned(line))]


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        *[(one, Column.NUMBER) for one in ("№", "№ п/п", "№ п\\п", "N п/п", "п/п", "Номер")],
        *[(one, Column.DEADLINE) for one in ("Срок", "Сроки исполнения", "Дата", "Период")],
        ("Планируемые сроки проведения мероприятия", Column.DEADLINE),
        ("начало", Column.START),
        ("Дата окончания", Column.END),
        ("окончание", Column.END),
        *[(one, Column.LEAD) for one in ("Ответственные", "Ответственный исполнитель")],
        ("Ответственный за исполнение", Column.LEAD),
        ("Исполнители", Column.LEAD),
        ("Соисполнители", Column.HELPERS),
        *[(one, Column.ACTIVITY) for one in ("Мероприятие", "Наименование мероприятия")],
        *[(one, Column.CONTENT) for one in ("Содержание деятельности", "Виды работ")],
        *[(one, Column.RESULT) for one in ("Результат", "Критерий исполнения")],
        *[(one, Column.RESULT) for one in ("Вид документа", "Ожидаемый результат мероприятия")],
        *[(one, Column.SECTION) for one in ("Этап", "Направление деятельности", "Раздел")],
        *[(one, Column.OTHER) for one in ("Примечание", "Отметка о выполнении", "Участники")],
        *[(one, Column.OTHER) for one in ("", "Срок, ответственный", "Мероприятие " * 20)],
    ],
)
def test_a_column_is_known_by_its_heading(heading: str, column: Column) -> None:
    assert column_of(heading) is column


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (
            "Директор, зам. директора по УВР; куратор",
            ("Директор", "Заместитель директора по УВР", "Куратор"),
        ),
        (
            "Заместители директора по УВР, УПР, кураторы",
            ("Заместитель директора по УВР", "Заместитель директора по УПР", "Куратор"),
        ),
        ("Кураторы\nнаставничества\nМетодист", ("Куратор наставничества", "Методист")),
        ("Методист\nПедагог-\nпсихолог", ("Методист", "Педагог-психолог")),
        ("Управление образования МБУ «Центр»", ("Управление образования", "МБУ «Центр»")),
        ("Зам. директора по УПР Методист", ("Заместитель директора по УПР", "Методист")),
        ("1. Директор\n2) Методист", ("Директор", "Методист")),
        (
            "Учитель русского языка и литературы и методист",
            ("Учитель русского языка и литературы", "Методист"),
        ),
        ("Наставники молодых специалистов / наставляемые", ("Наставник", "Наставляемый")),
        ("", ()),
        (" - ", ()),
    ],
)
def test_several_responsible_stand_in_one_cell(text: str, titles: tuple[str, ...]) -> None:
    assert tuple(one.role.title for one in Roles().read(lines(text)).roles) == titles


def test_a_role_is_the_same_in_other_quotes_number_and_shortness() -> None:
    roles = Roles()
    ways = ("МКУ «Центр»", "МКУ Центр", "Зам. директора по УВР", "заместитель директора по УВР")
    ids = [roles.read(lines(way)).roles[0].id for way in ways]
    assert ids[0] == ids[1]
    assert ids[2] == ids[3]
    assert list(roles.found) == ["mku_tsentr", "zamestitel_direktora_po_uvr"]


def test_a_persons_name_is_in_no_role_and_not_shown() -> None:
    roles = Roles()
    found = roles.read(lines("методист Приречная А. Б., Заводская Вера Ильинична"))
    assert found.names == ("Приречная А. Б.", "Заводская Вера Ильинична")
    told = f"{roles.found}"
    assert "Приречн" not in told
    assert "zavodsk" not in told
    assert [one.role.title for one in found.roles] == ["Методист", "Ответственный 2"]
    again = roles.read(lines("Заводская Вера Ильинична"))
    assert again.roles[0].id == found.roles[1].id
    assert without_names("Директор Приречная А. Б.") == "Директор [имя]"


def test_two_roles_never_share_an_id() -> None:
    roles = Roles()
    long = "Специалист по " + "очень " * 12
    first, second = (roles.read(lines(f"{long}{end}")).roles[0] for end in ("раз", "два"))
    assert first.id != second.id
    assert max(len(first.id), len(second.id)) <= LONGEST_ID


@pytest.mark.parametrize("text", ["1 отдел", "«»", "ъ", "Куратор 5-х классов", "Щё"])
def test_a_slug_is_an_id(text: str) -> None:
    assert slug(text).isascii()
    assert slug(text)[0].isalpha()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Подготовка:\n- оформить;\n- рассказать", ("Подготовка", "оформить", "рассказать")),
        ("Подготовка: - оформить; - рассказать.", ("Подготовка", "оформить", "рассказать.")),
        ("1. Издан приказ. 2. Выбран куратор.", ("Издан приказ.", "Выбран куратор.")),
        ("Формирование базы\nнаставников", ("Формирование базы наставников",)),
        ("Сбор сведений\nАнализ сведений", ("Сбор сведений", "Анализ сведений")),
        ("Приказ Р-145 от 25.12.2019 г.", ("Приказ Р-145 от 25.12.2019 г.",)),
        ("5. Итоги", ("Итоги",)),
        ("", ("",)),
    ],
)
def test_a_cell_is_a_title_and_its_points(text: str, found: tuple[str, ...]) -> None:
    title, actions = title_and_points(lines(text))
    assert (title, *actions) == found


def test_what_was_done_is_a_result_each() -> None:
    text = "Издан приказ. Проведены семинары; Создана база. Участие в конкурсах"
    assert results(lines(text)) == (
        "Издан приказ.",
        "Проведены семинары",
        "Создана база. Участие в конкурсах",
    )


def test_a_text_that_is_too_long_goes_on_in_the_next() -> None:
    text = "слово " * 400
    found = points([Line(text=text.strip())])
    assert len(found) == 3
    assert words_of(" ".join(piece for piece, _ in found)) == words_of(text)


def test_bullets_of_word_itself_are_points() -> None:
    said = [Line(text="Подготовка:"), *(Line(text=t, bullet=True) for t in ("приказ", "план"))]
    assert title_and_points(said) == ("Подготовка", ("приказ", "план"))


@pytest.mark.parametrize(
    ("written", "ids"),
    [
        ([(1, "1"), (1, "2."), (1, "№ 3")], ("1", "2", "3")),
        ([(1, "1.1"), (1, "1.2."), (2, "2.1")], ("1.1", "1.2", "2.1")),
        ([(1, "1."), (1, "2."), (2, "1."), (2, "2.")], ("1.1", "1.2", "2.1", "2.2")),
        ([(1, "1"), (1, None), (2, "2"), (2, None)], ("1.1", "1.2", "2.1", "2.2")),
        ([(1, None), (1, None)], ("1", "2")),
        ([(1, "I"), (1, "II")], ("1", "2")),
        ([(1, "1"), (1, "1"), (2, "2")], ("1.1", "1.2", "2.1")),
    ],
)
def test_every_row_has_a_number_of_its_own(
    written: list[tuple[int, str | None]], ids: tuple[str, ...]
) -> None:
    rows = [Numbered(section=section, written=number) for section, number in written]
    assert row_numbers(rows).ids == ids


@pytest.mark.parametrize(
    ("text", "proof"),
    [
        ("Издан приказ о внедрении", "order_introduction"),
        ("Приказ об утверждении пар", "order_pairs"),
        ("Назначен куратор (приказ)", "order_curator"),
        ("Приказ о поощрении наставников", "order_rewards"),
        ("Положение о наставничестве утверждено", "regulation"),
        ("Утверждённая приказом дорожная карта школы", "roadmap_school"),
        ("Сформирована база наставников", "register_mentors"),
        ("Реестр наставляемых", "register_mentees"),
        ("Банк программ и практик", "register_programmes"),
        ("Годовой отчёт", "report"),
        ("Сводный отчёт района", "municipal_summary"),
        ("Размещение положения на сайте", "link"),
        ("Публикация лучших практик", "link"),
        ("Семинар для наставников", "event"),
        ("Расширенное заседание совета", "event"),
        ("Городской форум", "event"),
        ("Проведено анкетирование педагогов", "questionnaires"),
        ("Обучено не менее 43 команд", "number"),
        ("Сформированы наставнические пары", "pairs"),
        ("Вовлечь не менее 70% педагогов", "number"),
        ("Республиканский уровень", "remark"),
        ("Изучено положение министерства", "remark"),
        ("Индивидуальный план составлен", "remark"),
        ("Улучшение климата", "remark"),
    ],
)
def test_a_proof_is_proposed_by_wording(text: str, proof: str) -> None:
    found = propose(text, KINDS, OFFICE)
    assert (found.id or getattr(found.by, "kind", found.by.proof)) == proof
    assert (found.why is None) == (proof in ("link", "number"))


def test_a_journalled_paper_gets_a_registrar_and_the_approver_of_its_kind() -> None:
    order = propose("Издан приказ о внедрении", KINDS, OFFICE).by.model_dump()
    assert (order["approver"], order["registrar"]) == ("director", "curator")
    register = propose("Реестр наставников", KINDS, OFFICE).by.model_dump()
    assert (register["approver"], register["registrar"]) == (None, None)


def test_a_row_over_pairs_gets_no_paper() -> None:
    found = propose("Издан приказ о внедрении", KINDS, OFFICE, per_pair=True)
    assert found.by.model_dump() == {"proof": "remark", "file": True}


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("по форме «учитель–учитель»", ["teacher_teacher"]),
        ("педагог - ученик, ученик – ученик", ["teacher_student", "student_student"]),
        ("«работодатель-студент»", ["employer_student"]),
        ("все педагоги", []),
    ],
)
def test_forms_are_known_by_their_names(text: str, forms: list[str]) -> None:
    assert list(forms_in(text)) == forms


def _kind(name: str, approver: str | None, journal: str | None) -> DocumentKind:
    return DocumentKind.model_validate(
        {
            "kind": name,
            "title": name,
            "agreement": "m",
            "retention": "own_5",
            "left_margin_mm": 20,
            "approver": approver,
            "journal": journal,
            "signature": "scan",
            "electronic": "ukep",
            "signers": ["director"],
            "scope": "cycle",
        }
    )


_ORDERS = ("order_introduction", "order_pairs", "order_curator", "order_rewards")
_ACTS = ("regulation", "roadmap_school", "report", "municipal_summary")
_REGISTERS = ("register_mentors", "register_mentees", "register_programmes")
KINDS = {
    **{name: _kind(name, "director", "orders") for name in _ORDERS},
    **{name: _kind(name, "director", None) for name in _ACTS},
    **{name: _kind(name, None, None) for name in _REGISTERS},
}
