"""What a real Temporal server keeps on its disk holds nothing that we told it."""

import asyncio
import os
import shutil
import sysconfig
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import activity, workflow
from temporalio.client import Client, WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

with workflow.unsafe.imports_passed_through():
    from adapters.files.keyring import MasterKeys
    from domain.base import Message
    from runtime.codec import data_converter

CANARY = "canary-Сова"
TASKS = "codec-test"
KEYS = MasterKeys(bytes(range(32)))


class Words(Message):
    text: str


@activity.defn
async def repeat(words: Words) -> Words:
    return Words(text=f"{words.text} repeated")


@activity.defn
async def stumble(words: Words) -> None:
    raise ApplicationError(f"stumbled over {words.text}", words, non_retryable=True)


@workflow.defn
class TalkWorkflow:
    """Says all that it was told through every door that a history has."""

    def __init__(self) -> None:
        self._told = ""

    @workflow.run
    async def run(self, words: Words) -> Words:
        await workflow.wait_condition(lambda: bool(self._told))
        once = RetryPolicy(maximum_attempts=1)
        limit = timedelta(seconds=60)
        repeated = await workflow.execute_activity(
            repeat, words, start_to_close_timeout=limit, retry_policy=once, summary=words.text
        )
        try:
            await workflow.execute_activity(
                stumble, words, start_to_close_timeout=limit, retry_policy=once
            )
        except ActivityError as error:
            if words.text.endswith("fail"):
                raise ApplicationError(f"failed with {words.text}") from error
        return repeated

    @workflow.update
    async def tell(self, words: Words) -> Words:
        if not self._told:
            self._told = words.text
            return words
        raise ApplicationError(f"already told {words.text}")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "temporal.db"


@pytest.fixture
async def client(database: Path) -> AsyncIterator[Client]:
    server = shutil.which("temporal", path=sysconfig.get_path("scripts"))
    if server is None and "CI" not in os.environ:
        pytest.skip("Temporal's server is not installed")
    async with await WorkflowEnvironment.start_local(
        data_converter=data_converter(KEYS),
        dev_server_existing_path=server,
        dev_server_database_filename=str(database),
        dev_server_log_level="error",
    ) as environment:
        yield environment.client


async def test_nothing_told_to_temporal_shows_in_its_database(
    client: Client, database: Path
) -> None:
    async with Worker(
        client, task_queue=TASKS, workflows=[TalkWorkflow], activities=[repeat, stumble]
    ):
        assert await _talk(client, "well") == Words(text=f"{CANARY} well repeated")
        with pytest.raises(WorkflowFailureError) as failed:
            await _talk(client, "fail")
    # We read our own words, failures and their causes too.
    error = failed.value.cause
    assert isinstance(error, ApplicationError)
    assert error.message == f"failed with {CANARY} fail"
    assert isinstance(error.cause, ActivityError)
    assert isinstance(error.cause.cause, ApplicationError)
    assert error.cause.cause.message == f"stumbled over {CANARY} fail"

    kept = await asyncio.to_thread(_kept, database)
    assert b"talk-well" in kept, "the search must look where the histories are"
    assert kept.count(b"binary/encrypted") > 10
    for canary in (CANARY.encode(), b"canary", "Сова".encode()):
        assert kept.count(canary) == 0
    for part in (b"stumbled over", b"failed with", b"already told", b"test_codec_on_server.py"):
        assert kept.count(part) == 0


async def _talk(client: Client, name: str) -> Words:
    words = Words(text=f"{CANARY} {name}")
    handle = await client.start_workflow(
        TalkWorkflow.run,
        words,
        id=f"talk-{name}",
        task_queue=TASKS,
        memo={"note": words.text},
        static_summary=words.text,
        static_details=words.text,
    )
    assert await handle.execute_update(TalkWorkflow.tell, words) == words
    with pytest.raises(WorkflowUpdateFailedError):
        await handle.execute_update(TalkWorkflow.tell, words)
    return await handle.result()


def _kept(database: Path) -> bytes:
    return b"".join(path.read_bytes() for path in database.parent.glob("temporal.db*"))
