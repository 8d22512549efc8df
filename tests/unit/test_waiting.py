"""Whatever state a document, a row, a pair or a cycle is in, it is said what is waited for."""

from datetime import datetime

import pytest

from domain.cycle_roadmap import TakeRoadmap
from domain.documents import DocumentState, Stage
from domain.messages import DocumentSettled
from domain.programme import ProgrammeState
from domain.waiting import Around, Wait, everybody, of_document
from domain.waiting_rows import of_cycle, of_pair, of_row
from tests.approval_builders import ANNA, BORIS, COUNCIL, a_stage, on_route
from tests.builders import (
    APPROVER,
    CURATOR,
    DAY,
    DRAFTER,
    MENTOR,
    NOW,
    REGISTRAR,
    a_cycle,
    a_document,
    a_document_at,
    a_new_cycle,
    a_pair,
    a_pair_at,
    a_pair_with_consents,
    a_planned_item,
    a_planned_result,
    a_stop,
    an_item,
    moved,
    the_curator,
    with_pairs,
)
from tests.nested_builders import (
    a_lower_cycle,
    an_upper_cycle,
    answered,
    came,
    corrected,
    heard,
    joined,
    sent,
)
from tests.roadmap_builders import a_roadmap, an_order_step
from tests.waiting_builders import KINDS, a_document_result, around, said


def of_first_row(cycle: ProgrammeState, *documents: DocumentState, now: datetime = NOW) -> Wait:
    return of_row(cycle, cycle.items[0], around(*documents), now)


# Documents


@pytest.mark.parametrize(
    ("stage", "what", "whom", "then"),
    [
        (Stage.DRAFTING, "draft", (), "look"),
        (Stage.ON_APPROVAL, "decide", (APPROVER,), "register"),
        (Stage.RETURNED, "redraft", (DRAFTER,), "again"),
        (Stage.REFUSED, "reopen", (CURATOR,), "again"),
        (Stage.TO_REGISTER, "register", (REGISTRAR,), "sign"),
        (Stage.REGISTERING, "enter", (), "sign"),
        (Stage.TO_SIGN, "attach_signed", (DRAFTER,), "in_force"),
        (Stage.SEALING, "seal", (), "in_force"),
        (Stage.IN_FORCE, "in_force", (), None),
    ],
)
def test_a_document_says_whom_it_waits_for_at_each_stage(
    stage: Stage, what: str, whom: tuple[str, ...], then: str | None
) -> None:
    wait = of_document(a_document_at(stage))
    assert (wait.what, wait.whom, wait.then and wait.then.what) == (what, whom, then)
    assert wait.document_id == "d1"


def test_a_withdrawn_document_says_so() -> None:
    state = a_document().changed(stage=Stage.WITHDRAWN)
    assert of_document(state).what == "withdrawn"


def test_a_document_in_trouble_waits_for_whoever_mends_it() -> None:
    state = a_document().troubled("draft", "FactMissing", NOW)
    wait = of_document(state)
    assert (wait.what, wait.whom, wait.code) == ("mend", (CURATOR,), "FactMissing")


def test_on_a_route_what_follows_is_the_next_stage_that_is_not_skipped() -> None:
    first, second = a_stage("first", ANNA, BORIS), a_stage("second", COUNCIL, kind="body")
    wait = of_document(on_route(first, second))
    assert (wait.what, set(wait.whom), wait.n, wait.more) == ("decide", {ANNA, BORIS}, 2, 0)
    assert wait.then is not None
    assert (wait.then.what, wait.then.whom) == ("look", (COUNCIL,))
    (sitting,) = [of_document(on_route(second))]
    assert (sitting.what, sitting.whom) == ("hold_sitting", (COUNCIL,))


def test_a_discussion_without_remarks_waits_for_its_day() -> None:
    wait = of_document(on_route(a_stage("talk", kind="discussion", days=5)))
    assert (wait.what, wait.words, wait.whom) == ("discussion", "talk", ())
    assert wait.due is not None


def test_an_act_that_destroys_says_how_far_it_is() -> None:
    state = a_document_at(Stage.IN_FORCE).changed(destroys=5, destroyed=2)
    wait = of_document(state)
    assert (wait.what, wait.n, wait.of) == ("destroy", 2, 5)


# Rows


def test_a_row_before_its_window_says_when_it_opens() -> None:
    cycle = a_cycle(a_planned_item(opens=NOW + 5 * DAY))
    wait = of_first_row(cycle)
    assert (wait.what, wait.due) == ("opens", NOW + 5 * DAY)


def test_a_row_that_waits_for_others_names_them() -> None:
    cycle = a_cycle(a_planned_item(id="2", after=("1",)), a_planned_item(id="1"))
    wait = of_first_row(cycle)
    assert (wait.what, wait.n) == ("rows_before", 1)
    assert "1" in wait.words


