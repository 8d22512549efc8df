"""Children under our care: they end when told, and leftovers are ended, strangers never."""

import signal
import sys

import pytest

from runtime.home import Home
from runtime.processes import Child, Program, running, wait_until


def a_sleeper(home: Home) -> Program:
    # It outlives us: a window that changes its size ends nobody.
    argv = (sys.executable, "-c", "import time; time.sleep(600)", str(home.path))
    return Program("sleeper", argv, death_signal=signal.SIGWINCH)


def test_a_leftover_is_ended_by_the_next_start_of_its_name(home: Home) -> None:
    before, after = Child(home, a_sleeper(home)), Child(home, a_sleeper(home))
    before.start()
    assert before.pid is not None
    after.start()
    assert running(before.pid) is None
    assert after.is_running
    after.stop()
    before.stop()


@pytest.mark.parametrize("difference", [{"started": "1"}, {"command": "another"}])
def test_a_stranger_with_the_number_of_a_leftover_is_left_alone(
    home: Home, difference: dict[str, object]
) -> None:
    stranger, child = Child(home, a_sleeper(home)), Child(home, a_sleeper(home))
    stranger.start()
    home.remember("sleeper", {**home.record("sleeper"), **difference})
    child.start()
    assert stranger.is_running
    child.stop()
    stranger.stop()


def test_a_child_that_heeds_no_signal_is_killed_after_its_grace(home: Home) -> None:
    deaf = (
        "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "print('deaf', flush=True); time.sleep(600)"
    )
    child = Child(home, Program("deaf", (sys.executable, "-c", deaf, str(home.path)), grace=0.2))
    child.start()
    assert wait_until(lambda: "deaf" in child.log.read_text(), 60)
    child.stop()
    assert not child.is_running


def test_a_child_killed_like_a_crash_can_be_restarted(home: Home) -> None:
    child = Child(home, a_sleeper(home))
    child.start()
    first = child.pid
    child.kill()
    assert not child.is_running
    child.restart()
    second = child.pid
    child.stop()
    assert first is not None
    assert second is not None
    assert first != second
