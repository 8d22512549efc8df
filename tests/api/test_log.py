"""One line for each request, with ids and without a word of what people wrote."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from structlog.testing import LogCapture

from domain.errors import BytesChanged, WrongState
from tests.api.calls import CALLS, CANARY, DOCUMENT
from tests.api.house import House


@pytest.fixture
def lines() -> Iterator[list[Any]]:
    capture = LogCapture()
    before = structlog.get_config()
    structlog.configure(processors=[capture])
    yield capture.entries
    structlog.configure(**before)


async def test_a_request_leaves_one_line_with_its_route_and_workflow(
    house: House, lines: list[Any]
) -> None:
    await house.call("documents.decide")

    (line,) = lines
    assert isinstance(line.pop("ms"), int)
    assert line == {
        "event": "answered",
        "log_level": "info",
        "method": "POST",
        "route": "documents.decide",
        "status": 200,
        "workflow": f"document/{DOCUMENT}",
        "user": house.views.users["nst_director"].id,
    }


async def test_a_refusal_leaves_its_code(house: House, lines: list[Any]) -> None:
    house.gateway.refusal = WrongState("such and such")

    await house.call("documents.decide", key="k")
    await house.call("documents.decide", key="k")

    assert [(line["status"], line["code"]) for line in lines] == [(409, "WrongState")] * 2


async def test_what_readers_are_not_told_of_a_fault_stands_in_the_log(
    house: House, lines: list[Any]
) -> None:
    house.gateway.refusal = BytesChanged("sealed/ab was changed")

    await house.call("documents.decide")

    assert lines[0]["detail"] == "sealed/ab was changed"


async def test_an_unforeseen_error_leaves_its_class_and_place_but_not_its_words(
    house: House, lines: list[Any]
) -> None:
    house.spoilt = RuntimeError(CANARY)

    await house.call("people.import")

    failed, answered = lines
    assert (failed["event"], failed["error"]) == ("failed", "RuntimeError")
    assert any(place.startswith("_read_people:") for place in failed["places"])
    assert (answered["event"], answered["status"], answered["code"]) == (
        "answered",
        500,
        "Internal",
    )
    assert "Канарейкина" not in json.dumps(lines, ensure_ascii=False)


async def test_no_word_of_a_person_gets_into_the_log(
    house: House,
    lines: list[Any],
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level("DEBUG")
    for name in CALLS:
        await house.call(name)
    await house.ask("curator", "GET", f"/api/v1/documents/{CANARY}?q={CANARY}")
    await house.call("documents.retry", json={"note": 1, CANARY: CANARY}, key=None)
    await house.call("documents.retry", json={"note": 1, CANARY: CANARY})

    assert len(lines) == len(CALLS) + 3
    # httpx, the client, tells addresses; what the service says stands in `lines` and on no stream.
    told = [record.getMessage() for record in caplog.records if record.name != "httpx"]
    printed = capsys.readouterr()
    for said in (json.dumps(lines, ensure_ascii=False), *told, printed.out, printed.err):
        assert "Канарейкина" not in said
        assert "%D0%9A" not in said
