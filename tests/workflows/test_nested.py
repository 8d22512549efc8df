"""A cycle and the cycles below it on a real server: none is another's child."""

import asyncio
from functools import partial
from threading import Event

import pytest
from temporalio.client import WorkflowUpdateFailedError

from activities.tasks import Launch
from domain import ids
from domain.branch_wishes import Invite
from domain.documents import DocumentState
from domain.evidence import RecordResult, ReportSent
from domain.extras import DraftDocument, documents_asked
from domain.messages import BranchMoved, Reminded, ReportAnswered, ReportReceived
from domain.process import Answer
from domain.row_changes import MarkNotApplicable
from domain.upper import SendReport
from tests.nested_builders import DEMAND, a_release, an_answer, an_entry_of, an_excuse
from tests.workflows.held import HeldLedger
from tests.workflows.nested import (
    INSPECTING,
    LOWER,
    UPPER,
    District,
    actions,
    lower,
    of,
    tasks_of,
)
from tests.workflows.rows import CURATOR, a_cycle, real_now
from tests.workflows.world import World, ask, refusal_of
from workflows.process import ClockMoved

DAY = 24 * 3600


async def test_a_district_and_its_schools_from_invitation_to_close(world: World) -> None:
    district = await District.begin(world, 5)
    first, second, third = [await district.launch(n) for n in (1, 2, 3)]

    for school in (first, second):
        await district.work(school)
    await district.stands(1, "sent")
    await district.stands(2, "sent")
    await district.ask("answer_reports", an_answer(1, by=CURATOR))
    await first.result()

    await district.ask("answer_reports", an_answer(2, accepted=False, by=CURATOR))
    await world.until(lambda: tasks_of(world, second) == ["correct_report"])
    assert district.status(1) == "accepted"
    await ask(second, "send_report", SendReport(by=CURATOR, item="2", result="result"))
    await world.until(lambda: district.branch(2).reports["yearly@1"].version == 2)
    await district.ask("answer_reports", an_answer(2, by=CURATOR))
    await second.result()

    await district.ask("excuse", an_excuse(3, by=CURATOR))
    await district.ask("enter_report", an_entry_of(4, by=CURATOR))  # it is outside
    await district.ask("release_branch", a_release(5, by=CURATOR))

    end = await district.close()
    assert [branch.stage for branch in end.branches] == [
        *("closed", "closed", "joined", "invited", "left"),
    ]
    statuses = [one.reports["yearly@1"].status for one in end.branches if one.reports]
    assert statuses == ["accepted", "accepted", "excused", "accepted"]
    assert list(world.reports.of(district.cycle_id)) == [1, 2, 2]

    await district.work(third)  # it goes on alone, and owes nothing
    await third.result()
    assert "report_sent" not in actions(world, third)


async def test_a_report_after_the_upper_cycle_has_closed_closes_the_lower_one(
    world: World,
) -> None:
    district = await District.begin(world, 2)
    early, late = [await district.launch(n) for n in (1, 2)]
    await district.work(early)
    await district.stands(1, "sent")
    await district.ask("answer_reports", an_answer(1, by=CURATOR))
    skip = MarkNotApplicable(by=CURATOR, note_id="why", item="1")
    await district.ask("mark_not_applicable", skip)
    await district.close()

    await district.work(late)
    end = await late.result()

    assert end.closed
    assert "sent_after_closing" in actions(world, late)
    assert list(world.reports.of(district.cycle_id)) == [1, 2]  # its figures are kept


async def test_a_school_that_left_before_it_sent_its_report_is_not_left_waiting(
    world: World,
) -> None:
    district = await District.begin(world, 2)
    school = await district.launch(2)
    await district.ask("release_branch", a_release(2, by=CURATOR))
    await world.until(lambda: "left_upper" in actions(world, school))

    await district.work(school)
    await world.until(lambda: tasks_of(world, school) == ["record_result"])
    sent = ReportSent(evidence_id="e3", day=real_now().date())
    proof = RecordResult(by=CURATOR, item="2", result="result", evidence=sent)
    await ask(school, "record_result", proof)

    await school.result()
    assert district.status(2) is None
    assert "report_sent" not in actions(world, school)


async def test_a_report_that_waited_when_its_school_left_closes_its_row(world: World) -> None:
    district = await District.begin(world, 2)
    school = await district.launch(2)
    await district.work(school)
    await district.stands(2, "sent")

    await district.ask("release_branch", a_release(2, by=CURATOR))

    await school.result()
    left = next(one for one in world.ledger.events_of(school.id) if one.action == "left_upper")
    assert left.note_id == "why"


