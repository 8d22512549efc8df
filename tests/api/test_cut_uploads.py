"""Uploads that are cut off on the wire, sent twice at once, or come for what is withdrawn."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import uvicorn

from domain.people import AccessRole
from tests.api.calls import CALLS, DOCUMENT, PDF
from tests.api.house import House
from tests.fakes.views import a_document_view

PATH = f"/api/v1{CALLS['documents.attach_signed'].path}"
HEAD = (
    f"POST {PATH} HTTP/1.1\r\nHost: school\r\nAuthorization: Bearer nst_{AccessRole.CURATOR}\r\n"
    "Idempotency-Key: the-same\r\nContent-Type: application/pdf\r\n"
)


@contextmanager
def listening(house: House) -> Iterator[int]:
    """The house at a port of this machine."""
    server = uvicorn.Server(uvicorn.Config(house.app, port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            threading.Event().wait(0.02)
        yield int(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()


def sent(port: int, *pieces: bytes) -> bytes:
    """What is answered to these bytes, after which nothing more comes."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
        for piece in pieces:
            wire.sendall(piece)
        wire.shutdown(socket.SHUT_WR)
        answer = b""
        while part := wire.recv(65536):
            answer += part
        return answer


def nothing_is_left(house: House) -> bool:
    desk, files = house.desk, house.files
    return not (files.objects or desk.objects or desk.requests or desk.keys or house.gateway.sent)


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 5000\r\n\r\n" + PDF,
        b"Content-Length: 5000\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n1000\r\n" + PDF,
        b"Transfer-Encoding: chunked\r\n\r\n5\r\n%PDF-\r\nnonsense\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\n%PDF-\r\n",
    ],
    ids=["short", "empty", "a chunk cut off", "no chunk", "no last chunk"],
)
def test_an_upload_that_is_cut_off_leaves_nothing_and_the_repeat_is_taken(rest: bytes) -> None:
    house = House()
    with listening(house) as port:
        answer = sent(port, HEAD.encode(), rest)
        assert b"500" not in answer.partition(b"\r\n")[0]
        assert b"Traceback" not in answer
        assert nothing_is_left(house)

        headers = dict(line.split(": ") for line in HEAD.splitlines()[1:])
        url = f"http://127.0.0.1:{port}{PATH}"
        again = httpx.post(url, content=PDF, headers=headers, timeout=60)
        assert again.status_code == 200, again.text
    assert len(house.desk.objects) == len(house.gateway.sent) == 1


async def test_the_same_upload_twice_at_once_and_after_is_kept_once(house: House) -> None:
    def send() -> asyncio.Task[httpx.Response]:
        return asyncio.ensure_future(house.call("documents.attach_signed", key="the same"))

    answers = await asyncio.gather(send(), send(), send())
    assert {one.status_code for one in answers} <= {200, 409}
    again = await house.call("documents.attach_signed", key="the same")
    assert again.status_code == 200
    other = await house.call("documents.attach_signed", key="another")
    assert other.status_code == 200
    assert len(house.files.objects) == len(house.desk.objects) == 1
    assert [key for _, _, key in house.gateway.sent] == list(
        dict.fromkeys(key for _, _, key in house.gateway.sent)
    )


@pytest.mark.parametrize(
    "name", ["documents.attach_signed", "documents.attach_signature", "documents.upload_file"]
)
async def test_nothing_is_kept_of_an_upload_for_a_withdrawn_document(
    house: House, name: str
) -> None:
    house.fill()
    before = house.files.keys()
    house.views.documents = {
        place: a_document_view(DOCUMENT, stage="withdrawn") for place in house.views.documents
    }
    answer = await house.call(name)
    assert (answer.status_code, answer.json()["code"]) == (409, "WrongState")
    assert house.files.keys() == before
