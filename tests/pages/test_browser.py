"""The pages in Debian's Chromium: each at two widths, for everybody's hands and eyes.

With `SCREENS` naming a folder, what was seen is kept there (`make screenshots`).
"""

import re

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine

from domain.documents import Stage
from domain.people import AccessRole
from domain.verification import Fault
from tests.pages.eyes import (
    WIDTHS,
    ColorScheme,
    Seen,
    a_page,
    check_looks,
    keep,
    open_menu,
    sign_in,
)
from tests.pages.furnished import (
    CURATORS,
    FOR_EVERYBODY,
    PAGES,
    REMARK,
    SCAN,
    Furnished,
    for_the_council,
    furnished,
)
from tests.pages.school import PASSWORD, School, served
from tests.pages.test_assignments import order_in_force
from tests.pages.test_incidents import a_signed_agreement, find

__all__ = ["furnished"]

MOST_BYTES = 100 * 1024


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_each_page_fits_reads_and_passes_axe(
    browser: Browser, furnished: Furnished, width: int, scheme: ColorScheme
) -> None:
    page = a_page(browser, width, scheme=scheme)
    seen = Seen()
    seen.watch(page)
    for name in FOR_EVERYBODY:
        page.goto(furnished.url + furnished.path(name))
        check_looks(page)
        keep(page, name, width, scheme)
    for name in (*PAGES, *CURATORS):
        if name in (PAGES[0], CURATORS[0]):
            page.context.clear_cookies()
            sign_in(page, furnished, *([AccessRole.CURATOR] if name in CURATORS else []))
        seen.size = 0
        page.goto(furnished.url + furnished.path(name))
        check_looks(page)
        assert seen.size < MOST_BYTES, name
        keep(page, name, width, scheme)
    assert seen.faults == []
    page.context.close()


@pytest.mark.parametrize("name", [*PAGES, *CURATORS, *FOR_EVERYBODY])
def test_everything_is_reached_by_the_keyboard_and_the_focus_is_seen(
    browser: Browser, furnished: Furnished, name: str
) -> None:
    page = a_page(browser, 1280)
    if name not in FOR_EVERYBODY:
        sign_in(page, furnished, *([AccessRole.CURATOR] if name in CURATORS else []))
    page.goto(furnished.url + furnished.path(name))
    there = "a[href], button, input:not([type=hidden]), textarea, select, summary, [tabindex='0']"
    wanted = page.locator(there).evaluate_all(
        "all => all.filter(one => one.checkVisibility()).length"
    )
    # In a field for a day one goes from part to part, and then to its calendar.
    parts = 3 * page.locator("input[type=date]:visible").count()
    reached = []
    for _ in range(wanted + parts):
        page.keyboard.press("Tab")
        # A number for each element, and how thick its outline is.
        number, outline = page.evaluate(
            "() => [[...document.querySelectorAll('*')].indexOf(document.activeElement), "
            "getComputedStyle(document.activeElement).outlineStyle]"
        )
        reached.append(number)
        assert outline != "none"
    assert len(set(reached)) == wanted
    page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_curator_records_what_is_waited_for_without_javascript(
    browser: Browser, engine: Engine, width: int
) -> None:
    school = School(engine)
    order = school.paper("order_introduction")
    school.move_pair(order, school.paper("agreement", of_pair=True))
    school.open_rows()
    with served(school) as url:
        page = a_page(browser, width, script=False)
        sign_in(page, Furnished(school, url, *[order] * 6), AccessRole.CURATOR)
        page.get_by_role("link", name="Отметить встречу").click()
        page.get_by_label("Заметки").fill("Составили перечень тем.")
        page.get_by_role("button", name="Записать встречу").click()
        assert page.get_by_role("status").inner_text() == "Встреча записана."
        page.get_by_role("link", name="Заполнить форму мониторинга").first.click()
        keep(page, "monitoring", width)
        page.get_by_role("radio", name="9").check()
        page.get_by_role("button", name="Записать форму").click()
        assert page.get_by_role("status").inner_text() == "Форма мониторинга записана."
        page.goto(url)
        page.get_by_role("link", name="Анкетирование").click()
        keep(page, "result", width)
        page.get_by_label("Сколько ответов собрано").fill("24")
        page.get_by_role("button", name="Отметить результат").click()
        page.get_by_text("Анкеты собраны — сделано").wait_for()
        page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_forms_of_a_pair_and_of_a_row_pass_axe(
    browser: Browser, engine: Engine, width: int
) -> None:
    school = School(engine)
    order = school.paper("order_introduction")
    school.move_pair(order, school.paper("agreement", of_pair=True))
    school.open_rows()
    school.meet()
    cycle = f"/cycles/{school.cycle.cycle_id}"
    with served(school) as url:
        page = a_page(browser, width)
        sign_in(page, Furnished(school, url, *[order] * 6), AccessRole.CURATOR)
        for path in (
            f"/pairs/{school.pair_id}/monitoring",
            f"{cycle}/result?item=2&result=answers",
        ):
            page.goto(url + path)
            assert page.get_by_role("button", name=re.compile("Записать|Отметить")).is_visible()
            check_looks(page)
        page.context.close()


