"""What requests must look like. Unknown fields are refused; each body has an example.

Words that go on into workflows are bound by patterns, so no free text can slip into a payload.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, JsonValue, model_validator

from domain.base import Value
from domain.journals import NumberText
from domain.meetings import MAX_SCORE, MIN_SCORE
from domain.names import Case, Part
from domain.people import Form
from domain.roadmap import MOST_TURNS
from domain.routes import Outcome
from domain.scans import ScanCheck

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Code = Annotated[str, Field(pattern=r"^[\w.-]{1,40}$")]
"""A person's or body's id, or the code that the imported list gave it."""
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Text = Annotated[str, Field(pattern=r"^[\P{Cc}\n\r\t]+$", max_length=4000)]
"""Words of a person: no control characters, which neither PostgreSQL nor Word would take."""
Word = Annotated[str, Field(pattern=r"^\p{L}[\p{L} '’.-]*$", max_length=100)]
"""A part of a name; it may be of two words or have a hyphen."""
Version = Annotated[int, Field(ge=1, le=10_000)]
Count = Annotated[int, Field(ge=0, le=10_000_000)]
Row = dict[Name, Text]
Fact = Text | Count | Annotated[tuple[Text, ...] | tuple[Row, ...], Field(max_length=200)]
"""A fact that people may give: words, a number, a list, a table."""
LaunchDay = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2100, 12, 31))]
"""As `roadmap preview` takes it: a slip in the year launches nothing."""
Score = Annotated[int, Field(ge=MIN_SCORE, le=MAX_SCORE)]


def example(**fields: JsonValue) -> ConfigDict:
    return ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [fields]})


PairId = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class Launch(Value):
    """Launch a cycle of this roadmap; `holders` maps its roles to people and bodies."""

    model_config = example(
        roadmap="polytech",
        start="2026-09-01",
        holders={"director": "D-01", "curator": "K-01", "pedagogical_council": "PS"},
    )

    roadmap: Name
    start: LaunchDay
    holders: Annotated[dict[Name, Code], Field(min_length=1, max_length=100)]
    turns: Annotated[int, Field(ge=1, le=MOST_TURNS)] | None = None
    """For how many years; as many as the roadmap says if left out."""


class Pair(Value):
    """A mentor and a mentee, by id or code."""

    mentor_id: Code
    mentee_id: Code
    form: Form
    role_model: Name | None = None
    mentor_type: Name | None = None
    follows: PairId | None = None
    """The pair of the year before that these two go on with: one of `pairs/before`."""


class Pairs(Value):
    """Form these pairs, all or none."""

    model_config = example(
        pairs=[
            {
                "mentor_id": "M-01",
                "mentee_id": "S-07",
                "form": "teacher_teacher",
                "role_model": "experienced_novice",
            }
        ]
    )

    pairs: Annotated[tuple[Pair, ...], Field(min_length=1, max_length=200)]


class NewMentor(Value):
    """A person, by id or code, who was a mentee to the end and shall be a mentor from now on."""

    model_config = example(person_id="S-07")

    person_id: Code


class Decision(Value):
    """Approve this version, with a remark or without; or send it back, or refuse it, with one."""

    model_config = example(
        version=1,
        sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        outcome="send_back",
        remark="Укажите срок, до которого назначены наставники.",
    )

    version: Version
    sha256: Sha256
    outcome: Outcome
    remark: Text | None = None


class Redraft(Value):
    """Make the next version; `inputs` amend the facts of the document."""

    model_config = example(version=1, inputs={"control": "Контроль возложить на куратора."})

    version: Version
    inputs: Annotated[dict[Name, Fact], Field(max_length=100)] = {}


class Registration(Value):
    """Give the approved version its number and date: the next number, or for a reason this one,
    which was reserved or given elsewhere.
    """

    model_config = example(version=2, number="12-о", reason="Внесён в книгу приказов секретарём")

    version: Version
    number: NumberText | None = None
    reason: Text | None = None


class Retry(Value):
    """Try again what was refused; the note says what was mended."""

    model_config = example(note="Шаблон исправлен")

    note: Text | None = None


class Meeting(Value):
    """A meeting of the pair that took place."""

    model_config = example(
        kind="organisational", day="2026-12-02", minutes=45, notes="Составили перечень тем."
    )

    kind: Name
    day: date
    minutes: Annotated[int, Field(ge=1, le=24 * 60)]
    notes: Text | None = None


class Monitoring(Value):
    """One voice's form: a score from 1 to 10 for each part."""

    model_config = example(
        voice="mentor",
        scores={"process": 9, "competence": 8, "partnership": 9, "route": 7},
        notes="Встречи идут по плану.",
    )

    voice: Name
    scores: Annotated[dict[Name, Score], Field(min_length=1, max_length=50)]
    notes: Text | None = None


class Stop(Value):
    """End the pair early."""

    model_config = example(reason="consent_withdrawn", note="Отзыв согласия от 12.03.2027")

    reason: Literal["consent_withdrawn", "early_end"]
    note: Text


class Answered(Value):
    """The change is recorded, at this revision of the workflow."""

    workflow_id: str
    revision: int


class Attached(Answered):
    """The scan was taken; what was found of it, and what a person should look at."""

    scan: ScanCheck


class SignatureTaken(Answered):
    """The signatures were taken; on which lines of the paper one is still missing."""

    missing: tuple[str, ...]


class Launched(Value):
    """The cycle that was launched."""

    cycle_id: str


class Cycles(Value):
    """All cycles, the earliest launched first."""

    cycles: tuple[Launched, ...]


class Person(Value):
    """A person of the organisation's list, as far as one must know to choose."""

    id: str
    code: str
    name: str
    roles: tuple[str, ...]
    post: str | None
    experience_years: int | None
    sure: bool  # whether all forms of the name are certain

    @classmethod
    def of(cls, line: Value) -> Self:
        """What of a line of the list is needed to choose; a birth date is not."""
        return cls.model_validate(line.model_dump(include=set(cls.model_fields)))


class People(Value):
    """All people of the organisation's list."""

    people: tuple[Person, ...]


class PartForms(Value):
    """One part of a name in all cases but the first."""

    gent: Word
    datv: Word
    accs: Word
    ablt: Word
    loct: Word

    def by_case(self) -> dict[Case, str]:
        return {
            "gent": self.gent,
            "datv": self.datv,
            "accs": self.accs,
            "ablt": self.ablt,
            "loct": self.loct,
        }


class NameCorrection(Value):
    """How these parts of a person's name are declined; a part that is left out stays."""

    model_config = example(
        last={
            "gent": "Заяца",
            "datv": "Заяцу",
            "accs": "Заяца",
            "ablt": "Заяцем",
            "loct": "Заяце",
        }
    )

    last: PartForms | None = None
    first: PartForms | None = None
    patronymic: PartForms | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.parts():
            raise ValueError("no part is named")
        return self

    def parts(self) -> dict[Part, dict[Case, str]]:
        """The parts that are named, each by case."""
        said: dict[Part, PartForms | None] = {
            "last": self.last,
            "first": self.first,
            "patronymic": self.patronymic,
        }
        return {part: forms.by_case() for part, forms in said.items() if forms}


class Imported(Value):
    """How many people and bodies an import made or changed."""

    people: int
    bodies: int


class Uploaded(Value):
    """A file that waits to be named by a result."""

    sha256: str
    size: int


class Proof(Uploaded):
    """The same, with what was found of it."""

    scan: ScanCheck
