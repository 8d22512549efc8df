"""Who and what is missing before a launch, each with its remedy.

What `stops` is refused by the launch itself; with anything else the cycle begins, and then stands
still at the row that needs it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Final, Literal, TypeVar

from domain.authority import Mandates
from domain.base import Value
from domain.deadlines import Period
from domain.enrolment import Part
from domain.organisations import Level
from domain.people import AccessRole
from domain.roadmap import DocumentProof, PackageStage, PaperStage, Roadmap

Lack = Literal[
    "role_unmapped",
    "role_unknown",
    "holder_unknown",
    "already_launched",
    "holder_without_account",
    "curator_without_account",
    "body_empty",
    "body_without_account",
    "body_without_chair",
    "head_unknown",
    "right_missing",
    "requisites_missing",
    "nobody_to_pair",
    "wrong_level",
    "nobody_below",
    "below_without_account",
    "calendar_unknown",
]

HEAD: Final = "director"
"""The role whose holder signs as the organisation's head; see `Case.director`."""

_LEVELS: Final[Mapping[Level, str]] = {
    Level.ORGANISATION: "организация",
    Level.MUNICIPALITY: "муниципалитет",
    Level.REGION: "регион",
}
_REQUISITES: Final[Mapping[str, str]] = {
    "name": "полное название",
    "short_name": "краткое название",
    "inn": "ИНН",
    "address": "адрес",
    "city": "место составления документов",
}
_SIDES: Final = {Part.MENTOR: "наставника", Part.MENTEE: "наставляемого"}
_NAMED: Final = 5
"""So many of one kind are named, the rest is counted."""


class Staff(Value):
    """A person of the organisation's list, and as what accounts let them act."""

    id: str
    code: str
    name: str
    parts: tuple[str, ...] = ()
    accounts: tuple[AccessRole, ...] = ()

    @property
    def may_act(self) -> bool:
        """An auditor's account only looks."""
        return any(one is not AccessRole.AUDITOR for one in self.accounts)


class Council(Value):
    """A body of the organisation as it sits on the day."""

    id: str
    code: str
    name: str
    members: tuple[str, ...] = ()
    has_officers: bool = False  # a chair and a secretary


class Below(Value):
    """An organisation below. `account`: nobody signs in, a password waits, somebody does."""

    id: str
    name: str
    outside: bool
    account: Literal["none", "waits", "taken"]


L = TypeVar("L", Staff, Council)


class House(Value):
    """An organisation as a launch finds it."""

    level: Level
    empty: tuple[str, ...] = ()  # requisites
    people: tuple[Staff, ...] = ()
    bodies: tuple[Council, ...] = ()
    mandates: Mandates = Mandates()
    head: str | None = None  # who has the director's account
    below: tuple[Below, ...] = ()
    calendars: tuple[int, ...] = ()  # years whose moved days are known
    running: str | None = None  # a cycle of the same roadmap and season


class Missing(Value):
    """One thing that is missing, in words for whoever launches."""

    what: Lack
    subject: str  # a role, an organisation, a year
    words: str
    remedy: str
    stops: bool = False


def missing(
    roadmap: Roadmap, period: Period, holders: Mapping[str, str], house: House, at: datetime
) -> tuple[Missing, ...]:
    """What is missing for a launch over `period` by these holders, named by id or code, at `at`.

    What stops the launch comes first.
    """
    found = _Checks(roadmap, period, holders, house, at)
    return tuple(sorted(found.all(), key=lambda one: not one.stops))