def test_a_director_decides_in_two_clicks_without_javascript(
    browser: Browser, engine: Engine
) -> None:
    school = School(engine)
    first = school.paper("individual_plan", since=3, of_pair=True)
    second = school.paper("order_pairs", since=1)
    with served(school) as url:
        page = a_page(browser, 360, script=False)
        sign_in(page, Furnished(school, url, *[first] * 6))
        page.get_by_role("link", name="Индивидуальный план").click()
        page.get_by_role("button", name="Утвердить версию 1").click()
        assert page.url.startswith(f"{url}/documents/{second}")
        assert page.get_by_role("status").inner_text().startswith("Утверждено: Индивидуальный")
        page.get_by_text("Вернуть с замечанием…").click()
        page.get_by_label("Что исправить").fill(REMARK)
        page.get_by_role("button", name="Вернуть с замечанием", exact=True).click()
        page.get_by_text("Вас ничего не ждёт").wait_for()
        page.context.close()
    assert school.documents[first].stage is Stage.TO_REGISTER
    assert school.documents[second].stage is Stage.RETURNED


def test_a_remark_is_demanded_before_anything_is_sent(
    browser: Browser, furnished: Furnished
) -> None:
    page = a_page(browser, 360, script=False)
    sign_in(page, furnished)
    page.goto(f"{furnished.url}/documents/{furnished.order}")
    page.get_by_text("Вернуть с замечанием…").click()
    page.get_by_role("button", name="Вернуть с замечанием", exact=True).click()
    assert page.url == f"{furnished.url}/documents/{furnished.order}"
    assert furnished.school.documents[furnished.order].stage is Stage.ON_APPROVAL
    page.context.close()


