"""Masks of journals: the numbers they give, the ones that they know, and which could meet."""

import random
from itertools import product
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from adapters.journal_rules import read_journals, starting_journals
from domain.errors import (
    BadRules,
    ForeignNumber,
    MaskNotUnique,
    NumberTaken,
    NumberTooFar,
    WrongState,
)
from domain.journals import (
    MOST_SKIPPED,
    Journal,
    Line,
    LineState,
    NumberText,
    TypedNumber,
    check_masks,
    check_own,
    folded,
    skipped,
)


def a_journal(mask: str, name: str = "orders") -> Journal:
    return Journal(name=name, title="Журнал", mask=mask)


def a_line(state: LineState, **fields: object) -> Line:
    known = {"line_id": "l1", "journal": "orders", "year": 2026, "n": 12, "number": "12-о"}
    return Line.model_validate({**known, "state": state, **fields})


@pytest.mark.parametrize(
    ("mask", "number", "lettered"),
    [
        ("{n}-о", "12-о", "12-а-о"),
        ("01-08/{n}", "01-08/12", "01-08/12-а"),
        ("{n}/{yy}", "12/26", "12-а/26"),
        ("{year}-{n}", "2026-12", "2026-12-а"),
        ("{n}", "12", "12-а"),
    ],
)
def test_a_mask_gives_a_number_and_knows_it_again(mask: str, number: str, lettered: str) -> None:
    journal = a_journal(mask)
    assert journal.number(12, 2026) == number
    assert journal.number(12, 2026, "а") == lettered
    assert journal.n_of(number, 2026) == 12
    assert journal.n_of(lettered, 2026) is None


def test_a_number_of_another_year_is_not_of_the_mask() -> None:
    assert a_journal("{n}/{yy}").n_of("12/26", 2027) is None
    assert a_journal("{n}/{yy}").number(7, 2009) == "7/09"


@pytest.mark.parametrize("typed", ["12-о", "12-О", "12-o", "№ 12-о", "12–о", "012-о", " 12 - о"])
def test_what_looks_the_same_is_the_same_number(typed: str) -> None:
    assert a_journal("{n}-о").n_of(typed, 2026) == 12
    assert folded(typed).endswith("12-о")


@pytest.mark.parametrize(
    "typed", ["12-к", "о-12", "12", "0-о", "1.2-о", "12-о-1", "", "двенадцать"]
)
def test_another_number_is_not_of_the_mask(typed: str) -> None:
    assert a_journal("{n}-о").n_of(typed, 2026) is None


@pytest.mark.parametrize("mask", ["приказ", "{n}-{n}", "{n}-{month}", "{n}-{", "}{n}", "{{n}}"])
def test_a_mask_that_cannot_tell_numbers_apart_is_refused(mask: str) -> None:
    with pytest.raises(MaskNotUnique):
        check_masks([a_journal(mask)])


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("{n}-о", "{n}-о", True),
        ("{n}-о", "{n}-o", True),  # the second is Latin
        ("{n}-о", "{n}-О", True),
        ("{n}", "1{n}", True),
        ("{n}", "{n}0", True),
        ("{n}/5", "1/{n}", True),
        ("{n}/{yy}", "{n}/26", True),
        ("{year}-{n}", "2026-{n}", True),
        ("{year}/{n}", "{n}/7", True),
        ("{n}-о", "{n}-к", False),
        ("{n}-о", "{n}", False),
        ("0{n}", "{n}", True),  # leading noughts do not count
        ("{n}/{yy}", "{n}/{year}", False),
        ("01-08/{n}", "01-09/{n}", False),
        ("{n}-о/{yy}", "{n}-о", False),
    ],
)
def test_masks_that_could_give_one_number_are_found(one: str, other: str, meet: bool) -> None:
    assert a_journal(one).could_meet(a_journal(other)) is meet
    assert a_journal(other).could_meet(a_journal(one)) is meet


