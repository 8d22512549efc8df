"""The list of what is due, and a destroyed document, as they are seen at two widths."""

from playwright.sync_api import Browser
from sqlalchemy import Engine

from domain.people import AccessRole
from tests.pages.eyes import WIDTHS, a_page, check_looks, keep, sign_in
from tests.pages.furnished import Furnished
from tests.pages.old_papers import act_in_force, old_paper
from tests.pages.school import School, served


def test_terms_and_what_is_gone_fit_read_and_pass_axe(browser: Browser, engine: Engine) -> None:
    school = School(engine)
    school.add_user(AccessRole.ADMINISTRATOR, None)
    programme = old_paper(school, "event_programme", "3-п")
    old_paper(school, "event_programme", "4-п")
    old_paper(school, "curator_report", "5-п")
    with served(school) as url:
        here = Furnished(school, url, *[programme] * 6)
        page = a_page(browser, 1280, script=False)
        sign_in(page, here, AccessRole.ADMINISTRATOR)
        page.goto(f"{url}/retention")
        page.get_by_label("№ 3-п").check()
        page.get_by_label("Номер протокола").fill("2")
        page.get_by_label("День протокола").fill("2026-09-18")
        page.get_by_role("button", name="Составить акт").click()
        page.get_by_text("Уничтожено 0 из 1.").wait_for()
        page.context.close()
        (act,) = school.world.views.retention(school.world.organisation, school.today()).acts
        act_in_force(school, act.act_id)
        for width in WIDTHS:
            page = a_page(browser, width)
            sign_in(page, here, AccessRole.ADMINISTRATOR)
            for name, path in (
                ("retention", "/retention"),
                ("destroyed", f"/documents/{programme}"),
            ):
                page.goto(url + path)
                check_looks(page)
                keep(page, name, width)
            page.context.close()
