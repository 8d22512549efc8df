"""Meetings of a pair and the monitoring of its work."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from domain.base import Message
from domain.errors import ProofMissing
from domain.process import Command
from domain.roadmap import MeetingsStage, MonitoringStage

MIN_SCORE, MAX_SCORE = 1, 10


class RecordMeeting(Command):
    """A meeting took place. Notes stand in a row."""

    kind: str
    day: date
    minutes: int


class RecordMonitoring(Command):
    """One voice's monitoring form: a score from 1 to 10 for each part."""

    voice: str
    scores: dict[str, int]


class Meeting(Message):
    kind: str
    day: date
    minutes: int
    note_id: str | None = None


class MonitoringForm(Message):
    stage: str
    voice: str
    scores: dict[str, int]
    note_id: str | None = None


def missing_kinds(stage: MeetingsStage, meetings: Iterable[Meeting]) -> tuple[str, ...]:
    """The kinds of meeting of which there were too few yet, in the order of their names.

    A state that comes back from the database has lost the roadmap's order: JSONB keeps none.
    """
    held = Counter(meeting.kind for meeting in meetings)
    return tuple(kind for kind, times in sorted(stage.need.items()) if held[kind] < times)


def check_scores(wish: RecordMonitoring, stage: MonitoringStage) -> None:
    """Raises `ProofMissing` unless each part has a score in range."""
    if set(wish.scores) != set(stage.parts):
        raise ProofMissing(f"scores are needed for {', '.join(stage.parts)}")
    if not all(MIN_SCORE <= score <= MAX_SCORE for score in wish.scores.values()):
        raise ProofMissing(f"a score is from {MIN_SCORE} to {MAX_SCORE}")
