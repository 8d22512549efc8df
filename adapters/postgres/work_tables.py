"""Tables of what is at work: processes, pairs, documents, items, tasks, journals, the log."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from adapters.postgres.seals import Counted, Sealed
from adapters.postgres.tables import Moment, written


def day_of(document: str) -> str:
    """The day of a row of `documents`, in SQL: of its registration, else of its coming into force
    by the organisation's own calendar.
    """
    return (
        f"coalesce({document}.day, ({document}.since AT TIME ZONE (SELECT z.time_zone"  # noqa: S608
        f" FROM organisations z WHERE z.organisation_id = {document}.organisation_id))::date)"
    )


EVIDENCE = """
    jsonb_array_elements_text(
      jsonb_build_array(r.result -> 'evidence_id') || coalesce(r.result -> 'more', '[]')) AS e (id)
"""
"""The ids of all pieces of evidence of a result `r.result` of `items`, in SQL."""


class ProcessRow(Sealed, table=True):
    """One workflow. Announced by its parent (revision -1, no state) before it saves itself."""

    __tablename__ = "processes"
    unsealed: ClassVar = frozenset({"at_work", "waiting_until", "to_tell", "updated_at"})
    __table_args__ = (
        Index("ix_processes_at_work", "cycle_id", postgresql_where=text("at_work")),
        Index("ix_processes_to_tell", "parent", postgresql_where=text("to_tell IS NOT NULL")),
        Index(
            "ix_processes_waiting_until",
            "waiting_until",
            postgresql_where=text("waiting_until IS NOT NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    organisation_id: str
    kind: str
    cycle_id: str = Field(index=True)
    parent: str | None = Field(index=True)
    stage: str
    revision: int
    at_work: bool
    waiting_until: datetime | None = Field(sa_type=Moment)
    clock_offset: int = Field(sa_type=BigInteger)
    trouble: str | None
    roadmap_n: int | None
    """Which of `cycle_roadmaps` a cycle goes by; None: what was launched."""
    to_tell: str | None
    """The stage that its parent has not recorded yet."""
    state: dict[str, Any] | None = Field(sa_type=JSONB)
    updated_at: datetime = written()


class PairRow(SQLModel, table=True):
    __tablename__ = "pairs"
    __table_args__ = (
        Index(
            "uq_pairs_open",
            *("cycle_id", "mentee_id", "form"),
            unique=True,
            postgresql_where=text("open"),
        ),
    )

    pair_id: str = Field(primary_key=True)
    organisation_id: str
    cycle_id: str = Field(index=True)
    mentor_id: str
    mentee_id: str
    form: str
    role_model: str | None
    mentor_type: str | None
    turn: int
    novice: bool | None
    """Whether the cycle took the mentee for a young specialist; none: formed before 0019."""
    follows: str | None
    """The pair of the year before that it goes on with."""
    stage: str
    open: bool


class DocumentRow(SQLModel, table=True):
    __tablename__ = "documents"

    document_id: str = Field(primary_key=True)
    organisation_id: str
    cycle_id: str = Field(index=True)
    kind: str
    pair_id: str | None = Field(index=True)
    person_id: str | None = Field(index=True)
    item_id: str | None
    result_id: str | None
    turn: int
    drafter: str
    registrar: str | None
    branch: int | None  # the organisation below that it is about
    stage: str
    since: datetime = Field(sa_type=Moment)
    version: int
    facts_id: str | None
    draft_sha256: str | None
    number: str | None
    day: date | None
    registered_sha256: str | None
    signed_sha256: str | None
    stored_key: str | None
    stored_sha256: str | None
    trouble: str | None


class DocumentLinkRow(SQLModel, table=True):
    """A document changes an earlier one. It counts from the day of the new one, once in force."""

    __tablename__ = "document_links"

    document_id: str = Field(primary_key=True)
    changed_id: str = Field(primary_key=True, index=True)
    organisation_id: str
    cycle_id: str
    how: str


class ItemRow(SQLModel, table=True):
    """A roadmap row's work in a cycle or a pair."""

    __tablename__ = "items"

    workflow_id: str = Field(primary_key=True)
    item_id: str = Field(primary_key=True)
    organisation_id: str
    cycle_id: str = Field(index=True)
    step: str
    turn: int
    pair_id: str | None
    lead: str
    opens: datetime = Field(sa_type=Moment)
    due: datetime | None = Field(sa_type=Moment)
    open: bool
    done: bool
    skipped: bool  # it does not apply, and so is done
    roadmap_n: int  # by which of the cycle's roadmaps it was planned
    results: list[dict[str, Any]] = Field(sa_type=JSONB)


