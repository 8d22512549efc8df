"""The facts of a document that may be said otherwise with its next version, as fields of a form."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request

from api.pages.guard import signed_in, typed
from api.services import Services
from domain.base import Value

_KNOWN: Final = ("text", "list", "number", "date")
"""Types that are one field of a form. Tables and persons are amended by the API alone."""
_PREFIX: Final = "fact."


class FactField(Value):
    """A fact as a field: a list has a line for each of its entries."""

    name: str
    label: str
    type: str
    value: str


def fact_fields(services: Services, organisation: str, document_id: str) -> tuple[FactField, ...]:
    """What may be amended, with what the latest version says."""
    kind = services.views.document(organisation, document_id).kind
    facts = services.views.amendable(organisation, document_id).facts
    return tuple(
        FactField(
            name=f"{_PREFIX}{one.name}",
            label=f"{one.note[:1].upper()}{one.note[1:]}",
            type=one.type,
            value=_shown(facts.get(one.name)),
        )
        for one in services.templates.fields(kind)
        if one.amendable and one.type in _KNOWN
    )


def amended(services: Services, request: Request, document_id: str) -> dict[str, object]:
    """What people amended of the document before, and what this form says otherwise.

    A field that was emptied says nothing: the fact stays as it is.
    """
    organisation = signed_in(request).user.organisation_id
    said = typed(request)
    inputs: dict[str, object] = dict(services.views.amendable(organisation, document_id).inputs)
    for one in fact_fields(services, organisation, document_id):
        written = _plain(said.get(one.name, ""))
        if written and written != _plain(one.value):
            inputs[one.name.removeprefix(_PREFIX)] = _fact(one.type, written)
    return inputs


def _shown(fact: Any) -> str:  # noqa: ANN401 - facts are of many types
    match fact:
        case None:
            return ""
        case Mapping():
            return str(fact.get("iso", fact.get("value", "")))
        case list():
            return "\n".join(str(line) for line in fact)
        case _:
            return str(fact)


def _plain(text: str) -> str:
    """Without what browsers do to ends of lines."""
    return "\n".join(line.strip() for line in text.strip().splitlines())


def _fact(type_: str, written: str) -> object:
    match type_:
        case "list":
            return [line for line in written.split("\n") if line]
        case "number" if written.isascii() and written.isdecimal():
            return int(written)
        case _:
            return written
