"""Rights to decide and to sign: recorded, ended, told; and whose name stands on the head's line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, text

from activities import tasks
from activities.ports import Desk
from adapters.journal_rules import starting_journals
from adapters.postgres.authority import mandates
from adapters.postgres.authority_views import AuthorityLine
from domain import ids
from domain.audit import AuditEvent
from domain.authority import Mandates
from domain.documents import Stage
from domain.errors import BadDate, FactMissing, NotFound, RightOver, RightTaken
from domain.mandates import Capacity, MandateGround, MandateRecord
from tests.adapters.world import NOW, ZONE, World, in_force
from tests.fakes.desk import FakeDesk
from tests.fakes.journals import MemoryJournals
from tests.fakes.views import FakeViews

BEFORE, TODAY, LATER = date(2026, 9, 1), NOW.date(), date(2026, 9, 21)
ORDER = MandateGround(what="order", number="77-л", day=date(2026, 8, 31))


@dataclass(frozen=True)
class Office:
    world: World
    desk: Desk

    def right(self, person: str, instead_of: str | None = None, **fields: object) -> MandateRecord:
        """A right of somebody who acts for another, or one's own, from today on."""
        known: dict[str, object] = {
            "id": ids.new_id(),
            "person_id": self.world.person(person),
            "capacity": Capacity.ACTING if instead_of else Capacity.OWN,
            "instead_of": instead_of and self.world.person(instead_of),
            "since": TODAY,
            "ground": ORDER,
        }
        return MandateRecord.model_validate({**known, **fields})

    def give(self, record: MandateRecord, *, succeeds: bool = False) -> str:
        wish = tasks.MandateWish(
            organisation_id=self.world.organisation,
            record=record,
            succeeds=succeeds,
            by="user",
            at=NOW,
        )
        self.desk.give_mandate(wish)
        return record.id

    def end(self, id_: str, day: date = LATER, reason: str = "") -> None:
        kept = tasks.KeptText(
            id=reason or ids.derived_id("reason", id_),
            organisation_id=self.world.organisation,
            kind="reason",
            subject=ids.mandate_subject(id_),
            author="user",
            body={"text": "Вышла из отпуска"},
        )
        self.desk.end_mandate(
            tasks.MandateEnd(
                id=id_,
                organisation_id=self.world.organisation,
                day=day,
                by="user",
                at=NOW,
                reason_id=self.desk.keep_text(kept),
            )
        )

    def lines(self, on: date = TODAY) -> dict[str, AuthorityLine]:
        views = FakeViews(self.desk) if isinstance(self.desk, FakeDesk) else self.world.views
        return {one.id: one for one in views.authorities(self.world.organisation, on)}

    def untold(self) -> tuple[tasks.UntoldMandates, ...]:
        return self.desk.untold_mandates(NOW, self.world.organisation)

    def known(self) -> Mandates:
        """The rights as a document would be told them."""
        self.give(self.right("parent"))  # so that there is something to tell
        return self.untold()[0].mandates


@pytest.fixture(params=["memory", "postgres"])
def office(request: pytest.FixtureRequest, engine: Engine) -> Office:
    world = World.make(engine)
    if request.param == "postgres":
        return Office(world, world.desk)
    return Office(world, FakeDesk(MemoryJournals(starting_journals(), {}, ZONE)))


def test_a_right_is_recorded_once_as_it_was_said(office: Office) -> None:
    right = office.right(
        "curator", "director", post="исполняющий обязанности директора", until=LATER, kinds=("x",)
    )
    for _ in range(2):
        office.give(right)

    (line,) = office.lines().values()
    assert (line.person.id, line.instead_of and line.instead_of.id) == (
        office.world.person("curator"),
        office.world.person("director"),
    )
    same = set(MandateRecord.model_fields) - {"person_id", "instead_of"}
    assert line.model_dump(include=same) == right.model_dump(include=same)
    assert (line.author.id, line.ended_by, line.in_force) == ("user", None, True)


def test_a_right_that_cannot_be_leaves_nothing(office: Office) -> None:
    office.give(office.right("curator", "director"))
    with pytest.raises(RightTaken):
        office.give(office.right("mentor", "director"))
    assert len(office.lines()) == 1


