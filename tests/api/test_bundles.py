"""The auditor's bundle over HTTP: sent while it is made, and never whole if it is not."""

import asyncio
import zipfile
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from io import BytesIO

import httpx
import pytest
import uvicorn
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from domain.errors import BytesChanged, NotFound
from domain.people import AccessRole
from domain.reads import Shown
from runtime.bundle import BundleStream
from tests.api.calls import CYCLE, PAIR
from tests.api.house import House
from tests.bundle_builders import ALog, a_cycle, texts_of
from tests.fakes.bundles import PlainBundle

BROKEN = BytesChanged("document/41b0, version 1, signed: it is not what was recorded")


@asynccontextmanager
async def served(house: House) -> AsyncIterator[str]:
    """The app behind a real server; its address."""
    config = uvicorn.Config(house.app, port=0, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/api/v1"
    finally:
        server.should_exit = True
        await serving


async def taken(asked: AbstractAsyncContextManager[httpx.Response], into: bytearray) -> None:
    """Take an answer's body, as far as it comes."""
    async with asked as answer:
        assert answer.status_code == 200
        async for chunk in answer.aiter_raw():
            into.extend(chunk)


async def test_a_bundle_comes_as_a_zip_under_its_name(house: House) -> None:
    cycle = a_cycle()
    house.bundles["cycle", CYCLE] = BundleStream(
        "cycle/c1", ALog(texts_of(cycle.events)).bundled(), cycle.files
    )

    answer = await house.call("cycles.bundle")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].endswith("filename*=UTF-8''cycle-c1.zip")
    assert answer.headers["cache-control"] == "private, no-store"
    with zipfile.ZipFile(BytesIO(answer.content)) as bundle:
        assert bundle.testzip() is None


async def test_what_goes_wrong_before_the_first_byte_is_answered_as_a_problem(
    house: House,
) -> None:
    house.bundles["pair", PAIR] = PlainBundle("pair.zip", (), NotFound("no object"))

    answer = await house.call("pairs.bundle")

    assert (answer.status_code, answer.json()["code"]) == (404, "NotFound")


async def test_a_bundle_that_breaks_off_is_seen_by_its_reader_and_the_log_names_the_document(
    house: House,
) -> None:
    whole = (b"PK one", b" two")
    house.bundles["pair", PAIR] = PlainBundle("pair.zip", whole, BROKEN)
    headers = {"Authorization": f"Bearer nst_{AccessRole.AUDITOR}"}
    came = bytearray()

    with capture_logs() as lines:
        async with served(house) as address, httpx.AsyncClient(headers=headers) as client:
            asked = client.stream("GET", f"{address}/pairs/{PAIR}/bundle")
            with pytest.raises(httpx.RemoteProtocolError, match="peer closed"):
                await taken(asked, came)

    assert came == bytearray(b"".join(whole))
    [line] = [line for line in lines if line["event"] == "answered"]
    assert (line["code"], line["detail"]) == ("BytesChanged", str(BROKEN))


@pytest.mark.parametrize("name", ["pairs.bundle", "cycles.bundle"])
async def test_only_auditor_and_administrator_take_bundles(house: House, name: str) -> None:
    answers = {role: (await house.call(name, role)).status_code for role in AccessRole}

    allowed = {role for role, status in answers.items() if status == 200}
    assert allowed == {AccessRole.AUDITOR, AccessRole.ADMINISTRATOR}


async def test_a_read_of_a_bundle_is_kept_before_its_first_byte(house: House) -> None:
    await house.call("pairs.bundle")
    await house.call("cycles.bundle")

    kept = [(read.shown, read.about, scope, id_) for read, _, scope, id_ in house.reads.kept]
    assert kept == [
        (Shown.BUNDLE, f"pair/{PAIR}", "pair", PAIR),
        (Shown.BUNDLE, f"cycle/{CYCLE}", "cycle", CYCLE),
    ]


async def test_nothing_is_shown_whose_read_cannot_be_kept(house: House) -> None:
    house.reads.failure = OperationalError("INSERT", {}, Exception())

    answer = await house.call("cycles.bundle")

    assert (answer.status_code, answer.json()["code"]) == (503, "Unavailable")
