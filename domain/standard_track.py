"""The road of a pair for a roadmap that does not describe one: what law asks and pairs live by."""

import re
from typing import Final

from domain.people import Form
from domain.roadmap import (
    ConsentsStage,
    FormRules,
    MeetingsStage,
    MonitoringStage,
    OrderStage,
    PackageStage,
    PaperStage,
    Track,
    TrackStage,
)

ORDER_STAGE: Final = "order"
_CONSENTS: Final = "Согласия на обработку персональных данных"
_FORM: Final = "Лист итогового мониторинга"
_TITLES: Final = {
    Form.TEACHER_TEACHER: "педагог — педагог",
    Form.TEACHER_STUDENT: "педагог — обучающийся",
    Form.STUDENT_STUDENT: "обучающийся — обучающийся",
    Form.EMPLOYER_STUDENT: "работодатель — обучающийся",
}
_TEACHER: Final = r"(?:учител|педагог|преподавател)[а-я]*"
_STUDENT: Final = r"(?:учени|учащ|обучающ|студент)[а-я]*"
_NAMED: Final = {
    Form.TEACHER_TEACHER: rf"{_TEACHER}\s?[-–—]\s?{_TEACHER}",
    Form.TEACHER_STUDENT: rf"{_TEACHER}\s?[-–—]\s?{_STUDENT}",
    Form.STUDENT_STUDENT: rf"{_STUDENT}\s?[-–—]\s?{_STUDENT}",
    Form.EMPLOYER_STUDENT: rf"работодател[а-я]*\s?[-–—]\s?{_STUDENT}",
}
_SPOKEN: Final = {
    "trial": "пробная рабочая",
    "regular": "рабочая",
    "final": "итоговая",
    "mentor": "наставник",
    "curator": "куратор",
    "process": "качество процесса наставничества",
    "competence": "рост компетенций наставляемого",
    "partnership": "взаимодействие участников",
    "route": "выполнение индивидуального плана",
}


def forms_in(text: str) -> tuple[Form, ...]:
    """The forms of mentoring that a text names: «учитель–ученик»."""
    words = text.casefold()
    return tuple(form for form, pattern in _NAMED.items() if re.search(pattern, words))


def standard_track(
    forms: tuple[Form, ...], *, mentor: str, director: str, curator: str, has_order: bool
) -> Track:
    """Consents, the package of law, the order if a row issues it, plan, meetings, monitoring."""
    voices, parts = ("mentor", "curator"), ("process", "competence", "partnership", "route")
    plan = PaperStage(kind="document", document="individual_plan", approver=director)
    package = PackageStage(kind="package", director=director, registrar=curator)
    meetings = MeetingsStage(kind="meetings", need={"trial": 1, "regular": 2, "final": 1})
    monitoring = MonitoringStage(kind="monitoring", voices=voices, parts=parts)
    form = PaperStage(kind="document", document="monitoring_final")
    consents = ConsentsStage(kind="consents")
    order = TrackStage(
        id=ORDER_STAGE, title="Приказ о парах", days=14, needs=OrderStage(kind="order")
    )
    return Track(
        lead=mentor,
        forms={one: FormRules(title=_TITLES[one]) for one in forms},
        titles=_SPOKEN,
        stages=(
            TrackStage(id="consents", title=_CONSENTS, days=14, needs=consents),
            TrackStage(id="papers", title="Документы по закону", days=21, needs=package),
            *((order,) if has_order else ()),
            TrackStage(id="plan", title="Индивидуальный план", days=21, needs=plan),
            TrackStage(id="meetings", title="Встречи пары", days=90, needs=meetings),
            TrackStage(id="monitoring", title="Итоговый мониторинг", days=14, needs=monitoring),
            TrackStage(id="monitoring_form", title=_FORM, days=7, needs=form),
        ),
    )
