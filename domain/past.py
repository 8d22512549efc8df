"""What stood at an earlier moment, told by the events up to it and by nothing else.

So whoever holds the log can tell it too, and prove it. What events of an older program do not say
is None here: not told, never guessed.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final, Self

from domain.amendments import How
from domain.audit import AuditEvent
from domain.base import Value
from domain.documents import Stage

QUIET: Final = ("reminded", "escalated", "informed")
"""Actions after which everything stands as before: whoever asks for the past may leave them out."""

_WAITS: Final = {
    Stage.ON_APPROVAL: "decide",
    Stage.RETURNED: "redraft",
    Stage.REFUSED: "reopen",
    Stage.TO_REGISTER: "register",
    Stage.TO_SIGN: "attach_signed",
}


class CycleStood(Value):
    """A cycle that had been planned by then."""

    cycle_id: str
    stage: str | None
    turns_closed: int = 0


class PairStood(Value):
    """A pair that had been formed by then."""

    pair_id: str
    stage: str | None = None
    mentor_id: str | None = None
    mentee_id: str | None = None
    form: str | None = None
    turn: int | None = None


class DocumentStood(Value):
    """A document of which something had been recorded by then: its first version, as a rule."""

    document_id: str
    stage: str | None = None
    kind: str | None = None
    pair_id: str | None = None
    version: int | None = None
    sha256: str | None = None  # of the rendering that people saw
    number: str | None = None
    day: date | None = None
    ended: How | None = None  # a later document, in force by then, had taken its force

    @property
    def waits_for(self) -> str | None:
        """The kind of task that its stage means; None if it waited for nobody."""
        known = self.stage in set(Stage)
        return _WAITS.get(Stage(self.stage)) if self.stage and known else None


class RowStood(Value):
    """A row of the roadmap that had been opened by then, in a cycle or in a pair."""

    owner: str  # workflow id
    item_id: str
    step: str
    pair_id: str | None = None
    done: bool | None = False


class Past:
    """What the events that were taken have told. They come in the order of the log."""

    def __init__(self) -> None:
        self.cycles: dict[str, CycleStood] = {}
        self.pairs: dict[str, PairStood] = {}
        self.documents: dict[str, DocumentStood] = {}
        self.rows: dict[tuple[str, str], RowStood] = {}

    @classmethod
    def of(cls, events: Iterable[AuditEvent]) -> Self:
        """What all these events tell."""
        past = cls()
        for event in events:
            past.take(event)
        return past

    def take(self, event: AuditEvent) -> None:
        """One event more; one about something else than cycles, pairs, documents tells nothing."""
        kind, _, id_ = event.subject.partition("/")
        if kind == "cycle":
            self._take_cycle(id_, event)
        elif kind == "pair":
            known = self.pairs.get(id_) or PairStood(pair_id=id_)
            self.pairs[id_] = known.changed(stage=event.stage)
        elif kind == "document":
            self._take_document(id_, event)
        if event.action in ("item_opened", "result_proved", "item_closed"):
            self._take_row(event)
        elif event.action in ("row_skipped", "row_reopened"):
            self._take_change(event)

    def _take_cycle(self, id_: str, event: AuditEvent) -> None:
        known = self.cycles.get(id_) or CycleStood(cycle_id=id_, stage=None)
        closes = event.action in ("turn_closed", "closed")
        self.cycles[id_] = known.changed(
            stage=event.stage, turns_closed=known.turns_closed + closes
        )
        if event.action == "pair_formed":
            refs = event.refs
            self.pairs[refs["pair"]] = PairStood(
                pair_id=refs["pair"],
                stage=refs.get("first"),
                mentor_id=refs.get("mentor"),
                mentee_id=refs.get("mentee"),
                form=refs.get("form"),
                turn=int(refs["turn"]) if "turn" in refs else None,
            )

    def _take_document(self, id_: str, event: AuditEvent) -> None:
        known = self.documents.get(id_) or DocumentStood(document_id=id_)
        refs = event.refs
        said: dict[str, object] = {
            "stage": event.stage,
            "kind": refs.get("kind", known.kind),
            "pair_id": refs.get("pair", known.pair_id),
            "version": event.version or known.version,
        }
        match event.action:
            case "drafted":
                said |= {"sha256": event.sha256}
            case "redrafted":
                said |= {"sha256": None}
            case "registered":
                said |= {"sha256": event.sha256, "number": refs["number"] or None}
                said |= {"day": date.fromisoformat(refs["day"])}
            case "changed_document" if How(refs["how"]).is_final:
                changed = refs["document"]
                before = self.documents.get(changed) or DocumentStood(document_id=changed)
                if before.ended is None:
                    self.documents[changed] = before.changed(ended=How(refs["how"]))
        self.documents[id_] = known.changed(**said)

    def _take_row(self, event: AuditEvent) -> None:
        refs = event.refs
        key = (event.subject, refs["item"])
        known = self.rows.get(key) or RowStood(
            owner=event.subject, item_id=refs["item"], step=refs["step"], pair_id=refs.get("pair")
        )
        if event.action == "result_proved":
            known = known.changed(done=refs["left"] == "0" if "left" in refs else None)
        elif event.action == "item_closed":
            known = known.changed(done=True)
        self.rows[key] = known

    def _take_change(self, event: AuditEvent) -> None:
        """What does not apply counts as done; a row that was never opened is not told of."""
        key = (event.subject, event.refs["item"])
        if key in self.rows:
            done = event.action == "row_skipped" or event.refs["left"] == "0"
            self.rows[key] = self.rows[key].changed(done=done)
