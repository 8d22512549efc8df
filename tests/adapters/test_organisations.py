"""Organisations below others in PostgreSQL: tenants of their own, found by kind and tag."""

import pytest
from sqlalchemy import Engine, text

from adapters.postgres.accounts import PostgresAccounts
from adapters.postgres.organisation_views import OrganisationAsked
from adapters.postgres.row_checks import check_rows
from domain import ids
from domain.errors import LoginTaken, NotFound, WrongLevel, WrongPassword, WrongState
from domain.organisations import Level, OrganisationKind
from tests.adapters.nested import Municipality, an_organisation
from tests.adapters.world import World

_EVENTS = text(
    "SELECT action FROM audit_entries"
    " WHERE organisation_id = :organisation AND subject = :subject ORDER BY n"
)
OWN_PASSWORD = "сирень цветёт в мае"


@pytest.fixture
def upper(engine: Engine) -> Municipality:
    return Municipality.make(engine).rise()


@pytest.fixture
def accounts(engine: Engine) -> PostgresAccounts:
    return PostgresAccounts(engine)


def events(upper: World, organisation: str) -> list[str]:
    subject = ids.organisation_subject(organisation)
    given = {"organisation": upper.organisation, "subject": subject}
    with upper.engine.connect() as connection:
        return list(connection.execute(_EVENTS, given).scalars())


def test_an_organisation_below_is_a_tenant_of_its_own_with_an_administrator(
    upper: Municipality, accounts: PostgresAccounts
) -> None:
    (added,) = upper.add(an_organisation("s-1"))
    assert added.account_id is not None
    assert added.login is not None

    password = accounts.first_password(added.organisation_id, added.account_id)
    token = accounts.sign_in(added.login, password, "10.0.0.1")

    who = accounts.signed_in(token)
    assert who.must_change_password
    assert (who.user.organisation_id, who.user.role) == (added.organisation_id, "administrator")
    assert upper.views.people(added.organisation_id) == ()
    assert upper.views.time_zone(added.organisation_id) == upper.views.time_zone(upper.organisation)
    assert events(upper, added.organisation_id) == ["organisation_added"]


def test_nobody_signs_in_for_an_organisation_outside(upper: Municipality) -> None:
    (added,) = upper.add(an_organisation("s-1", outside=True))

    assert (added.account_id, added.login) == (None, None)
    (line,) = upper.views.organisations_below(upper.organisation, OrganisationAsked()).organisations
    assert (line.outside, line.account) == (True, "none")


def test_adding_twice_is_adding_once_and_kind_and_tags_are_brought_up_to_date(
    upper: Municipality,
) -> None:
    (first,) = upper.add(an_organisation("s-1", outside=True))
    upper.add(an_organisation("s-1", outside=True))

    (again,) = upper.add(an_organisation("s-1", name="Другая", kind="college", tags=("500+",)))

    assert again.organisation_id == first.organisation_id
    assert again.login is not None, "it uses the system from now on"
    page = upper.views.organisations_below(upper.organisation, OrganisationAsked())
    (line,) = page.organisations
    assert (line.name, line.kind, line.tags) == ("Школа s-1", "college", ("500+",))
    assert not line.outside
    assert (page.total, page.tags) == (1, ("500+",))
    assert events(upper, first.organisation_id) == ["organisation_added", "organisation_changed"]


def test_an_organisation_that_stands_below_another_one_now_is_not_changed_from_here(
    upper: Municipality, engine: Engine
) -> None:
    (moved,) = upper.add(an_organisation("s-1", outside=True))
    other = Municipality.make(engine).rise()
    other.desk.place(moved.organisation_id, Level.ORGANISATION, other.organisation)

    with pytest.raises(WrongState):
        upper.add(an_organisation("s-2"), an_organisation("s-1", kind="college", tags=("x",)))

    (line,) = other.views.organisations_below(other.organisation, OrganisationAsked()).organisations
    assert (line.kind, line.tags, line.login) == ("school", (), None)
    assert upper.views.ids_below(upper.organisation) == ()


def test_a_list_is_taken_whole_or_not_at_all(upper: Municipality) -> None:
    login = f"taken-{upper.organisation}"
    upper.add(an_organisation("s-1", login=login))

    with pytest.raises(LoginTaken):
        upper.add(an_organisation("s-2"), an_organisation("s-3", login=login))

    page = upper.views.organisations_below(upper.organisation, OrganisationAsked())
    assert [one.name for one in page.organisations] == ["Школа s-1"]


