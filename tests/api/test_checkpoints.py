"""Checkpoints over HTTP: those of the own log, and those that are kept of others."""

from typing import Any

import pytest

from adapters.log_keys import verify
from domain.checkpoints import origin_of
from domain.people import AccessRole
from tests.api.calls import COSIGNED, OURS, SUBMISSION, THEIRS, WITNESS_KEY
from tests.api.house import House
from tests.fakes.log import TREE, handed_over
from tests.merkle_trees import Tree

WITNESSED = "/api/v1/log/witnessed"
REWRITTEN = Tree([b"another", *(b"entry %d" % n for n in range(1, 40))])


async def hand(house: House, text: str, **given: Any) -> tuple[int, dict[str, Any]]:  # noqa: ANN401
    answer = await house.ask(
        AccessRole.ADMINISTRATOR, "POST", WITNESSED, json={"submission": text, **given}
    )
    return answer.status_code, answer.json()


async def test_the_auditor_takes_a_checkpoint_away(house: House) -> None:
    found = (await house.call("log.checkpoint")).json()
    checkpoint = verify(found["text"], found["key"])
    assert (checkpoint.origin, checkpoint.size) == (origin_of(OURS), 12)
    assert found["checkpoint"]["root"] == TREE.roots[12].hex()


async def test_what_one_proves_the_other_keeps(house: House) -> None:
    status, kept = await hand(house, SUBMISSION.text, key=SUBMISSION.key)
    assert (status, kept["checkpoint"]["size"]) == (200, 12)
    status, kept = await hand(house, handed_over(THEIRS, 12, 20).text)
    assert (status, kept["checkpoint"]["size"]) == (200, 20)
    listed = (await house.call("log.witnessed")).json()["witnessed"]
    assert [one["checkpoint"]["size"] for one in listed] == [20, 12]
    assert kept["note"] == listed[0]["note"]
    assert kept["note"].endswith(kept["cosignature"])


@pytest.mark.parametrize(
    ("text", "key", "status", "code"),
    [
        (SUBMISSION.text, None, 422, "LogKeyMissing"),
        (SUBMISSION.text, WITNESS_KEY, 422, "ForgedCheckpoint"),
        (SUBMISSION.text.replace("\n12\n", "\n13\n"), SUBMISSION.key, 422, "ForgedCheckpoint"),
        ("old 0\n\nnothing", SUBMISSION.key, 422, "ForgedCheckpoint"),
        (handed_over(THEIRS, 5).text, SUBMISSION.key, 409, "StaleProof"),
        ("", SUBMISSION.key, 422, "RequestInvalid"),
    ],
)
async def test_what_is_not_the_logs_own_is_refused(
    house: House, text: str, key: str | None, status: int, code: str
) -> None:
    given = {} if key is None else {"key": key}
    answered, problem = await hand(house, text, **given)
    assert (answered, problem["code"]) == (status, code)
    assert house.witness.lines.get((OURS, origin_of(THEIRS)), []) == []


@pytest.mark.parametrize(("old", "size"), [(12, 20), (12, 12), (12, 5)])
async def test_a_log_that_was_rewritten_or_cut_off_is_refused(
    house: House, old: int, size: int
) -> None:
    await hand(house, SUBMISSION.text, key=SUBMISSION.key)
    given = handed_over(THEIRS, min(old, size), size, REWRITTEN)
    status, problem = await hand(house, given.text)
    assert (status, problem["code"]) == (409, "LogForked")


async def test_a_proof_from_more_than_there_is_is_refused(house: House) -> None:
    answer = await house.ask("auditor", "GET", "/api/v1/log/proof?from=13")
    assert (answer.status_code, answer.json()["code"]) == (409, "StaleProof")


@pytest.mark.parametrize("query", ["from=-1", "from=x", "to=-1", f"from={2**63}"])
async def test_a_size_that_cannot_be_is_refused(house: House, query: str) -> None:
    answer = await house.ask("auditor", "GET", f"/api/v1/log/proof?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "RequestInvalid")


async def test_a_witness_signs_our_checkpoint_and_we_keep_that(house: House) -> None:
    answer = await house.call("log.keep_cosignature")
    assert answer.json() == {"signed_at": "2026-09-02T09:00:00Z"}
    assert [organisation for organisation, _ in house.witness.cosignatures] == [OURS]
    foreign = COSIGNED.replace(OURS, THEIRS)
    answer = await house.call("log.keep_cosignature", json={"note": foreign, "key": WITNESS_KEY})
    assert (answer.status_code, answer.json()["code"]) == (422, "ForgedCheckpoint")
