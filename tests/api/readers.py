"""Working days and a document's readers, for requests."""

from collections.abc import Mapping
from datetime import date

from domain.acquaintance import NamedPerson, ReadingList
from domain.errors import BadSpreadsheet

DAYS = [{"day": "2027-02-20", "works": True}, {"day": "2027-02-22", "works": False}]


def a_reading_list(document: str, *people: str, child: str) -> ReadingList:
    """A document of 1 September; the last of the people reads for the child too."""
    named = [NamedPerson(person_id=one, reader_id=one) for one in people]
    named.append(NamedPerson(person_id=child, reader_id=people[-1]))
    return ReadingList(document_id=document, since=date(2026, 9, 1), people=tuple(named))


def plain_sheet(sheet: str, facts: Mapping[str, object]) -> bytes:
    return f"PK {sheet} {facts['people']}".encode()


def plain_days(content: bytes) -> Mapping[date, bool]:
    """The year stands at the end of the file."""
    if not content[-4:].isdigit():
        raise BadSpreadsheet("Лист1, A2: дата не читается")
    return {date(int(content[-4:]), 2, 22): False}
