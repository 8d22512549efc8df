"""What workflows tell each other: facts, sent as signals. A repeat changes nothing."""

from datetime import datetime

from domain.base import Message


class Fact(Message):
    """Something that happened elsewhere; carries the sender's clock."""

    clock_offset: int = 0  # seconds


class DocumentSettled(Fact):
    """A document's workflow tells its owner the outcome."""

    document_id: str
    in_force: bool


class OrderInForce(Fact):
    """The cycle tells a pair that the order that names it is in force."""

    document_id: str


class PairMoved(Fact):
    """A pair tells its cycle at which stage it stands."""

    pair_id: str
    stage: str


class Withdraw(Fact):
    """The owner stopped: whatever of its papers is not in force yet is withdrawn."""

    at: datetime
