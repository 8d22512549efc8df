"""`nastavnik names`: a name or a table of them in a case, doubts told, mistakes by line."""

from pathlib import Path

import pytest

from runtime.names import Declined, declined, declined_table
from runtime.settings import WrongCall
from runtime.words import name_words


@pytest.mark.parametrize(
    ("name", "gender", "case", "expected"),
    [
        ("Орлова Анна Ильинична", "f", "datv", "Орловой Анне Ильиничне"),
        ("Орлов  Пётр   Ильич ", "m", "gent", "Орлова Петра Ильича"),
        ("Шевченко Олег", "m", "ablt", "Шевченко Олегом"),
        ("Орлова Анна Ильинична", "f", "nomn", "Орлова Анна Ильинична"),
    ],
)
def test_a_name_is_declined_and_sure(name: str, gender: str, case: str, expected: str) -> None:
    assert declined(name, gender, case) == Declined(name=expected, sure=True)


def test_a_patronymic_of_two_words_is_kept_and_not_sure() -> None:
    found = declined("Алиев Али Мамед оглы", "m", "gent")
    assert found.name.endswith("Мамед оглы")
    assert not found.sure
    assert name_words(found).startswith(f"{found.name}  (проверьте")


@pytest.mark.parametrize(
    ("name", "gender", "case", "told"),
    [
        ("Орлова", "f", "gent", "«Орлова»: ожидается «Фамилия Имя Отчество»"),
        ("", "f", "gent", "ожидается «Фамилия Имя Отчество»"),
        ("Орлова Анна", "ж", "gent", "пол «ж»: ожидается m или f"),
        ("Орлова Анна", "f", "род", "падеж «род»: ожидается одно из: nomn, gent, datv"),
    ],
)
def test_a_mistake_says_what_is_expected(name: str, gender: str, case: str, told: str) -> None:
    with pytest.raises(WrongCall) as refused:
        declined(name, gender, case)
    assert told in str(refused.value)


def test_a_table_is_declined_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "names.tsv"
    lines = "name\tgender\tcase\nОрлова Анна\tf\tgent\n\nОрлов Пётр Ильич\tm\tdatv\n"
    file.write_text(f"\ufeff{lines}", "utf-8")
    assert [one.name for one in declined_table(file).names] == [
        "Орловой Анны",
        "Орлову Петру Ильичу",
    ]


def test_all_mistakes_of_a_table_are_told_by_line(tmp_path: Path) -> None:
    file = tmp_path / "names.tsv"
    file.write_text(
        "Орлова\tf\tgent\nОрлова Анна f gent\nОрлов Пётр\tm\tdatv\nОрлова Анна\tx\tgent\n"
    )
    with pytest.raises(WrongCall) as refused:
        declined_table(file)
    assert str(refused.value).splitlines() == [
        f"{file}:1: «Орлова»: ожидается «Фамилия Имя Отчество»",
        f"{file}:2: ожидаются три столбца через табуляцию: имя, пол (m или f), падеж",
        f"{file}:4: пол «x»: ожидается m или f",
    ]


def test_a_table_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "names.tsv"
    file.write_bytes("Орлова\tf\tgent".encode("cp1251"))
    with pytest.raises(WrongCall, match=f"{file}: не текст в кодировке UTF-8"):
        declined_table(file)
