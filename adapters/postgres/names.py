"""How people, bodies and accounts are called on screens."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import Connection, text

from adapters.postgres import reads
from adapters.postgres.shown import Named
from domain.base import Value
from domain.ids import SYSTEM
from domain.names import NameForm, NameForms
from domain.people import AccessRole

ROLE_TITLES: Mapping[str, str] = {
    AccessRole.ADMINISTRATOR: "Администратор",
    AccessRole.DIRECTOR: "Руководитель",
    AccessRole.CURATOR: "Куратор",
    AccessRole.AUDITOR: "Аудитор",
}

NAMES = """
    SELECT id, name_forms -> 'nomn' AS nomn, NULL AS name, NULL AS role, id AS person_id, birth_date
      FROM people
      WHERE organisation_id = :organisation AND id = ANY(:ids)
    UNION ALL
    SELECT id, NULL, name, NULL, NULL, NULL FROM bodies
      WHERE organisation_id = :organisation AND id = ANY(:ids)
    UNION ALL
    SELECT u.id, p.name_forms -> 'nomn', NULL, u.role, p.id, p.birth_date
      FROM users u LEFT JOIN people p ON p.id = u.person_id
      WHERE u.organisation_id = :organisation AND u.id = ANY(:ids)
"""
"""How those of `:ids` are called; the rows of `Known`."""
_NAMES = text(NAMES)


class Known(Value):
    """A person, a body or an account, by what it is called."""

    id: str
    nomn: NameForm | None
    name: str | None
    role: str | None
    person_id: str | None
    birth_date: date | None

    @property
    def words(self) -> str:
        """«Иванова М. П. (куратор)»; of a body, its name."""
        if self.name is not None:
            return self.name
        title = ROLE_TITLES.get(self.role or "", "")
        if self.nomn is None:
            return title
        short = self.nomn.initials_last
        return f"{short} ({title.lower()})" if title else short


class KnownNames:
    """Names of those who are known; an id of somebody else is shown as it is."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._known = {one.id: one for one in known}
        self._said = {SYSTEM: Named(id=SYSTEM, name="Система")}

    def of(self, id_: str) -> Named:
        """How this one is called; whoever keeps the reads learns of it."""
        if id_ not in self._said:
            known = self._known.get(id_)
            if known and known.person_id and known.birth_date:
                reads.named(known.person_id, known.birth_date)
            self._said[id_] = Named(id=id_, name=known.words if known else id_)
        return self._said[id_]

    def of_any(self, id_: str | None) -> Named | None:
        return None if id_ is None else self.of(id_)


class Names(KnownNames):
    """Names of the ids of one organisation."""

    def __init__(
        self, connection: Connection, organisation_id: str, ids: Iterable[str | None]
    ) -> None:
        given = {"organisation": organisation_id, "ids": sorted({one for one in ids if one})}
        found = connection.execute(_NAMES, given).mappings()
        super().__init__(Known.model_validate(dict(row)) for row in found)


def short_name(forms: object) -> str:
    """«Иванова М. П.», from the forms that are kept; no read is noted."""
    return NameForms.model_validate(forms).nomn.initials_last
