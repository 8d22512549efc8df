"""Organisations of a cycle and invitations, as they are seen at two widths."""

from datetime import timedelta

from playwright.sync_api import Browser, Page
from sqlalchemy import Engine

from domain.people import AccessRole
from tests.adapters.nested import DEMAND, an_organisation
from tests.pages.eyes import WIDTHS, a_page, check_looks, keep, sign_in
from tests.pages.furnished import Furnished
from tests.pages.municipality import City
from tests.pages.school import PASSWORD, served

FIGURES = {
    "pairs": 12,
    "mentors": 9,
    "mentees": 14,
    "meetings": 96,
    "staff_under_35": 8,
    "staff_under_35_supported": 6,
    "pairs_teacher_teacher": 7,
    "pairs_student_student": 5,
}


def furnished(engine: Engine) -> tuple[City, str]:
    """Five organisations: two wait for an answer, one was returned, one is late, one was entered;
    and the login of the first.
    """
    city = City(engine)
    names = ("Школа № 1", "Школа № 2", "Лицей «Берег»", "Гимназия № 3", "Детский сад «Ёлочка»")
    added = city.city.add(
        *(
            an_organisation(
                f"o-{n}",
                name=f"Муниципальное бюджетное образовательное учреждение «{name}»",
                tags=("500+",) if n < 2 else (),
                outside=n == 4,
                kind="kindergarten" if n == 4 else "school",
            )
            for n, name in enumerate(names)
        )
    )
    city.invite(*(one.organisation_id for one in added))
    for n in (1, 2, 3):
        city.came(n, **{name: figure + n for name, figure in FIGURES.items()})
    note = city.text("remark", city.cycle.workflow_id, "Пары из сентября не учтены: добавьте их.")
    city.cycle = city.city.answered(city.cycle, 3, note=note)
    entered = city.city.figures_of(5, city.now, **FIGURES).changed(
        given_by=city.users["curator"].user_id, source="письмо от 20.11.2026 № 41"
    )
    city.cycle = city.city.counted_in(city.cycle, 5, city.city.desk.enter_figures(entered))
    login = city.furnish_below(added[2].organisation_id)
    city.now += timedelta(days=20)
    return city, login


def look(page: Page, name: str, width: int, path: str) -> None:
    page.goto(path)
    check_looks(page)
    keep(page, name, width)


def test_organisations_and_invitations_fit_read_and_pass_axe(
    browser: Browser, engine: Engine
) -> None:
    city, login = furnished(engine)
    with served(city) as url:
        here = Furnished(city, url, *[city.cycle.cycle_id] * 6)
        for width in WIDTHS:
            page = a_page(browser, width)
            sign_in(page, here, AccessRole.CURATOR)
            look(page, "branches", width, url + city.branches)
            look(page, "branch", width, f"{url}{city.branches}/5?demand={DEMAND}")
            page.get_by_text("Внести вручную…").click()
            check_looks(page)
            keep(page, "branch-entering", width)
            look(page, "branch-returned", width, f"{url}{city.branches}/3")
            look(page, "branch-figure", width, f"{url}{city.branches}/figures/pairs")
            page.context.close()
            page = a_page(browser, width)
            sign_in(page, here, AccessRole.ADMINISTRATOR)
            look(page, "organisations", width, f"{url}/organisations")
            page.get_by_role("button", name="Новый одноразовый пароль").first.click()
            page.get_by_text("Новая организация…").click()
            check_looks(page)
            keep(page, "organisations-adding", width)
            page.context.close()
            page = a_page(browser, width)
            page.goto(f"{url}/signin")
            page.get_by_label("Логин").fill(login)
            page.get_by_label("Пароль").fill(PASSWORD)
            page.get_by_role("button", name="Войти").click()
            look(page, "invitations", width, f"{url}/invitations")
            look(page, "launching", width, f"{url}/invitations/{city.cycle.cycle_id}/3/launch")
            page.context.close()


def test_reports_are_accepted_without_script(browser: Browser, engine: Engine) -> None:
    city, _ = furnished(engine)
    with served(city) as url:
        here = Furnished(city, url, *[city.cycle.cycle_id] * 6)
        page = a_page(browser, 1280, script=False)
        sign_in(page, here, AccessRole.CURATOR)
        page.goto(url + city.branches)
        page.get_by_label("Принять отчёт", exact=False).first.check()
        page.get_by_label("Принять отчёт", exact=False).last.check()
        page.get_by_role("button", name="Принять отмеченные").click()
        page.get_by_text("принят: 3").wait_for()
        page.context.close()
