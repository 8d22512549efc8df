"""Stamps «Рассмотрено и одобрено … протокол от … № …»: a requisite of bodies on a document's route.

They are blank until the document is registered, as its own number and date are.
"""

from collections.abc import Collection
from datetime import date

from domain.approval import Approval
from domain.base import Message
from domain.routes import Outcome, Route


class Stamp(Message):
    """A body that considers the document; number and day of the minutes that approve it."""

    body_id: str
    number: str | None = None
    day: date | None = None


def stamps_expected(route: Route | None, skipped: Collection[str] = ()) -> tuple[Stamp, ...]:
    """The stamps of a draft, in the order of the route; `skipped` stages ask nobody."""
    stages = route.stages if route else ()
    return tuple(
        Stamp(body_id=stage.holders[0])
        for stage in stages
        if stage.kind == "body" and stage.id not in skipped
    )


def stamps_given(approval: Approval | None) -> tuple[Stamp, ...]:
    """The same stamps once the route is done: with the minutes of the body's latest approval."""
    if approval is None:
        return ()
    approved = {
        verdict.holder: verdict
        for verdict in approval.verdicts
        if verdict.sitting_id is not None and verdict.outcome is Outcome.APPROVE
    }
    return tuple(
        stamp.changed(number=approved[stamp.body_id].number, day=approved[stamp.body_id].day)
        if stamp.body_id in approved
        else stamp
        for stamp in stamps_expected(approval.route, approval.skipped)
    )
