"""What a template may ask of each type of fact: which parts it has, over what a loop can go."""

from collections.abc import Mapping
from typing import Any, Final

from adapters.docx.fields import FactType, Field
from domain.names import CASES

TEXT: Final = "text"
"""A value that is printed as it is."""
ANY: Final = "any"
"""A value of which nothing is known, so nothing is held against it."""

Shape = str | tuple[Any] | Mapping[str, Any]
"""`TEXT`, `ANY`, the shape of a list's elements in a tuple, or the shapes of the parts."""

FORMS: Final[Shape] = dict.fromkeys(CASES, TEXT)
_DATE: Final[Shape] = {"iso": TEXT, "words": TEXT}
_PERSON: Final[Shape] = {
    "name": FORMS,
    "initials_first": FORMS,
    "initials_last": FORMS,
    "gender": TEXT,
    "post": FORMS,
    "birth_date": _DATE,
}
_SHAPES: Final[Mapping[FactType, Shape]] = {
    "text": TEXT,
    "date": _DATE,
    "number": TEXT,
    "flag": TEXT,
    "list": (TEXT,),
    "person": _PERSON,
    "representative": {
        "person": _PERSON,
        "kinship": FORMS,
        "document": TEXT,
        "minor_signs": TEXT,
    },
    "organisation": {
        "name": TEXT,
        "short_name": TEXT,
        "address": TEXT,
        "inn": TEXT,
        "city": TEXT,
        "director": _PERSON,
    },
    "registration": {"number": TEXT, "date_words": TEXT},
    "amount": {"value": TEXT, "words": FORMS},
    "document": {"code": TEXT},
    "signature_mark": dict.fromkeys(("certificate", "owner", "valid_from", "valid_until"), TEXT),
}
LOOP: Final[Shape] = dict.fromkeys(("index", "index0", "first", "last", "length"), TEXT)


def shape_of(field: Field) -> Shape:
    """The shape of a fact."""
    if field.type == "table":
        return ({name: _of_type(kind) for name, kind in field.columns.items()},)
    return _of_type(field.type)


def _of_type(kind: FactType) -> Shape:
    return _SHAPES.get(kind, ANY)
