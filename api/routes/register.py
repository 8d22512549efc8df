"""The register of documents as it stood on a day."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from adapters.postgres.views import DocumentLine
from api.deps import OnDay, Reader, ServicesOf
from api.guard import Guarded
from api.schemas import Name
from domain.base import Value

router = APIRouter(prefix="/register", tags=["documents"], route_class=Guarded)


class DocumentRegister(Value):
    """The documents that had come into force by a day, and which of them had lost it again."""

    on: date
    documents: tuple[DocumentLine, ...]


@router.get("", name="register.list")
def register(
    services: ServicesOf,
    user: Reader,
    on: OnDay = None,
    kind: Annotated[Name | None, Query(description="Вид документа")] = None,
) -> DocumentRegister:
    """The register of documents in force on a day, cancelled and replaced ones marked."""
    day = on or services.today(user.organisation_id)
    documents = services.views.document_register(user.organisation_id, day, kind)
    return DocumentRegister(on=day, documents=documents)
