"""The saved histories: `histories/<workflow>/<case>.json`, payloads readable."""

from collections.abc import Iterable
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.contrib.pydantic import pydantic_data_converter

HISTORIES = Path(__file__).with_name("histories")
CONVERTER = pydantic_data_converter
"""Not encrypted: a person who mends a broken replay must be able to read the history."""


def case_name(path: Path) -> str:
    return path.relative_to(HISTORIES).with_suffix("").as_posix()


def paths() -> list[Path]:
    return sorted(HISTORIES.glob("*/*.json"))


def read(path: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(f"saved/{case_name(path)}", path.read_text())


def messages(histories: Iterable[WorkflowHistory]) -> set[tuple[str, str]]:
    """Workflow and name of each update and signal in these histories."""
    found = set()
    for history in histories:
        kind = history.events[0].workflow_execution_started_event_attributes.workflow_type.name
        for event in history.events:
            accepted = event.workflow_execution_update_accepted_event_attributes
            update = accepted.accepted_request.input.name
            signal = event.workflow_execution_signaled_event_attributes.signal_name
            found |= {(kind, name) for name in (update, signal) if name}
    return found
