"""Measures: figures that are counted from rows, so that nobody types them in.

Each count is the sum of its rows (`adapters.postgres.measures`). A percentage is worked out from
two counts and is never summed: over many organisations both counts are, and then it is.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from domain.base import Value
from domain.people import ADULT_AT, OWN_SIGNATURE_AT, Form, age_on

YOUNG_UNTIL = 35
"""A young teacher is younger: дорожная карта Набережных Челнов на 2023–2024 годы, задача 5
(«не менее 70% педагогов в возрасте до 35 лет»)."""

BELOW = "below_"
"""Begins the name of a measure that is summed over the reports of the organisations below."""

Unit = Literal["чел.", "ед.", "мин.", "%"]
_PEOPLE: Unit = "чел."
_UNITS: Unit = "ед."
_HUNDRED = 100
_SHOWN = Decimal("0.1")  # a share is shown to a tenth, rounded down: 99,96 % is not all


class Ages(StrEnum):
    """Age groups of the statistical forms; a minor's bounds are those of the law."""

    UNDER_14 = "under_14"
    FROM_14_TO_17 = "from_14_to_17"
    FROM_18_TO_34 = "from_18_to_34"
    FROM_35 = "from_35"

    @classmethod
    def of(cls, birth: date, day: date) -> "Ages":
        """The group of somebody born on `birth`, on `day`."""
        age = age_on(birth, day)
        if age < OWN_SIGNATURE_AT:
            return cls.UNDER_14
        if age < ADULT_AT:
            return cls.FROM_14_TO_17
        return cls.FROM_18_TO_34 if age < YOUNG_UNTIL else cls.FROM_35


class Measure(Value):
    """One figure. With `part` and `whole` it is a percentage of two others, else a count."""

    name: str
    title: str  # Russian
    unit: Unit
    part: str | None = None
    whole: str | None = None
    of_steps: bool = False
    """It is counted from what proved results, so it may be asked for certain rows only."""


_AGE_TITLES: Mapping[Ages, str] = {
    Ages.UNDER_14: "младше 14 лет",
    Ages.FROM_14_TO_17: "14–17 лет",
    Ages.FROM_18_TO_34: "18–34 года",
    Ages.FROM_35: "35 лет и старше",
}
FORM_TITLES: Mapping[Form, str] = {
    Form.TEACHER_TEACHER: "педагог — педагог",
    Form.TEACHER_STUDENT: "педагог — обучающийся",
    Form.STUDENT_STUDENT: "обучающийся — обучающийся",
    Form.EMPLOYER_STUDENT: "работодатель — обучающийся",
}
_SIDES: Mapping[str, str] = {"mentors": "Наставники", "mentees": "Наставляемые"}

_PAIRS: Mapping[str, str] = {
    "pairs": "Пары",
    "pairs_open": "Пары, которые работают",
    "pairs_completed": "Пары, завершившие программу",
    "pairs_stopped": "Пары, прекратившие работу досрочно",
    "pairs_monitored_interim": "Пары, прошедшие промежуточный мониторинг",
    "pairs_monitored_final": "Пары, прошедшие итоговый мониторинг",
    "meetings": "Встречи пар",
}
_OF_PEOPLE: Mapping[str, str] = {
    "participants": "Участники: наставники и наставляемые",
    "minors": "Участники младше 18 лет",
    "mentors": "Наставники",
    "mentees": "Наставляемые",
    "mentors_base": "База наставников",
    "mentees_base": "База наставляемых",
    "mentees_matched": "Наставляемые из базы, у которых есть пара",
    "mentees_unmatched": "Наставляемые из базы, у которых пары нет",
    "mentors_of_staff": "Наставники педагогов",
    "student_mentors": "Обучающиеся — наставники обучающихся",
    "novices": "Молодые специалисты",
    "novices_matched": "Молодые специалисты, у которых есть наставник",
    "staff": "Сотрудники",
    "staff_under_35": "Сотрудники до 35 лет",
    "staff_under_35_supported": "Сотрудники до 35 лет, охваченные поддержкой и наставничеством",
}
_DOCUMENTS: Mapping[str, str] = {
    "documents_in_force": "Документы в силе",
    "agreements": "Соглашения пар, которые в силе",
    "consents": "Согласия, которые в силе",
    "individual_plans": "Индивидуальные планы, которые в силе",
    "council_minutes": "Протоколы, которые в силе",
}
_PROVED: Mapping[str, str] = {
    "events": "Мероприятия",
    "publications": "Публикации",
    "answers": "Заполненные анкеты",
    "results_proved": "Достигнутые результаты строк",
}
_ORGANISATIONS: Mapping[str, str] = {
    "organisations": "Организации уровнем ниже",
    "organisations_reported": "Организации, отчёты которых приняты",
}
_PERCENTS: Mapping[str, tuple[str, str, str]] = {
    "matched_percent": (
        "Доля наставляемых из базы, у которых есть пара",
        *("mentees_matched", "mentees_base"),
    ),
    "novices_matched_percent": (
        "Доля молодых специалистов, у которых есть наставник",
        *("novices_matched", "novices"),
    ),
    "pairs_completed_percent": ("Доля пар, завершивших программу", "pairs_completed", "pairs"),
    "staff_under_35_supported_percent": (
        "Доля сотрудников до 35 лет, охваченных поддержкой и наставничеством",
        *("staff_under_35_supported", "staff_under_35"),
    ),
    "organisations_reported_percent": (
        "Доля организаций, отчёты которых приняты",
        *("organisations_reported", "organisations"),
    ),
}