def test_a_row_says_which_row_its_work_opens() -> None:
    cycle = a_cycle(a_planned_item(id="1"), a_planned_item(id="2", after=("1",)))
    wait = of_first_row(cycle)
    assert (wait.what, wait.whom) == ("record_number", (CURATOR,))
    assert wait.then is not None
    assert (wait.then.what, wait.then.words[:1]) == ("rows", "2")


def test_a_row_says_its_own_next_result_first() -> None:
    results = (a_planned_result(id="a"), a_planned_result(id="b", after=("a",)))
    wait = of_first_row(a_cycle(a_planned_item(results=results)))
    assert wait.then is not None
    assert (wait.then.what, wait.then.words) == ("result", "b")


def test_a_row_with_several_results_says_the_first_and_counts_the_others() -> None:
    results = (a_planned_result(id="a"), a_planned_result(id="b"), a_planned_result(id="c"))
    assert of_first_row(a_cycle(a_planned_item(results=results))).more == 2


def test_a_row_with_a_document_says_what_that_waits_for() -> None:
    cycle = a_cycle(a_planned_item(results=(a_document_result(),)))
    asked = of_first_row(cycle)
    assert (asked.what, asked.then and asked.then.what) == ("draft", "sign")
    started = cycle.document_started(next(iter(cycle.papers())))
    document = next(one for item in started.items for one in item.results).document_id
    assert of_first_row(started).what == "draft"  # it has not saved itself yet
    at_work = a_document_at(Stage.TO_REGISTER).changed(document_id=document)
    wait = of_first_row(started, at_work)
    assert (wait.what, wait.about, wait.document_id) == ("register", "Приказ о парах", document)


def test_a_row_that_is_done_says_so() -> None:
    cycle = a_cycle()
    item = an_item().with_result("done", done=True)
    assert of_row(cycle, item, around(), NOW).what == "row_done"


def test_a_row_over_pairs_waits_for_their_end_and_before_that_for_their_beginning() -> None:
    cycle = a_cycle(a_planned_item(after=("pairs",)), a_planned_item(id="2"))
    nobody = of_first_row(cycle)
    assert (nobody.what, nobody.whom) == ("no_pairs", (CURATOR,))
    going = of_first_row(with_pairs(cycle))
    assert (going.what, going.n, going.of) == ("pairs_end", 0, 1)


def test_an_order_on_pairs_waits_until_all_have_come_to_its_stage() -> None:
    order = a_planned_item(results=(a_document_result(pairs_at="order"),))
    cycle = with_pairs(a_cycle(order))
    assert of_first_row(a_cycle(order)).what == "no_pairs"
    waits = of_first_row(cycle)
    assert (waits.what, waits.n, waits.of) == ("pairs_come", 0, 1)
    started = cycle.pairs_started((cycle.pairs[0].pair_id,))
    assert of_first_row(moved(started, 0, "order")).what == "draft"


def test_a_row_that_does_not_apply_says_so() -> None:
    item = an_item().changed(skipped=True, done=True)
    assert of_row(a_cycle(), item, around(), NOW).what == "row_skipped"


def test_a_row_whose_document_was_withdrawn_asks_whether_to_draft_it_anew() -> None:
    cycle = a_cycle(a_planned_item(results=(a_document_result(),)))
    started = cycle.document_started(next(iter(cycle.papers())))
    document = str(started.items[0].results[0].document_id)
    fact = DocumentSettled(document_id=document, in_force=False)
    wait = of_first_row(started.document_settled(fact, NOW))
    assert (wait.what, wait.whom) == ("draft_again", (CURATOR,))


def test_a_row_that_demands_several_says_how_many_there_are() -> None:
    row = a_planned_item(results=(a_planned_result(proof="link", count=3),))
    wait = of_first_row(a_cycle(row))
    assert (wait.n, wait.of) == (0, 3)
    assert "(есть 0 из 3)" in said(wait)


def test_a_row_that_collects_goes_on_until_its_window_is_over() -> None:
    row = a_planned_item(collects=True)
    cycle = a_cycle(row)
    item = cycle.items[0].with_result("done", done=True)
    wait = of_row(cycle, item, around(), NOW)
    assert (wait.what, wait.due) == ("collect", item.plan.due)


# Levels


def test_reports_from_below_are_counted_by_what_becomes_of_them() -> None:
    cycle = joined(an_upper_cycle(branches=3), 1, 2)
    assert (of_first_row(cycle).n, of_first_row(cycle).of) == (3, 0)
    come = came(cycle, 1)
    assert (of_first_row(come).n, of_first_row(come).of) == (2, 1)
    empty = of_first_row(an_upper_cycle(branches=0))
    assert (empty.what, empty.n, empty.of) == ("gather_reports", 0, 0)
    done = answered(came(cycle, 1, 2, 3), 1, 2, 3)
    assert of_first_row(done).what == "row_done"


