"""The number of a sitting, what its minutes say, what the log tells: of the database only."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from activities import tasks
from adapters.postgres.archive import PostgresArchive
from api.sittings import tell
from domain import ids
from domain.bodies import BodySettings
from domain.document_wishes import Resolve
from domain.documents import DocumentState
from domain.errors import (
    NumberTaken,
    WrongState,
)
from domain.extras import DraftDocument
from domain.journals import TypedNumber
from domain.process import Answer, Command
from domain.programme import ProgrammeState
from domain.routes import Outcome
from domain.sittings import Sitting, Votes
from domain.stamps import Stamp, stamps_given
from tests.adapters.councils import DAY, Council, a_council, resolved
from tests.adapters.world import NOW
from tests.fakes.gateway import FakeGateway


@pytest.fixture
def real(engine: Engine) -> Council:
    return a_council(engine)


def entered(council: Council, document: str, typed: str | None = None) -> tasks.JournalLine:
    task = tasks.EnterInJournal(
        organisation_id=council.world.organisation,
        document_id=document,
        kind="council_minutes",
        version=1,
        numbered=True,
        typed=TypedNumber.asked(typed, "reason", "user"),
        now=NOW + timedelta(days=150),
    )
    return council.world.ledger.enter_in_journal(task)


def facts(council: Council, sitting: Sitting, **fields: object) -> Mapping[str, Any]:
    task = tasks.GatherFacts.model_validate(
        {
            "organisation_id": council.world.organisation,
            "cycle_id": council.world.cycle,
            "document_id": sitting.minutes_id,
            "kind": sitting.minutes_kind,
            "version": 1,
            "now": NOW,
            **fields,
        }
    )
    ledger = council.world.ledger
    return ledger.facts(ledger.keep_facts(task).facts_id)


def test_minutes_get_the_number_and_the_day_of_their_sitting_even_in_the_next_year(
    real: Council,
) -> None:
    sitting = real.hold(real.called())
    assert entered(real, ids.new_id()).number == "1"  # in February: another year of the journal
    line = entered(real, sitting.minutes_id)
    assert (line.number, line.day) == (sitting.number, DAY)
    assert entered(real, sitting.minutes_id) == line
    with pytest.raises(NumberTaken):
        entered(real, sitting.minutes_id, "9")
    assert list(PostgresArchive(real.world.engine).journal_faults()) == []


def test_the_number_of_a_sitting_is_for_its_minutes_only(real: Council) -> None:
    held = real.hold(real.called(), real.holding(number="4"))
    assert held.number == "4"
    with pytest.raises(NumberTaken):
        real.hold(real.called(), real.holding(number="4"))
    with pytest.raises(NumberTaken):
        real.views.check_number(real.world.organisation, "council_minutes", "4", DAY)
    own = (real.world.organisation, "council_minutes", "4", DAY, held.minutes_id)
    real.views.check_number(*own)
    assert entered(real, held.minutes_id, "4").number == "4"
    wish = tasks.NumberWish(
        id=ids.new_id(),
        organisation_id=real.world.organisation,
        journal="council_minutes",
        by="user",
        at=NOW,
        reason_id="reason",
    )
    with pytest.raises(WrongState):
        real.desk.void_number(wish, "4")
    assert real.hold(real.called()).number == "5"
    assert list(PostgresArchive(real.world.engine).journal_faults()) == []


def test_a_number_that_was_reserved_may_be_a_sittings(real: Council) -> None:
    wish = tasks.NumberWish(
        id=ids.new_id(),
        organisation_id=real.world.organisation,
        journal="council_minutes",
        by="user",
        at=NOW,
        reason_id="reason",
    )
    real.desk.reserve_number(wish)
    sitting = real.hold(real.called(), real.holding(number="№ 1"))
    assert (sitting.number, entered(real, sitting.minutes_id).number) == ("1", "1")


def test_the_minutes_of_a_council_say_what_was_recorded(real: Council) -> None:
    back = resolved(
        2, Outcome.SEND_BACK, text="Дополнить.", votes=Votes(against=1), speaker=None, heard=None
    )
    chair = real.world.person("curator")
    held = real.holding(resolutions=(resolved(1, who="куратор", due="до мая."), back))
    sitting = real.hold(real.called(), held.changed(chair_id=chair))

    said = facts(real, sitting)

    assert said["chair"]["name"]["nomn"] == "Ёлкина Мария Павловна"
    assert (said["council"], said["council_size"]) == ("Совет", 2)
    assert said["present"].replace("\N{NO-BREAK SPACE}", " ") == (
        "Вершинина О. П., Ёлкина М. П. (2 чел.)"
    )
    first, second = said["sitting_items"]
    assert first == {
        "topic": "О плане",
        "heard": "куратора. Представлен проект.",
        "decision": "Одобрить. Ответственный: куратор. Срок: до мая.",
        "votes": "за\N{NO-BREAK SPACE}— 2, против\N{NO-BREAK SPACE}— нет, "
        "воздержались\N{NO-BREAK SPACE}— нет",
    }
    assert (second["decision"], second["heard"]) == ("Дополнить.", f"{'_' * 40}.")
    remark = real.views.text(real.world.organisation, sitting.note_id(2))
    assert remark.body == {"text": "Дополнить."}


def test_the_minutes_of_a_school_say_what_was_recorded(real: Council) -> None:
    sitting = real.hold(real.called(minutes_kind="school_minutes"))
    assert sitting.number == "1-шн"
    said = facts(real, sitting)
    assert said["mentoring_school"] == "Совет"
    assert said["curator"]["name"]["nomn"] == "Вершинина Ольга Павловна"
    assert [one["topic"] for one in said["school_agenda"]] == ["О плане", "О приказе"]
    assert said["school_agenda"][0]["decisions"] == [
        {"text": "Одобрить.", "who": "куратор", "due": "до 1 октября"}
    ]
    blank = said["school_agenda"][1]["decisions"][0]["who"]
    assert set(blank) == {"_"}


def test_a_sitting_that_was_only_called_gives_its_minutes_nothing(real: Council) -> None:
    said = facts(real, real.called())
    assert said["sitting_items"] == []
    assert len(said["agenda"]) > 1


def test_of_two_who_record_one_sitting_at_once_one_does(real: Council) -> None:
    sitting = real.called()

    def record(n: int) -> str:
        held = real.holding(resolutions=(resolved(1, text=f"Решение {n}"), resolved(2)))
        try:
            return real.hold(sitting, held).number or ""
        except WrongState:
            return "refused"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(record, range(4)))

    assert outcomes == ["1", "refused", "refused", "refused"]
    assert real.hold(real.called()).number == "2"


def test_the_log_tells_of_bodies_and_sittings(real: Council) -> None:
    real.desk.set_body(real.wish, real.body, BodySettings(ablative="советом"))
    real.desk.set_body(real.wish, real.body, BodySettings(ablative="советом"))
    sitting = real.hold(real.called())
    with real.world.watch.log(real.world.organisation) as (entries, _):
        actions = [(line.subject.partition("/")[0], line.action) for line in entries]
    assert [one for one in actions if one[0] in {"body", "sitting", "journal"}] == [
        ("body", "body_set"),
        ("sitting", "sitting_called"),
        ("journal", "number_reserved"),
        ("sitting", "sitting_held"),
    ]
    assert sitting.number == "1"


def test_a_body_is_called_in_the_ablative_by_its_name_or_as_it_was_told(real: Council) -> None:
    assert real.world.ledger.ablatives([real.body]) == {real.body: "советом"}
    real.desk.set_body(real.wish, real.body, BodySettings(ablative="малым советом"))
    assert real.world.ledger.ablatives([real.body]) == {real.body: "малым советом"}


class RulesGateway(FakeGateway):
    """Asks the rules of the paper and of its cycle, as their workflows do."""

    def __init__(self, paper: DocumentState, cycle: ProgrammeState) -> None:
        super().__init__()
        self.paper, self.cycle = paper, cycle

    async def send(self, workflow_id: str, wish: Command, request_id: str) -> Answer:
        if isinstance(wish, Resolve):
            self.paper.check_can_resolve(wish)
            self.paper = self.paper.resolved(wish, NOW)
        elif isinstance(wish, DraftDocument):
            self.cycle.check_can_draft(wish)
            self.cycle = self.cycle.document_asked(wish, NOW)
        return await super().send(workflow_id, wish, request_id)


@pytest.mark.parametrize("outcome", Outcome)
async def test_the_rules_of_paper_and_cycle_take_what_a_sitting_tells(
    real: Council, outcome: Outcome
) -> None:
    sitting = real.hold(
        real.called(), real.holding(resolutions=(resolved(1), resolved(2, outcome)))
    )
    gateway = RulesGateway(real.paper, real.world.planned())

    await tell(real.desk, gateway, 0, sitting.sitting_id)

    shown = real.view(sitting)
    assert (shown.agenda[1].refused, shown.minutes_refused) == (None, None)
    assert (
        gateway.paper.stage
        == {
            Outcome.APPROVE: "to_register",
            Outcome.SEND_BACK: "returned",
            Outcome.REFUSE: "refused",
        }[outcome]
    )
    approved = outcome is Outcome.APPROVE
    number, day = (sitting.number, sitting.day) if approved else (None, None)
    assert stamps_given(gateway.paper.approval) == (
        Stamp(body_id=real.body, number=number, day=day),
    )
    (minutes,) = gateway.cycle.extras
    assert minutes.paper.document_id == sitting.minutes_id
    assert minutes.paper.registrar is not None
