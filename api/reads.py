"""What of people each route shows, and the one place where it is noted that somebody looked.

Whoever's name an answer puts into words is known to the reads themselves; here stands what is shown
of them, and whose data a file or a text holds besides. An answer that shows a minor is given only
once its read is kept: if that cannot be, the request is refused, and may be made again.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, NamedTuple

from fastapi import Request, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from api.policy import ALLOWED, PAGES
from api.problems import Unavailable
from api.routes.reading import User
from api.services import Scope, Services
from domain import ids
from domain.reads import ReadOf, Shown


class Looks(NamedTuple):
    """What a route shows of people; `of` says whose data are in it beside those it names."""

    shown: Shown
    of: Scope | None = None


_NAMES: Final = Looks(Shown.NAMES)
_FILE: Final = Looks(Shown.FILE, "document")
_SHEET: Final = Looks(Shown.SHEET, "document")
_COPY: Final = Looks(Shown.COPY, "document")
_TEXT: Final = Looks(Shown.TEXT, "document")
_OF_PAIR: Final = Looks(Shown.BUNDLE, "pair")
_OF_CYCLE: Final = Looks(Shown.BUNDLE, "cycle")
_NAME_FORMS: Final = Looks(Shown.NAME_FORMS, "person")
_BESIDES: Final[Mapping[str, Looks]] = {
    "people.list": Looks(Shown.CARD, "everybody"),
    "people.names": _NAME_FORMS,
    "people.correct_names": _NAME_FORMS,
    "pages.names": _NAME_FORMS,
    "pages.correct_names": _NAME_FORMS,
    "pairs.bundle": _OF_PAIR,
    "pages.pair_bundle": _OF_PAIR,
    "cycles.bundle": _OF_CYCLE,
    "pages.cycle_bundle": _OF_CYCLE,
    "texts.get": Looks(Shown.TEXT, "text"),
    "documents.file": _FILE,
    "documents.attached": _FILE,
    "documents.table": _FILE,
    "pages.document_file": _FILE,
    "pages.document_table": _FILE,
    "pages.attached": _FILE,
    "documents.copy": _COPY,
    "pages.document_pages": _COPY,
    "documents.approval_sheet": _SHEET,
    "documents.acquaintance_sheet": _SHEET,
    "pages.approval_sheet": _SHEET,
    "pages.acquaintance_sheet": _SHEET,
    # The page of a document, which each of its forms shows again when it is refused.
    "pages.document": _TEXT,
    "pages.decide": _TEXT,
    "pages.register_document": _TEXT,
    "pages.attach_signed": _TEXT,
    "pages.attach_signature": _TEXT,
    "pages.redraft": _TEXT,
    "pages.drop": _TEXT,
    "pages.retry": _TEXT,
    "pages.add_remark": _TEXT,
    "pages.answer_remark": _TEXT,
    "pages.attach_review": _TEXT,
}
_NOBODY: Final = frozenset(name for name, right in PAGES.items() if right is None)
"""Pages for everybody, signed in or not: they show no word about any person."""

LOOKS: Final[Mapping[str, Looks | None]] = {
    name: None if name in _NOBODY else _BESIDES.get(name, _NAMES) for name in (*ALLOWED, *PAGES)
}
"""By route. None: nothing of anybody is shown."""

_ABOUT: Final[Mapping[str, Callable[[str], str]]] = {
    "document_id": ids.document_workflow,
    "pair_id": ids.pair_workflow,
    "cycle_id": ids.cycle_workflow,
}
_OF: Final = ("document_id", "person_id", "text_id", "pair_id", "cycle_id")


async def noted(
    request: Request,
    name: str,
    user: User,
    services: Services,
    answer: Callable[[], Awaitable[Response]],
) -> Response:
    """The answer, once it is kept that `user` was shown it; `Unavailable` if it cannot be."""
    looks = LOOKS[name]
    if looks is None:
        return await answer()
    with services.reads.noting() as people:
        response = await answer()
    if response.status_code in range(300, 400):
        return response  # another page shows it, and notes it then
    given = request.path_params
    about = next((build(given[one]) for one, build in _ABOUT.items() if one in given), None)
    if not people and looks.of is None:
        return response

    def keep() -> None:
        read = ReadOf(
            organisation_id=user.organisation_id,
            account=user.id,
            person_id=user.person_id,
            role=user.role,
            at=services.process_now(),
            route=name,
            shown=looks.shown,
            about=about,
        )
        id_ = next((given[one] for one in _OF if one in given), "")
        try:
            services.reads.keep(read, people, looks.of, id_)
        except SQLAlchemyError as error:
            raise Unavailable("the read could not be noted") from error

    await run_in_threadpool(keep)
    return response