class TaskRow(SQLModel, table=True):
    __tablename__ = "tasks"
    __table_args__ = (Index("ix_tasks_assignee", "organisation_id", "assignee"),)

    workflow_id: str = Field(primary_key=True)
    task_id: str = Field(primary_key=True)
    organisation_id: str
    cycle_id: str = Field(index=True)
    kind: str
    assignee: str
    escalate_to: str
    since: datetime = Field(sa_type=Moment)
    due: datetime | None = Field(sa_type=Moment)
    refs: dict[str, str] = Field(sa_type=JSONB)


class NoticeRow(Sealed, table=True):
    """An outbox: a row is a notice, sent once by its key."""

    __tablename__ = "notices"

    subject: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    organisation_id: str
    cycle_id: str = Field(index=True)
    kind: str
    task_id: str
    recipient: str
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = written()


class AuditHeadRow(SQLModel, table=True):
    """The end of an organisation's log. Its row is locked while entries are added."""

    __tablename__ = "audit_heads"

    organisation_id: str = Field(primary_key=True)
    size: int = Field(sa_type=BigInteger)
    peaks: bytes


class AuditEntryRow(SQLModel, table=True):
    """An entry of the log. `text` is what is hashed; the columns beside it are for finding.

    `nodes` are the hashes of the full subtrees that end here, 32 bytes each, the leaf first.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        UniqueConstraint("subject", "n"),
        Index("ix_audit_entries_cycle_id", "cycle_id", "seq"),
        Index("ix_audit_entries_pair_id", "pair_id", "seq"),
        Index("ix_audit_entries_actor", "organisation_id", "actor", "seq"),
        Index("ix_audit_entries_action", "organisation_id", "action", "seq"),
        Index("ix_audit_entries_at", "organisation_id", "at"),
    )

    organisation_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    subject: str
    n: int
    cycle_id: str
    pair_id: str | None
    action: str
    actor: str
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = written()
    text: str
    nodes: bytes


class JournalRow(SQLModel, table=True):
    """The last number given in a journal and year."""

    __tablename__ = "journals"

    organisation_id: str = Field(primary_key=True)
    journal: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    n: int


class JournalLineRow(Sealed, table=True):
    """A number, and whose it is; a document of no journal (`''`) has a day only."""

    __tablename__ = "journal_lines"
    __table_args__ = (
        UniqueConstraint("organisation_id", "journal", "year", "n", "letter"),
        UniqueConstraint("organisation_id", "year", "folded"),
        UniqueConstraint("document_id"),
    )

    line_id: str = Field(primary_key=True)
    organisation_id: str
    journal: str
    year: int
    n: int | None
    letter: str
    number: str | None
    folded: str | None
    """The number as readers tell it from others."""
    state: str
    day: date
    document_id: str | None
    version: int | None
    reason_id: str | None
    author: str | None
    recorded_at: datetime = written()


class OwnJournalRow(Counted, table=True):
    """A journal that the organisation made for numbers of another look."""

    __tablename__ = "own_journals"

    organisation_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    title: str
    mask: str
    made_by: str
    recorded_at: datetime = written()


class JournalKindRow(Counted, table=True):
    """From a day on, a kind of documents is counted in this journal."""

    __tablename__ = "journal_kinds"

    organisation_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    since: date = Field(primary_key=True)
    journal: str
    author: str
    recorded_at: datetime = written()


class IncomingRow(Counted, table=True):
    """A paper from outside; its journal line has the same id."""

    __tablename__ = "incoming_documents"
    __table_args__ = (UniqueConstraint("organisation_id", "folded", "day"),)

    incoming_id: str = Field(primary_key=True)
    organisation_id: str
    sender: str
    number: str
    folded: str
    day: date
    title: str
    author: str
    recorded_at: datetime = written()
