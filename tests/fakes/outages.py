"""Parts of the service that go away at a chosen call."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy.exc import OperationalError

from adapters.files.minio import StoreAway
from api.problems import Unavailable
from api.services import Services

Part = Literal["database", "store", "temporal"]
_OF: dict[Part, tuple[str, ...]] = {
    "database": ("desk", "views", "accounts", "figures"),
    "store": ("files",),
    "temporal": ("gateway",),
}


@dataclass
class Outage:
    """A part goes away at its call number `at` until it is `over`; `met`: it came to that."""

    part: Part
    at: int
    calls: int = 0
    met: bool = False
    over: bool = False

    def of(self, services: Services) -> Services:
        """The services with that part."""
        watched: dict[str, Any] = {
            name: _Watched(getattr(services, name), self) for name in _OF[self.part]
        }
        return replace(services, **watched)

    def heed(self) -> None:
        """Raises if the part is away now."""
        self.calls += 1
        if self.calls >= self.at and not self.over:
            self.met = True
            raise _errors(self.part)


def _errors(part: Part) -> Exception:
    match part:
        case "database":
            return OperationalError("SELECT 1", {}, Exception("the server closed the connection"))
        case "store":
            return StoreAway("the store does not answer")
        case "temporal":
            return Unavailable("Temporal does not answer")


class _Watched:
    """A port, each call of which heeds the outage."""

    def __init__(self, port: Any, outage: Outage) -> None:  # noqa: ANN401 - any port
        self._port = port
        self._outage = outage

    def __call__(self, *given: Any) -> Any:  # noqa: ANN401 - any port
        self._outage.heed()
        return self._port(*given)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any port
        found = getattr(self._port, name)
        if not callable(found):
            return found

        def call(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - any method
            self._outage.heed()
            return found(*given, **named)

        return call
