"""What the fake desk and the real one do alike, as far as the API relies on it."""

from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from activities.ports import Desk
from activities.tasks import ApiAnswer, ApiRequest, KeptText
from domain import ids
from domain.errors import AlreadyLaunched, KeyReused, NotFound, StillWorking
from tests.adapters.world import World
from tests.fakes.desk import FakeDesk

ANSWER = ApiAnswer(status=409, body={"code": "WrongState", "title": "Ёлка"})


@dataclass(frozen=True)
class Ground:
    world: World
    desk: Desk

    def request(self, **fields: str) -> ApiRequest:
        known = ApiRequest(
            organisation_id=self.world.organisation,
            user_id="user",
            key="key",
            route="/api/v1/cycles",
            body_sha256="ab" * 32,
        )
        return known.changed(**fields)


@pytest.fixture(params=["memory", "postgres"])
def ground(request: pytest.FixtureRequest, engine: Engine) -> Ground:
    world = World.make(engine)
    if request.param == "postgres":
        return Ground(world, world.desk)
    memory = FakeDesk()
    memory.keep_launch(world.cycle, world.organisation, world.launch)
    return Ground(world, memory)


def test_the_first_answer_is_given_again(ground: Ground) -> None:
    assert ground.desk.begin_request(ground.request()) is None
    ground.desk.finish_request(ground.request(), ANSWER)

    assert ground.desk.begin_request(ground.request()) == ANSWER


@pytest.mark.parametrize("other", [{"body_sha256": "cd" * 32}, {"route": "/api/v1/people"}])
def test_a_key_comes_with_one_request_only(ground: Ground, other: dict[str, str]) -> None:
    ground.desk.begin_request(ground.request())

    with pytest.raises(KeyReused):
        ground.desk.begin_request(ground.request(**other))


@pytest.mark.parametrize("other", [{"user_id": "other"}, {"key": "other"}])
def test_another_user_or_key_is_another_claim(ground: Ground, other: dict[str, str]) -> None:
    ground.desk.begin_request(ground.request())

    assert ground.desk.begin_request(ground.request(**other)) is None


def test_a_twin_in_flight_waits(ground: Ground) -> None:
    ground.desk.begin_request(ground.request())

    with pytest.raises(StillWorking):
        ground.desk.begin_request(ground.request())


def test_a_dropped_claim_is_forgotten_and_an_answered_one_is_not(ground: Ground) -> None:
    ground.desk.begin_request(ground.request())
    ground.desk.drop_request(ground.request())
    assert ground.desk.begin_request(ground.request(body_sha256="cd" * 32)) is None

    ground.desk.finish_request(ground.request(body_sha256="cd" * 32), ANSWER)
    ground.desk.drop_request(ground.request(body_sha256="cd" * 32))
    assert ground.desk.begin_request(ground.request(body_sha256="cd" * 32)) == ANSWER


def test_a_key_that_was_made_stays_the_same(ground: Ground) -> None:
    key_id, document = f"incoming/{ids.new_id()}", ids.new_id()
    with pytest.raises(NotFound):
        ground.desk.data_key(key_id)

    ground.desk.make_key(key_id, ground.world.organisation, document)
    first = ground.desk.data_key(key_id)
    ground.desk.make_key(key_id, ground.world.organisation, document)

    assert ground.desk.data_key(key_id) == first
    assert len(first) == 32


def test_a_text_is_kept_under_its_id(ground: Ground) -> None:
    text = KeptText(
        id=ids.new_id(),
        organisation_id=ground.world.organisation,
        kind="remark",
        subject="document/1",
        author="user",
        body={"text": "Исправьте дату"},
    )

    assert [ground.desk.keep_text(text) for _ in range(2)] == [text.id] * 2


def test_a_launch_may_be_repeated_but_not_doubled(ground: Ground) -> None:
    organisation, launch = ground.world.organisation, ground.world.launch

    ground.desk.keep_launch(ground.world.cycle, organisation, launch)
    with pytest.raises(AlreadyLaunched):
        ground.desk.keep_launch(ids.new_id(), organisation, launch)


def test_the_clock_goes_forward_only(ground: Ground) -> None:
    ahead = ground.desk.clock_offset() + 100
    ground.desk.set_clock_offset(ahead)
    ground.desk.set_clock_offset(ahead - 50)

    assert ground.desk.clock_offset() == ahead
