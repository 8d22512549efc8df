"""Launch, yearly launches and the year that follows, as they are seen at two widths."""

from playwright.sync_api import Browser, Page
from sqlalchemy import Engine

from activities.yearly_ports import NewYearly, TryLaunch
from adapters.postgres.yearly import PostgresYearly
from domain import ids
from domain.people import AccessRole
from tests.adapters.world import NOW
from tests.pages.eyes import WIDTHS, a_page, check_looks, keep, sign_in
from tests.pages.furnished import Furnished
from tests.pages.school import served
from tests.pages.test_launch import NAME, Launching


def furnished(engine: Engine) -> Launching:
    """An order whose launch was refused, and a row with another deadline."""
    school = Launching(engine)
    school.add_user(AccessRole.ADMINISTRATOR, None)
    school.open_rows()
    held = school.holders().items()
    wish = NewYearly(
        order_id=ids.new_id(),
        organisation_id=school.world.organisation,
        roadmap_name=NAME,
        holders={name.removeprefix("holder."): one for name, one in held},
        by=school.users["curator"].user_id,
        at=NOW,
    )
    school.world.desk.keep_yearly(wish)
    PostgresYearly(engine).try_launch(TryLaunch(order_id=wish.order_id, at=NOW), lambda _: None)
    return school


def check(page: Page, name: str, width: int) -> None:
    check_looks(page)
    keep(page, name, width)


def test_launch_and_years_fit_read_and_pass_axe(browser: Browser, engine: Engine) -> None:
    school = furnished(engine)
    with served(school) as url:
        here = Furnished(school, url, *[""] * 6)
        for width in WIDTHS:
            page = a_page(browser, width)
            sign_in(page, here, AccessRole.ADMINISTRATOR)
            check(page, "inbox-refused", width)
            page.goto(f"{url}/launch")
            check(page, "library", width)
            page.get_by_role("link", name="Новая программа").click()
            page.get_by_label("День запуска").fill("2026-09-21")
            page.get_by_label("Куратор").select_option(index=1)
            page.get_by_role("button", name="Проверить").click()
            page.get_by_text("роль «Директор» никому не дана").wait_for()
            page.get_by_text("Все строки года").click()
            check(page, "launch", width)
            page.goto(f"{url}/yearly?roadmap={NAME}")
            assert page.get_by_text("Запуск не прошёл").is_visible()
            check(page, "yearly", width)
            page.goto(f"{url}/cycles/{school.cycle.cycle_id}/next")
            check(page, "next-year", width)
            page.context.close()
