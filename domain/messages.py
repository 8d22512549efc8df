"""What workflows tell each other: facts, sent as signals. A repeat changes nothing."""

from datetime import datetime

from domain.authority import Mandates
from domain.base import Message
from domain.reporting import Status


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


class MandatesChanged(Fact):
    """A right to decide was given or ended in the organisation."""

    mandates: Mandates


class Superseded(Fact):
    """A later document tells an earlier one that it has taken its force."""

    document_id: str


class BranchMoved(Fact):
    """A lower cycle tells the upper one at which stage it stands."""

    n: int
    stage: str


class BranchLeft(Fact):
    """The upper cycle tells a lower one that it left: nothing above binds it any more."""

    note_id: str | None = None  # the reason, a text of the upper organisation


class ReportReceived(Fact):
    """A lower cycle tells the upper one that its report is there; the figures are a row."""

    n: int
    demand: str
    turn: int
    version: int


class ReportAnswered(Fact):
    """The upper cycle tells a lower one what became of its report; `came` as in `Standing`."""

    demand: str
    turn: int
    version: int
    came: int = 0
    status: Status
    note_id: str | None = None


class Reminded(Fact):
    """The upper cycle tells a lower one that its report, which is `due` then, is missing; `kind` as
    of a notice.
    """

    demand: str
    turn: int
    kind: str
    due: datetime | None = None
