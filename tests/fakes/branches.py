"""The cycles below a cycle, as a test puts them in."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from adapters.postgres.below_views import BranchPeople, PeoplePage
from adapters.postgres.branch_views import (
    BranchAsked,
    BranchLine,
    BranchPage,
    BranchView,
    DemandLine,
    FigureLine,
    FigurePage,
)
from adapters.postgres.invitation_views import BranchBefore, InvitationLine, InvitedReport
from domain.errors import NotFound
from domain.report_forms import Asked, ReportForm, asked_of
from domain.report_sums import SumLine
from domain.roadmap import Roadmap
from tests.fakes.organisations import FakeOrganisationViews
from tests.roadmap_builders import a_roadmap

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
BELOW_ROADMAP = "small_below"
YEARLY = DemandLine(
    demand="yearly", turn=1, title="Отчёт за год", due=AT, overdue=False, done=False
)
SUM = SumLine(name="pairs", title="Пары", unit="ед.", value="4", accepted="0", reports=1)


def a_branch(n: int = 1, **fields: object) -> BranchLine:
    known: dict[str, object] = {
        "n": n,
        "organisation_id": f"{n:016x}",
        "name": f"Школа № {n}",
        "kind": "school",
        "tags": (),
        "outside": False,
        "stage": "joined",
        "state": "sent",
        "overdue": False,
        "version": 1,
        "origin": "system",
        "given_by": None,
        "source": None,
        "file_sha256": None,
        "at": AT,
    }
    return BranchLine.model_validate({**known, **fields})


def an_invitation(cycle_id: str, n: int = 3, **fields: object) -> InvitationLine:
    report = InvitedReport(
        **YEARLY.model_dump(exclude={"done"}), state="missing", version=None, remark=None
    )
    known: dict[str, object] = {
        "cycle_id": cycle_id,
        "n": n,
        "upper": "Управление образования",
        "title": "Муниципальная программа",
        "start": date(2026, 9, 1),
        "ends": date(2027, 8, 31),
        "roadmap": BELOW_ROADMAP,
        "adapt": ("deadlines",),
        "stage": "invited",
        "own_cycle_id": None,
        "reports": (report,),
    }
    return InvitationLine.model_validate({**known, **fields})


class FakeBranchViews(FakeOrganisationViews):
    """Two branches in each cycle that is known, and the invitations that a test puts in."""

    processes: set[tuple[str, str]]
    invited: dict[tuple[str, str, int], InvitationLine]  # by organisation
    before: tuple[BranchBefore, ...] = ()  # in the cycle of the year before

    def roadmap(self, organisation_id: str, cycle_id: str) -> Roadmap:
        self._check_cycle(organisation_id, cycle_id)
        return a_roadmap()

    def branches_before(self, organisation_id: str, cycle_id: str) -> tuple[BranchBefore, ...]:
        self._check_cycle(organisation_id, cycle_id)
        return self.before

    def branches(
        self,
        organisation_id: str,
        cycle_id: str,
        asked: BranchAsked,
        entered: Mapping[str, Asked],
        now: datetime,
        page: int = 1,
    ) -> BranchPage:
        self._check_cycle(organisation_id, cycle_id)
        lines = (a_branch(1), a_branch(2, state="missing", version=None, origin=None, at=None))
        return BranchPage(
            cycle_id=cycle_id,
            demands=(YEARLY,),
            demand=YEARLY,
            stages={"joined": 2},
            states={"sent": 1, "missing": 1},
            lines=tuple(one for one in lines if asked.state in (None, one.state)),
            total=2,
            sums=(SUM,),
        )

    def branch(
        self,
        organisation_id: str,
        cycle_id: str,
        n: int,
        asked: BranchAsked,
        entered: Mapping[str, Asked],
        now: datetime,
    ) -> BranchView:
        self._check_cycle(organisation_id, cycle_id)
        return BranchView(
            cycle_id=cycle_id,
            demands=(YEARLY,),
            demand=YEARLY,
            line=a_branch(n),
            remark=None,
            versions=(),
        )

    def branch_figures(
        self,
        organisation_id: str,
        cycle_id: str,
        name: str,
        asked: BranchAsked,
        entered: Mapping[str, Asked],
        now: datetime,
    ) -> FigurePage:
        self._check_cycle(organisation_id, cycle_id)
        lines = (FigureLine(branch=a_branch(1), value="4"),)
        return FigurePage(cycle_id=cycle_id, demand=YEARLY, sum=SUM, lines=lines)

    def invitations(self, organisation_id: str, now: datetime) -> tuple[InvitationLine, ...]:
        return tuple(one for (owner, *_), one in self.invited.items() if owner == organisation_id)

    def invitation(
        self, organisation_id: str, cycle_id: str, n: int, now: datetime
    ) -> InvitationLine:
        if (organisation_id, cycle_id, n) not in self.invited:
            raise NotFound("no such invitation")
        return self.invited[organisation_id, cycle_id, n]

    def upper_turn(self, cycle_id: str, day: date) -> int:
        return 1

    def people_below(
        self, organisation_id: str, cycle_id: str, now: datetime, turn: int | None = None
    ) -> PeoplePage:
        self._check_cycle(organisation_id, cycle_id)
        branch = BranchPeople(n=1, name="Школа № 12", people=14, unnamed=14, lines=())
        return PeoplePage(
            cycle_id=cycle_id,
            turn=turn or 1,
            turns=1,
            closed=False,
            branches=(branch,),
            stale=(),
        )

    def own_report(self, organisation_id: str, cycle_id: str, turn: int) -> ReportForm:
        self._check_cycle(organisation_id, cycle_id)
        return ReportForm(
            key=f"{cycle_id}/{turn}",
            organisation="Колледж",
            programme="Программа",
            title="Отчёт организации",
            year="",
            asked=asked_of(a_roadmap(), None),
        )

    def _check_cycle(self, organisation_id: str, cycle_id: str) -> None:
        if (organisation_id, f"cycle/{cycle_id}") not in self.processes:
            raise NotFound("no such cycle")
