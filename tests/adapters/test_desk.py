"""The desk: requests answered once, people all or none, launches."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from zoneinfo import ZoneInfoNotFoundError

import pytest
from sqlalchemy import Engine, text

from activities.tasks import ApiAnswer, ApiRequest, KeptText
from adapters.postgres.desk import _ANSWER, _CLAIM
from domain import ids
from domain.enrolment import EnrolledBody, Enrolment
from domain.errors import AlreadyLaunched, KeyReused, NotFound, StillWorking
from domain.names import NameForms
from domain.people import AccessRole
from domain.planning import season_of
from tests.adapters.world import ENROLMENT, SHA, World, a_person

_AGE = text(
    """
    UPDATE api_requests SET claimed_at = claimed_at - interval '25 hours'
    WHERE organisation_id = :organisation AND key = :key
    """
)
_WAITS = text("SHOW synchronous_commit")


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def a_request(world: World, **fields: str) -> ApiRequest:
    known = {
        "organisation_id": world.organisation,
        "user_id": "user",
        "key": "key",
        "route": "POST /api/v1/cycles",
        "body_sha256": SHA,
    }
    return ApiRequest.model_validate({**known, **fields})


def count(world: World, table: str) -> int:
    query = f"SELECT count(*) FROM {table} WHERE organisation_id = :organisation"  # noqa: S608
    with world.engine.connect() as connection:
        found = connection.execute(text(query), {"organisation": world.organisation})
        return int(found.scalar_one())


# Requests


def test_a_repeated_request_gets_the_same_answer(world: World) -> None:
    request = a_request(world)
    answer = ApiAnswer(status=201, body={"cycle": "1", "title": "Ёлка"})
    assert world.desk.begin_request(request) is None
    world.desk.finish_request(request, answer)
    assert world.desk.begin_request(request) == answer


def test_a_claim_and_its_answer_do_not_wait_for_the_disk_and_all_else_does(world: World) -> None:
    given = a_request(world).model_dump()
    answer = {**given, "status": 200, "body": "{}"}
    with world.engine.connect() as connection:
        for statement, values in ((_CLAIM, given), (_ANSWER, answer)):
            with connection.begin():
                assert connection.execute(statement, values).rowcount == 1
                assert connection.scalar(_WAITS) == "off"
            with connection.begin():
                assert connection.scalar(_WAITS) == "on"


def test_an_answer_is_forgotten_once_it_is_old_with_all_that_it_says(world: World) -> None:
    answer = ApiAnswer(status=200, body={"name": "Коваль"})
    old, fresh = a_request(world), a_request(world, key="another")
    for request in (old, fresh):
        world.desk.begin_request(request)
        world.desk.finish_request(request, answer)
    with world.engine.begin() as connection:
        connection.execute(_AGE, {"organisation": world.organisation, "key": old.key})

    for _ in range(2):
        world.ledger.forget_answers(timedelta(days=1), 10_000)

    assert world.desk.begin_request(fresh) == answer
    assert world.desk.begin_request(old) is None, "it is claimed as if it were new"


@pytest.mark.parametrize("other", [{"body_sha256": "cd" * 32}, {"route": "POST /api/v1/people"}])
def test_a_key_that_comes_with_another_request_is_refused(
    world: World, other: dict[str, str]
) -> None:
    world.desk.begin_request(a_request(world))
    with pytest.raises(KeyReused):
        world.desk.begin_request(a_request(world, **other))


def test_another_user_may_have_the_same_key(world: World) -> None:
    world.desk.begin_request(a_request(world))
    assert world.desk.begin_request(a_request(world, user_id="other")) is None


def test_a_twin_in_flight_is_told_to_wait(world: World) -> None:
    world.desk.begin_request(a_request(world))
    with pytest.raises(StillWorking):
        world.desk.begin_request(a_request(world))


def test_of_many_twins_one_gets_the_claim(world: World) -> None:
    def claim(_: int) -> bool:
        try:
            return world.desk.begin_request(a_request(world)) is None
        except StillWorking:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(claim, range(16))) == 1


def test_a_forsaken_claim_is_taken_over(world: World) -> None:
    world.desk.begin_request(a_request(world))
    with world.engine.begin() as connection:
        connection.execute(
            text("UPDATE api_requests SET claimed_at = claimed_at - interval '61 seconds'")
        )
    assert world.desk.begin_request(a_request(world)) is None
    with pytest.raises(StillWorking):
        world.desk.begin_request(a_request(world))


def test_a_dropped_claim_may_be_made_with_another_body(world: World) -> None:
    world.desk.begin_request(a_request(world))
    world.desk.drop_request(a_request(world))
    assert world.desk.begin_request(a_request(world, body_sha256="cd" * 32)) is None


def test_an_answered_request_is_not_dropped(world: World) -> None:
    request = a_request(world)
    answer = ApiAnswer(status=200, body={})
    world.desk.begin_request(request)
    world.desk.finish_request(request, answer)
    world.desk.drop_request(request)
    assert world.desk.begin_request(request) == answer


# People


def test_a_list_taken_twice_changes_nothing(world: World) -> None:
    again = world.desk.enrol(world.organisation, ENROLMENT)
    assert (again.people, again.bodies) == (0, 0)
    assert count(world, "people") == len(ENROLMENT.people)


def test_a_known_code_is_brought_up_to_date(world: World) -> None:
    moved = [
        person.changed(post="заместитель директора") if person.code == "curator" else person
        for person in ENROLMENT.people
    ]
    changed = world.desk.enrol(world.organisation, ENROLMENT.changed(people=tuple(moved)))
    assert changed.people == 1
    posts = {line.code: line.post for line in world.views.people(world.organisation)}
    assert posts["curator"] == "заместитель директора"


def test_a_mentee_who_was_welcomed_as_mentor_stays_one_in_a_list_taken_again(
    world: World,
) -> None:
    world.save(world.planned().changed(new_mentors=(world.person("mentee"),)))
    world.desk.enrol(world.organisation, ENROLMENT)
    roles = {one.code: one.roles for one in world.views.people(world.organisation)}
    assert roles["mentee"] == ("staff", "mentee", "mentor")
    assert roles["curator"] == ("staff",)


def test_nothing_is_taken_of_a_list_with_a_stranger_in_a_body(world: World) -> None:
    newcomer = a_person("new", "Белова", "Инна")
    strange = EnrolledBody(code="other", name="Другой", members=("new", "nobody"))
    before = count(world, "people"), count(world, "bodies")
    with pytest.raises(NotFound):
        world.desk.enrol(world.organisation, Enrolment(people=(newcomer,), bodies=(strange,)))
    assert (count(world, "people"), count(world, "bodies")) == before


def test_a_form_of_a_name_that_a_person_mended_stays(world: World) -> None:
    query = text("SELECT name_forms FROM people WHERE id = :id")
    given = {"id": world.person("mentor")}
    with world.engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE people SET name_forms = jsonb_set(name_forms, '{gent,last}', '\"Иначе\"')"
                " WHERE id = :id"
            ),
            given,
        )
    changed = [
        person.changed(post="мастер") if person.code == "mentor" else person
        for person in ENROLMENT.people
    ]
    world.desk.enrol(world.organisation, ENROLMENT.changed(people=tuple(changed)))
    with world.engine.connect() as connection:
        forms = NameForms.model_validate(connection.execute(query, given).scalar_one())
    assert forms.gent.last == "Иначе"


def test_people_of_an_unknown_organisation_are_refused(world: World) -> None:
    with pytest.raises(NotFound):
        world.desk.enrol("nothing", ENROLMENT)


# Launches


def test_a_launch_that_is_repeated_changes_nothing(world: World) -> None:
    world.desk.keep_launch(world.cycle, world.organisation, world.launch)
    assert world.views.cycles(world.organisation) == (world.cycle,)


def test_a_roadmap_runs_once_in_a_period(world: World) -> None:
    later = world.launch.changed(start=world.launch.start.replace(month=12))
    with pytest.raises(AlreadyLaunched):
        world.desk.keep_launch(ids.new_id(), world.organisation, later)


def test_the_next_season_may_begin_while_this_one_ends(world: World) -> None:
    """A season of 14 months overlaps the next one's first two (source 001, rows 1.1 and 1.7)."""
    known = world.launch.roadmap
    long = known.changed(roadmap="long", season=known.season.changed(months=14))
    launch = world.launch.changed(roadmap=long, start=season_of(long, world.launch.start).start)
    this, following = ids.new_id(), ids.new_id()
    world.desk.keep_launch(this, world.organisation, launch)
    begins = launch.start.replace(year=launch.start.year + 1)
    assert begins <= season_of(long, launch.start).end
    world.desk.keep_launch(following, world.organisation, launch.changed(start=begins))
    assert {this, following} <= set(world.views.cycles(world.organisation))


