"""How people, bodies and accounts are called on screens."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, text

from adapters.postgres.shown import Named
from domain.ids import SYSTEM
from domain.names import NameForms
from domain.people import AccessRole

ROLE_TITLES: Mapping[str, str] = {
    AccessRole.ADMINISTRATOR: "Администратор",
    AccessRole.DIRECTOR: "Руководитель",
    AccessRole.CURATOR: "Куратор",
    AccessRole.AUDITOR: "Аудитор",
}

_NAMES = text(
    """
    SELECT id, name_forms, NULL AS name, NULL AS role FROM people
      WHERE organisation_id = :organisation AND id = ANY(:ids)
    UNION ALL
    SELECT id, NULL, name, NULL FROM bodies
      WHERE organisation_id = :organisation AND id = ANY(:ids)
    UNION ALL
    SELECT u.id, p.name_forms, NULL, u.role FROM users u LEFT JOIN people p ON p.id = u.person_id
      WHERE u.organisation_id = :organisation AND u.id = ANY(:ids)
    """
)


class Names:
    """Names of the ids of one organisation; an id that nobody has is shown as it is."""

    def __init__(
        self, connection: Connection, organisation_id: str, ids: Iterable[str | None]
    ) -> None:
        self._names = {SYSTEM: "Система"}
        given = {"organisation": organisation_id, "ids": sorted({one for one in ids if one})}
        for row in connection.execute(_NAMES, given):
            self._names[row.id] = _name(row.name_forms, row.name, row.role)

    def of(self, id_: str) -> Named:
        return Named(id=id_, name=self._names.get(id_, id_))

    def of_any(self, id_: str | None) -> Named | None:
        return None if id_ is None else self.of(id_)


def _name(forms: object, name: str | None, role: str | None) -> str:
    if name is not None:
        return name
    title = ROLE_TITLES.get(role or "", "")
    if forms is None:
        return title
    short = NameForms.model_validate(forms).nomn.initials_last
    return f"{short} ({title.lower()})" if title else short
