"""What is missing for an organisation's launch, from the command line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from adapters.postgres.views import PostgresViews
from adapters.roadmap_files import read_roadmap
from api.launch_schemas import LaunchAsked, LaunchForeseen
from api.launching import foreseen
from domain.errors import NotFound
from domain.kinds import DocumentKind
from domain.launch_checks import Missing
from domain.packages import PaperRule
from domain.roadmap import Roadmap
from runtime.cli_years import held
from runtime.preview_words import preview_words
from runtime.settings import WrongCall
from runtime.shipped import ROADMAPS
from runtime.wiring import Parts


@dataclass(frozen=True)
class _Before:
    """What is read before a launch, and no more: half of the command's time was the web's parts."""

    parts: Parts

    @property
    def views(self) -> PostgresViews:
        return self.parts.views

    @property
    def kinds(self) -> Mapping[str, DocumentKind]:
        return self.parts.kinds

    @property
    def package_rules(self) -> tuple[PaperRule, ...]:
        return self.parts.package_rules

    def roadmaps(self, name: str) -> Roadmap:
        """The one that comes with the program by this name, else one of the whole library."""
        path = ROADMAPS / f"{name}.yaml"
        if path.is_file():
            return read_roadmap(path, self.parts.renderer.known_kinds())
        found = self.parts.find_roadmap(name)
        if found is None:
            raise NotFound(f"there is no roadmap {name}")
        return found

    def process_now(self) -> datetime:
        offset = self.parts.desk.clock_offset() if self.parts.rehearsal else 0
        return datetime.now(UTC) + timedelta(seconds=offset)


def launch_of(
    parts: Parts,
    organisation_id: str,
    roadmap: str,
    start: date,
    holders: Iterable[str] = (),
) -> LaunchForeseen:
    """As `GET /roadmaps/{name}/preview` for this organisation. Raises `WrongCall`."""
    asked = LaunchAsked(roadmap=roadmap, start=start, holders=held(list(holders)))

    try:
        return foreseen(_Before(parts), organisation_id, asked)
    except NotFound as error:
        raise WrongCall(f"Не найдено: {error}. Проверьте имя карты и код организации.") from None


def foreseen_words(found: LaunchForeseen) -> str:
    """What is missing, then all that the launch will ask, then what it asks of those below."""
    told = [*map(_told, found.missing)] or ["Всё на месте: можно запускать."]
    below = found.below
    if below is not None:
        told.append(
            f"Организаций ниже: {len(below.organisations)}; в их программах строк: "
            f"{below.rows}, документов, кроме документов пар: {below.documents}."
        )
    parts = ["\n".join(told), preview_words(found.plan)]
    if below is not None:
        parts.append(preview_words(below.plan))
    return "\n\n".join(parts)


def _told(one: Missing) -> str:
    sign = "Без этого не запустить" if one.stops else "Не хватает"
    return f"{sign}: {one.words}. {one.remedy[:1].upper()}{one.remedy[1:]}."
