"""Whole lives of documents that are signed electronically, on a real server."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from activities.tasks import KeptText
from domain import ids
from domain.document_wishes import AttachSignature, AttachSigned, Register
from domain.errors import NotTheSigner, Refused, SignatureRefused, WrongState
from domain.process import Retry
from domain.signing import DOCX, PKCS7, SignedBy
from runtime.signatures import check_signed
from tests.adapters.gost import needed
from tests.fakes.files import MemoryFiles
from tests.workflows.people import PDF, put_scan
from tests.workflows.rows import CURATOR, a_document, decision
from tests.workflows.signing_office import (
    DIRECTOR,
    MENTOR,
    NAMES,
    OTHER,
    SECRETS,
    Office,
    Sign,
    by_gost,
    by_rsa,
)
from tests.workflows.world import Handle, World, ask, events_of, quiet_events_of

Make = Callable[[Path], Sign]


@pytest.fixture
def authorities(tmp_path: Path) -> Path:
    folder = tmp_path / "authorities"
    folder.mkdir()
    return folder


@pytest.fixture(params=["RSA", "GOST"])
def sign(request: pytest.FixtureRequest, tmp_path: Path, authorities: Path) -> Sign:
    if request.param == "RSA":
        return by_rsa(authorities)
    needed()
    workshop = tmp_path / "workshop"
    workshop.mkdir()
    return by_gost(authorities, workshop)


async def to_sign(world: World) -> Handle:
    """A document that was drafted, approved and has its number."""
    handle = await world.start(a_document())
    await world.at_stage(handle, "on_approval")
    document = world.document(handle)
    assert document
    await ask(handle, "decide", decision(document))
    await ask(handle, "register", Register(by=CURATOR, version=1))
    await world.at_stage(handle, "to_sign")
    return handle


async def test_a_document_lives_from_draft_to_sealed_file_with_an_electronic_signature(
    world: World, authorities: Path, tmp_path: Path, sign: Sign
) -> None:
    office = Office.over(world, authorities)
    handle = await to_sign(world)
    content = office.given_out(handle)
    signature = sign(NAMES[DIRECTOR], content)

    taken = await office.send(handle, signature)
    end = await handle.result()

    assert taken.missing == ()
    assert end == world.document(handle)
    assert world.ledger.actions(handle.id) == [
        *("drafted", "approved", "registration_asked", "registered"),
        *("signature_attached", "sealed"),
    ]
    assert office.sealed(handle, "signed") == [content], "the very bytes that were signed"
    assert office.sealed(handle, "signature") == [signature]
    types = {one.role: one.media_type for one in world.ledger.objects.values()}
    assert (types["signed"], types["signature"], types["visual"]) == (DOCX, PKCS7, DOCX)
    [visual] = [json.loads(one)[1] for one in office.sealed(handle, "visual")]
    assert visual["signature_mark"]["owner"] == NAMES[DIRECTOR]
    assert visual["registration"]["number"] == end.entry.number
    of_signed = json.loads(content)[1]
    assert {name: visual[name] for name in of_signed} == of_signed, "it differs in the mark alone"
    told = end.model_dump_json() + "".join(map(str, world.ledger.events_of(handle.id)))
    assert not [word for word in SECRETS if word in told]

    file, beside = tmp_path / "order.docx", tmp_path / "order.docx.p7s"
    file.write_bytes(office.sealed(handle, "signed")[0])
    beside.write_bytes(office.sealed(handle, "signature")[0])
    assert check_signed(file, beside, authorities).ok, "what is downloaded passes `verify`"


def _spoilt(signature: bytes) -> bytes:
    return signature[:-1] + bytes([signature[-1] ^ 1])


BAD: dict[str, tuple[type[Refused], Callable[[Sign, bytes], bytes]]] = {
    "a byte of the signature is changed": (
        SignatureRefused,
        lambda sign, content: _spoilt(sign(NAMES[DIRECTOR], content)),
    ),
    "it is of another file": (
        SignatureRefused,
        lambda sign, content: sign(NAMES[DIRECTOR], content + b" "),
    ),
    "the certificate is somebody else's": (
        NotTheSigner,
        lambda sign, content: sign(OTHER, content),
    ),
}


@pytest.mark.parametrize("what", BAD)
async def test_a_bad_signature_is_refused_and_nothing_changes(
    world: World, authorities: Path, sign: Sign, what: str
) -> None:
    office = Office.over(world, authorities)
    handle = await to_sign(world)
    code, make = BAD[what]
    signature = make(sign, office.given_out(handle))
    document, files = world.document(handle), world.files.keys()
    before = await quiet_events_of(handle)

    with pytest.raises(code) as refused:
        await office.send(handle, signature)

    assert not [word for word in (*SECRETS, "Посторонний") if word in str(refused.value)]
    assert await events_of(handle) == before
    assert world.document(handle) == document
    assert world.files.keys() == files
    assert not world.ledger.texts

    await office.send(handle, sign(NAMES[DIRECTOR], office.given_out(handle)))
    assert (await handle.result()).stage == "in_force", "a right one is taken after it"


async def test_a_certificate_of_an_authority_that_nobody_trusts_is_refused(
    world: World, authorities: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    sign, _ = by_rsa(elsewhere), by_rsa(authorities)
    office = Office.over(world, authorities)
    handle = await to_sign(world)

    with pytest.raises(SignatureRefused, match="сертификату можно верить: нет"):
        await office.send(handle, sign(NAMES[DIRECTOR], office.given_out(handle)))

    assert world.ledger.actions(handle.id)[-1] == "registered"


@pytest.mark.parametrize("order", [(DIRECTOR, MENTOR), (MENTOR, DIRECTOR)])
async def test_all_must_have_signed_in_any_order_before_anything_is_sealed(
    world: World, authorities: Path, order: tuple[str, str]
) -> None:
    sign = by_rsa(authorities)
    office = Office.over(world, authorities, DIRECTOR, MENTOR)
    handle = await to_sign(world)
    first, second = (sign(NAMES[person], office.given_out(handle)) for person in order)

    taken = await office.send(handle, first)
    again = await office.send(handle, first)
    assert taken.missing == again.missing == order[1:]
    shown = world.document(handle)
    assert shown
    assert (shown.stage, world.files.keys("sealed/")) == ("to_sign", [])

    await office.send(handle, second)
    end = await handle.result()

    assert end.stage == "in_force"
    assert world.ledger.actions(handle.id).count("signature_attached") == 2
    assert office.sealed(handle, "signature") == [first, second]
    [visual] = office.sealed(handle, "visual")
    owner = json.loads(visual)[1]["signature_mark"]["owner"]
    assert owner == NAMES[DIRECTOR], "whoever signs the first line"


async def test_a_scan_may_come_instead_until_all_have_signed(
    world: World, authorities: Path
) -> None:
    sign = by_rsa(authorities)
    office = Office.over(world, authorities, DIRECTOR, MENTOR)
    handle = await to_sign(world)
    await office.send(handle, sign(NAMES[DIRECTOR], office.given_out(handle)))

    digest = put_scan(world.ledger, world.files, handle.id.removeprefix("document/"), b"scan")
    wish = AttachSigned(by=CURATOR, version=1, sha256=digest, size=4, media_type=PDF)
    await ask(handle, "attach_signed", wish)
    await handle.result()

    assert office.sealed(handle, "signed") == [b"scan"]
    assert not office.sealed(handle, "signature")
    assert not office.sealed(handle, "visual")


async def test_once_sealing_began_no_more_are_taken(world: World, authorities: Path) -> None:
    sign = by_rsa(authorities)
    office = Office.over(world, authorities)
    handle = await to_sign(world)
    content = office.given_out(handle)
    await office.send(handle, sign(NAMES[DIRECTOR], content))
    end = await handle.result()

    with pytest.raises(WrongState):
        await office.send(handle, sign(NAMES[DIRECTOR], content))

    assert world.document(handle) == end


async def test_a_request_that_is_repeated_signs_once(world: World, authorities: Path) -> None:
    sign = by_rsa(authorities)
    office = Office.over(world, authorities, DIRECTOR, MENTOR)
    handle = await to_sign(world)
    signature = sign(NAMES[DIRECTOR], office.given_out(handle))

    first = await office.send(handle, signature, "request1")
    again = await office.send(handle, signature, "request1")

    assert again == first
    assert world.ledger.actions(handle.id).count("signature_attached") == 1


async def test_a_document_that_nobody_approves_is_signed_as_it_was_drafted(
    world: World, authorities: Path
) -> None:
    sign = by_rsa(authorities)
    office = Office.over(world, authorities, MENTOR)
    handle = await world.start(a_document(approver=None, registrar=None))
    await world.at_stage(handle, "to_sign")
    content = office.given_out(handle, "draft")

    await office.send(handle, sign(NAMES[MENTOR], content))
    await handle.result()

    assert office.sealed(handle, "signed") == [content]
    [visual] = office.sealed(handle, "visual")
    assert json.loads(visual)[1]["registration"] is None


async def test_bytes_that_were_changed_after_they_were_signed_are_never_sealed(
    world: World, authorities: Path
) -> None:
    sign = by_rsa(authorities)
    office = Office.over(world, authorities)
    handle = await to_sign(world)
    content = office.given_out(handle)
    document_id = handle.id.removeprefix("document/")
    key = ids.registered_key(document_id, 1)
    assert isinstance(world.files, MemoryFiles)
    whole = world.files.objects[key]
    signature = sign(NAMES[DIRECTOR], content)
    digest = put_scan(world.ledger, world.files, document_id, signature)
    world.ledger.texts["marks"] = KeptText(
        id="marks",
        organisation_id="org",
        kind="signature",
        subject=handle.id,
        author="user-curator",
        body={"marks": {DIRECTOR: {}}},
    )
    wish = AttachSignature(
        by=CURATOR,
        note_id="marks",
        version=1,
        of_sha256=sha256(content).hexdigest(),
        of_size=len(content),
        sha256=digest,
        size=len(signature),
        wanted=(DIRECTOR,),
        signers=(SignedBy(person_id=DIRECTOR, places=(DIRECTOR,)),),
    )

    world.files.objects[key] = _spoilt(whole)
    await ask(handle, "attach_signature", wish)
    await world.until(lambda: (shown := world.document(handle)) and shown.trouble)

    shown = world.document(handle)
    assert shown
    assert (shown.trouble, shown.seal, world.files.keys("sealed/")) == ("BytesChanged", None, [])
    world.files.objects[key] = whole
    await ask(handle, "retry", Retry(by=CURATOR))
    assert (await handle.result()).stage == "in_force"


async def test_another_worker_ends_what_one_that_died_began_to_seal(
    idle_world: World, authorities: Path
) -> None:
    world, sign = idle_world, by_rsa(authorities)
    office = Office.over(world, authorities)
    async with world.worker():
        handle = await to_sign(world)
        signature = sign(NAMES[DIRECTOR], office.given_out(handle))
        world.renderer.missing = "signature_mark"
        await office.send(handle, signature)
        await world.until(lambda: (shown := world.document(handle)) and shown.trouble)
    world.renderer.missing = None
    async with world.worker():
        await ask(handle, "retry", Retry(by=CURATOR))
        await handle.result()

    assert office.sealed(handle, "signature") == [signature]
    assert len(office.sealed(handle, "visual")) == 1
