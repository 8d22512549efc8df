"""Programmes at work: the list; of each its rows, its pairs and its documents, late ones first."""

from datetime import datetime
from typing import Annotated, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response

from api import pairs_again
from api.deps import ServicesOf
from api.downloads import bundle_answer
from api.pages import show
from api.pages.guard import Page, SignedInReader
from api.pages.words import late_by, was_due
from api.pages.words import until as until_day
from api.policy import ALLOWED
from api.routes.reading import CycleLine, DocumentStanding, PairStanding
from api.routes.roadmap_reading import ItemLine
from api.waiting import Awaited, awaited, awaited_of
from domain.base import Value
from domain.organisations import Level

router = APIRouter(route_class=Page, include_in_schema=False)

A_PAGE: Final = 50
"""As the views have it."""
PageNumber = Annotated[int, Query(ge=1, le=10_000)]

STAGES: Final = {"running": "идёт", "closed": "завершена"}


class Until(Value):
    """A deadline in words; `late` is empty in time."""

    until: str = ""
    late: str = ""


class ShownResult(Value):
    """A result of a row; `path` is where it is seen or marked, if that is a page."""

    title: str
    done: bool
    count: str  # «2 из 3», where several pieces of evidence are asked for
    path: str


class Row(Value):
    """A row of a cycle; `path` is where it is changed, for those who may."""

    title: str
    path: str
    state: str
    said: Awaited
    results: tuple[ShownResult, ...]


class Line(Value):
    """A pair or a document in a list."""

    title: str
    path: str
    about: str
    stage: str
    said: Awaited


@router.get("/cycles", name="pages.cycles")
def cycles(request: Request, services: ServicesOf, who: SignedInReader) -> Response:
    """All cycles of the organisation with their counts, those at work first."""
    organisation, now = who.user.organisation_id, services.process_now()
    known = services.views.cycle_lines(organisation, now)
    invited = services.views.invitations(organisation, now)
    return show.page(
        request,
        "cycles.html",
        cycles=known,
        stages=STAGES,
        invited=len(invited),
        may_launch=(may_launch := who.user.role in ALLOWED["cycles.launch"]),
        has_below=may_launch and services.views.level(organisation) != Level.ORGANISATION,
    )


@router.get("/cycles/{cycle_id}", name="pages.cycle")
def cycle(cycle_id: str, request: Request, services: ServicesOf, who: SignedInReader) -> Response:
    """The rows of a cycle with their results. Rows of pairs stand on the pages of the pairs."""
    organisation, now = who.user.organisation_id, services.process_now()
    found = services.views.cycle_rows(organisation, cycle_id, now)
    said, *of_rows = awaited_of(services, who.user, f"cycle/{cycle_id}")
    waits = {one.item_id: one for one in of_rows}
    may_record = who.user.role in ALLOWED["cycles.record_result"]
    may_change = who.user.role in ALLOWED["cycles.move_deadline"] and found.cycle.stage == "running"
    rows = [
        Row(
            title=one.title,
            state=state_of(one),
            path=changed_at(f"/cycles/{cycle_id}", one.item_id) if may_change else "",
            said=waits[one.item_id],
            results=tuple(
                ShownResult(
                    title=result.title,
                    done=result.done,
                    count=f"{result.have} из {result.need}" if result.need > 1 else "",
                    path=f"/documents/{result.document_id}"
                    if result.document_id
                    else f"/cycles/{cycle_id}/branches"
                    if result.proof == "reports"
                    else _marked_at(cycle_id, one.item_id, result.id)
                    if may_record
                    and (one.open and not one.done)
                    and (result.goes_on or not result.done)
                    and result.proof != "document"
                    else "",
                )
                for result in one.results
            ),
        )
        for one in found.rows
        if one.item_id in waits
    ]
    may_export = who.user.role in ALLOWED["cycles.bundle"]
    return _page(
        request,
        "cycle.html",
        found.cycle,
        rows=rows,
        said=said,
        may_export=may_export,
        may_add=may_change,
        may_launch_next=who.user.role in ALLOWED["cycles.launch_next"],
        applied=found.cycle.roadmap if who.user.role in ALLOWED["roadmaps.apply"] else "",
    )


