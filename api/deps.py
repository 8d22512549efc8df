"""What routes ask for, as `Annotated` aliases."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import Depends, Header, Path, Query, Request

from api.act import Act
from api.idempotency import HEADER, LONGEST_KEY
from api.routes.reading import User
from api.services import Services

ItemId = Annotated[str, Path(pattern=r"^[0-9.]{1,12}(@[0-9]{1,2})?(#[0-9]{1,3})?(/[0-9a-f]{16})?$")]
"""An item's id as the inbox gives it; its `#` comes percent-encoded."""
ResultId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,39}$")]

OnDay = Annotated[date | None, Query(description="На какой день; без него — на сегодня")]


def services_of(request: Request) -> Services:
    """The services of this app."""
    services: Services = request.app.state.services
    return services


def user_of(request: Request) -> User:
    """Who asks; the guard knows."""
    user: User = request.state.user
    return user


ServicesOf = Annotated[Services, Depends(services_of)]
Reader = Annotated[User, Depends(user_of)]


Key = Annotated[
    str,
    Header(
        alias=HEADER,
        min_length=1,
        max_length=LONGEST_KEY,
        description="Повтор с тем же ключом ничего не делает дважды и получает тот же ответ",
        examples=["decide-41b0c2d7e8f90123-1"],
    ),
]


def act_of(request: Request, services: ServicesOf, user: Reader, key: Key) -> Act:
    """The POST that is at work; the clock is read once."""
    del key  # the guard took it; it stands here for OpenAPI
    return act_by(services, user, request.state.request_id)


def act_by(services: Services, user: User, request_id: str) -> Act:
    """What this user does with a request of this id; the clock is read once."""
    offset = services.clock_offset()
    now = services.now() + timedelta(seconds=offset)
    return Act(services, user, request_id, offset, now)


Acting = Annotated[Act, Depends(act_of)]
