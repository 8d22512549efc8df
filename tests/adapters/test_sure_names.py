"""No wrong form of a name is called sure: what cannot be proved is shown to a person."""

import re

import pymorphy3
import pytest
import pytrovich.enums as pt
from hypothesis import given
from hypothesis import strategies as st
from pytrovich.maker import PetrovichDeclinationMaker

from adapters.russian import name_forms
from domain.names import CASES, Case, Gender
from tests.adapters.test_russian import FIRST, plain


@pytest.mark.parametrize(
    ("surname", "gender"),
    [
        ("ИВАНОВ", "m"),  # no form may come out as «ИВАНОВа»
        ("иванов", "m"),
        ("Ивaнов", "m"),  # a Latin «a»
        ("Smith", "m"),
        ("О'Коннор", "f"),
        ("О’Нил", "m"),
        ("Д'Артаньян", "m"),
        ("Аль-Фараби", "m"),  # not «Аля-Фараби»
        ("Кара-Мурза", "m"),  # not «Кары-Мурзы»
        ("Ибн-Сина", "m"),
        ("Пак-Ли", "m"),
        ("Кузьмина-Юрьев", "f"),
        ("дель Рио", "m"),
        ("Воробей", "m"),  # Воробья or Воробея
        ("Кич", "m"),  # Кичом or Кичем
        ("Плющ", "m"),
        ("Иванов", "f"),  # the gender may be wrong
        ("Толстой", "f"),
        ("Котляревский", "f"),
        ("Петров,", "m"),
        ("Петров (Сидоров)", "m"),
    ],
)
def test_an_odd_surname_is_shown_to_a_person(surname: str, gender: Gender) -> None:
    assert "last" in name_forms(surname, FIRST[gender], None, gender).unsure


@pytest.mark.parametrize("surname", ["О", "Ё", "Э", "Ли", "Ко", "Гюго", "Ганди", "Шоу", "Живаго"])
@pytest.mark.parametrize("gender", ["m", "f"])
def test_a_surname_that_never_changes_needs_nobodys_eye(surname: str, gender: Gender) -> None:
    forms = name_forms(surname, FIRST[gender], None, gender)
    assert {forms.form(case).last for case in CASES} == {surname}
    assert forms.sure


@pytest.mark.parametrize(
    ("surname", "gent", "ablt"),
    [("Ан", "Ана", "Аном"), ("Пак", "Пака", "Паком"), ("Ким", "Кима", "Кимом")],
)
def test_a_short_surname_in_a_consonant_changes_for_a_man_only(
    surname: str, gent: str, ablt: str
) -> None:
    man = name_forms(surname, "Павел", None, "m")
    woman = name_forms(surname, "Анна", None, "f")
    assert (man.gent.last, man.ablt.last, woman.gent.last) == (gent, ablt, surname)
    assert man.sure
    assert woman.sure


@pytest.mark.parametrize(
    ("patronymic", "gender", "initials"),
    [
        ("Мамед оглы", "m", "П.\u00a0М."),
        ("Мамед-оглы", "m", "П.\u00a0М."),
        ("Гасан кызы", "f", "А.\u00a0Г."),
        ("Гасан-кызы", "f", "А.\u00a0Г."),
        ("Бекмамат уулу", "m", "П.\u00a0Б."),
        ("Улугбек угли", "m", "П.\u00a0У."),
        ("уулу", "m", "П.\u00a0У."),
        ("Хосе", "m", "П.\u00a0Х."),
        ("Ивановна", "m", "П.\u00a0И."),  # not this gender's
        ("Петрович", "f", "А.\u00a0П."),
    ],
)
def test_a_patronymic_of_another_kind_is_shown_to_a_person(
    patronymic: str, gender: Gender, initials: str
) -> None:
    forms = name_forms("Ким", FIRST[gender], patronymic, gender)
    assert forms.unsure == ("patronymic",)
    assert forms.nomn.initials == initials


