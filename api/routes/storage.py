"""The store: whether what is kept there is safe from whoever has its keys."""

from fastapi import APIRouter

from api.deps import Reader, ServicesOf
from api.guard import Guarded
from api.problems import Unavailable
from domain.canary import CanaryResult

router = APIRouter(prefix="/storage", tags=["storage"], route_class=Guarded)


@router.get("", name="storage.get")
def storage(services: ServicesOf, user: Reader) -> CanaryResult:
    """Whether the store is write-once, as it was found by trying, at start and daily."""
    del user  # the store is one for all organisations
    found = services.canary()
    if found is None:
        raise Unavailable("the store has not been tried yet")
    return found
