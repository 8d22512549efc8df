"""Orders, decree, contracts, roadmaps, regulations, sheet and act: what makes each right."""

import re
from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest

from domain.errors import FactMissing
from tests.adapters.test_docx_renderer import example, text_of
from tests.law import RENDERER


def printed(kind: str, **amended: object) -> str:
    """The example's text with some facts changed; None leaves a fact out."""
    return text_of(RENDERER.render(kind, example(kind) | amended))


def missing(text: str, items: Iterable[str]) -> list[str]:
    return [item for item in items if item not in text]


def item_numbers(text: str) -> list[int]:
    """Numbers of the items of the first level, as they stand."""
    return [int(found) for found in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]


# Orders


def test_an_order_on_assignments_says_to_whom_what_and_by_when() -> None:
    text = printed("order_assignments")

    assert item_numbers(text) == [1, 2, 3, 4]
    asked = ["2. Ковалю Льву Ильичу, ", ", в срок до 30 октября 2026 г. подготовить выступление"]
    assert missing(text, asked) == []


def test_an_order_on_assignments_can_be_filled_in_by_hand() -> None:
    assert item_numbers(printed("order_assignments", assignments=None)) == [1, 2, 3, 4]


def test_the_team_stands_in_the_appendix_with_the_duty_of_each() -> None:
    text = printed("order_team")
    appendix = text[text.index("Приложение\n") :]
    assert (
        missing(appendix, ["от 25 мая 2026 г. № 102-о", "Северов Павел Андреевич", "Секретарь"])
        == []
    )
    assert "Северов Павел" not in text[: text.index("Приложение\n")]


def test_without_a_known_team_there_is_room_to_write_it_in() -> None:
    appendix = printed("order_team", team=None).split("Обязанность в группе")[1]
    assert re.findall(r"^\d+$", appendix, re.MULTILINE) == [str(n) for n in range(1, 9)]


def test_an_amendment_names_what_it_changes_and_counts_its_clauses() -> None:
    text = printed("order_amendment")
    assert "1.1. Приказ о внедрении целевой модели наставничества от 7 сентября 2026 г." in text
    assert "2.1. Пункт 3 приказа изложить в следующей редакции:\n«3. Установить" in text
    assert "2.2. Пункт 5 приказа дополнить подпунктом 5.6" in text
    assert "2.4. Подпункт 2.4 приказа исключить." in text


def test_clauses_may_only_be_struck_out() -> None:
    text = printed("order_amendment", amendments=None, removed=["пункт 3", "пункт 4"])
    assert "2.1. Пункт 3 исключить.\n2.2. Пункт 4 исключить.\n3. В остальном" in text


def test_an_amendment_without_facts_is_a_form_with_lines_to_fill_in() -> None:
    text = printed("order_amendment", changes=None, amendments=None, removed=None)
    lines = [line.strip() for line in text.splitlines()]
    blanks = ["1.1.", "(название документа)", "от ______________ № ______", "2.1.", "2.2.", "2.3."]
    assert [line for line in blanks if line not in lines] == []


def test_a_row_of_changes_without_its_number_is_refused() -> None:
    with pytest.raises(FactMissing, match=r"changes\.1\.number"):
        printed("order_amendment", changes=[{"title": "приказ", "date_words": "1 мая 2026 г."}])


@pytest.mark.parametrize(
    ("pairs", "programme", "changes"), list(product((True, False), repeat=3)), ids=str
)
def test_items_of_an_ending_are_counted_without_a_gap(
    *, pairs: bool, programme: bool, changes: bool
) -> None:
    left_out = {
        name: None for name, kept in (("ended_pairs", pairs), ("changes", changes)) if not kept
    }
    text = printed("order_ending", programme_ends=programme, **left_out)
    numbers = item_numbers(text)
    assert numbers == list(range(1, len(numbers) + 1))
    form = not (pairs or programme or changes)
    assert ("Завершить работу следующих наставнических пар" in text) is (pairs or form)
    assert ("Считать реализацию программы" in text) is programme
    assert ("Признать утратившими силу" in text) is changes
    if changes:
        item = numbers[-1] - 2
        assert f"\n{item}.1. Приказ об утверждении наставнических пар от 23 ноября" in text


def test_an_early_end_of_a_pair_tells_its_last_day_and_reason() -> None:
    text = printed("order_ending")
    assert "16 апреля 2027 г." in text
    assert "Досрочно, по письменному отказу наставника" in text
    assert "другого наставника тем наставляемым, работа которых прекращена досрочно" in text


def test_the_end_of_the_programme_ends_the_processing_of_data() -> None:
    assert "в срок не более 30 дней и составить об этом акт" in printed("order_ending")


# The decree of an administration


