"""Where a task is done: each has its page."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from api.routes.reading import InboxTask
from api.services import Services


def places_of(
    services: Services, organisation: str, tasks: Sequence[InboxTask]
) -> Mapping[str, str]:
    """By task, the address of the page on which it is done."""
    sits = any(task.kind == "hold_sitting" for task in tasks)
    called = services.views.called_sittings(organisation) if sits else {}
    return {task.task_id: _place(task, called) for task in tasks}


def _place(task: InboxTask, called: Mapping[str, str]) -> str:
    refs = task.refs
    match task.kind:
        case "fulfil":
            return f"/assignments/{refs['document']}#n{refs['assignment']}"
        case "hold_sitting":
            sitting = called.get(refs["document"])
            return f"/sittings/{sitting}" if sitting else f"/bodies/{task.assignee.id}"
        case "appoint":
            return f"/authorities?{urlencode({'holder': refs['holder']})}"
        case "draft_again":
            return _of_a_row(task)
        case _ if "document" in refs:
            return f"/documents/{refs['document']}"
        case _:
            return _of_a_row(task)


def _of_a_row(task: InboxTask) -> str:
    """A row of a pair is that pair's work, and `cycle/…` stands at `/cycles/…`."""
    refs = task.refs
    owner = (
        f"/pairs/{refs['pair']}" if "pair" in refs else f"/{task.workflow_id.replace('/', 's/', 1)}"
    )
    match task.kind:
        case "record_meeting":
            return f"{owner}/meetings"
        case "record_monitoring":
            return f"{owner}/monitoring?{urlencode({'voice': refs.get('voice', '')})}"
        case "gather_reports":
            asked = {"demand": refs.get("demand", ""), "turn": refs.get("turn", "1")}
            return f"{owner}/branches?{urlencode(asked)}"
        case "draft_again":
            return f"{owner}/row?{urlencode({'item': refs.get('item', '')})}"
        case "correct_report" | "record_result" as kind:
            asked = {"item": refs.get("item", ""), "result": refs.get("result", "")}
            page = "correct" if kind == "correct_report" else "result"
            return f"{owner}/{page}?{urlencode(asked)}"
        case _:
            return owner
