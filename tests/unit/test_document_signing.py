"""A document that is signed electronically: all must sign, and only what was signed counts."""

from typing import Any

import pytest

from domain.document_signing import FileToSeal
from domain.document_wishes import AttachSignature
from domain.documents import Act, DocumentState, Stage
from domain.errors import NotYours, Refused, StaleVersion, WrongState
from domain.people import AccessRole
from domain.signing import DOCX, PKCS7, SignedBy
from tests.builders import APPROVER as DIRECTOR
from tests.builders import (
    CURATOR,
    MENTOR,
    NOW,
    a_document_at,
    a_draft,
    a_redraft,
    a_seal,
    a_signed_scan,
    a_stranger,
    an_actor,
    an_entry,
    sha,
    the_curator,
    the_director,
)

WANTED = ("director", "mentor")


def signed(person: str = DIRECTOR, *places: str, **fields: Any) -> AttachSignature:  # noqa: ANN401
    """The signature of one of them, sent by the curator."""
    known = {
        "by": the_curator(),
        "note_id": f"marks-{person}",
        "version": 1,
        "of_sha256": an_entry().sha256,
        "of_size": 5,
        "sha256": sha(person[2]),
        "size": 3,
        "wanted": WANTED,
        "signers": (SignedBy(person_id=person, places=places or ("director",)),),
    }
    return AttachSignature(**{**known, **fields})


def to_sign(**fields: Any) -> DocumentState:  # noqa: ANN401 - any field of the state
    return a_document_at(Stage.TO_SIGN, **fields).changed(unsaved=())


def after(state: DocumentState, *wishes: AttachSignature) -> DocumentState:
    for wish in wishes:
        state.check_can_attach_signature(wish)
        state = state.signature_attached(wish, NOW)
    return state


BY_BOTH = (signed(), signed(MENTOR, "mentor"))


@pytest.mark.parametrize("wishes", [BY_BOTH, BY_BOTH[::-1]])
def test_nothing_is_sealed_before_all_have_signed_in_any_order(
    wishes: tuple[AttachSignature, ...],
) -> None:
    first = after(to_sign(), wishes[0])

    assert (first.stage, first.next_moves(NOW)) == (Stage.TO_SIGN, ())
    assert first.unsigned() == wishes[1].signers[0].places
    assert first.tasks() == to_sign().tasks()

    both = after(first, wishes[1])
    assert both.stage is Stage.SEALING
    assert [move.act for move in both.next_moves(NOW)] == [Act.SEAL]
    assert both.unsigned() == ()


def test_a_file_may_hold_the_signatures_of_all() -> None:
    everybody = (*BY_BOTH[0].signers, *BY_BOTH[1].signers)

    assert after(to_sign(), signed(signers=everybody)).stage is Stage.SEALING


def test_one_person_may_stand_on_all_lines() -> None:
    assert after(to_sign(), signed(DIRECTOR, *WANTED)).stage is Stage.SEALING


def test_what_is_sealed_is_what_was_signed_and_each_signature() -> None:
    state = after(to_sign(), *BY_BOTH)

    assert state.files_to_seal() == (
        FileToSeal(
            role="signed", sha256=an_entry().sha256, media_type=DOCX, rendering="registered"
        ),
        FileToSeal(role="signature", sha256=sha("d"), media_type=PKCS7),
        FileToSeal(role="signature", sha256=sha("m"), media_type=PKCS7),
    )
    assert (state.signed_sha256, state.signed_size) == (an_entry().sha256, 5)
    assert state.sealed(a_seal(), NOW).stage is Stage.IN_FORCE


def test_of_a_paper_that_nobody_approves_or_counts_the_draft_is_signed() -> None:
    state = to_sign(approver=None, registrar=None)
    assert state.stage is Stage.TO_SIGN
    wish = signed(of_sha256=a_draft().sha256, wanted=("director",))

    assert after(state, wish).files_to_seal()[0].rendering == "draft"


@pytest.mark.parametrize("wishes", [BY_BOTH, BY_BOTH[::-1]])
def test_the_mark_is_of_whoever_signs_the_first_line(wishes: tuple[AttachSignature, ...]) -> None:
    assert after(to_sign(), *wishes).first_signature() == ("marks-p-director", "director")


def test_the_log_tells_of_each_signature_whose_it_is_and_of_what_without_a_name() -> None:
    (event,) = after(to_sign(), signed()).unsaved

    assert (event.action, event.sha256, event.note_id) == (
        "signature_attached",
        sha("d"),
        "marks-p-director",
    )
    assert event.refs == {
        "cycle": "c1",
        "kind": "order_pairs",
        "of": an_entry().sha256,
        "signers": DIRECTOR,
        "places": "director",
    }


@pytest.mark.parametrize("again", [signed(), signed(sha256=sha("9"), note_id="other")])
def test_the_same_person_signing_twice_changes_nothing(again: AttachSignature) -> None:
    once = after(to_sign(), signed())

    assert after(once, again) == once


REFUSED: dict[str, tuple[type[Refused], DocumentState, AttachSignature]] = {
    "too early": (WrongState, a_document_at(Stage.TO_REGISTER), signed()),
    "too late": (WrongState, after(to_sign(), *BY_BOTH), signed(MENTOR, "mentor")),
    "while it cannot be sealed": (
        WrongState,
        after(to_sign(), *BY_BOTH).troubled("document", "BytesChanged", NOW),
        signed(),
    ),
    "another version": (StaleVersion, to_sign(), signed(version=2)),
    "another rendering": (StaleVersion, to_sign(), signed(of_sha256=a_draft().sha256)),
    "a stranger": (NotYours, to_sign(), signed(by=a_stranger())),
    "a director who did not sign": (
        NotYours,
        to_sign(),
        signed(MENTOR, "mentor", by=an_actor("p-other", role=AccessRole.DIRECTOR)),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(case: str) -> None:
    code, state, wish = REFUSED[case]

    with pytest.raises(code):
        state.check_can_attach_signature(wish)


def test_whoever_signed_may_send_it() -> None:
    assert after(to_sign(), signed(by=the_director())).signatures


def test_a_scan_may_come_instead_until_all_have_signed_and_then_it_alone_is_sealed() -> None:
    begun = after(to_sign(), signed())
    scan = a_signed_scan()
    begun.check_can_attach(scan)

    state = begun.attached(scan, NOW)

    assert state.stage is Stage.SEALING
    assert state.files_to_seal() == (
        FileToSeal(role="signed", sha256=scan.sha256, media_type=scan.media_type),
    )
    assert state.first_signature() is None
    with pytest.raises(WrongState):
        after(to_sign(), *BY_BOTH).check_can_attach(scan)


def test_a_version_that_is_made_anew_has_no_signature() -> None:
    state = after(to_sign(approver=None, registrar=None), signed(of_sha256=a_draft().sha256))
    troubled = state.troubled("document", "BytesChanged", NOW)

    again = troubled.redrafted(a_redraft(by=an_actor(CURATOR, role=AccessRole.CURATOR)), NOW)

    assert (again.signatures, again.wanted) == ((), ())
