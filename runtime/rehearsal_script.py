"""What is played: roadmaps and people of all organisations, known before anything starts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.base import Value
from domain.kinds import KnownKind
from domain.roadmap import Roadmap
from runtime.cast import (
    Cast,
    Invited,
    Organisation,
    not_by_key,
    pair_requests,
    read_cast,
    unknown_of,
)
from runtime.settings import WrongCall
from runtime.shipped import ROADMAPS

PAIRS: Final = 6
PAIRS_BELOW: Final = 2
"""In each organisation of a programme that has several."""


class Size(Value):
    """How large a rehearsal is: pairs of each organisation in each yearly turn, and how many of the
    organisations below each are taken, from the first on; the usual, and all, if not said.
    """

    pairs: int | None = None
    turns: int = 1
    organisations: int | None = None


@dataclass(frozen=True)
class Script:
    """What one organisation plays, and what those below it do.

    `place` is empty for the one on top, «2» for the second below it, «2.1» for the first below
    that. `pairs` is 0 where the roadmap has no pairs. `invited` are all below it, `below` those of
    them that work in the system.
    """

    place: str
    roadmap: Roadmap
    cast: Cast
    people: Path
    pairs: int
    turns: int
    below_roadmap: Roadmap | None = None
    invited: tuple[Invited, ...] = ()
    below: tuple["Script", ...] = ()

    @property
    def names_somebody_above(self) -> bool:
        """Whether somebody here consents to be named above: in the first one of several."""
        return bool(self.cast.plot.named_above) and self.place.rpartition(".")[2] == "1"

    def all(self) -> Iterator["Script"]:
        """This one, then those below, in the order in which they are launched."""
        yield self
        for one in self.below:
            yield from one.all()


def read_script(
    roadmaps: Mapping[str, Roadmap],
    kinds: Mapping[str, KnownKind],
    own: Path | None,
    name: str,
    size: Size,
) -> Script:
    """The roadmap of this name, with the people who stand beside it in the folder `own` of
    roadmaps, or in ours, and those below. Raises `WrongCall`.
    """
    return _Reader(roadmaps, kinds, own, size).read(name)


@dataclass(frozen=True)
class _Reader:
    roadmaps: Mapping[str, Roadmap]
    kinds: Mapping[str, KnownKind]
    own: Path | None
    size: Size

    def read(self, name: str, place: str = "", played_by: Invited | None = None) -> Script:
        if name not in self.roadmaps:
            known = ", ".join(sorted(self.roadmaps))
            raise WrongCall(f"Нет дорожной карты «{name}». Есть: {known}.")
        roadmap = self.roadmaps[name]
        file = self._cast_of(name)
        cast = _of(read_cast(file), played_by)
        if strange := unknown_of(cast, roadmap):
            raise WrongCall(f"{file.name}: нет в дорожной карте: {', '.join(strange)}.")
        if several := not_by_key(cast, self.kinds):
            raise WrongCall(
                f"{file.name}: ключом (signed_by_key) подписывает один директор, а здесь подписи "
                f"других тоже нужны: {', '.join(several)}. Уберите: их подпишут на бумаге."
            )
        usual = PAIRS_BELOW if played_by else PAIRS
        pairs = (self.size.pairs or usual) if roadmap.track.stages else 0
        pair_requests(cast, roadmap, pairs)
        invited = cast.below[: self.size.organisations] if roadmap.below else ()
        return Script(
            place=place,
            roadmap=roadmap,
            cast=cast,
            people=file.with_name(cast.people),
            pairs=pairs,
            turns=self.size.turns,
            below_roadmap=self.roadmaps.get(roadmap.below.roadmap) if roadmap.below else None,
            invited=invited,
            below=tuple(self._below(roadmap, place, invited)),
        )

    def _below(
        self, roadmap: Roadmap, place: str, invited: tuple[Invited, ...]
    ) -> Iterator[Script]:
        for n, one in enumerate(invited, start=1):
            if roadmap.below is not None and not one.outside:
                yield self.read(roadmap.below.roadmap, numbered(place, n), one)

    def _cast_of(self, name: str) -> Path:
        folders = [folder for folder in (self.own, ROADMAPS) if folder]
        beside = [folder / "people" / f"{name}.yaml" for folder in folders]
        return next((path for path in beside if path.exists()), beside[0])


def numbered(place: str, n: int) -> str:
    """The place of the n-th organisation below the one at `place`."""
    return f"{place}.{n}" if place else str(n)


def _of(cast: Cast, played_by: Invited | None) -> Cast:
    """The same people in another organisation."""
    if played_by is None:
        return cast
    same = {name: getattr(played_by, name) for name in Organisation.model_fields}
    return cast.changed(organisation=Organisation(**same), below=played_by.below or cast.below)
