"""The pages of the real service: an account made on the command line signs in to them."""

import re
from html import unescape
from pathlib import Path

import httpx

from runtime.ports import free_port
from tests.e2e.program import beside, run

PASSWORD = "сирень цветёт в мае"
ORGANISATION = (
    *("--name", "Школа № 1", "--short-name", "СОШ № 1", "--address", "г. Заречинск"),
    *("--inn", "0012345674", "--city", "г. Заречинск", "--time-zone", "Asia/Omsk"),
)


def token(page: httpx.Response) -> str:
    found = re.search(r'name="form_token" value="(\w+)"', page.text)
    assert found
    return found.group(1)


def test_an_account_of_the_command_line_opens_the_pages(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    with beside(home, "up", "--port", port) as service:
        service.await_line("Служба: готова")
        made = run("add", "organisation", *ORGANISATION, "--home", home, "--json")
        who = (made.json["organisation"], "--role", "director", "--login", "Sokolova")
        once = run("add", "user", *who, "--home", home, "--json").json["password"]
        again = run("add", "user", *who, "--home", home, "--json")
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", follow_redirects=True, timeout=60
        ) as browser:
            form = {"form_token": token(browser.get("/")), "login": "sokolova", "password": once}
            page = browser.post("/signin", data=form)
            assert page.url.path == "/password"
            form = {"form_token": token(page), "old": once, "new": PASSWORD, "again": PASSWORD}
            page = browser.post("/password", data=form)
            assert (page.status_code, page.url.path) == (200, "/")
            assert "СОШ № 1" in unescape(page.text)
            assert "Вас ничего не ждёт" in page.text
            run("add", "password", "sokolova", "--home", home, "--json")
            assert browser.get("/").status_code == 401
    assert (again.code, again.json["error"]) == (1, "LoginTaken")
