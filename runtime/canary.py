"""The canary of the web process: the store is tried at start and once a day."""

import asyncio
from typing import Final

import structlog

from activities.ports import Files
from domain.canary import CanaryResult, WriteOnce

DAY: Final = 24 * 60 * 60.0
AFTER_FAILURE: Final = 10 * 60.0
"""Seconds: while a store is called failed nobody is sent here, so its mending is looked for."""
PAUSE: Final = 5.0
"""Seconds until a store that did not answer is tried again."""

log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger("canary")


class Canary:
    """Tries the store, and knows what was found last; None before the first answer.

    While the store does not answer, what was found before stands, with its time.
    """

    def __init__(
        self,
        files: Files,
        every: float = DAY,
        after_failure: float = AFTER_FAILURE,
        pause: float = PAUSE,
    ) -> None:
        self._files = files
        self._every = every
        self._after_failure = after_failure
        self._pause = pause
        self._latest: CanaryResult | None = None

    def latest(self) -> CanaryResult | None:
        """What was found last."""
        return self._latest

    async def keep_trying(self) -> None:
        """Until it is cancelled."""
        while True:
            wait = await self._try()
            await asyncio.sleep(wait)

    async def _try(self) -> float:
        """Seconds until the next."""
        try:
            found = await asyncio.to_thread(self._files.canary)
        except OSError as error:
            # As for readiness: its message may show an address.
            log.warning("canary_away", error=type(error).__name__, errno=error.errno)
            return self._pause
        self._latest = found
        if found.write_once is WriteOnce.FAILED:
            log.error("canary", write_once=found.write_once, text=found.text)
            return self._after_failure
        log.info("canary", write_once=found.write_once, text=found.text)
        return self._every
