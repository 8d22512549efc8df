"""Passwords, sessions, and limits on tries, in the database."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from adapters.postgres.accounts import (
    TRIES_FROM_AN_ADDRESS,
    TRIES_OF_A_LOGIN,
    PostgresAccounts,
)
from domain import ids
from domain.errors import LoginTaken, NotFound, TooOften, WeakPassword, WrongPassword
from domain.people import AccessRole
from tests.adapters.world import World

PASSWORD = "сирень цветёт в мае"


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


@pytest.fixture
def accounts(engine: Engine) -> PostgresAccounts:
    return PostgresAccounts(engine)


@pytest.fixture
def login(world: World, accounts: PostgresAccounts) -> str:
    """Of a director who has a password of her own."""
    login = a_login(world)
    once = accounts.reset_password(login)
    accounts.change_password(enter(accounts, login, once), once, PASSWORD, login)
    return login


def a_login(world: World) -> str:
    login = f"director.{ids.new_id()}"
    director = world.person("director")
    world.desk.add_user(world.organisation, AccessRole.DIRECTOR, director, login)
    return login


def enter(accounts: PostgresAccounts, login: str, password: str = PASSWORD) -> str:
    return accounts.sign_in(login, password, ids.new_id())


def age(engine: Engine, **by: str) -> None:
    """Make sessions and tries look so much older."""
    with engine.begin() as connection:
        for column, how_much in by.items():
            table = "sessions" if column in ("began_at", "seen_at") else "tries"
            connection.execute(
                text(f"UPDATE {table} SET {column} = {column} - CAST(:by AS interval)"),  # noqa: S608
                {"by": how_much},
            )


def test_a_session_knows_who_acts_and_for_whom(
    world: World, accounts: PostgresAccounts, login: str
) -> None:
    who = accounts.signed_in(enter(accounts, login))
    assert who.user.role is AccessRole.DIRECTOR
    assert who.user.person_id == world.person("director")
    assert len(who.user.acts_for) == 2  # herself, and the council in which she sits
    assert "Вершинина" in who.name
    assert (who.organisation, who.must_change_password) == ("Заря", False)


def test_neither_the_password_nor_the_session_lies_in_the_database(
    engine: Engine, accounts: PostgresAccounts, login: str
) -> None:
    token = enter(accounts, login)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT u, s FROM users u, sessions s"))
        rows = str([tuple(row) for row in found])  # a row alone would be shortened
    assert PASSWORD not in rows
    assert token not in rows
    assert "$argon2id$" in rows


def test_capitals_and_spaces_around_a_login_do_not_matter(
    accounts: PostgresAccounts, login: str
) -> None:
    assert enter(accounts, f" {login.upper()} ")


@pytest.mark.parametrize("wrong", ["", "x", PASSWORD + " ", PASSWORD.upper(), "ы" * 100_000])
def test_a_wrong_password_opens_nothing(accounts: PostgresAccounts, login: str, wrong: str) -> None:
    with pytest.raises(WrongPassword):
        enter(accounts, login, wrong)


def test_an_account_without_a_password_cannot_be_entered(
    world: World, accounts: PostgresAccounts
) -> None:
    with pytest.raises(WrongPassword):
        enter(accounts, a_login(world), "")


def test_a_one_time_password_must_be_changed_and_then_opens_nothing(
    world: World, accounts: PostgresAccounts
) -> None:
    login = a_login(world)
    once = accounts.reset_password(login)
    token = enter(accounts, login, once)
    assert accounts.signed_in(token).must_change_password
    after = accounts.change_password(token, once, PASSWORD, login)
    assert not accounts.signed_in(after).must_change_password
    with pytest.raises(WrongPassword):
        enter(accounts, login, once)


def test_a_new_password_ends_every_session_but_a_new_one(
    accounts: PostgresAccounts, login: str
) -> None:
    here, elsewhere = enter(accounts, login), enter(accounts, login)
    new = accounts.change_password(here, PASSWORD, "другая длинная фраза", login)
    assert accounts.signed_in(new).name
    for ended in (here, elsewhere):
        with pytest.raises(NotFound):
            accounts.signed_in(ended)


def test_a_password_is_changed_by_who_knows_it(accounts: PostgresAccounts, login: str) -> None:
    token = enter(accounts, login)
    with pytest.raises(WrongPassword):
        accounts.change_password(token, "не тот", "другая длинная фраза", login)
    with pytest.raises(WeakPassword):
        accounts.change_password(token, PASSWORD, PASSWORD, login)
    with pytest.raises(NotFound):
        accounts.change_password("no session", PASSWORD, "другая длинная фраза", login)
    assert enter(accounts, login)


def test_signing_out_ends_this_session_alone(accounts: PostgresAccounts, login: str) -> None:
    here, elsewhere = enter(accounts, login), enter(accounts, login)
    accounts.sign_out(here)
    accounts.sign_out(here)
    with pytest.raises(NotFound):
        accounts.signed_in(here)
    assert accounts.signed_in(elsewhere).name


@pytest.mark.parametrize(("column", "by"), [("seen_at", "31 minutes"), ("began_at", "13 hours")])
def test_a_session_ends_when_idle_or_old(
    engine: Engine, accounts: PostgresAccounts, login: str, column: str, by: str
) -> None:
    token = enter(accounts, login)
    age(engine, **{column: by})
    with pytest.raises(NotFound):
        accounts.signed_in(token)


def test_a_session_in_use_does_not_grow_idle(
    engine: Engine, accounts: PostgresAccounts, login: str
) -> None:
    token = enter(accounts, login)
    for _ in range(3):
        age(engine, seen_at="20 minutes")
        assert accounts.signed_in(token).name


def test_a_revoked_account_is_out_at_once(
    world: World, accounts: PostgresAccounts, login: str
) -> None:
    token = enter(accounts, login)
    user = accounts.signed_in(token).user
    world.desk.revoke_user(world.organisation, user.id)
    with pytest.raises(NotFound):
        accounts.signed_in(token)
    with pytest.raises(WrongPassword):
        enter(accounts, login)


def test_a_forgotten_password_is_replaced_and_ends_all_sessions(
    accounts: PostgresAccounts, login: str
) -> None:
    token = enter(accounts, login)
    once = accounts.reset_password(login)
    with pytest.raises(NotFound):
        accounts.signed_in(token)
    with pytest.raises(WrongPassword):
        enter(accounts, login)
    assert accounts.signed_in(enter(accounts, login, once)).must_change_password
    with pytest.raises(NotFound):
        accounts.reset_password("nobody")


def test_two_accounts_cannot_have_one_login(world: World, login: str) -> None:
    with pytest.raises(LoginTaken):
        world.desk.add_user(world.organisation, AccessRole.AUDITOR, None, login)
    world.desk.add_user(world.organisation, AccessRole.AUDITOR)
    world.desk.add_user(world.organisation, AccessRole.AUDITOR)


def test_tries_of_one_login_are_stopped_wherever_they_come_from_and_only_for_a_while(
    engine: Engine, accounts: PostgresAccounts, login: str
) -> None:
    for _ in range(TRIES_OF_A_LOGIN):
        with pytest.raises(WrongPassword):
            enter(accounts, login, "wrong")
    with pytest.raises(TooOften):
        enter(accounts, login)
    age(engine, until="31 seconds")
    assert enter(accounts, login)


def test_the_wait_grows(engine: Engine, accounts: PostgresAccounts) -> None:
    login = ids.new_id()
    waits = []
    for _ in range(TRIES_OF_A_LOGIN + 3):
        with pytest.raises(WrongPassword):
            enter(accounts, login)
        waits.append(wait(engine))
        age(engine, until="16 minutes")
    assert waits[TRIES_OF_A_LOGIN - 1 :] == [30, 60, 120, 240]


def wait(engine: Engine) -> int | None:
    with engine.connect() as connection:
        query = "SELECT extract(epoch FROM until - last_at)::int FROM tries ORDER BY last_at"
        found: list[int | None] = list(connection.execute(text(query)).scalars())
    return found[-1]


def test_tries_sent_side_by_side_are_counted_too(accounts: PostgresAccounts) -> None:
    login = ids.new_id()

    def admitted(_: int) -> bool:
        try:
            accounts.admit("login", login, TRIES_OF_A_LOGIN)
        except TooOften:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(admitted, range(40))) == TRIES_OF_A_LOGIN


def test_who_signs_in_rightly_uses_up_no_tries_of_the_address(
    accounts: PostgresAccounts, login: str
) -> None:
    address = ids.new_id()
    for _ in range(TRIES_FROM_AN_ADDRESS - 1):
        accounts.admit("address", address, TRIES_FROM_AN_ADDRESS)
    for _ in range(3):
        assert accounts.sign_in(login, PASSWORD, address)
    accounts.admit("address", address, TRIES_FROM_AN_ADDRESS)
    with pytest.raises(TooOften):
        accounts.sign_in(login, PASSWORD, address)
