"""A municipality with organisations below it, over a real database."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from activities.organisation_ports import EnteredFigures, NewBelow, Placed
from activities.roadmap_ports import KeepRoadmap
from activities.tasks import Launch
from adapters.postgres.branches import PostgresBranchReports
from domain import ids
from domain.branch_wishes import AnswerReports, EnterReport, Invite
from domain.cycle_roadmap import TakeRoadmap
from domain.messages import BranchMoved, ReportReceived
from domain.organisations import Level, NewOrganisation
from domain.planning import plan
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from tests.adapters.world import NOW, ZONE, World, a_roadmap

BELOW_ROADMAP = "small_below"
DEMAND = "yearly"
SCHOOLS = ("s-1", "s-2", "s-3")


def an_upper_roadmap() -> Roadmap:
    """The small programme, with a row that the reports of organisations below prove."""
    plain = a_roadmap().model_dump(mode="json")
    row = {
        "id": "3",
        "stage": "work",
        "title": "Отчёты организаций",
        "scope": "organisations",
        "lead": "curator",
        "deadline": {"rule": "month", "month": 9},
        "results": [
            {
                "id": "reports",
                "title": "Отчёты приняты",
                "by": {"proof": "reports", "demand": DEMAND},
            }
        ],
    }
    return Roadmap.model_validate(
        {
            **plain,
            "roadmap": "municipal",
            "title": "Муниципальная программа",
            "level": "municipality",
            "steps": [*plain["steps"], row],
            "below": {"roadmap": BELOW_ROADMAP, "adapt": ["deadlines"]},
            "demands": {DEMAND: {"title": "Отчёт за год"}},
        }
    )


def a_below_roadmap() -> Roadmap:
    """The small programme as those below work by it: its last row reports."""
    plain = a_roadmap().model_dump(mode="json")
    row = {
        "id": "3",
        "stage": "work",
        "title": "Отчёт",
        "lead": "curator",
        "deadline": {"rule": "month", "month": 9},
        "results": [
            {"id": "report", "title": "Отчёт принят", "by": {"proof": "report", "demand": DEMAND}}
        ],
    }
    return Roadmap.model_validate(
        {**plain, "roadmap": BELOW_ROADMAP, "steps": [*plain["steps"], row]}
    )


def an_organisation(code: str, **fields: object) -> NewOrganisation:
    known = {
        "code": code,
        "name": f"Школа {code}",
        "short_name": f"СОШ {code}",
        "address": "г. Заречинск, ул. Садовая, д. 2",
        "inn": "0012345674",
        "city": "г. Заречинск",
        "kind": "school",
    }
    return NewOrganisation.model_validate({**known, **fields})


@dataclass(frozen=True)
class Municipality(World):
    """A world whose cycle has a level below."""

    @property
    def launch(self) -> Launch:
        return super().launch.changed(roadmap=an_upper_roadmap())

    def rise(self) -> "Municipality":
        """It becomes a municipality."""
        self.desk.place(self.organisation, Level.MUNICIPALITY, None)
        return self

    def add(self, *organisations: NewOrganisation) -> tuple[Placed, ...]:
        wish = NewBelow(
            upper_id=self.organisation, organisations=organisations, by="user-admin", at=NOW
        )
        return self.desk.add_below(wish)

    def schools(self, **fields: object) -> tuple[str, ...]:
        """Three schools below; their ids, by name."""
        added = self.add(*(an_organisation(code, **fields) for code in SCHOOLS))
        return tuple(one.organisation_id for one in added)

    def inviting(self, *below: str) -> ProgrammeState:
        """The cycle that has invited these."""
        wish = Invite(by=self.curator, below_ids=below)
        state = self.planned().branches_invited(wish, NOW)
        self.save(state)
        return state.saved(state)

    def saved(self, state: ProgrammeState) -> ProgrammeState:
        self.save(state)
        return state.saved(state)

    def joined(self, state: ProgrammeState, *numbers: int) -> ProgrammeState:
        for n in numbers:
            state = state.branch_moved(BranchMoved(n=n, stage="joined"), NOW)
        return self.saved(state)

    def entered(self, n: int, at: datetime = NOW, **figures: Any) -> int:  # noqa: ANN401 - counts
        """Figures that the curator entered in the place of a branch; their version."""
        return self.desk.enter_figures(self.figures_of(n, at, **figures))

    def figures_of(self, n: int, at: datetime = NOW, **figures: Any) -> EnteredFigures:  # noqa: ANN401
        return EnteredFigures(
            organisation_id=self.organisation,
            cycle_id=self.cycle,
            n=n,
            demand=DEMAND,
            turn=1,
            figures=figures,
            origin="entered",
            given_by="user-curator",
            source="письмо № 41",
            at=at,
        )

    def came(self, state: ProgrammeState, n: int, version: int) -> ProgrammeState:
        """A report of a branch came up."""
        fact = ReportReceived(n=n, demand=DEMAND, turn=1, version=version)
        return self.saved(state.report_received(fact, NOW))

    def answered(
        self, state: ProgrammeState, *numbers: int, note: str | None = None
    ) -> ProgrammeState:
        """Accepted, or returned with a note."""
        wish = AnswerReports(
            by=self.curator,
            demand=DEMAND,
            branches=numbers,
            accepted=note is None,
            note_id=note,
        )
        state.check_can_answer(wish)
        return self.saved(state.reports_answered(wish, NOW))

    def counted_in(self, state: ProgrammeState, n: int, version: int) -> ProgrammeState:
        """Entered figures count."""
        wish = EnterReport(by=self.curator, n=n, demand=DEMAND, version=version)
        state.check_can_enter(wish)
        return self.saved(state.report_entered(wish, NOW))

    def takes(self, roadmap: Roadmap, state: ProgrammeState) -> ProgrammeState:
        """The cycle goes by this version of its roadmap from now on."""
        kept = KeepRoadmap(
            change_id=ids.derived_id("change", self.cycle),
            organisation_id=self.organisation,
            cycle_id=self.cycle,
            roadmap=roadmap,
            version=roadmap.version,
            sha256="ab" * 32,
            holders=self.launch.holders,
            added=(),
            author="user-curator",
            note_id=None,
            at=NOW,
        )
        n = self.desk.keep_roadmap(kept)
        made = plan(roadmap, self.launch.start, ZoneInfo(ZONE), self.launch.holders)
        wish = TakeRoadmap(by=self.curator, n=n, was=1, version=roadmap.version, sha256=kept.sha256)
        return self.saved(state.roadmap_asked(wish, NOW).roadmap_planned(made, NOW))

    @property
    def reports(self) -> PostgresBranchReports:
        return PostgresBranchReports(self.engine)
