"""Every refusal is answered as problem details, and tells no more than it should."""

import inspect

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from api import problems
from api.problems import BY_CODE, PROBLEMS, Unavailable
from domain import errors
from domain.errors import BadRoadmap, BadSpreadsheet, Refused, WrongState
from domain.people import AccessRole
from tests.api.calls import CANARY
from tests.api.house import House

KINDS = [
    kind
    for module in (errors, problems)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, Refused)
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_refusal_has_a_line_in_the_table(kind: type[Refused]) -> None:
    assert kind in PROBLEMS


def test_codes_are_the_names_of_the_classes() -> None:
    assert BY_CODE["StaleVersion"] is errors.StaleVersion
    assert len(BY_CODE) == len(PROBLEMS)


@pytest.mark.parametrize("kind", PROBLEMS)
async def test_each_refusal_is_answered_by_its_line(house: House, kind: type[Refused]) -> None:
    house.gateway.refusal = kind("document d1 is such and such")

    answer = await house.call("documents.register")

    status, title, _ = PROBLEMS[kind]
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json() == {
        "type": f"urn:nastavnik:problem:{kind.__name__}",
        "title": title,
        "status": status,
        "detail": "see the server's log" if status == 500 else "document d1 is such and such",
        "instance": str(answer.request.url.path),
        "code": kind.__name__,
    }


@pytest.mark.parametrize(
    "kind", [Unavailable, errors.NotPlanned, errors.BeingNamed, errors.StillWorking]
)
async def test_what_may_be_asked_again_says_when(house: House, kind: type[Refused]) -> None:
    house.gateway.refusal = kind("later")

    assert (await house.call("documents.register")).headers["Retry-After"] == "2"


async def test_unknown_addresses_and_methods_are_problems_too(house: House) -> None:
    nowhere = await house.ask(None, "GET", "/api/v1/nowhere")
    wrong_way = await house.ask(None, "DELETE", "/api/v1/inbox")

    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "NotFound")
    assert (wrong_way.status_code, wrong_way.json()["code"]) == (405, "MethodNotAllowed")
    assert wrong_way.headers["Allow"] == "GET"


@pytest.mark.parametrize(
    ("body", "errors_"),
    [
        ({}, [("body.version", "обязательное поле")]),
        ({"version": 1, "extra": 2}, [("body.extra", "неизвестное поле")]),
        ({"version": "x"}, [("body.version", "ждём целое число")]),
        ({"version": 0}, [("body.version", "число слишком мало")]),
        ([], [("body", "ждём объект JSON")]),
    ],
)
async def test_a_wrong_form_names_fields_and_reasons(
    house: House, body: object, errors_: list[tuple[str, str]]
) -> None:
    answer = await house.call("documents.register", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "RequestInvalid")
    assert [(one["field"], one["reason"]) for one in answer.json()["errors"]] == errors_


@pytest.mark.parametrize(
    ("due", "reason"),
    [("1999-12-31", "слишком ранний день"), ("2100-01-02", "слишком поздний день")],
)
async def test_a_day_out_of_bounds_is_told_as_a_day(house: House, due: str, reason: str) -> None:
    answer = await house.call("cycles.move_deadline", json={"due": due, "reason": "Опечатка"})

    assert [(one["field"], one["reason"]) for one in answer.json()["errors"]] == [
        ("body.due", reason)
    ]


async def test_a_wrong_form_never_quotes_what_was_sent(house: House) -> None:
    answer = await house.call(
        "pairs.record_meeting", json={"kind": CANARY, "day": CANARY, "minutes": CANARY}
    )

    assert answer.status_code == 422
    assert CANARY.split()[0] not in answer.text


@pytest.mark.parametrize(
    "content",
    [b"{", b"\xff\xfe", b"[" * 100_000, b'{"version": "\\ud800"}', b'{"\\ud800": 1}'],
    ids=["cut off", "no text", "deep", "half a sign", "half a sign as a name"],
)
async def test_a_body_that_cannot_be_read_is_refused(house: House, content: bytes) -> None:
    answer = await house.call(
        "documents.register",
        json=None,
        content=content,
        headers={"Content-Type": "application/json"},
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "RequestInvalid")


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x85"])
async def test_control_characters_are_refused_before_the_database_sees_them(
    house: House, sign: str
) -> None:
    answer = await house.call("documents.retry", json={"note": f"a{sign}b"})

    assert answer.json()["errors"] == [{"field": "body.note", "reason": "недопустимые знаки"}]


async def test_lines_of_a_refusal_become_a_list(house: House) -> None:
    house.spoilt = BadSpreadsheet("Ошибок: 2\nлист «Люди», ячейка B2: нет\nлист «Люди», ячейка C3")

    answer = await house.call("people.import")

    assert answer.status_code == 422
    assert answer.json()["detail"] == "Ошибок: 2"
    assert [one["reason"] for one in answer.json()["errors"]] == [
        "лист «Люди», ячейка B2: нет",
        "лист «Люди», ячейка C3",
    ]


async def test_a_mistake_of_ours_shows_neither_message_nor_place(house: House) -> None:
    house.spoilt = RuntimeError(CANARY)

    answer = await house.call("people.import")

    assert (answer.status_code, answer.json()["code"]) == (500, "Internal")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert CANARY not in answer.text
    assert "Traceback" not in answer.text


async def test_a_broken_library_shows_no_path(house: House) -> None:
    house.gateway.refusal = BadRoadmap("/somewhere/roadmaps/small.yaml:3: no\n/somewhere: no")

    assert "somewhere" not in (await house.call("documents.register")).text


@pytest.mark.parametrize("error", [OperationalError(CANARY, {}, Exception()), PoolTimeoutError()])
async def test_a_lost_database_is_a_reason_to_ask_again(house: House, error: Exception) -> None:
    house.desk.failure = error

    answer = await house.call("documents.register")

    assert (answer.status_code, answer.json()["code"]) == (503, "Unavailable")
    assert CANARY not in answer.text


async def test_readiness_fails_without_temporal_and_without_the_database(house: House) -> None:
    house.gateway.refusal = Unavailable("Temporal does not serve")
    assert (await house.ask(None, "GET", "/readyz")).status_code == 503

    house.gateway.refusal = None
    house.desk.failure = OperationalError("", {}, Exception())
    assert (await house.ask(None, "GET", "/readyz")).status_code == 503

    house.desk.failure = None
    assert (await house.ask(None, "GET", "/readyz")).json() == {
        "ok": True,
        "rehearsal": False,
        "write_once": "detected",
    }
    assert (await house.ask(None, "GET", "/healthz")).json() == {"ok": True}


async def test_no_page_of_a_foreign_host_is_served(house: House) -> None:
    for path in ("/docs", "/redoc"):
        response: httpx.Response = await house.ask(AccessRole.ADMINISTRATOR, "GET", path)
        assert response.status_code == 404


async def test_a_rule_that_refuses_leaves_its_english_reason(house: House) -> None:
    house.gateway.refusal = WrongState("document d1 is sealing, not to_sign")

    answer = await house.call("documents.attach_signed")

    assert answer.json()["detail"] == "document d1 is sealing, not to_sign"
    assert answer.json()["title"] == "Сейчас это действие недоступно"
