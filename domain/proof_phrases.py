"""What proves a result, proposed by its wording: «приказ», «семинар», «анкетирование».

A proposal, no more: whoever imports a roadmap reads it over. What no word speaks for is proved by
a written remark.
"""

import re
from collections.abc import Mapping
from typing import Final

from domain.base import Value
from domain.kinds import DocumentKind
from domain.roadmap import (
    AnswersProof,
    DocumentProof,
    EventProof,
    LinkProof,
    NumberProof,
    Proof,
    RemarkProof,
)


class Proposed(Value):
    """A proof, and why it is not sure (Russian; None if the words are plain)."""

    by: Proof
    why: str | None = None
    id: str | None = None  # of the result; the first of its kind in a roadmap bears it


class Office(Value):
    """The roles that approve papers, count them, and issue the order on pairs."""

    director: str
    curator: str
    order_stage: str = "order"


BY_DEFAULT: Final = "слова не говорят, чем это подтвердить: взята запись"
_WITH_FILE: Final = RemarkProof(proof="remark", file=True)
_MOST: Final = 1_000_000
_ONLY_READ: Final = re.compile(r"^(?:проведен\w* )?(?:изуч|ознаком|анализ|проанализ|систематиз)")
_LINK: Final = re.compile(
    r"размещ|размест|\b(?:о?публик)|\bсайт|госпаблик|соцсет|социальн\w+ сет|\bсми\b|рубрик|вкладк"
    r"|информационн\w+ ресурс"
)
_NUMBER: Final = re.compile(
    r"(?:не менее|не ниже|минимум|обучен[оы]?|охвачен[оы]?|охват|вовлечен[оы]?|вовлечь)"
    r"[^.;\d]{0,30}?"
    r"(?<!\d)(\d{1,6})\s*(%|процент\w*|[а-я]+(?: [а-я]+)?)?"
)
_ANSWERS: Final = re.compile(
    r"анкетировани|\bопрос|проведен\w* анкет|анкеты (?:заполн|собран)|тестировани"
)
_EVENT: Final = re.compile(
    r"семинар|совещани|заседани|форум|конференци|конкурс|фестивал|\bслет|кругл\w+ стол"
    r"|мастер-класс|вебинар|тренинг|встреч|сесси[яи]|церемони|праздн|педсовет|собрани|экскурси"
    r"|открыт\w+ (?:урок|занят)|консультаци|практикум|стажировк|декад|акци[яи]"
)
_PAIRS: Final = re.compile(
    r"\b(?:с?формирован\w*|подобран\w*|подбор|составлен\w*) (?:\w+ )?пар[ыа]?\b"
    r"|\bпары (?:и группы )?(?:сформированы|подобраны|составлены)"
)
_FILE: Final = re.compile(r"мониторинг|диагностик|протокол|справк|отзыв|результат\w* собеседован")
_KINDS: Final[tuple[tuple[str, str], ...]] = tuple(
    (pattern, kind)
    for kind, pattern in (
        ("order_pairs", r"приказ(?!ом).*(?:\bпар[аы]?\b|групп|закреплен)"),
        ("order_curator", r"приказ(?!ом).*куратор|куратор.*приказ|назначен\w* куратор"),
        ("order_rewards", r"приказ(?!ом).*(?:поощр|наград|награжд|премир|выплат)"),
        ("order_team", r"приказ(?!ом).*(?:команд|рабоч\w+ групп)"),
        ("order_ending", r"приказ(?!ом).*завершени"),
        ("decree", r"распоряжени.*школ\w* наставничества"),
        ("review", r"рецензи"),
        ("roadmap_municipality", r"(?:муниципальн|районн|городск).*дорожн\w+ карт"),
        ("roadmap_region", r"(?:региональн|областн|краев).*дорожн\w+ карт"),
        ("roadmap_school", r"дорожн\w+ карт"),
        ("regulation_school", r"положени[ея]\b.*школ\w* наставничества"),
        ("regulation_forms", r"положени[ея]\b.*форм"),
        ("regulation", r"положени[ея]\b"),
        ("order_introduction", r"приказ(?!ом)|постановлени"),
        ("register_mentees", r"(?:баз|реестр|банк|спис)\w*(?: данных)? наставляем"),
        (
            "register_mentors",
            r"(?:баз|реестр|банк|спис)\w*(?: данных)? (?:потенциальн\w+ )?наставник",
        ),
        ("register_programmes", r"(?:баз|реестр|банк|копилк).*(?:программ|практик|моделей)"),
        ("register_participants", r"персонифицированн|(?:реестр|\bбаз[аыу]\b|\bбанк\b)"),
        ("training_programme", r"программ\w* (?:и график\w* )?(?:\w+ )?обучени"),
        ("training_timetable", r"(?:график|расписани)\w* обучени"),
        ("training_certificate", r"сертификат|удостоверени"),
        ("selection_criteria", r"критери\w* отбор"),
        ("resource_map", r"ресурсн\w+ карт|карт\w+ ресурс"),
        ("municipal_summary", r"(?:сводн|муниципальн)\w+ отчет"),
        ("analytical_note", r"аналитическ\w+ (?:справк|записк|отчет)"),
        ("curator_report", r"отчет\w* куратор"),
        ("report", r"(?<!сбор )отчет"),
        ("recommendations", r"адресн\w+ рекомендаци"),
        ("organisation_monitoring", r"форм\w* (?:\w+ )?мониторинг"),
        ("partnership_contract", r"договор\w*|соглашени\w* о (?:сотрудничестве|партнерстве)"),
        ("thanks_letter", r"благодарственн|благодарност"),
        ("diploma", r"грамот|диплом"),
        ("petition", r"ходатайств"),
        ("questionnaire_mentor", r"(?:разработ|утвержд|форм)\w* анкет\w* наставник"),
        ("questionnaire_mentee", r"(?:разработ|утвержд|форм)\w* анкет"),
        ("planned_results", r"планов\w+ показател|планируем\w+ результат"),
        ("programme", r"(?:разработ|утвержд)\w*[^.;]*программ\w* наставничества"),
        (
            "yearly_plan",
            r"(?<!индивидуальный )(?<!индивидуального )\bплан\w* (?:работ|меропри|реализ|внедр)",
        ),
    )
)
_KNOWN: Final = tuple((re.compile(pattern), kind) for pattern, kind in _KINDS)
_OF_PAIRS: Final = re.compile(r"индивидуальн\w+ (?:\w+ )?(?:план|маршрут)|соглас(?:и[ея]|ий)\b")


