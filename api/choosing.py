"""From what a request names to people and bodies: each may be named by id or by its list's code."""

from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from api.schemas import Pair
from domain.errors import NotFound
from domain.pairing import PairRequest
from domain.people import NOVICE_YEARS
from domain.planning import check_roles
from domain.roadmap import Roadmap


class Listed(Protocol):
    """A person or body of the organisation's list."""

    @property
    def id(self) -> str: ...

    @property
    def code(self) -> str: ...


class ListedPerson(Listed, Protocol):
    """A person, with the years of experience if the list has them."""

    @property
    def experience_years(self) -> int | None: ...


L = TypeVar("L", bound=Listed)


def holders_of(
    roadmap: Roadmap,
    named: Mapping[str, str],
    people: Iterable[Listed],
    bodies: Iterable[Listed],
) -> dict[str, str]:
    """Role to id. Raises `RoleUnmapped`, or `NotFound` naming the role."""
    check_roles(roadmap, named)
    known = {"person": _by_name(people), "body": _by_name(bodies)}
    holders: dict[str, str] = {}
    for role, name in named.items():
        kind = roadmap.roles[role].holder
        if name not in known[kind]:
            raise NotFound(f"role {role} is given to no {kind} of the organisation")
        holders[role] = known[kind][name].id
    return holders


def pairs_of(pairs: Iterable[Pair], people: Iterable[ListedPerson]) -> tuple[PairRequest, ...]:
    """What the cycle is asked for. Raises `NotFound` naming the pair's place and side."""
    known = _by_name(people)
    requests = []
    for number, pair in enumerate(pairs, start=1):
        mentor, mentee = known.get(pair.mentor_id), known.get(pair.mentee_id)
        if mentor is None or mentee is None:
            side = "mentor" if mentor is None else "mentee"
            raise NotFound(f"the {side} of pair {number} is not among the organisation's people")
        requests.append(
            PairRequest(
                mentor_id=mentor.id,
                mentee_id=mentee.id,
                form=pair.form,
                role_model=pair.role_model,
                mentor_type=pair.mentor_type,
                novice=_is_novice(mentee),
                follows=pair.follows,
            )
        )
    return tuple(requests)


def person_of(named: str, people: Iterable[Listed]) -> str:
    """The id of a person of the organisation. Raises `NotFound`."""
    found = _by_name(people).get(named)
    if found is None:
        raise NotFound("the person is not among the organisation's people")
    return found.id


def holder_of(named: str, people: Iterable[Listed], bodies: Iterable[Listed]) -> str:
    """The id of a person or a body of the organisation. Raises `NotFound`."""
    known = {**_by_name(bodies), **_by_name(people)}
    if named not in known:
        raise NotFound("one who is named is no person and no body of the organisation")
    return known[named].id


def _is_novice(person: ListedPerson) -> bool:
    return person.experience_years is not None and person.experience_years <= NOVICE_YEARS


def _by_name(listed: Iterable[L]) -> dict[str, L]:
    """By code and by id; an id is never taken for another's code."""
    everybody = list(listed)
    return {one.code: one for one in everybody} | {one.id: one for one in everybody}
