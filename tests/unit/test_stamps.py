"""Stamps of bodies on a paper: blank on its draft, then with number and day of the minutes."""

from datetime import UTC, date, datetime

from domain.approval import Approval, Verdict
from domain.routes import Outcome, Route, RouteStage
from domain.stamps import Stamp, stamps_expected, stamps_given

ROUTE = Route(
    stages=(
        RouteStage(id="union", kind="body", holders=("union",)),
        RouteStage(id="council", kind="body", holders=("council",)),
        RouteStage(id="head", kind="decision", holders=("director",)),
    )
)


def said(holder: str, outcome: Outcome, number: str, version: int = 1) -> Verdict:
    return Verdict(
        n=1,
        stage=holder,
        stage_title="",
        holder=holder,
        user_id="user",
        outcome=outcome,
        version=version,
        sha256="sha",
        at=datetime(2026, 9, 1, tzinfo=UTC),
        sitting_id="sitting",
        number=number,
        day=date(2026, 9, version),
    )


def test_a_draft_has_blank_stamps_of_the_bodies_that_are_asked() -> None:
    assert stamps_expected(ROUTE) == (Stamp(body_id="union"), Stamp(body_id="council"))
    assert stamps_expected(ROUTE, ("union",)) == (Stamp(body_id="council"),)
    assert stamps_expected(None) == ()


def test_a_registered_paper_has_the_minutes_that_approve_it() -> None:
    verdicts = (
        said("council", Outcome.APPROVE, "3"),
        said("council", Outcome.SEND_BACK, "4"),
        said("council", Outcome.APPROVE, "5", version=2),
    )
    approval = Approval(route=ROUTE, skipped=("union",), verdicts=verdicts)
    assert stamps_given(approval) == (Stamp(body_id="council", number="5", day=date(2026, 9, 2)),)
    assert stamps_given(None) == ()
