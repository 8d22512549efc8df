"""Where the time of a rehearsal goes."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

TITLES: Final = {
    "servers": "запуск серверов и службы",
    "people": "люди и запуск цикла",
    "inboxes": "чтение задач",
    "decide": "решения",
    "hold_sitting": "заседания",
    "redraft": "доработка",
    "register": "регистрация",
    "attach_signed": "подписанные сканы и электронные подписи",
    "record_meeting": "встречи",
    "record_monitoring": "мониторинг",
    "record_result": "результаты",
    "fulfil": "поручения",
    "gather_reports": "приём отчётов",
    "correct_report": "исправление отчётов",
    "attach_review": "рецензии",
    "engine": "ожидание движка",
    "clock": "перевод часов",
    "export": "выгрузка и проверка свидетельств",
    "check": "сверка записей, журнала, Temporal и файлов",
    "stop": "остановка",
}
"""What time goes on; an act that has no title here goes by the name of its task."""


@dataclass
class Times:
    """Seconds of the wall clock by what they went on, so that together they make up the whole."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def on(self, what: str) -> Iterator[None]:
        """The time inside goes on this."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.add(what, time.monotonic() - began)

    def share(self, passed: float, acts: Iterable[tuple[str, float]]) -> None:
        """What passed while acts went on side by side, divided as each of them took."""
        taken = list(acts)
        whole = sum(seconds for _, seconds in taken)
        for what, seconds in taken:
            self.add(what, passed * seconds / whole if whole else 0.0)

    def rounded(self) -> dict[str, float]:
        """For programs, in the order in which a rehearsal goes."""
        order = [*TITLES, *(what for what in self.seconds if what not in TITLES)]
        return {what: round(self.seconds[what], 1) for what in order if what in self.seconds}

    def table(self) -> str:
        """For people."""
        rows = [(TITLES.get(what, what), seconds) for what, seconds in self.rounded().items()]
        width = max((len(title) for title, _ in rows), default=0)
        lines = [f"  {title:<{width}}  {seconds:6.1f} с" for title, seconds in rows]
        return "\n".join(["На что ушло время:", *lines])

    def add(self, what: str, seconds: float) -> None:
        """So many seconds more went on this."""
        self.seconds[what] = self.seconds.get(what, 0.0) + seconds
