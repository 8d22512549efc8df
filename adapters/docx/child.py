"""Work on templates that did not come with us, in a child process that may fail alone.

The child has bounded memory and processor time, no environment and no network, and ends with us:
it reads our requests until its input ends. Starting one takes as long as hundreds of renderings, so
a template keeps its child for a while; no child ever works on two templates, so one cannot harm the
documents of another.
"""

import json
import signal
import subprocess
import sys
import weakref
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from threading import Lock, Timer
from typing import Any, Final

from domain.errors import BadUpload, FactMissing, Refused, TemplateFault

MEMORY_BYTES: Final = 512 * 2**20
CPU_SECONDS: Final = 10
WALL_SECONDS: Final = 20.0
LARGEST_ANSWER: Final = 100 * 2**20
_KEPT: Final = 2  # children that stay for their templates, 50 MB each
_IDLE_SECONDS: Final = 60.0
_ROOT: Final = Path(__file__).parents[2]
_PROGRAM: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from adapters.docx.child_process import serve; serve()"
)
_REFUSALS: Final[Mapping[str, type[Refused]]] = {
    kind.__name__: kind for kind in (BadUpload, FactMissing, TemplateFault)
}


class Child:
    """One child process; one request at a time."""

    def __init__(self, *, cpu: int = CPU_SECONDS, wall: float = WALL_SECONDS) -> None:
        self._cpu, self._wall = cpu, wall
        self._lock = Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-c", _PROGRAM, str(_ROOT), str(cpu)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it could quote what people wrote
            env={},
            cwd="/",
        )
        self._end = weakref.finalize(self, _end, self._process)

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    def ask(self, wish: str, *contents: bytes, **given: Any) -> tuple[Mapping[str, Any], bytes]:
        """The answer's fields and bytes.

        Raises `TemplateFault`, `FactMissing` or `BadUpload` as the child does, and `TemplateFault`
        if it broke a limit or died; then it is gone.
        """
        sizes = [len(content) for content in contents]
        head = json.dumps({"wish": wish, "sizes": sizes, **given}, ensure_ascii=False).encode()
        with self._lock:
            timer = Timer(self._wall, self._process.kill)
            timer.daemon = True
            timer.start()
            try:
                answer, content = self._exchange(b"".join((head, b"\n", *contents)))
            except (OSError, ValueError) as error:
                self._process.kill()
                raise self._died(timed_out=not timer.is_alive()) from error
            finally:
                timer.cancel()
        refusal = answer.get("refused")
        if refusal is not None:
            raise _REFUSALS.get(refusal, TemplateFault)(str(answer.get("detail", "")))
        return answer, content

    def end(self) -> None:
        """End it now."""
        self._end()

    def _exchange(self, request: bytes) -> tuple[Mapping[str, Any], bytes]:
        """Raises `OSError` or `ValueError` if no whole answer comes."""
        to, of = self._process.stdin, self._process.stdout
        if to is None or of is None:
            raise ValueError("no pipes")
        to.write(request)
        to.flush()
        head = of.readline(LARGEST_ANSWER)
        answer = json.loads(head)
        size = int(answer["size"])
        if not 0 <= size <= LARGEST_ANSWER:
            raise ValueError("the answer is too large")
        content = of.read(size)
        if len(content) != size:
            raise ValueError("the answer is cut off")
        return answer, content

    def _died(self, *, timed_out: bool) -> TemplateFault:
        code = self._process.wait()
        if code == -signal.SIGXCPU:
            return TemplateFault(
                f"на шаблон ушло больше {self._cpu} с: он слишком велик или его циклы не кончаются"
            )
        if timed_out:
            return TemplateFault(f"шаблон не заполнился за {self._wall:.0f} с")
        return TemplateFault("заполнение шаблона прервалось: сбой или не хватило памяти")


class Children:
    """Children for templates from outside. Safe to use in many threads at once.

    When nothing was rendered for `idle` seconds, none is left.
    """

    def __init__(self, *, idle: float = _IDLE_SECONDS) -> None:
        self._idle = idle
        self._rest: Timer | None = None
        self._lock = Lock()
        self._kept: OrderedDict[bytes, Child] = OrderedDict()

    def render(self, template: bytes, facts: Mapping[str, Any], code: str | None) -> bytes:
        """The document. Raises `TemplateFault` or `FactMissing`."""
        child = self._child_of(template)
        try:
            return child.ask("render", facts=facts, code=code)[1]
        finally:
            self._rest_later()

    def once(self, wish: str, *contents: bytes, **given: Any) -> tuple[Mapping[str, Any], bytes]:
        """One request to a child of its own; see `Child.ask`."""
        child = Child()
        try:
            return child.ask(wish, *contents, **given)
        finally:
            child.end()

    def _child_of(self, template: bytes) -> Child:
        with self._lock:
            known = self._kept.get(template)
            if known is not None and known.is_alive:
                self._kept.move_to_end(template)
                return known
        child = Child()
        try:
            child.ask("load", template)
        except Refused:
            child.end()
            raise
        with self._lock:
            self._kept[template] = child
            # Whoever is asking an older one still holds it; it ends with the last who does.
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return child

    def _rest_later(self) -> None:
        with self._lock:
            if self._rest is not None:
                self._rest.cancel()
            self._rest = Timer(self._idle, self._end_all)
            self._rest.daemon = True
            self._rest.start()

    def _end_all(self) -> None:
        with self._lock:
            self._kept.clear()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()
