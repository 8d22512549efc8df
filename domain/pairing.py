"""Who works with whom in a cycle, and which rows of the roadmap concern a pair."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from domain.base import Message
from domain.items import Item
from domain.pair_road import COMPLETED, STOPPED
from domain.people import Form
from domain.planning import PlannedItem


class PairRequest(Message):
    """A mentor and a mentee who shall work together."""

    mentor_id: str
    mentee_id: str
    form: Form
    role_model: str | None = None
    mentor_type: str | None = None
    novice: bool = False  # the mentee is a young specialist
    follows: str | None = None  # the pair of the year before that these two go on with


class PairEntry(PairRequest):
    """What the cycle remembers of a pair."""

    pair_id: str
    turn: int = 1
    started: bool = False
    stage: str = ""
    ordered: bool = False  # was told that its order is in force

    def is_over(self) -> bool:
        return self.stage in (COMPLETED, STOPPED)

    def refs(self) -> dict[str, str]:
        """Who works with whom, as the event says it by which the pair is formed."""
        about = {"mentor": self.mentor_id, "mentee": self.mentee_id}
        follows = {"follows": self.follows} if self.follows else {}
        return {**about, "form": self.form, "turn": str(self.turn), **follows}


def item_of(planned: PlannedItem, pair: PairEntry, now: datetime) -> Item:
    """The row's item for this pair; late if the pair arose after the row's window."""
    due = planned.due
    if due is not None and due < now:
        due = now + timedelta(days=planned.late_days or 0)
    return Item.of(
        planned.changed(
            id=f"{planned.id}/{pair.pair_id}",
            lead=holder_in(planned.lead, pair),
            others=tuple(holder_in(other, pair) for other in planned.others),
            due=due,
            results=tuple(
                result.changed(
                    drafter=result.drafter and holder_in(result.drafter, pair),
                    route=result.route and result.route.mapped(lambda one: holder_in(one, pair)),
                    registrar=result.registrar and holder_in(result.registrar, pair),
                )
                for result in planned.results
            ),
        ),
        pair.pair_id,
    )


def holder_in(holder: str, pair: PairEntry) -> str:
    """Who the words `mentor` and `mentee` of a plan mean in this pair."""
    return {"mentor": pair.mentor_id, "mentee": pair.mentee_id}.get(holder, holder)


def concerns(planned: PlannedItem, pair: PairEntry, earlier: Iterable[PairEntry]) -> bool:
    """Whether a row fans over this pair.

    A row over mentors goes to the first pair of a mentor that it fits; a pair that stopped early
    has left the row to the next.
    """
    if not _fits(planned, pair):
        return False
    rivals = [one for one in earlier if _fits(planned, one) and one.stage != STOPPED]
    match planned.scope:
        case "mentors":
            return all(one.mentor_id != pair.mentor_id for one in rivals)
        case "mentees":
            return all(one.mentee_id != pair.mentee_id for one in rivals)
        case _:
            return True


def _fits(planned: PlannedItem, pair: PairEntry) -> bool:
    of_this_form = not planned.forms or pair.form in planned.forms
    return of_this_form and (pair.novice or not planned.novices_only)
