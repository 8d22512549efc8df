"""What people may do in a pair: record meetings, monitoring and results, and end it early."""

from datetime import date, datetime
from typing import Literal, Self

from domain.deadlines import check_day
from domain.errors import ConsentMissing, NotFound, NotYours, RemarkMissing, WrongState
from domain.evidence import RecordResult
from domain.items import Item
from domain.meetings import (
    Meeting,
    MonitoringForm,
    RecordMeeting,
    RecordMonitoring,
    check_scores,
)
from domain.pair_road import PairRoad
from domain.people import AccessRole, Actor
from domain.process import Command
from domain.roadmap import MeetingsStage, MonitoringStage, OrderStage


class Stop(Command):
    """Ends the pair early: consent withdrawn, or another reason, given in the note."""

    reason: Literal["consent_withdrawn", "early_end"]


class PairState(PairRoad):
    """A pair with the wishes that it takes."""

    def _check_open(self, by: Actor) -> None:
        if by.role is not AccessRole.CURATOR and not by.is_one_of(
            self.lead, self.curator, self.mentor_id
        ):
            raise NotYours(f"pair {self.pair_id} is led by another")
        if self.is_over():
            raise WrongState(f"pair {self.pair_id} is {self.stage_name}")
        self._check_consents()

    def _is_closed(self, item: Item) -> bool:
        del item
        return self.is_over()

    def _check_consents(self) -> None:
        if not self.has_consents():
            missing = [need.kind for need in self.needs if not need.in_force] or ["unchecked"]
            raise ConsentMissing(f"pair {self.pair_id} lacks consents: {', '.join(missing)}")

    def check_can_record(self, wish: RecordResult, today: date) -> None:
        if not self.is_over():
            self._check_consents()
        super().check_can_record(wish, today)

    def check_can_record_meeting(self, wish: RecordMeeting, today: date) -> None:
        self._check_open(wish.by)
        check_day(wish.day, today)
        kinds = {
            kind
            for stage in self.track
            if isinstance(stage.needs, MeetingsStage)
            for kind in stage.needs.need
        }
        if wish.kind not in kinds:
            raise NotFound(f"no meeting «{wish.kind}»; there are {', '.join(sorted(kinds))}")
        if any(isinstance(stage.needs, OrderStage) for stage in self.track) and not self.order_id:
            raise WrongState(f"pair {self.pair_id} has no order yet")

    def meeting_recorded(self, wish: RecordMeeting, now: datetime) -> Self:
        meeting = Meeting(kind=wish.kind, day=wish.day, minutes=wish.minutes, note_id=wish.note_id)
        return self.recorded(
            "meeting_recorded",
            now,
            wish.by,
            note_id=wish.note_id,
            refs={**self._refs(), "kind": wish.kind, "day": wish.day.isoformat()},
            meetings=(*self.meetings, meeting),
        ).advanced(now)

    def check_can_record_monitoring(self, wish: RecordMonitoring) -> None:
        self._check_open(wish.by)
        needs = self.stage.needs if self.stage else None
        if not isinstance(needs, MonitoringStage):
            raise WrongState(f"pair {self.pair_id} is at {self.stage_name}, not at a monitoring")
        if wish.voice not in needs.voices:
            raise NotFound(f"no voice «{wish.voice}»; there are {', '.join(needs.voices)}")
        if any(f.stage == self.stage_name and f.voice == wish.voice for f in self.forms):
            raise WrongState(f"{wish.voice} has given the form of {self.stage_name} already")
        check_scores(wish, needs)

    def monitoring_recorded(self, wish: RecordMonitoring, now: datetime) -> Self:
        form = MonitoringForm(
            stage=self.stage_name, voice=wish.voice, scores=wish.scores, note_id=wish.note_id
        )
        return self.recorded(
            "monitoring_recorded",
            now,
            wish.by,
            note_id=wish.note_id,
            refs={**self._refs(), "stage": self.stage_name, "voice": wish.voice},
            forms=(*self.forms, form),
        ).advanced(now)

    def check_can_stop(self, wish: Stop) -> None:
        if wish.by.role is not AccessRole.CURATOR and not wish.by.is_one_of(self.curator):
            raise NotYours(f"pair {self.pair_id} is stopped by its curator")
        if self.is_over():
            raise WrongState(f"pair {self.pair_id} is {self.stage_name}")
        if not wish.note_id:
            raise RemarkMissing("an early end needs a reason")

    def stopped_early(self, wish: Stop, now: datetime) -> Self:
        return self.recorded(
            "stopped",
            now,
            wish.by,
            note_id=wish.note_id,
            refs={**self._refs(), "stage": self.stage_name, "reason": wish.reason},
            stopped=True,
        )
