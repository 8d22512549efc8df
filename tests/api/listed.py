"""What the app's lists, imports, counts and documents have in them."""

from datetime import date

from adapters.postgres.retention_views import DueDocument, DueGroup
from adapters.postgres.views import DocumentLine, DocumentView, PersonLine
from api.metrics import Figures
from domain.document_text import Paragraph, Run
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


def some_figures() -> Figures:
    return Figures(
        tasks=7,
        tasks_late=2,
        incidents_open=3,
        cycles={"running": 1},
        pairs={"consents": 3, "plan": 4},
        documents={"in_force": 9},
        troubles={"document": 1},
    )


def plain_text(content: bytes) -> tuple[Paragraph, ...]:
    """What is written in a document of the fakes, which are texts."""
    return (Paragraph(runs=(Run(text=content.decode()),)),)


def what_is_due(document: DocumentView) -> DueGroup:
    """A plan whose term is over, which an expert commission has to look at."""
    line = DocumentLine.model_validate(document.model_dump(include=set(DocumentLine.model_fields)))
    due = DueDocument(
        document=line, cycle_id=document.cycle_id, until=date(2025, 12, 31), act_id=None
    )
    return DueGroup(article="200", words="5 лет, ЭПК", epk=True, seen=False, documents=(due,))
