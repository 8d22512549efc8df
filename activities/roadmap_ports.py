"""What is kept of roadmaps that running cycles are asked to take."""

from datetime import datetime
from typing import Protocol

from domain.base import Value
from domain.roadmap import Roadmap


class KeepRoadmap(Value):
    """A roadmap for one cycle; `change_id` makes a repeat known.

    `version` and `sha256` are those of the library's roadmap, without the rows that were `added`.
    """

    change_id: str
    organisation_id: str
    cycle_id: str
    roadmap: Roadmap
    version: int
    sha256: str
    holders: dict[str, str]
    added: tuple[str, ...]
    author: str
    note_id: str | None
    at: datetime


class RoadmapDesk(Protocol):
    """A part of `Desk`."""

    def keep_roadmap(self, wish: KeepRoadmap) -> int:
        """Keep a roadmap for a cycle; its number there. In force it is once the cycle took it.

        A repeat changes nothing. Raises `NotFound` for a cycle that the organisation has not.
        """
        ...
