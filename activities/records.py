"""Making states visible, planning cycles, checking consents, telling people."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from temporalio import activity

from activities import tasks
from activities.ports import Ledger, Notices
from domain.consents import ConsentNeed, consent_kind
from domain.planning import CyclePlan, plan


@dataclass(frozen=True)
class RecordActivities:
    ledger: Ledger
    notices: Notices

    @activity.defn
    def save_progress(self, task: tasks.SaveProgress) -> tasks.Saved:
        """Rows, tasks and events of one state in one transaction."""
        self.ledger.save(task)
        return tasks.Saved(revision=task.state.revision)

    @activity.defn
    def plan_cycle(self, task: tasks.PlanCycle) -> CyclePlan:
        """The plan that follows from what was launched."""
        launch = self.ledger.launch(task.cycle_id)
        zone = ZoneInfo(launch.time_zone)
        return plan(
            launch.roadmap,
            launch.start,
            zone,
            launch.holders,
            launch.organisations,
            launch.turns,
        )

    @activity.defn
    def check_consents(self, task: tasks.CheckConsents) -> tasks.ConsentsFound:
        """Who must consent by which document; ages stay here."""
        needs = []
        for known in self.ledger.consents(task):
            kind = consent_kind(task.stage, known.birth, task.day)
            document = known.documents.get(kind)
            needs.append(
                ConsentNeed(
                    person_id=known.person_id,
                    kind=kind,
                    document_id=document,
                    in_force=document is not None,
                )
            )
        return tasks.ConsentsFound(needs=tuple(needs))

    @activity.defn
    def send_notices(self, task: tasks.SendNotices) -> None:
        """Each notice once, by its key."""
        self.notices.post(task)
