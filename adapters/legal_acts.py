"""The acts that every organisation starts with, and how papers word an act."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from adapters.russian import date_words
from domain import ids
from domain.base import Value
from domain.grounds import HEAD_CASES, Ground, HeadCase, Topic

_FILE = Path(__file__).parents[1] / "rules" / "legal_acts.yaml"
_SO = re.compile(r"[сзшж][^аеёиоуыэюя ]", re.IGNORECASE)  # «со статьёй», but «с уставом»
_NBSP = "\N{NO-BREAK SPACE}"


class LegalActs(Value):
    """`rules/legal_acts.yaml`: acts, and which kinds of documents cite which topics."""

    acts: tuple[Ground, ...]
    topics: dict[Topic, tuple[str, ...]]

    def topics_of(self, kind: str) -> frozenset[Topic]:
        """What a kind of document cites acts for."""
        return frozenset(topic for topic, kinds in self.topics.items() if kind in kinds)


@cache
def starting_acts() -> LegalActs:
    """What came with us. Raises `pydantic.ValidationError` if the file is wrong."""
    known = yaml.safe_load(_FILE.read_text("utf-8"))
    acts = [_act(code, fields) for code, fields in known["acts"].items()]
    return LegalActs.model_validate({"acts": acts, "topics": known["topics"]})


def act_words(act: Ground, case: HeadCase = "nomn") -> str:
    """The act with all that names it: «распоряжением … от 25 декабря 2019 г. № Р-145 «Об …»»."""
    return " ".join(part for part in (_bare(act, case), _title(act)) if part)


def cited_words(act: Ground, case: HeadCase) -> str:
    """The act as a preamble cites it, short if it approves something: «методологией …,
    утверждённой распоряжением … № Р-145».
    """
    if act.approves is None:
        return act_words(act, case)
    return f"{act.approves.form(case)} {_bare(act, 'ablt')}"


def citations(act: Ground) -> dict[str, str]:
    """What templates get of an act: `cited_words` by case, for a case filter to pick from, and
    `prep`, the «с» or «со» that goes before the instrumental.
    """
    forms: dict[str, str] = {case: cited_words(act, case) for case in HEAD_CASES}
    return forms | {"prep": "со" if _SO.match(forms["ablt"]) else "с"}


def _act(code: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": ids.derived_id("legal_act", code), **fields}


def _bare(act: Ground, case: HeadCase) -> str:
    parts = [act.head.form(case), act.issuer]
    parts.append(f"от{_NBSP}{date_words(act.day)}" if act.day else None)
    parts.append(f"№{_NBSP}{act.number}" if act.number else None)
    return " ".join(part for part in parts if part)


def _title(act: Ground) -> str | None:
    return f"«{act.title}»" if act.title else None
