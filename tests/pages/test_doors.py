"""Who gets to which page, with which form."""

import re

import pytest
from fastapi.routing import APIRoute

from adapters.postgres.views import SignedIn
from api.app import PAGE_ROUTERS
from api.pages.guard import Page
from api.policy import ALLOWED, PAGES
from domain.people import AccessRole
from tests.api.calls import CANARY, COUNCIL, CYCLE, DOCUMENT, NOVICE, PAIR, SENT
from tests.api.house import House
from tests.api.nested import UPPER
from tests.api.sitting_requests import CALLED
from tests.pages.visitor import Visitor

ROUTES = {
    route.name: route
    for router in PAGE_ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
}
BEHIND = {
    "pages.inbox": "/",
    "pages.password": "/password",
    "pages.document": f"/documents/{DOCUMENT}",
    "pages.document_file": f"/documents/{DOCUMENT}/file?role=draft",
    "pages.document_table": f"/documents/{DOCUMENT}/table.xlsx",
    "pages.document_pages": f"/documents/{DOCUMENT}/pages.pdf?role=draft",
    "pages.pair": f"/pairs/{PAIR}",
    "pages.pair_past": f"/pairs/{PAIR}/past?on=2026-09-01",
    "pages.pair_bundle": f"/pairs/{PAIR}/bundle",
    "pages.cycle_bundle": f"/cycles/{CYCLE}/bundle",
    "pages.cycle_past": f"/cycles/{CYCLE}/past",
    "pages.log": "/log?from=2026-09-01&action=approved",
    "pages.reads": f"/reads?person={NOVICE}",
    "pages.approval_sheet": f"/documents/{DOCUMENT}/approval-sheet",
    "pages.acquaintance": f"/documents/{DOCUMENT}/acquaintance",
    "pages.acquaintance_sheet": f"/documents/{DOCUMENT}/acquaintance-sheet",
    "pages.attached": f"/documents/{DOCUMENT}/files/{SENT}",
    "pages.meeting": f"/pairs/{PAIR}/meetings",
    "pages.person_paper": f"/pairs/{PAIR}/papers",
    "pages.branch_people": f"/cycles/{CYCLE}/branches/people",
    "pages.monitoring": f"/pairs/{PAIR}/monitoring?voice=mentor",
    "pages.result_of_pair": f"/pairs/{PAIR}/result?item=2.1%2F{PAIR}&result=acquainted",
    "pages.result_of_cycle": f"/cycles/{CYCLE}/result?item=1.1%232&result=site",
    "pages.names": f"/people/{NOVICE}/names",
    "pages.cycles": "/cycles",
    "pages.cycle": f"/cycles/{CYCLE}",
    "pages.cycle_pairs": f"/cycles/{CYCLE}/pairs",
    "pages.cycle_documents": f"/cycles/{CYCLE}/documents",
    "pages.new_row": f"/cycles/{CYCLE}/rows",
    "pages.new_version": "/roadmaps/small/apply",
    "pages.organisations": "/organisations",
    "pages.branches": f"/cycles/{CYCLE}/branches?state=sent",
    "pages.branch_figure": f"/cycles/{CYCLE}/branches/figures/pairs",
    "pages.branch": f"/cycles/{CYCLE}/branches/1",
    "pages.branch_form": f"/cycles/{CYCLE}/branches/1/form.docx?demand=yearly",
    "pages.invitations": "/invitations",
    "pages.launch": "/launch?roadmap=small",
    "pages.yearly": "/yearly?roadmap=small",
    "pages.next_year": f"/cycles/{CYCLE}/next",
    "pages.pairs_before": f"/cycles/{CYCLE}/pairs/before",
    "pages.launching": f"/invitations/{UPPER}/3/launch",
    "pages.correction": f"/cycles/{CYCLE}/correct?item=1.1%232&result=report",
    "pages.cycle_report": f"/cycles/{CYCLE}/report.xlsx",
    "pages.register": "/register",
    "pages.journals": "/journals",
    "pages.journal": "/journals/orders?year=2026",
    "pages.bodies": "/bodies",
    "pages.body": f"/bodies/{COUNCIL}",
    "pages.calling": f"/bodies/{COUNCIL}/sittings",
    "pages.sitting": f"/sittings/{CALLED}",
    "pages.authorities": "/authorities",
    "pages.incidents": "/incidents",
    "pages.retention": "/retention",
    "pages.journal_file": "/journals/orders/file?format=xlsx",
}
PASSWORD = "a long password"


@pytest.fixture
def house() -> House:
    return House()


def account(house: House, role: str, *, must_change: bool = False) -> str:
    """A login of this role's account, `their_…` of the other organisation's."""
    who = SignedIn(
        user=house.views.users[f"nst_{role}"],
        name="Соколова Н. П.",
        organisation="Заря",
        must_change_password=must_change,
    )
    house.accounts.known[role] = (PASSWORD, who)
    return role


async def signed_in(house: House, role: str, base: str = "http://school") -> Visitor:
    visitor = Visitor.of(house.app, base)
    return await visitor.sign_in(account(house, role), PASSWORD)


