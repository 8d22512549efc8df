"""How long the check before the largest launch takes: its whole plan, what is missing for it, and
what the cycles below will ask, for a municipality of 300 organisations over a real PostgreSQL.

Beside it stands the bare plan of the same roadmap, which reads nothing and says nothing. `command`
is the whole of `nastavnik roadmap preview --for`, from the shell to the last word, `processor` its
processor seconds. Each is taken several times; medians.
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from activities.organisation_ports import NewBelow
from api.gateway import TemporalGateway
from api.launch_schemas import LaunchAsked
from api.launching import foreseen
from api.services import Services
from bench._stage import Stage, as_on_a_user_s_machine, median, say, served
from domain.organisations import Level, NewOrganisation
from domain.planning import plan
from domain.roadmap import Roadmap
from runtime.canary import Canary
from runtime.web import services

SIZES = (30, 300)
ROUNDS = 5
LIMITS = {"seconds": 2.0, "command_seconds": 2.0}
START = date(2026, 9, 1)
PROGRAM = Path(sys.executable).with_name("nastavnik")
WANTING = 1


def largest(stage: Stage) -> Roadmap:
    """Of all that have a level below, the one with the most rows in both."""
    known = stage.parts.roadmaps

    def rows(one: Roadmap) -> int:
        below = known.get(one.below.roadmap) if one.below else None
        return len(one.steps) + len(below.steps) if below else 0

    return max(known.values(), key=rows)


def fill(stage: Stage, roadmap: Roadmap, have: int, want: int) -> None:
    """So many organisations below, each with its administrator."""
    if not have:
        stage.parts.desk.place(stage.organisation, Level(roadmap.level), None)
    some = tuple(
        NewOrganisation(
            code=f"s-{n}",
            name=f"Муниципальное бюджетное общеобразовательное учреждение «Школа № {n}»",
            short_name=f"Школа № {n}",
            address="г. Заречинск, ул. Лесная, 1",
            inn="0012345674",
            city="г. Заречинск",
        )
        for n in range(have, want)
    )
    wish = NewBelow(
        upper_id=stage.organisation, organisations=some, by="bench", at=datetime.now(UTC)
    )
    stage.parts.desk.add_below(wish)


def seconds(do: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def worked() -> float:
    """Processor seconds of all commands so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Round:
    """The same launch, looked at in three ways."""

    def __init__(self, stage: Stage, given: Services, roadmap: Roadmap) -> None:
        self._stage, self._given, self._roadmap = stage, given, roadmap
        bodies = stage.parts.views.bodies(stage.organisation)
        people = stage.parts.views.people(stage.organisation)
        self._holders = {
            role: (bodies if roadmap.roles[role].holder == "body" else people)[0].code
            for role in roadmap.launch_roles()
        }

    def told(self) -> object:
        """Everything, as the API tells it."""
        asked = LaunchAsked(roadmap=self._roadmap.roadmap, start=START, holders=self._holders)
        return foreseen(self._given, self._stage.organisation, asked).model_dump_json()

    def bare(self) -> object:
        """The plan alone."""
        return plan(self._roadmap, START, ZoneInfo("Europe/Moscow"), self._holders)

    def command(self) -> object:
        """What somebody types; something is missing, so it ends with 1."""
        words = [
            *(PROGRAM, "roadmap", "preview", self._roadmap.roadmap, "--start", START.isoformat()),
            *("--for", self._stage.organisation, "--home", self._stage.settings.home.home),
            "--json",
        ]
        ended = subprocess.run(list(map(str, words)), capture_output=True, check=False, timeout=120)
        if ended.returncode != WANTING:
            raise RuntimeError(ended.stderr.decode())
        return ended


def measure(stage: Stage, sizes: Sequence[int], rounds: int) -> dict[str, object]:
    client = asyncio.run(stage.client())
    gateway = TemporalGateway(client, stage.settings.temporal.task_queue)
    given = services(stage.parts, gateway, stage.settings, Canary(stage.parts.files))
    roadmap = largest(stage)
    found: dict[int, dict[str, float]] = {}
    have = 0
    for size in sorted(sizes):
        fill(stage, roadmap, have, size)
        have = size
        one = Round(stage, given, roadmap)
        one.told()  # what is read once for good is read
        ways = {"told": one.told, "bare": one.bare, "command": one.command}
        before = worked()
        kept = {way: [seconds(do) for _ in range(rounds)] for way, do in ways.items()}
        found[size] = {way: median(values) for way, values in kept.items()}
        found[size]["processor"] = round((worked() - before) / rounds, 3)
        say(f"{size} organisations: {found[size]}")
    return told_of(roadmap.roadmap, found)


def told_of(roadmap: str, found: dict[int, dict[str, float]]) -> dict[str, object]:
    small, large = found[min(found)], found[max(found)]
    figures = {"seconds": large["told"], "command_seconds": large["command"]}
    return {
        "bench": "preview",
        "roadmap": roadmap,
        "seconds": {str(size): kept for size, kept in found.items()},
        "figures": figures,
        "ratios": {"growth": round(large["told"] / small["told"], 2)},
        "limits": LIMITS,
        "ok": all(figures[name] <= limit for name, limit in LIMITS.items()),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--json", action="store_true", help="print one JSON object only")
    given = parser.parse_args()
    as_on_a_user_s_machine()
    with served() as stage:
        found = measure(stage, given.sizes, given.rounds)
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        for name in ("roadmap", "seconds", "figures", "ratios", "limits", "ok"):
            print(f"{name}: {found[name]}")
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