def test_a_roadmap_runs_again_in_the_next_period(world: World) -> None:
    following = ids.new_id()
    later = world.launch.changed(start=world.launch.start.replace(year=2027))
    world.desk.keep_launch(following, world.organisation, later)
    assert world.views.cycles(world.organisation) == (world.cycle, following)


@pytest.mark.parametrize("year", [2029, 2030, 2032])
def test_a_programme_of_several_years_bars_each_of_them(world: World, year: int) -> None:
    start = world.launch.start.replace(year=2029)
    world.desk.keep_launch(
        ids.new_id(), world.organisation, world.launch.changed(start=start, turns=4)
    )
    again = world.launch.changed(start=start.replace(year=year))
    with pytest.raises(AlreadyLaunched):
        world.desk.keep_launch(ids.new_id(), world.organisation, again)
    after = world.launch.changed(start=start.replace(year=2033))
    world.desk.keep_launch(ids.new_id(), world.organisation, after)


def test_a_programme_of_several_years_is_barred_by_a_year_of_its_own(world: World) -> None:
    longer = world.launch.changed(start=world.launch.start.replace(year=2024), turns=3)
    with pytest.raises(AlreadyLaunched):
        world.desk.keep_launch(ids.new_id(), world.organisation, longer)


def test_a_closed_cycle_is_in_nobodys_way(world: World) -> None:
    following = ids.new_id()
    world.save(world.planned().touched(closed=True))
    world.desk.keep_launch(following, world.organisation, world.launch)
    assert following in world.views.cycles(world.organisation)


