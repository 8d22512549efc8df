"""Terms and lists of destruction in memory."""

from datetime import date

from activities.retention_ports import DestructionWish, RetentionChoice
from adapters.postgres.retention_views import ChoiceLine, DueGroup, RetentionPage
from adapters.retention_rules import retention_rules
from domain.errors import NotFound, StillKept
from domain.programme import ProgrammeState


class MemoryRetention:
    """What was listed and chosen; `due` is what a page shows, and all that an act may list."""

    def __init__(self) -> None:
        self.due: tuple[DueGroup, ...] = ()
        self.lists: dict[str, DestructionWish] = {}
        self.closed: dict[str, ProgrammeState] = {}
        self.choices: dict[tuple[str, str, date], RetentionChoice] = {}

    def keep_list(self, wish: DestructionWish) -> None:
        known = {one.document.document_id for group in self.due for one in group.documents}
        kept = [one for one in wish.documents if one not in known]
        if kept and wish.act_id not in self.lists:
            raise StillKept(f"kept: {', '.join(kept)}")
        self.lists.setdefault(wish.act_id, wish)

    def choose(self, choice: RetentionChoice) -> None:
        rules = retention_rules()
        if choice.kind not in rules.by_form or choice.term not in rules.terms:
            raise NotFound("no such choice")
        self.choices.setdefault((choice.kind, choice.form, choice.since), choice)

    def page(self, on: date) -> RetentionPage:
        return RetentionPage(on=on, groups=self.due, permanent=0, running=0, undecided=0, acts=())

    def chosen(self, on: date) -> tuple[ChoiceLine, ...]:
        return tuple(
            ChoiceLine(
                **one.model_dump(include={"kind", "form", "since", "term"}),
                **retention_rules().term(one.term, on).model_dump(include={"words", "article"}),
            )
            for one in self.choices.values()
        )
