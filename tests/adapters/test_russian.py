"""Names, posts and dates in the cases that documents ask for."""

import datetime as dt

import pytest

from adapters.russian import NumberGender, date_words, name_forms, number_forms, post_forms
from domain.names import CASES, Gender

FIRST: dict[Gender, str] = {"m": "Павел", "f": "Анна"}

# Surname, gender: genitive, dative, instrumental; the form that a careful editor would write.
SURNAMES: list[tuple[str, Gender, str, str, str]] = [
    ("Иванов", "m", "Иванова", "Иванову", "Ивановым"),
    ("Смирнова", "f", "Смирновой", "Смирновой", "Смирновой"),
    ("Достоевский", "m", "Достоевского", "Достоевскому", "Достоевским"),
    ("Черных", "m", "Черных", "Черных", "Черных"),
    ("Черных", "f", "Черных", "Черных", "Черных"),
    ("Гремитских", "m", "Гремитских", "Гремитских", "Гремитских"),
    ("Шевченко", "m", "Шевченко", "Шевченко", "Шевченко"),
    ("Шевченко", "f", "Шевченко", "Шевченко", "Шевченко"),
    ("Коваль", "m", "Коваля", "Ковалю", "Ковалем"),
    ("Коваль", "f", "Коваль", "Коваль", "Коваль"),
    ("Ткач", "f", "Ткач", "Ткач", "Ткач"),
    ("Ткач", "m", "Ткача", "Ткачу", "Ткачом"),
    ("Кулиш", "m", "Кулиша", "Кулишу", "Кулишом"),
    ("Бонч-Бруевич", "m", "Бонч-Бруевича", "Бонч-Бруевичу", "Бонч-Бруевичем"),
    ("Бонч-Бруевич", "f", "Бонч-Бруевич", "Бонч-Бруевич", "Бонч-Бруевич"),
    ("Кравченко-Ильина", "f", "Кравченко-Ильиной", "Кравченко-Ильиной", "Кравченко-Ильиной"),
    ("Петров-Водкин", "m", "Петрова-Водкина", "Петрову-Водкину", "Петровым-Водкиным"),
    ("Ким", "m", "Кима", "Киму", "Кимом"),
    ("Ким", "f", "Ким", "Ким", "Ким"),
    ("Цой", "m", "Цоя", "Цою", "Цоем"),
    ("Ли", "m", "Ли", "Ли", "Ли"),
    ("Дюма", "m", "Дюма", "Дюма", "Дюма"),
    ("Золя", "m", "Золя", "Золя", "Золя"),
    ("Окуджава", "m", "Окуджавы", "Окуджаве", "Окуджавой"),
    ("Сорока", "f", "Сороки", "Сороке", "Сорокой"),
    ("Заяц", "m", "Зайца", "Зайцу", "Зайцем"),
    ("Соловей", "m", "Соловья", "Соловью", "Соловьём"),
    ("Лев", "m", "Льва", "Льву", "Львом"),
    ("Орёл", "m", "Орла", "Орлу", "Орлом"),
    ("Козёл", "m", "Козла", "Козлу", "Козлом"),
    ("Фрейндлих", "m", "Фрейндлиха", "Фрейндлиху", "Фрейндлихом"),
    ("Новиков-Прибой", "m", "Новикова-Прибоя", "Новикову-Прибою", "Новиковым-Прибоем"),
    ("Непомнящая", "f", "Непомнящей", "Непомнящей", "Непомнящей"),
    ("Непомнящий", "m", "Непомнящего", "Непомнящему", "Непомнящим"),
    ("Асадчий", "m", "Асадчего", "Асадчему", "Асадчим"),
    ("Гурцкая", "f", "Гурцкой", "Гурцкой", "Гурцкой"),
    ("Саркисян", "f", "Саркисян", "Саркисян", "Саркисян"),
    ("Рабинович", "m", "Рабиновича", "Рабиновичу", "Рабиновичем"),
]


def plain(word: str) -> str:
    return word.replace("ё", "е")


@pytest.mark.parametrize(("surname", "gender", "gent", "datv", "ablt"), SURNAMES)
def test_no_wrong_form_of_a_surname_is_called_sure(
    surname: str, gender: Gender, gent: str, datv: str, ablt: str
) -> None:
    forms = name_forms(surname, FIRST[gender], None, gender)
    for form, expected in ((forms.gent, gent), (forms.datv, datv), (forms.ablt, ablt)):
        assert plain(form.last) == plain(expected) or not form.sure


def test_most_surnames_need_nobodys_eye() -> None:
    sure = [name_forms(last, FIRST[gender], None, gender).sure for last, gender, *_ in SURNAMES]
    assert sum(sure) >= len(SURNAMES) * 2 // 3


@pytest.mark.parametrize(
    ("surname", "gender"), [("Заяц", "m"), ("Лев", "m"), ("Кобец", "m"), ("Золя", "m")]
)
def test_a_surname_that_families_decline_differently_is_shown_to_a_person(
    surname: str, gender: Gender
) -> None:
    assert name_forms(surname, FIRST[gender], None, gender).unsure == ("last",)


@pytest.mark.parametrize("first", ["Гузель", "Айгуль", "Асель", "Ия", "Лия"])
def test_a_disputed_first_name_is_shown_to_a_person(first: str) -> None:
    forms = name_forms("Иванова", first, "Петровна", "f")
    assert forms.unsure == ("first",)
    assert not forms.datv.sure
    assert forms.nomn.sure