def test_an_end_is_said_once_with_its_reason(office: Office) -> None:
    id_ = office.give(office.right("curator", "director"))
    for _ in range(2):
        office.end(id_)

    line = office.lines()[id_]
    assert (line.ended_on, line.reason, line.ended_by and line.ended_by.id) == (
        *(LATER, "Вышла из отпуска", "user"),
    )
    assert [office.lines(on)[id_].in_force for on in (date(2026, 9, 20), LATER)] == [True, False]
    with pytest.raises(RightOver):
        office.end(id_, reason=ids.new_id())


def test_what_cannot_end_is_refused(office: Office) -> None:
    id_ = office.give(office.right("curator", "director"))
    with pytest.raises(BadDate):
        office.end(id_, BEFORE)
    with pytest.raises(NotFound):
        office.end(ids.new_id())


def test_a_change_of_the_head_is_one_step(office: Office) -> None:
    office.give(office.right("director", since=BEFORE))
    new = office.give(office.right("curator", "director", capacity=Capacity.OWN), succeeds=True)

    lines = {one.person.id: one for one in office.lines().values()}
    assert lines[office.world.person("director")].ended_on == TODAY
    assert lines[office.world.person("curator")].id == new
    deciders = office.known().deciders(office.world.person("director"), "order_pairs", NOW)
    assert [one.mandate_id for one in deciders] == [new]


def test_a_right_that_a_launch_gave_ends_with_a_change_of_the_head(office: Office) -> None:
    office.give(office.right("curator", "director", capacity=Capacity.OWN), succeeds=True)

    lines = {one.person.id: one for one in office.lines().values()}
    left = lines[office.world.person("director")]
    assert (left.since, left.ended_on, left.in_force) == (BEFORE, TODAY, False)


def test_days_begin_in_the_organisations_zone(office: Office) -> None:
    id_ = office.give(office.right("curator", "director", until=LATER))
    mandate = next(one for one in office.known().known if one.id == id_)
    assert mandate.since == datetime(2026, 9, 6, 18, tzinfo=UTC)
    assert mandate.until == datetime(2026, 9, 21, 18, tzinfo=UTC)


# Telling


def test_each_change_is_told_until_it_is_said_to_be(office: Office) -> None:
    assert office.untold() == ()
    id_ = office.give(office.right("curator", "director"))
    (first,) = office.untold()
    office.end(id_)
    office.desk.mandates_told(first)

    (second,) = office.untold()
    assert second.mandates.revision > first.mandates.revision
    office.desk.mandates_told(second)
    assert office.untold() == ()
    office.desk.mandates_told(first)
    assert office.untold() == ()


def test_a_repeat_has_nothing_new_to_tell(office: Office) -> None:
    right = office.right("curator", "director")
    office.give(right)
    office.desk.mandates_told(office.untold()[0])
    office.give(right)
    assert office.untold() == ()


def test_all_organisations_with_something_to_tell_are_found(office: Office) -> None:
    office.give(office.right("curator", "director"))
    found = [one.organisation_id for one in office.desk.untold_mandates(NOW)]
    assert office.world.organisation in found


# In PostgreSQL

_LOG = text(
    """
    SELECT text FROM audit_entries
    WHERE organisation_id = :organisation AND subject LIKE 'mandate/%' ORDER BY seq
    """
)


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


@pytest.fixture
def real(world: World) -> Office:
    """Over the database only."""
    return Office(world, world.desk)


def known_by(world: World) -> Mandates:
    with world.engine.connect() as connection:
        return mandates(connection, world.organisation, NOW)


def test_documents_are_told_while_they_are_open(real: Office, world: World) -> None:
    cycle = world.with_pair()
    world.save(cycle)
    document = world.document(cycle)
    world.save(document)
    real.give(real.right("curator", "director"))
    assert document.workflow_id in real.untold()[0].documents

    world.save(in_force(document).touched(stage=Stage.IN_FORCE))
    assert document.workflow_id not in real.untold()[0].documents
    assert world.cycle_workflow not in real.untold()[0].documents


def test_only_people_of_the_organisation_have_rights(real: Office, engine: Engine) -> None:
    stranger = World.make(engine).person("curator")
    right = real.right("mentor", "director")
    for change in ({"person_id": stranger}, {"instead_of": stranger}):
        with pytest.raises(NotFound):
            real.give(right.changed(**change))


def test_rights_of_one_organisation_are_not_anothers(real: Office, engine: Engine) -> None:
    id_ = real.give(real.right("curator", "director"))
    theirs = Office(other := World.make(engine), other.desk)
    assert theirs.lines() == {}
    assert known_by(other) == Mandates()
    with pytest.raises(NotFound):
        theirs.end(id_)