async def test_a_school_whose_report_nobody_answers_any_more_is_not_left_waiting(
    world: World,
) -> None:
    district = await District.begin(world, 2)
    school = await district.launch(1)
    await district.work(school)
    await district.stands(1, "sent")

    skip = MarkNotApplicable(by=CURATOR, note_id="why", item="1")
    await district.ask("mark_not_applicable", skip)

    end = await school.result()
    assert end.closed
    assert actions(world, school).count("sent_after_closing") == 1
    await district.close()


async def test_signals_that_come_twice_late_or_from_nobody_change_nothing(world: World) -> None:
    district = await District.begin(world, 1)
    school = await district.launch(1)
    await district.work(school)
    await district.stands(1, "sent")
    before = len(actions(world, district.upper))

    for fact in (
        BranchMoved(n=1, stage="joined"),
        BranchMoved(n=7, stage="joined"),
    ):
        await district.upper.signal("branch_moved", fact)
    for n, version in ((1, 1), (1, 0), (7, 1)):
        fact_again = ReportReceived(n=n, demand=DEMAND, turn=1, version=version)
        await district.upper.signal("report_received", fact_again)
    await district.ask("answer_reports", an_answer(1, by=CURATOR))
    await school.result()
    await world.until(lambda: "branch_closed" in actions(world, district.upper))

    told = actions(world, district.upper)[before:]
    assert sorted(told) == ["branch_closed", "item_opened", "report_accepted", "result_proved"]


async def test_a_doubled_answer_and_a_doubled_reminder_are_heard_once(world: World) -> None:
    district = await District.begin(world, 1)
    school = await district.launch(1)
    for _ in range(2):
        await school.signal("reminded", Reminded(demand=DEMAND, turn=1, kind="reminder"))
    await district.work(school)
    await world.until(lambda: "report_sent" in actions(world, school))
    answer = ReportAnswered(demand=DEMAND, turn=1, version=1, status="returned", note_id="r1")
    for _ in range(2):
        await school.signal("report_answered", answer)
    await world.until(lambda: tasks_of(world, school) == ["correct_report"])
    await world.until(lambda: "reminded" in actions(world, school))
    assert actions(world, school).count("report_returned") == 1
    assert actions(world, school).count("reminded") == 1  # lead and curator are one person


async def test_a_repeated_update_is_done_once(world: World) -> None:
    district = await District.begin(world, 1)
    wish = Invite(by=CURATOR, below_ids=("school1", "school2"))
    for _ in range(2):
        await ask(district.upper, "invite", wish, "the-same")
    await ask(district.upper, "invite", wish)
    assert [one.below_id for one in district.shown().branches] == ["school1", "school2"]


async def test_a_wish_that_is_refused_leaves_no_trace(world: World) -> None:
    district = await District.begin(world, 1)
    before = actions(world, district.upper)
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await district.ask("answer_reports", an_answer(1, by=CURATOR))
    assert refusal_of(refused.value) == "WrongState"
    assert actions(world, district.upper) == before


async def test_those_whose_report_is_missing_are_reminded_when_it_falls_due(world: World) -> None:
    steps = [step.model_dump() for step in UPPER.steps]
    steps[0]["deadline"] = {"rule": "all_year"}
    dated = UPPER.model_validate({**UPPER.model_dump(), "steps": steps})
    state = a_cycle()
    world.ledger.launches[state.cycle_id] = of(dated).changed(start=real_now().date())
    handle = await world.start(state)
    await world.at_stage(handle, "running")
    district = District(world, handle, state.cycle_id)
    await district.ask("invite", Invite(by=CURATOR, below_ids=("school1", "school2", "school3")))
    idle, busy = [await district.launch(n) for n in (1, 2)]
    await district.work(busy)
    await district.stands(2, "sent")

    await handle.execute_update("move_clock", ClockMoved(offset=366 * DAY), result_type=Answer)
    await world.until(lambda: {"reminded", "escalated"} <= set(actions(world, idle)))
    await world.until(lambda: actions(world, handle).count("branches_reminded") == 2)

    assert [actions(world, idle).count(name) for name in ("reminded", "escalated")] == [1, 1]
    assert not {"reminded", "escalated"} & set(actions(world, busy))
    told = [one for one in world.ledger.notices.values() if one.organisation_id is not None]
    assert [(one.organisation_id, one.kind) for one in told] == [
        ("school3", "reminder"),  # invited, and has launched nothing yet
        ("school3", "escalation"),
    ]


