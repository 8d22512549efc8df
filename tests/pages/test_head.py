"""The head of every page: one line on a phone, with its menu behind a button of plain HTML."""

import pytest
from playwright.sync_api import Browser

from tests.pages.eyes import a_page, check_looks, keep, open_menu, sign_in
from tests.pages.furnished import Furnished, furnished

__all__ = ["furnished"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_head_is_one_line_and_its_menu_opens_without_javascript(
    browser: Browser, furnished: Furnished, scheme: str
) -> None:
    page = a_page(browser, 360, scheme="dark" if scheme == "dark" else "light")
    sign_in(page, furnished)
    head = page.locator("header.head").bounding_box()
    assert head is not None
    assert head["height"] <= 60
    assert not page.get_by_role("link", name="Журналы").is_visible()
    open_menu(page)
    check_looks(page)
    keep(page, "menu", 360, scheme)
    for name in ("Ждут решения", "Журналы", "Проверить файл", "Сменить пароль"):
        assert page.get_by_role("link", name=name).first.is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("link", name="Журналы").is_visible()
    page.context.close()


def test_from_the_menu_one_goes_on_and_out_without_javascript(
    browser: Browser, furnished: Furnished
) -> None:
    page = a_page(browser, 360, script=False)
    sign_in(page, furnished)
    open_menu(page)
    page.get_by_role("link", name="Журналы").click()
    assert page.url == f"{furnished.url}/journals"
    open_menu(page)
    assert page.get_by_role("link", name="Журналы").get_attribute("aria-current") == "page"
    page.get_by_role("button", name="Выйти").click()
    assert page.url == f"{furnished.url}/signin"
    page.context.close()


def test_on_a_wide_screen_the_menu_needs_no_button(browser: Browser, furnished: Furnished) -> None:
    page = a_page(browser, 1280)
    sign_in(page, furnished)
    assert page.get_by_role("button", name="Меню").count() == 0
    assert page.get_by_role("link", name="Журналы").is_visible()
    page.context.close()
