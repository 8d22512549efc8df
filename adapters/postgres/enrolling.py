"""From a list without contradictions to rows of people and bodies."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, text

from activities.tasks import Enrolled
from adapters.postgres.bodies import replace_members
from adapters.postgres.rows import Row, change, put
from adapters.postgres.tables import BodyRow, PersonRow
from adapters.russian import name_forms
from domain import ids
from domain.enrolment import EnrolledPerson, Enrolment, Part
from domain.errors import NotFound
from domain.names import NameCorrection, NameForms

_KNOWN = text(
    """
    SELECT code, last, first, patronymic, gender, name_forms FROM people
    WHERE organisation_id = :organisation
    """
)
_FORMS = text(
    "SELECT name_forms FROM people WHERE organisation_id = :organisation AND id = :person"
)
_WELCOMED = text(
    """
    SELECT DISTINCT jsonb_array_elements_text(state -> 'new_mentors') FROM processes
    WHERE organisation_id = :organisation AND kind = 'cycle'
    """
)

Names = Mapping[str, tuple[tuple[str | None, ...], dict[str, Any]]]


def person_id(organisation_id: str, code: str) -> str:
    """The id of the person with this code in the organisation's list."""
    return ids.derived_id("person", organisation_id, code)


def body_id(organisation_id: str, code: str) -> str:
    """The id of the body with this code."""
    return ids.derived_id("body", organisation_id, code)


def enrol(connection: Connection, organisation_id: str, enrolment: Enrolment) -> Enrolled:
    """Write all rows; the caller's transaction makes it all or nothing."""
    known: Names = {
        row.code: ((row.last, row.first, row.patronymic, row.gender), row.name_forms)
        for row in connection.execute(_KNOWN, {"organisation": organisation_id})
    }
    welcomed = set(connection.execute(_WELCOMED, {"organisation": organisation_id}).scalars())
    people = [_person(organisation_id, person, known, welcomed) for person in enrolment.people]
    bodies = [
        {
            "id": body_id(organisation_id, body.code),
            "organisation_id": organisation_id,
            "code": body.code,
            "name": body.name,
        }
        for body in enrolment.bodies
    ]
    members = [
        (body_id(organisation_id, body.code), person_id(organisation_id, code))
        for body in enrolment.bodies
        for code in body.members
    ]
    present = known.keys() | {person.code for person in enrolment.people}
    strangers = {code for body in enrolment.bodies for code in body.members} - present
    if strangers:
        raise NotFound(f"a body names people of no list: {', '.join(sorted(strangers))}")
    changed = Enrolled(
        people=put(connection, PersonRow, people, key=("organisation_id", "code")),
        bodies=put(connection, BodyRow, bodies, key=("organisation_id", "code")),
    )
    named = [body["id"] for body in bodies]
    replace_members(connection, organisation_id, named, members)
    return changed


def correct_names(
    connection: Connection, organisation_id: str, person: str, correction: NameCorrection
) -> None:
    """Keep what a person said of a name's forms. Raises `NotFound`."""
    given = {"organisation": organisation_id, "person": person}
    known = connection.execute(_FORMS, given).scalar_one_or_none()
    if known is None:
        raise NotFound(f"no person {person}")
    forms = NameForms.model_validate(known).corrected_with(correction)
    same = {"organisation_id": organisation_id, "id": person}
    change(connection, PersonRow, same, {"name_forms": forms.model_dump(mode="json")})


def sort_key(*names: str | None) -> str:
    """By what a list of people is sorted and searched: the database puts Ё before А."""
    return " ".join(name for name in names if name).casefold().replace("ё", "е")


def _person(
    organisation_id: str, person: EnrolledPerson, known: Names, welcomed: Collection[str]
) -> Row:
    """The list need not know yet whom a cycle has taken into the base of mentors."""
    own_id = person_id(organisation_id, person.code)
    joins = own_id in welcomed and Part.MENTOR not in person.roles
    names = (person.last, person.first, person.patronymic, person.gender)
    former, forms = known.get(person.code, (None, {}))
    if former != names:
        forms = name_forms(person.last, person.first, person.patronymic, person.gender).model_dump(
            mode="json"
        )
    representative = person.representative_code
    return {
        **person.model_dump(mode="json", exclude={"representative_code", "roles"}),
        "roles": [*person.roles, Part.MENTOR] if joins else list(person.roles),
        "id": own_id,
        "organisation_id": organisation_id,
        "representative_id": representative and person_id(organisation_id, representative),
        "name_forms": forms,
        "sort_key": sort_key(person.last, person.first, person.patronymic),
    }