@pytest.mark.parametrize(
    ("name", "gender", "gent", "ablt"),
    [
        (("Ларин", "Лев", "Ильич"), "m", "Ларина Льва Ильича", "Лариным Львом Ильичом"),
        (
            ("Седых", "Любовь", "Кузьминична"),
            "f",
            "Седых Любови Кузьминичны",
            "Седых Любовью Кузьминичной",
        ),
        (("Дюма", "Анна-Мария", None), "f", "Дюма Анны-Марии", "Дюма Анной-Марией"),
        (
            ("Пак", "Пётр", "Никитич"),
            "m",
            "Пака Петра Никитича",
            "Паком Петром Никитичем",
        ),
    ],
)
def test_a_whole_name_is_declined(
    name: tuple[str, str, str | None], gender: Gender, gent: str, ablt: str
) -> None:
    forms = name_forms(*name, gender)
    assert (forms.gent.full, forms.ablt.full) == (gent, ablt)
    assert forms.sure


def test_a_man_is_accused_as_a_living_being() -> None:
    assert name_forms("Горький", "Марк", "Ильич", "m").accs.full == "Горького Марка Ильича"


def test_initials_stand_both_ways_and_do_not_come_apart() -> None:
    datv = name_forms("Смирнова", "Мария", "Ивановна", "f").datv
    assert datv.initials_first == "М.\u00a0И.\u00a0Смирновой"
    assert datv.initials_last == "Смирновой\u00a0М.\u00a0И."


def test_without_a_patronymic_one_initial_is_left() -> None:
    forms = name_forms("Ким", "Анна-Мария", None, "f")
    assert forms.nomn.initials_first == "А.-М.\u00a0Ким"
    assert forms.nomn.patronymic is None


def test_a_name_in_foreign_letters_stays_and_is_not_sure() -> None:
    forms = name_forms("Smith", "John", None, "m")
    assert forms.gent.full == "Smith John"
    assert forms.unsure == ("last", "first")


def test_a_name_of_blanks_is_refused() -> None:
    with pytest.raises(ValueError, match="surname"):
        name_forms(" ", "Анна", None, "f")


@pytest.mark.parametrize(
    ("post", "gent", "datv"),
    [
        ("директор", "директора", "директору"),
        (
            "заместитель директора по УВР",
            "заместителя директора по УВР",
            "заместителю директора по УВР",
        ),
        (
            "Исполняющий обязанности директора",
            "Исполняющего обязанности директора",
            "Исполняющему обязанности директора",
        ),
        ("педагог-психолог", "педагога-психолога", "педагогу-психологу"),
        ("заведующая отделением", "заведующей отделением", "заведующей отделением"),
        ("старший мастер", "старшего мастера", "старшему мастеру"),
        (
            "старшая медицинская сестра",
            "старшей медицинской сестры",
            "старшей медицинской сестре",
        ),
        (
            "председатель предметно-цикловой комиссии",
            "председателя предметно-цикловой комиссии",
            "председателю предметно-цикловой комиссии",
        ),
        ("студентка группы 21-П", "студентки группы 21-П", "студентке группы 21-П"),
        ("обучающийся 9 «А» класса", "обучающегося 9 «А» класса", "обучающемуся 9 «А» класса"),
        ("тьютор", "тьютора", "тьютору"),
        ("мать", "матери", "матери"),
        ("врио директора", "врио директора", "врио директора"),
        (
            "временно исполняющая обязанности директора",
            "временно исполняющей обязанности директора",
            "временно исполняющей обязанности директора",
        ),
    ],
)
def test_only_the_head_of_a_post_is_declined(post: str, gent: str, datv: str) -> None:
    forms = post_forms(post)
    assert (forms.gent, forms.datv) == (gent, datv)


def test_a_post_is_unchanged_in_the_nominative() -> None:
    assert post_forms("главный бухгалтер").nomn == "главный бухгалтер"
    assert post_forms("главный бухгалтер").accs == "главного бухгалтера"


def test_every_case_of_a_name_can_be_asked_for() -> None:
    forms = name_forms("Ларин", "Илья", "Олегович", "m")
    assert [forms.form(case).first for case in CASES] == [
        "Илья",
        "Ильи",
        "Илье",
        "Илью",
        "Ильёй",
        "Илье",
    ]


def test_a_date_is_written_in_words() -> None:
    assert date_words(dt.date(2026, 6, 5)).replace("\u00a0", " ") == "5 июня 2026 г."


@pytest.mark.parametrize(
    ("number", "gender", "words"),
    [
        (0, "m", ("ноль", "ноля", "нолю", "ноль", "нолём", "ноле")),
        (1, "f", ("одна", "одной", "одной", "одну", "одной", "одной")),
        (2, "f", ("две", "двух", "двум", "две", "двумя", "двух")),
        (
            72,
            "m",
            (
                "семьдесят два",
                "семидесяти двух",
                "семидесяти двум",
                "семьдесят два",
                "семьюдесятью двумя",
                "семидесяти двух",
            ),
        ),
        (
            1021,
            "n",
            (
                "одна тысяча двадцать одно",
                "одной тысячи двадцати одного",
                "одной тысяче двадцати одному",
                "одну тысячу двадцать одно",
                "одной тысячей двадцатью одним",
                "одной тысяче двадцати одном",
            ),
        ),
    ],
)
def test_a_number_is_written_in_words_of_each_case(
    number: int, gender: NumberGender, words: tuple[str, ...]
) -> None:
    forms = number_forms(number, gender).model_dump()
    assert tuple(forms[case] for case in CASES) == words


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        number_forms(-1, "m")