@pytest.mark.parametrize(
    ("patronymic", "gender", "gent", "ablt"),
    [
        ("Ильич", "m", "Ильича", "Ильичом"),
        ("Никитич", "m", "Никитича", "Никитичем"),
        ("Рауфович", "m", "Рауфовича", "Рауфовичем"),
        ("Ильинична", "f", "Ильиничны", "Ильиничной"),
        ("Алиевна", "f", "Алиевны", "Алиевной"),
    ],
)
def test_a_russian_patronymic_needs_nobodys_eye(
    patronymic: str, gender: Gender, gent: str, ablt: str
) -> None:
    forms = name_forms("Ким", FIRST[gender], patronymic, gender)
    assert (forms.gent.patronymic, forms.ablt.patronymic) == (gent, ablt)
    assert forms.sure


MAKER = PetrovichDeclinationMaker()
MORPH = pymorphy3.MorphAnalyzer(lang="ru")
RULED = {
    "gent": ("а", "я"),
    "datv": ("у", "ю"),
    "accs": ("а", "я"),
    "ablt": ("ом", "ем"),
    "loct": ("е", "е"),
}
PYTROVICH = {
    "gent": pt.Case.GENITIVE,
    "datv": pt.Case.DATIVE,
    "accs": pt.Case.ACCUSATIVE,
    "ablt": pt.Case.INSTRUMENTAL,
    "loct": pt.Case.PREPOSITIONAL,
}
SOUNDS = "абвгдежзийклмнопрстуфхцчшщъыьэюяё"
ENDINGS = re.findall(
    r"\w+",
    "ов ев ин ын ский цкая ова ина ко ых их ян ич вич ей ой ай ец ок ель ь а я о и у щий щая",
)


def by_pytrovich(word: str, gender: Gender, case: str) -> str:
    person = {"m": pt.Gender.MALE, "f": pt.Gender.FEMALE}[gender]
    return MAKER.make(pt.NamePart.LASTNAME, person, PYTROVICH[case], word)


def known_to_pymorphy(word: str, form: str, case: Case) -> bool:
    """Whether any of its readings of the word has this form."""
    found = (parse.inflect({"sing", case}) for parse in MORPH.parse(word))
    return form.lower() in {one.word for one in found if one is not None}


def follows_a_rule(word: str, form: str, case: Case, gender: Gender) -> bool:
    """A rule of grammar without exceptions, told apart from the adapter's own."""
    if form == word:
        return gender == "f" or re.search(r"[еёиоуыэю]$|[иы]х$", word) is not None
    if word.endswith(("щий", "щая")):
        return form.startswith(word[:-2])
    hard, soft = RULED[case]
    return gender == "m" and form in {word + hard, word + soft, word[:-1] + soft}


@given(
    stem=st.text(SOUNDS, min_size=1, max_size=6),
    end=st.sampled_from(ENDINGS),
    gender=st.sampled_from(["m", "f"]),
)
def test_a_sure_form_is_backed_by_both_sources(stem: str, end: str, gender: Gender) -> None:
    word = (stem + end).capitalize()
    forms = name_forms(word, FIRST[gender], None, gender)
    for case in CASES[1:]:
        form = forms.form(case)
        if not form.sure:
            continue
        mended = gender == "f" and re.search(r"[жчшщ]ая$", word)
        assert mended or form.last == by_pytrovich(word, gender, case)
        known = known_to_pymorphy(word, plain(form.last), case)
        known = known or known_to_pymorphy(word, form.last, case)
        assert known or follows_a_rule(word, form.last, case, gender)


@given(st.text(min_size=1, max_size=12), st.sampled_from(["m", "f"]))
def test_what_is_not_written_as_a_name_is_never_sure(text: str, gender: Gender) -> None:
    word = text.strip()
    if not word or re.fullmatch(r"[А-ЯЁ][а-яё]*(-[А-ЯЁ][а-яё]*)*", word):
        return
    assert "last" in name_forms(word, FIRST[gender], None, gender).unsure
