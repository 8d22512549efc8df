"""What the API reads of organisations below and of cycles above; a part of `reading`."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from adapters.postgres.below_views import PeoplePage
from adapters.postgres.branch_views import (
    BranchAsked,
    BranchLine,
    BranchPage,
    BranchView,
    DemandLine,
    FigurePage,
)
from adapters.postgres.invitation_views import BranchBefore, InvitationLine
from adapters.postgres.organisation_views import (
    EVERY,
    OrganisationAsked,
    OrganisationLine,
    OrganisationPage,
    UpperOrganisation,
)
from domain.organisations import Level
from domain.report_forms import Asked, ReportForm
from domain.roadmap import Roadmap

__all__ = [
    "BranchAsked",
    "BranchBefore",
    "BranchLine",
    "BranchPage",
    "BranchReading",
    "BranchView",
    "DemandLine",
    "InvitationLine",
    "OrganisationAsked",
    "OrganisationLine",
    "OrganisationPage",
    "PeoplePage",
    "UpperOrganisation",
]


class BranchReading(Protocol):
    """A part of `Views`."""

    def level(self, organisation_id: str) -> Level: ...

    def organisations_below(
        self, organisation_id: str, asked: OrganisationAsked, page: int = 1
    ) -> OrganisationPage: ...

    def ids_below(
        self, organisation_id: str, asked: OrganisationAsked = EVERY
    ) -> tuple[str, ...]: ...

    def roadmap(self, organisation_id: str, cycle_id: str) -> Roadmap: ...

    def branches(
        self,
        organisation_id: str,
        cycle_id: str,
        asked: BranchAsked,
        entered: Mapping[str, Asked],
        now: datetime,
        page: int = 1,
    ) -> BranchPage: ...

    def branch(
        self,
        organisation_id: str,
        cycle_id: str,
        n: int,
        asked: BranchAsked,
        entered: Mapping[str, Asked],
        now: datetime,
    ) -> BranchView: ...

    def branch_figures(
        self,
        organisation_id: str,
        cycle_id: str,
        name: str,
        asked: BranchAsked,
        entered: Mapping[str, Asked],
        now: datetime,
    ) -> FigurePage: ...

    def branches_before(self, organisation_id: str, cycle_id: str) -> tuple[BranchBefore, ...]: ...

    def invitations(self, organisation_id: str, now: datetime) -> tuple[InvitationLine, ...]: ...

    def invitation(
        self, organisation_id: str, cycle_id: str, n: int, now: datetime
    ) -> InvitationLine: ...

    def upper_turn(self, cycle_id: str, day: date) -> int: ...

    def own_report(self, organisation_id: str, cycle_id: str, turn: int) -> ReportForm: ...

    def people_below(
        self, organisation_id: str, cycle_id: str, now: datetime, turn: int | None = None
    ) -> PeoplePage: ...

    def organisations_above(self, organisation_id: str) -> tuple[UpperOrganisation, ...]: ...
