"""A cycle's own roadmap in a new version: with the rows that were added here, and with what some of
its rows and pairs still go by.
"""

import hashlib
import json
from collections.abc import Collection, Mapping

from domain.errors import RoadmapConflict, RowDoesNotFit
from domain.planning import check_roles
from domain.roadmap import Earlier, Roadmap, StageTitle, Step


def with_version(mine: Roadmap, n: int, version: Roadmap, added: Collection[str]) -> Roadmap:
    """The cycle's roadmap after `mine`, which is its number `n`: the version with the rows that
    were `added` in this cycle.

    Raises `RoadmapConflict` if the version has rows of the same numbers, or lacks a stage, a role
    or a section that an added row names.
    """
    own = tuple(step for step in mine.steps if step.id in added)
    taken = {step.id for step in version.steps} & set(added)
    if taken:
        raise RoadmapConflict(f"rows added here have numbers of the version: {_said(taken)}")
    for step in own:
        sections = {step.section} if step.section else set()
        missing = {step.lead, *step.co_executors} - version.roles.keys()
        missing |= {step.stage} - {one.id for one in version.stages}
        missing |= sections - {one.id for one in version.sections}
        if missing:
            raise RoadmapConflict(f"row {step.id}, added here, names {_said(missing)}")
    return _after(mine, n, version.changed(steps=(*version.steps, *own)))


def with_row(mine: Roadmap, n: int, step: Step) -> Roadmap:
    """The cycle's roadmap with a row more. Raises `RowDoesNotFit` if the number is taken."""
    if mine.step(step.id) is not None:
        raise RowDoesNotFit(f"номер {step.id} в дорожной карте уже есть или был")
    return _after(mine, n, mine.changed(steps=(*mine.steps, step)))


def sha256_of(roadmap: Roadmap) -> str:
    """Of what a roadmap says, whatever a running cycle keeps with it."""
    said = roadmap.model_dump(mode="json", exclude={"earlier"})
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def holders_for(
    roadmap: Roadmap, held: Mapping[str, str], given: Mapping[str, str]
) -> dict[str, str]:
    """Who holds the roles of a roadmap: as before, and `given` for those that are new.

    Raises `RoleUnmapped`.
    """
    roles = set(roadmap.launch_roles())
    holders = {role: holder for role, holder in held.items() if role in roles}
    holders |= {r: holder for r, holder in given.items() if r in roles and r not in holders}
    check_roles(roadmap, holders)
    return holders


def check_forms(roadmap: Roadmap, forms: Collection[str]) -> None:
    """Raises `RoadmapConflict` if pairs were formed in a form that the roadmap has not."""
    gone = set(forms) - {str(form) for form in roadmap.track.forms}
    if gone:
        raise RoadmapConflict(f"pairs were formed as {_said(gone)}")


def _after(mine: Roadmap, n: int, version: Roadmap) -> Roadmap:
    steps = {step.id: step for step in version.steps}
    changed = tuple((n, step) for step in mine.steps if steps.get(step.id) != step)
    stages = {stage.id for stage in version.track.stages}
    own = (StageTitle(id=stage.id, title=stage.title) for stage in mine.track.stages)
    known = {stage.id: stage for stage in (*mine.earlier.stages, *own)}
    gone = tuple(stage for id_, stage in known.items() if id_ not in stages)
    earlier = Earlier(steps=(*mine.earlier.steps, *changed), stages=gone)
    return version.changed(earlier=earlier)


def _said(names: Collection[str]) -> str:
    return ", ".join(sorted(names))
