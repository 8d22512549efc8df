"""A scan is checked before anything of it is kept; what was found is answered and kept."""

import asyncio
import threading
from collections.abc import Sequence
from hashlib import sha256

import httpx
import pytest

from api.guard import MEBIBYTE
from domain import ids
from domain.document_wishes import AttachSigned
from domain.errors import BadUpload, ChecksBusy, ForeignPages, InfectedFile, Refused
from domain.scans import CheckedScan, ScanCheck, Virus
from tests.api.calls import DOCUMENT, DOCX, JPEG, PDF, PNG
from tests.api.house import House
from tests.fakes.scans import PlainScans

CODE = ids.document_code(DOCUMENT, 2)
Part = tuple[str, tuple[str | None, bytes, str]]


def part(content: bytes, name: str = "scan.bin", media_type: str = "text/html") -> Part:
    return "files", (name, content, media_type)


async def send(house: House, *parts: Part, **fields: str) -> httpx.Response:
    path = f"/api/v1/documents/{DOCUMENT}/signed?version=2"
    return await house.ask("curator", "POST", path, files=list(parts), data=fields)


async def test_several_files_of_a_form_become_one_in_their_order(house: House) -> None:
    answer = await send(house, part(JPEG), part(PNG), part(PDF))

    assert answer.status_code == 200, answer.text
    whole = JPEG + PNG + PDF
    wish = house.wish()
    assert isinstance(wish, AttachSigned)
    assert (wish.sha256, wish.size) == (sha256(whole).hexdigest(), len(whole))
    assert wish.media_type == "application/pdf"
    key = ids.incoming_key(DOCUMENT, wish.sha256)
    assert house.files.get(key, house.desk.data_key(key)) == whole


async def test_one_file_may_come_raw_or_in_a_form(house: House) -> None:
    await send(house, part(PDF))
    await house.call("documents.attach_signed")

    assert [asked[:2] for asked in house.scans.asked] == [((PDF,), CODE)] * 2


async def test_what_was_found_is_answered_and_told_to_the_workflow_as_numbers(house: House) -> None:
    answer = await house.call("documents.attach_signed")

    check = ScanCheck(pages=1, coded=1)
    assert answer.json()["scan"] == check.model_dump(mode="json")
    assert answer.json()["scan"]["warnings"] == ["на вирусы не проверено"]
    assert (answer.json()["workflow_id"], answer.json()["revision"]) == (f"document/{DOCUMENT}", 1)
    assert house.wish().checked == check.refs()


async def test_pages_are_compared_with_the_copy_that_is_at_hand(house: House) -> None:
    house.put("draft", 1, b"PK other version", DOCX)
    house.put("draft", 2, b"PK draft", DOCX)
    registered = house.put("registered", 2, b"PK registered", DOCX)
    house.copies[registered.sha256] = b"%PDF copy"

    await house.call("documents.attach_signed")
    house.copies.clear()
    await house.call("documents.attach_signed")

    assert [asked[2] for asked in house.scans.asked] == [b"%PDF copy", None]


@pytest.mark.parametrize(
    ("refusal", "status"),
    [
        (BadUpload("файл 2: PDF закрыт паролем; снимите защиту"), 422),
        (ForeignPages("страница 2: код другого документа"), 422),
        (InfectedFile("антивирус нашёл Eicar-Test-Signature"), 422),
        (ChecksBusy("слишком много файлов проверяется одновременно"), 503),
    ],
)
@pytest.mark.parametrize("name", ["documents.attach_signed", "pairs.upload_proof"])
async def test_of_what_is_refused_nothing_is_kept(name: str, refusal: Refused, status: int) -> None:
    scans = PlainScans()
    scans.refusal = refusal
    house = House(scans=scans)

    answer = await house.call(name)

    assert (answer.status_code, answer.json()["code"]) == (status, type(refusal).__name__)
    assert answer.json()["detail"] == str(refusal)
    assert answer.headers.get("Retry-After") == ("2" if status == 503 else None)
    assert not house.files.objects
    assert not house.desk.requests, "the same request may come again, with another file"
    assert not house.gateway.sent


