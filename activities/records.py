"""Making states visible, planning cycles, finding what law asks of a pair, telling people."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from temporalio import activity

from activities import tasks
from activities.ports import Ledger, Notices
from domain.consents import ConsentNeed, PaperNeed
from domain.kinds import DocumentKind
from domain.packages import SIDES, PairCase, PaperRule, package
from domain.planning import CyclePlan, plan
from domain.rollover import with_carried


@dataclass(frozen=True)
class RecordActivities:
    """`rules` say which documents law asks for; `kinds` say whose hands they go through."""

    ledger: Ledger
    notices: Notices
    rules: tuple[PaperRule, ...]
    kinds: Mapping[str, DocumentKind]

    @activity.defn
    def save_progress(self, task: tasks.SaveProgress) -> tasks.Saved:
        """Rows, tasks and events of one state in one transaction."""
        self.ledger.save(task)
        return tasks.Saved(revision=task.state.revision)

    @activity.defn
    def plan_cycle(self, task: tasks.PlanCycle) -> CyclePlan:
        """The plan that follows from what was launched, or is to be taken in its place."""
        launch = self.ledger.launch(task.cycle_id, task.n)
        zone = ZoneInfo(launch.time_zone)
        found = plan(launch.roadmap, launch.start, zone, launch.holders, launch.turns)
        return found if task.n else with_carried(found, launch.amended, zone)

    @activity.defn
    def find_package(self, task: tasks.FindPackage) -> tasks.PackageFound:
        """What law asks of the pair; ages stay here. Raises `NotFound`."""
        known = dict(zip(SIDES, self.ledger.consents(task), strict=True))
        case = PairCase(
            form=task.form,
            mentor_birth=known["mentor"].birth,
            mentee_birth=known["mentee"].birth,
            day=task.day,
        )
        consents: list[ConsentNeed] = []
        papers: list[PaperNeed] = []
        for paper in package(self.rules, case):
            kind = self.kinds[paper.kind]
            if kind.scope == "person" and paper.about in ("mentor", "mentee"):
                person = known[paper.about]
                document = person.documents.get(paper.kind)
                consents.append(
                    ConsentNeed(
                        person_id=person.person_id,
                        kind=paper.kind,
                        norm=paper.norm,
                        document_id=document,
                        in_force=document is not None,
                    )
                )
            elif kind.scope == "pair":
                papers.append(
                    PaperNeed(
                        kind=paper.kind,
                        norm=paper.norm,
                        approver=kind.approver,
                        journalled=kind.journal is not None,
                    )
                )
        return tasks.PackageFound(consents=tuple(consents), papers=tuple(papers))

    @activity.defn
    def send_notices(self, task: tasks.SendNotices) -> None:
        """Each notice once, by its key."""
        self.notices.post(task)
