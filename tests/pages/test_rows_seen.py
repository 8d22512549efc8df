"""The page of a row, with all that may change in it, as it is seen."""

from dataclasses import replace

from playwright.sync_api import Browser
from sqlalchemy import Engine

from api.services import Services
from domain.people import AccessRole
from domain.roadmap import Roadmap
from tests.adapters.world import a_roadmap
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
            page.goto(f"{url}{cycle}/rows")
            page.get_by_text("Если это документ, отчёт, число").click()
            check_looks(page)
            keep(page, "new-row", width)
            page.context.close()


class Published(School):
    """The library has a second version: another deadline in the second row, and a third row."""

    def services(self) -> Services:
        values = a_roadmap().model_dump(mode="json")
        first, second = values["steps"]
        more = {**second, "id": "3", "title": "Встреча с выпускниками программы"}
        later = {**second, "deadline": {"rule": "month", "month": 11}}
        values |= {"version": 2, "steps": [first, later, more]}
        values["roles"]["psychologist"] = {"title": "Педагог-психолог"}
        version = Roadmap.model_validate(values)
        return replace(super().services(), roadmaps=lambda _: version)


def test_a_new_version_fits_reads_and_passes_axe(browser: Browser, engine: Engine) -> None:
    school = Published(engine)
    school.add_user(AccessRole.ADMINISTRATOR, None)
    with served(school) as url:
        for width in WIDTHS:
            page = a_page(browser, width)
            sign_in(page, Furnished(school, url, *[""] * 6), AccessRole.ADMINISTRATOR)
            page.goto(f"{url}/roadmaps/small/apply")
            assert page.get_by_text("1 цикл в конфликте.").is_visible()
            page.get_by_label("Педагог-психолог").fill("curator")
            page.get_by_role("button", name="Посмотреть ещё раз").click()
            page.get_by_text("Новые строки: 3").wait_for()
            check_looks(page)
            keep(page, "new-version", width)
            page.context.close()
