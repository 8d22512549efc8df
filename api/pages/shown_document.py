"""All that a document's page shows, read once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from api.downloads import content_of, file_name
from api.pages.amended import FactField, fact_fields
from api.pages.doable import doable
from api.pages.kept_words import destroyed_words, kept_words
from api.pages.places import places_of
from api.pages.state_words import (
    ROUTE_STATES,
    STAGE_KINDS,
    outcome_words,
)
from api.pages.words import moment, was_due
from api.pages.words import until as until_day
from api.routes.reading import (
    DocumentView,
    InboxTask,
    ObjectLine,
    PairView,
    RemarkLine,
    RouteLine,
    User,
    VerdictLine,
)
from api.services import Services
from api.waiting import Awaited, awaited_of
from domain.base import Value
from domain.document_text import Block, Change, changes
from domain.errors import BadUpload, BytesChanged, KeyDestroyed, NotFound, WrongKey

_LINE: Final = 34
"""So many signs stand in a line of a field beside the text."""
_UNREADABLE = (KeyDestroyed, BytesChanged, WrongKey, NotFound, BadUpload)
_ROLES = ("visual", "signed", "registered", "draft")
_ROLE_TITLES = {
    "visual": "Копия с отметкой об электронной подписи",
    "signed": "Подписанный экземпляр",
    "registered": "С номером и датой (DOCX)",
    "draft": "Проект (DOCX)",
}


class Decided(Value):
    """What one of those who were asked said of a version."""

    what: str
    who: str
    when: str
    version: int
    remark: str


class RouteStep(Value):
    """A stage of the route: `now` has who is waited for, and until when."""

    title: str
    who: str
    state: str
    state_words: str
    until: str


class Discussed(Value):
    """A remark of the discussion with its answer; an empty one is still awaited."""

    id: str
    who: str
    when: str
    text: str
    answer: str


class Elsewhere(Value):
    """What this document waits for and is done on another page."""

    title: str
    path: str


class ShownFile(Value):
    title: str
    name: str
    path: str


class ShownFact(FactField):
    rows: int


class ShownDocument(Value):
    """`blocks` are empty, and `unreadable` says why, if its text cannot be shown."""

    document: DocumentView
    pair: PairView | None
    said: Awaited
    """What is waited for."""
    todo: tuple[Elsewhere, ...]
    """What is done on other pages."""
    may: frozenset[str]
    """What its reader may do now; see `doable`."""
    numbered: bool
    """Whether a journal counts its kind."""
    electronic: bool
    """Whether its kind may be signed electronically."""
    unsigned: tuple[str, ...]
    """The lines whose electronic signatures are still missing, once the first has come."""
    remark: str
    """Why it was sent back or refused, while that is to be mended."""
    facts: tuple[ShownFact, ...]
    """What may be said otherwise in the next version."""
    sha256: str
    role: str
    blocks: tuple[Block, ...]
    unreadable: str
    pages_ready: bool
    changes: tuple[Change, ...] | None
    """What is other than in the version before; None if there was none."""
    route: tuple[RouteStep, ...]
    decisions: tuple[Decided, ...]
    discussion: tuple[Discussed, ...]
    files: tuple[ShownFile, ...]
    scan: tuple[str, ...]
    kept: str
    """How long it is kept; empty while it is on its way."""
    destroyed: str
    """By which act it is gone; empty if it is there."""


def shown_document(services: Services, user: User, document_id: str) -> ShownDocument:
    """The document as this reader may see it. Raises `NotFound`."""
    views, organisation = services.views, user.organisation_id
    document = views.document(organisation, document_id)
    now, zone = services.process_now(), services.zone(organisation)
    tasks = views.waiting(organisation, f"document/{document_id}", user.acts_for, now)
    kind, rendering = services.kinds.get(document.kind), _rendering(document)
    blocks, unreadable, ready = _text(services, rendering)
    may = doable(document, tasks, user, readable=bool(blocks))
    words = _Words(services, organisation)
    route = tuple(_step(one, now, zone) for one in document.route)
    return ShownDocument(
        document=document,
        pair=views.pair(organisation, document.pair_id) if document.pair_id else None,
        said=awaited_of(services, user, f"document/{document_id}")[0],
        todo=tuple(_elsewhere(services, organisation, document_id, tasks)),
        may=may,
        numbered=kind is not None and kind.journal is not None,
        electronic=kind is not None and kind.electronic is not None,
        unsigned=tuple(one.title for one in document.signing if one.signer is None),
        remark=_reason(document, words),
        facts=_facts(services, organisation, document_id) if "redraft" in may else (),
        sha256=document.draft_sha256 or "",
        role=rendering.role if rendering else "draft",
        blocks=blocks,
        unreadable=unreadable,
        pages_ready=ready,
        changes=_changes(services, document, blocks),
        route=route,
        decisions=tuple(_decided(one, words, zone) for one in document.verdicts),
        discussion=tuple(_discussed(one, words, zone) for one in document.remarks),
        files=()
        if document.destroyed
        else (
            *_files(document, ready=ready),
            *_table(services, document),
            *_reviews(services, organisation, document, words),
        ),
        scan=document.scan.warnings if document.scan else (),
        kept=kept_words(document.kept),
        destroyed=destroyed_words(document),
    )


@dataclass(frozen=True)
class _Words:
    """What people wrote."""

    services: Services
    organisation: str

    def of(self, note_id: str | None) -> str:
        """The text with this id; empty without one, and once it was destroyed."""
        if note_id is None:
            return ""
        try:
            return str(self.services.views.text(self.organisation, note_id).body.get("text", ""))
        except KeyDestroyed:
            return ""


def _elsewhere(
    services: Services, organisation: str, document_id: str, tasks: Sequence[InboxTask]
) -> Iterator[Elsewhere]:
    places, here = places_of(services, organisation, tasks), f"/documents/{document_id}"
    for task in tasks:
        if places[task.task_id] != here:
            yield Elsewhere(title=task.title, path=places[task.task_id])


def _rendering(document: DocumentView) -> ObjectLine | None:
    """The stored DOCX that people see now."""
    known = {(one.role, one.version): one for one in document.objects}
    return known.get(("registered", document.version)) or known.get(("draft", document.version))


def _text(services: Services, rendering: ObjectLine | None) -> tuple[tuple[Block, ...], str, bool]:
    """What is written, or why it cannot be read; and whether its pages are ready."""
    if rendering is None:
        return (), "Версия готовится: обновите страницу через несколько секунд.", False
    try:
        content = content_of(services, rendering)
        blocks = services.document_text(content)
    except KeyDestroyed:
        return (), "Содержание уничтожено по акту.", False
    except _UNREADABLE:
        return (), "Хранимый файл не читается. Скажите администратору.", False
    return blocks, "", services.pdf_begun(rendering.sha256, content)


def _changes(
    services: Services, document: DocumentView, blocks: tuple[Block, ...]
) -> tuple[Change, ...] | None:
    before = [
        one
        for one in document.objects
        if one.role == "draft" and one.version == document.version - 1
    ]
    if not before or not blocks:
        return None
    try:
        old = services.document_text(content_of(services, before[0]))
    except _UNREADABLE:
        return None
    return changes(old, blocks)


def _reason(document: DocumentView, words: _Words) -> str:
    """The last words that sent this version back or refused it."""
    if document.stage not in ("returned", "refused") or not document.verdicts:
        return ""
    return words.of(document.verdicts[-1].note_id)


def _facts(services: Services, organisation: str, document_id: str) -> tuple[ShownFact, ...]:
    fields = fact_fields(services, organisation, document_id)
    return tuple(ShownFact(**dict(one), rows=_rows(one.value)) for one in fields)


def _rows(value: str) -> int:
    """So many lines that what is there is seen."""
    lines = sum(1 + len(line) // _LINE for line in value.splitlines())
    return min(max(2, lines), 10)


def _step(line: RouteLine, now: datetime, zone: ZoneInfo) -> RouteStep:
    today = now.astimezone(zone).date()
    due = line.due.astimezone(zone).date() if line.due else None
    late = line.due is not None and line.due < now
    until = "" if due is None else was_due(due, today) if late else until_day(due, today)
    asked = line.asked or line.holders
    return RouteStep(
        title=line.title,
        who=", ".join(one.name for one in asked) or STAGE_KINDS[line.kind],
        state=line.state,
        state_words=ROUTE_STATES[line.state],
        until=until,
    )


def _decided(line: VerdictLine, words: _Words, zone: ZoneInfo) -> Decided:
    remark = words.of(line.note_id)
    who = line.person.name if line.person else line.holder.name
    if line.number and line.day:
        who += f", протокол №\N{NO-BREAK SPACE}{line.number} от {line.day:%d.%m.%Y}"
    elif line.person and line.person.id != line.holder.id:
        who += f" (право решать: {line.holder.name})"
    return Decided(
        what=outcome_words(line.outcome, with_remark=bool(remark)),
        who=who,
        when=moment(line.at, zone),
        version=line.version,
        remark=remark,
    )


def _discussed(line: RemarkLine, words: _Words, zone: ZoneInfo) -> Discussed:
    return Discussed(
        id=line.id,
        who=line.author.name,
        when=moment(line.at, zone),
        text=words.of(line.note_id),
        answer=words.of(line.answer_id),
    )


def _files(document: DocumentView, *, ready: bool) -> tuple[ShownFile, ...]:
    """The latest of each role; the pages too, once they are ready."""
    latest = {one.role: one for one in sorted(document.objects, key=lambda one: one.version)}
    base = f"/documents/{document.document_id}"
    found = [
        ShownFile(
            title=_ROLE_TITLES[role],
            name=file_name(document, latest[role]),
            path=f"{base}/file?role={role}&version={latest[role].version}",
        )
        for role in _ROLES
        if role in latest
    ]
    found += _signatures(document)
    shown = _rendering(document)
    if ready and shown is not None:
        name = file_name(document, shown).removesuffix(".docx")
        path = f"{base}/pages.pdf?role={shown.role}&version={shown.version}&save=1"
        found.append(ShownFile(title="Страницы (PDF)", name=f"{name}.pdf", path=path))
    return tuple(found)


def _table(services: Services, document: DocumentView) -> list[ShownFile]:
    """The figures as a table, of a kind that has one, once there is something to print."""
    if document.kind not in services.tables or _rendering(document) is None:
        return []
    path = f"/documents/{document.document_id}/table.xlsx?version={document.version}"
    name = f"{document.title}, версия {document.version}.xlsx"
    return [ShownFile(title="Таблица (XLSX)", name=name, path=path)]


def _reviews(
    services: Services, organisation: str, document: DocumentView, words: _Words
) -> list[ShownFile]:
    """The reviews from outside, each with whose it is."""
    if all(one.kind != "review" for one in document.route):
        return []
    events = services.views.history(organisation, document.document_id)
    base = f"/documents/{document.document_id}/files"
    return [
        ShownFile(
            title="Внешняя рецензия (PDF)", name=words.of(one.note_id), path=f"{base}/{one.sha256}"
        )
        for one in events
        if one.action == "review_attached"
    ]


def _signatures(document: DocumentView) -> list[ShownFile]:
    """The files of electronic signatures, each with the lines that it signs."""
    sealed = [one for one in document.objects if one.role == "signature"]
    titles = {
        n: ", ".join(line.title for line in document.signing if line.file == n)
        for n in range(1, len(sealed) + 1)
    }
    base = f"/documents/{document.document_id}/file?role=signature"
    return [
        ShownFile(
            title=f"Подпись (.p7s): {titles[n]}" if titles[n] else "Подпись (.p7s)",
            name=file_name(document, one, n),
            path=f"{base}&version={one.version}&number={n}",
        )
        for n, one in enumerate(sealed, start=1)
    ]
