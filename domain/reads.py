"""A read of people's data, as it is kept when a minor was among them.

Whose data were shown is kept, and what of them; the data themselves never are.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final

from domain.base import Value

COMMAND_LINE: Final = "cli"
"""The account and the role of who works at the server's own command line."""


class Shown(StrEnum):
    """What of a person was shown."""

    NAMES = "names"
    CARD = "card"  # name, day of birth, group or post
    NAME_FORMS = "name_forms"
    TEXT = "text"  # of a document, or what somebody wrote
    FILE = "file"
    COPY = "copy"
    SHEET = "sheet"
    BUNDLE = "bundle"


class ReadOf(Value):
    """Who read, when, by which route, what. `about` is the workflow whose data it was."""

    organisation_id: str
    account: str
    person_id: str | None
    role: str
    at: datetime
    route: str
    shown: Shown
    about: str | None = None
