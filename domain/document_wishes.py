"""What people may ask of a document."""

from domain.process import Command


class Decide(Command):
    """Approve a version, or send it back with a remark."""

    version: int
    sha256: str
    approved: bool


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


class Drop(Command):
    """Give up a paper that a person asked for."""
