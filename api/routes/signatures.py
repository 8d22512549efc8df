"""Electronic signatures of documents, as files of their own."""

from typing import Annotated

from fastapi import APIRouter, Query

from api import schemas
from api.deps import Acting
from api.guard import Guarded
from api.signing import attach_signature
from api.uploads import SIGNATURE_BODY, SignatureFile
from domain.signing import MOST_BYTES


class GuardedSignatures(Guarded):
    """A route that takes a file of signatures as its raw body."""

    body_limit = MOST_BYTES


router = APIRouter(prefix="/documents", tags=["documents"], route_class=GuardedSignatures)


@router.post(
    "/{document_id}/signature", name="documents.attach_signature", openapi_extra=SIGNATURE_BODY
)
async def attach(
    document_id: str, version: Annotated[int, Query(ge=1)], signature: SignatureFile, act: Acting
) -> schemas.SignatureTaken:
    """Sign electronically: a detached signature (.sig, .p7s) over the DOCX that is to be signed.

    It counts for whomever its certificate names. Once all have signed, the document is sealed.
    """
    return await attach_signature(act, document_id, version, signature)
