"""People and bodies as a list names them, and what in such a list cannot be true."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import chain

from domain.base import Value
from domain.names import Gender
from domain.people import is_minor

OLDEST_YEAR = 1920
"""Nobody who takes part was born earlier: a year below it is a slip of the pen."""


class Part(StrEnum):
    """What a person of the list is in the programme; apart from a roadmap's roles."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    STAFF = "staff"
    REPRESENTATIVE = "representative"


IN_A_PAIR = frozenset({Part.MENTOR, Part.MENTEE})


class EnrolledPerson(Value):
    """One person of the list. `code` is the list's own name for the person."""

    code: str
    last: str
    first: str
    patronymic: str | None = None
    gender: Gender
    birth_date: date
    post: str | None = None  # должность, or a student's group
    roles: tuple[Part, ...]
    representative_code: str | None = None  # another person of the list
    kinship: str | None = None  # what the representative is to this person
    experience_years: int | None = None
    email: str | None = None

    def sides(self) -> frozenset[Part]:
        """On which sides of a pair this person may stand."""
        return IN_A_PAIR.intersection(self.roles)


class EnrolledBody(Value):
    """A body of the organisation, e.g. its pedagogical council."""

    code: str
    name: str
    members: tuple[str, ...]  # codes of people


class Enrolment(Value):
    """A list without contradictions."""

    people: tuple[EnrolledPerson, ...]
    bodies: tuple[EnrolledBody, ...] = ()

    def person(self, code: str) -> EnrolledPerson:
        """The person with this code. Raises `KeyError` if the list has none."""
        for person in self.people:
            if person.code == code:
                return person
        raise KeyError(code)


class Complaint(Value):
    """What is wrong in one cell and what is expected there; never what the cell holds."""

    sheet: str
    cell: str
    reason: str

    def __str__(self) -> str:
        return f"лист «{self.sheet}», ячейка {self.cell}: {self.reason}"


class Place(Value):
    """Where a row of the list stands."""

    sheet: str
    row: int
    columns: dict[str, str]  # field -> letter of its column; has "code" always

    def complaint(self, field: str, reason: str) -> Complaint:
        """A complaint about `field`, at the row's code if the sheet has no such column."""
        column = self.columns[field if field in self.columns else "code"]
        return Complaint(sheet=self.sheet, cell=f"{column}{self.row}", reason=reason)


PlacedPerson = tuple[Place, EnrolledPerson]
PlacedBody = tuple[Place, EnrolledBody]


def problems(
    people: Sequence[PlacedPerson],
    bodies: Sequence[PlacedBody],
    today: date,
    unread: Iterable[str] = (),
) -> tuple[Complaint, ...]:
    """All contradictions of a list on `today`; none means that it may be taken whole.

    `unread` are codes of rows that could not be read and are complained about elsewhere: who
    refers to them is not blamed for it.
    """
    by_code = {person.code: person for _, person in people}
    unread = frozenset(unread)
    return tuple(
        chain(
            _doubled_codes(people),
            _doubled_codes(bodies),
            _same_people(people),
            chain.from_iterable(_birth(*placed, today) for placed in people),
            chain.from_iterable(
                _representative(*placed, by_code, unread, today) for placed in people
            ),
            chain.from_iterable(_post_and_experience(*placed) for placed in people),
            chain.from_iterable(_members(*placed, by_code.keys() | unread) for placed in bodies),
        )
    )


def _doubled_codes(rows: Sequence[PlacedPerson] | Sequence[PlacedBody]) -> Iterator[Complaint]:
    first_rows: dict[str, int] = {}
    for place, named in rows:
        first = first_rows.setdefault(named.code, place.row)
        if first != place.row:
            yield place.complaint(
                "code", f"такой код уже есть в строке {first}; дайте каждому свой код"
            )


def _same_people(people: Sequence[PlacedPerson]) -> Iterator[Complaint]:
    first_rows: dict[tuple[str, date], int] = {}
    for place, person in people:
        name = " ".join((person.last, person.first, person.patronymic or ""))
        # «Семёнов» and «Семенов» with one birth date are one man, written by two hands.
        same = (name.casefold().replace("ё", "е"), person.birth_date)
        first = first_rows.setdefault(same, place.row)
        if first != place.row:
            yield place.complaint(
                "last",
                f"то же имя и та же дата рождения, что в строке {first}; оставьте одну строку",
            )


def _birth(place: Place, person: EnrolledPerson, today: date) -> Iterator[Complaint]:
    if person.birth_date > today:
        yield place.complaint("birth_date", "дата рождения в будущем; исправьте дату")
    elif person.birth_date.year < OLDEST_YEAR:
        yield place.complaint("birth_date", f"год рождения раньше {OLDEST_YEAR}; исправьте дату")


def _representative(
    place: Place,
    person: EnrolledPerson,
    by_code: dict[str, EnrolledPerson],
    unread: frozenset[str],
    today: date,
) -> Iterator[Complaint]:
    code = person.representative_code
    if code is None:
        # ГК РФ, ст. 26: a minor's agreement needs the parent's; 152-ФЗ, ст. 9: so does consent.
        if person.sides() and is_minor(person.birth_date, today):
            yield place.complaint(
                "representative_code",
                "участнику нет 18 лет; укажите код законного представителя",
            )
        if person.kinship is not None:
            yield place.complaint(
                "kinship", "сказано, кем приходится представитель, но его кода нет; укажите код"
            )
        return
    if person.kinship is None:
        yield place.complaint("kinship", "не сказано, кем приходится представитель; впишите")
    representative = by_code.get(code)
    if representative is None and code not in unread:
        yield place.complaint(
            "representative_code", "человека с таким кодом в списке нет; добавьте его строку"
        )
    elif representative is not None and is_minor(representative.birth_date, today):
        yield place.complaint(
            "representative_code", "представителю самому нет 18 лет; укажите взрослого"
        )


def _post_and_experience(place: Place, person: EnrolledPerson) -> Iterator[Complaint]:
    if person.post is None and set(person.roles) != {Part.REPRESENTATIVE}:
        yield place.complaint("post", "нет должности или группы; впишите")
    # A young specialist is known by 0-3 years of experience, so a pair of staff needs the figure.
    if person.experience_years is None and person.sides() and Part.STAFF in person.roles:
        yield place.complaint(
            "experience_years", "у сотрудника в паре нет стажа; впишите число лет"
        )


def _members(place: Place, body: EnrolledBody, known: Iterable[str]) -> Iterator[Complaint]:
    strangers = [n for n, code in enumerate(body.members, start=1) if code not in known]
    if strangers:
        numbers = ", ".join(str(n) for n in strangers)
        yield place.complaint(
            "members", f"по счёту {numbers}: человека с таким кодом в списке нет; добавьте строку"
        )
    if len(set(body.members)) < len(body.members):
        yield place.complaint("members", "участник назван дважды; оставьте один раз")
