"""What facts a template asks for (fields.yaml) and whether given facts answer."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Literal

from domain.base import Value
from domain.errors import FactMissing
from domain.names import CASES

FactType = Literal[
    "text",
    "date",
    "number",
    "flag",
    "list",
    "table",
    "person",
    "representative",
    "organisation",
    "registration",
    "amount",
    "document",
    "signature_mark",
]
Source = Literal["organisation", "cycle", "pair", "person", "input", "registration", "rendering"]

_BY_CASE = itemgetter(*CASES)
_OF_PERSON = itemgetter("name", "initials_first", "initials_last", "post", "birth_date", "gender")
_GENDERS = frozenset({"m", "f"})
_LONGEST = 30_000  # signs of a text: ten pages
_MOST_ROWS = 20_000
_LARGEST = 10**12 - 1
_CODE = re.compile(r"[!-~]{1,64}")  # ASCII without spaces: what the QR code can tell


class Field(Value):
    """One fact of a template."""

    type: FactType
    required: bool = True
    source: Source
    note: str  # what it is, in Russian: for the person who fills it
    default: Any = None  # stands in when the fact is not given
    columns: dict[str, FactType] = {}  # of a table


def checked_facts(fields: Mapping[str, Field], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that the template may see, each present, of its type and printable.

    A fact that is not given is its default; an optional one without default is None. Facts that
    no field asks for are left out. A text has at most 30,000 signs, a list 20,000 lines. Raises
    `FactMissing` naming the field.
    """
    context: dict[str, Any] = {}
    for name, field in fields.items():
        given = facts.get(name)
        value = field.default if given is None else given
        if value is None and field.required:
            raise FactMissing(f"не хватает факта «{name}» ({field.note})")
        if value is not None:
            _check(name, field.type, value, field.columns, may_be_empty=not field.required)
        context[name] = value
    return context


def _check(
    path: str,
    kind: FactType,
    value: object,
    columns: Mapping[str, FactType],
    *,
    may_be_empty: bool = False,
) -> None:
    if kind == "table":
        _check_rows(path, value, columns, may_be_empty=may_be_empty)
    elif kind == "list":
        for index, line in enumerate(_rows(path, value, may_be_empty=may_be_empty), start=1):
            _check_text(f"{path}.{index}", line)
    else:
        _CHECKS[kind](path, value)


def _rows(path: str, value: object, *, may_be_empty: bool) -> list[object]:
    if not isinstance(value, list | tuple):
        raise FactMissing(f"факт «{path}» должен быть списком")
    if not value and not may_be_empty:
        raise FactMissing(f"список «{path}» пуст")
    if len(value) > _MOST_ROWS:
        raise FactMissing(f"в списке «{path}» больше {_MOST_ROWS} строк")
    return list(value)


def _check_rows(
    path: str, value: object, columns: Mapping[str, FactType], *, may_be_empty: bool
) -> None:
    rows = _rows(path, value, may_be_empty=may_be_empty)
    if _surely_rows(rows, columns):
        return
    for index, row in enumerate(rows, start=1):
        cells = _mapping(f"{path}.{index}", row)
        for name, kind in columns.items():
            cell = cells.get(name)
            if cell is None:
                raise FactMissing(f"не хватает факта «{path}.{index}.{name}»")
            _check(f"{path}.{index}.{name}", kind, cell, {})
        for name in sorted(cells.keys() - columns.keys()):  # those of a table in a table, for one
            _check_undeclared(f"{path}.{index}.{name}", cells[name])


