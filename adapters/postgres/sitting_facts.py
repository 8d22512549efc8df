"""What the minutes of a sitting say: all that was recorded of it, so that nobody types it twice."""

from typing import Final, get_args

from sqlalchemy import text

from adapters.docx.facts import Facts
from adapters.postgres import sittings
from adapters.postgres.case import Case
from domain.bodies import MinutesKind
from domain.names import NameForms
from domain.sittings import Resolution, Sitting, Votes

_NAMED_AT_MOST: Final = 15
"""More people than these stand in a list of their own."""
_BLANK: Final = "_" * 40

_SITTING = text(
    """
    SELECT s.*, b.name AS body_name FROM sittings s JOIN bodies b ON b.id = s.body_id
    WHERE s.organisation_id = :organisation AND s.minutes_id = :document AND s.state = 'held'
    """
)
_NAMES = text(
    """
    SELECT name_forms FROM people WHERE organisation_id = :organisation AND id = ANY(:people)
    ORDER BY sort_key, id
    """
)


def of_minutes(case: Case) -> Facts:
    """The facts that a sitting gives to its minutes; nothing for every other document."""
    if case.task.kind not in get_args(MinutesKind):
        return {}
    rows = case.rows(_SITTING, document=case.task.document_id)
    if not rows:
        return {}
    items = case.rows(sittings.ITEMS, sittings=[rows[0]["sitting_id"]])
    sitting, body = sittings.of_rows(rows[0], items), rows[0]["body_name"]
    facts = {
        "secretary": case.someone(sitting.secretary_id),
        "present": _present(case, sitting),
    }
    chair = case.someone(sitting.chair_id)
    if sitting.minutes_kind == "school_minutes":
        agenda = [_of_school(sitting, one) for one in sitting.resolutions]
        return {**facts, "curator": chair, "mentoring_school": body, "school_agenda": agenda}
    decided = [_of_council(sitting, one) for one in sitting.resolutions]
    size = {"council": body, "council_size": sitting.members}
    return {**facts, **size, "chair": chair, "sitting_items": decided}


def _present(case: Case, sitting: Sitting) -> str:
    """«Иванова М. П., Коваль Л. И. (2 чел.)»; a large body has a list of its own."""
    count = f"{len(sitting.present)}\N{NO-BREAK SPACE}чел."
    if len(sitting.present) > _NAMED_AT_MOST:
        return f"{count}, список прилагается"
    rows = case.rows(_NAMES, people=list(sitting.present))
    names = [NameForms.model_validate(row["name_forms"]).nomn.initials_last for row in rows]
    return f"{', '.join(names)} ({count})"


def _of_council(sitting: Sitting, one: Resolution) -> Facts:
    deadline = f"Срок: {_trimmed(one.due)}." if one.due else None
    person = f"Ответственный: {_trimmed(one.who)}." if one.who else None
    return {
        "topic": _trimmed(sitting.agenda[one.n - 1].title),
        "heard": _heard(one),
        "decision": " ".join(said for said in (_sentence(one.text), person, deadline) if said),
        "votes": _votes(one.votes),
    }


def _of_school(sitting: Sitting, one: Resolution) -> Facts:
    decision = {
        "text": _sentence(one.text),
        "who": _trimmed(one.who or _BLANK),
        "due": _trimmed(one.due or _BLANK),
    }
    return {
        "topic": _trimmed(sitting.agenda[one.n - 1].title),
        "speaker": _trimmed(one.speaker or _BLANK),
        "heard": _sentence(one.heard or _BLANK),
        "decisions": [decision],
        "votes": _votes(one.votes),
    }


def _heard(one: Resolution) -> str:
    """Whom they heard, and what was said; blanks to be filled by hand."""
    if one.speaker is None and one.heard is None:
        return f"{_BLANK}."
    said = _sentence(one.heard) if one.heard else None
    whom = f"{_trimmed(one.speaker)}." if one.speaker else None
    return " ".join(part for part in (whom, said) if part)


def _votes(votes: Votes) -> str:
    """«за — 12, против — нет, воздержались — 1»."""
    named = (("за", votes.in_favour), ("против", votes.against), ("воздержались", votes.abstained))
    dash = "\N{NO-BREAK SPACE}— "
    return ", ".join(f"{word}{dash}{count or 'нет'}" for word, count in named)


def _trimmed(words: str) -> str:
    """Without a full stop: the template puts its own."""
    return words.strip().rstrip(".")


def _sentence(words: str) -> str:
    ended = words.strip()
    return ended if ended.endswith((".", "!", "?", ":", ";")) else f"{ended}."
