"""The page of a row, with all that may change in it, as it is seen."""

from playwright.sync_api import Browser
from sqlalchemy import Engine

from domain.people import AccessRole
from tests.pages.eyes import WIDTHS, a_page, check_looks, keep, sign_in
from tests.pages.furnished import Furnished
from tests.pages.school import School, served


def test_a_row_is_changed_without_javascript_and_its_page_fits_and_passes_axe(
    browser: Browser, engine: Engine
) -> None:
    school = School(engine)
    school.open_rows()
    cycle = f"/cycles/{school.cycle.cycle_id}"
    with served(school) as url:
        here = Furnished(school, url, *[""] * 6)
        page = a_page(browser, 1280, script=False)
        sign_in(page, here, AccessRole.CURATOR)
        page.goto(f"{url}{cycle}")
        page.get_by_role("link", name="Изменить строку: Анкетирование").click()
        page.get_by_label("Новый последний день").fill("2026-12-20")
        page.get_by_label("Почему").first.fill("Совет перенесён на декабрь.")
        page.get_by_role("button", name="Перенести срок").click()
        assert page.url == f"{url}{cycle}"
        page.context.close()
        for width in WIDTHS:
            page = a_page(browser, width)
            sign_in(page, here, AccessRole.CURATOR)
            page.goto(f"{url}{cycle}/row?item=2")
            assert page.get_by_text("20 декабря").is_visible()
            check_looks(page)
            keep(page, "row", width)
            page.context.close()
