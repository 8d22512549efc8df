"""The rehearsal clock: read from PostgreSQL, moved through the gateway, never back."""

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from datetime import UTC, date, datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeVar

from adapters.postgres.desk import PostgresDesk
from api.gateway import TemporalGateway
from runtime.settings import Settings
from runtime.wiring import Parts, connect

T = TypeVar("T")


class RehearsalClock:
    """Process time of a rehearsal. Its client lives in an event loop of its own."""

    def __init__(self, settings: Settings, parts: Parts) -> None:
        self._desk: PostgresDesk = parts.desk
        self._offset = self._desk.clock_offset()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        client = self._run(connect(settings, parts.payload_keys))
        self._gateway = TemporalGateway(client, settings.temporal.task_queue)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def now(self) -> datetime:
        """Process time."""
        return datetime.now(UTC) + timedelta(seconds=self._offset)

    def today(self) -> date:
        """The day of process time."""
        return self.now().date()

    def move_to(self, moment: datetime, workflows: Sequence[str]) -> None:
        """Make it `moment`, and let these workflows see that; harmless if it is later already."""
        ahead = int((moment - datetime.now(UTC)).total_seconds()) + 1
        self._offset = max(self._offset, ahead)
        self._desk.set_clock_offset(self._offset)
        self._run(self._tell(workflows))

    async def _tell(self, workflows: Sequence[str]) -> None:
        await asyncio.gather(*(self._gateway.move_clock(id_, self._offset) for id_ in workflows))

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
