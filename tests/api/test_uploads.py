"""Files come as raw bodies of known types and bounded size, and go out as attachments."""

from collections.abc import AsyncIterator
from hashlib import sha256

import pytest

from api.downloads import disposition
from api.guard import MEBIBYTE, Guarded, GuardedUpload
from domain import ids
from domain.document_wishes import AttachSigned
from domain.errors import CopyUnavailable, NotFound
from tests.api.calls import CYCLE, DOCUMENT, JPEG, OURS, PAIR, PDF, PNG, XLSX
from tests.api.house import House
from tests.fakes.desk import FakeDesk
from tests.fakes.files import MemoryFiles

LIMIT = 20 * MEBIBYTE
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(PDF, "application/pdf"), (JPEG, "image/jpeg"), (PNG, "image/png; x=1")],
)
async def test_a_scan_is_stored_before_the_workflow_hears_of_it(
    house: House, content: bytes, media_type: str
) -> None:
    answer = await house.call(
        "documents.attach_signed", content=content, headers={"Content-Type": media_type}
    )

    assert answer.status_code == 200, answer.text
    digest = sha256(content).hexdigest()
    key = ids.incoming_key(DOCUMENT, digest)
    wish = house.wish()
    assert isinstance(wish, AttachSigned)
    assert (wish.version, wish.sha256, wish.size) == (2, digest, len(content))
    assert wish.media_type == "application/pdf", "photos become one"
    assert house.files.get(key, house.desk.data_key(key)) == content
    assert content not in house.files.stored_bytes(key), "it lies there encrypted"
    record = house.desk.objects[key]
    assert (record.organisation_id, record.document_id, record.version) == (OURS, DOCUMENT, 2)
    assert (record.role, record.sha256, record.key_id) == ("incoming", digest, key)


class FullStore(MemoryFiles):
    """A store on a full disk, that saw which keys were made before the first byte."""

    def __init__(self, desk: FakeDesk) -> None:
        super().__init__()
        self._desk = desk
        self.keys_before: set[str] = set()

    def _keep(self, key: str, stored: bytes) -> bool:
        self.keys_before = set(self._desk.keys)
        raise OSError("no space left")


async def test_the_key_of_an_upload_is_durable_before_its_first_byte() -> None:
    desk = FakeDesk()
    store = FullStore(desk)
    house = House(desk=desk, files=store)

    assert (await house.call("documents.attach_signed")).status_code == 503
    assert store.keys_before == {ids.incoming_key(DOCUMENT, sha256(PDF).hexdigest())}
    assert not desk.objects
    assert not house.gateway.sent


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"", "application/pdf"),
        (b" %PDF-1.7", "application/pdf"),
        (b"<html>%PDF-", "application/pdf"),
        (JPEG, "application/pdf"),
        (PDF, "image/jpeg"),
        (b"\x89PNG", "image/png"),
        (PDF, "application/octet-stream"),
        (PDF, ""),
        (b"PK\x03\x04", XLSX),
    ],
)
async def test_a_file_is_taken_only_if_its_first_bytes_are_what_its_type_says(
    house: House, content: bytes, media_type: str
) -> None:
    answer = await house.call(
        "documents.attach_signed", content=content, headers={"Content-Type": media_type}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "BadUpload")
    assert not house.files.objects
    assert not house.desk.requests


@pytest.mark.parametrize("content", [PDF, b""])
async def test_people_come_as_a_spreadsheet_only(house: House, content: bytes) -> None:
    answer = await house.call("people.import", content=content)

    assert (answer.status_code, answer.json()["code"]) == (422, "BadUpload")
    assert not house.read


