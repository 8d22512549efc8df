"""What a document's page shows of electronic signatures, and what is told of their files."""

import json

import pytest

from domain.document_wishes import AttachSignature
from domain.documents import Seal
from domain.people import AccessRole, Actor
from domain.signing import DOCX, PKCS7, SignedBy
from tests.pages.school import PASSWORD, School, rendered
from tests.pages.test_verify import verified
from tests.pages.visitor import Visitor

MARK = {
    "certificate": "0A1B2C",
    "owner": "Вершинина Ольга Павловна",
    "valid_from": "01.01.2026",
    "valid_until": "31.12.2027",
}


@pytest.fixture
def cms(school: School) -> bytes:
    """Files of two schools are never the same."""
    return f"cms of {school.world.organisation}".encode()


@pytest.fixture
def order(school: School, cms: bytes) -> str:
    """An order that the director has signed electronically."""
    document = school.paper("order_introduction")
    school.decide(document)
    state = school.documents[document]
    state = state.changed(stage="registering").registered(school._entry(state, "145-о"), school.now)
    sent = school._keep(document, 1, "signature", cms, PKCS7)
    visual = rendered("order_introduction", json.dumps({"signature_mark": MARK}))
    school._keep(document, 1, "visual", visual, DOCX)
    assert state.entry
    wish = AttachSignature(
        by=Actor(user_id="user", role=AccessRole.CURATOR),
        version=1,
        of_sha256=state.entry.sha256,
        of_size=5,
        sha256=sent.sha256,
        size=sent.size,
        wanted=("director",),
        signers=(SignedBy(person_id=school.world.person("director"), places=("director",)),),
    )
    content = rendered("order_introduction")
    signed = school._keep(document, 1, "signed", content, DOCX)
    seal = Seal(**signed.model_dump(include={"key", "sha256", "stored_sha256", "size"}))
    school.save(state.signature_attached(wish, school.now).sealed(seal, school.now))
    return document


async def test_the_files_of_a_document_that_was_signed_electronically_are_there(
    school: School, order: str, cms: bytes
) -> None:
    director = await Visitor.of(school.app).sign_in(school.login("director"), PASSWORD)
    await director.go(f"/documents/{order}")
    for title in (
        "Копия с отметкой об электронной подписи",
        "Подписанный экземпляр",
        "Подпись (.p7s): Руководитель",
    ):
        assert title in director.text

    base = f"/documents/{order}/file"
    signature = await director.client.get(f"{base}?role=signature&version=1&number=1")
    assert (signature.status_code, signature.content) == (200, cms)
    assert signature.headers["Content-Type"] == PKCS7
    signed = await director.client.get(f"{base}?role=signed&version=1")
    registered = await director.client.get(f"{base}?role=registered&version=1")
    assert signed.content == registered.content
    visual = await director.client.get(f"{base}?role=visual&version=1")
    assert visual.status_code == 200
    assert visual.content != signed.content
    assert (await director.client.get(f"{base}?role=signature&number=2")).status_code == 404


async def test_a_file_of_a_signature_is_known_as_such_and_is_no_signed_document(
    school: School, order: str, cms: bytes
) -> None:
    told = await verified(Visitor.of(school.app), cms)
    assert "Это файл электронной подписи" in told
    assert "Вершинина" not in told
