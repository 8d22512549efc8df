"""All that a document's page shows, read once."""

from datetime import datetime
from zoneinfo import ZoneInfo

from api.downloads import content_of, file_name
from api.pages.state_words import DECISIONS, Waiting, event_words, stage_words, waiting
from api.pages.words import moment
from api.policy import ALLOWED
from api.routes.reading import (
    DocumentView,
    InboxTask,
    ObjectLine,
    PairView,
    TimelineEvent,
    User,
)
from api.services import Services
from domain.base import Value
from domain.document_text import Block, Change, changes
from domain.errors import BadUpload, BytesChanged, KeyDestroyed, NotFound, WrongKey

_UNREADABLE = (KeyDestroyed, BytesChanged, WrongKey, NotFound, BadUpload)
_ROLES = ("signed", "registered", "draft")
_ROLE_TITLES = {
    "signed": "Подписанный экземпляр",
    "registered": "С номером и датой (DOCX)",
    "draft": "Проект (DOCX)",
}


class Decided(Value):
    """A line of the approval sheet."""

    what: str
    who: str
    when: str
    version: int
    remark: str


class ShownFile(Value):
    title: str
    name: str
    path: str


class ShownDocument(Value):
    """`blocks` are empty, and `unreadable` says why, if its text cannot be shown."""

    document: DocumentView
    pair: PairView | None
    stage: str
    waiting: tuple[Waiting, ...]
    may_decide: bool
    sha256: str
    role: str
    blocks: tuple[Block, ...]
    unreadable: str
    pages_ready: bool
    changes: tuple[Change, ...] | None
    """What is other than in the version before; None if there was none."""
    decisions: tuple[Decided, ...]
    files: tuple[ShownFile, ...]


def shown_document(services: Services, user: User, document_id: str) -> ShownDocument:
    """The document as this reader may see it. Raises `NotFound`."""
    views, organisation = services.views, user.organisation_id
    document = views.document(organisation, document_id)
    now, zone = services.process_now(), services.zone(organisation)
    tasks = views.waiting(organisation, f"document/{document_id}", user.acts_for, now)
    events = views.history(organisation, document_id)
    rendering = _rendering(document)
    blocks, unreadable, ready = _text(services, rendering)
    return ShownDocument(
        document=document,
        pair=views.pair(organisation, document.pair_id) if document.pair_id else None,
        stage=stage_words(document),
        waiting=tuple(waiting(task, now, zone, document) for task in tasks),
        may_decide=bool(blocks) and any(_may_decide(task, user) for task in tasks),
        sha256=document.draft_sha256 or "",
        role=rendering.role if rendering else "draft",
        blocks=blocks,
        unreadable=unreadable,
        pages_ready=ready,
        changes=_changes(services, document, blocks),
        decisions=tuple(_decided(services, organisation, one, zone) for one in _decisions(events)),
        files=_files(document, ready=ready),
    )


def _may_decide(task: InboxTask, user: User) -> bool:
    return task.kind == "decide" and task.mine and user.role in ALLOWED["documents.decide"]


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


def _decisions(events: tuple[TimelineEvent, ...]) -> list[TimelineEvent]:
    return [one for one in events if one.action in DECISIONS]


def _decided(
    services: Services, organisation: str, event: TimelineEvent, zone: ZoneInfo
) -> Decided:
    at: datetime = event.at
    return Decided(
        what=event_words(event),
        who=event.actor.name,
        when=moment(at, zone),
        version=event.version or 0,
        remark=_remark(services, organisation, event.note_id),
    )


def _remark(services: Services, organisation: str, note_id: str | None) -> str:
    if note_id is None:
        return ""
    return str(services.views.text(organisation, note_id).body.get("text", ""))


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
    shown = _rendering(document)
    if ready and shown is not None:
        name = file_name(document, shown).removesuffix(".docx")
        path = f"{base}/pages.pdf?role={shown.role}&version={shown.version}&save=1"
        found.append(ShownFile(title="Страницы (PDF)", name=f"{name}.pdf", path=path))
    return tuple(found)
