"""What is wrong with a roadmap's routes of approval, and with the papers that name them."""

from collections.abc import Iterable, Iterator

from domain.base import Value
from domain.roadmap import DocumentProof, PaperStage, Roadmap

At = tuple[str | int, ...]


class Complaint(Value):
    """What is wrong in a roadmap: where (a path of keys and indexes) and what is expected."""

    at: At
    text: str  # Russian


def route_complaints(roadmap: Roadmap) -> Iterator[Complaint]:
    """Roles that there are not, bodies where persons are asked, routes that nobody can end."""
    for name, route in roadmap.routes.items():
        for number, stage in enumerate(route.stages):
            at: At = ("routes", name, "stages", number, "by")
            for index, role in enumerate(stage.by):
                yield from _asked(roadmap, role, stage.kind, (*at, index))
    for at, drafter, paper in _papers(roadmap):
        if paper.route is None:
            continue
        if paper.approver is not None:
            text = "указаны и approver, и route; оставьте одно"
            yield Complaint(at=(*at, "route"), text=text)
        if paper.route not in roadmap.routes:
            known = ", ".join(sorted(roadmap.routes)) or "ни одного"
            text = f"неизвестный маршрут «{paper.route}»; есть: {known}"
            yield Complaint(at=(*at, "route"), text=text)
            continue
        rules = roadmap.routes[paper.route]
        if not rules.own_draft:
            stages = [stage for stage in rules.stages if stage.kind == "decision"]
            if any(
                len(set(stage.by) - {drafter}) < (stage.need or len(stage.by)) for stage in stages
            ):
                text = (
                    f"маршрут «{paper.route}» спрашивает и роль «{drafter}», которая готовит "
                    "документ, а own_draft не разрешён: согласовать будет некому"
                )
                yield Complaint(at=(*at, "route"), text=text)


def _asked(roadmap: Roadmap, role: str, kind: str, at: At) -> Iterable[Complaint]:
    known = roadmap.roles.get(role)
    if known is None:
        expected = ", ".join(sorted(roadmap.roles))
        yield Complaint(at=at, text=f"неизвестная роль «{role}»; есть роли: {expected}")
    elif kind == "body" and known.holder != "body":
        yield Complaint(at=at, text=f"роль «{role}» — не орган; укажите роль с holder: body")
    elif kind == "review" and known.holder == "body":
        yield Complaint(at=at, text=f"рецензию прикладывает человек, а роль «{role}» — орган")


def _papers(roadmap: Roadmap) -> Iterator[tuple[At, str, DocumentProof | PaperStage]]:
    """Where a paper is asked for, and which role drafts it."""
    for number, step in enumerate(roadmap.steps):
        for index, result in enumerate(step.results):
            if isinstance(result.by, DocumentProof):
                at: At = ("steps", number, "results", index, "by")
                yield at, result.by.drafter or step.lead, result.by
    for number, stage in enumerate(roadmap.track.stages):
        if isinstance(stage.needs, PaperStage):
            yield (
                ("track", "stages", number, "needs"),
                roadmap.pair_lead(),
                stage.needs,
            )
