"""Russian grammar: cases of names and posts, dates in words.

Two independent sources decline a name: pytrovich (rules) and pymorphy3 (a dictionary). A form is
called sure only when both agree, or when pytrovich agrees with a rule of grammar that has no
exceptions (Розенталь, «Справочник по правописанию и стилистике», §§ 148-149: склонение имён и
фамилий). Everything else is shown to a person once. Gender is given, never guessed.
"""

import datetime as dt
import re
from decimal import Decimal
from functools import cache
from typing import Literal

import pymorphy3
import pytrovich.enums as pt
from babel.dates import format_date
from num2words import num2words
from pymorphy3.analyzer import Parse
from pytrovich.maker import PetrovichDeclinationMaker

from domain.names import CASES, NBSP, PARTS, Case, Cases, Gender, NameForm, NameForms

NumberGender = Literal["m", "f", "n"]

_PARTS = {
    "last": (pt.NamePart.LASTNAME, "Surn"),
    "first": (pt.NamePart.FIRSTNAME, "Name"),
    "patronymic": (pt.NamePart.MIDDLENAME, "Patr"),
}
_PYTROVICH_CASES = {
    "gent": pt.Case.GENITIVE,
    "datv": pt.Case.DATIVE,
    "accs": pt.Case.ACCUSATIVE,
    "ablt": pt.Case.INSTRUMENTAL,
    "loct": pt.Case.PREPOSITIONAL,
}
_NUMBER_CASES: dict[Case, str] = {
    "nomn": "n",
    "gent": "g",
    "datv": "d",
    "accs": "a",
    "ablt": "i",
    "loct": "p",
}
_GENDERS = {"m": pt.Gender.MALE, "f": pt.Gender.FEMALE}
_GRAMMEME = {"m": "masc", "f": "femn"}

_VOWEL = "аеёиоуыэюя"
_CONSONANT = "бвгджзйклмнпрстфхцчшщ"
# As names are written. Of Latin letters, apostrophes, capitals throughout no source knows.
_WRITTEN = re.compile(r"[А-ЯЁ][а-яё]*(?:-[А-ЯЁ][а-яё]*)*")
_PATRONYMIC = {"m": re.compile(r"ич$"), "f": re.compile(r"(вна|ична)$")}
# «Сын», «дочь» of Turkic patronymics: no initial is made of them.
_CHILD = frozenset({"оглы", "оглу", "угли", "улы", "уулу", "кызы", "кизи", "гызы"})
# Foreign and Tatar names in a soft sign are left alone by some and declined by others (Гузель).
_DISPUTED_FIRST = re.compile(r"^\w?ия$")  # Ия, Лия: «Ие» and «Ии» are both met
# A family decides whether its vowel drops out: Кобец, Кобеца or Кобца.
_DISPUTED_LAST = re.compile(r"(ец|ок|ек|ёк|ень|ел|ёл|ей)$")
# Stress decides between -ом and -ем (Кулишом, Кичем); only in -вич is it known.
_HUSHING_END = re.compile(r"[жцчшщ]$")
# A woman may have such a surname, and it stays; more often the gender is wrong.
_OF_A_MAN = re.compile(rf"((ов|ев|ёв|ин|ын)|[иы]й|[{_VOWEL}].*ой)(-|$)")
# «Аль-Фараби», «Кара-Мурза»: before a hyphen only what is surely a Russian surname is declined.
_RUSSIAN = re.compile(r"(ов|ев|ёв|ин|ын|[сц]кий|ова|ева|ёва|ина|ына|[сц]кая|ко|[иы]х)-")
# Vowels other than о, е, ё (and я in «заяц») never drop out, so the masculine forms are certain.
_STABLE_HARD = re.compile(rf"[аиуыэю][{_CONSONANT.replace('й', '')}]$")
_STABLE_SOFT = re.compile(r"[аиуыюя][бвдзлмнпрст]ь$")
_HUSHING_FEMALE = re.compile(r"[жчшщ]ая$")
_GERMAN_OR_ADJECTIVE = re.compile(r"[иы]х$|(ов|ев|ёв|ин|ын)$")

_HARD = {"gent": "а", "datv": "у", "accs": "а", "ablt": "ом", "loct": "е"}
_SOFT = {"gent": "я", "datv": "ю", "accs": "я", "ablt": "ем", "loct": "е"}
_PARTICIPLE = {
    "m": {"gent": "его", "datv": "ему", "accs": "его", "ablt": "им", "loct": "ем"},
    "f": {"gent": "ей", "datv": "ей", "accs": "ую", "ablt": "ей", "loct": "ей"},
}


