"""What every ledger must do: the same suite for the one in memory and the one in PostgreSQL."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

import pytest
from sqlalchemy import Engine

from activities import tasks
from activities.ports import Ledger, Notices
from adapters.journal_rules import starting_journals
from domain import ids
from domain.errors import NotFound
from domain.people import Form
from domain.process import Notice
from tests.adapters.world import NOW, PEOPLE, SHA, ZONE, World, in_force, templates
from tests.fakes.journals import MemoryJournals
from tests.fakes.ledger import MemoryLedger


class Both(Ledger, Notices, Protocol):
    """What an adapter of the database is."""


@dataclass(frozen=True)
class Ground:
    world: World
    ledger: Both

    def events(self, subject: str) -> list[tuple[int, str]]:
        """The events of a subject that were kept, in order."""
        if isinstance(self.ledger, MemoryLedger):
            return [(event.n, event.action) for event in self.ledger.events_of(subject)]
        with self.world.watch.log(self.world.organisation) as (entries, _):
            return [(entry.n, entry.action) for entry in entries if entry.subject == subject]

    def notices(self) -> list[str]:
        if isinstance(self.ledger, MemoryLedger):
            return [notice.key for notice in self.ledger.notices.values()]
        shown = self.world.views.notices(self.world.organisation, self.world.cycle)
        return [notice.key for notice in shown]

    def journal(self, document: str, kind: str = "order_introduction", **fields: object) -> str:
        """The number that a document gets."""
        line = self.ledger.enter_in_journal(self.entering(document, kind, **fields))
        return line.number or ""

    def entering(self, document: str, kind: str, **fields: object) -> tasks.EnterInJournal:
        known = {
            "organisation_id": self.world.organisation,
            "document_id": document,
            "kind": kind,
            "version": 1,
            "numbered": True,
            "now": NOW,
        }
        return tasks.EnterInJournal.model_validate({**known, **fields})


@pytest.fixture(params=["memory", "postgres"])
def ground(request: pytest.FixtureRequest, engine: Engine) -> Ground:
    world = World.make(engine)
    if request.param == "postgres":
        return Ground(world, world.ledger)
    kinds = [templates().kind(kind) for kind in templates().kinds()]
    counted = {kind.kind: kind.journal for kind in kinds if kind.journal}
    memory = MemoryLedger(books=MemoryJournals(starting_journals(), counted, ZONE))
    memory.launches[world.cycle] = world.launch
    for person in PEOPLE:
        id_ = world.person(person.code)
        memory.people[id_] = tasks.PersonConsent(person_id=id_, birth=person.birth_date)
    return Ground(world, memory)


def saving(state: tasks.State, *, at_work: bool = False) -> tasks.SaveProgress:
    return tasks.SaveProgress(state=state, now=NOW, at_work=at_work, waiting_until=None)


def gathering(ground: Ground, document: str, version: int = 1) -> tasks.GatherFacts:
    return tasks.GatherFacts(
        organisation_id=ground.world.organisation,
        cycle_id=ground.world.cycle,
        document_id=document,
        kind="order_introduction",
        version=version,
        now=NOW,
    )


def checking(ground: Ground, mentor: str, mentee: str | None = None) -> tasks.FindPackage:
    return tasks.FindPackage(
        organisation_id=ground.world.organisation,
        cycle_id=ground.world.cycle,
        mentor_id=mentor,
        mentee_id=mentee or mentor,
        form=Form.STUDENT_STUDENT,
        day=NOW.date(),
    )


def test_the_events_of_a_state_are_kept_once(ground: Ground) -> None:
    state = ground.world.planned()
    ground.ledger.save(saving(state))
    ground.ledger.save(saving(state))
    kept = [(event.n, event.action) for event in state.unsaved]
    assert kept
    assert ground.events(state.workflow_id) == kept


def test_a_later_state_brings_only_its_new_events(ground: Ground) -> None:
    first = ground.world.planned()
    second = first.recorded("noted", NOW)
    ground.ledger.save(saving(first))
    ground.ledger.save(saving(second))
    assert [n for n, _ in ground.events(first.workflow_id)] == list(range(1, second.events + 1))


def test_an_older_state_changes_nothing(ground: Ground) -> None:
    document = ground.world.document(ground.world.planned())
    person = ground.world.person("mentor")
    consent = document.changed(kind="consent_adult", person_id=person)
    valid = in_force(consent.changed(revision=5))
    ground.ledger.save(saving(valid))
    ground.ledger.save(saving(consent))
    found, _ = ground.ledger.consents(checking(ground, person))
    assert found.documents == {"consent_adult": document.document_id}


def test_a_launch_is_given_back_as_it_was(ground: Ground) -> None:
    assert ground.ledger.launch(ground.world.cycle) == ground.world.launch


def test_facts_that_there_are_not_have_no_template(ground: Ground) -> None:
    with pytest.raises(NotFound):
        ground.ledger.template("nothing")


def test_a_kept_text_is_given_back_as_it_was(ground: Ground) -> None:
    text = tasks.KeptText(
        id=ids.new_id(),
        organisation_id=ground.world.organisation,
        kind="signature",
        subject="document/d1",
        author="user",
        body={"marks": {"director": {"owner": "Ёлкина"}}, "checks": [{"ok": True}]},
    )
    if isinstance(ground.ledger, MemoryLedger):
        ground.ledger.texts[text.id] = text
    else:
        ground.world.desk.keep_text(text)

    assert ground.ledger.kept_text(text.id) == text.body
    with pytest.raises(NotFound):
        ground.ledger.kept_text(ids.new_id())


def test_an_unknown_cycle_is_refused(ground: Ground) -> None:
    with pytest.raises(NotFound):
        ground.ledger.launch("nothing")


def test_consents_come_in_the_order_asked(ground: Ground) -> None:
    people = [ground.world.person(code) for code in ("young", "mentor")]
    found = ground.ledger.consents(checking(ground, *people))
    assert [one.person_id for one in found] == people
    assert found[0].birth == date(2010, 11, 2)
    assert all(one.documents == {} for one in found)


def test_a_consent_of_another_cycle_does_not_count(ground: Ground) -> None:
    person = ground.world.person("mentor")
    document = ground.world.document(ground.world.planned())
    consent = document.changed(kind="consent_adult", person_id=person, cycle_id="another")
    ground.ledger.save(saving(in_force(consent)))
    found, _ = ground.ledger.consents(checking(ground, person))
    assert found.documents == {}


def test_the_consent_of_an_unknown_person_is_refused(ground: Ground) -> None:
    with pytest.raises(NotFound):
        ground.ledger.consents(checking(ground, "nobody"))


def test_the_first_facts_of_a_version_stay(ground: Ground) -> None:
    document = ids.new_id()
    first = ground.ledger.keep_facts(gathering(ground, document))
    before = ground.ledger.facts(first.facts_id)
    again = ground.ledger.keep_facts(
        gathering(ground, document).changed(now=NOW + timedelta(days=90))
    )
    assert again == first
    assert ground.ledger.facts(first.facts_id) == before


def test_another_version_has_facts_of_its_own(ground: Ground) -> None:
    document = ids.new_id()
    first = ground.ledger.keep_facts(gathering(ground, document))
    second = ground.ledger.keep_facts(gathering(ground, document, version=2))
    assert second.facts_id != first.facts_id


def test_facts_bring_the_key_of_the_draft(ground: Ground) -> None:
    document = ids.new_id()
    ground.ledger.keep_facts(gathering(ground, document))
    assert len(ground.ledger.data_key(ids.draft_key(document, 1))) == 32


def test_unknown_facts_are_refused(ground: Ground) -> None:
    with pytest.raises(NotFound):
        ground.ledger.facts("nothing")


def test_a_document_gets_its_number_once(ground: Ground) -> None:
    document = ids.new_id()
    assert ground.journal(document) == "1-о"
    assert ground.journal(document) == "1-о"
    assert ground.journal(ids.new_id()) == "2-о"


def test_kinds_may_share_a_journal(ground: Ground) -> None:
    assert ground.journal(ids.new_id(), "order_introduction") == "1-о"
    assert ground.journal(ids.new_id(), "order_pairs") == "2-о"
    assert ground.journal(ids.new_id(), "agreement") == "1-сн"


def test_a_new_year_begins_at_one_in_the_organisations_zone(ground: Ground) -> None:
    evening = datetime(2026, 12, 31, 17, 59, 59, tzinfo=UTC)  # 23:59:59 in Omsk
    assert ground.journal(ids.new_id(), now=evening) == "1-о"
    assert ground.journal(ids.new_id(), now=evening) == "2-о"
    entering = ground.entering(
        ids.new_id(), "order_introduction", now=evening + timedelta(seconds=1)
    )
    line = ground.ledger.enter_in_journal(entering)
    assert (line.number, line.day) == ("1-о", date(2027, 1, 1))


def test_a_document_of_no_journal_gets_its_day_once(ground: Ground) -> None:
    entering = ground.entering(ids.new_id(), "report", numbered=False)
    first = ground.ledger.enter_in_journal(entering)
    later = entering.changed(now=NOW + timedelta(days=1))
    assert (first.number, first.day) == (None, NOW.date())
    assert ground.ledger.enter_in_journal(later) == first


def test_a_number_from_no_journal_is_refused(ground: Ground) -> None:
    with pytest.raises(NotFound):
        ground.journal(ids.new_id(), "report")


def test_the_journal_brings_the_key_of_the_rendering(ground: Ground) -> None:
    document = ids.new_id()
    ground.journal(document)
    assert len(ground.ledger.data_key(ids.registered_key(document, 1))) == 32


def test_a_key_is_made_once(ground: Ground) -> None:
    key = ids.new_id()
    ground.ledger.make_key(key, ground.world.organisation, "document")
    first = ground.ledger.data_key(key)
    ground.ledger.make_key(key, ground.world.organisation, "document")
    assert ground.ledger.data_key(key) == first


def test_an_unknown_key_is_refused(ground: Ground) -> None:
    with pytest.raises(NotFound):
        ground.ledger.data_key("nothing")


def test_an_object_is_recorded_once(ground: Ground) -> None:
    document = ids.new_id()
    record = tasks.ObjectRecord(
        organisation_id=ground.world.organisation,
        document_id=document,
        version=1,
        role="draft",
        key=ids.draft_key(document, 1),
        key_id=ids.draft_key(document, 1),
        sha256=SHA,
        stored_sha256=SHA,
        size=1,
        media_type="text/plain",
    )
    ground.ledger.record_object(record)
    ground.ledger.record_object(record.changed(size=2))
    if isinstance(ground.ledger, MemoryLedger):
        sizes = [kept.size for kept in ground.ledger.objects.values()]
    else:
        kept = ground.world.views.objects(ground.world.organisation, document)
        sizes = [one.size for one in kept]
    assert sizes == [1]


def test_a_notice_is_sent_once(ground: Ground) -> None:
    notice = Notice(key="task/reminder", kind="reminder", task_id="task", recipient="somebody")
    sending = tasks.SendNotices(
        organisation_id=ground.world.organisation,
        cycle_id=ground.world.cycle,
        subject=ground.world.cycle_workflow,
        notices=(notice,),
        now=NOW,
    )
    ground.ledger.post(sending)
    ground.ledger.post(sending.changed(notices=(notice, notice.changed(key="task/escalation"))))
    assert sorted(ground.notices()) == ["task/escalation", "task/reminder"]
