"""Facts of a yearly turn, row by row: its events, its papers, its forms and who took part."""

import datetime as dt
from collections.abc import Iterable, Mapping

from sqlalchemy import RowMapping, text

from adapters.docx.facts import Facts, date_facts
from adapters.postgres.case import Case
from adapters.postgres.named_below import PeopleBelow
from adapters.postgres.turn_rows import TurnRows
from adapters.postgres.work_tables import day_of
from adapters.russian import date_words
from domain.enrolment import Part
from domain.measures import FORM_TITLES
from domain.pair_road import COMPLETED, STOPPED
from domain.transfers import PARTS

_PAPERS = text(
    """
    SELECT d.kind, d.number, d.day FROM documents d
    WHERE d.cycle_id = :cycle AND d.turn = :turn AND d.pair_id IS NULL AND d.stage = 'in_force'
      AND d.number IS NOT NULL ORDER BY d.day, d.number, d.kind, d.document_id
    """
)
_PAIRS = text(
    """
    SELECT r.form, r.stage, r.mentor_id, r.mentee_id, m.code AS mentor, e.code AS mentee,
      m.roles AS mentor_roles, e.roles AS mentee_roles, began.day AS since, ended.day AS until
    FROM pairs r JOIN people m ON m.id = r.mentor_id JOIN people e ON e.id = r.mentee_id
      JOIN organisations g ON g.organisation_id = r.organisation_id
      LEFT JOIN LATERAL (
        SELECT min(d.day) AS day FROM documents d WHERE d.pair_id = r.pair_id) began ON TRUE
      LEFT JOIN LATERAL (
        SELECT (max(a.at) AT TIME ZONE g.time_zone)::date AS day FROM audit_entries a
        WHERE a.pair_id = r.pair_id AND NOT r.open
          AND a.action IN ('stage_completed', 'stopped')) ended ON TRUE
    WHERE r.cycle_id = :cycle AND r.turn = :turn ORDER BY r.form, m.code, e.code, r.pair_id
    """
)
_CONSENTS = text(
    f"""
    SELECT kind, {day_of("documents")} AS day FROM documents
    WHERE organisation_id = :organisation AND cycle_id = :cycle AND person_id = :person
      AND stage = 'in_force' ORDER BY since, document_id
    """  # noqa: S608 - a constant of ours
)
_GROUP = text(
    """
    SELECT r.mentee_id FROM pairs r JOIN people e ON e.id = r.mentee_id
    WHERE r.cycle_id = :cycle AND r.turn = :turn AND r.open AND r.mentor_id = :mentor
      AND r.form = :form ORDER BY e.sort_key, e.id
    """
)
_OUTCOMES = {COMPLETED: "завершил программу", STOPPED: "прекратил досрочно"}
_AT_WORK = "участвует"


def events(case: Case) -> list[Facts]:
    """The events that were held in the turn, as they were told of last, by day; and what proved a
    row before there were events.
    """
    turn = TurnRows(case.connection, case.task.organisation_id, case.task.cycle_id, case.task.turn)
    proofs = [one for one in turn.proofs if one["body"].get("proof") == "event"]
    rows = {one["body"].get("event_id"): one["step"] for one in reversed(proofs)}
    held = [
        _event(one["title"], one["day"], one["attendance"], one["step"] or rows.get(one["id"]))
        for one in turn.events
    ]
    for one in proofs:
        if "event_id" not in one["body"]:
            day = dt.date.fromisoformat(one["body"]["day"])
            title = turn.result_title(one)
            held.append(_event(title, day, one["body"]["attendance"], one["step"]))
    return sorted(held, key=lambda one: str(one["day"]["iso"]))


def _event(title: str, day: dt.date, people: int, step: str | None) -> Facts:
    proof = f"строка {step} дорожной карты" if step else "учёт мероприятий"
    return {"title": title, "day": date_facts(day), "people": people, "proof": proof}


def papers(case: Case, titles: Mapping[str, str]) -> list[Facts]:
    """The cycle's numbered documents in force, by day."""
    return [
        {
            "title": titles.get(row["kind"], row["kind"]),
            "date_words": date_words(row["day"]),
            "number": row["number"],
        }
        for row in case.rows(_PAPERS)
    ]


def consents(case: Case, titles: Mapping[str, str]) -> list[Facts]:
    """The consents of the person that are in force, by day."""
    return [
        {"title": titles.get(row["kind"], row["kind"]), "day": date_facts(row["day"])}
        for row in case.rows(_CONSENTS, person=case.task.person_id)
    ]


def group_mentees(case: Case) -> list[Facts]:
    """All whom the pair's mentor leads in this form and turn, by name."""
    led = case.rows(_GROUP, mentor=case.pair["mentor_id"], form=case.pair["form"])
    return [{"person": case.someone(row["mentee_id"])} for row in led]


def participants(case: Case) -> list[Facts]:
    """Mentors and mentees by their codes: no name stands in this register."""
    rows = case.rows(_PAIRS)
    sides = (
        ("Наставники", "mentor"),
        ("Наставляемые", "mentee"),
    )
    return [
        {"title": title, "rows": [_participant(case, row, side, PARTS[side]) for row in rows]}
        for title, side in sides
        if rows
    ]


def named_below(below: Iterable[PeopleBelow]) -> list[Facts]:
    """Those in the cycles below who may be named, by organisation and name."""
    return [
        {
            "organisation": one.name,
            "name": line.name.full,
            "part": PARTS[line.part],
            "form": FORM_TITLES[line.form],
        }
        for one in below
        for line in one.lines
    ]


def people_below(below: Iterable[PeopleBelow]) -> list[Facts]:
    """How many take part in each cycle below, and how many of them are named."""
    return [
        {
            "organisation": one.name,
            "people": one.people,
            "named": one.named,
            "unnamed": one.people - one.named,
        }
        for one in below
    ]


def births_below(below: Iterable[PeopleBelow]) -> Mapping[str, dt.date]:
    """The births of those who are named."""
    return {line.person_id: line.birth_date for one in below for line in one.lines}


def _participant(case: Case, row: RowMapping, side: str, part: str) -> Facts:
    return {
        "code": row[side],
        "category": "педагог" if Part.STAFF in row[f"{side}_roles"] else "обучающийся",
        "part": part,
        "form": case.form_of(row["form"]).title,
        "since": _day(row["since"]),
        "until": _day(row["until"]),
        "outcome": _OUTCOMES.get(row["stage"], _AT_WORK),
    }


def _day(day: dt.date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""
