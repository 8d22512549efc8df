"""Results of roadmap rows, of a cycle and of a pair alike: proof, and the file beside a remark."""

from fastapi import APIRouter

from api import schemas
from api.act import Act
from api.deps import Acting, ItemId, ResultId
from api.guard import Guarded, GuardedScans
from api.uploads import SCAN_BODY, ScanFiles
from domain import ids
from domain.evidence import RecordResult

router = APIRouter(tags=["results"], route_class=Guarded)
uploads = APIRouter(tags=["results"], route_class=GuardedScans)

IN_CYCLE = "/cycles/{cycle_id}/items/{item:path}/results/{result}"
IN_PAIR = "/pairs/{pair_id}/items/{item:path}/results/{result}"


@router.post(IN_CYCLE, name="cycles.record_result")
async def record_of_cycle(
    cycle_id: str, item: ItemId, result: ResultId, body: schemas.Result, act: Acting
) -> schemas.Answered:
    """Prove a result of one of the cycle's rows."""
    cycle = await act.reach(ids.cycle_workflow(cycle_id))
    return await _record(act, cycle, item, result, body)


@router.post(IN_PAIR, name="pairs.record_result")
async def record_of_pair(
    pair_id: str, item: ItemId, result: ResultId, body: schemas.Result, act: Acting
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
    act: Act, workflow_id: str, item: str, result: str, body: schemas.Result
) -> schemas.Answered:
    """Words go into a row; the workflow learns days, numbers and the row's id."""
    if isinstance(body.evidence, schemas.Remark):
        await act.check_stored(_file_of(workflow_id, item, result), body.evidence.file_sha256)
    evidence = body.evidence.model_dump(mode="json", exclude_none=True)
    evidence_id = await act.keep(
        "evidence", workflow_id, {"item": item, "result": result, **evidence}
    )
    fact = {**evidence, "evidence_id": evidence_id}
    if isinstance(body.evidence, schemas.Indicators):
        fact["indicators"] = list(body.evidence.values)
    return await act.send(workflow_id, RecordResult, item=item, result=result, evidence=fact)


def _file_of(workflow_id: str, item: str, result: str) -> str:
    """What stands for the document where a result is proved by a remark and a file."""
    return ids.derived_id(workflow_id, item, result)
