"""Workflows that accept every wish, unless told to refuse."""

import asyncio

from domain.documents import DocumentState
from domain.errors import Refused
from domain.messages import MandatesChanged
from domain.process import Answer, Command
from domain.programme import ProgrammeState
from domain.roadmap import Season
from domain.yearly import YearlyOrder


class FakeGateway:
    """Remembers what was asked. As real workflows do, it answers a known request id from memory."""

    def __init__(self) -> None:
        self.launched: dict[str, ProgrammeState] = {}
        self.begun: dict[str, DocumentState] = {}
        self.sent: list[tuple[str, Command, str]] = []
        self.clocks: dict[str, int] = {}
        self.told: list[tuple[str, MandatesChanged]] = []
        self.yearly: dict[str, tuple[YearlyOrder, Season]] = {}
        self.tried: list[str] = []  # yearly orders
        self.verified = 0  # how often a walk over the files was asked for
        self.refusal: Refused | None = None
        self.refusals: dict[str, Refused] = {}  # of single workflows
        self.is_lost = False
        self.hold: asyncio.Event | None = None  # answers wait for it
        self.reached = asyncio.Event()
        self._answers: dict[tuple[str, str], Answer] = {}

    async def launch(self, state: ProgrammeState) -> None:
        self._refuse()
        self.launched.setdefault(state.workflow_id, state)
        self._lose()

    async def begin(self, state: DocumentState) -> None:
        self._refuse()
        self.begun.setdefault(state.workflow_id, state)
        self._lose()

    async def send(self, workflow_id: str, wish: Command, request_id: str) -> Answer:
        self._refuse()
        if workflow_id in self.refusals:
            raise self.refusals[workflow_id]
        asked = (workflow_id, request_id)
        if asked not in self._answers:
            self.sent.append((workflow_id, wish, request_id))
            self._answers[asked] = Answer(request_id=request_id, revision=len(self.sent))
        self.reached.set()
        if self.hold is not None:
            await self.hold.wait()
        self._lose()
        return self._answers[asked]

    async def move_clock(self, workflow_id: str, offset: int) -> bool:
        self.clocks[workflow_id] = offset
        return True

    async def tell_mandates(self, workflow_id: str, fact: MandatesChanged) -> None:
        self._refuse()
        self.told.append((workflow_id, fact))

    async def verify(self) -> None:
        self._refuse()
        self.verified += 1
        self._lose()

    async def keep_yearly(self, order: YearlyOrder, season: Season) -> None:
        self._refuse()
        self.yearly[order.order_id] = (order, season)
        self._lose()

    async def launch_yearly(self, order_id: str) -> None:
        self._refuse()
        self.tried.append(order_id)
        self._lose()

    async def check_ready(self) -> None:
        self._refuse()

    def _refuse(self) -> None:
        """Before anything is done."""
        if self.refusal is not None:
            raise self.refusal

    def _lose(self) -> None:
        """The process dies after the effect and before the answer."""
        if self.is_lost:
            raise SystemError("killed")