def test_a_file_may_have_20_mebibytes_and_a_form_half_of_one() -> None:
    assert (GuardedUpload.body_limit, Guarded.body_limit) == (LIMIT, MEBIBYTE // 2)


@pytest.mark.parametrize(("over", "status"), [(0, 200), (1, 413)])
async def test_a_file_may_be_as_large_as_the_limit_and_not_larger(
    house: House, over: int, status: int
) -> None:
    content = PDF.ljust(LIMIT + over, b" ")

    answer = await house.call("documents.attach_signed", content=content)

    assert answer.status_code == status
    assert bool(house.files.objects) is (status == 200)


async def test_too_much_is_refused_as_soon_as_it_is_too_much(house: House) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield PDF.ljust(MEBIBYTE, b" ")

    answer = await house.call("documents.attach_signed", content=endless())

    assert (answer.status_code, answer.json()["code"]) == (413, "TooLarge")
    assert sent == 21


async def test_a_declared_size_over_the_limit_is_refused_unread(house: House) -> None:
    read = False

    async def body() -> AsyncIterator[bytes]:
        nonlocal read
        read = True
        yield PDF

    headers = {"Content-Type": "application/pdf", "Content-Length": str(LIMIT + 1)}
    answer = await house.call("documents.attach_signed", content=body(), headers=headers)

    assert answer.status_code == 413
    assert not read


async def test_a_form_may_not_be_large(house: House) -> None:
    answer = await house.call("documents.retry", json={"note": "я" * MEBIBYTE})

    assert answer.status_code == 413


async def test_a_scan_for_a_document_that_is_not_there_is_not_stored(house: House) -> None:
    house.views.processes.clear()

    assert (await house.call("documents.attach_signed")).status_code == 404
    assert not house.files.objects


@pytest.mark.parametrize(
    ("name", "workflow_id", "item", "result"),
    [
        ("cycles", f"cycle/{CYCLE}", "1.1#2", "site"),
        ("pairs", f"pair/{PAIR}", f"2.1/{PAIR}", "acquainted"),
    ],
)
async def test_a_file_beside_a_remark_is_sent_first_and_named_by_its_hash(
    house: House, name: str, workflow_id: str, item: str, result: str
) -> None:
    sent = (await house.call(f"{name}.upload_proof")).json()
    evidence = {"proof": "remark", "text": "Ознакомлены", "file_sha256": sent["sha256"]}

    answer = await house.call(f"{name}.record_result", json={"evidence": evidence})

    assert answer.status_code == 200, answer.text
    assert (sent["sha256"], sent["size"]) == (sha256(PDF).hexdigest(), len(PDF))
    place = ids.incoming_key(ids.derived_id(workflow_id, item, result), sent["sha256"])
    assert set(house.files.objects) == {place}
    assert house.wish().evidence.file_sha256 == sent["sha256"]


async def test_a_remark_may_not_name_a_file_that_nobody_sent(house: House) -> None:
    evidence = {"proof": "remark", "text": "Ознакомлены", "file_sha256": "a" * 64}

    answer = await house.call("pairs.record_result", json={"evidence": evidence})

    assert answer.json()["code"] == "ProofMissing"
    assert not house.gateway.sent


async def test_a_file_comes_back_whole_as_an_attachment_with_a_russian_name(house: House) -> None:
    house.put("signed", 2, PDF, "application/pdf")

    answer = await house.call("documents.file")

    assert answer.content == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"] == disposition(
        "Приказ о закреплении пар № 12-о от 02.09.2026, подписанный экземпляр.pdf"
    )


async def test_the_latest_draft_comes_unless_a_version_is_named(house: House) -> None:
    house.put("draft", 1, b"one", DOCX)
    house.put("draft", 2, b"two", DOCX)
    path = f"/api/v1/documents/{DOCUMENT}/file?role=draft"

    latest = await house.ask("auditor", "GET", path)
    first = await house.ask("auditor", "GET", f"{path}&version=1")

    assert (latest.content, first.content) == (b"two", b"one")
    assert "%D0%B2%D0%B5%D1%80%D1%81%D0%B8%D1%8F%201.docx" in first.headers["Content-Disposition"]


async def test_a_file_that_is_not_there_is_not_found(house: House) -> None:
    assert (await house.call("documents.file")).json()["code"] == NotFound.__name__


async def test_a_file_that_is_not_what_was_recorded_is_not_given_out(house: House) -> None:
    record = house.put("signed", 2, PDF, "application/pdf")
    house.desk.objects[record.key] = record.changed(sha256="0" * 64)

    answer = await house.call("documents.file")

    assert (answer.status_code, answer.json()["code"]) == (500, "BytesChanged")
    assert PDF not in answer.content


async def test_a_pdf_copy_is_made_of_the_very_bytes_that_were_recorded(house: House) -> None:
    record = house.put("draft", 2, b"PK two", DOCX)
    house.put("draft", 1, b"PK one", DOCX)

    answer = await house.call("documents.copy")

    assert answer.content == PDF + record.sha256.encode() + b"PK two"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"] == disposition(
        "Приказ о закреплении пар, версия 2, копия.pdf"
    )


async def test_a_copy_that_cannot_be_made_now_may_be_asked_for_again(house: House) -> None:
    house.put("draft", 2, b"PK two", DOCX)
    house.spoilt = CopyUnavailable("LibreOffice не уложился в 60 с")

    answer = await house.call("documents.copy")

    assert (answer.status_code, answer.json()["code"]) == (503, "CopyUnavailable")
    assert answer.json()["title"] == "Копию в PDF сейчас сделать нельзя"
    assert answer.headers["Retry-After"] == "2"


async def test_no_copy_is_made_of_a_scan_or_of_what_is_not_there(house: House) -> None:
    assert (await house.call("documents.copy")).status_code == 404
    scan = await house.ask("auditor", "GET", f"/api/v1/documents/{DOCUMENT}/copy?role=signed")
    assert scan.status_code == 422


async def test_no_copy_is_made_of_bytes_that_were_changed(house: House) -> None:
    record = house.put("draft", 2, b"PK two", DOCX)
    house.desk.objects[record.key] = record.changed(sha256="0" * 64)

    assert (await house.call("documents.copy")).json()["code"] == "BytesChanged"


def test_a_file_name_cannot_deceive_or_split_the_header() -> None:
    header = disposition("При\u202eказ\r\nX: 1/..\\«а».pdf")

    assert header == (
        "attachment; filename=\"document.pdf\"; filename*=UTF-8''"
        "%D0%9F%D1%80%D0%B8%D0%BA%D0%B0%D0%B7X-%201-..-%C2%AB%D0%B0%C2%BB.pdf"
    )
