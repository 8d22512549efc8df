"""What a task, a document or an event is, in the words of the pages."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Final

from api.pages import words
from api.problems import BY_CODE, PROBLEMS
from api.routes.reading import DocumentLine, DocumentView, InboxTask, TimelineEvent
from domain.base import Value

_WAITS: Final[Mapping[str, str]] = {
    "decide": "Ждёт решения",
    "redraft": "Ждёт доработки по замечанию",
    "reopen": "В утверждении отказано; ждёт решения, готовить ли документ заново",
    "hold_sitting": "Ждёт решения заседания",
    "answer_remark": "Ждёт ответа на замечание",
    "attach_review": "Ждёт внешней рецензии",
    "appoint": "Решать некому: ждёт, кому передать это право",
    "register": "Ждёт регистрации",
    "attach_signed": "Ждёт подписанного экземпляра",
    "fulfil": "Ждёт исполнения поручения",
    "record_meeting": "Ждёт записи о встрече",
    "record_monitoring": "Ждёт формы мониторинга",
    "mend": "Остановлено, пока не устранена причина",
}
_AFTER: Final[Mapping[str, str]] = {
    "register": "подпись",
    "attach_signed": "хранение без изменений",
    "redraft": "новое решение",
    "reopen": "новое решение",
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
    "refused": "В утверждении отказано",
}
_MATTERS: Final[Mapping[str, str]] = {
    "approved": "Утверждено",
    "sent_back": "Возвращено с замечанием",
    "refused": "Отказано в утверждении",
    "handed_over": "Право решать перешло",
    "remark_made": "Сделано замечание",
    "remark_answered": "Дан ответ на замечание",
    "discussion_ended": "Обсуждение окончено",
    "review_attached": "Приложена внешняя рецензия",
    "redrafted": "Отправлено на доработку",
    "registered": "Зарегистрировано",
    "signed_scan_attached": "Приложен подписанный экземпляр",
    "signature_attached": "Приложена электронная подпись",
    "sealed": "Подписанный экземпляр принят на хранение",
    "acquainted": "Записано ознакомление",
    "assignment_given": "Дано поручение",
    "assignment_fulfilled": "Поручение исполнено",
    "assignment_returned": "Поручение возвращено исполнителю",
    "assignment_dropped": "Поручение снято",
    "control_handed_over": "Контроль за поручением перешёл",
    "changed_document": "Изменило другой документ",
    "withdrawn": "Отозвано",
    "meeting_recorded": "Записана встреча",
    "monitoring_recorded": "Заполнена форма мониторинга",
    "stage_completed": "Пройден этап",
    "result_proved": "Результат подтверждён",
    "stopped": "Пара прекращена досрочно",
    "pair_formed": "Пара образована",
    "mentor_welcomed": "Наставляемый принят в базу наставников",
    "planned": "Программа запущена",
    "turn_closed": "Закрыт год программы",
    "closed": "Программа завершена",
    "mandate_given": "Дано право решать и подписывать",
    "mandate_ended": "Право решать и подписывать прекращено",
    "body_set": "Изменены сведения об органе",
    "sitting_called": "Назначено заседание",
    "sitting_held": "Записано заседание",
    "sitting_cancelled": "Заседание отменено",
    "number_reserved": "Зарезервирован номер",
    "number_lettered": "Дан литерный номер",
    "number_voided": "Номер аннулирован",
    "number_typed": "Номер введён вручную",
    "kinds_placed": "Изменено, какие документы считает журнал регистрации",
    "incoming_filed": "Зарегистрирован входящий документ",
    "calendar_loaded": "Изменён производственный календарь",
    "template_uploaded": "Загружен шаблон документа",
    "layout_changed": "Изменено оформление документов",
    "retention_chosen": "Выбран срок хранения",
    "destroyed": "Документ уничтожен по акту",
    "listed_destroyed": "Уничтожены документы, названные в акте",
    "log_witnessed": "Принята контрольная отметка чужого журнала",
    "file_lost": "Хранимый файл утрачен",
    "file_changed": "Хранимый файл изменён",
    "file_hidden": "Хранимый файл заслонён другим",
    "file_unreadable": "Хранимый файл не читается",
    "file_restored": "Хранимый файл снова цел",
    "log_broken": "Журнал событий изменён",
    "log_whole": "Журнал событий снова цел",
    "incident_noted": "Записано, что сделано с файлом",
    "incident_ended": "Файл уничтожен по акту, происшествие закрыто",
}
FILE_ROLES: Final[Mapping[str, str]] = {
    "incoming": "присланный файл",
    "draft": "проект, без номера и подписи",
    "registered": "с номером и датой, до подписи",
    "signed": "подписанный экземпляр",
    "signature": "файл электронной подписи",
    "visual": "копия с отметкой об электронной подписи, для чтения и печати",
}
"""What a stored file is of its document."""
_OF_THE_MACHINE: Final[Mapping[str, str]] = {
    "drafted": "Версия подготовлена",
    "informed": "Сообщено тому, кто принимал участие",
    "registration_asked": "Запрошены номер и дата",
    "reminded": "Отправлено напоминание",
    "escalated": "Сообщено о просрочке",
    "troubled": "Остановлено: нужна помощь",
    "retried": "Попытка повторена",
    "item_opened": "Открыта строка дорожной карты",
    "document_asked": "Запрошен документ",
    "document_changed": "Документ изменён другим",
    "reads_counted": "Сосчитаны просмотры данных несовершеннолетних",
}
EVENTS: Final[Mapping[str, str]] = {**_MATTERS, **_OF_THE_MACHINE}
"""Every action of the program in words."""
_NEWS: Final[Mapping[str, str]] = {
    "redrafted": "готовится новая версия",
    "sent_back": "возвращён с замечанием",
    "refused": "в утверждении отказано",
    "fulfil": "поручение исполнено",
}
DECISIONS: Final = ("approved", "sent_back", "refused")
ACTS: Final = (
    *DECISIONS,
    *("redrafted", "registration_asked", "signed_scan_attached"),
    *("signature_attached", "retried", "withdrawn"),
    *("remark_made", "remark_answered", "review_attached"),
)
"""What people do with a document from its page."""


_OUTCOMES: Final[Mapping[str, str]] = {
    "approve": "Утверждено",
    "send_back": "Возвращено с замечанием",
    "refuse": "Отказано в утверждении",
}
ROUTE_STATES: Final[Mapping[str, str]] = {
    "done": "пройдено",
    "now": "сейчас",
    "ahead": "впереди",
    "skipped": "не требуется",
}
STAGE_KINDS: Final[Mapping[str, str]] = {
    "decision": "решение",
    "body": "решение заседания",
    "discussion": "открытое обсуждение",
    "review": "внешняя рецензия",
}
"""What a stage is, where it names nobody."""


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
        what=_WAITS.get(task.kind) or f"Ждёт отметки: {task.title}",
        who=task.assignee.name,
        since=f"с\N{NO-BREAK SPACE}{words.short_day(task.since.astimezone(zone).date(), today)}",
        until=words.was_due(due, today) if due and task.late else until,
        late=words.late_by(due, today) if due and task.late else "",
        after=_after(task, document),
    )


def _after(task: InboxTask, document: DocumentView | None) -> str:
    if document is not None and any(one.state == "now" for one in document.route):
        ahead = next((one.title for one in document.route if one.state == "ahead"), None)
        last = "регистрация" if document.registrar else "подпись"
        return f"«{ahead}»" if ahead else last
    return _AFTER.get(task.kind, "")


def waits_words(task: str, who: str) -> str:
    """«Ждёт решения — Иванова М. П.»."""
    return f"{_WAITS.get(task, 'Ждёт')} — {who}"


def document_words(document: DocumentLine) -> str:
    """The state of a document that waits for nobody, in a list."""
    if document.ended:
        return f"Не действует: {document.ended.title}"
    return _STAGES.get(document.stage, document.stage)


def document_stage(stage: str | None) -> str:
    """A stage in the middle of a sentence; «готовится» before there is a document."""
    known = _STAGES.get(stage or "drafting", stage or "")
    return known[:1].lower() + known[1:]


def stage_words(document: DocumentView) -> str:
    """The state of a document that waits for nobody."""
    if document.ended:
        return f"Не действует: {document.ended.title} {words.long_day(document.ended.day)}"
    known = _STAGES.get(document.stage, document.stage)
    in_force = document.stage == "in_force" and document.day is not None
    return f"{known} с {words.long_day(document.day)}" if in_force and document.day else known


def outcome_words(outcome: str, *, with_remark: bool) -> str:
    """What somebody said of a version."""
    said = _OUTCOMES[outcome]
    return f"{said} с замечанием" if outcome == "approve" and with_remark else said


def trouble_words(trouble: str | None) -> str:
    """Why nothing goes on; empty if all goes well."""
    if trouble is None:
        return ""
    return f"Остановлено: {problem_title(trouble)}. Устраните причину и повторите."


def problem_title(code: str | None) -> str:
    """What the code of a refusal means, in the middle of a sentence; empty without one."""
    if code is None:
        return ""
    kind = BY_CODE.get(code)
    title = PROBLEMS[kind].title if kind else f"причина «{code}»"
    return title[:1].lower() + title[1:]


def event_words(event: TimelineEvent) -> str:
    """What happened."""
    if event.action == "redrafted" and event.refs.get("why") == "head_changed":
        return "Готовится новая версия: сменился тот, кто подписывает"
    return EVENTS.get(event.action, f"Событие «{event.action}»")


def event_detail(event: TimelineEvent) -> str:
    """Who had been asked, where another answered, and from whom to whom a decision passed."""
    refs, named = event.refs, event.named
    if event.action in ("handed_over", "control_handed_over"):
        return f"{named.get('from') or 'никто'} → {named.get('to') or 'никто'}"
    if "body" in named and {"day", "number"} <= refs.keys():
        day = date.fromisoformat(refs["day"])
        return f"{named['body']}, протокол от {day:%d.%m.%Y} № {refs['number']}"
    if refs.get("mandate") and "holder" in named:
        return f"по полномочию; спрошен: {named['holder']}"
    return ""


def news_words(what: str) -> str:
    """What became of a document, for those who had a part in it."""
    return _NEWS.get(what, f"Событие «{what}»")


def last_decision(events: Sequence[TimelineEvent]) -> TimelineEvent | None:
    """The latest decision on a document."""
    return next((one for one in reversed(events) if one.action in DECISIONS), None)