def name_forms(last: str, first: str, patronymic: str | None, gender: Gender) -> NameForms:
    """The name in six cases, with each part that a person should look at named in `unsure`.

    Where the two sources disagree pytrovich's form is taken and is not called sure.
    """
    parts = {"last": last.strip(), "first": first.strip(), "patronymic": (patronymic or "").strip()}
    if not parts["last"] or not parts["first"]:
        raise ValueError("a name needs a surname and a first name")
    initials = NBSP.join(_initial(parts[part]) for part in ("first", "patronymic") if parts[part])
    unsure: set[str] = set()
    forms: dict[Case, NameForm] = {}
    for case in CASES:
        words: dict[str, str] = {}
        doubts = set()
        for part, word in parts.items():
            words[part], sure = _declined(part, word, gender, case) if word else ("", True)
            if not sure:
                doubts.add(part)
        unsure |= doubts
        forms[case] = NameForm(
            last=words["last"],
            first=words["first"],
            patronymic=words["patronymic"] or None,
            initials=initials,
            sure=not doubts,
        )
    return NameForms(
        gender=gender,
        nomn=forms["nomn"],
        gent=forms["gent"],
        datv=forms["datv"],
        accs=forms["accs"],
        ablt=forms["ablt"],
        loct=forms["loct"],
        unsure=tuple(part for part in PARTS if part in unsure),
    )


def post_forms(post: str) -> Cases:
    """A post in six cases: its head word and the adjectives before it change, the rest stays.

    «заместитель директора по УВР» -> «заместителю директора по УВР».
    """
    words = post.split()
    heads: list[tuple[int, Parse | None]] = []
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else None
        if following and _morph().parse(word)[0].tag.POS == "ADVB":
            continue  # «временно исполняющий обязанности»
        adjective = _agreeing_adjective(word, following)
        heads.append((index, adjective))
        if adjective is None:
            break
    forms: dict[str, str] = {}
    for case in CASES:
        changed = list(words)
        for index, adjective in heads:
            changed[index] = _post_word(words[index], adjective, case)
        forms[case] = " ".join(changed)
    return Cases(**forms)


def number_forms(number: int, gender: NumberGender) -> Cases:
    """A whole number in words in six cases, agreeing with a lifeless thing of that gender.

    Raises `ValueError` for a negative one: nothing in our papers is counted below zero.
    """
    if number < 0:
        raise ValueError("an amount is not negative")
    words = {
        case: num2words(number, lang="ru", case=asked, gender=gender, animate=False)
        for case, asked in _NUMBER_CASES.items()
    }
    return Cases(**words)


def number_words(figure: Decimal) -> str:
    """«66,6»: a decimal comma, no needless zeros."""
    return f"{figure.normalize():f}".replace(".", ",")


def date_words(date: dt.date) -> str:
    """«5 июня 2026 г.»; day and month, year and «г.» do not come apart at a line's end."""
    day_month = format_date(date, "d MMMM", locale="ru").replace(" ", NBSP)
    return f"{day_month} {date.year}{NBSP}г."


@cache
def _morph() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer(lang="ru")


@cache
def _maker() -> PetrovichDeclinationMaker:
    return PetrovichDeclinationMaker()


def _initial(name: str) -> str:
    """«А.» of «Анна», «А.-М.» of «Анна-Мария», «М.» of «Мамед-оглы»."""
    pieces = (piece for piece in name.split("-") if piece and piece.lower() not in _CHILD)
    return "-".join(f"{piece[0].upper()}." for piece in pieces) or f"{name[0].upper()}."


def _declined(part: str, word: str, gender: Gender, case: Case) -> tuple[str, bool]:
    if case == "nomn":
        return word, True
    if not _WRITTEN.fullmatch(word):  # «Мамед оглы», «дель Рио», «О’Нил»: no source knows how
        return word, False
    form = _by_pytrovich(part, word, gender, case)
    opinion = _opinion(part, word, gender, case)
    agreed = opinion is not None and _plain(form) == _plain(opinion)
    return form, agreed and not _disputed(part, word.lower(), gender, case)


def _by_pytrovich(part: str, word: str, gender: Gender, case: Case) -> str:
    if part == "last" and gender == "f" and _HUSHING_FEMALE.search(word):
        # pytrovich says «Непомнящой»; after ж, ч, ш, щ an unstressed ending is -ей.
        return word[:-2] + ("ую" if case == "accs" else "ей")
    name_part, _ = _PARTS[part]
    return _maker().make(name_part, _GENDERS[gender], _PYTROVICH_CASES[case], word)


def _opinion(part: str, word: str, gender: Gender, case: Case) -> str | None:
    """The second source's form; none if it has no opinion."""
    whole = _piece_opinion(part, word, gender, case, known_only="-" in word)
    if whole is not None or "-" not in word:
        return whole
    pieces = [_piece_opinion(part, piece, gender, case) for piece in word.split("-")]
    return "-".join(piece for piece in pieces if piece) if all(pieces) else None


def _piece_opinion(
    part: str, word: str, gender: Gender, case: Case, *, known_only: bool = False
) -> str | None:
    _, tag = _PARTS[part]
    parses = [
        parse
        for parse in _morph().parse(word)
        if tag in parse.tag and _fits(parse, gender) and (parse.is_known or not known_only)
    ]
    parses.sort(key=lambda parse: not parse.is_known)
    if parses:
        return _inflected(parses[0], case)
    if known_only:
        return None
    by_rule = _rule(part, word.lower(), gender, case)
    return by_rule if by_rule is not None or part != "last" else _common_word(word, gender, case)


