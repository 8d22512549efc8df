"""Organisations below others, in memory: the desk's part and the views'."""

from activities.organisation_ports import EnteredFigures, NewBelow, Placed
from adapters.postgres.organisation_views import (
    EVERY,
    OrganisationAsked,
    OrganisationLine,
    OrganisationPage,
    UpperOrganisation,
)
from domain import ids
from domain.organisations import Level, NewOrganisation, check_below

ABOVE = UpperOrganisation(
    organisation_id="8" * 16,
    name="Управление образования",
    short_name="УО",
    address="г. Заречинск, пл. Школьная, д. 1",
)
"""The organisation above everybody."""


class MemoryOrganisations:
    """`OrganisationDesk` over dictionaries: by the one above, then by id."""

    def __init__(self) -> None:
        self.level = Level.MUNICIPALITY  # of everybody who asks
        self.entered: dict[str, list[EnteredFigures]] = {}
        self.below: dict[str, dict[str, NewOrganisation]] = {}

    def add_below(self, wish: NewBelow) -> tuple[Placed, ...]:
        for one in wish.organisations:
            check_below(one.level, self.level)
        known = self.below.setdefault(wish.upper_id, {})
        known.update({one.id_below(wish.upper_id): one for one in wish.organisations})
        return tuple(
            Placed(
                organisation_id=(id_ := one.id_below(wish.upper_id)),
                code=one.code,
                account_id=None if one.outside else ids.administrator_of(id_),
                login=None if one.outside else one.login or f"admin-{id_}",
            )
            for one in wish.organisations
        )

    def enter_figures(self, entered: EnteredFigures) -> int:
        same = entered.model_dump(include={"cycle_id", "n", "demand", "turn"})
        versions = self.entered.setdefault(repr(same), [])
        if not versions or versions[-1].changed(at=entered.at) != entered:
            versions.append(entered)
        return len(versions)

    def place(self, organisation_id: str, level: Level, upper_id: str | None) -> None:
        if upper_id is not None:
            check_below(level, self.level)

    def lines(self, upper_id: str, asked: OrganisationAsked) -> list[OrganisationLine]:
        found = sorted(self.below.get(upper_id, {}).items(), key=lambda one: one[1].name)
        return [
            OrganisationLine(
                organisation_id=id_,
                login=None if one.outside else one.login or f"admin-{id_}",
                account="none" if one.outside else "waits",
                **one.model_dump(include=set(OrganisationLine.model_fields) - {"login"}),
            )
            for id_, one in found
            if asked.kind in (None, one.kind)
            and asked.outside in (None, one.outside)
            and (asked.tag is None or asked.tag in one.tags)
        ]


class FakeOrganisationViews:
    """Reads of what the desk keeps of organisations below."""

    organisations: MemoryOrganisations

    def level(self, organisation_id: str) -> Level:
        return self.organisations.level

    def organisations_below(
        self, organisation_id: str, asked: OrganisationAsked, page: int = 1
    ) -> OrganisationPage:
        found = self.organisations.lines(organisation_id, asked)
        tags = {tag for one in self.organisations.lines(organisation_id, EVERY) for tag in one.tags}
        return OrganisationPage(
            level=self.organisations.level,
            organisations=tuple(found[100 * (page - 1) : 100 * page]),
            total=len(found),
            tags=tuple(sorted(tags)),
        )

    def organisations_above(self, organisation_id: str) -> tuple[UpperOrganisation, ...]:
        del organisation_id
        return (ABOVE,)

    def ids_below(self, organisation_id: str, asked: OrganisationAsked = EVERY) -> tuple[str, ...]:
        found = self.organisations.lines(organisation_id, asked)
        return tuple(one.organisation_id for one in found)
