"""Nothing is without its sentence, whatever state it is in; and nobody hidden is named in one."""

from datetime import datetime, timedelta
from typing import get_args

import pytest

from adapters.postgres.titles import OF_RESULT, TASKS
from domain.documents import DocumentState, Stage
from domain.extras import Extra
from domain.items import Paper
from domain.pair import PairState
from domain.pair_road import Act, PairMove
from domain.planning import PlannedItem
from domain.programme import ProgrammeState
from domain.roadmap import Proof
from domain.waiting import everybody, of_document
from domain.waiting_rows import of_cycle, of_pair, of_row
from domain.waiting_words import LEADS
from tests.approval_builders import ANNA, BORIS, COUNCIL, a_stage, on_route
from tests.builders import (
    APPROVER,
    CURATOR,
    DAY,
    DRAFTER,
    MENTOR,
    NOW,
    a_cycle,
    a_document_at,
    a_new_cycle,
    a_pair,
    a_pair_at,
    a_pair_with_consents,
    a_planned_item,
    a_planned_result,
    a_stop,
    an_item,
    with_pairs,
)
from tests.nested_builders import (
    a_lower_cycle,
    an_upper_cycle,
    came,
    heard,
    joined,
    sent,
)
from tests.waiting_builders import a_document_result, around, said

LATER = NOW + timedelta(days=2000)


def some_documents() -> list[DocumentState]:
    stages = [one for one in Stage if one is not Stage.WITHDRAWN]
    known = [a_document_at(stage) for stage in stages]
    known += [
        a_document_at(stage, registrar=None) for stage in stages if stage is not Stage.TO_REGISTER
    ]
    known += [one.troubled("draft", "FactMissing", NOW) for one in known]
    known += [one.changed(stage=Stage.WITHDRAWN) for one in known[:1]]
    for kind, holders in (("decision", (ANNA, BORIS)), ("body", (COUNCIL,)), ("review", (ANNA,))):
        known.append(on_route(a_stage("s", *holders, kind=kind), a_stage("t", ANNA)))
    known.append(on_route(a_stage("s", kind="discussion", days=3), a_stage("t", ANNA)))
    return known


def proofs() -> list[str]:
    """Every kind of proof that the format knows."""
    union = get_args(get_args(Proof)[0])
    return [get_args(one.model_fields["proof"].annotation)[0] for one in union]


def some_cycles() -> list[ProgrammeState]:
    rows: list[PlannedItem] = [
        *(
            a_planned_item(results=(a_planned_result(proof=proof, demand="yearly"),))
            for proof in proofs()
            if proof != "document"
        ),
        a_planned_item(due=None),
        a_planned_item(results=(a_document_result(),)),
        a_planned_item(results=(a_document_result(pairs_at="order"),)),
        a_planned_item(after=("pairs",)),
        a_planned_item(after=("2",)),
        a_planned_item(opens=NOW + 9 * DAY, due=NOW + 20 * DAY),
    ]
    cycles = [a_cycle(row, a_planned_item(id="2")) for row in rows]
    cycles += [with_pairs(one) for one in cycles]
    cycles += [a_lower_cycle(row) for row in rows]
    cycles += [one.document_started(paper) for one in cycles for paper in one.papers()]
    extra = Extra(paper=Paper(document_id="x", kind="order_pairs", drafter=DRAFTER))
    cycles += [a_cycle(a_planned_item(opens=NOW + DAY)).changed(extras=(extra,))]
    cycles += [joined(an_upper_cycle(), 1), came(an_upper_cycle(), 1), an_upper_cycle(branches=0)]
    cycles += [sent(a_lower_cycle()), heard(sent(a_lower_cycle()), "returned"), a_new_cycle()]
    return cycles + [one.troubled("plan", "NotFound", NOW) for one in cycles]


def some_pairs() -> list[PairState]:
    track = [stage.id for stage in a_pair().track]
    pairs = [a_pair_at(stage) for stage in (*track, "completed")]
    pairs += [one.document_started(move) for one in pairs for move in documents_of(one)]
    pairs += [a_pair_with_consents(items=(an_item(id="7"),)), a_pair(items=(an_item(id="7"),))]
    pairs += [one.troubled("report", "NotFound", NOW) for one in pairs]
    open_ones = [one for one in pairs if not one.is_over()]
    return pairs + [one.stopped_early(a_stop(), NOW) for one in open_ones]


def documents_of(pair: PairState) -> list[PairMove]:
    return [one for one in pair.next_moves(NOW) if one.act is Act.START_DOCUMENT]


@pytest.mark.parametrize("now", [NOW, LATER])
def test_nothing_is_without_a_sentence_and_nobody_hidden_is_named(now: datetime) -> None:
    waits = [of_document(one) for one in some_documents()]
    for cycle in some_cycles():
        waits += [of_row(cycle, item, around(), now) for item in cycle.items]
        waits.append(of_cycle(cycle, around(), now, None, 0))
        waits.append(of_cycle(cycle, around(*some_documents()), now, waits[-2], 3))
    for pair in some_pairs():
        waits += [of_row(pair, item, around(), now) for item in pair.items]
        waits += [of_pair(pair, around(cycle=one), now) for one in (None, with_pairs(a_cycle()))]
    assert len(waits) > 200
    for wait in waits:
        assert wait.what in LEADS, wait
        words = said(wait, now)
        assert words.endswith(".")
        assert len(words) < 400
        assert not [id_ for id_ in everybody([wait]) if id_ in words]
        assert not any(id_ in words for id_ in (MENTOR, CURATOR, APPROVER, DRAFTER, "pair1"))
    assert {wait.what for wait in waits} >= {"decide", "register", "record_meeting", "mend"}


def test_every_kind_of_task_has_its_words() -> None:
    of_rows = {f"record_{proof}" for proof in proofs()} - {"record_document", "record_reports"}
    assert {*TASKS, *OF_RESULT, "fulfil", *of_rows} - {"record_result"} <= LEADS.keys()


def test_a_task_of_a_state_has_its_words_too() -> None:
    states = [*some_documents(), *some_cycles(), *some_pairs()]
    kinds = {task.kind for state in states for task in state.tasks()} - {"record_result"}
    assert len(kinds) >= 10
    assert kinds <= LEADS.keys()
    assert {
        task.refs["proof"]
        for one in some_cycles()
        for task in one.tasks()
        if task.kind == "record_result"
    } >= {"number", "remark"}
