"""The application: routes, guard, problems, log."""

from typing import Final

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api import problems
from api.auth import bearer
from api.edge import Edge
from api.metrics import HttpMetrics
from api.pages import document, pair, sign_in, static, verify
from api.pages import inbox as inbox_page
from api.pages.refusals import for_whom
from api.routes import (
    cycles,
    documents,
    grounds,
    health,
    inbox,
    journals,
    pairs,
    people,
    register,
    results,
    templates,
    texts,
)
from api.services import Services
from domain.errors import Refused

PREFIX: Final = "/api/v1"
ROUTERS: Final = (
    people.router,
    people.uploads,
    cycles.router,
    results.router,
    results.uploads,
    inbox.router,
    documents.router,
    documents.uploads,
    pairs.router,
    templates.router,
    templates.uploads,
    texts.router,
    grounds.router,
    register.router,
    journals.router,
)
PAGE_ROUTERS: Final = (
    sign_in.router,
    inbox_page.router,
    document.router,
    document.decisions,
    pair.router,
    verify.router,
    verify.uploads,
    static.router,
)


def create_app(services: Services) -> FastAPI:
    """The app over these services.

    It has no lifespan of its own: whoever makes the services opens and closes them.
    """
    app = FastAPI(
        title="Nastavnik",
        summary="Программы наставничества: от запуска цикла до проверки аудитором",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        generate_unique_id_function=lambda route: route.name,
        exception_handlers={
            Refused: for_whom(problems.refused),
            RequestValidationError: for_whom(problems.invalid),
            HTTPException: for_whom(problems.unrouted),
            ClientDisconnect: for_whom(problems.cut_off),
            OperationalError: for_whom(problems.database_away),
            PoolTimeoutError: for_whom(problems.database_away),
            OSError: for_whom(problems.store_away),
        },
    )
    app.state.services = services
    app.state.metrics = HttpMetrics(services.version)
    app.add_middleware(Edge, metrics=app.state.metrics)
    app.include_router(health.router)
    for router in PAGE_ROUTERS:
        app.include_router(router)
    for router in ROUTERS:
        app.include_router(
            router,
            prefix=PREFIX,
            dependencies=[Depends(bearer)],
            responses=problems.IN_OPENAPI,
        )
    return app
