"""Who may call what: one line for each route of the API. A route without a line is refused.

This is the outer door only. Whether this very person may do this very thing is for the rules of
the workflow to say.
"""

from collections.abc import Mapping
from typing import Final

from api.problems import Forbidden
from domain.people import AccessRole

_ADMINISTRATOR: Final = frozenset({AccessRole.ADMINISTRATOR})
_CURATOR: Final = frozenset({AccessRole.CURATOR})
_OFFICE: Final = _ADMINISTRATOR | _CURATOR
_STAFF: Final = _OFFICE | {AccessRole.DIRECTOR}
_ALL: Final = frozenset(AccessRole)

ALLOWED: Final[Mapping[str, frozenset[AccessRole]]] = {
    "people.import": _OFFICE,
    "people.list": _ALL,
    "people.names": _ALL,
    "people.correct_names": _OFFICE,
    "bodies.list": _ALL,
    "cycles.launch": _ADMINISTRATOR,
    "cycles.list": _ALL,
    "cycles.get": _ALL,
    "cycles.register": _ALL,
    "cycles.notices": _ALL,
    "cycles.indicators": _ALL,
    "cycles.form_pairs": _CURATOR,
    "cycles.welcome_mentor": _CURATOR,
    "cycles.draft_document": _OFFICE,
    "cycles.upload_proof": _STAFF,
    "cycles.record_result": _STAFF,
    "cycles.retry": _OFFICE,
    "inbox.list": _ALL,
    "documents.get": _ALL,
    "documents.file": _ALL,
    "documents.copy": _ALL,
    "documents.decide": _STAFF,
    "documents.redraft": _STAFF,
    "documents.register": _STAFF,
    "documents.attach_signed": _STAFF,
    "documents.retry": _OFFICE,
    "documents.chain": _ALL,
    "documents.drop": _STAFF,
    "register.list": _ALL,
    "grounds.list": _ALL,
    "grounds.add": _ADMINISTRATOR,
    "grounds.end": _ADMINISTRATOR,
    "journals.list": _ALL,
    "journals.lines": _ALL,
    "journals.file": _ALL,
    "journals.place_kinds": _ADMINISTRATOR,
    "journals.reserve": _OFFICE,
    "journals.letter": _OFFICE,
    "journals.void": _OFFICE,
    "journals.file_incoming": _OFFICE,
    "templates.kinds": _ALL,
    "templates.list": _ALL,
    "templates.upload": _ADMINISTRATOR,
    "templates.file": _ALL,
    "templates.preview": _ALL,
    "templates.difference": _ALL,
    "layout.get": _ALL,
    "layout.set": _ADMINISTRATOR,
    "texts.get": _ALL,
    "pairs.get": _ALL,
    "pairs.timeline": _ALL,
    "pairs.record_meeting": _STAFF,
    "pairs.record_monitoring": _STAFF,
    "pairs.stop": _STAFF,
    "pairs.upload_proof": _STAFF,
    "pairs.record_result": _STAFF,
    "pairs.retry": _OFFICE,
}

PAGES: Final[Mapping[str, str | None]] = {
    "pages.file": None,
    "pages.sign_in": None,
    "pages.send_sign_in": None,
    "pages.sign_out": None,
    "pages.verify": None,
    "pages.send_verify": None,
    "pages.code": None,
    "pages.password": "inbox.list",
    "pages.send_password": "inbox.list",
    "pages.inbox": "inbox.list",
    "pages.document": "documents.get",
    "pages.decide": "documents.decide",
    "pages.document_file": "documents.file",
    "pages.document_pages": "documents.copy",
    "pages.pair": "pairs.get",
}
"""The route of the API whose right each page needs; None: everybody may, signed in or not."""


def check_allowed(route: str, role: AccessRole) -> None:
    """Raises `Forbidden` unless an account with this role may call the route."""
    if role not in ALLOWED.get(route, frozenset()):
        raise Forbidden(f"{role} may not call {route}")