def test_a_report_to_above_goes_by_itself_and_then_waits_for_the_answer() -> None:
    cycle = a_lower_cycle()
    assert of_first_row(cycle).what == "file_report"
    filed = sent(cycle)
    assert (of_first_row(filed).what, of_first_row(filed).whom) == ("upper_answer", ())
    back = of_first_row(heard(filed, "returned"))
    assert (back.what, back.whom) == ("correct_report", (CURATOR,))
    assert of_first_row(corrected(heard(filed, "returned"))).what == "file_report"
    assert of_first_row(heard(filed, "accepted")).what == "row_done"


def test_a_lower_cycle_names_nobody_of_the_upper_one() -> None:
    cycle = sent(a_lower_cycle())
    assert everybody([of_first_row(cycle)]) == ()
    assert "school" not in said(of_first_row(joined(an_upper_cycle(), 1)))


# Pairs


@pytest.mark.parametrize(
    ("stage", "what", "whom"),
    [
        ("meetings", "record_meeting", (MENTOR,)),
        ("interim", "record_monitoring", (MENTOR,)),
        ("completed", "pair_completed", ()),
    ],
)
def test_a_pair_says_what_its_stage_waits_for(stage: str, what: str, whom: tuple[str, ...]) -> None:
    wait = of_pair(a_pair_at(stage), around(), NOW)
    assert (wait.what, wait.whom) == (what, whom)


def test_a_new_pair_waits_for_the_law_and_then_for_its_consents() -> None:
    pair = a_pair()
    assert of_pair(pair, around(), NOW).what == "find_package"


def test_a_pair_says_what_its_document_waits_for_and_what_that_leads_to() -> None:
    pair = a_pair_with_consents()
    (move,) = [one for one in pair.next_moves(NOW) if one.kind == "agreement"]
    assert of_pair(pair, around(), NOW).about == "Соглашение"
    started = pair.document_started(move)
    document = a_document_at(Stage.ON_APPROVAL).changed(document_id=move.subject)
    wait = of_pair(started, around(document), NOW)
    assert (wait.what, wait.about, wait.whom) == ("decide", "Соглашение", (APPROVER,))


def test_a_pair_at_its_order_says_what_the_order_waits_for() -> None:
    order = a_planned_item(results=(a_document_result(pairs_at="order"),))
    cycle = with_pairs(a_cycle(order))
    wait = of_pair(a_pair_at("order"), around(cycle=cycle), NOW)
    assert (wait.what, wait.of) == ("pairs_come", 1)
    alone = of_pair(a_pair_at("order"), around(), NOW)
    assert alone.what == "order"


def test_a_pair_that_stopped_or_is_in_trouble_says_so() -> None:
    pair = a_pair_with_consents()
    assert of_pair(pair.stopped_early(a_stop(), NOW), around(), NOW).what == "pair_stopped"
    troubled = pair.troubled("find_package", "NotFound", NOW)
    assert of_pair(troubled, around(), NOW).what == "mend"


# Cycles


def test_a_cycle_says_the_most_urgent_and_counts_the_rest() -> None:
    cycle = a_cycle(a_planned_item(), a_planned_item(id="2"))
    nearest = of_first_row(cycle)
    wait = of_cycle(cycle, around(), NOW, nearest, 12)
    assert (wait.what, wait.more) == ("record_number", 11)


def test_a_cycle_without_tasks_says_what_comes_by_itself() -> None:
    assert of_cycle(a_new_cycle(), around(), NOW, None, 0).what == "plan"
    idle = a_cycle(a_planned_item(opens=NOW + 5 * DAY))
    ahead = of_cycle(idle, around(), NOW, None, 0)
    assert (ahead.what, ahead.due) == ("next_row", NOW + 5 * DAY)
    wish = TakeRoadmap(by=the_curator(), n=1, was=1, version=2, sha256="a" * 64)
    assert of_cycle(idle.changed(taking=wish), around(), NOW, None, 0).what == "take_roadmap"
    closed = idle.changed(closed=True)
    assert of_cycle(closed, around(), NOW, None, 0).what == "closed"
    troubled = a_new_cycle().troubled("plan", "RoleUnmapped", NOW)
    assert of_cycle(troubled, around(), NOW, None, 0).what == "mend"


def test_the_words_of_the_roadmap_are_said() -> None:
    roadmap = a_roadmap(steps=[an_order_step()])
    known = Around(roadmap=roadmap, kinds=KINDS)
    assert known.step("9").startswith("9 «")
    assert known.step("gone") == "gone"
    assert known.kind("unknown") == "unknown"
