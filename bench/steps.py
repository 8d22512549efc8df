"""How much of the engine's speed is left to people: completed steps a second.

A step is one act of a person that is answered: a decision, a registration, a signed scan, a
meeting, a monitoring form, a result. A cycle is carried from its start to its close, over real
PostgreSQL, files and templates; then workflows of the same shape (the same updates, timers,
activities, children and signals, read from the histories) with activities that return at once,
by the same server, client and process. Rounds take turns; the median counts.
"""

import argparse
import asyncio
import json
import time
from collections import Counter

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client

from bench._floor import shape_round, shape_worker
from bench._shape import script_of
from bench._stage import Stage, as_on_a_user_s_machine, median, say, served, shown
from domain.cycle_pairs import FormPairs
from domain.pairing import PairRequest
from domain.people import Form
from domain.process import Answer
from runtime.worker import make_worker
from tests.workflows.people import People
from workflows.programme import ProgrammeWorkflow

LIMIT = 0.5
REAL = "bench-real"
PATIENCE = 600.0


async def real_round(
    stage: Stage, client: Client, name: str, pairs: int
) -> tuple[float, int, dict[str, list[HistoryEvent]]]:
    """Seconds of a whole cycle, the steps in it, and what its workflows did."""
    state, seen = stage.launch(name), shown(stage)
    people = People(client, seen, stage.parts.ledger, stage.parts.files, stage.curator)
    # Other rounds' workflows have ended: nobody has tasks there.
    began = time.monotonic()
    handle = await client.start_workflow(
        ProgrammeWorkflow.run, state, id=state.workflow_id, task_queue=REAL
    )
    await people.work_until(
        lambda: handle.id in seen and seen[handle.id].state.stage_name == "running"
    )
    wish = FormPairs(by=stage.curator, pairs=requests(stage, pairs))
    await handle.execute_update("form_pairs", wish, id="form", result_type=Answer)
    await people.work_until(lambda: seen[handle.id].state.stage_name == "closed", PATIENCE)
    await handle.result()
    seconds = time.monotonic() - began
    own = [id_ for id_, saved in seen.items() if saved.state.cycle_id == state.cycle_id]
    histories = {}
    for id_ in own:
        history = await client.get_workflow_handle(id_).fetch_history()
        histories[id_] = list(history.events)
    return seconds, sum(people.acts.values()) + 1, histories


def requests(stage: Stage, count: int) -> tuple[PairRequest, ...]:
    """Pairs of the rehearsal's people; every second mentee is a young specialist."""
    form = Form.TEACHER_TEACHER
    side = stage.cast.pairs[form]
    return tuple(
        PairRequest(
            mentor_id=stage.person(side.mentors[place]),
            mentee_id=stage.person(side.mentees[place]),
            form=form,
            novice=place % 2 == 0,
        )
        for place in range(count)
    )


async def measure(stage: Stage, pairs: int, rounds: int) -> dict[str, object]:
    client = await stage.client()
    ratios, real_speeds, shape_speeds = [], [], []
    moves: Counter[str] = Counter()
    async with make_worker(client, stage.parts, REAL), shape_worker(client):
        for number in range(rounds):
            name = f"bench{number}"
            seconds, steps, histories = await real_round(stage, client, name, pairs)
            root = next(id_ for id_ in histories if id_.startswith("cycle/"))
            script = script_of(histories, root, f"{name}/")
            moves = script.total()
            bare = await shape_round(client, script)
            assert moves["update"] == steps, "the shape must take as many steps as people did"
            real_speeds.append(steps / seconds)
            shape_speeds.append(steps / bare)
            ratios.append(bare / seconds)
            say(f"round {number}: {steps} steps, {seconds:.1f} s; same shape {bare:.1f} s")
    ratio = median(ratios)
    return {
        "bench": "steps",
        "pairs": pairs,
        "rounds": rounds,
        "moves": dict(moves),
        "steps_per_second": median(real_speeds),
        "shape_steps_per_second": median(shape_speeds),
        "ratios": {"steps": ratio},
        "limits": {"steps": LIMIT},
        "ok": ratio >= LIMIT,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    given = parser.parse_args()
    as_on_a_user_s_machine()
    with served() as stage:
        found = asyncio.run(measure(stage, given.pairs, given.rounds))
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        print(
            f"{found['steps_per_second']} steps a second, the same shape bare: "
            f"{found['shape_steps_per_second']}; ratio {found['ratios']}, limit {LIMIT}"
        )
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
