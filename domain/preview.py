"""Everything that the launch of a roadmap will ask: when, of whom, proved by what."""

from collections.abc import Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import assert_never
from zoneinfo import ZoneInfo

from domain.base import Value
from domain.deadline_words import deadline_words
from domain.events import EVENT_KINDS
from domain.kinds import DocumentKind
from domain.packages import AgeGroup, PaperRule, Purpose, kinds_possible
from domain.people import Form
from domain.planning import PlannedItem, plan, turn_from
from domain.roadmap import (
    AnswersProof,
    ConsentsStage,
    DocumentProof,
    EventProof,
    IndicatorsProof,
    LinkProof,
    MeetingsStage,
    MonitoringStage,
    NumberProof,
    OrderStage,
    PackageStage,
    PaperStage,
    Proof,
    RemarkProof,
    ReportProof,
    ReportsProof,
    Result,
    Roadmap,
    Step,
    Track,
    TrackStage,
)

_SIDES = {"mentor": "Наставник", "mentee": "Наставляемый"}
_AGES = {
    AgeGroup.UNDER_14: "до 14 лет",
    AgeGroup.FROM_14_TO_17: "от 14 до 17 лет",
    AgeGroup.ADULT: "от 18 лет",
}
_FOR_EACH = {
    "cycle": "",
    "organisations": "в циклах организаций",
    "pairs": "для каждой пары",
    "mentors": "для каждого наставника",
    "mentees": "для каждого наставляемого",
}


class Paper(Value):
    """A document that will be drafted."""

    kind: str
    title: str
    drafter: str
    approver: str | None
    route: tuple[str, ...] = ()
    """The stages of approval, where they are more than an approver."""
    registrar: str | None
    norm: str | None = None
    """What law asks for it, where it is of the package."""
    where: str = ""
    """In which pairs, where not in all; or that there is one about each organisation below."""


class Demand(Value):
    """One result of a row, and what proves it."""

    id: str
    title: str
    proof: str
    proved_by: str
    document: Paper | None
    waits_for_pairs: bool
    """Drafted when all open pairs have come to the stage that waits for it."""
    after: tuple[str, ...]


class Item(Value):
    """One row in one window. Roles are told by their titles."""

    id: str
    step: str
    turn: int
    stage: str
    section: str | None
    title: str
    for_each: str
    """Empty for a row that is done once."""
    deadline: str
    opens: date
    due: date | None
    past: bool = False
    """Its time was over before the launch."""
    late_days: int | None
    who: str
    co_executors: tuple[str, ...]
    after: tuple[str, ...]
    results: tuple[Demand, ...]
    ours: tuple[str, ...] = ()
    """What of the row is not in the roadmap's source."""


class PairStage(Value):
    """One stage of the track of each pair."""

    id: str
    title: str
    days: int
    needs: str
    documents: tuple[Paper, ...]


class Turn(Value):
    """One year of the programme, with its first and last day."""

    turn: int
    opens: date
    ends: date


class Preview(Value):
    """What a launch on `start` will ask, in order of date."""

    roadmap: str
    version: int
    title: str
    start: date
    ends: date
    turns: tuple[Turn, ...]
    roles: dict[str, str]
    """The roles that the launch must map to people and bodies, with their titles."""
    items: tuple[Item, ...]
    track: tuple[PairStage, ...]


