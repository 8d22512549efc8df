"""A signature is checked over what was given out to be signed; what is refused is not kept."""

from datetime import timedelta
from hashlib import sha256

import httpx
import pytest

from adapters.postgres.shown_document import SignatureLine
from api.guard import MEBIBYTE
from domain import ids
from domain.document_wishes import AttachSignature
from domain.errors import BadSignatureFile, ChecksBusy, Refused
from domain.signatories import Signatory, SignaturePlace
from domain.signing import Answer, SignedBy
from tests.api.calls import DOCUMENT, DOCX, NOW, OURS, PDF, PKCS7
from tests.api.house import House
from tests.fakes.signatures import PlainSignatures, a_check
from tests.fakes.views import DIRECTOR

NAME, SERIAL = "Соколова Нина Петровна", "0A1B2C"
DRAFT, REGISTERED = b"PK draft", b"PK registered"
CMS = b"cms"
MENTOR = "3" * 16


async def send(
    house: House,
    content: bytes = CMS,
    *,
    media_type: str = PKCS7,
    role: str = "curator",
    key: str = "",
) -> httpx.Response:
    headers = {"Content-Type": media_type}
    name = "documents.attach_signature"
    return await house.call(name, role, key=key, content=content, headers=headers)


def given_out(house: House) -> str:
    """The document as it was given out to be signed; its hash."""
    house.put("draft", 2, DRAFT, DOCX)
    return house.put("registered", 2, REGISTERED, DOCX).sha256


def checker(house: House) -> PlainSignatures:
    assert isinstance(house.signatures, PlainSignatures)
    return house.signatures


@pytest.mark.parametrize("media_type", [PKCS7, "application/octet-stream"])
async def test_a_signature_is_checked_over_the_registered_document_and_kept(
    house: House, media_type: str
) -> None:
    of = given_out(house)

    answer = await send(house, media_type=media_type)

    assert answer.status_code == 200, answer.text
    assert checker(house).asked == [(REGISTERED, CMS, NOW)]
    wish = house.wish()
    assert isinstance(wish, AttachSignature)
    assert (wish.version, wish.of_sha256, wish.of_size) == (2, of, len(REGISTERED))
    assert (wish.sha256, wish.size) == (sha256(CMS).hexdigest(), len(CMS))
    assert wish.wanted == ("director",)
    assert wish.signers == (SignedBy(person_id=DIRECTOR.id, places=("director",)),)
    key = ids.incoming_key(DOCUMENT, wish.sha256)
    assert house.files.get(key, house.desk.data_key(key)) == CMS
    assert house.desk.objects[key].media_type == PKCS7


async def test_of_a_paper_that_has_no_number_the_draft_is_signed(house: House) -> None:
    house.put("draft", 1, b"PK older", DOCX)
    house.put("draft", 2, DRAFT, DOCX)

    await send(house)

    assert [content for content, _, _ in checker(house).asked] == [DRAFT]


async def test_what_a_mark_shows_is_kept_in_a_row_and_nothing_of_it_is_in_the_wish(
    house: House,
) -> None:
    given_out(house)

    await send(house)

    wish = house.wish()
    kept = house.desk.texts[wish.note_id]
    assert (kept.kind, kept.subject) == ("signature", f"document/{DOCUMENT}")
    assert kept.body["marks"] == {
        "director": {
            "certificate": SERIAL,
            "owner": NAME,
            "valid_from": "01.01.2026",
            "valid_until": "31.12.2027",
        }
    }
    assert kept.body["checks"][0]["trusted"] == {"answer": "yes", "words": "trusted looked at"}
    told = wish.model_dump_json()
    assert not [word for word in (*NAME.split(), SERIAL) if word in told]


async def test_the_answer_says_whose_signature_is_still_missing(house: House) -> None:
    given_out(house)
    shown = house.views.documents[OURS, DOCUMENT]
    lines = [
        SignatureLine(place=place, title=title, signer=signer, file=None, sha256=None)
        for place, title, signer in (
            ("director", "Руководитель", DIRECTOR),
            ("mentor", "Наставник", None),
        )
    ]
    house.views.documents[OURS, DOCUMENT] = shown.changed(signing=tuple(lines))

    answer = await send(house)

    assert answer.json()["missing"] == ["Наставник"]


async def test_in_a_rehearsal_a_signature_comes_at_the_time_of_the_processes() -> None:
    house = House(rehearsal=True)
    house.desk.set_clock_offset(3600)
    given_out(house)

    await send(house)

    assert checker(house).asked[0][2] == NOW + timedelta(hours=1)


def assert_nothing_is_kept(house: House) -> None:
    assert set(house.files.keys()) == {f"draft/{DOCUMENT}/2", f"registered/{DOCUMENT}/2"}
    assert {one.role for one in house.desk.objects.values()} == {"draft", "registered"}
    assert not house.desk.texts
    assert not house.gateway.sent


