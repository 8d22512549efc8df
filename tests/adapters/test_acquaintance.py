"""Who has read a document, and working days: the same for the desk in memory and in PostgreSQL."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from activities import tasks
from activities.ports import Desk
from adapters.postgres.acquaintances import reading_list
from adapters.postgres.calendars import calendar
from adapters.postgres.sheet_views import AcquaintanceView, CalendarView
from domain import ids
from domain.acquaintance import Way
from domain.audit import AuditEvent
from domain.documents import DocumentState, Draft, Entry
from domain.enrolment import Enrolment
from domain.errors import (
    AcquaintedAlready,
    BadDate,
    FactMissing,
    NotFound,
    NotInForce,
    NotNamed,
    NotYours,
    Refused,
)
from tests.adapters.world import NOW, PEOPLE, SHA, ZONE, World, a_person, in_force
from tests.fakes.desk import FakeDesk
from tests.fakes.views import FakeViews

TODAY = NOW.date()
CHILD = "child"


def a_world(engine: Engine) -> World:
    """With a child of thirteen among the mentees, whose mother represents it."""
    world = World.make(engine)
    child = a_person(
        *(CHILD, "Дюма", "Алиса"),
        roles=("mentee",),
        birth_date=date(2012, 11, 2),
        post="ученица",
        representative_code="parent",
        kinship="мать",
    )
    world.desk.enrol(world.organisation, Enrolment(people=(*PEOPLE, child), bodies=()))
    return world


@dataclass(frozen=True)
class Reading:
    """A register of mentees, in force since yesterday; its readers over fakes or PostgreSQL."""

    world: World
    document: DocumentState
    desk: Desk
    memory: FakeDesk | None

    def say(
        self, *codes: str, by: str | None = None, office: bool = True, **fields: object
    ) -> None:
        """These people have read it; nobody named: whoever `by` reads for."""
        known = {
            "organisation_id": self.world.organisation,
            "document_id": self.document.document_id,
            "people": tuple(self.world.person(code) for code in codes) or None,
            "day": TODAY,
            "by": "user",
            "person_id": by and self.world.person(by),
            "for_others": office,
            "at": NOW,
        }
        self.desk.record_acquaintance(tasks.AcquaintanceWish.model_validate(known | fields))

    def view(self) -> AcquaintanceView:
        organisation, document = self.world.organisation, self.document.document_id
        views = self.world.views if self.memory is None else FakeViews(self.memory)
        return views.acquaintance(organisation, document)

    def read(self) -> dict[str, tuple[date | None, Way | None]]:
        """By whom the document names: when it was read, and how."""
        codes = {self.world.person(code): code for code in ("curator", "mentee", "young", CHILD)}
        shown = {codes[one.person.id]: (one.day, one.way) for one in self.view().people}
        assert self.view().missing == sum(day is None for day, _ in shown.values())
        return shown

    def year(self) -> CalendarView:
        views = self.world.views if self.memory is None else FakeViews(self.memory)
        return views.calendar_year(self.world.organisation, 2027)


def kept(world: World, kind: str = "register_mentees", *, settled: bool = True) -> DocumentState:
    """The cycle's document with the facts of that kind, saved."""
    document = world.document(world.planned())
    task = tasks.GatherFacts(
        organisation_id=world.organisation,
        cycle_id=world.cycle,
        document_id=document.document_id,
        kind=kind,
        version=1,
        now=NOW,
    )
    facts = world.ledger.keep_facts(task)
    draft = Draft(facts_id=facts.facts_id, facts_sha256=facts.sha256, sha256=SHA)
    yesterday = Entry(number="1-о", day=TODAY - timedelta(days=1), sha256=SHA)
    document = document.drafted(draft, NOW)
    if settled:
        document = in_force(document).changed(draft=draft, entry=yesterday)
    world.save(document)
    return document


@pytest.fixture(params=["memory", "postgres"])
def reading(request: pytest.FixtureRequest, engine: Engine) -> Reading:
    world = a_world(engine)
    document = kept(world)
    if request.param == "postgres":
        return Reading(world, document, world.desk, None)
    memory = FakeDesk()
    with engine.connect() as connection:
        known = reading_list(connection, world.organisation, document.document_id)
    memory.sheets.lists[world.organisation, document.document_id] = known
    memory.sheets.zone = ZoneInfo(ZONE)
    return Reading(world, document, memory, memory)


NOBODY = {"mentee": (None, None), "young": (None, None), CHILD: (None, None)}


def test_whoever_the_document_names_is_to_read_it_save_the_head(reading: Reading) -> None:
    assert reading.read().items() >= NOBODY.items()
    assert reading.world.person("director") not in {one.person.id for one in reading.view().people}


def test_one_under_14_does_not_read_alone_and_one_of_15_does(reading: Reading) -> None:
    readers = {one.person.id: one.reader and one.reader.id for one in reading.view().people}
    person = reading.world.person
    assert readers[person(CHILD)] == person("parent")
    assert readers[person("young")] == person("young")


def test_people_say_it_themselves_from_their_own_account(reading: Reading) -> None:
    reading.say(by="mentee", office=False)
    reading.say(by="mentee", office=False)
    assert reading.read()["mentee"] == (TODAY, "account")
    assert reading.view().missing == len(reading.read()) - 1


def test_a_parent_says_it_for_the_child(reading: Reading) -> None:
    reading.say(by="parent", office=False)
    assert reading.read().items() >= {**NOBODY, CHILD: (TODAY, "account")}.items()


def test_who_has_the_signed_paper_says_it_of_others(reading: Reading) -> None:
    reading.say("mentee", CHILD, day=TODAY - timedelta(days=1))
    assert reading.read()["mentee"] == reading.read()[CHILD] == (TODAY - timedelta(days=1), "paper")


