"""Results of roadmap rows, of a cycle and of a pair alike: proof, and the file beside a remark."""

from fastapi import APIRouter

from api import schemas
from api.act import Act
from api.deps import Acting, ItemId, ResultId
from api.entering import given_values
from api.events import prove
from api.guard import Guarded, GuardedScans
from api.result_schemas import Event, Evidence, Indicators, Link, Remark, ReportSent, Result
from api.uploads import SCAN_BODY, ScanFiles
from domain import ids
from domain.evidence import RecordResult

router = APIRouter(tags=["results"], route_class=Guarded)
uploads = APIRouter(tags=["results"], route_class=GuardedScans)

IN_CYCLE = "/cycles/{cycle_id}/items/{item:path}/results/{result}"
IN_PAIR = "/pairs/{pair_id}/items/{item:path}/results/{result}"


@router.post(IN_CYCLE, name="cycles.record_result")
async def record_of_cycle(
    cycle_id: str, item: ItemId, result: ResultId, body: Result, act: Acting
) -> schemas.Answered:
    """Prove a result of one of the cycle's rows."""
    cycle = await act.reach(ids.cycle_workflow(cycle_id))
    return await _record(act, cycle, item, result, body)


@router.post(IN_PAIR, name="pairs.record_result")
async def record_of_pair(
    pair_id: str, item: ItemId, result: ResultId, body: Result, act: Acting
) -> schemas.Answered:
    """Prove a result of one of the pair's rows."""
    pair = await act.reach(ids.pair_workflow(pair_id))
    return await _record(act, pair, item, result, body)


@uploads.post(f"{IN_CYCLE}/file", name="cycles.upload_proof", openapi_extra=SCAN_BODY)
async def upload_to_cycle(
    cycle_id: str, item: ItemId, result: ResultId, files: ScanFiles, act: Acting
) -> schemas.Proof:
    """Send the file that a remark will name by its hash: as the scan of a signed paper."""
    cycle = await act.reach(ids.cycle_workflow(cycle_id))
    return await act.store_proof(_file_of(cycle, item, result), files)


@uploads.post(f"{IN_PAIR}/file", name="pairs.upload_proof", openapi_extra=SCAN_BODY)
async def upload_to_pair(
    pair_id: str, item: ItemId, result: ResultId, files: ScanFiles, act: Acting
) -> schemas.Proof:
    """As for a cycle."""
    pair = await act.reach(ids.pair_workflow(pair_id))
    return await act.store_proof(_file_of(pair, item, result), files)


async def _record(
    act: Act, workflow_id: str, item: str, result: str, body: Result
) -> schemas.Answered:
    """Words go into a row; the workflow learns days, numbers and the row's id."""
    if isinstance(body.evidence, Remark | ReportSent):
        await act.check_stored(_file_of(workflow_id, item, result), body.evidence.file_sha256)
    if isinstance(body.evidence, Event | Link):
        return await prove(act, (workflow_id, item, result), body.evidence)
    fact, said = await _fact(act, workflow_id, item, body.evidence)
    text = {"item": item, "result": result, **said}
    fact = {**fact, "evidence_id": await act.keep("evidence", workflow_id, text)}
    return await act.send(workflow_id, RecordResult, item=item, result=result, evidence=fact)


async def _fact(
    act: Act, workflow_id: str, item: str, evidence: Evidence
) -> tuple[dict[str, object], dict[str, object]]:
    """What the workflow learns, and what is kept of it beside."""
    plain = evidence.model_dump(mode="json", exclude_none=True)
    if not isinstance(evidence, Indicators):
        return plain, plain
    given = await given_values(act, workflow_id, item)
    return {**plain, "indicators": list(given)}, {**plain, "entries": given}


def _file_of(workflow_id: str, item: str, result: str) -> str:
    """What stands for the document where a result is proved by a remark and a file."""
    return ids.derived_id(workflow_id, item, result)
