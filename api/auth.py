"""Who is asking: a bearer token `nst_…` of an account."""

from typing import Final

from fastapi.security import HTTPBearer

from api.problems import Unauthorized
from api.routes.reading import User, Views
from domain.errors import NotFound

TOKEN_PREFIX: Final = "nst_"  # noqa: S105 - what a token begins with
_LONGEST: Final = 200

bearer: Final = HTTPBearer(auto_error=False, description="Токен учётной записи, `nst_…`")
"""Stands in OpenAPI only: routes are guarded before their dependencies are asked."""


def authenticated(views: Views, authorization: str | None) -> User:
    """The account whose token this header holds. Raises `Unauthorized`."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.startswith(TOKEN_PREFIX) or len(token) > _LONGEST:
        raise Unauthorized("a bearer token is needed")
    try:
        return views.user_by_token(token)
    except NotFound as error:
        raise Unauthorized("the token is unknown or ended") from error
