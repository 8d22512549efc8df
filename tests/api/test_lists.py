"""Lists are answered under names of their own, so that more may stand beside them later."""

from tests.api.calls import CALLS
from tests.api.house import House


async def test_lists_are_named(house: House) -> None:
    answers = {
        name: list((await house.call(name)).json())
        for name, call in CALLS.items()
        if call.method == "GET" and name.endswith((".list", ".register", ".notices", ".timeline"))
    }

    assert answers == {
        "people.list": ["people"],
        "organisations.list": ["level", "organisations", "total", "tags"],
        "branches.list": [
            *("cycle_id", "demands", "demand", "stages", "states", "lines", "total", "sums"),
        ],
        "invitations.list": ["invitations"],
        "bodies.list": ["on", "bodies"],
        "sittings.list": ["sittings"],
        "cycles.list": ["cycles"],
        "cycles.register": ["pairs"],
        "cycles.notices": ["notices"],
        "inbox.list": ["tasks", "news", "questions"],
        "roadmaps.list": ["roadmaps"],
        "yearly.list": ["orders"],
        "waiting.list": ["waiting", "total"],
        "assignments.list": ["assignments"],
        "authorities.list": ["on", "authorities"],
        "grounds.list": ["on", "grounds"],
        "register.list": ["on", "documents"],
        "templates.list": ["kind", "in_force", "on", "versions", "fields"],
        "journals.list": ["journals"],
        "pairs.timeline": ["timeline", "next"],
        "log.list": ["entries", "next"],
        "reads.list": ["reads", "next"],
        "incidents.list": ["incidents", "open", "all"],
    }
