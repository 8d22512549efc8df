"""The program, loaded once: each call of it is a fork of one process, and saves the two seconds of
a processor that loading takes.

A call has arguments, an environment, standard streams and an exit code of its own, like the
installed program that other tests start.
"""

import gc
import json
import os
import pkgutil
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NoReturn

import runtime

ROOT = Path(__file__).parents[2]


class Loaded:
    """The process, for one call at a time."""

    def __init__(self) -> None:
        # By -c, as typer would else tell how the module is called instead of the program.
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from tests.e2e.loaded import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def call(
        self, argv: Sequence[str], env: Mapping[str, str], seconds: float
    ) -> tuple[int, str, str]:
        """Exit code, standard output and standard error. Raises `TimeoutExpired`."""
        with TemporaryDirectory(prefix="nastavnik-call-") as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            request = {"argv": argv, "env": dict(env), "out": str(out), "err": str(err)}
            assert self._process.stdin is not None
            self._process.stdin.write(f"{json.dumps(request)}\n")
            self._process.stdin.flush()
            pid, late = self._number(), threading.Event()

            def end() -> None:
                late.set()
                os.kill(pid, signal.SIGKILL)

            limit = threading.Timer(seconds, end)
            limit.start()
            code = self._number()
            limit.cancel()
            limit.join()
            if late.is_set():
                raise subprocess.TimeoutExpired(list(argv), seconds)
            return code, out.read_text("utf-8"), err.read_text("utf-8")

    def _number(self) -> int:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, f"ended with {self._process.wait()}"
        return int(line)

    def end(self) -> None:
        """No call is under way."""
        self._process.communicate()


def serve() -> None:
    """Do each call that a line of standard input asks for, until there is none."""
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)  # nobody else answers
        for module in pkgutil.iter_modules(runtime.__path__):
            import_module(f"runtime.{module.name}")
        gc.freeze()
        # A lock that another thread holds would stay locked in a fork.
        threads = Path("/proc/self/task")
        assert not threads.exists() or len(list(threads.iterdir())) == 1
        for line in sys.stdin:
            request = json.loads(line)
            pid = os.fork()
            if pid == 0:
                _become(request)
            answers.write(f"{pid}\n")
            answers.flush()
            _, status = os.waitpid(pid, 0)
            answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
            answers.flush()


def _become(request: Mapping[str, Any]) -> NoReturn:
    """The program, called so."""
    made = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    streams = ((os.devnull, os.O_RDONLY), (request["out"], made), (request["err"], made))
    for number, (file, flags) in enumerate(streams):
        opened = os.open(file, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(request["env"])
    sys.argv[:] = request["argv"]
    try:
        import_module("runtime.cli").main()
    except BaseException:  # noqa: BLE001 - the edge of a process
        traceback.print_exc()
    sys.stderr.flush()
    os._exit(1)
