"""Child processes that do not outlive us, and the ends of those that did."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NoReturn

from pydantic import ValidationError

from domain.base import Value
from runtime.home import Home
from runtime.settings import WrongCall

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_LOG_LIMIT = 10_000_000  # a longer log is put aside at the next start
_PAUSE = 0.02
_FULL = (
    *("No space left on device", "Disk quota exceeded", "File too large"),
    *("database or disk is full", "disk I/O error"),  # SQLite
)
FREE_SOME = "Освободите место и запустите снова: данные целы."


class ServerFailed(Exception):  # noqa: N818 - the word of the field
    """A process that we need ended or does not answer; the message shows the end of its log."""


class NoSpace(WrongCall):
    """The disk is full, or a quota is used up. Nothing is damaged: free some and start again."""


class ServerMissing(WrongCall):
    """A server's program is not installed; the message says which package has it."""


@dataclass(frozen=True)
class Program:
    """A program to run as our child, and how it is stopped.

    The command line must name the home, or something in it: by that a leftover is known as ours.
    """

    name: str
    argv: tuple[str, ...]
    wrapper: tuple[str, ...] = ()
    """A command that turns itself into `argv`."""
    user: tuple[int, int] | None = None
    """User and group to run as; only root may name others."""
    env: Mapping[str, str] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    death_signal: signal.Signals = signal.SIGKILL
    """What the kernel sends when we die (Linux)."""
    grace: float = 30.0
    """Seconds between the stop signal and SIGKILL."""


@dataclass(frozen=True)
class Running:
    """A live process: `started` tells it from a later one with the same number."""

    pid: int
    started: str
    command: str


class _Record(Value):
    """What a later start needs to know a leftover and to end it."""

    pid: int
    started: str
    command: str
    stop_signal: signal.Signals
    grace: float


def running(pid: int) -> Running | None:
    """The live process with this number; None if there is none or only its exit status is left."""
    return _from_proc(pid) if sys.platform == "linux" else _from_ps(pid)


def _from_proc(pid: int) -> Running | None:
    folder = Path(f"/proc/{pid}")
    try:
        # The name in parentheses may hold anything, so fields are counted from its end (proc(5)).
        state, *fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
        command = (folder / "cmdline").read_bytes().rstrip(b"\0").replace(b"\0", b" ")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state in "ZX" else Running(pid, fields[18], os.fsdecode(command))


def _from_ps(pid: int) -> Running | None:
    asked = ["ps", "-ww", "-o", "stat=,lstart=,command=", "-p", str(pid)]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False, env={"LC_ALL": "C"})
    words = answer.stdout.split()
    if not words or words[0].startswith("Z"):
        return None
    # `lstart` is five words: Sun Nov 22 05:52:59 2026.
    return Running(pid, " ".join(words[1:6]), " ".join(words[6:]))


