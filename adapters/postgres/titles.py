"""Russian titles of what rows hold as codes."""

from collections.abc import Mapping

from adapters.postgres.shown import DocumentLine
from domain.pair_road import COMPLETED, ROWS, STOPPED
from domain.people import Form
from domain.roadmap import Result, Roadmap

TASKS = {
    "decide": "Утвердить или вернуть",
    "hold_sitting": "Рассмотреть на заседании",
    "answer_remark": "Ответить на замечание",
    "attach_review": "Приложить рецензию",
    "appoint": "Назначить, кому решать",
    "redraft": "Доработать по замечанию",
    "reopen": "Начать заново после отказа",
    "register": "Зарегистрировать",
    "attach_signed": "Приложить подписанный экземпляр",
    "record_meeting": "Отметить встречу",
    "record_monitoring": "Заполнить форму мониторинга",
    "mend": "Устранить причину остановки",
}
OF_RESULT = {
    "record_result": "",
    "gather_reports": "Принять отчёты: ",
    "correct_report": "Исправить отчёт: ",
    "draft_again": "Решить, готовить ли документ заново: ",
}
"""What begins the title of a task about a row's result."""
_STAGES = {
    "": "Ещё не начата",
    COMPLETED: "Завершена",
    STOPPED: "Прекращена досрочно",
    ROWS: "Остались строки дорожной карты",
}


def task_title(
    kind: str,
    refs: Mapping[str, str],
    roadmap: Roadmap,
    document: DocumentLine | None,
    words: str = "",
) -> str:
    """What is to be done, in a line; of an assignment, its words are said."""
    if kind == "fulfil":
        return f"Исполнить пункт {refs['point']}: {words}"
    if kind in OF_RESULT:
        step = refs.get("step", "")
        titles = [one.title for one in result_of(roadmap, step) if one.id == refs.get("result")]
        so_far = f" ({refs['have']} из {refs['of']})" if "of" in refs else ""
        return OF_RESULT[kind] + " — ".join((item_title(roadmap, step), *titles)) + so_far
    about = document.title if document else stage_title(roadmap, refs.get("stage", ""))
    known = TASKS.get(kind, kind)
    return f"{known}: {about}" if document or "stage" in refs else known


def item_title(roadmap: Roadmap, step_id: str, at: int | None = None) -> str:
    """A row's title, as it was in the cycle's roadmap number `at`."""
    step = roadmap.step(step_id, at)
    return step.title if step else step_id


def result_of(roadmap: Roadmap, step_id: str, at: int | None = None) -> tuple[Result, ...]:
    """The results that a row must bring about; `at` as in `item_title`."""
    step = roadmap.step(step_id, at)
    return step.results if step else ()


def result_title(roadmap: Roadmap, step_id: str, place: int, at: int | None = None) -> str:
    """How a row's result is called, which is known by its place from 1; `at` as in `item_title`."""
    results = result_of(roadmap, step_id, at)
    return results[place - 1].title if place <= len(results) else f"Строка {step_id}"


def collects_of(roadmap: Roadmap, step_id: str) -> bool:
    """Whether the row goes on collecting what it has enough of."""
    step = roadmap.step(step_id, None)
    return step is not None and step.collects


def stage_title(roadmap: Roadmap, stage_id: str) -> str:
    """A stage of the pair's track."""
    titles = {stage.id: stage.title for stage in roadmap.earlier.stages}
    titles |= {stage.id: stage.title for stage in roadmap.track.stages}
    return titles.get(stage_id) or _STAGES.get(stage_id, stage_id)


def form_title(roadmap: Roadmap, form: str) -> str:
    return roadmap.track.forms[Form(form)].title


def role_model_title(roadmap: Roadmap, form: str, role_model: str | None) -> str | None:
    return roadmap.track.forms[Form(form)].role_models.get(role_model or "")
