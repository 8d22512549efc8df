"""What a reader may do with a document now, so that no page offers what would be refused.

Whether it is done is for the rules of the workflow to say; see `domain/documents.py`.
"""

from collections.abc import Sequence
from typing import Final

from api.policy import ALLOWED
from api.routes.reading import DocumentView, InboxTask, User
from domain.people import AccessRole

_OVER: Final = ("in_force", "withdrawn")
_HAS_NUMBER: Final = ("to_sign", "sealing", *_OVER)


def _of_a_row(document: DocumentView) -> bool:
    """What a pair's track asks for has the name of its stage in place of a row's number."""
    return (document.item_id or "")[:1].isdigit()


def doable(
    document: DocumentView, tasks: Sequence[InboxTask], user: User, *, readable: bool
) -> frozenset[str]:
    """Of decide, register, attach, redraft, retry, drop, remark, answer, review."""
    mine = {task.kind for task in tasks if task.mine}
    curator = user.role is AccessRole.CURATOR
    office = curator or document.drafter.id in user.acts_for
    now = next((one.kind for one in document.route if one.state == "now"), "")
    stage, troubled = document.stage, document.trouble is not None
    asked = {
        "decide": readable and "decide" in mine,
        "register": office
        and (stage == "to_register" or (troubled and stage == "registering"))
        and document.registrar is not None,
        "attach": office and stage in ("to_sign", "sealing") and (stage == "to_sign" or troubled),
        "redraft": (stage == "refused" and curator)
        or (office and stage == "returned")
        or (office and troubled and stage not in _HAS_NUMBER),
        "retry": troubled,
        "drop": office
        and (document.pair_id is None or _of_a_row(document))
        and stage not in (*_HAS_NUMBER, "registering"),
        "remark": readable and now == "discussion",
        "answer": office and any(one.answer_id is None for one in document.remarks),
        "review": now == "review" and ("attach_review" in mine or curator),
    }
    rights = {
        "attach": "attach_signed",
        "remark": "add_remark",
        "answer": "answer_remark",
        "review": "attach_review",
    }
    return frozenset(
        what
        for what, may in asked.items()
        if may and user.role in ALLOWED[f"documents.{rights.get(what, what)}"]
    )
