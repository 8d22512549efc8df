"""Eyes on the pages: a browser's page, what is wrong with what it shows, and its picture.

With `SCREENS` naming a folder, pictures are kept there (`make screenshots`).
"""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from domain.people import AccessRole
from tests.pages.furnished import Furnished
from tests.pages.school import PASSWORD

ColorScheme: TypeAlias = Literal["light", "dark"]
WIDTHS = {1280: 800, 360: 740}


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


def open_menu(page: Page) -> None:
    """What stands in the head of a page; on a wide screen it is open."""
    if page.evaluate("innerWidth < 640"):
        page.get_by_role("button", name="Меню").click()


KEPT = (
    *("curator-1280", "redraft-1280", "attach-360", "route-1280", "acquaintance-1280"),
    *("assignments-1280", "assignments-360", "bodies-1280", "body-1280", "calling-1280"),
    *("sitting-1280", "sitting-360", "held-1280", "authorities-1280", "right-1280", "right-360"),
    *("meeting-360", "monitoring-360", "result-1280", "names-360", "cycles-1280", "cycle-1280"),
    *("cycle-pairs-1280", "cycle-documents-1280", "register-1280", "journals-1280", "journal-1280"),
    *("inbox-1280", "inbox-360", "menu-360", "document-1280", "document-1280-dark", "document-360"),
    *("alarm-1280", "alarm-360", "incidents-1280", "incidents-360"),
    *("indicators-1280", "indicators-360", "entering-360", "figure-1280", "figure-360"),
    *("events-1280", "events-360", "event-1280", "event-360", "publication-360", "telling-360"),
    *("branches-1280", "branches-360", "branch-1280", "branch-360", "invitations-1280"),
    *("invitations-360", "launching-360", "branch-figure-1280", "branch-entering-1280"),
    *("people-below-1280", "people-below-360", "person-paper-360"),
    *("launch-1280", "launch-360", "yearly-1280", "yearly-360", "next-year-1280", "next-year-360"),
    *("row-1280", "row-360", "new-row-1280", "new-row-360", "new-version-1280", "new-version-360"),
    *("organisations-adding-1280", "organisations-adding-360", "withdrawn-event-1280"),
    *("retention-1280", "retention-360", "destroyed-1280", "destroyed-360"),
    *("pair-1280", "pair-360", "signin-1280", "first-password-360", "verified-360"),
)


def keep(page: Page, name: str, width: int, scheme: str = "light") -> None:
    folder, mark = os.environ.get("SCREENS"), "" if scheme == "light" else f"-{scheme}"
    if folder and (seen := f"{name}-{width}{mark}") in KEPT:
        page.screenshot(path=Path(folder) / f"{seen}.png")


def check_looks(page: Page) -> None:
    """Nothing sideways, nothing that axe finds, everything to be acted on within reach."""
    page.wait_for_load_state()  # a click that leads to it waits only for its first bytes
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]})
    assert found.violations_count == 0, found.generate_report()
    assert page.locator("h1").count() == 1
