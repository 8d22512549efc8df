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
from api.pages import assignments as assignment_pages
from api.pages import authorities as authority_pages
from api.pages import bodies as body_pages
from api.pages import branch as one_branch_page
from api.pages import (
    branch_people,
    document,
    incidents,
    names,
    pair,
    pair_forms,
    paperwork,
    past,
    person_papers,
    registers,
    retained,
    sign_in,
    static,
    verify,
)
from api.pages import branches as branch_pages
from api.pages import cycles as cycle_pages
from api.pages import discussion as discussion_pages
from api.pages import events as event_pages
from api.pages import inbox as inbox_page
from api.pages import indicators as indicator_pages
from api.pages import invitations as invitation_pages
from api.pages import launch as launch_pages
from api.pages import log as log_pages
from api.pages import next_year as next_year_pages
from api.pages import organisations as organisation_pages
from api.pages import pairs_again as pairs_again_pages
from api.pages import results as result_pages
from api.pages import roadmaps as roadmap_pages
from api.pages import rows as row_pages
from api.pages import sheets as sheet_pages
from api.pages import sittings as sitting_pages
from api.pages import yearly as yearly_pages
from api.pages.refusals import for_whom
from api.routes import (
    assignments,
    authorities,
    bodies,
    branches,
    calendars,
    checkpoints,
    cycles,
    discussion,
    documents,
    events,
    grounds,
    health,
    inbox,
    indicators,
    invitations,
    journals,
    log,
    organisations,
    pairs,
    people,
    register,
    results,
    retention,
    roadmaps,
    rows,
    sheets,
    signatures,
    storage,
    templates,
    texts,
    verification,
    waiting,
    yearly,
)
from api.services import Services
from domain.errors import Refused

PREFIX: Final = "/api/v1"
ROUTERS: Final = (
    people.router,
    people.uploads,
    organisations.router,
    organisations.uploads,
    bodies.router,
    cycles.router,
    indicators.router,
    events.router,
    branches.router,
    branches.uploads,
    invitations.router,
    results.router,
    results.uploads,
    rows.router,
    roadmaps.router,
    yearly.router,
    inbox.router,
    waiting.router,
    documents.router,
    documents.uploads,
    discussion.router,
    discussion.uploads,
    assignments.router,
    sheets.router,
    signatures.router,
    pairs.router,
    templates.router,
    templates.uploads,
    texts.router,
    storage.router,
    verification.router,
    grounds.router,
    register.router,
    journals.router,
    calendars.router,
    calendars.uploads,
    authorities.router,
    log.router,
    checkpoints.router,
    retention.router,
)
PAGE_ROUTERS: Final = (
    sign_in.router,
    inbox_page.router,
    document.router,
    document.decisions,
    paperwork.router,
    paperwork.uploads,
    discussion_pages.router,
    discussion_pages.uploads,
    sheet_pages.router,
    assignment_pages.router,
    pair.router,
    pair_forms.router,
    person_papers.router,
    result_pages.router,
    row_pages.router,
    roadmap_pages.router,
    organisation_pages.router,
    names.router,
    cycle_pages.router,
    branch_people.router,
    branch_pages.router,
    one_branch_page.router,
    one_branch_page.uploads,
    invitation_pages.router,
    launch_pages.router,
    yearly_pages.router,
    next_year_pages.router,
    pairs_again_pages.router,
    indicator_pages.router,
    event_pages.router,
    registers.router,
    body_pages.router,
    sitting_pages.router,
    authority_pages.router,
    past.router,
    log_pages.router,
    retained.router,
    incidents.router,
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