@pytest.mark.parametrize("question", ["intact", "right", "trusted"])
async def test_anything_but_three_times_yes_is_refused_with_all_answers(
    house: House, question: str
) -> None:
    given_out(house)
    checker(house).found = [a_check(NAME, **{question: Answer.UNKNOWN})]

    answer = await send(house)

    assert (answer.status_code, answer.json()["code"]) == (422, "SignatureRefused")
    answers = [line["reason"] for line in answer.json()["errors"]]
    titles = {
        "intact": "файл не изменён",
        "right": "подпись верна",
        "trusted": "сертификату можно верить",
    }
    assert answers == [
        f"{title}: {'неизвестно' if name == question else 'да'}; {name} looked at"
        for name, title in titles.items()
    ]
    assert not [word for word in (*NAME.split(), SERIAL) if word in answer.text]
    assert_nothing_is_kept(house)


async def test_the_sender_cannot_sign_for_the_signer(house: House) -> None:
    given_out(house)
    checker(house).found = [a_check("Посторонний Пётр Петрович")]

    answer = await send(house, role="director")

    assert (answer.status_code, answer.json()["code"]) == (422, "NotTheSigner")
    assert "Посторонний" not in answer.text
    assert_nothing_is_kept(house)


@pytest.mark.parametrize(
    "places", [(), (SignaturePlace(id="reviewer", title="Рецензент", people=()),)]
)
async def test_what_is_signed_by_hand_is_refused_before_anything_is_checked(
    house: House, places: tuple[SignaturePlace, ...]
) -> None:
    given_out(house)
    house.views.places = places

    answer = await send(house)

    assert (answer.status_code, answer.json()["code"]) == (409, "OnPaperOnly")
    assert "приложите скан" in answer.json()["detail"]
    assert not checker(house).asked
    assert_nothing_is_kept(house)


@pytest.mark.parametrize("stage", ["on_approval", "refused", "to_register", "registering"])
async def test_what_was_not_given_out_to_be_signed_takes_no_signature(
    house: House, stage: str
) -> None:
    given_out(house)
    shown = house.views.documents[OURS, DOCUMENT]
    house.views.documents[OURS, DOCUMENT] = shown.changed(stage=stage)

    answer = await send(house)

    assert (answer.status_code, answer.json()["code"]) == (409, "WrongState")
    assert_nothing_is_kept(house)


async def test_a_request_whose_answer_was_lost_may_come_again_after_the_last_signature(
    house: House,
) -> None:
    given_out(house)
    first = await send(house, key="once")
    shown = house.views.documents[OURS, DOCUMENT]
    house.views.documents[OURS, DOCUMENT] = shown.changed(stage="sealing")
    house.desk.requests.clear()

    again = await send(house, key="once")

    assert again.json() == first.json()
    assert len(house.gateway.sent) == 1


async def test_a_signature_of_an_older_version_is_refused(house: House) -> None:
    given_out(house)
    path = f"/api/v1/documents/{DOCUMENT}/signature?version=1"

    answer = await house.ask("curator", "POST", path, content=CMS, headers={"Content-Type": PKCS7})

    assert (answer.status_code, answer.json()["code"]) == (409, "StaleVersion")
    assert_nothing_is_kept(house)


@pytest.mark.parametrize(
    ("refusal", "status"),
    [(BadSignatureFile("это не подпись"), 422), (ChecksBusy("слишком много"), 503)],
)
async def test_what_cannot_be_checked_is_refused(
    house: House, refusal: Refused, status: int
) -> None:
    given_out(house)
    checker(house).refusal = refusal

    answer = await send(house)

    assert (answer.status_code, answer.json()["code"]) == (status, type(refusal).__name__)
    assert_nothing_is_kept(house)


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (CMS, "application/pdf", 422),
        (b"", PKCS7, 422),
        (b"0" * (4 * MEBIBYTE + 1), PKCS7, 413),
    ],
)
async def test_a_file_that_is_none_is_refused(
    house: House, content: bytes, media_type: str, status: int
) -> None:
    given_out(house)

    assert (await send(house, content, media_type=media_type)).status_code == status
    assert not checker(house).asked


async def test_whoever_signs_on_two_lines_has_a_mark_on_both(house: House) -> None:
    given_out(house)
    one = Signatory(person_id=MENTOR, name="Ким Лев")
    house.views.places = tuple(
        SignaturePlace(id=id_, title=id_, people=(one,)) for id_ in ("curator", "secretary")
    )
    checker(house).found = [a_check("КИМ Лев")]

    await send(house)

    assert set(house.desk.texts[house.wish().note_id].body["marks"]) == {"curator", "secretary"}


async def test_the_signed_files_come_back_as_they_were(house: House) -> None:
    house.put("signed", 2, REGISTERED, DOCX)
    house.put("visual", 2, b"PK visual", DOCX)
    first = house.put("signature", 2, CMS, PKCS7)
    house.desk.objects["another"] = first.changed(key="another", sha256=sha256(b"2").hexdigest())
    path = f"/api/v1/documents/{DOCUMENT}"

    signature = await house.ask("auditor", "GET", f"{path}/file?role=signature&number=1")
    visual = await house.ask("auditor", "GET", f"{path}/file?role=visual")
    copy = await house.ask("auditor", "GET", f"{path}/copy?role=visual")
    third = await house.ask("auditor", "GET", f"{path}/file?role=signature&number=3")

    assert (signature.content, signature.headers["Content-Type"]) == (CMS, PKCS7)
    assert ".p7s" in signature.headers["Content-Disposition"]
    assert visual.content == b"PK visual"
    assert copy.content.startswith(PDF)
    assert third.status_code == 404
