"""Work on templates that did not come with us, in a child process that may fail alone.

The child has bounded memory and processor time and is shut in (`adapters.confined`). Starting one
takes as long as hundreds of renderings, so a template keeps its child for a while; no child ever
works on two templates, so one cannot harm the documents of another.
"""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock, Timer
from typing import Any, Final

from adapters.confined import ChildGoneError, Confined
from domain.errors import BadUpload, FactMissing, Refused, TemplateFault

MEMORY_BYTES: Final = 512 * 2**20
CPU_SECONDS: Final = 10
WALL_SECONDS: Final = 20.0
LARGEST_ANSWER: Final = 100 * 2**20
_KEPT: Final = 2  # children that stay for their templates, 50 MB each
_IDLE_SECONDS: Final = 60.0
_REFUSALS: Final[Mapping[str, type[Refused]]] = {
    kind.__name__: kind for kind in (BadUpload, FactMissing, TemplateFault)
}


class Child(Confined):
    """One child process for one template. Safe to use in many threads at once."""

    def __init__(self, *, cpu: int = CPU_SECONDS, wall: float = WALL_SECONDS) -> None:
        super().__init__("adapters.docx.child_process", cpu, wall=wall, largest=LARGEST_ANSWER)
        self._cpu = cpu
        self._lock = Lock()

    def ask(self, wish: str, *contents: bytes, **given: Any) -> tuple[Mapping[str, Any], bytes]:
        """The answer's fields and bytes.

        Raises `TemplateFault`, `FactMissing` or `BadUpload` as the child does, and `TemplateFault`
        if it broke a limit or died; then it is gone.
        """
        try:
            with self._lock:
                answer, content = self.exchange({"wish": wish, **given}, contents)
        except ChildGoneError as gone:
            raise TemplateFault(self._why(gone)) from gone
        refusal = answer.get("refused")
        if refusal is not None:
            raise _REFUSALS.get(refusal, TemplateFault)(str(answer.get("detail", "")))
        return answer, content

    def _why(self, gone: ChildGoneError) -> str:
        if gone.used_up_its_time:
            return (
                f"на шаблон ушло больше {self._cpu} с: он слишком велик или его циклы не кончаются"
            )
        if gone.timed_out:
            return f"шаблон не заполнился за {self._wall:.0f} с"
        return "заполнение шаблона прервалось: сбой или не хватило памяти"


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