@pytest.mark.parametrize(
    ("wish", "refusal"),
    [
        ({"codes": ("mentee",), "by": "young", "office": False}, NotYours),
        ({"codes": ("mentor",)}, NotNamed),
        ({"by": "mentor"}, NotNamed),
        ({"by": None}, NotNamed),
        ({"codes": ("mentee",), "day": TODAY + timedelta(days=1)}, BadDate),
        ({"codes": ("mentee",), "day": TODAY - timedelta(days=2)}, BadDate),
        ({"codes": ("mentee",), "document_id": "f" * 16}, NotFound),
        ({"codes": ("mentee", "mentor")}, NotNamed),
    ],
)
def test_what_nobody_can_have_read_is_refused_and_nothing_is_kept(
    reading: Reading, wish: dict[str, Any], refusal: type[Refused]
) -> None:
    given = dict(wish)
    with pytest.raises(refusal):
        reading.say(*given.pop("codes", ()), **given)
    assert reading.read().items() >= NOBODY.items()


def test_a_second_day_for_the_same_person_is_refused(reading: Reading) -> None:
    reading.say("mentee")
    with pytest.raises(AcquaintedAlready):
        reading.say("young", "mentee", day=TODAY - timedelta(days=1))
    assert reading.read().items() >= {**NOBODY, "mentee": (TODAY, "paper")}.items()


def test_nobody_reads_for_a_child_without_a_known_representative(engine: Engine) -> None:
    world = a_world(engine)
    document = kept(world)
    with engine.begin() as connection:
        connection.execute(
            text("UPDATE people SET representative_id = NULL WHERE id = :id"),
            {"id": world.person(CHILD)},
        )
    with pytest.raises(FactMissing):
        Reading(world, document, world.desk, None).say(CHILD)


def test_a_document_not_in_force_is_read_by_nobody(engine: Engine) -> None:
    world = a_world(engine)
    reading = Reading(world, kept(world, settled=False), world.desk, None)
    assert reading.view().in_force is False
    with pytest.raises(NotInForce):
        reading.say("mentee")


def test_each_acquaintance_is_an_event_of_the_log(engine: Engine) -> None:
    world = a_world(engine)
    reading = Reading(world, kept(world), world.desk, None)
    reading.say("young")
    reading.say("young", CHILD, by="curator")
    subject = f"acquaintance/{reading.document.document_id}"
    query = text("SELECT n, text, cycle_id FROM audit_entries WHERE subject = :subject ORDER BY n")
    with engine.connect() as connection:
        rows = connection.execute(query, {"subject": subject}).all()
    events = [AuditEvent.model_validate_json(row.text) for row in rows]
    assert [(one.n, one.action, one.actor) for one in events] == [
        (1, "acquainted", "user"),
        (2, "acquainted", "user"),
    ]
    assert events[1].refs["person"] == world.person(CHILD)
    assert events[1].refs["reader"] == world.person("parent")
    assert {row.cycle_id for row in rows} == {world.cycle}


@pytest.mark.parametrize("kind", ["consent_parent", "order_introduction"])
def test_a_version_keeps_whom_it_names(engine: Engine, kind: str) -> None:
    world = a_world(engine)
    cycle = world.with_pair("young")
    world.save(cycle)
    about = {"pair_id": cycle.pairs[0].pair_id, "person_id": world.person("young")}
    task = tasks.GatherFacts.model_validate(
        {
            "organisation_id": world.organisation,
            "cycle_id": world.cycle,
            "document_id": ids.new_id(),
            "kind": kind,
            "version": 1,
            "now": NOW,
            **(about if kind == "consent_parent" else {}),
        }
    )
    facts = world.ledger.keep_facts(task).facts_id
    with engine.connect() as connection:
        people = connection.execute(
            text("SELECT people FROM facts WHERE facts_id = :id"), {"id": facts}
        ).scalar_one()
    named = ("young", "parent") if kind == "consent_parent" else ("curator",)
    assert set(people) == {world.person(one) for one in named}


def test_own_days_of_a_year_replace_those_before(reading: Reading) -> None:
    for days in ({date(2027, 2, 20): True, date(2027, 2, 22): False}, {date(2027, 3, 1): False}):
        for _ in range(2):
            reading.desk.load_calendar(
                tasks.CalendarLoaded(
                    organisation_id=reading.world.organisation,
                    year=2027,
                    days=days,
                    by="user",
                    at=NOW,
                )
            )
    own = [(one.day, one.works) for one in reading.year().days if one.own]
    assert own == [(date(2027, 3, 1), False)]
    assert reading.year().working_days == 248


def test_terms_count_the_laws_days_and_the_organisations_own(engine: Engine) -> None:
    world = World.make(engine)
    loaded = tasks.CalendarLoaded(
        organisation_id=world.organisation,
        year=2026,
        days={date(2026, 9, 8): False, date(2026, 9, 12): True},
        by="user",
        at=NOW,
    )
    world.desk.load_calendar(loaded)
    world.desk.load_calendar(loaded)
    with engine.connect() as connection:
        known = calendar(connection, world.organisation, NOW)
        events = connection.execute(
            text("SELECT n, action FROM audit_entries WHERE subject = :subject"),
            {"subject": ids.calendar_subject(world.organisation, 2026)},
        ).all()
    assert known.zone_minutes == 6 * 60
    assert date(2027, 1, 8) in known.off
    # A Monday; the 9th, 10th, 11th and the working Saturday.
    assert known.due(NOW, 4) == datetime(2026, 9, 12, 17, 59, 59, tzinfo=UTC)
    assert [tuple(row) for row in events] == [(1, "calendar_loaded")]


def test_an_unknown_organisation_has_no_calendar(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(NotFound):
        calendar(connection, ids.new_id(), NOW)