def test_substitutes_of_long_ago_are_forgotten_and_own_rights_are_not(
    real: Office, world: World
) -> None:
    began, over = date(2020, 1, 1), date(2020, 1, 31)
    real.give(real.right("mentor", "director", since=began, until=over))
    own = real.give(real.right("director", since=began, until=over))
    assert [one.id for one in known_by(world).known] == [own]
    assert known_by(world).revision == 2


def test_each_change_stands_in_the_log(real: Office, world: World) -> None:
    id_ = real.give(real.right("curator", "director", capacity=Capacity.OWN), succeeds=True)
    real.end(id_)

    with world.engine.connect() as connection:
        found = connection.execute(_LOG, {"organisation": world.organisation}).scalars()
        events = [AuditEvent.model_validate_json(entry) for entry in found]
    assert [(one.action, one.refs["person"]) for one in events] == [
        ("mandate_ended", world.person("director")),
        ("mandate_given", world.person("curator")),
        ("mandate_ended", world.person("curator")),
    ]
    assert [one.n for one in events] == [1, 1, 2]
    assert events[-1].note_id is not None


# The head's line


def head(world: World, now: datetime = NOW, kind: str = "order_introduction") -> Any:  # noqa: ANN401 - facts
    world.save(world.with_pair())
    task = tasks.GatherFacts(
        organisation_id=world.organisation,
        cycle_id=world.cycle,
        document_id=ids.new_id(),
        kind=kind,
        version=1,
        now=now,
    )
    kept = world.ledger.keep_facts(task)
    facts: Mapping[str, Any] = world.ledger.facts(kept.facts_id)
    director = facts["organisation"]["director"]
    return kept.found.head, director["initials_last"]["nomn"], director["post"]


def test_the_head_signs_in_his_own_post(world: World) -> None:
    found, name, post = head(world)
    assert (found.person_id, found.instead_of) == (world.person("director"),) * 2
    assert (name.split("\N{NO-BREAK SPACE}")[0], post["gent"]) == ("Вершинина", "директора")


def test_who_acts_signs_in_the_post_of_the_right_by_cases(real: Office, world: World) -> None:
    real.give(real.right("curator", "director", post="Исполняющий обязанности директора"))

    found, name, post = head(world)

    assert (found.person_id, found.instead_of) == (
        world.person("curator"),
        world.person("director"),
    )
    assert name.startswith("Ёлкина")
    assert post["nomn"] == "Исполняющий обязанности директора"
    assert post["datv"] == "Исполняющему обязанности директора"


def test_a_right_without_a_post_leaves_the_persons_own(real: Office, world: World) -> None:
    real.give(real.right("curator", "director", capacity=Capacity.SUBSTITUTE, until=LATER))
    assert head(world)[2]["nomn"] == "методист"


@pytest.mark.parametrize(
    ("now", "name"),
    [
        (datetime(2026, 9, 6, 17, 59, tzinfo=UTC), "Вершинина"),
        (datetime(2026, 9, 6, 18, tzinfo=UTC), "Ёлкина"),
        (datetime(2026, 9, 21, 17, 59, tzinfo=UTC), "Ёлкина"),
        (datetime(2026, 9, 21, 18, tzinfo=UTC), "Вершинина"),
    ],
)
def test_the_line_goes_by_the_day_of_the_draft(
    real: Office, world: World, now: datetime, name: str
) -> None:
    real.give(real.right("curator", "director", until=LATER))
    assert head(world, now)[1].startswith(name)


def test_a_right_for_other_kinds_changes_nothing(real: Office, world: World) -> None:
    real.give(real.right("curator", "director", kinds=("order_pairs",)))
    assert head(world)[1].startswith("Вершинина")


def test_beside_a_power_of_attorney_the_head_signs(real: Office, world: World) -> None:
    letter = Capacity.POWER_OF_ATTORNEY
    real.give(real.right("curator", "director", capacity=letter, until=LATER))
    assert head(world)[1].startswith("Вершинина")


def test_nothing_is_drafted_for_a_head_whose_right_has_ended(real: Office, world: World) -> None:
    real.end(real.give(real.right("director", since=BEFORE)), TODAY)
    with pytest.raises(FactMissing):
        head(world)
