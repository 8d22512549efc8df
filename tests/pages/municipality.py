"""A municipality whose cycle has a level below, with its pages."""

from dataclasses import dataclass, replace
from typing import ClassVar, Final

from sqlalchemy import text

from api.services import Services
from domain.branch_wishes import Invite
from domain.errors import NotFound
from domain.people import AccessRole
from domain.roadmap import Roadmap
from tests.adapters.nested import BELOW_ROADMAP, Municipality, a_below_roadmap
from tests.adapters.world import ENROLMENT, World
from tests.pages.school import School, kept_password

_OWN_PASSWORD: Final = text(
    """
    UPDATE users SET password_hash = :hash, password_once = false
    WHERE organisation_id = :organisation
    """
)


def _roadmap(name: str) -> Roadmap:
    if name != BELOW_ROADMAP:
        raise NotFound(name)
    return a_below_roadmap()


@dataclass
class City(School):
    """A school's stage, played by a municipality."""

    worlds: ClassVar[type[World]] = Municipality

    def __post_init__(self) -> None:
        super().__post_init__()
        self.city.rise()
        self.add_user(AccessRole.ADMINISTRATOR, None)

    @property
    def city(self) -> Municipality:
        assert isinstance(self.world, Municipality)
        return self.world

    @property
    def branches(self) -> str:
        """Where the page of its organisations is."""
        return f"/cycles/{self.cycle.cycle_id}/branches"

    def services(self) -> Services:
        return replace(super().services(), roadmaps=_roadmap)

    def invite(self, *below: str, begun: bool = True) -> None:
        """These are invited, and their cycles have begun."""
        wish = Invite(by=self.users["curator"], below_ids=below)
        state = self.cycle.branches_invited(wish, self.now)
        self.cycle = self.city.joined(state, *range(1, len(below) + 1 if begun else 1))

    def came(self, n: int, **figures: object) -> None:
        """A report came up."""
        entered = self.city.figures_of(n, self.now, **figures)
        by = self.users["curator"].user_id
        version = self.city.desk.enter_figures(entered.changed(given_by=by))
        self.cycle = self.city.came(self.cycle, n, version)

    def furnish_below(self, organisation: str) -> str:
        """People of an organisation below, and its administrator's login; the password is his."""
        self.city.desk.enrol(organisation, ENROLMENT)
        with self.engine.begin() as connection:
            given = {"hash": kept_password(), "organisation": organisation}
            connection.execute(_OWN_PASSWORD, given)
        return f"admin-{organisation}"
