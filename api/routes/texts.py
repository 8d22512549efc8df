"""What people wrote: remarks, reasons, notes, evidence."""

from fastapi import APIRouter

from adapters.postgres.views import TextView
from api.deps import Reader, ServicesOf
from api.guard import Guarded

router = APIRouter(prefix="/texts", tags=["texts"], route_class=Guarded)


@router.get("/{text_id}", name="texts.get")
def get(text_id: str, services: ServicesOf, user: Reader) -> TextView:
    """The words behind a `note_id` or `evidence_id`."""
    return services.views.text(user.organisation_id, text_id)
