"""The one shape in which templates get people, organisations, dates and numbers.

Everything is plain dicts, lists, strings, numbers and flags, so facts can be kept as JSON.
"""

import datetime as dt
import re
from typing import Any

from adapters.russian import NumberGender, date_words, number_forms, post_forms
from domain.names import CASES, NameForms

Facts = dict[str, Any]

NOTHING = "—"
"""Where a table has nothing to say."""

_BLANK_MINUTES = "от\N{NO-BREAK SPACE}______________ №\N{NO-BREAK SPACE}______"
_HYPHEN_OF_GROUP = re.compile(r"(?<=[А-ЯЁA-Z])-(?=\d)")


def person_facts(
    names: NameForms, post: str | None = None, birth_date: dt.date | None = None
) -> Facts:
    """A person: `name`, `initials_first` and `initials_last` by case, `post` by case, and so on.

    `names` are the stored forms, so what a person has mended once is heeded. The name of a group
    in the post («ЭМ-21») does not break at its hyphen.
    """
    forms = {case: names.form(case) for case in CASES}
    return {
        "name": {case: form.full for case, form in forms.items()},
        "initials_first": {case: form.initials_first for case, form in forms.items()},
        "initials_last": {case: form.initials_last for case, form in forms.items()},
        "gender": names.gender,
        "post": None if post is None else _post(post),
        "birth_date": None if birth_date is None else date_facts(birth_date),
    }


def representative_facts(person: Facts, kinship: str, document: str, *, minor_signs: bool) -> Facts:
    """A minor's legal representative; `document` proves the authority («свидетельство о рождении»).

    `minor_signs` from 14 years on: the minor acts with the representative's consent and signs too
    (ГК РФ, art. 26); before, the representative acts instead (art. 28).
    """
    return {
        "person": person,
        "kinship": post_forms(kinship).model_dump(),
        "document": document,
        "minor_signs": minor_signs,
    }


def organisation_facts(
    *, name: str, short_name: str, address: str, inn: str, city: str, director: Facts
) -> Facts:
    """An organisation; `director` are `person_facts` with the real post."""
    return {
        "name": name,
        "short_name": short_name,
        "address": address,
        "inn": inn,
        "city": city,
        "director": director,
    }


def date_facts(date: dt.date) -> Facts:
    """A date as ISO text and in words."""
    return {"iso": date.isoformat(), "words": date_words(date)}


def amount_facts(value: int, gender: NumberGender = "m") -> Facts:
    """A whole number with its words by case; `gender` of what is counted («двадцать одна минута»).

    Raises `ValueError` for a negative one.
    """
    return {"value": value, "words": number_forms(value, gender).model_dump()}


def registration_facts(number: str, date: dt.date) -> Facts:
    """A registered document's number and date."""
    return {"number": number, "date_words": date_words(date)}


def stamp_facts(body: str, number: str | None, date: str | None) -> Facts:
    """Who considered a paper, and by which minutes; without their number and date, blanks."""
    if number is None or date is None:
        return {"body": body, "minutes": _BLANK_MINUTES}
    words = date_words(dt.date.fromisoformat(date))
    return {"body": body, "minutes": f"от\N{NO-BREAK SPACE}{words} №\N{NO-BREAK SPACE}{number}"}


def _post(post: str) -> Facts:
    forms = post_forms(post).model_dump()
    return {
        case: _HYPHEN_OF_GROUP.sub("\N{NON-BREAKING HYPHEN}", form) for case, form in forms.items()
    }


def plain_words(text: str) -> str:
    """As templates take it: printable, on one line, no signs that the template would turn; a dash
    for nothing.
    """
    plain = " ".join(printable(text).split()).replace("_", "-" if "{" in text else "_")
    return plain or NOTHING


def printable(text: str) -> str:
    """With spaces for signs that nobody sees; lines stay."""
    return "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in text)