def preview(
    roadmap: Roadmap,
    start: date,
    kinds: Mapping[str, DocumentKind],
    rules: tuple[PaperRule, ...],
    names: Mapping[str, str] = MappingProxyType({}),
    turns: int | None = None,
) -> Preview:
    """What a launch of `roadmap` on `start` will ask; of law, what `rules` ask on that day.

    `names` are of those who are to hold roles, as far as they are known; `turns` as in a launch.
    """
    turns = turns or roadmap.season.turns
    holders = {role: role for role in roadmap.launch_roles()}
    planned = plan(roadmap, start, ZoneInfo("UTC"), holders, turns)
    steps = {step.id: step for step in roadmap.steps}
    asked = kinds_possible(rules, roadmap.pair_forms(), (Purpose.PARTICIPATION,), start)
    told = _Told(roadmap, kinds, asked, names)
    items = [told.item(one, steps[one.step]) for one in (*planned.items, *planned.per_pair)]
    order = {step.id: number for number, step in enumerate(roadmap.steps)}
    items.sort(key=lambda one: (one.opens, one.due or date.max, order[one.step], one.id))
    return Preview(
        roadmap=roadmap.roadmap,
        version=roadmap.version,
        title=roadmap.title,
        start=start,
        ends=planned.ends.date(),
        turns=tuple(_turn(roadmap, start, turn) for turn in range(1, turns + 1)),
        roles={role: roadmap.roles[role].title for role in roadmap.launch_roles()},
        items=tuple(items),
        track=tuple(told.stage(stage, roadmap.track) for stage in roadmap.track.stages),
    )


class _Told:
    """Rows and stages of one roadmap in words."""

    def __init__(
        self,
        roadmap: Roadmap,
        kinds: Mapping[str, DocumentKind],
        asked: tuple[PaperRule, ...],
        names: Mapping[str, str],
    ) -> None:
        self._roadmap = roadmap
        self._kinds = kinds
        self._asked = asked
        self._names = names
        self._stages = {stage.id: stage.title for stage in roadmap.stages}
        self._sections = {section.id: section.title for section in roadmap.sections}

    def item(self, planned: PlannedItem, step: Step) -> Item:
        return Item(
            id=planned.id,
            step=step.id,
            turn=planned.turn,
            stage=self._stages[step.stage],
            section=step.section and self._sections[step.section],
            title=step.title,
            for_each=_for_each(step),
            deadline=deadline_words(step.deadline),
            opens=planned.opens.date(),
            due=planned.due and planned.due.date(),
            past=planned.past,
            late_days=planned.late_days,
            who=self._role(step.lead),
            co_executors=tuple(self._role(role) for role in step.co_executors),
            after=step.after,
            results=tuple(self._demand(result, step) for result in step.results),
            ours=step.ours,
        )

    def stage(self, stage: TrackStage, track: Track) -> PairStage:
        return PairStage(
            id=stage.id,
            title=stage.title,
            days=stage.days,
            needs=_needs(stage, track.titles),
            documents=tuple(self._papers_of(stage)),
        )

    def _demand(self, result: Result, step: Step) -> Demand:
        by = result.by
        paper = by if isinstance(by, DocumentProof) else None
        where = "по одному на каждую организацию" if paper and paper.for_each else ""
        return Demand(
            id=result.id,
            title=result.title,
            proof=by.proof,
            proved_by=_proved_by(by, self._roadmap),
            document=(
                self._routed(
                    paper.route,
                    self._paper(
                        paper.kind, paper.drafter or step.lead, paper.approver, paper.registrar
                    ).changed(where=where),
                )
                if paper
                else None
            ),
            waits_for_pairs=paper is not None and paper.pairs_at is not None,
            after=result.after,
        )

    def _papers_of(self, stage: TrackStage) -> Iterator[Paper]:
        lead = self._roadmap.pair_lead()
        match stage.needs:
            case PaperStage(document=kind, approver=approver, registrar=registrar, route=route):
                yield self._routed(route, self._paper(kind, lead, approver, registrar))
            case ConsentsStage():
                for rule in self._asked:
                    if rule.about == "side":
                        yield self._of_law(rule, self._paper(rule.kind, lead, None, None))
            case PackageStage() as needs:
                for rule in self._asked:
                    if rule.about in ("mentor", "pair", "partner"):
                        known = self._kinds[rule.kind]
                        by = {"director": needs.director, "curator": self._roadmap.curator}
                        approver = known.approver and by[known.approver]
                        registrar = needs.registrar if known.journal else None
                        drafter = self._roadmap.curator
                        paper = self._paper(rule.kind, drafter, approver, registrar)
                        yield self._of_law(rule, paper)
            case OrderStage() | MeetingsStage() | MonitoringStage():
                return

    def _paper(self, kind: str, drafter: str, approver: str | None, registrar: str | None) -> Paper:
        return Paper(
            kind=kind,
            title=self._kinds[kind].title,
            drafter=self._role(drafter),
            approver=approver and self._role(approver),
            registrar=registrar and self._role(registrar),
        )

    def _routed(self, route: str | None, paper: Paper) -> Paper:
        if route is None:
            return paper
        stages = self._roadmap.routes[route].stages
        return paper.changed(route=tuple(stage.title for stage in stages))

    def _of_law(self, rule: PaperRule, paper: Paper) -> Paper:
        forms = (f"«{self._roadmap.track.forms[form].title}»" for form in self._forms_of(rule))
        ages = (_AGES[age] for age in rule.ages)
        once = ("один на организацию-партнёра",) if rule.about == "partner" else ()
        return paper.changed(norm=rule.norm, where="; ".join((*forms, *ages, *once)))

    def _forms_of(self, rule: PaperRule) -> list[Form]:
        """The forms of this roadmap that the rule is for, where it is not for all of them."""
        forms = self._roadmap.track.forms
        found = [form for form in forms if form in rule.forms]
        return [] if len(found) == len(forms) else found

    def _role(self, name: str) -> str:
        role = self._roadmap.roles[name]
        side = _SIDES.get(role.holder)
        if side:
            return f"{side} каждой пары"
        return f"{role.title} ({self._names[name]})" if name in self._names else role.title


