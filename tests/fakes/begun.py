"""What is remembered of objects that were begun, in memory."""

from collections.abc import Callable, Container, Sequence
from datetime import UTC, datetime, timedelta
from threading import RLock

from activities.object_ports import BegunObject


class MemoryBegun:
    """Over the keys that are `named`. One thread begins, records or sweeps at a time."""

    def __init__(self, named: Container[str]) -> None:
        self._named = named
        self._begun: dict[str, BegunObject] = {}
        self._lock = RLock()

    def begin(self, key: str) -> None:
        with self._lock:
            self._begun[key] = BegunObject(key=key, state="begun", begun_at=datetime.now(UTC))

    def check_can_record(self, key: str) -> None:
        with self._lock:
            begun = self._begun.get(key)
            if begun is not None and begun.state != "begun" and key not in self._named:
                raise OSError(f"{key} was stored too long ago to be recorded")
            self._begun.pop(key, None)

    def unnamed(self) -> Sequence[BegunObject]:
        return [one for one in self._begun.values() if one.key not in self._named]

    def forsake(self, older_than: timedelta, at_most: int) -> Sequence[str]:
        with self._lock:
            for one in self.unnamed():
                if one.state == "begun" and datetime.now(UTC) - one.begun_at > older_than:
                    self._begun[one.key] = one.changed(state="forsaken")
            return [one.key for one in self.unnamed() if one.state == "forsaken"][:at_most]

    def sweep(self, key: str, remove: Callable[[], bool]) -> bool | None:
        with self._lock:
            begun = self._begun.get(key)
            if begun is None or begun.state != "forsaken" or key in self._named:
                return None
            gone = remove()
            self._begun[key] = begun.changed(state="gone" if gone else "kept")
            return gone