def _check_undeclared(path: str, value: object) -> None:
    """Of whatever kind it is, its texts must be printable."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _check_undeclared(f"{path}.{name}", inner)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(_rows(path, value, may_be_empty=True), start=1):
            _check_undeclared(f"{path}.{index}", inner)
    elif isinstance(value, int) and not isinstance(value, bool):
        _check_number(path, value)
    elif value not in (None, True, False, ""):
        _check_text(path, value)


def _mapping(path: str, value: object) -> Mapping[str, object]:
    if type(value) is dict or isinstance(value, Mapping):  # the first is far quicker to tell
        return value
    raise FactMissing(f"факт «{path}» должен быть записью с полями")


def _surely_fine(texts: Sequence[Any]) -> bool:
    """True only for texts that `_check_text` lets pass; nearly all are found to be so at once."""
    try:
        joined = f" {' '.join(texts)} ".replace("\N{NO-BREAK SPACE}", " ")
    except TypeError:  # not texts
        return False
    if len(joined) > _LONGEST and max(map(len, texts)) > _LONGEST:
        return False
    # Two spaces: a text may be blank. An underline: a forbidden brace. Both are looked at closer.
    return joined.isprintable() and "  " not in joined and "_" not in joined


def _surely_cases(forms: Any) -> bool:
    """As `_surely_fine`, for the forms of a post."""
    try:
        return _surely_fine(_BY_CASE(forms))
    except (KeyError, TypeError):  # not forms of all cases
        return False


def _surely_person(person: object) -> bool:
    """True only for what `_check_person` lets pass."""
    try:
        return _surely_fine(_texts_of(person))
    except (FactMissing, KeyError, TypeError):  # not whole
        return False


def _surely_rows(rows: Sequence[Any], columns: Mapping[str, FactType]) -> bool:
    """True only for rows that `_check` lets pass; all their texts are looked at in one go."""
    texts: list[Any] = []
    try:
        for row in rows:
            if type(row) is not dict or len(row) != len(columns):
                return False
            for name, kind in columns.items():
                if kind == "person":
                    texts += _texts_of(row[name])
                elif kind == "text":
                    texts.append(row[name])
                else:
                    _CHECKS[kind](name, row[name])
    except (FactMissing, KeyError, TypeError):  # not whole, or a list within the table
        return False
    return _surely_fine(texts)


def _texts_of(person: Any) -> list[Any]:
    """Names and post by case. Raises one of the errors above if there are not all."""
    name, initials_first, initials_last, post, birth_date, gender = _OF_PERSON(person)
    texts = [*_BY_CASE(name), *_BY_CASE(initials_first), *_BY_CASE(initials_last)]
    if post is not None:
        texts += _BY_CASE(post)
    if birth_date is not None or gender not in _GENDERS:
        _check_nature("", person)
    return texts


def _check_text(path: str, value: object) -> None:
    if _surely_fine((value,)):
        return
    if not isinstance(value, str):
        raise FactMissing(f"факт «{path}» должен быть текстом")
    if not value.strip():
        raise FactMissing(f"факт «{path}» пуст")
    if len(value) > _LONGEST:
        raise FactMissing(f"факт «{path}» длиннее {_LONGEST} знаков")
    bad = next((sign for sign in value if _unprintable(sign)), None)
    if bad is not None:
        raise FactMissing(f"в факте «{path}» есть непечатный знак U+{ord(bad):04X}")
    if any(mark in value for mark in ("{_{", "}_}", "{_%", "%_}")):
        # docxtpl would turn them into other signs and so change the text.
        raise FactMissing(f"в факте «{path}» есть недопустимое сочетание скобок")


def _unprintable(sign: str) -> bool:
    """Control signs, signs that turn the direction of writing, and what XML cannot hold."""
    return (
        unicodedata.category(sign) in {"Cc", "Cs", "Cn"}
        or sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )


def _check_date(path: str, value: object) -> None:
    date = _mapping(path, value)
    _check_text(f"{path}.words", date.get("words"))
    try:
        dt.date.fromisoformat(str(date.get("iso")))
    except ValueError as error:
        raise FactMissing(f"факт «{path}.iso» должен быть датой ГГГГ-ММ-ДД") from error


def _check_number(path: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise FactMissing(f"факт «{path}» должен быть целым числом")
    if abs(value) > _LARGEST:
        raise FactMissing(f"факт «{path}»: слишком большое число")


def _check_flag(path: str, value: object) -> None:
    if not isinstance(value, bool):
        raise FactMissing(f"факт «{path}» должен быть «да» или «нет»")


def _check_cases(path: str, value: object) -> None:
    if _surely_cases(value):
        return
    forms = _mapping(path, value)
    for case in CASES:
        _check_text(f"{path}.{case}", forms.get(case))


def _check_person(path: str, value: object) -> None:
    if _surely_person(value):
        return
    person = _mapping(path, value)
    for part in ("name", "initials_first", "initials_last"):
        _check_cases(f"{path}.{part}", person.get(part))
    if _given(path, person, "post") is not None:
        _check_cases(f"{path}.post", person["post"])
    _check_nature(path, person)


def _check_nature(path: str, person: Mapping[str, Any]) -> None:
    if person.get("gender") not in _GENDERS:
        raise FactMissing(f"факт «{path}.gender» должен быть m или f")
    if _given(path, person, "birth_date") is not None:
        _check_date(f"{path}.birth_date", person["birth_date"])


def _given(path: str, person: Mapping[str, Any], part: str) -> object:
    """The part, which may be None but not absent."""
    if part not in person:
        raise FactMissing(f"не хватает факта «{path}.{part}»")
    return person[part]


def _check_representative(path: str, value: object) -> None:
    representative = _mapping(path, value)
    _check_person(f"{path}.person", representative.get("person"))
    _check_cases(f"{path}.kinship", representative.get("kinship"))
    _check_text(f"{path}.document", representative.get("document"))
    _check_flag(f"{path}.minor_signs", representative.get("minor_signs"))


def _check_organisation(path: str, value: object) -> None:
    organisation = _mapping(path, value)
    for part in ("name", "short_name", "address", "inn", "city"):
        _check_text(f"{path}.{part}", organisation.get(part))
    director = organisation.get("director")
    _check_person(f"{path}.director", director)
    if _mapping(path, director)["post"] is None:
        raise FactMissing(f"не хватает факта «{path}.director.post»")


def _check_registration(path: str, value: object) -> None:
    registration = _mapping(path, value)
    for part in ("number", "date_words"):
        _check_text(f"{path}.{part}", registration.get(part))


def _check_amount(path: str, value: object) -> None:
    amount = _mapping(path, value)
    _check_number(f"{path}.value", amount.get("value"))
    _check_cases(f"{path}.words", amount.get("words"))


def _check_document(path: str, value: object) -> None:
    code = _mapping(path, value).get("code")
    if not isinstance(code, str) or _CODE.fullmatch(code) is None:
        raise FactMissing(f"факт «{path}.code» должен быть кодом: до 64 знаков латиницы и цифр")


def _check_signature_mark(path: str, value: object) -> None:
    mark = _mapping(path, value)
    for part in ("certificate", "owner", "valid_from", "valid_until"):
        _check_text(f"{path}.{part}", mark.get(part))


_CHECKS: dict[str, Callable[[str, object], None]] = {
    "text": _check_text,
    "date": _check_date,
    "number": _check_number,
    "flag": _check_flag,
    "person": _check_person,
    "representative": _check_representative,
    "organisation": _check_organisation,
    "registration": _check_registration,
    "amount": _check_amount,
    "document": _check_document,
    "signature_mark": _check_signature_mark,
}
