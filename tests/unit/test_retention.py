"""How long documents are kept: terms by article, the years they end in, and what may be listed."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from adapters.retention_rules import read_retention_rules, retention_rules
from domain.errors import BadRules, ExpertiseMissing, StillKept
from domain.people import Form
from domain.retention import (
    Base,
    Earlier,
    Ground,
    KeptUntil,
    Life,
    Term,
    check_can_destroy,
    check_retention,
    kept_until,
)
from tests.law import KINDS

RULES = retention_rules()
TODAY = date(2026, 11, 22)
DAY = date(2026, 9, 7)


def kept(kind: str, on: date = TODAY, **life: Any) -> KeptUntil:  # noqa: ANN401 - any field of `Life`
    known = Life(**{"day": DAY, **life})
    return kept_until(RULES.term_of(KINDS[kind], known, on), known)


CLOSED, OVER = "case", "term"
COUNTED = [
    # kind, what has ended and when, the last day of keeping
    ("individual_plan", CLOSED, date(2027, 9, 30), date(2032, 12, 31)),
    ("individual_plan", CLOSED, date(2027, 12, 31), date(2032, 12, 31)),
    ("individual_plan", CLOSED, date(2028, 1, 1), date(2033, 12, 31)),
    ("individual_plan", CLOSED, date(2028, 2, 29), date(2033, 12, 31)),
    ("meeting_record", CLOSED, date(2024, 2, 29), date(2029, 12, 31)),
    ("event_programme", CLOSED, date(2026, 1, 1), date(2031, 12, 31)),
    ("agreement", OVER, date(2027, 5, 31), date(2032, 12, 31)),
    ("partnership_contract", OVER, date(2027, 12, 31), date(2032, 12, 31)),
    ("mentor_consent", OVER, date(2028, 2, 29), date(2033, 12, 31)),
    ("consent_adult", "consent", date(2027, 3, 12), date(2030, 12, 31)),
    ("consent_parent", "consent", date(2028, 2, 29), date(2031, 12, 31)),
    ("consent_pupil", "consent", date(2026, 12, 31), date(2029, 12, 31)),
    ("consent_publication_minor", "consent", date(2027, 1, 1), date(2030, 12, 31)),
    ("additional_agreement", CLOSED, date(2027, 9, 30), date(2077, 12, 31)),
    ("order_rewards", CLOSED, date(2002, 12, 31), date(2077, 12, 31)),  # 75 years
    ("order_rewards", CLOSED, date(2003, 1, 1), date(2053, 12, 31)),  # 50 years
    ("petition", CLOSED, date(2027, 9, 30), date(2077, 12, 31)),
    ("curator_report", CLOSED, date(2027, 9, 30), date(2032, 12, 31)),
    ("diary", "pair", date(2027, 5, 31), date(2027, 5, 31)),
    ("diary", "pair", date(2028, 2, 29), date(2028, 2, 29)),
    ("questionnaire_mentor", "replacement", date(2027, 10, 1), date(2027, 10, 1)),
]


@pytest.mark.parametrize(("kind", "base", "ended", "last"), COUNTED)
def test_years_are_counted_from_the_first_of_january_after(
    kind: str, base: str, ended: date, last: date
) -> None:
    found = kept(kind, ended={Base(base): ended})
    assert (found.until, found.permanent, found.why_open) == (last, False, "")
    assert not found.is_due(last)
    assert found.is_due(date.fromordinal(last.toordinal() + 1))


def test_a_withdrawal_is_counted_from_its_own_day() -> None:
    assert kept("consent_withdrawal", day=date(2028, 2, 29)).until == date(2031, 12, 31)


@pytest.mark.parametrize(
    "kind", sorted(kind for kind, about in KINDS.items() if about.left_margin_mm == 30)
)
def test_what_is_kept_long_is_never_due_in_our_time(kind: str) -> None:
    ended = dict.fromkeys(Base, DAY)
    found = kept(kind, ended=ended)
    assert not found.is_due(date(2076, 12, 31))
    assert found.permanent or found.until == date(2076, 12, 31)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("individual_plan", "дело ещё не закрыто"),
        ("agreement", "срок соглашения ещё не окончен"),
        ("consent_adult", "согласие ещё действует"),
        ("diary", "пара ещё работает"),
        ("questionnaire_mentor", "документ ещё не заменён"),
        ("approval_sheet", "хранится вместе с документом, к которому относится"),
    ],
)
def test_what_has_not_ended_has_no_last_day_and_the_reason_is_said(kind: str, why: str) -> None:
    found = kept(kind)
    assert (found.until, found.permanent, found.why_open) == (None, False, why)
    assert not found.is_due(date.max)


def test_words_and_article_come_from_the_rule() -> None:
    found = kept("order_rewards", ended={Base.CASE: date(2000, 5, 5)})
    assert (found.words, found.article, found.epk) == ("75 лет, ЭПК", "434а", True)
    assert kept("order_rewards").words == "50 лет, ЭПК"


@pytest.mark.parametrize("name", sorted(RULES.terms))
def test_the_printed_words_say_what_is_counted(name: str) -> None:
    for term in RULES.terms[name]:
        assert term.words.startswith("постоянно") == term.permanent
        assert term.words.endswith("ЭПК") == term.epk
        if term.years:
            assert term.words.split()[0] == str(term.years)
        if term.earlier:
            assert term.earlier.words.split()[0] == str(term.earlier.years)


def test_the_rules_agree_with_themselves_and_with_the_kinds() -> None:
    check_retention(RULES, KINDS.values())


def test_an_order_on_pairs_is_of_personnel_or_of_main_activity_by_the_form() -> None:
    staff, students = Form.TEACHER_TEACHER, Form.STUDENT_STUDENT
    of_staff = kept("order_pairs", forms=(staff,))
    assert (of_staff.article, of_staff.epk) == ("434а", True)
    assert kept("order_pairs", forms=(students,)).article == "19а"
    assert kept("order_pairs").article == "19а"
    # Of several forms the longest counts.
    assert kept("order_pairs", forms=(staff, students)).permanent
    life = Life(day=DAY, forms=(staff,))
    chosen = RULES.term_of(KINDS["order_pairs"], life, TODAY, {staff: "main_activity"})
    assert chosen.permanent


def test_a_draft_that_was_given_up_goes_when_its_case_is_closed() -> None:
    open_one = kept("order_pairs", in_force=False)
    assert (open_one.words, open_one.until) == ("до минования надобности", None)
    closed = kept("order_pairs", in_force=False, ended={Base.CASE: date(2027, 9, 30)})
    assert closed.is_due(date(2027, 10, 1))


def test_another_list_holds_from_its_day_on() -> None:
    later = Term(article="9", words="7 лет", years=7, counted_from=Base.CASE, seen=True)
    old = RULES.terms["own_5"][0].changed(until=date(2029, 12, 31))
    new = later.changed(since=date(2030, 1, 1))
    rules = RULES.changed(terms={**RULES.terms, "own_5": (old, new)})
    life = Life(day=DAY, ended={Base.CASE: date(2027, 9, 30)})
    kind = KINDS["curator_report"]
    last = {
        on: kept_until(rules.term_of(kind, life, on), life).until
        for on in (date(2029, 12, 31), date(2030, 1, 1))
    }
    assert list(last.values()) == [date(2032, 12, 31), date(2034, 12, 31)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"own_5": (RULES.terms["own_5"][0], RULES.terms["own_5"][0])},
        {"draft": None},
        {"personnel": None},
    ],
)
def test_rules_that_contradict_themselves_are_refused(wrong: dict[str, Any]) -> None:
    terms = {name: one for name, one in {**RULES.terms, **wrong}.items() if one}
    with pytest.raises(BadRules):
        check_retention(RULES.changed(terms=terms), KINDS.values())


@pytest.mark.parametrize(
    "fields",
    [
        {"permanent": True, "years": 5},
        {"years": 5},
        {"counted_from": "case", "earlier": Earlier(before=DAY, years=75, words="75 лет")},
    ],
)
def test_a_term_that_says_two_things_is_none(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"counted|otherwise"):
        Term(**{"article": None, "words": "срок", "seen": False, **fields})


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "retention.yaml"
    path.write_text("terms: {own: [{words: 5 лет}]}", encoding="utf-8")
    with pytest.raises(BadRules, match=r"retention\.yaml: "):
        read_retention_rules(path)
    with pytest.raises(BadRules, match="не читается"):
        read_retention_rules(tmp_path / "missing.yaml")


# What an act may list

PLAN = KINDS["individual_plan"]
DUE = {Base.CASE: date(2019, 9, 30)}


def test_what_is_due_may_be_listed_and_with_epk_after_the_commission_only() -> None:
    plan, report = kept("individual_plan", ended=DUE), kept("curator_report", ended=DUE)
    check_can_destroy(KINDS["curator_report"], report, Ground.TERM, TODAY, expert=False)
    check_can_destroy(PLAN, plan, Ground.TERM, TODAY, expert=True)
    with pytest.raises(ExpertiseMissing):
        check_can_destroy(PLAN, plan, Ground.TERM, TODAY, expert=False)


@pytest.mark.parametrize(
    ("kind", "ended"),
    [
        ("individual_plan", {}),
        ("individual_plan", {Base.CASE: date(2021, 12, 31)}),  # kept through 31.12.2026
        ("order_pairs", DUE),
        ("regulation", DUE),
        ("approval_sheet", DUE),
    ],
)
def test_what_is_still_kept_is_not_listed(kind: str, ended: dict[Base, date]) -> None:
    with pytest.raises(StillKept):
        check_can_destroy(KINDS[kind], kept(kind, ended=ended), Ground.TERM, TODAY, expert=True)


@pytest.mark.parametrize("ground", [one for one in Ground if one is not Ground.TERM])
def test_the_law_on_personal_data_ends_a_term_early_but_not_of_what_the_organisation_orders(
    ground: Ground,
) -> None:
    check_can_destroy(PLAN, kept("individual_plan"), ground, TODAY, expert=False)
    check_can_destroy(KINDS["diary"], kept("diary"), ground, TODAY, expert=False)
    with pytest.raises(StillKept):
        check_can_destroy(KINDS["order_pairs"], kept("order_pairs"), ground, TODAY, expert=True)


# The lock of the store


@pytest.mark.parametrize(
    ("kind", "until"),
    [
        ("individual_plan", datetime(2032, 1, 1, tzinfo=UTC)),
        ("consent_adult", datetime(2030, 1, 1, tzinfo=UTC)),
        ("additional_agreement", datetime(2077, 1, 1, tzinfo=UTC)),
        ("order_pairs", datetime(2077, 1, 1, tzinfo=UTC)),
        ("diary", None),
        ("approval_sheet", None),
    ],
)
def test_a_file_is_locked_for_the_least_that_its_term_can_be(
    kind: str, until: datetime | None
) -> None:
    assert RULES.locked_until(KINDS[kind], DAY) == until


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_lock_outlives_the_term(kind: str) -> None:
    locked = RULES.locked_until(KINDS[kind], DAY)
    found = kept(kind, ended=dict.fromkeys(Base, DAY))
    assert locked is None or found.permanent or locked.date() > (found.until or date.max)
    assert locked is None or found.permanent or locked.year == (found.until or DAY).year + 1
