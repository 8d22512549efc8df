"""A roadmap's version against the cycles that run by it, from the command line."""

from collections.abc import Mapping
from pathlib import Path

from api.deps import act_by
from api.gateway import TemporalGateway
from api.policy import check_allowed
from api.problems import Forbidden
from api.roadmap_changes import apply
from api.row_schemas import Applied, ApplyRoadmap, CycleForeseen
from domain import ids
from domain.errors import NotFound
from runtime.beside import running_parts
from runtime.canary import Canary
from runtime.embedded import Progress
from runtime.settings import WrongCall
from runtime.web import services
from runtime.wiring import connect

_OUTCOMES: Mapping[str, str] = {
    "unaffected": "не затронут",
    "documents": "получит новый документ",
    "changes": "изменится",
    "conflict": "в конфликте",
}


async def apply_roadmap(
    name: str, token: str, reason: str | None, home: Path | None, say: Progress, *, dry_run: bool
) -> Applied:
    """As `POST /roadmaps/{name}/apply` by whoever has this token. Raises `WrongCall`."""
    if not dry_run and not reason:
        raise WrongCall("Скажите, почему меняется дорожная карта: --reason ТЕКСТ.")
    with running_parts(home, say) as (settings, parts):
        client = await connect(settings, parts.payload_keys)
        gateway = TemporalGateway(client, settings.temporal.task_queue)
        given = services(parts, gateway, settings, Canary(parts.files))
        try:
            user = given.views.user_by_token(token)
            check_allowed("roadmaps.apply", user.role)
            act = act_by(given, user, ids.new_id())
            return await apply(act, name, ApplyRoadmap(dry_run=dry_run, reason=reason))
        except Forbidden:
            raise WrongCall("Дорожную карту применяет администратор.") from None
        except NotFound as error:
            raise WrongCall(f"Не найдено: {error}. Проверьте имя карты и ключ доступа.") from None


def is_fine(found: Applied) -> bool:
    """Whether no cycle is in conflict, and each that should have taken the version did."""
    return not any(one.outcome == "conflict" or one.problem for one in found.cycles)


def applied_lines(found: Applied) -> str:
    """Each cycle by name, then the whole in a sentence."""
    lines = [line for one in found.cycles for line in _lines(one)]
    return "\n".join((*lines, found.words))


def _lines(one: CycleForeseen) -> list[str]:
    said = "принял новую версию" if one.taken else _OUTCOMES[one.outcome]
    named = {
        "новые строки": one.new_rows,
        "новые документы": one.new_documents,
        "другой срок": one.moved,
        "другой ответственный": one.led,
        "больше не применяются": one.ended,
        "снова открыты": one.reopened,
    }
    about = "; ".join(f"{what}: {', '.join(ids_)}" for what, ids_ in named.items() if ids_)
    head = f"{one.organisation}, с {one.start:%d.%m.%Y} ({one.cycle_id}): {said}"
    faults = [f"  {conflict.words}" for conflict in one.conflicts]
    refused = [f"  не принято: {one.problem}"] if one.problem else []
    return [f"{head} — {about}" if about else head, *faults, *refused]
