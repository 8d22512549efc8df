"""«Пары прошлого года» on pages: seen when there was one, formed anew all or none."""

from datetime import date

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine, text

from domain import ids
from domain.people import AccessRole
from domain.programme import ProgrammeState
from tests.pages.eyes import WIDTHS, a_page, check_looks, sign_in
from tests.pages.furnished import Furnished
from tests.pages.school import PASSWORD, School, served
from tests.pages.visitor import Visitor


class LaterSchool(School):
    """The year after the one with the pair, whose mentee is a minor: its cycle has no pair yet."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.world.save(self.pair)
        new = ids.derived_id("next", self.cycle.cycle_id)
        launch = self.world.launch.changed(start=date(2027, 9, 1), follows=self.cycle.cycle_id)
        self.world.desk.keep_launch(new, self.world.organisation, launch)
        self.go_on(self.world.planned().changed(cycle_id=new))

    def _with_pair(self) -> ProgrammeState:
        return self.world.with_pair("young")

    @property
    def pairs(self) -> str:
        return f"/cycles/{self.cycle.cycle_id}/pairs"

    def reads(self) -> int:
        """How often somebody looked at data of minors."""
        with self.world.engine.connect() as connection:
            query = text("SELECT count(*) FROM reads WHERE organisation_id = :organisation")
            given = {"organisation": self.world.organisation}
            return int(connection.execute(query, given).scalar_one())


@pytest.fixture
def school(engine: Engine) -> LaterSchool:
    return LaterSchool(engine)


@pytest.fixture
async def curator(school: LaterSchool) -> Visitor:
    return await Visitor.of(school.app).sign_in(school.login(AccessRole.CURATOR), PASSWORD)


async def test_whether_there_was_a_year_before_is_told_without_reading_names(
    school: LaterSchool, curator: Visitor
) -> None:
    await curator.go(school.pairs)
    assert "Пары прошлого года: кого из них образовать заново." in curator.text
    assert school.reads() == 0
    await curator.go(f"{school.pairs}/before")
    assert "педагог — педагог, ещё идёт" in curator.text
    assert school.reads() == 1


async def test_a_pair_that_is_ticked_is_formed_anew(school: LaterSchool, curator: Visitor) -> None:
    await curator.go(f"{school.pairs}/before")
    await curator.send(f"{school.pairs}/before", pairs=school.pair_id)

    assert curator.path == school.pairs
    formed = school.world.views.register(school.world.organisation, school.cycle.cycle_id)
    assert [one.follows for one in formed] == [school.pair_id]
    await curator.go(f"{school.pairs}/before")
    assert "Пар прошлого года, которые можно образовать заново, нет." in curator.text


async def test_where_one_that_is_ticked_is_gone_none_is_formed(
    school: LaterSchool, curator: Visitor
) -> None:
    await curator.go(f"{school.pairs}/before")
    await curator.send(f"{school.pairs}/before", pairs=ids.derived_id("gone", school.pair_id))

    assert curator.status == 404
    assert "Ни одна пара не образована." in curator.text
    assert school.cycle.pairs == ()


def test_the_list_fits_reads_and_passes_axe(browser: Browser, engine: Engine) -> None:
    school = LaterSchool(engine)
    with served(school) as url:
        for width in WIDTHS:
            page = a_page(browser, width)
            sign_in(page, Furnished(school, url, *[""] * 6), AccessRole.CURATOR)
            page.goto(f"{url}{school.pairs}/before")
            page.get_by_text("ещё идёт").wait_for()
            check_looks(page)
            page.context.close()
