"""What makes each consent right: the items of the law, one purpose, and who signs at which age."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from adapters.docx.renderer import DocxRenderer
from domain.transfers import PASSED, PURPOSE, facts_of
from tests.law import RENDERER

TEMPLATES = Path(__file__).parents[2] / "doc_templates"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PROCESSING = ("consent_adult", "consent_parent", "consent_pupil")


def example(kind: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((TEMPLATES / kind / "example.json").read_text("utf-8"))
    return facts


@pytest.fixture(scope="module")
def renderer() -> DocxRenderer:
    return RENDERER


def text_of(renderer: DocxRenderer, kind: str, **changed: object) -> str:
    body = Document(io.BytesIO(renderer.render(kind, example(kind) | changed))).element.body
    lines = ("".join(node.text or "" for node in p.iter(f"{W}t")) for p in body.iter(f"{W}p"))
    return "\n".join(lines).replace("\u00a0", " ")


def signers(renderer: DocxRenderer, kind: str, **changed: object) -> list[str]:
    """Who has a line to sign, top to bottom."""
    document = Document(io.BytesIO(renderer.render(kind, example(kind) | changed)))
    rows = [row.cells for table in document.tables for row in table.rows]
    return [cells[2].text.replace("\u00a0", " ") for cells in rows if _is_ruled(cells)]


def _is_ruled(cells: Any) -> bool:  # noqa: ANN401 - python-docx gives a tuple of its own cells
    return len(cells) == 3 and bool(cells[1]._tc.xpath(".//w:tcBorders/w:bottom"))


@pytest.mark.parametrize("kind", PROCESSING)
def test_a_consent_holds_every_item_of_the_law(renderer: DocxRenderer, kind: str) -> None:
    text = text_of(renderer, kind)
    items = (
        "документ, удостоверяющий личность",
        "представител",
        "1. Оператор:",
        "2. Цель обработки:",
        "3. Перечень данных:",
        "4. Лица, обрабатывающие данные по поручению",
        "5. Действия и способы:",
        "6. Срок действия:",
        "7. Отзыв:",
        "Дата подписания:",
    )
    assert [item for item in items if item not in text] == []
    assert text.count("Цель обработки") == 1


def test_the_representative_alone_consents_for_a_child(renderer: DocxRenderer) -> None:
    text = text_of(renderer, "consent_parent")
    assert "статьи 28 Гражданского кодекса" in text
    assert "в интересах малолетней Дюма Анны-Марии" in text
    assert signers(renderer, "consent_parent") == ["С. А. Дюма"]


def test_a_pupil_of_fourteen_consents_and_the_representative_agrees(renderer: DocxRenderer) -> None:
    text = text_of(renderer, "consent_pupil")
    assert "с согласия законного представителя, которое дано ниже (статья 26" in text
    assert "даю согласие на обработку моих персональных данных" in text
    assert "полномочия подтверждает свидетельство о рождении" in text
    assert signers(renderer, "consent_pupil") == ["А.-М. Дюма", "С. А. Дюма"]
    assert text.count("Дата подписания:") == 2


def test_a_processor_is_named_with_its_address(renderer: DocxRenderer) -> None:
    named = text_of(renderer, "consent_pupil")
    assert "МКУ «Информационно-методический центр», адрес: 000012" in named
    assert "обработка другим лицам не поручается" in text_of(
        renderer, "consent_pupil", processors=[]
    )


PUBLICATION = ("consent_publication_adult", "consent_publication_minor")
TRANSFER = ("consent_transfer_adult", "consent_transfer_minor")


def representative(*, minor_signs: bool) -> dict[str, Any]:
    found: dict[str, Any] = example("consent_parent")["representative"]
    return found | {"minor_signs": minor_signs}


@pytest.mark.parametrize("kind", ["consent_publication_minor", "consent_transfer_minor"])
@pytest.mark.parametrize(
    ("minor_signs", "lines", "norm"),
    [(False, ["С. А. Дюма"], "статьи 28"), (True, ["А.-М. Дюма", "С. А. Дюма"], "статья 26")],
)
def test_the_age_decides_who_signs_for_a_minor(
    renderer: DocxRenderer, kind: str, *, minor_signs: bool, lines: list[str], norm: str
) -> None:
    by_age = {"representative": representative(minor_signs=minor_signs)}
    assert signers(renderer, kind, **by_age) == lines
    assert f"{norm} Гражданского кодекса" in text_of(renderer, kind, **by_age)


@pytest.mark.parametrize("kind", PUBLICATION)
def test_a_consent_to_publication_holds_every_item_of_its_form(
    renderer: DocxRenderer, kind: str
) -> None:
    text = text_of(renderer, kind)
    items = (
        "ОГРН 1020000012348",
        "Контактная информация",
        "https://politech.example/nastavnik/index.html",
        "4. Цель:",
        "Категория: общие персональные данные",
        "Запрещаю, ставлю условие",
        "6. Условия передачи данных Оператором",
        "10. Срок действия:",
        "Молчание согласием не считается",
        "не позднее трёх рабочих дней",
    )
    assert [item for item in items if item not in text] == []


def test_the_subject_decides_about_each_item_apart(renderer: DocxRenderer) -> None:
    listed = ["фамилия", "фотография"]
    text = text_of(renderer, "consent_publication_adult", published_data=listed)
    assert text.count("☐ да    ☐ нет") == len(listed)
    assert text.count("☐ ничего   ☐ передачу   ☐ обработку") == len(listed)


def test_what_nobody_knows_yet_is_left_to_be_written_in(renderer: DocxRenderer) -> None:
    unknown = text_of(renderer, "consent_publication_adult", resources=None, ogrn=None)
    assert "ОГРН ______" in unknown
    assert "неограниченному кругу лиц (адреса страниц):" in unknown
    assert "2. Получатель (наименование и адрес" in text_of(
        renderer, "consent_transfer_adult", recipient=None
    )


@pytest.mark.parametrize("kind", TRANSFER)
def test_a_transfer_has_one_recipient_and_one_purpose(renderer: DocxRenderer, kind: str) -> None:
    text = text_of(renderer, kind)
    recipient, purpose = (example(kind)[fact] for fact in ("recipient", "transfer_purpose"))
    assert f"2. Получатель: {recipient}" in text
    assert f"3. Цель передачи: {purpose}." in text
    assert "передавать их другим лицам и распространять он не вправе" in text


@pytest.mark.parametrize("kind", TRANSFER)
def test_a_transfer_upwards_says_who_sees_what_where(renderer: DocxRenderer, kind: str) -> None:
    upper = facts_of("8" * 16, "Управление образования", "г. Заречинск, пл. Школьная, д. 1")
    text = text_of(renderer, kind, **upper)
    assert "2. Получатель: Управление образования, г. Заречинск, пл. Школьная, д. 1" in text
    assert f"3. Цель передачи: {PURPOSE}." in text
    assert "; ".join(PASSED) + ". Сведения, приведённые выше" in text
    assert "в реестре участников информационной системы учёта наставничества, на бумаге" in text
    assert ("8" * 16) not in text
    assert "информационной системы" not in text_of(renderer, kind)


@pytest.mark.parametrize(
    ("who", "lines", "author"),
    [
        (None, ["А.-М. Дюма"], "от Дюма Анны-Марии"),
        (True, ["А.-М. Дюма", "С. А. Дюма"], "от Дюма Анны-Марии"),
        (False, ["С. А. Дюма"], "от Дюма Светланы Андреевны"),
    ],
)
def test_a_withdrawal_comes_from_who_may_consent(
    renderer: DocxRenderer, *, who: bool | None, lines: list[str], author: str
) -> None:
    by_age = {"representative": None if who is None else representative(minor_signs=who)}
    assert signers(renderer, "consent_withdrawal", **by_age) == lines
    text = text_of(renderer, "consent_withdrawal", **by_age)
    assert author in text.splitlines()
    assert ("Достаточно одной из двух подписей." in text) is (who is True)


def test_a_withdrawal_names_the_consents_and_each_deadline_of_the_law(
    renderer: DocxRenderer,
) -> None:
    text = text_of(renderer, "consent_withdrawal")
    assert "☐ Согласие на обработку персональных данных от 7 сентября 2026 г." in text
    for deadline in ("трёх рабочих дней", "10 рабочих дней", "5 рабочих дней", "30 дней"):
        assert deadline in text
    by_hand = text_of(renderer, "consent_withdrawal", consents=[])
    assert by_hand.count("; дата согласия:") == 3
