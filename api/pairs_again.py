"""Pairs of the year before that may be formed anew; none is formed unless the curator names it."""

from collections.abc import Iterable

from api.routes.reading import PairLine
from api.routes.roadmap_reading import RunningCycle
from api.services import Services
from domain.errors import NotFound
from domain.pair_road import STOPPED
from domain.pairing import PairRequest


def proposed(services: Services, organisation_id: str, cycle_id: str) -> tuple[PairLine, ...]:
    """Those that came to their end or go on, and that no pair of this year follows yet.

    Raises `NotFound`.
    """
    known = before(services, organisation_id, cycle_id)
    # Whoever looks at a register has read its names: it is asked for only where there is need.
    register = services.views.register(organisation_id, cycle_id) if known else ()
    taken = {one.follows for one in register}
    return tuple(one for one in known if one.pair_id not in taken)


def check(
    services: Services, organisation_id: str, cycle_id: str, pairs: Iterable[PairRequest]
) -> None:
    """Raises `NotFound` unless each pair that follows another is of the same two people."""
    named = [pair for pair in pairs if pair.follows is not None]
    known = {
        (one.pair_id, one.mentor.id, one.mentee.id)
        for one in (before(services, organisation_id, cycle_id) if named else ())
    }
    for pair in named:
        if (pair.follows, pair.mentor_id, pair.mentee_id) not in known:
            raise NotFound(f"pair {pair.follows} is none of these two in the year before")


def before(services: Services, organisation_id: str, cycle_id: str) -> tuple[PairLine, ...]:
    """The pairs of the yearly turn before, or of the last turn of the cycle that this one follows,
    but for those that stopped. In one cycle a mentee has one open pair of a form: there only those
    are meant that are over.
    """
    views = services.views
    cycle = views.running_cycle(organisation_id, cycle_id)
    turn = _turn(services, cycle)
    if turn > 1:
        here = views.register(organisation_id, cycle_id)
        known = [one for one in here if one.turn == turn - 1 and not one.open]
    elif turn and cycle.follows is not None:
        last = views.running_cycle(organisation_id, cycle.follows).turns
        there = views.register(organisation_id, cycle.follows)
        known = [one for one in there if one.turn == last]
    else:
        return ()
    return tuple(one for one in known if one.stage != STOPPED)


def follow_a_year(services: Services, organisation_id: str, cycle_id: str) -> bool:
    """Whether there was a year before; nobody's name is read for it. Raises `NotFound`."""
    cycle = services.views.running_cycle(organisation_id, cycle_id)
    turn = _turn(services, cycle)
    return turn > 1 or (turn == 1 and cycle.follows is not None)


def _turn(services: Services, cycle: RunningCycle) -> int:
    """The yearly turn at this moment, 0 until the cycle is planned."""
    if cycle.state is None or cycle.state.plan is None:
        return 0
    return cycle.state.turn_at(services.process_now())