def _turn(roadmap: Roadmap, start: date, turn: int) -> Turn:
    period = turn_from(roadmap, start, turn)
    return Turn(turn=turn, opens=period.start, ends=period.end)


def _for_each(step: Step) -> str:
    words = _FOR_EACH[step.scope]
    return f"{words}, где наставляемый — молодой специалист" if step.novices_only else words


def _proved_by(by: Proof, roadmap: Roadmap) -> str:  # noqa: PLR0911 - a case per proof
    match by:
        case DocumentProof():
            what = "документ о каждой организации" if by.for_each else "документ"
            return f"{what}: подписан и заложен на хранение"
        case LinkProof():
            many = f"публикаций: {by.count}; у каждой " if by.count > 1 else ""
            return f"{many}ссылка и дата публикации"
        case EventProof():
            what = f"мероприятий: {by.count}; у каждого" if by.count > 1 else "мероприятие:"
            kinds = ", ".join(EVENT_KINDS[kind] for kind in by.kinds)
            which = f" ({kinds})" if kinds else ""
            return f"{what} дата, место, участников не меньше {by.attendance}{which}"
        case NumberProof():
            return f"число, {by.unit}: не меньше {by.at_least}"
        case AnswersProof():
            return f"ответы на анкету: не меньше {by.at_least}"
        case RemarkProof():
            return "запись с приложенным файлом" if by.file else "запись"
        case IndicatorsProof():
            return "значение и источник каждого вносимого показателя"
        case ReportsProof():
            return f"принятые отчёты организаций «{roadmap.demands[by.demand].title}»"
        case ReportProof():
            return "отчёт принят уровнем выше, а без него — день и способ отправки"
    assert_never(by)


def _needs(stage: TrackStage, titles: Mapping[str, str]) -> str:
    needs = stage.needs

    def told(names: Iterator[str]) -> str:
        return ", ".join(names)

    match needs:
        case ConsentsStage():
            return "согласия обеих сторон; за детей до 14 лет — законного представителя"
        case PackageStage():
            return "документы, которых требует закон: по форме, возрасту сторон и дню"
        case PaperStage():
            return "документ подписан и заложен на хранение"
        case OrderStage():
            return "приказ цикла о парах в силе"
        case MeetingsStage():
            kinds = (f"{titles.get(kind, kind)} — {n}" for kind, n in needs.need.items())
            return f"встреч не меньше: {told(kinds)}"
        case MonitoringStage():
            voices = told(titles.get(voice, voice) for voice in needs.voices)
            parts = told(titles.get(part, part) for part in needs.parts)
            return f"оценки дают: {voices}; по частям: {parts}"
    assert_never(needs)
