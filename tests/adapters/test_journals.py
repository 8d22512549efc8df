"""What every journal must do: the same suite for the one in memory and the one in PostgreSQL."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from adapters.journal_rules import starting_journals
from domain import ids
from domain.errors import (
    BadDate,
    ForeignNumber,
    IncomingKnown,
    MaskNotUnique,
    NotFound,
    NumberTaken,
    NumberTooFar,
    Refused,
    WrongState,
)
from domain.grounds import Ground, HeadForms
from domain.journals import INCOMING, LETTERS, LineState
from tests.adapters.office import ORDER, Office
from tests.adapters.world import NOW, ZONE, World, templates
from tests.fakes.desk import FakeDesk
from tests.fakes.journals import MemoryJournals
from tests.fakes.ledger import MemoryLedger

MINUTES = "council_minutes"
NEW_YEAR = datetime(2026, 12, 31, 18, tzinfo=UTC)  # midnight in Omsk


@pytest.fixture(params=["memory", "postgres"])
def office(request: pytest.FixtureRequest, engine: Engine) -> Office:
    world = World.make(engine)
    if request.param == "postgres":
        return Office(world, world.ledger, world.desk, None)
    kinds = (templates().kind(kind) for kind in templates().kinds())
    counted = {kind.kind: kind.journal for kind in kinds if kind.journal}
    books = MemoryJournals(starting_journals(), counted, ZONE)
    return Office(world, MemoryLedger(books=books), FakeDesk(books), books)


GIVEN, RESERVED, VOID, ELSEWHERE = (
    LineState.GIVEN,
    LineState.RESERVED,
    LineState.VOID,
    LineState.ELSEWHERE,
)


def test_a_reserved_number_is_taken_out_of_the_row_once(office: Office) -> None:
    wish = office.wish()
    assert office.enter() == "1-о"
    first = office.desk.reserve_number(wish)
    assert (first.number, first.state, first.author) == ("2-о", RESERVED, "user")
    assert office.desk.reserve_number(wish) == first
    assert office.enter() == "3-о"
    assert office.numbers() == [("1-о", GIVEN), ("2-о", RESERVED), ("3-о", GIVEN)]


def test_a_document_may_have_the_number_that_was_reserved_and_no_other_may(office: Office) -> None:
    office.desk.reserve_number(office.wish())
    document = ids.new_id()
    assert office.entered(document, "1-о") == "1-о"
    assert office.entered(document, "1-о") == "1-о"
    with pytest.raises(NumberTaken):
        office.enter("1-о")
    assert office.enter() == "2-о"
    assert office.faults() == []


def test_a_document_that_has_a_number_gets_no_other(office: Office) -> None:
    document = ids.new_id()
    assert office.entered(document) == "1-о"
    assert office.entered(document, "№ 01-O") == "1-о"
    with pytest.raises(NumberTaken):
        office.entered(document, "5-о")
    assert office.enter() == "2-о"


def test_a_void_number_is_never_used_again(office: Office) -> None:
    office.desk.reserve_number(office.wish())
    wish = office.wish()
    void = office.desk.void_number(wish, "1-о")
    assert (void.state, void.reason_id) == (VOID, wish.reason_id)
    assert office.desk.void_number(wish, "1-о") == void
    with pytest.raises(WrongState):
        office.desk.void_number(office.wish(), "1-о")
    with pytest.raises(NumberTaken):
        office.enter("1-о")
    assert office.enter() == "2-о"
    assert office.numbers() == [("1-о", VOID), ("2-о", GIVEN)]
    assert office.faults() == []


def test_the_number_of_a_document_that_was_withdrawn_can_be_made_void(office: Office) -> None:
    document = office.world.document(office.world.planned())
    if office.books is None:
        office.world.save(document)
    office.entered(document.document_id)
    with pytest.raises(WrongState):
        office.desk.void_number(office.wish(), "1-о")
    if office.books is None:
        office.world.save(document.changed(stage="withdrawn", revision=document.revision + 1))
    else:
        office.books.withdrawn.add(document.document_id)
    assert office.desk.void_number(office.wish(), "1-о").document_id == document.document_id
    assert office.faults() == []


def test_lettered_numbers_stand_right_after_theirs(office: Office) -> None:
    for _ in range(3):
        office.enter()
    wish = office.wish()
    first = office.desk.letter_number(wish, "2-о")
    assert (first.number, first.state, first.letter) == ("2-а-о", RESERVED, "а")
    assert office.desk.letter_number(wish, "2-о") == first
    assert office.desk.letter_number(office.wish(), "2-о").number == "2-б-о"
    assert office.enter("2-а-о") == "2-а-о"
    assert office.enter() == "4-о"
    assert office.numbers() == [
        ("1-о", GIVEN),
        ("2-о", GIVEN),
        ("2-а-о", GIVEN),
        ("2-б-о", RESERVED),
        ("3-о", GIVEN),
        ("4-о", GIVEN),
    ]


def test_a_letter_that_makes_another_journals_number_is_left_out(office: Office) -> None:
    """Minutes have the mask {n}, contracts {n}-д, staff orders {n}-к, decrees {n}-р."""
    office.enter(kind=MINUTES)
    found = [
        office.desk.letter_number(office.wish("council_minutes"), "1").letter
        for _ in range(len(LETTERS) - 3)
    ]
    assert set(LETTERS) - set(found) == set("дкр")
    with pytest.raises(NumberTaken):
        office.desk.letter_number(office.wish("council_minutes"), "1")


def test_a_number_of_the_secretarys_book_moves_the_counter_and_explains_the_gap(
    office: Office,
) -> None:
    assert office.enter() == "1-о"
    assert office.enter("4-O") == "4-о"
    assert office.enter() == "5-о"
    assert office.numbers() == [
        ("1-о", GIVEN),
        ("2-о", ELSEWHERE),
        ("3-о", ELSEWHERE),
        ("4-о", GIVEN),
        ("5-о", GIVEN),
    ]
    assert office.enter("2-о") == "2-о"
    with pytest.raises(NumberTaken):
        office.enter("2-о")
    assert office.desk.void_number(office.wish(), "3-о").state is VOID
    assert office.faults() == []


def test_a_number_of_another_look_may_be_typed_once(office: Office) -> None:
    assert office.enter("Б/12") == "Б/12"
    with pytest.raises(NumberTaken):
        office.enter("б/12")
    with pytest.raises(NumberTaken):
        office.enter("Б/12", kind="agreement")
    assert office.enter() == "1-о"
    assert office.faults() == []


@pytest.mark.parametrize(
    ("number", "refusal"),
    [("7", ForeignNumber), ("7-к", ForeignNumber), ("5000-о", NumberTooFar), ("1-о", NumberTaken)],
)
def test_a_number_that_cannot_be_is_refused_and_changes_nothing(
    office: Office, number: str, refusal: type[Refused]
) -> None:
    office.enter()
    with pytest.raises(refusal):
        office.enter(number)
    assert office.numbers() == [("1-о", GIVEN)]
    assert office.enter() == "2-о"


def test_a_number_reserved_in_one_journal_is_not_for_another(office: Office) -> None:
    office.enter(kind=MINUTES)
    assert office.desk.letter_number(office.wish("council_minutes"), "1").number == "1-а"
    with pytest.raises(NumberTaken):
        office.enter("1-а")


def test_each_year_has_numbers_of_its_own(office: Office) -> None:
    before = NEW_YEAR - timedelta(seconds=1)
    office.desk.reserve_number(office.wish(at=before))
    assert office.desk.reserve_number(office.wish(at=NEW_YEAR)).number == "1-о"
    assert office.numbers(year=2026) == [("1-о", RESERVED)]
    assert office.numbers(year=2027) == [("1-о", RESERVED)]
    void = office.desk.void_number(office.wish(at=NEW_YEAR), "1-о", 2026)
    assert (void.year, void.state) == (2026, VOID)
    assert office.numbers(year=2027) == [("1-о", RESERVED)]


@pytest.mark.parametrize("number", ["9-о", "1-к"])
def test_a_number_that_is_not_there_cannot_be_void_or_lettered(office: Office, number: str) -> None:
    office.enter()
    with pytest.raises(NotFound):
        office.desk.void_number(office.wish(), number)
    with pytest.raises(NotFound):
        office.desk.letter_number(office.wish(), number)


def test_an_unknown_journal_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        office.desk.reserve_number(office.wish("love_letters"))


# Papers from outside


def test_a_paper_from_outside_gets_our_number_once(office: Office) -> None:
    paper = office.paper()
    first = office.desk.file_incoming(paper)
    assert (first.number, first.state) == ("1-вх", GIVEN)
    assert office.desk.file_incoming(paper) == first
    with pytest.raises(IncomingKnown):
        office.desk.file_incoming(office.paper(number="17-ИСХ"))
    assert office.desk.file_incoming(office.paper(number="18-исх")).number == "2-вх"
    assert office.numbers(INCOMING) == [("1-вх", GIVEN), ("2-вх", GIVEN)]
    assert office.faults() == []


def test_a_paper_of_a_day_to_come_is_refused(office: Office) -> None:
    evening = datetime(2026, 9, 7, 18, tzinfo=UTC)  # the eighth in Omsk
    tomorrow = date(2026, 9, 8)
    assert office.desk.file_incoming(office.paper(day=tomorrow, at=evening)).number == "1-вх"
    with pytest.raises(BadDate):
        office.desk.file_incoming(office.paper(day=tomorrow))


def test_a_paper_from_outside_may_be_a_ground(office: Office) -> None:
    paper = office.paper()
    ground = Ground(
        id=paper.id,
        level="municipal",
        head=HeadForms(nomn="письмо", gent="письма", datv="письму", ablt="письмом"),
        number=paper.number,
        day=paper.day,
        topics=("introduction",),
        since=paper.day,
    )
    office.desk.file_incoming(paper, ground)
    if isinstance(office.desk, FakeDesk):
        cited = {one.id for one in office.desk.listed_grounds(office.world.organisation)}
    else:
        lines = office.world.views.grounds(office.world.organisation, NOW.date())
        cited = {one.id for one in lines if one.in_force}
    assert paper.id in cited


# Journals of the organisation's own


def test_from_a_day_on_a_kind_is_counted_under_another_mask(office: Office) -> None:
    since = date(2026, 9, 10)
    placed = office.placed("01-08/{n}", since=since)
    assert office.enter() == "1-о"
    for _ in range(2):
        office.desk.place_kinds(placed)
    assert office.enter() == "2-о"
    later = NOW + timedelta(days=3)
    assert office.enter(now=later) == "01-08/1"
    assert office.enter(kind="order_pairs", now=later) == "3-о"
    assert office.desk.reserve_number(office.wish("own_orders", at=later)).number == "01-08/2"
    back = office.placed("{n}-о", "orders", since=date(2026, 9, 20))
    office.desk.place_kinds(back)
    assert office.enter(now=NOW + timedelta(days=20)) == "4-о"
    assert office.faults() == []


def test_kinds_may_share_a_journal_of_the_organisation(office: Office) -> None:
    office.desk.place_kinds(office.placed("{yy}/{n}", kinds=(ORDER, "order_pairs")))
    assert office.enter() == "26/1"
    assert office.enter(kind="order_pairs") == "26/2"


@pytest.mark.parametrize("mask", ["приказ", "{n}-О", "1{n}", "{n}{n}", "{n}-исх"])
def test_a_mask_that_could_repeat_a_number_makes_no_journal(office: Office, mask: str) -> None:
    with pytest.raises(MaskNotUnique):
        office.desk.place_kinds(office.placed(mask))
    assert office.enter() == "1-о"


def test_a_mask_of_numbers_that_were_typed_makes_no_journal(office: Office) -> None:
    office.enter("Б/12")
    with pytest.raises(MaskNotUnique):
        office.desk.place_kinds(office.placed("Б/{n}"))
    office.desk.place_kinds(office.placed("В/{n}"))
    with pytest.raises(ForeignNumber):
        office.enter("В/7", kind="agreement")


def test_what_was_said_of_a_kind_and_day_is_not_unsaid(office: Office) -> None:
    office.desk.place_kinds(office.placed("01-08/{n}"))
    with pytest.raises(WrongState):
        office.desk.place_kinds(office.placed("01-09/{n}", "other"))
    with pytest.raises(WrongState):
        office.desk.place_kinds(office.placed("01-10/{n}", kinds=("agreement",)))
    with pytest.raises(BadDate):
        office.desk.place_kinds(office.placed("01-11/{n}", "late", since=date(2026, 9, 6)))


def test_a_journal_of_one_organisation_is_not_anothers(engine: Engine) -> None:
    ours, theirs = (
        Office(world, world.ledger, world.desk, None)
        for world in (World.make(engine), World.make(engine))
    )
    ours.desk.place_kinds(ours.placed("01-08/{n}"))
    assert ours.enter() == "01-08/1"
    assert theirs.enter() == "1-о"
    with pytest.raises(NotFound):
        theirs.desk.reserve_number(theirs.wish("own_orders"))