def _fits(parse: Parse, gender: Gender) -> bool:
    return (
        "nomn" in parse.tag
        and "sing" in parse.tag
        and (_GRAMMEME[gender] in parse.tag or "ms-f" in parse.tag)
    )


def _common_word(word: str, gender: Gender, case: Case) -> str | None:
    """A surname that is a word of the dictionary (Король, Сорока, Непомнящая)."""
    any_gender = word[-1] in "ая"
    for parse in _morph().parse(word):
        if (
            parse.is_known
            and parse.tag.POS in {"NOUN", "ADJF", "PRTF"}
            and {"nomn", "sing"} in parse.tag
            and (any_gender or _fits(parse, gender))
        ):
            return _inflected(parse, case)
    return None


def _rule(part: str, word: str, gender: Gender, case: Case) -> str | None:
    """The form by a rule of grammar without exceptions; none if there is no such rule."""
    if re.search(r"[еёиуюэ]$", word):
        return word  # Гёте, Ли
    if part != "last":
        return None
    if re.search(r"о$|[бвгдзлмнпрст]ых$|[сц]ких$", word):
        return word  # Шевченко, Черных, Гремитских
    if word.endswith(("щий", "щая")):
        return word[:-2] + _PARTICIPLE[gender][case]  # Непомнящая
    if gender == "f":
        # A woman's surname in a consonant stays: Ткач, Коваль, Цой.
        return word if word[-1] in _CONSONANT + "ь" else None
    return None if _GERMAN_OR_ADJECTIVE.search(word) else _stable_masculine(word, case)


def _stable_masculine(word: str, case: Case) -> str | None:
    if _STABLE_SOFT.search(word):
        return word[:-1] + _SOFT[case]
    if not _STABLE_HARD.search(word):
        return None
    if case == "ablt" and _HUSHING_END.search(word):
        # Stress decides (Кулишом, Лешем); only in -вич is it known.
        return word + "ем" if word.endswith("вич") else None
    return word + _HARD[case]


def _disputed(part: str, word: str, gender: Gender, case: Case) -> bool:
    """Both sources may follow one habit where people follow two, or guess alike."""
    if part == "patronymic":
        return _PATRONYMIC[gender].search(word) is None
    if part == "last" and "-" in word and not _RUSSIAN.search(word):
        return True
    if part == "last" and gender == "f":
        return _OF_A_MAN.search(word) is not None
    if part == "last":
        stressed = case == "ablt" and _HUSHING_END.search(word) and not word.endswith("вич")
        return bool(_DISPUTED_LAST.search(word) or stressed)
    if part == "first" and gender == "f":
        left_alone = word.endswith("ь") and _by_pytrovich(part, word, gender, "gent") == word
        return left_alone or bool(_DISPUTED_FIRST.match(word))
    return False


def _plain(word: str) -> str:
    return word.lower().replace("ё", "е")


def _inflected(parse: Parse, case: Case) -> str | None:
    """The word in `case`; an adjective takes the form that goes with a living being."""
    wanted = {"sing", case}
    if case == "accs" and parse.tag.POS in {"ADJF", "PRTF"} and "masc" in parse.tag:
        wanted |= {"anim", "masc"}
    changed = parse.inflect(wanted)
    return None if changed is None else changed.word


def _agreeing_adjective(word: str, following: str | None) -> Parse | None:
    """The adjective's parse if `word` is one and goes on to the next word («главный бухгалтер»)."""
    if following is None:
        return None
    for parse in _morph().parse(word):
        if parse.tag.POS not in {"ADJF", "PRTF"} or {"nomn", "sing"} not in parse.tag:
            continue
        for other in _morph().parse(following):
            if (
                other.tag.POS in {"NOUN", "ADJF", "PRTF"}
                and {"nomn", "sing"} in other.tag
                and other.tag.gender == parse.tag.gender
            ):
                return parse
    return None


def _post_word(word: str, adjective: Parse | None, case: Case) -> str:
    if case == "nomn":
        return word
    if adjective is None and "-" in word:
        pieces = word.split("-")
        if all(_head(piece) for piece in pieces):
            return "-".join(_post_word(piece, None, case) for piece in pieces)
    parse = adjective or _head(word)
    form = _inflected(parse, case) if parse else None
    if form is None:
        return word
    return _as_written(word, form)


def _as_written(word: str, form: str) -> str:
    """The form with the capitals of the word: «ИТ-специалиста»."""
    same = "".join(a if a.lower() == b else b for a, b in zip(word, form, strict=False))
    return same + form[len(word) :]


def _head(word: str) -> Parse | None:
    """The parse of a word that stands for a living being: методист, заведующая, обучающийся."""
    fitting = [
        parse
        for parse in _morph().parse(word)
        if parse.tag.POS in {"NOUN", "ADJF", "PRTF"} and {"nomn", "sing"} in parse.tag
    ]
    fitting.sort(key=lambda parse: parse.tag.POS == "NOUN" and "anim" not in parse.tag)
    return fitting[0] if fitting else None
