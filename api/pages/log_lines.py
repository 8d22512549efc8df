"""Entries of the log as pages show them: in words, with what they rest on and how files stand."""

from collections.abc import Mapping
from datetime import date, tzinfo
from typing import Final
from urllib.parse import urlencode

from api.log_asked import Asked
from api.pages.state_words import EVENTS, event_detail, event_words
from api.pages.words import long_day, moment
from api.routes.reading import LogLine
from domain.actions import TECHNICAL
from domain.base import Value

_SUBJECTS: Final[Mapping[str, str]] = {
    "cycle": "программа",
    "pair": "пара",
    "document": "документ",
    "acquaintance": "ознакомление",
    "journal": "журнал регистрации",
    "template": "шаблон",
    "mandate": "полномочие",
    "calendar": "производственный календарь",
    "indicators": "показатели",
    "body": "орган",
    "sitting": "заседание",
    "layout": "оформление",
    "reads": "просмотры",
    "incident": "происшествие",
    "destruction": "уничтожение",
    "retention": "срок хранения",
    "witness": "чужой журнал",
}
_PAGES: Final[Mapping[str, str]] = {
    "cycle": "/cycles/{}",
    "pair": "/pairs/{}",
    "document": "/documents/{}",
    "acquaintance": "/documents/{}/acquaintance",
    "sitting": "/sittings/{}",
    "body": "/bodies/{}",
    "indicators": "/cycles/{}/indicators",
}
_BY_WORDS: Final = sorted(EVENTS.items(), key=lambda one: one[1].casefold())


class Happened(Value):
    """An entry in words; `path` leads to what it is about, `actor` names who did it."""

    number: int
    when: str
    what: str
    detail: str
    who: str
    actor: str
    title: str
    path: str
    version: int | None
    sha256: str
    signed: bool
    basis: tuple[str, ...]
    file: str
    damaged: bool


def happened(line: LogLine, zone: tzinfo, stages: Mapping[str, str] | None = None) -> Happened:
    """One entry; `stages` are titles of the stages of the pair whose page it stands on."""
    kind, _, id_ = line.subject.partition("/")
    known = stages or {}
    title = line.document.title if line.document else ""
    if stages is None and not title:
        title = _SUBJECTS.get(kind, kind)
    return Happened(
        number=line.seq,
        when=moment(line.at, zone),
        what=event_words(line),
        detail=event_detail(line) or known.get(line.refs.get("stage", ""), ""),
        who=line.actor.name,
        actor=line.actor.id,
        title=title,
        path=_PAGES[kind].format(id_) if title and kind in _PAGES else "",
        version=line.version,
        sha256=line.sha256 or "",
        signed=line.action == "sealed",
        # Minutes stand in the detail, and so does the title of a stage.
        basis=tuple(one.words for one in line.basis if one.what != "minutes"),
        file=_file_words(line, zone),
        damaged=line.file is not None and line.file.state == "faulty",
    )


def _file_words(line: LogLine, zone: tzinfo) -> str:
    """How the files of the document stand, beside an entry that names the hash of one."""
    if line.file is None or not line.sha256:
        return ""
    match line.file.state:
        case "intact" if line.file.as_of:
            return f"файлы документа целы на {moment(line.file.as_of, zone)}"
        case "faulty":
            versions = sorted({str(one.version) for one in line.file.faults})
            return f"повреждён или утрачен файл версии {', '.join(versions)}"
        case "intact" | "unchecked":
            return "с закладки на хранение файлы ещё не проверялись"
        case "none":
            return "файлов нет"


class Filter(Value):
    """What a form of a filter shows as chosen, and where its next page is."""

    chosen: dict[str, str]
    said: str
    """The days that were asked for, in words; empty for all."""
    earlier: str = ""
    """The address of the page of earlier entries; empty at the end."""
    is_first: bool = True


def actions_for(*, technical: bool) -> list[tuple[str, str]]:
    """What may be chosen in a filter, with its words, by the alphabet."""
    return [one for one in _BY_WORDS if technical or one[0] not in TECHNICAL]


def filter_of(asked: Asked, path: str, following: int | None, at: int | None) -> Filter:
    """The filter as it was asked; `at` is where this page begins."""
    named = asked.model_dump(
        by_alias=True, exclude_defaults=True, exclude={"before", "after", "limit", "done"}
    )
    chosen = {name: _said(one) for name, one in named.items()}
    many = {name: one for name, one in named.items() if isinstance(one, list)}
    address = urlencode({**chosen, **many, "before": following}, doseq=True)
    return Filter(
        chosen=chosen,
        said=_days(asked.first, asked.to),
        earlier=f"{path}?{address}" if following is not None else "",
        is_first=at is None,
    )


def _said(value: object) -> str:
    """As the field of a form has it."""
    if isinstance(value, list):
        return ",".join(value)
    return "true" if value is True else str(value)


def _days(first: date | None, last: date | None) -> str:
    begins = f"с {long_day(first)}" if first else ""
    ends = f"по {long_day(last)}" if last else ""
    return " ".join(one for one in (begins, ends) if one)
