"""The application: routes, guard, problems, log."""

from typing import Final

from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api import problems
from api.auth import bearer
from api.deps import ServicesOf
from api.edge import Edge
from api.routes import cycles, documents, inbox, pairs, people, results, texts
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
    texts.router,
)

health = APIRouter(include_in_schema=False)


@health.get("/healthz", name="healthz")
def healthz() -> dict[str, bool]:
    """The process serves."""
    return {"ok": True}


@health.get("/readyz", name="readyz")
async def readyz(services: ServicesOf) -> dict[str, bool]:
    """The database and Temporal answer too."""
    await run_in_threadpool(services.desk.clock_offset)
    await services.gateway.check_ready()
    return {"ok": True, "rehearsal": services.rehearsal}


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
            Refused: problems.refused,
            RequestValidationError: problems.invalid,
            HTTPException: problems.unrouted,
            ClientDisconnect: problems.cut_off,
            OperationalError: problems.database_away,
            PoolTimeoutError: problems.database_away,
        },
    )
    app.state.services = services
    app.add_middleware(Edge)
    app.include_router(health)
    for router in ROUTERS:
        app.include_router(
            router,
            prefix=PREFIX,
            dependencies=[Depends(bearer)],
            responses=problems.IN_OPENAPI,
        )
    return app