async def test_sixty_reports_at_once_are_all_heard(short_world: World) -> None:
    """Across several runs of the upper cycle: it continues as new among the signals."""
    district = await District.begin(short_world, 60)
    facts = [ReportReceived(n=n, demand=DEMAND, turn=1, version=1) for n in range(1, 61)]
    upper = short_world.handle(district.upper.id)  # whichever run is the current one
    await asyncio.gather(*(upper.signal("report_received", fact) for fact in facts))
    await short_world.until(lambda: all(district.status(n) == "sent" for n in range(1, 61)))
    end_of = district.upper
    district = District(short_world, upper, district.cycle_id)
    await district.ask("answer_reports", an_answer(*range(1, 61), by=CURATOR))
    await district.finish()
    end = await end_of.result()
    assert {one.reports["yearly@1"].told for one in end.branches} == {True}


async def test_a_region_has_municipalities_below_it_and_they_have_schools(world: World) -> None:
    """A cycle in the middle hears those below, and reports to the one above."""
    top = await District.begin(world, 1)
    rows = (
        UPPER.steps[0].model_dump(),
        {**LOWER.steps[1].model_dump(), "id": "2", "after": ["1"]},
    )
    both = {**UPPER.model_dump(), "roadmap": "middle", "steps": rows}
    middle = await top.launch(1, UPPER.model_validate(both))
    district = District(world, middle, ids.branch_cycle(top.cycle_id, 1))
    await district.ask("invite", Invite(by=CURATOR, below_ids=("village1",)))
    school = await district.launch(1)
    await district.work(school)
    await district.stands(1, "sent")
    await district.ask("answer_reports", an_answer(1, by=CURATOR))
    await top.stands(1, "sent")
    await top.ask("answer_reports", an_answer(1, by=CURATOR))
    await middle.result()
    await top.close()
    assert lower(world, middle).closed


async def test_each_organisation_that_is_named_gets_a_document_of_its_own(world: World) -> None:
    district = await District.begin(world, 3)
    wish = DraftDocument(
        by=CURATOR, document_id=ids.new_id(), kind="inspection_checklist", branches=(1, 3)
    )

    await district.ask("draft_document", wish)

    made = documents_asked(wish.document_id, wish.branches)
    for document_id, n in made:
        paper = ids.document_workflow(document_id)
        await world.until(partial(drafted, world, paper))
        state = drafted(world, paper)
        assert state is not None
        assert state.draft is not None
        assert state.branch == n
        assert world.ledger.facts(state.draft.facts_id)["branch"] == n
    assert [one.paper.document_id for one in district.shown().extras] == [id_ for id_, _ in made]


async def test_a_row_makes_a_document_about_each_school_and_waits_for_all(world: World) -> None:
    district = await District.begin(world, 2, INSPECTING)

    end = await district.inspect()

    assert [(one.paper.branch, one.in_force) for one in end.extras] == [
        *((1, False), (2, True), (3, True), (1, True)),
    ]
    assert all(item.done for item in end.items)
    assert actions(world, district.upper).count("result_proved") == 2
    for one in end.extras:
        paper = world.ledger.state(ids.document_workflow(one.paper.document_id))
        assert isinstance(paper, DocumentState)
        assert (paper.item_id, paper.result_id, paper.branch) == ("1", "result", one.paper.branch)


def drafted(world: World, workflow_id: str) -> DocumentState | None:
    """The document as readers see it, once it has a draft."""
    state = world.ledger.state(workflow_id)
    return state if isinstance(state, DocumentState) and state.draft else None


class SlowToPlan(HeldLedger):
    """Plans nothing until it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may_plan = Event()

    def launch(self, cycle_id: str, n: int = 0) -> Launch:
        self.may_plan.wait(timeout=20)
        return super().launch(cycle_id, n)


async def test_who_invites_before_the_cycle_is_planned_is_asked_to_come_again(
    idle_world: World,
) -> None:
    world, ledger = idle_world, SlowToPlan()
    world.ledger = ledger
    async with world.worker():
        state = a_cycle()
        ledger.launches[state.cycle_id] = of(UPPER)
        handle = await world.start(state)
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await ask(handle, "invite", Invite(by=CURATOR, below_ids=("school1",)))
        assert refusal_of(refused.value) == "NotPlanned"
        ledger.may_plan.set()
        await world.at_stage(handle, "running")
        await ask(handle, "invite", Invite(by=CURATOR, below_ids=("school1",)))
        assert [branch.below_id for branch in lower(world, handle).branches] == ["school1"]
