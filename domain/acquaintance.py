"""Who has to read a document: all whom it names, save the head who signs it (ТК РФ, ст. 22, has
workers read local acts about their work, and sign for it).

A child under 14 does not act alone (ГК РФ, ст. 28): the representative reads in its place. From 14
on people read themselves.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from domain.base import Value
from domain.errors import (
    AcquaintedAlready,
    BadDate,
    FactMissing,
    NotInForce,
    NotNamed,
    NotYours,
)
from domain.people import OWN_SIGNATURE_AT, age_on


class Way(StrEnum):
    """How somebody said that he has read a document."""

    ACCOUNT = "account"
    PAPER = "paper"


class NamedPerson(Value):
    """Somebody whom a document names; `reader_id` reads it for him, and has done so on `day`."""

    person_id: str
    reader_id: str | None  # none: under 14, and nobody is known to represent him
    day: date | None = None


class Acquainted(Value):
    """What is to be recorded of one person."""

    person_id: str
    reader_id: str
    day: date
    way: Way


class ReadingList(Value):
    """Whom a document names, and who of them has read it."""

    document_id: str
    since: date | None  # its day; none: it is not in force
    people: tuple[NamedPerson, ...]

    def records(
        self,
        people: Iterable[str] | None,
        day: date,
        today: date,
        person_id: str | None,
        *,
        for_others: bool,
    ) -> tuple[Acquainted, ...]:
        """What is new when these people have read the document on `day`.

        `people` are those whom the document names; without them, all for whom `person_id`, whose
        account says it, reads. `for_others` may say it of anybody, from a paper that they signed.
        What was said before in the same words is not new. Raises `NotInForce`; `NotNamed` for
        somebody whom the document does not name; `NotYours` for others without `for_others`;
        `FactMissing` if nobody is known to read for a child; `BadDate` before the document's day or
        after `today`; `AcquaintedAlready` if another day was said.
        """
        if self.since is None:
            raise NotInForce(f"document {self.document_id} is not in force")
        if not self.since <= day <= today:
            raise BadDate(f"{day} is not between {self.since} and {today}")
        chosen = self._read_by(person_id) if people is None else self._named(people)
        return tuple(
            Acquainted(
                person_id=one.person_id,
                reader_id=self._reader(one, person_id, for_others=for_others),
                day=day,
                way=Way.ACCOUNT if one.reader_id == person_id else Way.PAPER,
            )
            for one in chosen
            if not self._is_known(one, day)
        )

    def _read_by(self, person_id: str | None) -> tuple[NamedPerson, ...]:
        found = tuple(one for one in self.people if person_id and one.reader_id == person_id)
        if not found:
            raise NotNamed(f"document {self.document_id} does not name the owner of this account")
        return found

    def _named(self, people: Iterable[str]) -> tuple[NamedPerson, ...]:
        known = {one.person_id: one for one in self.people}
        wanted = tuple(dict.fromkeys(people))
        strangers = [person for person in wanted if person not in known]
        if strangers:
            raise NotNamed(f"document {self.document_id} does not name {', '.join(strangers)}")
        return tuple(known[person] for person in wanted)

    def _reader(self, one: NamedPerson, person_id: str | None, *, for_others: bool) -> str:
        if one.reader_id is None:
            raise FactMissing("у несовершеннолетнего не указан законный представитель")
        if one.reader_id != person_id and not for_others:
            raise NotYours(f"{one.reader_id} says it from an own account, or signs on paper")
        return one.reader_id

    def _is_known(self, one: NamedPerson, day: date) -> bool:
        if one.day is not None and one.day != day:
            raise AcquaintedAlready(f"{one.person_id} has read it on {one.day}")
        return one.day is not None


def reader_of(person_id: str, birth: date, representative_id: str | None, day: date) -> str | None:
    """Who reads a document of `day` for this person; None if nobody is known to."""
    return representative_id if age_on(birth, day) < OWN_SIGNATURE_AT else person_id