class Child:
    """One program under our care, with its log and its record in the home."""

    def __init__(self, home: Home, program: Program) -> None:
        self._home = home
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self.log = home.log / f"{program.name}.log"
        self._log_before = 0  # bytes that earlier starts wrote

    @property
    def pid(self) -> int | None:
        """The number of the process while it is not stopped."""
        return self._process.pid if self._process else None

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the program, after ending what an earlier life of this home left of it.

        From the main thread only: Linux sends the death signal when the *thread* that started the
        child ends (prctl(2), PR_SET_PDEATHSIG).
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("children are started from the main thread")
        program = self._program
        end_leftover(self._home, program.name)
        with self._open_log() as log:
            self._log_before = log.tell()
            # The session of its own keeps a Ctrl-C at the terminal ours: we stop children in order.
            self._process = subprocess.Popen(
                [*program.wrapper, *program.argv],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self._home.path,
                env=program.env,
                start_new_session=True,
                user=program.user and program.user[0],
                group=program.user and program.user[1],
                extra_groups=None if program.user is None else [],
                # Between fork and exec it only makes two system calls, so no lock can be held.
                preexec_fn=_dies_with_us(program.death_signal),  # noqa: PLW1509
            )
        born = running(self._process.pid)
        if born is not None:
            record = _Record(
                pid=born.pid,
                started=born.started,
                command=" ".join(program.argv),
                stop_signal=program.stop_signal,
                grace=program.grace,
            )
            self._home.remember(program.name, record.model_dump(mode="json"))

    def wait(self) -> int:
        """Wait until the process ends by itself; its exit code."""
        if self._process is None:
            raise RuntimeError(f"{self._program.name} was not started")
        code = self._process.wait()
        self._home.forget(self._program.name)
        return code

    def ask_to_stop(self) -> None:
        """Send the stop signal and do not wait; harmless if the process has ended."""
        if self._process is not None:
            self._process.send_signal(self._program.stop_signal)

    def stop(self) -> None:
        """Stop the process: the stop signal, its grace, then SIGKILL; harmless if it has ended."""
        if self._process is None:
            return
        self._process.send_signal(self._program.stop_signal)
        try:
            self._process.wait(self._program.grace)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
        self._home.forget(self._program.name)

    def kill(self) -> None:
        """End the process at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def restart(self) -> None:
        """Stop the process if it lives and start it again."""
        self.stop()
        self.start()

    def last_words(self) -> str:
        """The end of what this start wrote in its log."""
        return "\n".join(self._written().splitlines()[-5:])

    def failure(self, told: str) -> ServerFailed | NoSpace:
        """Why it does not run: `told`, its log and the log's end, or that the disk is full."""
        if is_disk_full(self._written()):
            return NoSpace(f"{told}: кончилось место на диске (журнал {self.log}). {FREE_SOME}")
        return ServerFailed(f"{told} (журнал {self.log}):\n{self.last_words()}")

    def _written(self) -> str:
        with self.log.open("rb") as log:
            log.seek(self._log_before)
            return log.read().decode("utf-8", errors="replace")

    def _open_log(self) -> BinaryIO:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        return self.log.open("ab")


def is_disk_full(said: str) -> bool:
    """Whether a server says so of its disk."""
    return any(words in said for words in _FULL)


def leave(code: int) -> NoReturn:
    """End this process now, its output flushed.

    Threads of the Temporal SDK may still call into Python while the interpreter is taken apart,
    which aborts the process after all its work is done (seen with temporalio 1.35).
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


def end_leftover(home: Home, name: str) -> None:
    """End the process that an earlier life of this home recorded under `name`, if it still lives.

    A process with another start time or command line is a stranger's and is left alone.
    """
    try:
        known = _Record.model_validate(home.record(name))
    except ValidationError:  # there is none
        return
    found = running(known.pid)
    # The wrapper, if any, stands before the command until it has turned into it.
    if found and found.started == known.started and found.command.endswith(known.command):
        end(found, known.stop_signal, known.grace)
    home.forget(name)


def end(process: Running, stop_signal: signal.Signals, grace: float) -> None:
    """End a process that is not our child: its stop signal, its grace, then SIGKILL."""
    for sign, seconds in ((stop_signal, grace), (signal.SIGKILL, 10.0)):
        if not _signalled(process, sign) or wait_until(lambda: _is_gone(process), seconds):
            return
    raise ServerFailed(f"Процесс {process.pid} ({process.command}) не завершается.")


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true in that time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_PAUSE)
    return True


def _signalled(process: Running, sign: signal.Signals) -> bool:
    try:
        os.kill(process.pid, sign)
    except ProcessLookupError:
        return False
    return True


def _is_gone(process: Running) -> bool:
    found = running(process.pid)
    return found is None or found.started != process.started


def _dies_with_us(sign: signal.Signals) -> Callable[[], None] | None:
    if _LIBC is None:
        return None
    prctl, parent = _LIBC.prctl, os.getpid()

    def ask_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, int(sign))
        if os.getppid() != parent:  # we died before the kernel was asked
            os.kill(os.getpid(), signal.SIGKILL)

    return ask_kernel
