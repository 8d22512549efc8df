"""How the state of a report and of an organisation below is said on pages."""

from collections.abc import Mapping
from typing import Final

from api.routes.branch_reading import BranchLine
from domain.organisations import OrganisationKind

STATES: Final[Mapping[str, str]] = {
    "sent": "ждёт ответа",
    "missing": "отчёта нет",
    "returned": "возвращён",
    "accepted": "принят",
    "excused": "освобождена от отчёта",
    "late": "пришёл, когда его уже не ждали",
}
STAGES: Final[Mapping[str, str]] = {
    "invited": "приглашена",
    "joined": "участвует",
    "closed": "завершила",
    "left": "выбыла",
}
KINDS: Final[Mapping[str, str]] = {
    OrganisationKind.SCHOOL: "школа",
    OrganisationKind.KINDERGARTEN: "детский сад",
    OrganisationKind.COLLEGE: "колледж",
    OrganisationKind.EXTRA_EDUCATION: "дополнительное образование",
    OrganisationKind.OTHER: "другая организация",
}
ORIGINS: Final[Mapping[str, str]] = {
    "system": "из системы",
    "entered": "внесён вручную",
    "uploaded": "из файла",
}


def about(line: BranchLine) -> str:
    """«школа, 500+ · приглашена · не работает в системе»."""
    kind = KINDS.get(line.kind, "") if line.kind else ""
    said = [", ".join(filter(None, (kind, *line.tags))), STAGES[line.stage]]
    return " · ".join(filter(None, (*said, "не работает в системе" if line.outside else "")))


def origin(line: BranchLine) -> str:
    """Where the figures came from, and who entered them; empty if there are none."""
    if line.origin is None:
        return ""
    by = f": {line.given_by.name}" if line.given_by else ""
    return f"{ORIGINS[line.origin]}{by}"
