"""People and bodies as the app's lists and imports have them."""

from datetime import date

from adapters.postgres.views import PersonLine
from domain.enrolment import EnrolledBody, EnrolledPerson, Enrolment, Part


def a_person(id_: str, code: str, years: int | None = 20) -> PersonLine:
    return PersonLine(
        id=id_,
        code=code,
        name="Вьюгина Н. П.",
        roles=("staff",),
        post="преподаватель",
        birth_date=date(1980, 5, 1),
        experience_years=years,
        sure=True,
    )


def an_enrolment() -> Enrolment:
    director = EnrolledPerson(
        code="D-01",
        last="Вьюгина",
        first="Нина",
        gender="f",
        birth_date=date(1980, 5, 1),
        post="директор",
        roles=(Part.STAFF,),
    )
    council = EnrolledBody(code="PS", name="Педагогический совет", members=("D-01",))
    return Enrolment(people=(director,), bodies=(council,))
