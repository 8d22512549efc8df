"""Indicators with their plan and fact, and what is behind a figure, as they are seen."""

from playwright.sync_api import Browser
from sqlalchemy import Engine

from domain.people import AccessRole
from tests.pages.eyes import WIDTHS, a_page, check_looks, keep, sign_in
from tests.pages.furnished import Furnished
from tests.pages.school import School, served


def test_a_value_is_entered_without_javascript_and_all_pages_fit_and_pass_axe(
    browser: Browser, engine: Engine
) -> None:
    school = School(engine)
    cycle = f"/cycles/{school.cycle.cycle_id}"
    with served(school) as url:
        here = Furnished(school, url, *[""] * 6)
        page = a_page(browser, 1280, script=False)
        sign_in(page, here, AccessRole.CURATOR)
        for value, source in (("3", "Реестр договоров"), ("4", "Реестр договоров, уточнён")):
            page.goto(f"{url}{cycle}/indicators")
            page.get_by_role("link", name="Внести значения").click()
            page.get_by_label("Значение, ед.").fill(value)
            page.get_by_label("Источник для всех").fill(source)
            page.get_by_role("button", name="Внести значения").click()
        page.get_by_text("план выполнен").wait_for()
        page.context.close()
        for width in WIDTHS:
            page = a_page(browser, width)
            sign_in(page, here, AccessRole.CURATOR)
            for name, path in (
                ("indicators", "/indicators"),
                ("entering", "/indicators/enter"),
                ("figure", "/indicators/1.1?turn=1"),
                ("counted", "/measures/matched_percent?turn=1"),
                ("measures", "/measures?turn=1"),
            ):
                page.goto(f"{url}{cycle}{path}")
                check_looks(page)
                keep(page, name, width)
            page.context.close()
