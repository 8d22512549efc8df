"""How long a director's decision takes from the request to the recorded answer.

Over the whole service (worker and web are processes of their own) each document waits for its
decision; `POST /documents/{id}/decision` is answered when the decision is saved. Beside it, in
turns with it, an update of a workflow that does nothing, by the same server, from this process.
All are asked one after another: the p95 of each, and their ratio.

The floor is an update that waits for one empty activity: a decision that outlives a crash must be
saved before it is answered, and a workflow saves by an activity.
"""

import argparse
import asyncio
import json
import statistics
import time
from datetime import UTC, datetime, timedelta

import httpx
from temporalio import activity, workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from bench._stage import Stage, as_on_a_user_s_machine, say
from bench.launch import serviced
from domain import ids
from domain.approval import Approval
from domain.documents import DocumentState
from domain.people import AccessRole
from domain.routes import Route, RouteStage
from workflows.document import DocumentWorkflow

LIMIT = 2.0
BARE = "bench-bare"
PATIENCE = 300.0
SETTLED = 2.0


@activity.defn
async def save(version: int) -> int:
    return version


@workflow.defn
class BareUpdateWorkflow:
    """Answers an update and does nothing else."""

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)

    @workflow.update
    async def decide(self, version: int) -> int:
        return version

    @workflow.update
    async def decide_and_save(self, version: int) -> int:
        return await workflow.execute_activity(
            save, version, start_to_close_timeout=timedelta(seconds=10)
        )


async def waiting_documents(stage: Stage, client: Client, count: int) -> list[str]:
    """So many orders that were drafted and wait for the director."""
    cycle = stage.launch("decide")
    curator, director = (
        stage.person(stage.cast.accounts[role])
        for role in (AccessRole.CURATOR, AccessRole.DIRECTOR)
    )
    route = Route(stages=(RouteStage(id="director", holders=(director,)),))
    documents = []
    for _ in range(count):
        state = DocumentState(
            organisation_id=stage.organisation,
            cycle_id=cycle.cycle_id,
            document_id=ids.new_id(),
            kind="order_curator",
            owner_id=cycle.cycle_id,
            drafter=curator,
            approval=Approval(route=route),
            registrar=curator,
            escalate_to=curator,
            since=datetime.now(UTC),
        )
        await client.start_workflow(
            DocumentWorkflow.run,
            state,
            id=state.workflow_id,
            task_queue=stage.settings.temporal.task_queue,
        )
        documents.append(state.document_id)
    return documents


async def shown(api: httpx.AsyncClient, document: str) -> str:
    """The SHA-256 of the draft, once the document waits for its decision."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await api.get(f"documents/{document}")
            if answer.status_code == httpx.codes.OK and answer.json()["stage"] == "on_approval":
                return str(answer.json()["draft_sha256"])
            await asyncio.sleep(0.05)


async def decided(api: httpx.AsyncClient, document: str, sha256: str) -> float:
    """Milliseconds until the decision was answered."""
    began = time.perf_counter()
    answer = await api.post(
        f"documents/{document}/decision",
        json={"version": 1, "sha256": sha256, "outcome": "approve"},
        headers={"Idempotency-Key": ids.new_id()},
    )
    spent = time.perf_counter() - began
    answer.raise_for_status()
    return 1000 * spent


async def updated(bare: WorkflowHandle[BareUpdateWorkflow, None], update: str) -> float:
    """Milliseconds until a bare update was answered."""
    began = time.perf_counter()
    await bare.execute_update(update, 1)
    return 1000 * (time.perf_counter() - began)


async def measure(stage: Stage, url: str, count: int) -> dict[str, object]:
    client = await stage.client()
    documents = await waiting_documents(stage, client, count)
    director = stage.person(stage.cast.accounts[AccessRole.DIRECTOR])
    token = stage.parts.desk.add_user(stage.organisation, AccessRole.DIRECTOR, director)
    headers = {"Authorization": f"Bearer {token}"}
    worker = Worker(
        client,
        task_queue=BARE,
        workflows=[BareUpdateWorkflow],
        activities=[save],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    ours: list[float] = []
    bare_ones: list[float] = []
    floor: list[float] = []
    async with (
        worker,
        httpx.AsyncClient(base_url=f"{url}/api/v1/", headers=headers, timeout=60) as api,
    ):
        drafts = {document: await shown(api, document) for document in documents}
        say(f"{count} documents wait")
        # Started before, as the documents were: nothing but the question is measured.
        bares = [
            await client.start_workflow(BareUpdateWorkflow.run, id=ids.new_id(), task_queue=BARE)
            for _ in documents
        ]
        await asyncio.sleep(SETTLED)
        for bare, (document, sha256) in zip(bares, drafts.items(), strict=True):
            bare_ones.append(await updated(bare, "decide"))
            floor.append(await updated(bare, "decide_and_save"))
            ours.append(await decided(api, document, sha256))
    ratio = round(p95(ours) / p95(bare_ones), 2)
    return {
        "bench": "decide",
        "decisions": count,
        "milliseconds": {
            "decision": told(ours),
            "update": told(bare_ones),
            "update_and_empty_activity": told(floor),
        },
        "ratios": {"decide": ratio, "floor": round(p95(floor) / p95(bare_ones), 2)},
        "limits": {"decide": LIMIT},
        "ok": ratio <= LIMIT,
    }


def told(values: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(values), 1), "p95": round(p95(values), 1)}


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--decisions", type=int, default=200)
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    given = parser.parse_args()
    as_on_a_user_s_machine()
    with serviced() as (stage, _, url):
        found = asyncio.run(measure(stage, url, given.decisions))
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for name in ("milliseconds", "ratios", "limits", "ok"):
            print(f"{name}: {found[name]}")
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
