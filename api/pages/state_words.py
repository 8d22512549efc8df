"""What a task, a document or an event is, in the words of the pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Final

from api.pages import words
from api.routes.reading import DocumentView, InboxTask, TimelineEvent
from domain.base import Value

_WAITS: Final[Mapping[str, str]] = {
    "decide": "Ждёт решения",
    "redraft": "Ждёт доработки по замечанию",
    "register": "Ждёт регистрации",
    "attach_signed": "Ждёт подписанного экземпляра",
    "record_meeting": "Ждёт записи о встрече",
    "record_monitoring": "Ждёт формы мониторинга",
    "record_result": "Ждёт отметки о результате",
    "mend": "Остановлено, пока не устранена причина",
}
_AFTER: Final[Mapping[str, str]] = {
    "register": "подпись",
    "attach_signed": "хранение без изменений",
    "redraft": "новое решение",
}
_STAGES: Final[Mapping[str, str]] = {
    "drafting": "Готовится: версия появится через несколько секунд",
    "on_approval": "На утверждении",
    "returned": "Возвращён с замечанием",
    "to_register": "Ждёт регистрации",
    "registering": "Получает номер и дату",
    "to_sign": "Ждёт подписанного экземпляра",
    "sealing": "Подписанный экземпляр принимается на хранение",
    "in_force": "Действует",
    "withdrawn": "Отозван",
}
_EVENTS: Final[Mapping[str, str]] = {
    "approved": "Утверждено",
    "sent_back": "Возвращено с замечанием",
    "redrafted": "Отправлено на доработку",
    "registered": "Зарегистрировано",
    "signed_scan_attached": "Приложен подписанный экземпляр",
    "sealed": "Подписанный экземпляр принят на хранение",
    "changed_document": "Изменило другой документ",
    "withdrawn": "Отозвано",
    "meeting_recorded": "Записана встреча",
    "monitoring_recorded": "Заполнена форма мониторинга",
    "stage_completed": "Пройден этап",
    "result_proved": "Результат подтверждён",
    "stopped": "Пара прекращена досрочно",
    "pair_formed": "Пара образована",
}
_TECHNICAL: Final[Mapping[str, str]] = {
    "drafted": "Версия подготовлена",
    "registration_asked": "Запрошены номер и дата",
    "reminded": "Отправлено напоминание",
    "escalated": "Сообщено о просрочке",
    "troubled": "Остановлено: нужна помощь",
    "retried": "Попытка повторена",
    "item_opened": "Открыта строка дорожной карты",
    "document_asked": "Запрошен документ",
    "document_changed": "Документ изменён другим",
}
DECISIONS: Final = ("approved", "sent_back")


class Waiting(Value):
    """One thing that is waited for: from whom, since when, until when."""

    what: str
    who: str
    since: str
    until: str
    late: str
    """Words of lateness; empty in time."""
    after: str = ""
    title: str = ""
    """Of the document, where another page tells of it."""
    path: str = ""


def waiting(
    task: InboxTask, now: datetime, zone: tzinfo, document: DocumentView | None = None
) -> Waiting:
    """What this task means to whoever looks at its document or pair."""
    today = now.astimezone(zone).date()
    due = task.due.astimezone(zone).date() if task.due else None
    until = words.until(due, today) if due else "без срока"
    return Waiting(
        what=_WAITS.get(task.kind, task.title),
        who=task.assignee.name,
        since=f"с\N{NO-BREAK SPACE}{words.short_day(task.since.astimezone(zone).date(), today)}",
        until=words.was_due(due, today) if due and task.late else until,
        late=words.late_by(due, today) if due and task.late else "",
        after=_after(task, document),
    )


def _after(task: InboxTask, document: DocumentView | None) -> str:
    if task.kind == "decide" and document is not None:
        return "регистрация" if document.registrar else "подпись"
    return _AFTER.get(task.kind, "")


def stage_words(document: DocumentView) -> str:
    """The state of a document that waits for nobody."""
    if document.ended:
        return f"Не действует: {document.ended.title} {words.long_day(document.ended.day)}"
    known = _STAGES.get(document.stage, document.stage)
    in_force = document.stage == "in_force" and document.day is not None
    return f"{known} с {words.long_day(document.day)}" if in_force and document.day else known


def is_technical(event: TimelineEvent) -> bool:
    """Whether nobody but whoever looks after the machine asks for it."""
    return event.action not in _EVENTS


def event_words(event: TimelineEvent) -> str:
    """What happened."""
    known = _EVENTS.get(event.action) or _TECHNICAL.get(event.action)
    return known or f"Событие «{event.action}»"


def last_decision(events: Sequence[TimelineEvent]) -> TimelineEvent | None:
    """The latest decision on a document."""
    return next((one for one in reversed(events) if one.action in DECISIONS), None)
