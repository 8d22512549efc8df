"""The auditor's bundle, taken from the pages of a pair and of a programme."""

import pytest

from domain.people import AccessRole
from tests.pages.school import PASSWORD, School
from tests.pages.visitor import Visitor

TAKERS = {AccessRole.AUDITOR, AccessRole.ADMINISTRATOR}


async def visitor_of(school: School, role: AccessRole) -> Visitor:
    if role is AccessRole.ADMINISTRATOR:
        school.add_user(role, None)
    return await Visitor.of(school.app).sign_in(school.login(role), PASSWORD)


@pytest.mark.parametrize(
    "role", [AccessRole.AUDITOR, AccessRole.ADMINISTRATOR, AccessRole.CURATOR, AccessRole.DIRECTOR]
)
async def test_a_bundle_is_offered_to_those_who_may_take_it(
    school: School, role: AccessRole
) -> None:
    visitor = await visitor_of(school, role)
    for page in (f"/pairs/{school.pair_id}", f"/cycles/{school.cycle.cycle_id}"):
        await visitor.go(page)
        assert visitor.shown is not None
        assert (f'href="{page}/bundle"' in visitor.shown.text) == (role in TAKERS)
        await visitor.go(f"{page}/bundle")
        assert visitor.status == (200 if role in TAKERS else 403)


@pytest.mark.parametrize("what", ["pair", "cycle"])
async def test_a_bundle_is_saved_as_a_file_and_who_took_it_is_remembered(
    school: School, what: str
) -> None:
    id_ = school.pair_id if what == "pair" else school.cycle.cycle_id
    visitor = await visitor_of(school, AccessRole.AUDITOR)
    await visitor.go(f"/{what}s/{id_}/bundle")
    assert visitor.shown is not None
    assert visitor.shown.headers["Content-Type"] == "application/zip"
    assert visitor.shown.headers["Content-Disposition"].endswith(f"''{what}-{id_}.zip")
    assert visitor.shown.content == b"PK one two"
    school.make_minor("mentee")
    await visitor.go(f"/{what}s/{id_}/bundle")
    await visitor.go("/reads")
    assert "выгрузка для аудитора" in visitor.text


async def test_a_bundle_of_what_is_not_ours_is_a_page_that_says_so(school: School) -> None:
    visitor = await visitor_of(school, AccessRole.AUDITOR)
    await visitor.go(f"/pairs/{school.cycle.cycle_id}/bundle")
    assert visitor.status == 404
    assert "Не найдено" in visitor.text
