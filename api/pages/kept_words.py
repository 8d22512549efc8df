"""How long a document is kept, and by which act it is gone, in the words of the pages."""

import re
from typing import Final

from api.pages.words import long_day
from api.routes.reading import DocumentView
from domain.retention import KeptUntil

_AFTER_NUMBER: Final = re.compile(r"(?<=\d) ")


def article_words(article: str | None, words: str) -> str:
    """«5 лет, ЭПК, статья 200»."""
    whole = _AFTER_NUMBER.sub("\N{NO-BREAK SPACE}", words)
    return f"{whole}, статья\N{NO-BREAK SPACE}{article}" if article else whole


def kept_words(kept: KeptUntil | None) -> str:
    """«до 31 декабря 2032 г.: 5 лет, ЭПК, статья 200»; empty while it is on its way."""
    if kept is None:
        return ""
    term = article_words(kept.article, kept.words)
    if kept.until:
        return f"до {long_day(kept.until)}: {term}"
    return f"{term}; {kept.why_open}" if kept.why_open else term


def destroyed_words(document: DocumentView) -> str:
    """«Уничтожен по акту № 3-ау от 15 июля 2027 г.»; empty if it is there."""
    gone = document.destroyed
    if gone is None:
        return ""
    number = f" №\N{NO-BREAK SPACE}{gone.number}" if gone.number else ""
    day = f" от {long_day(gone.day)}" if gone.day else ""
    return f"Уничтожен по акту{number}{day}"
