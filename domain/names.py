"""Forms of a person's name. They are made once per person and kept, a person may mend them."""

from datetime import datetime
from typing import Literal, Self

from domain.base import Value
from domain.errors import NotFound

Gender = Literal["m", "f"]
Case = Literal["nomn", "gent", "datv", "accs", "ablt", "loct"]
Part = Literal["last", "first", "patronymic"]

CASES: tuple[Case, ...] = ("nomn", "gent", "datv", "accs", "ablt", "loct")
PARTS: tuple[Part, ...] = ("last", "first", "patronymic")

NBSP = "\N{NO-BREAK SPACE}"


class Cases(Value):
    """One word or phrase in the six cases (a post, a kinship)."""

    nomn: str
    gent: str
    datv: str
    accs: str
    ablt: str
    loct: str


class NameForm(Value):
    """A person's name in one case."""

    last: str
    first: str
    patronymic: str | None
    initials: str  # «И. О.»
    sure: bool

    @property
    def full(self) -> str:
        """«Фамилия Имя Отчество»."""
        return " ".join(part for part in (self.last, self.first, self.patronymic) if part)

    @property
    def initials_first(self) -> str:
        """«И. О. Фамилия», as a signature line has it; the parts do not come apart."""
        return f"{self.initials}{NBSP}{self.last}"

    @property
    def initials_last(self) -> str:
        """«Фамилия И. О.», as running text has it."""
        return f"{self.last}{NBSP}{self.initials}"


class NameCorrection(Value):
    """How some parts of a name are declined, as a person says."""

    parts: dict[Part, dict[Case, str]]
    by: str  # the user's id
    at: datetime


class NameForms(Value):
    """A person's name in the six cases, and what of it a person should look at."""

    gender: Gender
    nomn: NameForm
    gent: NameForm
    datv: NameForm
    accs: NameForm
    ablt: NameForm
    loct: NameForm
    unsure: tuple[Part, ...] = ()  # a doubt in any case
    corrected: tuple[Part, ...] = ()  # a person said how these are declined
    corrected_by: str | None = None  # the last one who did
    corrected_at: datetime | None = None

    @property
    def sure(self) -> bool:
        """Nothing is in doubt in any case."""
        return not self.unsure

    def form(self, case: Case) -> NameForm:
        """The name in `case`."""
        forms: dict[Case, NameForm] = {
            "nomn": self.nomn,
            "gent": self.gent,
            "datv": self.datv,
            "accs": self.accs,
            "ablt": self.ablt,
            "loct": self.loct,
        }
        return forms[case]

    def corrected_with(self, correction: NameCorrection) -> Self:
        """The forms with what a person said of these parts; the parts become sure.

        Raises `NotFound` for a part that the name does not have.
        """
        said = correction.parts
        if "patronymic" in said and self.nomn.patronymic is None:
            raise NotFound("the person has no patronymic")
        unsure = tuple(part for part in self.unsure if part not in said)
        forms: dict[str, object] = {}
        for case in CASES:
            form = self.form(case)
            words = {part: forms_of[case] for part, forms_of in said.items() if case in forms_of}
            # Which parts a case's doubt is about is not kept, so it goes with the last of them.
            forms[case] = form.changed(**words, sure=form.sure or not unsure)
        corrected = tuple(part for part in PARTS if part in said or part in self.corrected)
        return self.changed(
            **forms,
            unsure=unsure,
            corrected=corrected,
            corrected_by=correction.by,
            corrected_at=correction.at,
        )
