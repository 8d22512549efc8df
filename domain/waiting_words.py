"""What is waited for, in one Russian sentence.

«Приказ о внедрении: ждём решения директора Ивановой М. П. с 12 ноября, срок — 15 ноября (просрочено
на 2 дня); затем документ зарегистрирует куратор Петрова А. И.»
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Final

from domain.base import Value
from domain.day_words import ending, late_by, plural, short_day, stopped
from domain.names import NBSP
from domain.waiting import Then, Wait, joined

_MINUTE: Final = "это займёт меньше минуты"


class Called(Value):
    """How sentences call somebody: the post and the name in the two cases that they need."""

    nomn: str
    gent: str


UNNAMED: Final = Called(nomn="ответственный", gent="ответственного")
"""In place of whoever the reader may not see."""

_TASKS: Final[Mapping[str, str]] = {
    "decide": "ждём решения {gent}",
    "hold_sitting": "ждём заседания {gent}",
    "answer_remark": "ждём от {gent} ответа на {remarks}",
    "attach_review": "ждём от {gent} внешней рецензии",
    "appoint": "решать некому: ждём от {gent} указания, кому передать это право",
    "redraft": "документ возвращён с замечанием: ждём от {gent} новой версии",
    "reopen": "в утверждении отказано: ждём от {gent} решения, готовить ли документ заново",
    "register": "ждём от {gent} регистрации документа",
    "attach_signed": "ждём от {gent} подписанного экземпляра",
    "fulfil": "ждём от {gent} исполнения пункта {words}",
    "record_meeting": "ждём от {gent} {meetings} ({words})",
    "record_monitoring": "ждём от {gent} {forms} мониторинга ({words})",
    "record_link": "ждём от {gent} ссылки на публикацию: «{words}»",
    "record_event": "ждём от {gent} записи о мероприятии: «{words}»",
    "record_number": "ждём от {gent} отметки о числе: «{words}»",
    "record_answers": "ждём от {gent} числа ответов: «{words}»",
    "record_remark": "ждём от {gent} отметки о сделанном: «{words}»",
    "record_indicators": "ждём от {gent} значений показателей: «{words}»",
    "record_report": "ждём от {gent} записи о том, как отправлен отчёт: «{words}»",
    "draft_again": "документ отозван: ждём от {gent} решения, готовить ли его заново",
    "gather_reports": "{reports}",
    "correct_report": "отчёт возвращён с замечанием: ждём от {gent} исправленного",
    "mend": "работа остановлена с {since} ({problem}): ждём, когда {nomn} устранит причину",
}
_OWN: Final[Mapping[str, str]] = {
    "draft": f"сервис готовит проект документа, {_MINUTE}",
    "enter": f"сервис ставит на документ номер и дату, {_MINUTE}",
    "seal": f"сервис принимает подписанный экземпляр на хранение, {_MINUTE}",
    "destroy": "сервис уничтожает документы, названные в акте: уничтожено {n} из {of}",
    "plan": f"сервис составляет план программы, {_MINUTE}",
    "take_roadmap": f"сервис переводит программу на новую дорожную карту, {_MINUTE}",
    "find_package": f"сервис выясняет, каких документов требует от пары закон, {_MINUTE}",
    "file_report": f"сервис считает отчёт и отправляет его в организацию выше, {_MINUTE}",
    "withdraw": f"пара прекращена досрочно, сервис отзывает её документы, {_MINUTE}",
    "open_row": f"сервис открывает строку, {_MINUTE}",
    "work": f"сервис работает сам, {_MINUTE}",
}
_COMES: Final[Mapping[str, str]] = {
    "opens": "строка откроется {day}",
    "next_row": "пока ничего не нужно: {day} откроется строка {words}",
    "discussion": "идёт обсуждение «{words}»",
    "collect": "нужное собрано, строка принимает подтверждения и дальше",
    "may_return": "документ действует; исполненное поручение можно вернуть до {day}",
    "rows_before": "сначала {must} быть {done} {row} {words}",
    "consents_first": "строка откроется, когда будут даны согласия",
    "no_pairs": "ждём, когда {nomn} образует пары",
    "pairs_end": "ждём завершения пар: завершено {n} из {of}",
    "pairs_come": "ждём пары: к этапу «{words}» подошли {n} из {of}",
    "no_branches": "организации ещё не приглашены: ждём от {gent} приглашений",
    "papers_below": "ждём по одному на каждую организацию, действуют {n} из {of}",
    "order_row": "ждём приказа о парах: его строка {words} откроется {day}",
    "order": "ждём приказа о парах",
    "upper_answer": "отчёт отправлен: ждём ответа организации выше",
}
_OVER: Final[Mapping[str, str]] = {
    "row_done": "строка выполнена",
    "row_skipped": "строка не применяется",
    "pair_over": "пара завершена, строка больше не нужна",
    "pair_completed": "пара завершена",
    "pair_stopped": "пара прекращена досрочно",
    "closed": "программа завершена",
    "in_force": "документ действует с {since}",
    "ended": "документ не действует: {words} {since}",
    "withdrawn": "документ отозван {since}",
    "destroyed": "документ уничтожен по акту {since}",
}
LEADS: Final[Mapping[str, str]] = {**_TASKS, **_OWN, **_COMES, **_OVER}
"""What a sentence begins with, by `Wait.what`."""

_OTHER_TASK: Final = "ждём действия {gent}"

THEN: Final[Mapping[str, str]] = {
    "look": "документ {look} {nomn}",
    "discussion": "начнётся обсуждение «{words}»",
    "review": "{nomn} приложит внешнюю рецензию",
    "register": "документ зарегистрирует {nomn}",
    "date": "документ получит дату",
    "sign": "{nomn} приложит подписанный экземпляр",
    "in_force": "документ начнёт действовать",
    "again": "документ снова пойдёт по своему маршруту",
    "control": "исполнение проверит {nomn}",
    "go_on": "работа продолжится",
    "result": "понадобится «{words}»",
    "rows": "{opens} {row} {words}",
    "row_done": "строка будет выполнена",
    "order_drafted": "сервис подготовит приказ о парах",
    "upper_answers": "ответит организация выше",
    "stage": "начнётся этап «{words}»",
    "pair_rows": "останутся строки дорожной карты",
    "pair_done": "пара завершится",
    "cycle_closes": "программа завершится",
}
"""What follows, by `Then.what`."""

_DAY_IN_WORDS: Final = ("opens", "next_row", "may_return", "order_row")
"""Their day stands in the words themselves."""


def is_over(wait: Wait) -> bool:
    """Whether nothing is waited for."""
    return wait.what in _OVER


def is_late(wait: Wait, now: datetime) -> bool:
    """Whether what is waited for should have been there."""
    awaited = wait.what not in _OVER and wait.what not in _DAY_IN_WORDS
    return awaited and wait.due is not None and wait.due < now


def sentence(
    wait: Wait,
    called: Mapping[str, Called],
    now: datetime,
    zone: tzinfo,
    problem: Callable[[str], str],
) -> str:
    """The whole sentence. Who is not in `called` is not named; `problem` tells what a code means,
    in the middle of a sentence.
    """
    today = now.astimezone(zone).date()
    lead = _lead(wait, called, today, zone, problem)
    words = f"{wait.about}: {lead}" if wait.about else _capital(lead)
    if wait.what.startswith("record_") and wait.of:
        words += f" (есть {wait.n} из {wait.of})"
    words += _since(wait, today, zone) + _until(wait, now, zone)
    if wait.then is not None:
        words += f"; затем {_then(wait.then, called)}"
    if wait.more:
        words += f"; ещё {ending(wait.more, 'ждёт', 'ждут', 'ждут')} "
        words += plural(wait.more, "дело", "дела", "дел")
    return stopped(words)


def _lead(
    wait: Wait,
    called: Mapping[str, Called],
    today: date,
    zone: tzinfo,
    problem: Callable[[str], str],
) -> str:
    lead = LEADS.get(wait.what, _OTHER_TASK)
    if wait.what == "decide" and len(wait.whom) > 1:
        lead = "ждём решений: {gent}"
    return lead.format(
        nomn=_names(wait.whom, called, "nomn"),
        gent=_names(wait.whom, called, "gent"),
        words=wait.words,
        n=wait.n,
        of=wait.of,
        day=short_day(wait.due.astimezone(zone).date(), today) if wait.due else "",
        since=short_day(wait.since.astimezone(zone).date(), today) if wait.since else "",
        problem=problem(wait.code) if wait.code else "нужна помощь",
        remarks=_remarks(wait.n),
        meetings="записи о встрече" if wait.n == 1 else "записей о встречах",
        forms="формы" if wait.n == 1 else "форм",
        reports=_reports(wait, called),
        must="должна" if wait.n == 1 else "должны",
        done="выполнена" if wait.n == 1 else "выполнены",
        row="строка" if wait.n == 1 else "строки",
    )


def _remarks(n: int) -> str:
    return "замечание" if n <= 1 else plural(n, "замечание", "замечания", "замечаний")


def _reports(wait: Wait, called: Mapping[str, Called]) -> str:
    """Of `n` organisations no report has come, `of` reports wait for an answer."""
    who = _names(wait.whom, called, "gent")
    come = f"ждём отчётов от {plural(wait.n, 'организации', 'организаций', 'организаций')}"
    answer = f"ответа {who} на {plural(wait.of, 'отчёт', 'отчёта', 'отчётов')}"
    if wait.n and wait.of:
        return f"{come} и {answer}"
    if wait.n:
        return f"{come} (за ними следит {_names(wait.whom, called, 'nomn')})"
    if wait.of:
        return f"ждём {answer}"
    return f"организации ещё не приглашены: ждём от {who} приглашений"


def _since(wait: Wait, today: date, zone: tzinfo) -> str:
    if wait.since is None or wait.what not in _TASKS or "{since}" in _TASKS[wait.what]:
        return ""
    return f" с{NBSP}{short_day(wait.since.astimezone(zone).date(), today)}"


def _until(wait: Wait, now: datetime, zone: tzinfo) -> str:
    if wait.due is None or wait.what in _DAY_IN_WORDS or wait.what in _OVER:
        return ""
    day, today = wait.due.astimezone(zone).date(), now.astimezone(zone).date()
    late = f" ({late_by(day, today)})" if is_late(wait, now) else ""
    return f", срок{NBSP}—{NBSP}{short_day(day, today)}{late}"


def _then(then: Then, called: Mapping[str, Called]) -> str:
    return THEN[then.what].format(
        nomn=_names(then.whom, called, "nomn"),
        words=then.words,
        look="рассмотрит" if len(then.whom) == 1 else "рассмотрят",
        opens="откроется" if then.n == 1 else "откроются",
        row="строка" if then.n == 1 else "строки",
    )


def _names(whom: Sequence[str], called: Mapping[str, Called], case: str) -> str:
    known = [called.get(id_, UNNAMED) for id_ in whom]
    return joined(dict.fromkeys(one.gent if case == "gent" else one.nomn for one in known))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
