"""Routes of approval: who looks at a document, in which order, before it gets its number.

A roadmap names roles (`RouteRules`); a document's workflow has people and bodies (`Route`).
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from domain.base import Message, Value

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
StageKind = Literal["decision", "body", "discussion", "review"]
"""A decision of persons; a body's, from the minutes of its sitting; an open discussion until a day,
with every remark answered; a review from outside, as a file.
"""

APPROVAL = "approval"
"""The one stage of a route that is only an approver."""


class Outcome(StrEnum):
    """What somebody who is asked says of a version."""

    APPROVE = "approve"
    SEND_BACK = "send_back"
    REFUSE = "refuse"


class Again(StrEnum):
    """Who decides on a redraft: all anew, or only those who had not approved yet."""

    ALL = "all"
    LEFT = "left"


class Condition(Message):
    """A stage is asked for only if a fact of the document says so.

    Without a figure or a value: if the fact is there, is not empty and is no «no».
    """

    fact: Name
    at_least: int | None = None  # of a list: how many lines
    equals: str | bool | int | None = None

    def holds(self, facts: Mapping[str, object]) -> bool:
        """Whether these facts of a version ask for the stage; a fact that is missing does not."""
        value = facts.get(self.fact)
        if self.equals is not None:
            return value == self.equals
        if self.at_least is not None:
            figure = len(value) if isinstance(value, list | tuple) else value
            return isinstance(figure, int | float) and figure >= self.at_least
        return bool(value)


class RouteStageRules(Value):
    """One stage, with the roles that it asks; a stage of several asks them side by side."""

    id: Name
    title: Annotated[str, Field(min_length=1, max_length=200)]
    kind: StageKind = "decision"
    by: tuple[Name, ...] = ()
    need: Annotated[int, Field(ge=1)] | None = None  # so many of them suffice; all if not said
    days: Annotated[int, Field(ge=1, le=366)] | None = None
    """Working days that it may take; without them the term `decide` of the roadmap holds."""
    when: Condition | None = None

    @model_validator(mode="after")
    def _asks_whom_it_can(self) -> Self:
        if self.kind == "discussion":
            if self.by or self.days is None:
                raise ValueError("a discussion is open to all and names its days")
        elif not self.by:
            raise ValueError("the stage asks nobody")
        elif self.kind in ("body", "review") and len(self.by) > 1:
            raise ValueError("one body, or one who attaches the review")
        if self.need is not None and (self.kind != "decision" or self.need > len(self.by)):
            raise ValueError("need: of those who decide, no more than they are")
        return self


class RouteRules(Value):
    """The stages in their order, and the rules that hold for all of them."""

    stages: Annotated[tuple[RouteStageRules, ...], Field(min_length=1)]
    again: Again = Again.ALL
    own_draft: bool = False  # whether the drafter may approve what he drafted

    @model_validator(mode="after")
    def _has_each_stage_once(self) -> Self:
        if len({stage.id for stage in self.stages}) < len(self.stages):
            raise ValueError("two stages have one id")
        return self

    def resolved(self, holder: Callable[[str], str]) -> "Route":
        """With people and bodies in place of roles."""
        stages = tuple(
            RouteStage(
                **stage.model_dump(exclude={"by"}), holders=tuple(holder(role) for role in stage.by)
            )
            for stage in self.stages
        )
        return Route(stages=stages, again=self.again, own_draft=self.own_draft)


class RouteStage(Message):
    """A stage with its people or body."""

    id: str
    title: str = ""
    kind: StageKind = "decision"
    holders: tuple[str, ...] = ()
    need: int | None = None
    days: int | None = None
    when: Condition | None = None

    @property
    def needed(self) -> int:
        """How many of the holders must approve."""
        return self.need or len(self.holders)


class Route(Message):
    """The way of one document."""

    stages: tuple[RouteStage, ...]
    again: Again = Again.ALL
    own_draft: bool = False

    @classmethod
    def of(cls, approver: str | None) -> "Route | None":
        """One person or body approves, and may have drafted it; nobody: no route."""
        if approver is None:
            return None
        stage = RouteStage(id=APPROVAL, title="Утверждение", holders=(approver,))
        return cls(stages=(stage,), own_draft=True)

    def mapped(self, holder: Callable[[str], str]) -> "Route":
        """With other holders in place of these."""
        stages = tuple(
            stage.changed(holders=tuple(holder(one) for one in stage.holders))
            for stage in self.stages
        )
        return self.changed(stages=stages)