# Not `async`: stored files are read in a thread.
@router.get("/cycles/{cycle_id}/bundle", name="pages.cycle_bundle")
def cycle_bundle(
    cycle_id: str, request: Request, services: ServicesOf, who: SignedInReader
) -> Response:
    """The auditor's bundle of the cycle, as the API gives it."""
    return bundle_answer(services, who.user, request, "cycle", cycle_id)


@router.get("/cycles/{cycle_id}/pairs", name="pages.cycle_pairs")
def cycle_pairs(
    cycle_id: str, request: Request, services: ServicesOf, who: SignedInReader, page: PageNumber = 1
) -> Response:
    """The pairs of a cycle."""
    organisation, now = who.user.organisation_id, services.process_now()
    found = services.views.cycle_pairs(organisation, cycle_id, now, page)
    ids = [one.pair_id for one in found.lines]
    waits = services.views.waits_of_pairs(organisation, cycle_id, ids, now)
    lines = list(map(_pair, found.lines, awaited(services, who.user, waits)))
    may_form = who.user.role in ALLOWED["cycles.form_pairs"]
    again = may_form and pairs_again.follow_a_year(services, organisation, cycle_id)
    shown = {"lines": lines, "again": again}
    return _page(request, "cycle_pairs.html", found.cycle, page, found.cycle.pairs, **shown)


@router.get("/cycles/{cycle_id}/documents", name="pages.cycle_documents")
def cycle_documents(
    cycle_id: str, request: Request, services: ServicesOf, who: SignedInReader, page: PageNumber = 1
) -> Response:
    """The documents of a cycle."""
    organisation, now = who.user.organisation_id, services.process_now()
    found = services.views.cycle_documents(organisation, cycle_id, now, page)
    ids = [one.line.document_id for one in found.lines]
    waits = services.views.waits_of_documents(organisation, cycle_id, ids, now)
    lines = list(map(_document, found.lines, awaited(services, who.user, waits)))
    total = found.cycle.documents
    return _page(request, "cycle_documents.html", found.cycle, page, total, lines=lines)


def when(due: datetime | None, now: datetime, zone: ZoneInfo) -> Until:
    """A deadline as people say it."""
    if due is None:
        return Until()
    day, today = due.astimezone(zone).date(), now.astimezone(zone).date()
    if due < now:
        return Until(until=was_due(day, today), late=late_by(day, today))
    return Until(until=until_day(day, today))


def state_of(row: ItemLine) -> str:
    """How far a row is, in a word."""
    if row.skipped:
        return "не применяется"
    return "сделано" if row.done else "идёт" if row.open else "впереди"


def changed_at(base: str, item: str) -> str:
    """Where a row of a cycle or of a pair is changed; `base` is the page of that."""
    return f"{base}/row?{urlencode({'item': item})}"


def _marked_at(cycle_id: str, item: str, result: str) -> str:
    return f"/cycles/{cycle_id}/result?{urlencode({'item': item, 'result': result})}"


def _pair(line: PairStanding, said: Awaited) -> Line:
    year = f" · год {line.turn}" if line.turn > 1 else ""
    return Line(
        title=f"{line.mentor.name} → {line.mentee.name}",
        path=f"/pairs/{line.pair_id}",
        about=f"{line.form_title}{year}",
        stage=line.stage_title if line.open else "",
        said=said,
    )


def _document(line: DocumentStanding, said: Awaited) -> Line:
    document = line.line
    number = f" №\N{NO-BREAK SPACE}{document.number}" if document.number else ""
    return Line(
        title=f"{document.title}{number}",
        path=f"/documents/{document.document_id}",
        about=" → ".join(one.name for one in line.about),
        stage="",
        said=said,
    )


def _page(
    request: Request,
    template: str,
    cycle: CycleLine,
    page: int = 1,
    total: int = 0,
    **shown: object,
) -> Response:
    pages = max(1, -(-total // A_PAGE))
    head = {"cycle": cycle, "stages": STAGES, "page": page, "pages": pages}
    return show.page(request, template, 200, **head, **shown)