def test_the_first_sign_in_is_the_change_of_the_password_without_javascript(
    browser: Browser, engine: Engine
) -> None:
    school = School(engine)
    once = school.add_user(AccessRole.ADMINISTRATOR, None, own_password=False)
    with served(school) as url:
        page = a_page(browser, 360, script=False)
        page.goto(url)
        page.get_by_label("Логин").fill(school.login(AccessRole.ADMINISTRATOR))
        page.get_by_label("Пароль").fill(once)
        page.get_by_role("button", name="Войти").click()
        assert page.url == f"{url}/password"
        keep(page, "first-password", 360)
        page.get_by_label("Разовый пароль").fill(once)
        page.get_by_label("Новый пароль", exact=True).fill(PASSWORD)
        page.get_by_label("Новый пароль ещё раз").fill(PASSWORD)
        page.get_by_role("button", name="Сменить пароль").click()
        assert page.url == f"{url}/"
        open_menu(page)
        page.get_by_role("button", name="Выйти").click()
        assert page.url == f"{url}/signin"
        page.goto(url)
        assert page.get_by_role("heading", name="Вход").is_visible()
        page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_file_is_checked_without_an_account_and_without_javascript(
    browser: Browser, furnished: Furnished, width: int
) -> None:
    page = a_page(browser, width, script=False)
    for content, told in ((SCAN, "Это версия 1 документа"), (b"else", "Такого файла у нас нет")):
        page.goto(f"{furnished.url}/verify")
        page.get_by_label("Файл, до 20 МБ").set_input_files(
            {"name": "скан.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        page.get_by_role("button", name="Проверить").click()
        assert page.get_by_role("status").inner_text().startswith(told)
        keep(page, "verified" if content == SCAN else "unknown", width)
    page.context.close()


def test_technical_events_are_shown_on_demand(browser: Browser, furnished: Furnished) -> None:
    page = a_page(browser, 1280, script=False)
    sign_in(page, furnished)
    page.goto(furnished.url + furnished.path("pair"))
    assert page.get_by_text("Версия подготовлена").count() == 0
    page.get_by_text("Отобрать события").click()
    page.get_by_label("С техническими событиями").check()
    page.locator("details form").get_by_role("button", name="Показать").click()
    page.get_by_text("Версия подготовлена").locator("visible=true").first.wait_for()
    page.context.close()


def test_on_paper_there_are_no_buttons_and_the_whole_text(
    browser: Browser, furnished: Furnished
) -> None:
    page = a_page(browser, 1280)
    sign_in(page, furnished)
    page.goto(f"{furnished.url}/documents/{furnished.order}")
    page.emulate_media(media="print")
    assert page.locator("object").is_hidden()
    assert page.get_by_role("button").count() == 0
    assert page.get_by_text("ПРИКАЗЫВАЮ:").is_visible()
    page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_an_assignment_is_reported_and_looked_at_without_javascript(
    browser: Browser, engine: Engine, width: int
) -> None:
    school = School(engine)
    order = order_in_force(school)
    with served(school) as url:
        page = a_page(browser, width)
        sign_in(page, Furnished(school, url, *[order] * 6), AccessRole.CURATOR)
        page.goto(f"{url}/assignments/{order}")
        page.get_by_text("Отчитаться об исполнении").first.click()
        check_looks(page)
        keep(page, "assignments", width)
        page.context.close()
        page = a_page(browser, width, script=False)
        sign_in(page, Furnished(school, url, *[order] * 6), AccessRole.CURATOR)
        page.goto(f"{url}/assignments/{order}")
        page.get_by_text("Отчитаться об исполнении").first.click()
        page.get_by_label("Что сделано").first.fill("Собрано 24 анкеты.")
        page.get_by_role("button", name="Исполнено").first.click()
        page.get_by_text("Собрано 24 анкеты.").wait_for()
        page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_sitting_is_called_and_recorded_without_javascript(
    browser: Browser, engine: Engine, width: int
) -> None:
    school = School(engine)
    paper = for_the_council(school, "programme")
    with served(school) as url:
        page = a_page(browser, width, script=False)
        sign_in(page, Furnished(school, url, *[paper] * 6), AccessRole.CURATOR)
        page.get_by_role("link", name="Программа наставничества").click()
        page.get_by_role("link", name="Созвать заседание").click()
        page.get_by_label("Место").fill("Учительская")
        page.get_by_label("Другие вопросы").fill("О плане работы на год")
        page.get_by_label("Председатель заседания").select_option("Вершинина О. П.")
        page.get_by_label("Секретарь заседания").select_option("Ёлкина М. П.")
        page.get_by_role("button", name="Созвать").click()
        for name in ("Вершинина О. П.", "Ёлкина М. П."):
            page.get_by_role("checkbox", name=name).check()
        for n in range(2):
            page.get_by_label("Решение").nth(n).select_option("Одобрить")
            page.get_by_label("За", exact=True).nth(n).fill("2")
            page.get_by_label("Что решили").nth(n).fill("Одобрить.")
        page.get_by_role("button", name="Записать заседание").click()
        page.get_by_text("Проведено, протокол № 1").wait_for()
        page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_rights_are_given_by_the_administrator_and_looked_at(
    browser: Browser, engine: Engine, width: int
) -> None:
    school = School(engine)
    school.add_user(AccessRole.ADMINISTRATOR, None)
    school.give_right("curator", "director")
    with served(school) as url:
        page = a_page(browser, width)
        sign_in(page, Furnished(school, url, *[""] * 6), AccessRole.ADMINISTRATOR)
        open_menu(page)
        page.get_by_role("link", name="Полномочия").click()
        for words in ("Прекратить…", "Дать право…", "Сменить руководителя…"):
            page.get_by_text(words).first.click()
        check_looks(page)
        page.get_by_text("Сменить руководителя…").click()
        page.get_by_role("heading", name="Записать новое").evaluate("one => one.scrollIntoView()")
        keep(page, "right", width)
        page.get_by_role("button", name="Дать право").click()
        assert page.url == f"{url}/authorities"  # the browser asks for what is missing
        page.context.close()


def test_what_is_wrong_with_which_file_is_seen_first_and_looked_at(
    browser: Browser, engine: Engine
) -> None:
    school = School(engine)
    signed = a_signed_agreement(school)
    find(school, (signed, Fault.CHANGED), (signed.replace("signed/", "draft/"), Fault.LOST))
    with served(school) as url:
        for width in WIDTHS:
            page = a_page(browser, width)
            page.goto(f"{url}/signin")
            page.get_by_label("Логин").fill(school.login(AccessRole.ADMINISTRATOR))
            page.get_by_label("Пароль").fill(PASSWORD)
            page.get_by_role("button", name="Войти").click()
            page.get_by_role("heading", name="Нарушена сохранность: 2").wait_for()
            check_looks(page)
            keep(page, "alarm", width)
            open_menu(page)
            page.get_by_role("link", name="Контроль").click()
            page.get_by_role("link", name="Сохранность").click()
            page.get_by_text("Записать, что сделано…").first.click()
            page.get_by_label("Что сделано").first.wait_for()
            check_looks(page)
            keep(page, "incidents", width)
            page.context.close()