def propose(
    text: str, kinds: Mapping[str, DocumentKind], office: Office, *, per_pair: bool = False
) -> Proposed:
    """What would prove a result that is said so; rows over pairs get no documents here.

    `kinds` are the kinds of document that there are.
    """
    words = text.casefold().replace("ё", "е")
    found = _plain(words)
    if found is None and not _ONLY_READ.search(words):
        found = _paper_or_event(words, _paper(words, kinds, office), per_pair=per_pair)
    if found is None and _FILE.search(words):
        found = Proposed(by=_WITH_FILE, why="взята запись с приложенным файлом")
    return found or Proposed(by=RemarkProof(proof="remark"), why=BY_DEFAULT)


def _plain(words: str) -> Proposed | None:
    """What is published, asked or counted, and what the pair's own track makes."""
    if _LINK.search(words):
        return Proposed(by=LinkProof(proof="link"))
    if _ANSWERS.search(words):
        answers = AnswersProof(proof="answers", at_least=1)
        why = "сколько ответов нужно, в таблице не сказано: взят один"
        return Proposed(by=answers, why=why, id="questionnaires")
    if (number := _number(words)) is not None:
        return Proposed(by=number)
    if _PAIRS.search(words) and "приказ" not in words:
        pairs = NumberProof(proof="number", at_least=1, unit="пар")
        return Proposed(by=pairs, why="сколько пар нужно, не сказано: взята одна", id="pairs")
    if _OF_PAIRS.search(words):
        why = "такой документ делает путь пары; здесь взята запись"
        return Proposed(by=RemarkProof(proof="remark"), why=why)
    return None


def _paper_or_event(words: str, paper: Proposed | None, *, per_pair: bool) -> Proposed | None:
    if paper is not None and not per_pair:
        return paper
    if _EVENT.search(words):
        why = "сколько участников нужно, в таблице не сказано: взят один"
        return Proposed(by=EventProof(proof="event"), why=why)
    if paper is not None:
        return Proposed(by=_WITH_FILE, why="документ в строке по парам: взята запись с файлом")
    return None


def _number(words: str) -> NumberProof | None:
    found = _NUMBER.search(words)
    if found is None or not 0 < int(found[1]) <= _MOST:
        return None
    unit = found[2] or "ед."
    unit = "%" if unit.startswith("процент") else unit
    return NumberProof(proof="number", at_least=int(found[1]), unit=unit)


def _paper(words: str, kinds: Mapping[str, DocumentKind], office: Office) -> Proposed | None:
    chosen = next((kind for pattern, kind in _KNOWN if pattern.search(words)), None)
    known = kinds.get(chosen or "")
    if known is None:
        return None
    approver = {"director": office.director, "curator": office.curator, None: None}[known.approver]
    by = DocumentProof(
        proof="document",
        kind=known.kind,
        approver=approver,
        registrar=office.curator if known.journal else None,
        pairs_at=office.order_stage if known.kind == "order_pairs" else None,
    )
    return Proposed(by=by, why=f"вид документа взят по словам: «{known.title}»")
