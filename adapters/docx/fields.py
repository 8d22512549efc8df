"""What facts a template asks for (fields.yaml) and whether given facts answer."""

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping
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
]
Source = Literal["organisation", "cycle", "pair", "person", "input", "registration"]


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
    no field asks for are left out. Raises `FactMissing` naming the field.
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
    return list(value)


def _check_rows(
    path: str, value: object, columns: Mapping[str, FactType], *, may_be_empty: bool
) -> None:
    for index, row in enumerate(_rows(path, value, may_be_empty=may_be_empty), start=1):
        cells = _mapping(f"{path}.{index}", row)
        for name, kind in columns.items():
            _check(f"{path}.{index}.{name}", kind, _inside(path, index, name, cells), {})


def _inside(path: str, index: int, name: str, cells: Mapping[str, object]) -> object:
    if cells.get(name) is None:
        raise FactMissing(f"не хватает факта «{path}.{index}.{name}»")
    return cells[name]


def _mapping(path: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise FactMissing(f"факт «{path}» должен быть записью с полями")
    return value


def _check_text(path: str, value: object) -> None:
    if not isinstance(value, str):
        raise FactMissing(f"факт «{path}» должен быть текстом")
    if not value.strip():
        raise FactMissing(f"факт «{path}» пуст")
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


def _check_flag(path: str, value: object) -> None:
    if not isinstance(value, bool):
        raise FactMissing(f"факт «{path}» должен быть «да» или «нет»")


def _check_cases(path: str, value: object) -> None:
    forms = _mapping(path, value)
    for case in CASES:
        _check_text(f"{path}.{case}", forms.get(case))


def _check_person(path: str, value: object) -> None:
    person = _mapping(path, value)
    for part in ("full", "initials_first", "initials_last"):
        _check_cases(f"{path}.{part}", person.get(part))
    if person.get("gender") not in {"m", "f"}:
        raise FactMissing(f"факт «{path}.gender» должен быть m или f")
    for part, check in (("post", _check_cases), ("birth_date", _check_date)):
        if part not in person:
            raise FactMissing(f"не хватает факта «{path}.{part}»")
        if person[part] is not None:
            check(f"{path}.{part}", person[part])


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


_CHECKS: dict[str, Callable[[str, object], None]] = {
    "text": _check_text,
    "date": _check_date,
    "number": _check_number,
    "flag": _check_flag,
    "person": _check_person,
    "representative": _check_representative,
    "organisation": _check_organisation,
    "registration": _check_registration,
}
