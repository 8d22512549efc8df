"""What a task, a document or an event is, in the words of the pages."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final

from api.routes.reading import DocumentLine, TimelineEvent

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
    "deadline_moved": "Перенесён срок строки",
    "lead_changed": "Строка передана другому ответственному",
    "row_skipped": "Строка не применяется",
    "row_reopened": "Строка снова нужна",
    "draft_wanted": "Решено подготовить отозванный документ заново",
    "roadmap_taken": "Принята новая версия дорожной карты",
    "roadmap_refused": "Новая версия дорожной карты не принята: расходится со сделанным",
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
    "yearly_ordered": "Поручено запускать программу каждый год",
    "yearly_paused": "Ежегодный запуск приостановлен",
    "yearly_resumed": "Ежегодный запуск возобновлён",
    "yearly_ended": "Ежегодный запуск прекращён",
    "yearly_launched": "Программа нового года запущена",
    "yearly_already": "Программа нового года уже шла",
    "yearly_refused": "Ежегодный запуск не прошёл",
    "template_uploaded": "Загружен шаблон документа",
    "layout_changed": "Изменено оформление документов",
    "evidence_added": "Добавлено подтверждение результата",
    "item_closed": "Закрыта строка дорожной карты",
    "event_entered": "Внесено мероприятие",
    "event_corrected": "Исправлены сведения о мероприятии",
    "event_withdrawn": "Отозваны сведения о мероприятии",
    "publication_entered": "Внесена публикация",
    "publication_corrected": "Исправлены сведения о публикации",
    "publication_checked": "Проверено, на месте ли публикация",
    "publication_withdrawn": "Отозваны сведения о публикации",
    "indicator_entered": "Внесено значение показателя",
    "indicator_corrected": "Исправлено значение показателя",
    "retention_chosen": "Выбран срок хранения",
    "destroyed": "Документ уничтожен по акту",
    "destroyed_again": "Уничтоженный по акту документ уничтожен снова после восстановления",
    "listed_destroyed": "Уничтожены документы, названные в акте",
    "password_reset": "Пароль учётной записи сброшен на сервере",
    "organisation_added": "Добавлена организация уровнем ниже",
    "organisation_changed": "Изменены вид или метки организации уровнем ниже",
    "branch_invited": "Приглашена организация",
    "branch_joined": "Организация начала свой цикл",
    "branch_closed": "Организация завершила свой цикл",
    "branch_left": "Организация выбыла",
    "left_upper": "Организация выбыла из программы уровнем выше: её условия больше не действуют",
    "report_received": "Пришёл отчёт организации",
    "report_came_late": "Отчёт пришёл, когда его уже не ждали",
    "report_accepted": "Отчёт принят",
    "report_returned": "Отчёт возвращён с замечанием",
    "report_entered": "Отчёт внесён за организацию",
    "report_excused": "Организация освобождена от отчёта",
    "report_sent": "Отчёт отправлен",
    "report_corrected": "Отчёт исправлен и отправляется снова",
    "sent_after_closing": "Отчёт отправлен, когда его уже не ждали",
    "branches_reminded": "Организациям напомнили об отчёте",
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
    "reads_forgotten": "Уничтожены по сроку записи о просмотрах данных несовершеннолетних",
    "rows_told": "Записано, что строки базы сосчитаны",
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


def document_words(document: DocumentLine) -> str:
    """The state of a document that waits for nobody, in a list."""
    if document.ended:
        return f"Не действует: {document.ended.title}"
    return _STAGES.get(document.stage, document.stage)


def document_stage(stage: str | None) -> str:
    """A stage in the middle of a sentence; «готовится» before there is a document."""
    known = _STAGES.get(stage or "drafting", stage or "")
    return known[:1].lower() + known[1:]


def outcome_words(outcome: str, *, with_remark: bool) -> str:
    """What somebody said of a version."""
    said = _OUTCOMES[outcome]
    return f"{said} с замечанием" if outcome == "approve" and with_remark else said


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
    if event.action == "lead_changed":
        return f"{named.get('from') or 'никто'} → {named.get('lead') or 'никто'}"
    if event.action == "deadline_moved":
        days = [datetime.fromisoformat(one) for one in (refs["was"], refs["due"]) if one]
        return " → ".join(f"{one:%d.%m.%Y}" for one in days)
    if refs.get("mandate") and "holder" in named:
        return f"по полномочию; спрошен: {named['holder']}"
    return ""


def news_words(what: str) -> str:
    """What became of a document, for those who had a part in it."""
    return _NEWS.get(what, f"Событие «{what}»")


def last_decision(events: Sequence[TimelineEvent]) -> TimelineEvent | None:
    """The latest decision on a document."""
    return next((one for one in reversed(events) if one.action in DECISIONS), None)