class SlowScans(PlainScans):
    """A check that goes on until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.may_end = threading.Event()
        self.begun = threading.Event()

    def check(
        self, files: Sequence[bytes], code: str | None = None, copy: bytes | None = None
    ) -> CheckedScan:
        self.begun.set()
        self.may_end.wait(60)
        return super().check(files, code, copy)


async def test_while_a_scan_is_checked_others_are_answered() -> None:
    scans = SlowScans()
    house = House(scans=scans)
    sent = asyncio.create_task(house.call("documents.attach_signed"))
    await asyncio.to_thread(scans.begun.wait, 10)

    assert (await house.call("documents.get")).status_code == 200
    assert not sent.done()

    scans.may_end.set()
    assert (await sent).status_code == 200


async def test_a_proof_is_checked_but_needs_no_code(house: House) -> None:
    answer = await house.call("cycles.upload_proof")

    assert house.scans.asked == [((PDF,), None, None)]
    assert answer.json()["scan"]["virus"] == Virus.UNCHECKED


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "Вьюгина Н. П..pdf", "a\u202efdp.exe", "a\r\nX: 1.pdf", "x" * 1000]
)
async def test_what_a_sender_calls_a_file_goes_nowhere(
    house: House, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = await send(house, part(PDF, name, "application/x-msdownload"))

    assert answer.status_code == 200, answer.text
    shown = answer.text + capsys.readouterr().out + str(house.wish()) + str(house.desk.objects)
    assert name[:30] not in shown


async def test_a_form_without_a_file_is_refused(house: House) -> None:
    answer = await send(house, ("files", (None, b"only words", "text/plain")))

    assert (answer.status_code, answer.json()["code"]) == (422, "BadUpload")
    assert "нет ни одного файла" in answer.json()["detail"]


async def test_words_beside_the_files_are_left_alone(house: House) -> None:
    assert (await send(house, part(PDF), token="canary")).status_code == 200


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n\r\n--x--"),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"\0" * 100),
        ("multipart/form-data; boundary=\xff; charset=\xff", b"--\xff\r\n"),
    ],
)
async def test_a_form_that_cannot_be_read_is_refused(
    house: House, media_type: str, content: bytes
) -> None:
    headers = {"Content-Type": media_type.encode("latin-1")}
    answer = await house.call("documents.attach_signed", content=content, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "BadUpload")


async def test_more_files_than_a_paper_can_have_are_refused(house: House) -> None:
    assert (await send(house, *[part(PDF)] * 50)).status_code == 200
    answer = await send(house, *[part(PDF)] * 51)

    assert (answer.status_code, answer.json()["code"]) == (422, "BadUpload")


async def test_each_file_has_its_limit_and_all_together_have_theirs(house: House) -> None:
    large = PDF.ljust(20 * MEBIBYTE, b" ")

    two = await send(house, part(large), part(large))
    over = await send(house, part(large + b" "))
    three = await send(house, part(large), part(large), part(large))

    assert [one.status_code for one in (two, over, three)] == [200, 413, 413]
    assert over.json()["code"] == three.json()["code"] == "TooLarge"


async def test_what_was_found_of_a_scan_is_shown_with_its_document(house: House) -> None:
    shown = house.views.documents["0" * 16, DOCUMENT]
    check = ScanCheck(pages=3, coded=2, unread=(2,), expected=4, virus=Virus.CLEAN)
    house.views.documents["0" * 16, DOCUMENT] = shown.changed(scan=check)

    answer = await house.call("documents.get")

    assert answer.json()["scan"] == {
        "pages": 3,
        "coded": 2,
        "unread": [2],
        "expected": 4,
        "missing": 1,
        "virus": "clean",
        "warnings": [
            "страница 2: код не прочитан",
            "страниц 3, а в копии документа 4: возможно, не хватает 1",
        ],
    }
