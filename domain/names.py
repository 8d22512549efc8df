"""Forms of a person's name. They are made once per person and kept, a person may mend them."""

from typing import Literal

from domain.base import Value

Gender = Literal["m", "f"]
Case = Literal["nomn", "gent", "datv", "accs", "ablt", "loct"]

CASES: tuple[Case, ...] = ("nomn", "gent", "datv", "accs", "ablt", "loct")

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


class NameForms(Value):
    """A person's name in the six cases, and what of it a person should look at."""

    gender: Gender
    nomn: NameForm
    gent: NameForm
    datv: NameForm
    accs: NameForm
    ablt: NameForm
    loct: NameForm
    unsure: tuple[str, ...] = ()  # of "last", "first", "patronymic": a doubt in any case

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
