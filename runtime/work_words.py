"""What the service answers about daily work, in lines for a terminal."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from api.pages.state_words import event_words, outcome_words
from api.routes.reading import LogLine
from domain.day_words import plural

Found = Mapping[str, Any]

_MARKS: Final = {"done": "✓", "now": "→", "ahead": "·"}


def inbox_words(found: Found) -> str:
    """A line for each task, with the code by which the other commands know it."""
    lines = [_task(task) for task in found["tasks"]]
    return "\n".join(lines) or "Вас ничего не ждёт."


def _task(task: Found) -> str:
    code = task["refs"].get("document") or task["workflow_id"].partition("/")[2]
    due = f"до {_day(task['due'])}" if task["due"] else "без срока"
    late = ", просрочено" if task["late"] else ""
    whose = "" if task["mine"] else f" ({task['assignee']['name']})"
    about = " → ".join(one["name"] for one in task["about"])
    return f"{code}  {due}{late}  {task['title']}{f', {about}' if about else ''}{whose}"


def decided_words(outcome: str, read: Found, now: Found) -> str:
    """What was decided on which version, and what is waited for now."""
    done = outcome_words(outcome, with_remark=False)
    return f"{done}: {read['title']}, версия {read['version']}.\n{now['waiting']}"


def waiting_words(found: Found) -> str:
    """A line for each thing that is at work."""
    lines = [_waits(one) for one in found["waiting"]]
    return "\n".join(lines) or "Программы ничего не ждут."


def _waits(one: Found) -> str:
    about = " → ".join(side["name"] for side in one["about"])
    code = one["item_id"] or one["workflow_id"].partition("/")[2]
    titled = one["title"] or about
    return f"{'  ' if one['of'] == 'row' else ''}{code}  {titled}\n      {one['waiting']}"


def pair_words(found: Found) -> str:
    """Who, where on the road, what is waited for, the papers, and what happened."""
    return "\n".join(_pair(found["pair"], found["timeline"]))


def _pair(pair: Found, timeline: list[Found]) -> Iterator[str]:
    yield f"{pair['mentor']['name']} → {pair['mentee']['name']}, {pair['form_title']}"
    yield pair["waiting"]
    for stage in pair["stages"]:
        held = f" ({stage['held']} из {stage['need']})" if stage["need"] else ""
        yield f"  {_MARKS[stage['state']]} {stage['title']}{held}"
    for document in pair["documents"]:
        number = f" № {document['number']}" if document["number"] else ""
        yield f"  {document['document_id']}  {document['title']}{number}"
    yield plural(len(timeline), "событие", "события", "событий")
    for line in timeline:
        event = LogLine.model_validate(line)
        document = f": {event.document.title}" if event.document else ""
        said = f"{event_words(event)}{document}, {event.actor.name}"
        yield f"  {_day(line['at'])}  {said}"


def _day(at: str) -> str:
    """«22.11.2026», by the clock of this machine."""
    return f"{datetime.fromisoformat(at).astimezone():%d.%m.%Y}"
