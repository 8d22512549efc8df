"""Which entries of the log, or which reads, a request asks for; as its address says it.

A form sends each of its fields, also one that was left empty: that asks nothing.
"""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import Query
from pydantic import Field, StringConstraints, model_validator

from api.routes.reading import LogAsked, ReadsAsked
from domain.base import Value

MOST: Final = 200
_BIG: Final = 2**62
_Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
_Who = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{16}|system|cli)$")]
_Action = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,60}$")]
_Subject = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f]{1,200}$")]


class Asked(Value):
    """What every such list can be asked for."""

    first: date | None = Field(None, alias="from", description="С какого дня, по местному времени")
    to: date | None = Field(None, description="По какой день включительно")
    limit: int = Field(50, ge=1, le=MOST)

    @model_validator(mode="before")
    @classmethod
    def _blanks_ask_nothing(cls, given: dict[str, Any]) -> dict[str, Any]:
        return {name: one for name, one in given.items() if one not in ("", [""])}


class _OfLog(Asked):
    document: _Id | None = None
    actor: _Who | None = Field(
        None, description="Учётная запись или человек, чья она; `system` — сама служба"
    )
    action: list[_Action] = Field([], max_length=30, description="Что произошло; можно несколько")
    technical: bool = Field(default=True, description="Вместе с техническими событиями")
    after: int | None = Field(None, ge=0, le=_BIG, description="После записи с этим номером")
    before: int | None = Field(
        None, ge=0, le=_BIG, description="До записи с этим номером, новые первыми"
    )

    @property
    def newest_first(self) -> bool:
        """Whether somebody goes back from an entry."""
        return self.before is not None

    @property
    def cursor(self) -> int | None:
        """Where the page begins."""
        return self.after if self.after is not None else self.before

    def _filter(self, **fields: str | None) -> LogAsked:
        return LogAsked(
            document_id=self.document,
            who=self.actor,
            actions=tuple(self.action),
            first=self.first,
            last=self.to,
            technical=self.technical,
            newest_first=self.newest_first,
            cursor=self.cursor,
            limit=self.limit,
            **fields,
        )


class PairAsked(_OfLog):
    """Of a pair's timeline."""

    limit: int = Field(MOST, ge=1, le=MOST)

    def of(self, pair_id: str) -> LogAsked:
        """As views take it."""
        return self._filter(pair_id=pair_id)


class EntriesAsked(_OfLog):
    """Of the organisation's log."""

    subject: _Subject | None = Field(None, description="О чём запись: document/…, journal/…")
    pair: _Id | None = None
    cycle: _Id | None = None

    def of_all(self) -> LogAsked:
        """As views take it."""
        return self._filter(subject=self.subject, pair_id=self.pair, cycle_id=self.cycle)


class MinorsAsked(Asked):
    """Of the reads of minors' data."""

    person: _Id | None = Field(None, description="Чьи данные")
    who: _Who | None = Field(None, description="Чья учётная запись, или чей человек, смотрели")
    before: int | None = Field(None, ge=0, le=_BIG, description="До этого номера")

    def of_all(self) -> ReadsAsked:
        """As views take it."""
        return ReadsAsked(person=self.person, who=self.who, first=self.first, last=self.to)


OfPair = Annotated[PairAsked, Query()]
OfLog = Annotated[EntriesAsked, Query()]
OfReads = Annotated[MinorsAsked, Query()]
