"""What the papers of an event say: all that was told of it, so that nobody types it twice."""

import re
from typing import Final

from sqlalchemy import RowMapping, text

from adapters.docx.facts import Facts, date_facts
from adapters.postgres.case import Case

PROGRAMME: Final = "event_programme"
ATTENDANCE: Final = "attendance_list"
EVENT_INPUT: Final = "event"
"""The input that names an event, for a paper that no row asked for."""

_NOBODY: Final = "—"
_LINE: Final = re.compile(
    r"(?P<time>\d{1,2}[:.]\d{2}(?:\s*[–—-]\s*\d{1,2}[:.]\d{2})?)[\s,.—–-]+(?P<what>\S.*)"
)
"""«10:00–10:30 Открытие — директор»: a line of a programme with its time."""

# The last one that was told of: a row may ask for a paper again, for its next event.
_EVENT = text(
    """
    SELECT * FROM (
      SELECT DISTINCT ON (event_id) *,
        min(at) OVER (PARTITION BY event_id) AS told_at
      FROM events
      WHERE organisation_id = :organisation AND cycle_id = :cycle AND turn = :turn
      ORDER BY event_id, n DESC
    ) AS latest
    WHERE withdrawn IS NULL AND (event_id = :event OR (:event = '' AND item_id IN (
      SELECT item_id FROM items WHERE cycle_id = :cycle AND turn = :turn AND step = :step)))
    ORDER BY told_at DESC, event_id LIMIT 1
    """
)


def of_event(case: Case) -> Facts:
    """The facts of an event for its programme or its list of those who come; nothing for every
    other document, and nothing before an event of its row is told of.
    """
    if case.task.kind not in (PROGRAMME, ATTENDANCE):
        return {}
    named = case.inputs.get(EVENT_INPUT, "")
    rows = case.rows(_EVENT, event=named, step=case.task.step or "")
    if not rows:
        return {}
    event = rows[0]
    facts: Facts = {"event_title": event["title"], "event_day": date_facts(event["day"])}
    if event["place"]:
        facts["event_place"] = event["place"]
    if case.task.kind == ATTENDANCE:
        return facts | {"event_participants": _participants(case, event)}
    schedule = _schedule(event["programme"] or "")
    return facts | ({"schedule": schedule} if schedule else {})


def _participants(case: Case, event: RowMapping) -> list[Facts]:
    """Those who are named, by name, each with the organisation's short name."""
    of = case.organisation()["short_name"] if event["people"] else ""
    people = [case.someone(one) for one in event["people"]]
    by_name = sorted(people, key=lambda one: str(one["name"]["nomn"]))
    return [{"person": one, "organisation": of} for one in by_name]


def _schedule(programme: str) -> list[Facts]:
    """The lines of a programme that begin with a time; whoever leads one stands after a dash."""
    found = (_LINE.fullmatch(line.strip()) for line in programme.splitlines())
    return [_entry(one["time"], one["what"]) for one in found if one]


def _entry(time: str, what: str) -> Facts:
    said, _, who = what.partition(" — ")
    return {"time": time, "what": said.rstrip(" ."), "who": who.strip(" .") or _NOBODY}
