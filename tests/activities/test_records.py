"""Saving, planning, consents and notices, each activity alone over fakes."""

from datetime import date
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities import tasks
from activities.records import RecordActivities
from domain.errors import NotFound, RoleUnmapped
from domain.people import Form
from domain.process import Notice
from tests import builders
from tests.fakes.ledger import MemoryLedger
from tests.law import KINDS, RULES
from tests.roadmap_builders import a_roadmap

DAY = date(2024, 9, 2)
ADULT = date(1987, 6, 5)


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture
def records(ledger: MemoryLedger) -> RecordActivities:
    return RecordActivities(ledger, ledger, RULES, KINDS)


def know(ledger: MemoryLedger, person: str, birth: date, **documents: str) -> None:
    ledger.people[person] = tasks.PersonConsent(person_id=person, birth=birth, documents=documents)


def saving(revision: int) -> tasks.SaveProgress:
    state = builders.a_document(revision=revision)
    return tasks.SaveProgress(state=state, now=builders.NOW, at_work=False, waiting_until=None)


def finding(**fields: Any) -> tasks.FindPackage:  # noqa: ANN401 - any field of the task
    known = {
        "organisation_id": "org",
        "cycle_id": "c1",
        "mentor_id": "p1",
        "mentee_id": "p2",
        "form": Form.TEACHER_TEACHER,
        "day": DAY,
    }
    return tasks.FindPackage(**{**known, **fields})


def test_a_save_answers_with_the_revision_that_it_saved(
    records: RecordActivities, ledger: MemoryLedger
) -> None:
    saved = ActivityEnvironment().run(records.save_progress, saving(7))

    assert saved.revision == 7
    assert ledger.saves["document/d1"].state.revision == 7


def test_a_save_that_comes_late_changes_nothing(
    records: RecordActivities, ledger: MemoryLedger
) -> None:
    for revision in (7, 6):
        ActivityEnvironment().run(records.save_progress, saving(revision))

    assert ledger.saves["document/d1"].state.revision == 7


def test_a_cycle_is_planned_from_what_was_launched(
    records: RecordActivities, ledger: MemoryLedger
) -> None:
    roadmap = a_roadmap()
    ledger.launches["c1"] = tasks.Launch(
        roadmap=roadmap, start=DAY, time_zone="Asia/Vladivostok", holders=builders.HOLDERS
    )

    plan = ActivityEnvironment().run(records.plan_cycle, tasks.PlanCycle(cycle_id="c1"))

    assert [item.step for item in plan.items] == [step.id for step in roadmap.steps]
    # Midnight of the day in Vladivostok, ten hours ahead.
    assert plan.items[0].opens.isoformat() == "2024-09-01T14:00:00+00:00"


def test_a_role_that_nobody_holds_refuses_the_plan(
    records: RecordActivities, ledger: MemoryLedger
) -> None:
    ledger.launches["c1"] = tasks.Launch(
        roadmap=a_roadmap(), start=DAY, time_zone="UTC", holders={"curator": "p-curator"}
    )

    with pytest.raises(RoleUnmapped, match="director"):
        ActivityEnvironment().run(records.plan_cycle, tasks.PlanCycle(cycle_id="c1"))


def test_a_cycle_that_was_never_launched_is_not_planned(records: RecordActivities) -> None:
    with pytest.raises(NotFound):
        ActivityEnvironment().run(records.plan_cycle, tasks.PlanCycle(cycle_id="c1"))


@pytest.mark.parametrize(
    ("birth", "kind"),
    [
        (date(2006, 9, 2), "consent_adult"),
        (date(2006, 9, 3), "consent_pupil"),
        (date(2010, 9, 3), "consent_parent"),
    ],
)
def test_whose_consent_is_needed_follows_from_the_age_on_the_day(
    records: RecordActivities, ledger: MemoryLedger, birth: date, kind: str
) -> None:
    know(ledger, "p1", ADULT)
    know(ledger, "p2", birth)

    needs = ActivityEnvironment().run(records.find_package, finding()).consents

    assert [(need.person_id, need.kind, need.in_force) for need in needs] == [
        ("p1", "consent_adult", False),
        ("p2", kind, False),
    ]


def test_the_other_papers_of_the_law_say_whose_hands_they_go_through(
    records: RecordActivities, ledger: MemoryLedger
) -> None:
    know(ledger, "p1", ADULT)
    know(ledger, "p2", ADULT)

    found = ActivityEnvironment().run(records.find_package, finding(day=date(2026, 9, 1)))

    first, second = found.papers
    assert (first.kind, first.approver, first.journalled) == ("mentor_consent", None, False)
    assert (second.kind, second.approver) == ("additional_agreement", "director")
    assert second.journalled
    assert "351.8" in second.norm


def test_a_consent_in_force_counts_only_if_it_is_of_the_kind_that_is_needed(
    records: RecordActivities, ledger: MemoryLedger
) -> None:
    know(ledger, "p1", ADULT, consent_adult="d1")
    know(ledger, "p2", ADULT, consent_parent="d2")

    needs = ActivityEnvironment().run(records.find_package, finding()).consents

    assert [(need.document_id, need.in_force) for need in needs] == [("d1", True), (None, False)]


def test_what_is_found_of_the_law_holds_no_birth_date(
    records: RecordActivities, ledger: MemoryLedger
) -> None:
    know(ledger, "p1", ADULT)
    know(ledger, "p2", ADULT)

    found = ActivityEnvironment().run(records.find_package, finding())

    assert "1987" not in found.model_dump_json()


def test_a_notice_posted_again_is_sent_once(
    records: RecordActivities, ledger: MemoryLedger
) -> None:
    notice = Notice(key="t1/reminder", kind="reminder", task_id="t1", recipient="p1")
    task = tasks.SendNotices(
        organisation_id="org",
        cycle_id="c1",
        subject="document/d1",
        notices=(notice,),
        now=builders.NOW,
    )

    for _ in range(2):
        ActivityEnvironment().run(records.send_notices, task)

    assert list(ledger.notices.values()) == [notice]
