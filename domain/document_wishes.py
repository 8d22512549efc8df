"""What people may ask of a document."""

from datetime import date

from domain.process import Command
from domain.routes import Outcome
from domain.signing import SignedBy


class Decide(Command):
    """Approve a version, send it back, or refuse it; the latter two with a reason."""

    version: int
    sha256: str
    outcome: Outcome


class Resolve(Command):
    """What a body decided of a version at a sitting, by its minutes."""

    version: int
    sha256: str
    outcome: Outcome
    body_id: str
    sitting_id: str
    number: str
    day: date


class AddRemark(Command):
    """Say something in the open discussion."""

    version: int


class AnswerRemark(Command):
    """The drafter's answer to one remark."""

    remark_id: str


class AttachReview(Command):
    """A review from outside lies in `incoming/`; the note says whose it is."""

    version: int
    sha256: str
    size: int
    media_type: str
    checked: dict[str, str] = {}  # `ScanCheck.refs`


class Redraft(Command):
    """Make the next version; `inputs_id` names the row with the amended facts."""

    version: int  # the one that was sent back
    inputs_id: str | None = None


class Register(Command):
    """Give the approved version its number and date."""

    version: int
    number: str | None = None  # reserved, or given elsewhere; None: the next one


class AttachSigned(Command):
    """The signed scan lies in `incoming/`; here are its hash and what it is a scan of."""

    version: int
    sha256: str
    size: int
    media_type: str
    checked: dict[str, str] = {}  # `ScanCheck.refs`


class AttachSignature(Command):
    """Electronic signatures lie in `incoming/`, checked; the note says what a mark shows of them.

    `wanted` are the lines of the paper that are to be signed, in their order.
    """

    version: int
    of_sha256: str  # the rendering that was signed
    of_size: int
    sha256: str  # the file of signatures
    size: int
    wanted: tuple[str, ...]
    signers: tuple[SignedBy, ...]


class Drop(Command):
    """Give up a paper that a person asked for."""
