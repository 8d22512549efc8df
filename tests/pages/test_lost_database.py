"""A real database whose connection breaks at each statement of a request, and at its commits."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from adapters.postgres.session import engine_for
from domain.documents import Stage
from domain.people import AccessRole
from tests.adapters.losing import lost_at, lost_at_commit
from tests.adapters.world import KEYS, Database
from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor

MOST = 120
Losing = Callable[[Engine, int], AbstractContextManager[list[Any]]]


@pytest.fixture
def engine(database: Database) -> Iterator[Engine]:
    """Connections of this test alone, which it may lose."""
    engine = engine_for(database.app, KEYS, name="losing")
    yield engine
    engine.dispose()


@pytest.fixture
def document(school: School) -> str:
    return school.paper("order_pairs", since=1)


@pytest.mark.parametrize("path", ["/", "/documents/{document}", "/cycles", "/register"])
async def test_a_page_tells_of_a_database_lost_at_any_of_its_statements(
    school: School, document: str, path: str
) -> None:
    visitor = await Visitor.of(school.app).sign_in(school.login("director"), PASSWORD)
    for place in range(1, MOST):
        with lost_at(school.engine, place) as seen:
            answer = await visitor.client.get(path.format(document=document))
        if len(seen) < place:
            assert answer.status_code == 200
            return
        assert answer.status_code == 503, (place, seen[-1], answer.text)
        assert "Retry-After" in answer.headers
    pytest.fail("a page with so many statements is not expected")


@pytest.mark.parametrize("losing", [lost_at, lost_at_commit])
async def test_a_decision_through_a_lost_database_is_made_once(
    school: School, losing: Losing
) -> None:
    world = school.world
    token = world.desk.add_user(
        world.organisation, AccessRole.DIRECTOR, world.person("director"), None
    )
    transport = httpx.ASGITransport(school.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://school") as client:
        for place in range(1, MOST):
            document = school.paper("order_pairs", since=1)
            draft = school.documents[document].draft
            assert draft is not None
            bodies = {document: {"version": 1, "sha256": draft.sha256, "outcome": "approve"}}

            def decide(document: str = document, bodies: Any = bodies) -> Awaitable[httpx.Response]:  # noqa: ANN401
                path = f"/api/v1/documents/{document}/decision"
                return client.post(path, json=bodies[document], headers=_headers(token, document))

            with losing(school.engine, place) as seen:
                first = await decide()
            if len(seen) >= place:
                assert first.status_code in {200, 503}, (place, first.text)
                assert first.status_code == 200 or first.headers["Retry-After"]
            again = await decide()
            assert again.status_code in {200, 409}, (place, again.text)
            assert again.status_code == 200 or again.json()["code"] == "StillWorking"
            if again.status_code == 200:
                assert school.documents[document].stage is not Stage.ON_APPROVAL
                view = school.world.views.document(world.organisation, document)
                assert len(view.verdicts) <= 1
            if len(seen) < place:
                assert first.status_code == 200
                return
    pytest.fail("a request with so many statements is not expected")


def _headers(token: str, key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
