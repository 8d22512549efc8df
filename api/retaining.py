"""What the API does about terms of keeping: an act is asked for, a term is chosen."""

from collections.abc import Mapping
from typing import Final

from starlette.concurrency import run_in_threadpool

from activities.retention_ports import DestructionWish, RetentionChoice
from api.act import Act
from api.legal_schemas import Drafting
from api.retention_schemas import Choices, NewAct, NewChoice
from domain import ids
from domain.extras import DraftDocument
from domain.retention import Ground

KIND: Final = "destruction_act"

GROUND_WORDS: Final[Mapping[Ground, str]] = {
    Ground.TERM: "сроки хранения документов истекли",
    Ground.CONSENT_WITHDRAWN: "отзыв согласия на обработку персональных данных (часть 5 статьи 21 "
    "Федерального закона «О персональных данных»)",
    Ground.PURPOSE_REACHED: "достижение цели обработки персональных данных (часть 4 статьи 21 "
    "Федерального закона «О персональных данных»)",
    Ground.UNLAWFUL: "неправомерная обработка персональных данных (часть 3 статьи 21 "
    "Федерального закона «О персональных данных»)",
}
"""As the act says it. The text of the article was not read: не сверено."""
METHOD: Final = (
    "ключи шифрования файлов и тексты записей служба уничтожает без возможности восстановления; "
    "бумажные экземпляры, если они есть, измельчаются"
)


async def make_act(act: Act, said: NewAct) -> Drafting:
    """Keep the list, and ask the cycle for the act, or begin it in one that is closed. Raises as
    `Desk.keep_destruction_list`, and `WrongState` if the cycle is not planned yet.
    """
    services, organisation = act.services, act.user.organisation_id
    cycle = await act.reach(ids.cycle_workflow(said.cycle_id))
    document_id = ids.derived_id(act.request_id, "document")
    minutes = said.expert_minutes
    wish = DestructionWish(
        act_id=document_id,
        organisation_id=organisation,
        expert_number=minutes.number if minutes else None,
        expert_day=minutes.day if minutes else None,
        on=await run_in_threadpool(services.today, organisation),
        author=act.user.id,
        at=act.now,
        **said.model_dump(include={"ground", "documents"}),
    )
    await run_in_threadpool(services.desk.keep_destruction_list, wish, services.kinds)
    words = {"ground": GROUND_WORDS[said.ground], "method": said.method or METHOD}
    kind = services.kinds[KIND]
    asked = act.wish(
        DraftDocument,
        document_id=document_id,
        kind=KIND,
        approver=kind.approver,
        numbered=kind.journal is not None,
        inputs_id=await act.keep_inputs(ids.document_workflow(document_id), words),
        destroys=len(said.documents),
    )
    closed = await run_in_threadpool(services.views.closed_cycle, organisation, said.cycle_id)
    if closed is None:
        answered = await act.make(cycle, asked)
        return Drafting(document_id=document_id, **dict(answered))
    # Nothing wakes a cycle that is closed: the act lives by itself among its papers.
    await services.gateway.begin(closed.act_when_closed(asked, act.now))
    return Drafting(document_id=document_id, workflow_id=cycle, revision=closed.revision)


def choose(act: Act, said: NewChoice) -> Choices:
    """Keep by which term documents are kept. Raises as `Desk.choose_retention`."""
    organisation = act.user.organisation_id
    choice = RetentionChoice(
        organisation_id=organisation, author=act.user.id, at=act.now, **dict(said)
    )
    act.services.desk.choose_retention(choice)
    today = act.services.today(organisation)
    return Choices(choices=act.services.views.retention_choices(organisation, today))
