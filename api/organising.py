"""What the API does about organisations below: they are taken in, their administrators let in."""

from collections.abc import Sequence
from contextlib import suppress
from zoneinfo import ZoneInfoNotFoundError

from starlette.concurrency import run_in_threadpool

from activities.organisation_ports import NewBelow, Placed
from api import organisation_schemas as schemas
from api.act import Act
from api.problems import RequestInvalid
from domain import ids
from domain.errors import NotFound, WrongState
from domain.organisations import NewOrganisation


async def add(act: Act, said: schemas.NewOrganisation) -> schemas.AddedOrganisation:
    """Take one organisation in. Raises as `Desk.add_below`, `RequestInvalid` for the zone."""
    (added,) = await run_in_threadpool(_add, act, (NewOrganisation(**dict(said)),))
    return added


async def add_list(act: Act, table: bytes) -> schemas.AddedOrganisations:
    """Take in all organisations of an XLSX, or none. Raises as `add` and `read_organisations`."""

    def read_and_add() -> tuple[schemas.AddedOrganisation, ...]:
        level = act.services.views.level(act.user.organisation_id)
        return _add(act, act.services.read_organisations(table, level))

    return schemas.AddedOrganisations(organisations=await run_in_threadpool(read_and_add))


async def give_password(act: Act, organisation_id: str) -> schemas.FirstPassword:
    """Another one-time password for the administrator of an organisation below.

    Raises `NotFound`, or `WrongState` once he has a password of his own: who stands above may let
    somebody in, and never enters himself.
    """
    return await run_in_threadpool(_give_password, act, organisation_id)


def _add(
    act: Act, organisations: tuple[NewOrganisation, ...]
) -> tuple[schemas.AddedOrganisation, ...]:
    wish = NewBelow(
        upper_id=act.user.organisation_id,
        organisations=organisations,
        by=act.user.id,
        at=act.now,
    )
    try:
        placed = act.services.desk.add_below(wish)
    except ZoneInfoNotFoundError as error:
        raise RequestInvalid("there is no such time zone") from error
    return tuple(_let_in(act, placed))


def _let_in(act: Act, placed: Sequence[Placed]) -> Sequence[schemas.AddedOrganisation]:
    """Passwords are made once all organisations are there: each takes a moment to be hashed."""
    added = []
    for one in placed:
        password = None
        if one.account_id is not None:
            with suppress(WrongState):  # known before, and its administrator's own by now
                password = act.services.accounts.first_password(one.organisation_id, one.account_id)
        added.append(
            schemas.AddedOrganisation(
                **one.model_dump(include={"organisation_id", "code", "login"}),
                one_time_password=password,
            )
        )
    return added


def _give_password(act: Act, organisation_id: str) -> schemas.FirstPassword:
    below = act.services.views.ids_below(act.user.organisation_id)
    if organisation_id not in below:
        raise NotFound(f"organisation {organisation_id} is not below")
    account = ids.administrator_of(organisation_id)
    password = act.services.accounts.first_password(organisation_id, account)
    return schemas.FirstPassword(one_time_password=password)
