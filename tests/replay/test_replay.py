"""Workflows as they are now go the way of every saved history."""

from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.worker import Replayer

from tests.replay.corpus import CONVERTER, case_name, messages, paths, read
from tests.replay.planted import HastyDocumentWorkflow
from workflows.pair import PairWorkflow
from workflows.programme import ProgrammeWorkflow
from workflows.registry import WORKFLOWS, sandbox


def replayer(*workflows: type) -> Replayer:
    """It takes two seconds without a processor for no deadlock."""
    return Replayer(
        workflows=workflows,
        workflow_runner=sandbox(),
        data_converter=CONVERTER,
        debug_mode=True,
    )


@pytest.mark.parametrize("path", paths(), ids=case_name)
async def test_a_saved_history_replays(path: Path) -> None:
    await replayer(*WORKFLOWS).replay_workflow(read(path))


async def test_a_changed_order_of_commands_is_seen() -> None:
    planted = replayer(ProgrammeWorkflow, PairWorkflow, HastyDocumentWorkflow)
    (whole,) = (read(path) for path in paths() if case_name(path) == "document/whole")

    with pytest.raises(workflow.NondeterminismError, match="seal_signed_file"):
        await planted.replay_workflow(whole)


def test_every_workflow_has_a_saved_history() -> None:
    begun = (read(path).events[0].workflow_execution_started_event_attributes for path in paths())
    kinds = {workflow._Definition.must_from_class(kind).name for kind in WORKFLOWS}
    assert {one.workflow_type.name for one in begun} == kinds


def test_every_update_and_signal_is_in_a_saved_history() -> None:
    known = set()
    for kind in WORKFLOWS:
        definition = workflow._Definition.must_from_class(kind)
        handlers = (*definition.updates, *definition.signals)
        known |= {(kind.__name__, name) for name in handlers if name}

    assert messages(map(read, paths())) == known


@pytest.mark.parametrize("path", paths(), ids=case_name)
def test_a_saved_history_is_small_and_names_no_machine(path: Path) -> None:
    text = path.read_text()
    assert len(text) < 250_000
    assert "/site-packages/" not in text
