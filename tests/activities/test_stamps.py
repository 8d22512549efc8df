"""Stamps of bodies in renderings: blank in a draft, with the minutes once registered."""

from datetime import date

from activities import tasks
from domain.stamps import Stamp
from tests.activities.test_documents import Desk, gathering, registering, rendering


def test_a_draft_has_blank_stamps_and_the_registered_paper_those_of_the_minutes() -> None:
    desk = Desk()
    kept = desk.run(desk.work.gather_facts, gathering())
    asked = rendering(kept).changed(stamps=(Stamp(body_id="council"),))
    desk.run(desk.work.render_draft, asked)
    desk.ledger.make_key("registered/d1/1", "org", "d1")
    line = tasks.JournalLine(number="1-н", day=date(2026, 9, 4))
    given = Stamp(body_id="council", number="5", day=date(2026, 9, 1))
    wish = registering(kept.facts_id, line).changed(stamps=(given,))
    desk.run(desk.work.render_registered, wish)

    (_, draft), (_, registered) = desk.body("draft/d1/1"), desk.body("registered/d1/1")

    blank = {"body": "органом council", "number": None, "date": None}
    assert draft["approval_stamps"] == [blank]
    assert registered["approval_stamps"] == [{**blank, "number": "5", "date": "2026-09-01"}]


def test_a_paper_that_no_body_decided_on_has_no_stamps() -> None:
    desk = Desk()
    desk.draft()
    assert desk.body("draft/d1/1")[1]["approval_stamps"] == []
