"""Facts of a pair's work: its meetings and its monitoring, as the pair's saved state has them."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text

from adapters.docx.facts import Facts, date_facts
from adapters.postgres.case import Case
from adapters.postgres.roadmap_facts import NONE
from domain.errors import FactMissing
from domain.meetings import Meeting, MonitoringForm
from domain.roadmap import MonitoringStage, PaperStage

_WORK = text(
    """
    SELECT state -> 'meetings' AS meetings, state -> 'forms' AS forms FROM processes
    WHERE id = 'pair/' || :pair AND organisation_id = :organisation AND state IS NOT NULL
    """
)
_NOTES = text(
    "SELECT id, body FROM kept_texts WHERE organisation_id = :organisation AND id = ANY(:ids)"
)
_PLAN = text(
    """
    SELECT f.body FROM documents d JOIN facts f ON f.facts_id = d.facts_id
    WHERE d.pair_id = :pair AND d.organisation_id = :organisation
      AND d.kind = 'individual_plan' AND d.stage = 'in_force'
    ORDER BY d.since DESC, d.document_id LIMIT 1
    """
)
_NO_NOTES = "без записей"


def meetings_held(case: Case) -> list[Facts]:
    """The pair's meetings so far, by day."""
    work = _work(case)
    meetings = [Meeting.model_validate(one) for one in work.get("meetings") or ()]
    notes = _notes(case, [meeting.note_id for meeting in meetings])
    titles = case.roadmap.track.titles
    return [
        {
            "day": date_facts(meeting.day),
            "kind": titles.get(meeting.kind, meeting.kind),
            "minutes": meeting.minutes,
            "notes": notes.get(meeting.note_id or "", _NO_NOTES),
        }
        for meeting in sorted(meetings, key=lambda meeting: meeting.day)
    ]


def monitoring(case: Case) -> list[Facts]:
    """A line for each part: what mentor and curator gave it."""
    forms = {form.voice: form for form in _forms(case)}
    titles = case.roadmap.track.titles
    return [
        {
            "part": titles.get(part, part),
            **{
                voice: str(forms[voice].scores[part]) if voice in forms else NONE
                for voice in ("mentor", "curator")
            },
        }
        for part in _monitored_stage(case)[1].parts
    ]


def monitoring_average(case: Case) -> str:
    """The mean of all scores, «8,3»."""
    return _average(_forms(case))


def monitoring_average_before(case: Case) -> str | None:
    """The mean of the monitoring before this one; None if there was none."""
    stages = [
        stage.id for stage in case.roadmap.track.stages if isinstance(stage.needs, MonitoringStage)
    ]
    this = stages.index(_monitored_stage(case)[0])
    if this == 0:
        return None
    forms = _forms_of(case, stages[this - 1])
    return _average(forms) if forms else None


def activities(case: Case) -> list[Facts]:
    """What the pair's individual plan in force asks to be done, as it was signed."""
    found = case.rows(_PLAN, pair=case.pair["pair_id"])
    planned: list[Facts] = json.loads(found[0]["body"])["activities"] if found else []
    return planned


def monitoring_remarks(case: Case) -> list[Facts]:
    """What was written beside the scores."""
    forms = _forms(case)
    notes = _notes(case, [form.note_id for form in forms])
    titles = case.roadmap.track.titles
    return [
        {"voice": titles.get(form.voice, form.voice), "text": notes[form.note_id]}
        for form in forms
        if form.note_id is not None and form.note_id in notes
    ]


def _monitored_stage(case: Case) -> tuple[str, MonitoringStage]:
    """The last monitoring before the stage of the track that makes this kind of document."""
    found: tuple[str, MonitoringStage] | None = None
    for stage in case.roadmap.track.stages:
        if isinstance(stage.needs, PaperStage) and stage.needs.document == case.task.kind:
            break
        if isinstance(stage.needs, MonitoringStage):
            found = stage.id, stage.needs
    if found is None:
        raise FactMissing("в пути пары нет мониторинга до этого документа")
    return found


def _forms(case: Case) -> list[MonitoringForm]:
    """The forms of that monitoring."""
    return _forms_of(case, _monitored_stage(case)[0])


def _average(forms: list[MonitoringForm]) -> str:
    scores = [score for form in forms for score in form.scores.values()]
    return f"{sum(scores) / len(scores):.1f}".replace(".", ",") if scores else NONE


def _forms_of(case: Case, stage: str) -> list[MonitoringForm]:
    given = [MonitoringForm.model_validate(one) for one in _work(case).get("forms") or ()]
    return [form for form in given if form.stage == stage]


def _work(case: Case) -> Mapping[str, Any]:
    found = case.rows(_WORK, pair=case.pair["pair_id"])
    return dict(found[0]) if found else {}


def _notes(case: Case, ids: list[str | None]) -> Mapping[str, str]:
    rows = case.rows(_NOTES, ids=[id_ for id_ in ids if id_])
    return {row["id"]: str(row["body"]["text"]) for row in rows if row["body"].get("text")}
