"""Electronic signatures of a document, checked here before anything of them is kept.

The certificate's owner and the like are personal data: they go into a row of the database, and the
workflow gets its id.
"""

from collections.abc import Sequence
from typing import Final

from starlette.concurrency import run_in_threadpool

from api import schemas
from api.act import Act
from api.downloads import chosen, content_of
from api.routes.reading import DocumentView
from domain import ids
from domain.base import Value
from domain.document_wishes import AttachSignature
from domain.documents import Stage
from domain.errors import StaleVersion, WrongState
from domain.signatories import SignaturePlace, check_can_be_signed, signers
from domain.signing import PKCS7, SignatureCheck, SignedBy

_EARLIER: Final = (
    *(Stage.DRAFTING, Stage.ON_APPROVAL, Stage.RETURNED, Stage.REFUSED),
    *(Stage.TO_REGISTER, Stage.REGISTERING),
)
_RENDERING: Final = ("registered", "draft")


class Checked(Value):
    """A file of signatures that may be taken: what it is of, and whose they are."""

    of_sha256: str
    of_size: int
    places: tuple[SignaturePlace, ...]
    checks: tuple[SignatureCheck, ...]
    signers: tuple[SignedBy, ...]


async def attach_signature(
    act: Act, document_id: str, version: int, signature: bytes
) -> schemas.SignatureTaken:
    """Take signatures over the document as it was given out to be signed.

    Of what is refused nothing is kept. Raises `WrongState`, `StaleVersion`, and as `Signatures` and
    `signers` do.
    """
    document = await act.reach(ids.document_workflow(document_id))
    found = await run_in_threadpool(_checked, act, document_id, version, signature)
    zone = act.services.zone(act.user.organisation_id)
    marks = {
        place: one.mark(zone)
        for one, signer in zip(found.checks, found.signers, strict=True)
        for place in signer.places
    }
    stored = await act.store(document_id, version, signature, PKCS7)
    marks_id = await act.keep("signature", document, {"marks": marks, "checks": _kept(found)})
    answered = await act.send(
        document,
        AttachSignature,
        marks_id,
        version=version,
        of_sha256=found.of_sha256,
        of_size=found.of_size,
        wanted=tuple(place.id for place in found.places),
        signers=found.signers,
        **dict(stored),
    )
    after = await run_in_threadpool(
        act.services.views.document, act.user.organisation_id, document_id
    )
    missing = tuple(line.title for line in after.signing if line.signer is None)
    return schemas.SignatureTaken(**dict(answered), missing=missing)


def _checked(act: Act, document_id: str, version: int, signature: bytes) -> Checked:
    services, organisation = act.services, act.user.organisation_id
    document = services.views.document(organisation, document_id)
    _check_is_given_out(document, version)
    places = services.views.signature_places(organisation, document_id, act.now)
    check_can_be_signed(places)
    role = next((role for role in _RENDERING if _has(document, role)), "draft")
    rendering = chosen(document, role, version)
    content = content_of(services, rendering)
    checks = services.signatures.check(content, signature, act.now)
    return Checked(
        of_sha256=rendering.sha256,
        of_size=rendering.size,
        places=places,
        checks=tuple(checks),
        signers=signers(checks, places),
    )


def _check_is_given_out(document: DocumentView, version: int) -> None:
    """Before a check that takes long. A later stage is for the workflow to refuse: it may be there
    because this very request was done, and its answer was lost.
    """
    if document.stage in _EARLIER:
        raise WrongState(f"document {document.document_id} is {document.stage}, not to_sign")
    if version != document.version:
        raise StaleVersion(
            f"version {version} is named, version {document.version} is to be signed"
        )


def _has(document: DocumentView, role: str) -> bool:
    return any(one.role == role and one.version == document.version for one in document.objects)


def _kept(found: Checked) -> Sequence[dict[str, object]]:
    """What was found of each signature, as it is kept."""
    return [one.model_dump(mode="json") for one in found.checks]