class _Checks:
    def __init__(
        self,
        roadmap: Roadmap,
        period: Period,
        holders: Mapping[str, str],
        house: House,
        at: datetime,
    ) -> None:
        self._roadmap, self._period, self._house, self._at = roadmap, period, house, at
        self._given = holders
        self._people = _by_name(house.people)
        self._bodies = _by_name(house.bodies)

    def all(self) -> Iterator[Missing]:
        yield from self._running()
        yield from self._roles()
        yield from self._rights()
        yield from self._organisation()
        yield from self._pairs()
        yield from self._below()
        yield from self._calendars()

    @cached_property
    def _persons(self) -> dict[str, Staff]:
        """Of the roles that are held by a person of the list."""
        return {
            role: self._people[named]
            for role, named in self._given.items()
            if self._is_for("person", role) and named in self._people
        }

    def _is_for(self, holder: str, role: str) -> bool:
        return role in self._roadmap.roles and self._roadmap.roles[role].holder == holder

    def _running(self) -> Iterator[Missing]:
        if self._house.running:
            yield Missing(
                what="already_launched",
                subject=self._house.running,
                words="программа этого учебного года по этой дорожной карте уже идёт",
                remedy="откройте её на странице «Программы» или возьмите другой день запуска",
                stops=True,
            )

    def _roles(self) -> Iterator[Missing]:
        for role in self._roadmap.launch_roles():
            named = self._given.get(role)
            title = self._roadmap.roles[role].title
            of_bodies = self._is_for("body", role)
            known = self._bodies if of_bodies else self._people
            if not named:
                whom = "орган" if of_bodies else "человека из списка"
                yield Missing(
                    what="role_unmapped",
                    subject=role,
                    words=f"роль «{title}» никому не дана",
                    remedy=f"назначьте {whom}",
                    stops=True,
                )
            elif named not in known:
                of = "органов" if of_bodies else "людей"
                yield Missing(
                    what="holder_unknown",
                    subject=role,
                    words=f"роль «{title}» дана тому, кого в списке {of} организации нет",
                    remedy="выберите другого или загрузите список людей и органов",
                    stops=True,
                )
            elif of_bodies:
                yield from self._council(role, self._bodies[named])
            else:
                yield from self._account(role, self._people[named])
        for role in sorted(self._given.keys() - set(self._roadmap.launch_roles())):
            yield Missing(
                what="role_unknown",
                subject=role,
                words=f"в дорожной карте нет роли «{role}»",
                remedy="уберите её из запуска",
                stops=True,
            )

    def _account(self, role: str, person: Staff) -> Iterator[Missing]:
        title = self._roadmap.roles[role].title
        if not person.may_act:
            yield Missing(
                what="holder_without_account",
                subject=role,
                words=f"{title}: у {_who(person)} нет учётной записи, дела этой роли встанут",
                remedy=_add_user(person, "curator" if role == self._roadmap.curator else None),
            )
        elif (
            role == self._roadmap.curator
            and self._roadmap.track.stages
            and AccessRole.CURATOR not in person.accounts
        ):
            yield Missing(
                what="curator_without_account",
                subject=role,
                words=f"{title}: учётная запись {_who(person)} — не куратора, пары не составить",
                remedy=_add_user(person, "curator"),
            )

    def _council(self, role: str, body: Council) -> Iterator[Missing]:
        title = self._roadmap.roles[role].title
        if not body.members:
            yield Missing(
                what="body_empty",
                subject=role,
                words=f"{title}: в органе «{body.name}» никого нет",
                remedy="загрузите список людей и органов с его составом",
            )
            return
        if not any(one.may_act for one in self._house.people if one.id in body.members):
            yield Missing(
                what="body_without_account",
                subject=role,
                words=f"{title}: в органе «{body.name}» ни у кого нет учётной записи",
                remedy="заведите её хотя бы одному из его членов: nastavnik add user",
            )
        if not body.has_officers:
            yield Missing(
                what="body_without_chair",
                subject=role,
                words=f"{title}: у органа «{body.name}» нет председателя или секретаря",
                remedy="назначьте их на странице «Органы»",
            )

    def _rights(self) -> Iterator[Missing]:
        """Whoever approves or signs has a right to, by what is recorded of rights."""
        head = self._persons[HEAD].id if HEAD in self._persons else self._house.head
        if head is None:
            yield Missing(
                what="head_unknown",
                subject=HEAD,
                words="не указан руководитель: документы от имени организации не составить",
                remedy="заведите учётную запись директора: nastavnik add user … --role director",
            )
        elif HEAD not in self._persons and self._lacks(head, [""]):
            yield self._no_right(HEAD, "Руководитель")
        for role, kinds in sorted(self._approved().items()):
            if role in self._persons and self._lacks(self._persons[role].id, sorted(kinds)):
                yield self._no_right(role, self._roadmap.roles[role].title)

    def _no_right(self, role: str, title: str) -> Missing:
        return Missing(
            what="right_missing",
            subject=role,
            words=f"{title}: право подписи прекращено или ещё не началось, а замены не записано",
            remedy="запишите, кто подписывает, на странице «Полномочия»",
        )

    def _lacks(self, person: str, kinds: Iterable[str]) -> bool:
        return any(not self._house.mandates.deciders(person, kind, self._at) for kind in kinds)

    def _approved(self) -> dict[str, set[str]]:
        """Which roles approve which kinds of documents."""
        found: dict[str, set[str]] = {}
        for kind, approver, route in _papers(self._roadmap):
            asked = self._roadmap.routes[route].stages if route else ()
            by = [role for stage in asked if stage.kind == "decision" for role in stage.by]
            for role in (*by, *([approver] if approver else ())):
                found.setdefault(role, set()).add(kind)
        return found

    def _organisation(self) -> Iterator[Missing]:
        if self._house.empty:
            words = ", ".join(_REQUISITES[one] for one in self._house.empty)
            yield Missing(
                what="requisites_missing",
                subject="organisation",
                words=f"в реквизитах организации пусто: {words}",
                remedy="без них документы выйдут с пробелами; впишите их при заведении организации",
            )
        if self._roadmap.level != self._house.level:
            asked, here = Level(self._roadmap.level), self._house.level
            yield Missing(
                what="wrong_level",
                subject="organisation",
                words=f"дорожная карта для уровня «{_LEVELS[asked]}», а вы — {_LEVELS[here]}",
                remedy="возьмите другую карту или скажите уровень: nastavnik organisations place",
            )

    def _pairs(self) -> Iterator[Missing]:
        if not self._roadmap.track.stages:
            return
        for part, whom in _SIDES.items():
            if not any(part in one.parts for one in self._house.people):
                yield Missing(
                    what="nobody_to_pair",
                    subject=part,
                    words=f"в списке людей нет ни одного {whom}",
                    remedy="загрузите список: пары составляют из него",
                )

    def _below(self) -> Iterator[Missing]:
        if self._roadmap.below is None:
            return
        if not self._house.below:
            yield Missing(
                what="nobody_below",
                subject="below",
                words="ниже вас нет ни одной организации: приглашать некого",
                remedy="загрузите их список на странице «Организации» или командой "
                "nastavnik organisations import",
            )
        idle = [one.name for one in self._house.below if not one.outside and one.account == "none"]
        if idle:
            more = f" и ещё {len(idle) - _NAMED}" if len(idle) > _NAMED else ""
            yield Missing(
                what="below_without_account",
                subject="below",
                words=f"некому войти от организаций: {', '.join(idle[:_NAMED])}{more}",
                remedy="выдайте пароли администраторам или отметьте, что в системе не работают",
            )

    def _calendars(self) -> Iterator[Missing]:
        """Of the cycle's first year and the next, as far as they are near enough to be decided."""
        first = self._period.start.year
        for year in (first, first + 1):
            is_near = year <= self._at.year + 1 and date(year, 1, 1) <= self._period.end
            if is_near and year not in self._house.calendars:
                yield Missing(
                    what="calendar_unknown",
                    subject=str(year),
                    words=f"переносы выходных на {year} год неизвестны: сроки в рабочих днях "
                    "посчитаны без них",
                    remedy=f"загрузите производственный календарь на {year} год, когда он выйдет",
                )


def _papers(roadmap: Roadmap) -> Iterator[tuple[str, str | None, str | None]]:
    """Each kind of document with the role that approves it, or the route."""
    for step in roadmap.steps:
        for result in step.results:
            if isinstance(result.by, DocumentProof):
                yield result.by.kind, result.by.approver, result.by.route
    for stage in roadmap.track.stages:
        needs = stage.needs
        if isinstance(needs, PaperStage):
            yield needs.document, needs.approver, needs.route
        elif isinstance(needs, PackageStage):
            yield "agreement", needs.director, None


def _by_name(listed: Iterable[L]) -> dict[str, L]:
    everybody = list(listed)
    return {one.code: one for one in everybody} | {one.id: one for one in everybody}


def _who(person: Staff) -> str:
    return f"«{person.name}»"


def _add_user(person: Staff, role: str | None) -> str:
    what = role or "director, curator или administrator"
    return f"заведите её: nastavnik add user … --role {what} --person {person.code}"