def test_every_page_names_the_right_that_it_needs() -> None:
    assert set(ROUTES) == set(PAGES)
    assert {right for right in PAGES.values() if right} <= set(ALLOWED)


def test_every_page_is_guarded() -> None:
    assert [name for name, route in ROUTES.items() if not isinstance(route, Page)] == []


@pytest.mark.parametrize("path", BEHIND.values())
async def test_who_is_not_signed_in_is_asked_to_and_comes_back(house: House, path: str) -> None:
    visitor = Visitor.of(house.app)
    await visitor.go(path)
    assert visitor.status == 401
    assert visitor.hidden("/signin")["back"] == path
    assert house.views.documents[next(iter(house.views.documents))].title not in visitor.text


async def test_after_signing_in_the_page_that_was_asked_for_opens(house: House) -> None:
    visitor = Visitor.of(house.app)
    await visitor.sign_in(account(house, "director"), PASSWORD, f"/documents/{DOCUMENT}?view=text")
    assert (visitor.status, visitor.path) == (200, f"/documents/{DOCUMENT}")


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "/\\evil.example"])
async def test_nobody_is_led_to_another_site(house: House, back: str) -> None:
    visitor = Visitor.of(house.app)
    await visitor.go("/signin")
    given = {**visitor.hidden("/signin"), "login": account(house, "director")}
    answer = await visitor.client.post(
        "/signin", data={**given, "password": PASSWORD, "back": back}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


@pytest.mark.parametrize(("login", "password"), [("director", "wrong"), ("nobody", PASSWORD)])
async def test_a_wrong_login_and_a_wrong_password_are_told_alike(
    house: House, login: str, password: str
) -> None:
    account(house, "director")
    visitor = Visitor.of(house.app)
    await visitor.sign_in(login, password)
    assert visitor.status == 401
    assert "Логин или пароль не подходят" in visitor.text
    assert not house.accounts.sessions


async def test_too_many_tries_are_stopped(house: House) -> None:
    visitor = Visitor.of(house.app)
    account(house, "director")
    for _ in range(5):
        await visitor.sign_in("director", "wrong")
    await visitor.sign_in("director", PASSWORD)
    assert visitor.status == 429
    assert "Слишком много попыток" in visitor.text


async def test_the_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites(
    house: House,
) -> None:
    visitor = Visitor.of(house.app)
    await visitor.go("/signin")
    given = {**visitor.hidden("/signin"), "login": account(house, "director"), "password": PASSWORD}
    answer = await visitor.client.post("/signin", data=given)
    (cookie,) = answer.headers.get_list("Set-Cookie")
    assert re.fullmatch(r"nastavnik=\w+; HttpOnly; Path=/; SameSite=lax", cookie)


async def test_over_tls_cookies_are_secure_and_bound_to_the_host(house: House) -> None:
    visitor = Visitor.of(house.app, "https://school")
    await visitor.sign_in(account(house, "director"), PASSWORD)
    assert {"__Host-nastavnik", "__Host-nastavnik-form"} == set(visitor.client.cookies)
    assert all(cookie.secure for cookie in visitor.client.cookies.jar)
    assert visitor.shown is not None
    assert "max-age" in visitor.shown.headers["Strict-Transport-Security"]


async def test_a_sign_in_makes_a_new_session_and_ends_the_one_before(house: House) -> None:
    visitor = await signed_in(house, "director")
    (before,) = house.accounts.sessions
    await visitor.go("/verify")
    given = {"form_token": visitor.hidden("/signout")["form_token"], "back": "/"}
    await visitor.client.post("/signin", data={**given, "login": "director", "password": PASSWORD})
    assert len(house.accounts.sessions) == 1
    assert before not in house.accounts.sessions


async def test_signing_out_ends_the_session(house: House) -> None:
    visitor = await signed_in(house, "director")
    await visitor.send("/signout")
    assert not house.accounts.sessions
    assert visitor.path == "/signin"


@pytest.mark.parametrize("token", ["", "0" * 64])
async def test_a_form_without_our_token_does_nothing(house: House, token: str) -> None:
    visitor = await signed_in(house, "director")
    answer = await visitor.client.post("/signout", data={"form_token": token})
    assert answer.status_code == 403
    assert house.accounts.sessions


async def test_the_token_of_another_browser_does_nothing(house: House) -> None:
    other, visitor = Visitor.of(house.app), await signed_in(house, "director")
    await other.go("/signin")
    token = other.hidden("/signin")["form_token"]
    assert (await visitor.client.post("/signout", data={"form_token": token})).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_a_form_from_another_site_does_nothing(house: House, headers: dict[str, str]) -> None:
    visitor = await signed_in(house, "director")
    given = visitor.hidden("/signout")
    answer = await visitor.client.post("/signout", data=given, headers=headers)
    assert answer.status_code == 403
    assert house.accounts.sessions


async def test_a_one_time_password_opens_nothing_but_its_own_change(house: House) -> None:
    visitor = Visitor.of(house.app)
    account(house, "director", must_change=True)
    await visitor.sign_in("director", PASSWORD, f"/documents/{DOCUMENT}")
    assert visitor.path == "/password"
    for path in BEHIND.values():
        assert (await visitor.go(path)).path == "/password"
    await visitor.send("/password", old=PASSWORD, new="короткий", again="короткий")
    assert "нужно от 12" in visitor.text.lower()
    new = "сирень цветёт в мае"
    await visitor.send("/password", old=PASSWORD, new=new, again="сирень цветёт в мое")
    assert "различаются" in visitor.text
    await visitor.send("/password", old=PASSWORD, new=new, again=new)
    assert (visitor.status, visitor.path) == (200, "/")


@pytest.mark.parametrize("role", AccessRole)
async def test_each_role_reaches_the_pages_that_the_policy_names(
    house: House, role: AccessRole
) -> None:
    house.fill()
    visitor = await signed_in(house, role)
    answers = {name: (await visitor.go(path)).status for name, path in BEHIND.items()}
    allowed = {name: role in ALLOWED[PAGES[name] or ""] for name in BEHIND}
    assert answers == {name: 200 if may else 403 for name, may in allowed.items()}


async def test_the_auditor_cannot_decide(house: House) -> None:
    visitor = await signed_in(house, "auditor")
    token = visitor.hidden("/signout")
    answer = await visitor.client.post(f"/documents/{DOCUMENT}/decision", data=token)
    assert answer.status_code == 403
    assert not house.gateway.sent


async def test_pages_of_another_organisation_are_not_found(house: House) -> None:
    house.fill()
    visitor = await signed_in(house, "their_curator")
    for name, path in BEHIND.items():
        if re.search(r"/[0-9a-f]{16}", path):
            may = AccessRole.CURATOR in ALLOWED[PAGES[name] or ""]
            assert (name, (await visitor.go(path)).status) == (name, 404 if may else 403)
    token = visitor.hidden("/signout")
    given = {**token, "version": "2", "sha256": "a" * 64, "outcome": "approve", "key": "k"}
    answer = await visitor.client.post(f"/documents/{DOCUMENT}/decision", data=given)
    assert answer.status_code == 404
    assert not house.gateway.sent


@pytest.mark.parametrize("path", ["/documents/nothing", "/pairs/0", "/nowhere"])
async def test_an_address_that_names_nothing_is_a_page_in_russian(house: House, path: str) -> None:
    visitor = await signed_in(house, "director")
    visitor.client.headers["Accept"] = "text/html"
    await visitor.go(path)
    assert visitor.status == 404
    assert "Не найдено" in visitor.text


async def test_a_fault_is_a_page_without_its_words(house: House) -> None:
    visitor = await signed_in(house, "director")
    house.views.documents.clear()
    house.desk.failure = RuntimeError(CANARY)
    house.rehearsal = True
    house.app.state.services = house.app.state.services.__class__(
        **{**vars(house.app.state.services), "rehearsal": True}
    )
    await visitor.go("/")
    assert visitor.status == 500
    assert "Код: Internal" in visitor.text
    assert CANARY not in visitor.text


async def test_programs_still_get_problem_details(house: House) -> None:
    answer = await house.client.get("/api/v1/nowhere", headers={"Accept": "text/html"})
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/signin", "/verify", "/", "/nowhere"])
async def test_no_page_lets_anything_foreign_in(house: House, path: str) -> None:
    visitor = Visitor.of(house.app)
    visitor.client.headers["Accept"] = "text/html"
    await visitor.go(path)
    assert visitor.shown is not None
    told = visitor.shown.headers
    assert told["X-Content-Type-Options"] == "nosniff"
    assert told["X-Frame-Options"] == "DENY"
    assert told["Cache-Control"] == "no-store"
    rules = told["Content-Security-Policy"]
    assert rules.startswith("default-src 'none'; style-src 'self';")
    assert "unsafe" not in rules
    assert "script" not in rules
    assert not re.search(r"<script|\sstyle=|\son\w+=", visitor.shown.text)


async def test_what_people_wrote_is_shown_and_never_run(house: House) -> None:
    visitor = Visitor.of(house.app)
    await visitor.sign_in("<script>alert(1)</script>", "x")
    assert visitor.shown is not None
    assert "<script" not in visitor.shown.text
    assert "&lt;script&gt;" in visitor.shown.text


async def test_the_stylesheet_is_kept_by_browsers_until_it_changes(house: House) -> None:
    visitor = Visitor.of(house.app)
    await visitor.go("/signin")
    assert visitor.shown is not None
    (path,) = re.findall(r'href="(/static/style[^"]+)"', visitor.shown.text)
    await visitor.go(path)
    assert visitor.shown.headers["Content-Type"].startswith("text/css")
    assert "immutable" in visitor.shown.headers["Cache-Control"]
    assert (await visitor.go("/static/other.css")).status == 404
    assert (await visitor.go("/static/..%2f..%2fshow.py")).status == 404


async def test_a_form_that_is_too_large_is_refused_before_it_is_read(house: House) -> None:
    visitor = await signed_in(house, "director")
    given = {**visitor.hidden("/signout"), "remark": "ы" * 200_000}
    answer = await visitor.client.post(f"/documents/{DOCUMENT}/decision", data=given)
    assert answer.status_code == 413
