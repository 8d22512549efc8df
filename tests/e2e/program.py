"""The installed program as tests call it: to its end, or beside them until they are done."""

import atexit
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from runtime.processes import running, wait_until
from tests.e2e.loaded import Loaded
from tests.e2e.servers import ROOT, pids_of

PROGRAM = Path(sys.executable).with_name("nastavnik")
LONGEST = 580.0
"""Seconds that a command may take; a little less than a test."""


@dataclass(frozen=True)
class Ended:
    """A command that came to its end."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """What it said to programs: exactly one object, on one line."""
        assert self.out.count("\n") == 1, self.out
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


def environment(**variables: str) -> dict[str, str]:
    """The tester's, without settings of theirs."""
    own = {name: value for name, value in os.environ.items() if "NASTAVNIK_" not in name}
    return own | variables


@cache
def _loaded() -> Loaded:
    found = Loaded()
    atexit.register(found.end)
    return found


def run(*words: object, **variables: str) -> Ended:
    """To its end. What it needs is loaded already: see `Loaded`."""
    argv = [str(PROGRAM), *map(str, words)]
    return Ended(*_loaded().call(argv, environment(**variables), LONGEST))


def run_anew(*words: object, **variables: str) -> Ended:
    """The installed program, to its end."""
    return run_within(LONGEST, *words, **variables)


def run_within(seconds: float, *words: object, **variables: str) -> Ended:
    """The installed program, to its end, which comes in so many seconds."""
    answer = subprocess.run(
        [str(PROGRAM), *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
        cwd=ROOT,
        env=environment(**variables),
    )
    return Ended(answer.returncode, answer.stdout, answer.stderr)


@dataclass
class Beside:
    """A command that runs while the test goes on; its standard error is read as it comes."""

    process: subprocess.Popen[str]
    home: Path
    told: list[str] = field(default_factory=list)
    reader: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.told.append(line.rstrip("\n"))

    def await_line(self, pattern: str, seconds: float = 300) -> re.Match[str]:
        """The first line with this pattern."""
        found: list[re.Match[str]] = []

        def look() -> bool:
            found[:] = [match for line in self.told if (match := re.search(pattern, line))]
            return bool(found) or self.process.poll() is not None

        assert wait_until(look, seconds), self.told
        assert found, f"ended with {self.process.poll()}: {self.told}"
        return found[0]

    def kill_everything(self) -> None:
        """A power cut: the program and all that it started, at once."""
        for pid in (self.process.pid, *pids_of(self.home)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def end(self) -> Ended:
        """Wait until it ends by itself."""
        assert self.process.stdout is not None
        out = self.process.stdout.read()
        self.reader.join()
        return Ended(self.process.wait(LONGEST), out, "\n".join(self.told))


@contextlib.contextmanager
def beside(home: Path, *words: object, **variables: str) -> Iterator[Beside]:
    """The command over this home; nothing of it is left afterwards."""
    with subprocess.Popen(
        [str(PROGRAM), *map(str, words), "--home", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(**variables),
    ) as process:
        found = Beside(process, home)
        try:
            yield found
        finally:
            process.kill()
            process.wait()
            end_all(home)
            found.reader.join()


def end_all(home: Path) -> None:
    """End whatever still works in the home."""
    deadline = time.monotonic() + 60
    while found := pids_of(home):
        assert time.monotonic() < deadline, found
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def pid_of(home: Path, name: str) -> int | None:
    """The live process that the home's record names."""
    try:
        pid = int(json.loads((home / "run" / f"{name}.json").read_text())["pid"])
    except (FileNotFoundError, ValueError):
        return None
    return pid if running(pid) else None