def test_of_two_launches_at_once_one_is_refused(engine: Engine) -> None:
    world = World.make(engine)
    later = world.launch.changed(start=world.launch.start.replace(year=2030))

    def launch(cycle: str) -> bool:
        try:
            world.desk.keep_launch(cycle, world.organisation, later)
        except AlreadyLaunched:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(launch, [ids.new_id() for _ in range(4)])) == 1


def test_a_role_is_held_by_somebody_of_the_organisation(world: World, engine: Engine) -> None:
    stranger = World.make(engine).person("director")
    holders = {**world.launch.holders, "director": stranger}
    later = world.launch.changed(holders=holders, start=world.launch.start.replace(year=2030))
    with pytest.raises(NotFound):
        world.desk.keep_launch(ids.new_id(), world.organisation, later)


# Accounts, texts, the clock


def test_a_token_opens_its_account_until_it_is_revoked(world: World) -> None:
    curator = world.person("curator")
    token = world.desk.add_user(world.organisation, AccessRole.CURATOR, curator)
    user = world.views.user_by_token(token)
    assert token.startswith("nst_")
    assert (user.role, user.organisation_id) == (AccessRole.CURATOR, world.organisation)
    assert user.acts_for == (curator, world.launch.holders["council"])
    world.desk.revoke_user(world.organisation, user.id)
    with pytest.raises(NotFound):
        world.views.user_by_token(token)


def test_a_token_is_kept_nowhere(world: World) -> None:
    token = world.desk.add_user(world.organisation, AccessRole.AUDITOR)
    with world.engine.connect() as connection:
        rows = connection.execute(text("SELECT users::text FROM users")).scalars().all()
    assert rows
    assert all(token.removeprefix("nst_") not in row for row in rows)


def test_an_account_of_a_stranger_is_refused(world: World) -> None:
    with pytest.raises(NotFound):
        world.desk.add_user(world.organisation, AccessRole.CURATOR, "nobody")


def test_the_first_text_of_an_id_stays(world: World) -> None:
    kept = KeptText(
        id=ids.new_id(),
        organisation_id=world.organisation,
        kind="remark",
        subject="document/1",
        author="user",
        body={"text": "Исправьте дату"},
    )
    assert world.desk.keep_text(kept) == kept.id
    world.desk.keep_text(kept.changed(body={"text": "Другое"}))
    assert world.views.text(world.organisation, kept.id).body == {"text": "Исправьте дату"}


def test_the_clock_never_goes_back(world: World) -> None:
    world.desk.set_clock_offset(world.desk.clock_offset() + 100)
    ahead = world.desk.clock_offset()
    world.desk.set_clock_offset(ahead - 50)
    assert world.desk.clock_offset() == ahead
    world.desk.set_clock_offset(ahead + 50)
    assert world.desk.clock_offset() == ahead + 50


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "Asia", "/Asia/Omsk", ""])
def test_an_organisation_needs_a_time_zone_that_exists(world: World, zone: str) -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        world.desk.add_organisation(
            ids.new_id(),
            name="Школа",
            short_name="Школа",
            address="адрес",
            inn="0012345674",
            city="г. Заречинск",
            time_zone=zone,
        )