def test_a_decree_appoints_the_head_sets_tasks_with_terms_and_says_who_controls() -> None:
    text = printed("decree")
    assert text.startswith("АДМИНИСТРАЦИЯ ЗАРЕЧИНСКОГО МУНИЦИПАЛЬНОГО ОКРУГА\nРАСПОРЯЖЕНИЕ\n")
    assert "ПРИКАЗЫВАЮ" not in text
    assert "Назначить руководителем Школы наставничества Лугову Веру Степановну, методиста" in text
    assert "4.5. Не реже двух раз за учебный год проводить заседания" in text
    assert "на 2026–2029 годы (приложение № 2)" in text
    assert "8. Контроль за исполнением настоящего распоряжения возложить на начальника" in text
    assert item_numbers(text) == list(range(1, 9))


@pytest.mark.parametrize(
    ("years", "said"),
    [
        ("2026–2029", "на 2026–2029 годы"),
        ("2026", "на 2026 год "),
        ("2026/2027", "на 2026/2027 учебный год"),
    ],
)
def test_years_are_called_by_their_number(years: str, said: str) -> None:
    assert said in printed("decree", years=years)


# Contracts and labour papers


def test_a_contract_names_both_sides_in_the_genitive() -> None:
    text = printed("partnership_contract")
    assert "в лице директора Вершининой Ольги Павловны, действующей на основании устава" in text
    assert "генерального директора Ладейникова Артура Эдуардовича, действующего на" in text


def test_a_contract_guards_minors_and_their_data() -> None:
    text = printed("partnership_contract")
    items = ("безвозмездной", "331 и 351.1 Трудового кодекса", "отдельного согласия", "152-ФЗ")
    assert missing(text, items) == []
    assert "даю согласие" not in text


def test_a_contract_without_a_known_partner_leaves_room_for_one() -> None:
    text = printed("partnership_contract", partner=None)
    assert (
        missing(text, ["(полное наименование и ИНН партнёра)", "Адрес: ____", "(должность)"]) == []
    )
    assert "Ладейников" not in text


def test_an_additional_agreement_holds_what_the_labour_code_asks_for() -> None:
    text = printed("additional_agreement")
    items = (
        "ДОПОЛНИТЕЛЬНОЕ СОГЛАШЕНИЕ № 12-дс\nк трудовому договору от 29 августа 2014 г. № 38",
        "статей 72 и 351.8 Трудового кодекса",
        "давший на это письменное согласие",
        "Черных Любови Петровне, преподавателю математики",
        "1.2. Содержание работы: составить",
        "1.3. Форма работы:",
        "на срок с 24 ноября 2026 г. по 30 июня 2027 г.",
        "5 000 (пять тысяч) рублей в месяц",
        "3.2. Условия выплаты:",
        "Работник вправе досрочно отказаться",
        "Работодатель вправе досрочно отменить поручение",
        "Экземпляр соглашения получил:",
    )
    assert missing(text, items) == []
    assert text.count("не менее чем за три рабочих дня") == 2


def test_an_unknown_sum_is_a_blank_and_never_a_sample() -> None:
    text = printed("additional_agreement", payment=None, labour_contract=None)
    assert re.search(r"трудовым договором, _+ \(_+\) рублей в месяц\.", text)
    assert "к трудовому договору от ______________ № ______" in text


def test_a_mentor_gives_notice_to_the_director() -> None:
    text = printed("early_end_notice")
    assert text.startswith("Директору\n")
    assert "от Коваля Льва Ильича" in text
    assert "предупреждаю, что досрочно отказываюсь от работы по наставничеству" in text
    assert "Уведомление получила:" in text


def test_an_employer_gives_notice_to_the_mentor() -> None:
    text = printed("early_end_notice", by_employer=True)
    assert "Ковалю Л. И." in text
    assert "поручение о наставничестве" in text
    assert "Выплата за наставничество начисляется по указанный день" in text
    assert "Уведомление получил:" in text


@pytest.mark.parametrize("by_employer", [True, False])
@pytest.mark.parametrize(
    ("labour", "ground"),
    [
        (True, "статьи 351.8 Трудового кодекса Российской Федерации и дополнительного соглашения"),
        (False, "соглашения о наставничестве от 23 ноября"),
    ],
)
def test_a_notice_names_its_ground_and_the_least_term(
    *, by_employer: bool, labour: bool, ground: str
) -> None:
    text = printed("early_end_notice", by_employer=by_employer, labour=labour)
    assert missing(text, [ground, "не менее трёх рабочих дней", "16 апреля 2027 г."]) == []
    assert ("351.8" in text) is labour


# Roadmaps and regulations