def _own() -> Iterator[Measure]:
    yield from _counts(_PAIRS, _UNITS)
    yield Measure(name="meeting_minutes", title="Минуты встреч", unit="мин.")
    yield from _counts(
        {f"pairs_{form}": f"Пары «{title}»" for form, title in FORM_TITLES.items()}, _UNITS
    )
    completed = {
        f"pairs_completed_{form}": f"Пары «{title}», завершившие программу"
        for form, title in FORM_TITLES.items()
    }
    yield from _counts(completed, _UNITS)
    yield from _counts(_OF_PEOPLE, _PEOPLE)
    for side, sides in _SIDES.items():
        for form, of_form in FORM_TITLES.items():
            yield from _counts({f"{side}_{form}": f"{sides} «{of_form}»"}, _PEOPLE)
        for ages, of_ages in _AGE_TITLES.items():
            yield from _counts({f"{side}_{ages}": f"{sides} {of_ages}"}, _PEOPLE)
        for form, of_form in FORM_TITLES.items():
            for ages, of_ages in _AGE_TITLES.items():
                titles = {f"{side}_{form}_{ages}": f"{sides} «{of_form}» {of_ages}"}
                yield from _counts(titles, _PEOPLE)
    yield from _counts(_DOCUMENTS, _UNITS)
    yield from _counts(_PROVED, _UNITS, of_steps=True)
    title = "Участия в мероприятиях"
    yield Measure(name="event_attendance", title=title, unit=_PEOPLE, of_steps=True)
    yield from _counts(_ORGANISATIONS, _UNITS)
    for name, (title, part, whole) in _PERCENTS.items():
        yield Measure(name=name, title=title, unit="%", part=part, whole=whole)


def _counts(titles: Mapping[str, str], unit: Unit, *, of_steps: bool = False) -> Iterator[Measure]:
    for name, title in titles.items():
        yield Measure(name=name, title=title, unit=unit, of_steps=of_steps)


def _below(one: Measure) -> Measure:
    return Measure(
        name=f"{BELOW}{one.name}",
        title=f"{one.title} (по организациям уровнем ниже)",
        unit=one.unit,
        part=one.part and f"{BELOW}{one.part}",
        whole=one.whole and f"{BELOW}{one.whole}",
    )


OWN: Mapping[str, Measure] = {one.name: one for one in _own()}
"""What a cycle counts of itself, by name."""
MEASURES: Mapping[str, Measure] = {
    **OWN,
    **{one.name: one for one in map(_below, OWN.values())},
}
"""All measures by name: a cycle's own, then the same summed over the organisations below."""


UNKNOWN = "there is no such measure"


def _known(name: str) -> str:
    if name not in MEASURES:
        raise ValueError(UNKNOWN)
    return name


MeasureName = Annotated[
    str, AfterValidator(_known), Field(json_schema_extra={"enum": list(MEASURES)})
]
"""The name of one of `MEASURES`."""


def value_of(name: str, counts: Mapping[str, int]) -> Decimal | None:
    """The figure, from counts; a percentage to a tenth, rounded down.

    None where there is nothing to take a percentage of. Raises `KeyError` for an unknown name.
    """
    measure = MEASURES[name]
    if measure.part is None or measure.whole is None:
        return Decimal(counts.get(name, 0))
    whole = counts.get(measure.whole, 0)
    if not whole:
        return None
    share = Decimal(_HUNDRED * counts.get(measure.part, 0)) / whole
    shown = share.quantize(_SHOWN, ROUND_DOWN)
    return shown.to_integral_value() if shown == shown.to_integral_value() else shown


def summed(reports: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The counts of the organisations below, from the counts that each of them reported.

    An organisation that has organisations below itself counts with them.
    """
    total: Counter[str] = Counter()
    for report in reports:
        for name, figure in report.items():
            own = name.removeprefix(BELOW)
            if own in OWN:
                total[f"{BELOW}{own}"] += figure
    return dict(total)