def test_masks_that_are_said_not_to_meet_never_do() -> None:
    chance = random.Random(5)
    parts = ("1", "2", "-", "о", "/", "{yy}")
    for _ in range(150):
        masks = [
            "".join(chance.choices(parts, k=chance.randint(0, 2)))
            + "{n}"
            + "".join(chance.choices(parts, k=chance.randint(0, 2)))
            for _ in range(2)
        ]
        one, other = (a_journal(mask) for mask in masks)
        same = any(
            one.number(n, year) == other.number(m, year)
            for year in (2011, 2012, 2021, 2022)
            for n, m in product(range(1, 40), repeat=2)
        )
        assert one.could_meet(other) or not same, masks


def test_two_journals_that_could_give_one_number_are_named() -> None:
    with pytest.raises(MaskNotUnique, match=r"orders.*letters"):
        check_masks([a_journal("{n}"), a_journal("1{n}", "letters")])


def test_the_journals_that_came_with_us_never_meet() -> None:
    check_masks(starting_journals().values())
    assert {"orders", "incoming"} <= set(starting_journals())


@pytest.mark.parametrize(
    "text",
    [
        "orders: {title: Приказы}",
        "orders: [",
        'orders: {title: Приказы, mask: "о"}',
        'one: {title: Приказы, mask: "{n}"}\nother: {title: Письма, mask: "{n}"}',
    ],
)
def test_journals_that_are_described_wrongly_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "journals.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadRules, match=r"journals\.yaml"):
        read_journals(path)


def test_a_number_that_another_journal_gives_is_foreign() -> None:
    orders, minutes = a_journal("{n}-о"), a_journal("{n}", "minutes")
    check_own(orders, "12-о", 2026, [orders, minutes])
    check_own(orders, "Б/12", 2026, [orders, minutes])
    with pytest.raises(ForeignNumber):
        check_own(orders, "12", 2026, [orders, minutes])


def test_counters_before_a_typed_one_are_skipped_up_to_a_limit() -> None:
    assert list(skipped(3, 6)) == [4, 5]
    assert list(skipped(3, 4)) == []
    assert len(skipped(0, MOST_SKIPPED + 1)) == MOST_SKIPPED
    with pytest.raises(NumberTooFar):
        skipped(0, MOST_SKIPPED + 2)


@pytest.mark.parametrize("state", LineState)
def test_only_a_number_that_waits_can_be_used(state: LineState) -> None:
    typed = TypedNumber(number="12-о", reason_id="r1", by="u1")
    line = a_line(state)
    if state in (LineState.RESERVED, LineState.ELSEWHERE):
        line.check_can_use(a_journal("{n}-о"))
        used = line.used("d1", typed)
        assert (used.state, used.document_id, used.author) == (LineState.GIVEN, "d1", "u1")
        with pytest.raises(NumberTaken):
            line.check_can_use(a_journal("{n}-к", "staff"))
    else:
        with pytest.raises(NumberTaken):
            line.check_can_use(a_journal("{n}-о"))


def test_a_void_number_stays_void_and_keeps_whose_it_was() -> None:
    line = a_line(LineState.GIVEN, document_id="d1")
    with pytest.raises(WrongState):
        line.check_can_void(alive=True)
    line.check_can_void(alive=False)
    void = line.voided("r1", "u1")
    assert (void.state, void.document_id, void.reason_id) == (LineState.VOID, "d1", "r1")
    with pytest.raises(WrongState):
        void.check_can_void(alive=False)
    with pytest.raises(NumberTaken):
        void.check_can_use(a_journal("{n}-о"))


@pytest.mark.parametrize("number", ["12-о", "01-08/12", "Б/7", "12.4_а", "1"])
def test_a_number_may_be_typed(number: str) -> None:
    assert TypeAdapter(NumberText).validate_python(number) == number


@pytest.mark.parametrize("number", ["", "приказ", "12 о", "12\n", "=12", "12;о", "1" * 61])
def test_what_is_no_number_cannot_be_typed(number: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(NumberText).validate_python(number)