def test_who_stands_above_lets_in_until_the_account_is_its_owners(
    upper: Municipality, accounts: PostgresAccounts
) -> None:
    (added,) = upper.add(an_organisation("s-1"))
    assert added.account_id is not None
    assert added.login is not None
    lost = accounts.first_password(added.organisation_id, added.account_id)
    password = accounts.first_password(added.organisation_id, added.account_id)
    with pytest.raises(WrongPassword):
        accounts.sign_in(added.login, lost, "10.0.0.2")

    token = accounts.sign_in(added.login, password, "10.0.0.2")
    accounts.change_password(token, password, OWN_PASSWORD, "10.0.0.2")

    with pytest.raises(WrongState):
        accounts.first_password(added.organisation_id, added.account_id)
    (line,) = upper.views.organisations_below(upper.organisation, OrganisationAsked()).organisations
    assert line.account == "taken"
    for _ in range(2):  # at the server, because he has forgotten his own
        accounts.reset_password(added.login)
    with pytest.raises(WrongState):
        accounts.first_password(added.organisation_id, added.account_id)
    with pytest.raises(NotFound):
        accounts.first_password(upper.organisation, added.account_id)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (OrganisationAsked(), ["a", "b", "c"]),
        (OrganisationAsked(kind=OrganisationKind.COLLEGE), ["b"]),
        (OrganisationAsked(tag="500+"), ["a", "c"]),
        (OrganisationAsked(tag="500+", outside=True), ["c"]),
        (OrganisationAsked(tag="50"), []),
    ],
)
def test_organisations_are_found_by_kind_tag_and_whether_they_are_outside(
    upper: Municipality, asked: OrganisationAsked, found: list[str]
) -> None:
    upper.add(
        an_organisation("1", name="a", tags=("500+", "сельская")),
        an_organisation("2", name="b", kind="college"),
        an_organisation("3", name="c", tags=("500+",), outside=True),
    )

    page = upper.views.organisations_below(upper.organisation, asked)

    assert [one.name for one in page.organisations] == found
    assert len(upper.views.ids_below(upper.organisation, asked)) == page.total == len(found)


def test_pages_have_a_hundred_lines(upper: Municipality) -> None:
    upper.add(*(an_organisation(f"{n:03}", outside=True) for n in range(101)))

    pages = [
        upper.views.organisations_below(upper.organisation, OrganisationAsked(), n) for n in (1, 2)
    ]

    assert [len(one.organisations) for one in pages] == [100, 1]
    assert [one.total for one in pages] == [101, 101]


def test_levels_are_kept_when_an_organisation_is_placed_anew(
    upper: Municipality, engine: Engine
) -> None:
    region = World.make(engine)
    region.desk.place(region.organisation, Level.REGION, None)
    upper.add(an_organisation("s-1"))

    upper.desk.place(upper.organisation, Level.MUNICIPALITY, region.organisation)

    assert upper.views.ids_below(region.organisation) == (upper.organisation,)
    with pytest.raises(WrongLevel):  # the school below it would stand below its like
        upper.desk.place(upper.organisation, Level.ORGANISATION, region.organisation)
    with pytest.raises(WrongLevel):  # a circle
        region.desk.place(region.organisation, Level.REGION, upper.organisation)
    with pytest.raises(WrongLevel):
        upper.desk.place(upper.organisation, Level.MUNICIPALITY, upper.organisation)
    with pytest.raises(NotFound):
        upper.desk.place(ids.new_id(), Level.MUNICIPALITY, None)


def test_an_organisation_has_nobody_below_unless_it_is_above(engine: Engine) -> None:
    school = Municipality.make(engine)

    with pytest.raises(WrongLevel):
        school.add(an_organisation("s-1"))


def test_rows_of_organisations_keep_their_seals(upper: Municipality) -> None:
    (added,) = upper.add(an_organisation("s-1", outside=True))
    upper.add(an_organisation("s-1", tags=("x",)))

    _, faults = check_rows(upper.engine)

    assert not [one for one in faults if added.organisation_id in one]
