"""The pages in Debian's Chromium: each at two widths, for everybody's hands and eyes.

With `SCREENS` naming a folder, what was seen is kept there (`make screenshots`).
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request
from sqlalchemy import Engine

from domain.documents import Stage
from domain.people import AccessRole
from tests.pages.school import PASSWORD, School, served

ColorScheme: TypeAlias = Literal["light", "dark"]
WIDTHS = {1280: 800, 360: 740}
SCAN = b"%PDF-1.7 a scan"
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
MOST_BYTES = 100 * 1024
REMARK = "Укажите срок второй встречи. И уточните цель: сейчас она слишком общая."
GOAL = "освоение наставляемым приёмов работы с чертежом и рост его самостоятельности"


@dataclass(frozen=True)
class Furnished:
    """A school in the middle of its work, and where its pages are."""

    school: School
    url: str
    plan: str
    order: str
    signed: str

    def path(self, name: str) -> str:
        return {
            "inbox": "/",
            "document": f"/documents/{self.plan}",
            "pages": f"/documents/{self.order}",
            "signed": f"/documents/{self.signed}",
            "pair": f"/pairs/{self.school.pair_id}",
            "pair-technical": f"/pairs/{self.school.pair_id}?technical=true",
            "password": "/password",
            "not-found": "/nowhere",
            "signin": "/signin",
            "verify": "/verify",
            "code": f"/v/{self.signed}/1",
        }[name]


PAGES = ("inbox", "document", "pages", "signed", "pair", "pair-technical", "password", "not-found")
FOR_EVERYBODY = ("signin", "verify", "code")


@pytest.fixture(scope="module")
def furnished(engine: Engine) -> Iterator[Furnished]:
    school = School(engine)
    plan = school.paper("individual_plan", since=4, days=2, of_pair=True)
    school.decide(plan, approved=False, remark=REMARK)
    school.redraft(plan, {"goal": GOAL})
    order = school.paper("order_pairs", since=5, days=3)
    draft = school.documents[order].draft
    assert draft is not None
    school.pdf[draft.sha256] = PDF
    school.paper("order_curator", since=1, days=4)
    school.paper("agreement", since=1, days=40, of_pair=True)
    signed = school.paper("order_introduction", since=3, days=5)
    school.decide(signed, approved=True)
    school.sign(signed, "145-о", SCAN)
    school.move_pair(signed, plan)
    with served(school) as url:
        yield Furnished(school, url, plan, order, signed)


@dataclass
class Seen:
    """What a page's visitor would not see: faults on the console, requests that went astray."""

    faults: list[str] = field(default_factory=list)
    size: int = 0

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("requestfailed", self._failed)
        page.on("requestfinished", self._finished)

    def _console(self, said: ConsoleMessage) -> None:
        # An answer of 404 to what was asked for on purpose is told as an error too.
        if said.type in ("error", "warning") and "404 (Not Found)" not in said.text:
            self.faults.append(said.text)

    def _failed(self, request: Request) -> None:
        # Who goes on while the PDF is still coming breaks it off; that is no fault.
        left = request.failure == "net::ERR_ABORTED" and "/pages.pdf" in request.url
        if is_of_the_page(request) and not left:
            self.faults.append(f"{request.url}: {request.failure}")

    def _finished(self, request: Request) -> None:
        if not is_of_the_page(request):
            return
        sizes = request.sizes()
        self.size += sizes["responseBodySize"] + sizes["responseHeadersSize"]


def is_of_the_page(request: Request) -> bool:
    """Not of the browser's own reader of PDF, which is an extension."""
    return request.url.startswith("http")


def a_page(
    browser: Browser, width: int, *, script: bool = True, scheme: ColorScheme = "light"
) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]},
        java_script_enabled=script,
        color_scheme=scheme,
        locale="ru-RU",
    )
    return context.new_page()


def sign_in(page: Page, furnished: Furnished, role: AccessRole = AccessRole.DIRECTOR) -> None:
    page.goto(f"{furnished.url}/signin")
    page.get_by_label("Логин").fill(furnished.school.login(role))
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    page.get_by_role("heading", name="Ждут решения", level=1).wait_for()


KEPT = (
    *("inbox-1280", "inbox-360", "document-1280", "document-1280-dark", "document-360"),
    *("pair-1280", "pair-360", "signin-1280", "first-password-360", "verified-360"),
)


def keep(page: Page, name: str, width: int, scheme: str = "light") -> None:
    folder, mark = os.environ.get("SCREENS"), "" if scheme == "light" else f"-{scheme}"
    if folder and (seen := f"{name}-{width}{mark}") in KEPT:
        page.screenshot(path=Path(folder) / f"{seen}.png")


def check_looks(page: Page) -> None:
    """Nothing sideways, nothing that axe finds, everything to be acted on within reach."""
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    assert page.locator("h1").count() == 1


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
    sign_in(page, furnished)
    for name in PAGES:
        seen.size = 0
        page.goto(furnished.url + furnished.path(name))
        check_looks(page)
        assert seen.size < MOST_BYTES, name
        keep(page, name, width, scheme)
    assert seen.faults == []
    page.context.close()


@pytest.mark.parametrize("name", [*PAGES, *FOR_EVERYBODY])
def test_everything_is_reached_by_the_keyboard_and_the_focus_is_seen(
    browser: Browser, furnished: Furnished, name: str
) -> None:
    page = a_page(browser, 1280)
    if name in PAGES:
        sign_in(page, furnished)
    page.goto(furnished.url + furnished.path(name))
    there = "a[href], button, input:not([type=hidden]), textarea, summary, [tabindex='0']"
    wanted = page.locator(there).evaluate_all(
        "all => all.filter(one => one.checkVisibility()).length"
    )
    reached = []
    for _ in range(wanted):
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


def test_a_director_decides_in_two_clicks_without_javascript(
    browser: Browser, engine: Engine
) -> None:
    school = School(engine)
    first = school.paper("individual_plan", since=3, of_pair=True)
    second = school.paper("order_pairs", since=1)
    with served(school) as url:
        page = a_page(browser, 360, script=False)
        sign_in(page, Furnished(school, url, first, second, second))
        page.get_by_role("link", name="Индивидуальный план").click()
        page.get_by_role("button", name="Утвердить версию 1").click()
        assert page.url.startswith(f"{url}/documents/{second}")
        assert page.get_by_role("status").inner_text().startswith("Утверждено: Индивидуальный")
        page.get_by_text("Вернуть с замечанием…").click()
        page.get_by_label("Что исправить").fill(REMARK)
        page.get_by_role("button", name="Вернуть с замечанием", exact=True).click()
        assert page.get_by_text("Вас ничего не ждёт").is_visible()
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


def test_technical_events_are_one_link_away(browser: Browser, furnished: Furnished) -> None:
    page = a_page(browser, 1280, script=False)
    sign_in(page, furnished)
    page.goto(furnished.url + furnished.path("pair"))
    assert page.get_by_text("Версия подготовлена").count() == 0
    page.get_by_role("link", name="Показать технические события").click()
    assert page.get_by_text("Версия подготовлена").count() > 0
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
