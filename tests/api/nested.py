"""Organisations below ours, as requests name them."""

from typing import Any, Final

from domain.organisations import NewOrganisation
from domain.report_forms import asked_of
from tests.roadmap_builders import a_roadmap

BELOW_CODE: Final = "s-1"
NEW_ORGANISATION: Final[dict[str, Any]] = {
    "code": "s-12",
    "name": "Школа № 12",
    "short_name": "Школа № 12",
    "address": "000001, г. Заречинск, ул. Садовая, д. 2",
    "inn": "0012345674",
    "city": "г. Заречинск",
    "kind": "school",
    "tags": ["500+"],
}


UPPER: Final = "7" * 16
"""A cycle above, which invited us as its third branch."""
FIGURES: Final = {one.name: "0" for one in asked_of(a_roadmap(), None)} | {"pairs": "4"}
"""What a report by hand says, of all that is asked."""


def an_organisation(**fields: object) -> NewOrganisation:
    return NewOrganisation.model_validate({**NEW_ORGANISATION, **fields})


def below_id(upper: str, code: str = BELOW_CODE) -> str:
    """The id of an organisation below."""
    return an_organisation(code=code).id_below(upper)