@pytest.mark.parametrize(
    ("kind", "order", "stamp", "blank"),
    [
        (
            "roadmap_region",
            "approving_order",
            (
                "УТВЕРЖДЕНА\nприказом Министерства образования Заречинской области\n"
                "от 18 мая 2026 г. № 412"
            ),
            "от ______________ № ______",
        ),
        (
            "roadmap_municipality",
            "decree",
            "УТВЕРЖДЕНА\nраспоряжением администрации\nот 6 апреля 2026 г. № 125-р",
            "УТВЕРЖДЕНА\nраспоряжением администрации\nот ______________ № ______",
        ),
        (
            "roadmap_school",
            "introduction_order",
            (
                "УТВЕРЖДЕНА\nприказом директора\nГБПОУ «Заречинский политехнический техникум»\n"
                "от 7 сентября 2026 г. № 118-о"
            ),
            "политехнический техникум»\nот ______________ № ______",
        ),
        (
            "regulation_school",
            "decree",
            "УТВЕРЖДЕНО\nраспоряжением администрации\nот 6 апреля 2026 г. № 125-р",
            "УТВЕРЖДЕНО\nраспоряжением администрации\nот ______________ № ______",
        ),
    ],
)
def test_each_level_has_its_stamp_of_approval_or_a_blank_for_it(
    kind: str, order: str, stamp: str, blank: str
) -> None:
    assert stamp in printed(kind)
    assert blank in printed(kind, **{order: None})


@pytest.mark.parametrize("kind", ["roadmap_region", "roadmap_municipality", "roadmap_school"])
def test_a_roadmap_prints_each_row_with_term_executors_and_results(kind: str) -> None:
    text = printed(kind)
    for section in example(kind)["sections"]:
        assert section["title"] in text
        for row in section["rows"]:
            assert missing(text, [row["number"], row["title"], row["deadline"]]) == []
            assert row["responsible"] in text
            assert missing(text, row["results"]) == []


def test_the_regulation_names_the_forms_in_use_and_the_law_of_workers() -> None:
    text = printed("regulation_forms")
    assert "применяются следующие формы наставничества: «педагог — педагог»;" in text
    assert "размер и условия оплаты указываются в трудовом договоре" in text
    assert "не менее чем за три рабочих дня" in text


def test_the_school_of_mentoring_meets_at_least_twice_a_year_and_keeps_minutes() -> None:
    text = printed("regulation_school")
    assert "не реже двух раз за учебный год" in text
    assert missing(text, ["протоколы заседаний", "банк программ", "аналитический отчёт"]) == []


# The sheet and the act


def test_each_decision_stands_beside_the_hash_of_the_version_it_is_about() -> None:
    rows = printed("approval_sheet").split("Контрольная сумма файла (SHA-256)")[1].split("\n")
    for number, one in enumerate(example("approval_sheet")["approvals"], start=1):
        at = rows.index(str(number))
        assert rows[at + 2] == one["version"]
        assert rows[at + 3].lower() == one["decision"]
        assert rows[at + 6] == one["sha256"]


ORDER_179 = (
    "Оператор: Государственное бюджетное",
    "Адрес оператора: 000012",
    "Лица, обрабатывающие данные по поручению оператора: МКУ",
    "адрес: 000010",
    "Дюма Анна-Мария",
    "Непомнящая Мария Ильинична",
    "Должность",
    "Подпись",
    "Категории данных",
    "Носитель, число листов",
    "анкета, 2 листа",
    "Информационная система",
    "Способ уничтожения: бумажные документы измельчены",
    "отозвано согласие",
    "Дата уничтожения: 15 июля 2027 г.",
    "выгрузка из журнала регистрации событий",
)
"""What the order of Роскомнадзор № 179 of 28.10.2022 asks of the act (items 3 and 5)."""


@pytest.mark.parametrize("with_papers", [True, False])
def test_an_act_on_personal_data_holds_every_item_of_the_order(*, with_papers: bool) -> None:
    papers: Any = example("destruction_act")["destroyed_papers"] if with_papers else None
    text = printed("destruction_act", destroyed_papers=papers)
    assert missing(text, ORDER_179) == []
    title = "документов с истекшими сроками хранения и персональных данных"
    assert (title in text) is with_papers


def test_an_act_on_papers_alone_says_nothing_of_personal_data() -> None:
    text = printed("destruction_act", subjects=None)
    assert "об уничтожении документов с истекшими сроками хранения\n" in text
    assert "Индивидуальные планы пар" in text
    assert "Категории данных" not in text


def test_an_act_without_facts_is_a_form_about_personal_data() -> None:
    blank = dict.fromkeys(
        ("destroyed_papers", "subjects", "commission", "destroyed_on", "processors")
    )
    text = printed("destruction_act", **blank)
    assert missing(text, ["Категории данных", "поручению оператора: обработка другим"]) == []
    assert "Дата уничтожения: «____»" in text
