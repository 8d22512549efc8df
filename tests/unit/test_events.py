"""Events, publications, and rows that count evidence or collect it all their window long."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.errors import (
    AlreadyCounted,
    BadDate,
    EnoughEvidence,
    EventNotHeld,
    ListTooLong,
    NotAnAddress,
    Refused,
    TooFewAttended,
    WrongEventKind,
    WrongState,
)
from domain.events import (
    EVENT_KINDS,
    EventDetails,
    EventLink,
    PublicationDetails,
    check_event,
    check_publication,
    site_of,
)
from domain.evidence import EventHeld, NumberReached
from domain.items import MOST_EVIDENCE, ResultState
from domain.past import Past
from domain.planning import PlannedResult, plan
from domain.programme import ProgrammeState
from tests.builders import (
    NOW,
    TODAY,
    a_cycle,
    a_planned_item,
    a_planned_result,
    a_record,
)
from tests.roadmap_builders import a_result, a_roadmap, a_step

DAY = date(2024, 9, 2)
EVENT = EventDetails(kind="seminar", title="Семинар", day=DAY)
PUBLICATION = PublicationDetails(
    what="Положение", site="Сайт", address="https://college.example/rules", day=DAY
)
SEMINARS = a_planned_result(proof="event", at_least=3, count=3, kinds=("seminar", "training"))
DUE = NOW + timedelta(days=300)


def held(evidence_id: str = "e1", **fields: object) -> EventHeld:
    known = {"day": DAY, "attendance": 3, "kind": "seminar", "evidence_id": evidence_id}
    return EventHeld.model_validate({**known, **fields})


def counting(*results: PlannedResult, collects: bool = False, **fields: object) -> ProgrammeState:
    return a_cycle(a_planned_item(results=results, collects=collects, due=DUE, **fields))


def proved(cycle: ProgrammeState, *evidence: EventHeld | NumberReached) -> ProgrammeState:
    for one in evidence:
        cycle.check_can_record(a_record(one), TODAY)
        cycle = cycle.result_recorded(a_record(one), NOW)
    return cycle


def actions(cycle: ProgrammeState) -> list[str]:
    return [event.action for event in cycle.unsaved]


# What may be said


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"until": DAY - timedelta(days=1)}, BadDate),
        ({"day": TODAY + timedelta(days=2), "attendance": 3}, EventNotHeld),
        ({"attendance": 1, "people": ("a", "b")}, ListTooLong),
        ({"links": (EventLink(title="x", address="ftp://a.example"),)}, NotAnAddress),
    ],
)
def test_an_event_that_cannot_be_is_refused(
    fields: dict[str, object], refusal: type[Refused]
) -> None:
    check_event(EVENT, TODAY)
    with pytest.raises(refusal):
        check_event(EVENT.changed(**fields), TODAY)


def test_an_event_is_planned_with_more_guests_than_will_be_counted() -> None:
    ahead = {"day": TODAY + timedelta(days=90), "people": ("a", "b"), "invited": 1}
    check_event(EVENT.changed(**ahead), TODAY)


@pytest.mark.parametrize(
    "address",
    [
        *("", "college.example", "ftp://a.example/x", "https://", "https:///x", "//a.example"),
        *("javascript:alert(1)", "https://a.example/a b", "https://[a.example", "file:///etc"),
    ],
)
def test_a_publication_has_the_address_of_a_page(address: str) -> None:
    check_publication(PUBLICATION, TODAY)
    with pytest.raises(NotAnAddress):
        check_publication(PUBLICATION.changed(address=address), TODAY)


def test_a_publication_is_not_of_the_future() -> None:
    with pytest.raises(BadDate):
        check_publication(PUBLICATION.changed(day=TODAY + timedelta(days=2)), TODAY)


def test_a_site_is_called_by_its_host() -> None:
    assert site_of("https://Сайт.example:8080/a") == "сайт.example"


def test_every_kind_of_event_has_a_title() -> None:
    assert len(set(EVENT_KINDS.values())) == len(EVENT_KINDS) == 10


# Counting


def test_a_result_that_demands_three_is_done_with_the_third() -> None:
    cycle = counting(SEMINARS)
    for n in (1, 2):
        cycle = proved(cycle, held(f"e{n}"))
        (item,) = cycle.items
        assert (item.results[0].evidence[-1], item.done) == (f"e{n}", False)
        (task,) = cycle.item_tasks()
        assert (task.refs["have"], task.refs["of"]) == (str(n), "3")
    cycle = proved(cycle, held("e3"))
    assert cycle.items[0].done
    told = [(one.action, one.refs["have"]) for one in cycle.unsaved if "have" in one.refs]
    assert told == [("evidence_added", "1"), ("evidence_added", "2"), ("result_proved", "3")]


def test_a_result_that_demands_one_says_nothing_of_counts() -> None:
    cycle = counting(a_planned_result(proof="event", at_least=3))
    (task,) = cycle.item_tasks()
    assert not {"have", "of"} & task.refs.keys()
    assert "have" not in proved(cycle, held()).unsaved[-1].refs


def test_the_same_event_counts_once() -> None:
    cycle = proved(counting(SEMINARS), held("e1"), held("e2"))
    for known in ("e1", "e2"):
        with pytest.raises(AlreadyCounted):
            cycle.check_can_record(a_record(held(known)), TODAY)


@pytest.mark.parametrize(
    ("event", "refusal"),
    [
        (held(kind="forum"), WrongEventKind),
        (held(kind=None), WrongEventKind),
        (held(attendance=2), TooFewAttended),
        (held(day=TODAY + timedelta(days=2)), BadDate),
    ],
)
def test_an_event_that_the_row_does_not_take_is_refused(
    event: EventHeld, refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        counting(SEMINARS).check_can_record(a_record(event), TODAY)


def test_a_row_that_names_no_kinds_takes_every_event() -> None:
    cycle = counting(a_planned_result(proof="event", at_least=3))
    for kind in (*EVENT_KINDS, None):
        cycle.check_can_record(a_record(held(kind=kind)), TODAY)


# Rows that collect


def test_a_row_that_collects_goes_on_when_it_has_enough() -> None:
    cycle = proved(counting(a_planned_result(proof="event", at_least=3), collects=True), held("e1"))
    (item,) = cycle.items
    assert (item.is_met, item.done, list(cycle.item_tasks())) == (True, False, [])
    cycle = proved(cycle, held("e2"), held("e3"))
    assert cycle.items[0].results[0].evidence == ("e1", "e2", "e3")
    assert actions(cycle)[-2:] == ["evidence_added"] * 2


def test_a_row_that_collects_is_done_when_its_window_is_over() -> None:
    cycle = proved(counting(a_planned_result(proof="event", at_least=3), collects=True), held())
    assert cycle.next_moment(NOW) == DUE
    before = cycle.advanced(DUE - timedelta(seconds=1))
    assert (before.items[0].done, before.closed) == (False, False)
    after = cycle.advanced(DUE)
    assert (after.items[0].done, after.closed) == (True, True)
    assert actions(after)[-2:] == ["item_closed", "closed"]
    assert after.advanced(DUE) == after
    past = Past.of(after.unsaved)
    assert [row.done for row in past.rows.values()] == [True]
    assert [row.done for row in Past.of(before.unsaved).rows.values()] == [False]


def test_a_row_that_collected_too_little_is_late_and_closes_with_what_it_lacked() -> None:
    cycle = counting(a_planned_result(proof="event", at_least=3, count=2), collects=True)
    cycle = proved(cycle, held("e1")).advanced(DUE)
    assert not cycle.items[0].done
    assert [one.kind for one in cycle.notices_due(DUE)][-1] == "escalation"
    wish = a_record(held("e2"))
    cycle.check_can_record(wish, TODAY)
    cycle = cycle.result_recorded(wish, DUE + timedelta(days=1))
    assert cycle.items[0].done
    assert actions(cycle)[-3:] == ["result_proved", "item_closed", "closed"]
    with pytest.raises(WrongState):
        cycle.check_can_record(a_record(held("e3")), TODAY)


def test_what_follows_a_row_that_collects_waits_for_enough_and_no_longer() -> None:
    first = a_planned_item(results=(a_planned_result(proof="event", at_least=3),), collects=True)
    cycle = a_cycle(first.changed(due=DUE), a_planned_item(id="2", after=("1",)))
    assert not cycle.items[1].open
    assert proved(cycle, held()).items[1].open


def test_a_row_that_does_not_collect_takes_no_more_than_it_demands() -> None:
    other = a_planned_result(id="other", proof="number", at_least=1)
    cycle = proved(counting(a_planned_result(proof="event", at_least=3), other), held("e1"))
    with pytest.raises(WrongState):
        cycle.check_can_record(a_record(held("e2")), TODAY)


def test_a_state_stays_small_however_much_is_collected() -> None:
    cycle = counting(a_planned_result(proof="event", at_least=3), collects=True)
    full = ResultState(done=True, evidence_id="e", more=tuple(f"e{n}" for n in range(99)))
    assert len(full.evidence) == MOST_EVIDENCE
    item = cycle.items[0].changed(results=(full,))
    with pytest.raises(EnoughEvidence):
        cycle.with_item(item).check_can_record(a_record(held("new")), TODAY)


def test_a_state_from_before_there_was_counting_is_read_as_it_was() -> None:
    old = {"done": True, "evidence_id": "e1", "document_id": None}
    assert ResultState.model_validate(old).evidence == ("e1",)
    planned = {"id": "held", "proof": "event", "at_least": 5, "file": False}
    assert PlannedResult.model_validate(planned).count == 1


# The roadmap


def test_the_plan_says_how_many_of_which_kinds_and_which_rows_collect() -> None:
    by = {"proof": "event", "attendance": 12, "count": 2, "kinds": ["seminar"]}
    always = {"rule": "always"}
    roadmap = a_roadmap(
        steps=[
            a_step(id="1", deadline=always, results=[a_result(by=by)]),
            a_step(id="2", results=[a_result(by={"proof": "link", "count": 3})]),
            a_step(id="3", deadline=always, scope="pairs"),
        ]
    )
    holders = dict.fromkeys(roadmap.launch_roles(), "p1")
    found = plan(roadmap, date(2026, 9, 1), ZoneInfo("Asia/Omsk"), holders)
    first, second = found.items
    (result,) = first.results
    assert (result.at_least, result.count, result.kinds) == (12, 2, ("seminar",))
    assert (second.results[0].count, second.collects) == (3, False)
    assert first.collects
    assert [one.collects for one in found.per_pair] == [False]  # it ends with the pair
