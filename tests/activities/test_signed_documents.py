"""Sealing what was signed electronically, and the copy with a mark; each activity over fakes."""

from hashlib import sha256

import pytest

from activities import tasks
from activities.documents import DOCX
from domain import ids
from domain.errors import BytesChanged, NotFound
from tests.activities.test_documents import Desk, entering, registering, sealing


def visualising(facts_id: str, line: tasks.JournalLine | None) -> tasks.RenderVisual:
    return tasks.RenderVisual(
        organisation_id="org",
        document_id="d1",
        kind="order_pairs",
        version=1,
        facts_id=facts_id,
        line=line,
        marks_id="marks1",
        place="director",
    )


MARK = {
    "certificate": "0A1B2C",
    "owner": "Вершинина Ольга Павловна",
    "valid_from": "01.01.2026",
    "valid_until": "31.12.2027",
}


def with_marks(desk: Desk) -> None:
    """What the API keeps of a signature."""
    desk.ledger.texts["marks1"] = tasks.KeptText(
        id="marks1",
        organisation_id="org",
        kind="signature",
        subject="document/d1",
        author="u",
        body={"marks": {"director": MARK, "mentor": MARK | {"certificate": "FF"}}},
    )


def signed_electronically(desk: Desk) -> tuple[tasks.JournalLine, str, str]:
    """A registered document: its line, its facts and the hash of what is signed."""
    draft = desk.draft()
    line = desk.run(desk.work.enter_in_journal, entering())
    rendered = desk.run(desk.work.render_registered, registering(draft.facts_id, line))
    prepared = tasks.PrepareSeal(
        organisation_id="org", document_id="d1", sha256=rendered.sha256, visual_of=1
    )
    desk.run(desk.work.prepare_seal, prepared)
    return line, draft.facts_id, rendered.sha256


@pytest.mark.parametrize("rendering", ["draft", "registered"])
def test_what_was_signed_electronically_is_sealed_byte_for_byte(rendering: str) -> None:
    desk = Desk()
    signed_electronically(desk)
    key = {"draft": ids.draft_key("d1", 1), "registered": ids.registered_key("d1", 1)}[rendering]
    content = desk.files.get(key, desk.ledger.data_key(key))
    digest = sha256(content).hexdigest()
    task = tasks.PrepareSeal(organisation_id="org", document_id="d1", sha256=digest)
    desk.run(desk.work.prepare_seal, task)

    fields = {"rendering": rendering, "media_type": DOCX}
    seal = desk.run(desk.work.seal_signed_file, sealing(digest).changed(**fields))
    again = desk.run(desk.work.seal_signed_file, sealing(digest).changed(**fields))

    record = desk.ledger.objects[seal.key]
    assert (record.role, record.media_type, record.sha256) == ("signed", DOCX, digest)
    assert desk.files.get(seal.key, desk.ledger.data_key(record.key_id)) == content
    assert again == seal


def test_a_rendering_that_is_not_what_was_signed_is_not_sealed() -> None:
    desk = Desk()
    signed_electronically(desk)
    other = sha256(b"what somebody signed").hexdigest()
    task = tasks.PrepareSeal(organisation_id="org", document_id="d1", sha256=other)
    desk.run(desk.work.prepare_seal, task)

    with pytest.raises(BytesChanged):
        desk.run(desk.work.seal_signed_file, sealing(other).changed(rendering="registered"))

    assert not desk.files.keys("sealed/")


def test_a_signature_is_sealed_as_such() -> None:
    desk = Desk()
    digest = desk.upload(b"cms")
    desk.run(
        desk.work.prepare_seal,
        tasks.PrepareSeal(organisation_id="org", document_id="d1", sha256=digest),
    )

    task = sealing(digest).changed(role="signature", media_type="application/pkcs7-signature")
    seal = desk.run(desk.work.seal_signed_file, task)

    record = desk.ledger.objects[seal.key]
    assert (record.role, record.media_type) == ("signature", "application/pkcs7-signature")


@pytest.mark.parametrize("is_numbered", [True, False])
def test_the_visual_copy_is_the_same_paper_with_the_first_signers_mark(
    *, is_numbered: bool
) -> None:
    desk = Desk()
    with_marks(desk)
    line, facts_id, _ = signed_electronically(desk)
    signed = ids.registered_key("d1", 1) if is_numbered else ids.draft_key("d1", 1)
    before = desk.files.stored_bytes(signed)

    task = visualising(facts_id, line if is_numbered else None)
    made = desk.run(desk.work.render_visual, task)

    key = ids.visual_key("d1", 1)
    kind, shown = desk.body(key)
    assert shown["signature_mark"] == MARK
    same = {name: fact for name, fact in shown.items() if name != "signature_mark"}
    of_signed = desk.body(signed)
    if not is_numbered:
        of_signed[1]["marks"] = []
    assert [kind, same] == of_signed
    assert (desk.ledger.objects[key].role, desk.ledger.objects[key].sha256) == (
        "visual",
        made.sha256,
    )
    assert desk.files.stored_bytes(signed) == before, "a mark is never drawn into signed bytes"
    assert desk.run(desk.work.render_visual, task) == made


def test_no_mark_is_drawn_that_was_not_kept_with_a_check() -> None:
    desk = Desk()
    line, facts_id, _ = signed_electronically(desk)

    with pytest.raises(NotFound):
        desk.run(desk.work.render_visual, visualising(facts_id, line))

    assert not desk.files.keys("visual/")
