"""Roadmaps for tests, as a file would hold them and as the domain does."""
# ruff: noqa: ANN401 - a builder takes any field of its model

from typing import Any

from domain.kinds import KnownKind
from domain.roadmap import Roadmap, TrackStage


def a_result(**fields: Any) -> dict[str, Any]:
    known = {
        "id": "done",
        "title": "Сделано",
        "by": {"proof": "number", "at_least": 3, "unit": "чел."},
    }
    return {**known, **fields}


def a_step(**fields: Any) -> dict[str, Any]:
    known = {
        "id": "1",
        "stage": "main",
        "title": "Строка",
        "lead": "curator",
        "deadline": {"rule": "all_year"},
        "results": [a_result()],
    }
    return {**known, **fields}


def an_order_step(**fields: Any) -> dict[str, Any]:
    """The row that issues the order on pairs."""
    by = {
        "proof": "document",
        "kind": "order_pairs",
        "approver": "director",
        "registrar": "curator",
        "pairs_at": "order",
    }
    return a_step(**{"id": "9", "results": [a_result(id="order", by=by)], **fields})


TRACK: list[dict[str, Any]] = [
    {
        "id": "consents",
        "title": "Согласия",
        "days": 14,
        "needs": {"kind": "consents"},
    },
    {
        "id": "papers",
        "title": "Документы по закону",
        "days": 14,
        "needs": {"kind": "package", "director": "director", "registrar": "curator"},
    },
    {"id": "order", "title": "Приказ", "days": 14, "needs": {"kind": "order"}},
    {
        "id": "plan",
        "title": "План",
        "days": 21,
        "needs": {"kind": "document", "document": "individual_plan", "approver": "director"},
    },
    {
        "id": "meetings",
        "title": "Встречи",
        "days": 60,
        "needs": {"kind": "meetings", "need": {"trial": 1, "regular": 2}},
    },
    {
        "id": "interim",
        "title": "Мониторинг",
        "days": 14,
        "needs": {
            "kind": "monitoring",
            "voices": ["mentor", "curator"],
            "parts": ["process", "route"],
        },
    },
]

KINDS = {
    "order_pairs": KnownKind(journalled=True, inputs=("control",)),
    "consent_adult": KnownKind(),
    "consent_parent": KnownKind(),
    "agreement": KnownKind(),
    "individual_plan": KnownKind(),
    "needs_assessment": KnownKind(scope="person"),
}


def roadmap_values(**fields: Any) -> dict[str, Any]:
    """A small roadmap as a file would hold it."""
    known = {
        "roadmap": "small",
        "version": 1,
        "title": "Малая дорожная карта",
        "source": "выдумано для проверок",
        "season": {"month": 9, "months": 12},
        "curator": "curator",
        "roles": {
            "curator": {"title": "Куратор"},
            "director": {"title": "Директор"},
            "mentor": {"title": "Наставник", "holder": "mentor"},
        },
        "stages": [{"id": "main", "title": "Главный"}],
        "steps": [a_step(), an_order_step()],
        "track": {
            "lead": "mentor",
            "forms": {
                "teacher_teacher": {
                    "title": "педагог — педагог",
                    "role_models": {"experienced_novice": "опытный — молодой"},
                    "mentor_types": {"consultant": "консультант"},
                },
                "teacher_student": {"title": "педагог — студент"},
            },
            "titles": {
                "trial": "Пробная",
                "regular": "Рабочая",
                "mentor": "Наставник",
                "curator": "Куратор",
                "process": "Качество процесса",
                "route": "Маршрут",
            },
            "stages": TRACK,
        },
    }
    return {**known, **fields}


def a_roadmap(**fields: Any) -> Roadmap:
    return Roadmap.model_validate(roadmap_values(**fields))


def a_track(*stages: str) -> tuple[TrackStage, ...]:
    """The stages of `TRACK` with these ids; all if none is named."""
    found = tuple(TrackStage.model_validate(stage) for stage in TRACK)
    return tuple(stage for stage in found if not stages or stage.id in stages)
