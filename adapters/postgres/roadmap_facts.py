"""Facts that follow from the roadmap alone: what a programme's papers say of it."""

from adapters.docx.facts import Facts
from domain.deadline_words import deadline_words
from domain.indicators import unit_of
from domain.roadmap import (
    DocumentProof,
    GivenFact,
    Result,
    Roadmap,
    Step,
    Target,
)

NONE = "—"


def step_of(roadmap: Roadmap, step_id: str | None) -> Step | None:
    """The row with this id; None for a paper of no row, or of a row that is gone."""
    return roadmap.step(step_id)


def result_of(step: Step | None, result_id: str | None) -> Result | None:
    """The row's result with this id."""
    results = step.results if step else ()
    return next((result for result in results if result.id == result_id), None)


def given_facts(result: Result | None) -> dict[str, GivenFact]:
    """What the roadmap gives to the template of this result."""
    return result.by.facts if result and isinstance(result.by, DocumentProof) else {}


def stages(roadmap: Roadmap) -> list[str]:
    return [stage.title for stage in roadmap.stages]


def local_acts(roadmap: Roadmap, school_year: str) -> list[str]:
    """What the order of introduction approves, in the accusative, in the order of its appendices:
    those of these documents that the rows demand.
    """
    whole = "Дорожную карту внедрения и реализации целевой модели наставничества"
    proofs = [result.by for step in roadmap.steps for result in step.results]
    kinds = {proof.kind for proof in proofs if isinstance(proof, DocumentProof)}
    acts = {
        "regulation": "Положение о наставничестве",
        "programme": f"Программу «{roadmap.title}»",
        "yearly_plan": f"План мероприятий («дорожную карту») на {school_year} учебный год",
        "planned_results": "Планируемые результаты программы",
        "regulation_forms": "Положение о формах наставничества",
        "roadmap_school": whole,
        "roadmap_municipality": whole,
    }
    return [act for kind, act in acts.items() if kind in kinds]


def goals(roadmap: Roadmap) -> list[str]:
    return [group.title for group in roadmap.indicators]


def forms_described(roadmap: Roadmap) -> list[Facts]:
    """Each form with its role models and types of mentor."""
    return [
        {
            "title": rules.title,
            "role_models": "; ".join(rules.role_models.values()) or NONE,
            "mentor_types": "; ".join(rules.mentor_types.values()) or NONE,
        }
        for rules in roadmap.track.forms.values()
    ]


def indicator_groups(roadmap: Roadmap) -> list[Facts]:
    """The indicators of each goal."""
    return [
        {
            "title": group.title,
            "indicators": [
                {"number": one.id, "title": one.title, "unit": unit_of(one) or NONE}
                for one in group.indicators
            ],
        }
        for group in roadmap.indicators
    ]


def targets(roadmap: Roadmap) -> list[Facts]:
    """The planned results."""
    return [{"title": target.title, "plan": plan_of(target)} for target in roadmap.targets]


def plan_of(target: Target) -> str:
    """«не менее 3 чел.», or that the programme gives no figure."""
    if target.at_least is None:
        return "без числового значения"
    return f"не менее {with_unit(str(target.at_least), target.unit)}"


def with_unit(figure: str, unit: str | None) -> str:
    """«3 чел.», «100 %»."""
    return f"{figure}\N{NO-BREAK SPACE}{unit}" if unit else figure


def sections(roadmap: Roadmap) -> list[Facts]:
    """The rows, section by section; by stage where the roadmap has no sections."""
    if roadmap.sections:
        groups = [
            (section.title, [step for step in roadmap.steps if step.section == section.id])
            for section in roadmap.sections
        ]
    else:
        groups = [
            (stage.title, [step for step in roadmap.steps if step.stage == stage.id])
            for stage in roadmap.stages
        ]
    return [
        {"title": title, "rows": [_row(roadmap, step) for step in steps]}
        for title, steps in groups
        if steps
    ]


def _row(roadmap: Roadmap, step: Step) -> Facts:
    roles = (step.lead, *step.co_executors)
    return {
        "number": step.id,
        "title": step.title,
        "actions": list(step.actions),
        "deadline": deadline_words(step.deadline),
        "responsible": ", ".join(lower_first(roadmap.roles[role].title) for role in roles),
        "results": [lower_first(result.title) for result in step.results],
    }


def lower_first(title: str) -> str:
    """A title inside a sentence; an abbreviation keeps its capitals."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
