"""What the API, the pages and programs read. Each view sees one organisation."""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, text

from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.assignment_views import whats
from adapters.postgres.authority_views import AuthorityLine
from adapters.postgres.below_views import BelowViews
from adapters.postgres.event_views import EventViews
from adapters.postgres.indicator_views import IndicatorViews
from adapters.postgres.log_views import LogAsked, LogLine, LogPage, LogViews
from adapters.postgres.names import Names
from adapters.postgres.news_views import NewsViews
from adapters.postgres.past_views import CyclePast, PairPast, PastDocument, PastRow, PastViews
from adapters.postgres.read_views import ReadLine, ReadsAsked, ReadsPage, ReadViews
from adapters.postgres.retention_views import RetentionViews
from adapters.postgres.road_lines import item_line, law_papers, pair_line, stage_lines
from adapters.postgres.sheet_views import SheetViews
from adapters.postgres.shown import (
    BodyLine,
    ChainView,
    CycleView,
    DocumentLine,
    GroundLine,
    InboxTask,
    ItemLine,
    JournalBook,
    JournalLineView,
    JournalPage,
    JournalView,
    KnownFile,
    Named,
    NameQuestion,
    NamesView,
    NoticeLine,
    PairLine,
    PairView,
    PersonLine,
    ResultLine,
    SignedIn,
    StageLine,
    TextView,
    TimelineEvent,
    User,
)
from adapters.postgres.shown_document import (
    DocumentView,
    ObjectLine,
    RemarkLine,
    RouteLine,
    VerdictLine,
    VersionFacts,
)
from adapters.postgres.standing_views import BESIDE, DOCUMENTS
from adapters.postgres.titles import task_title
from adapters.postgres.verification_views import VerificationViews
from adapters.postgres.waiting_views import WaitingViews
from adapters.postgres.yearly import YearlyViews
from domain.errors import KeyDestroyed
from domain.people import AccessRole
from domain.roadmap import Roadmap

__all__ = [
    "AuthorityLine",
    "BodyLine",
    "ChainView",
    "CyclePast",
    "CycleView",
    "DocumentLine",
    "DocumentView",
    "GroundLine",
    "InboxTask",
    "ItemLine",
    "JournalBook",
    "JournalLineView",
    "JournalPage",
    "JournalView",
    "KnownFile",
    "LogAsked",
    "LogLine",
    "LogPage",
    "NameQuestion",
    "Named",
    "NamesView",
    "NoticeLine",
    "ObjectLine",
    "PairLine",
    "PairPast",
    "PairView",
    "PastDocument",
    "PastRow",
    "PersonLine",
    "PostgresViews",
    "ReadLine",
    "ReadsAsked",
    "ReadsPage",
    "RemarkLine",
    "ResultLine",
    "RouteLine",
    "SignedIn",
    "StageLine",
    "TextView",
    "TimelineEvent",
    "User",
    "VerdictLine",
    "VersionFacts",
]

_TASKS = text(
    """
    SELECT * FROM tasks
    WHERE organisation_id = :organisation
      AND (assignee = ANY(:acts_for) OR (:for_others AND kind <> 'decide'))
    ORDER BY due NULLS LAST, since, task_id
    """
)
_TASKS_ABOUT = text(
    """
    SELECT * FROM tasks
    WHERE organisation_id = :organisation
      AND (workflow_id = :workflow OR 'pair/' || (refs ->> 'pair') = :workflow)
    ORDER BY due NULLS LAST, since, task_id
    """
)
_SIDES = text(
    """
    SELECT pair_id, mentor_id, mentee_id FROM pairs
    WHERE organisation_id = :organisation AND pair_id = ANY(:ids)
    """
)
_OF_PAIR = text(
    f"""
    SELECT d.*, e.*, a.about FROM documents d {BESIDE}
    WHERE d.organisation_id = :organisation AND (d.pair_id = :pair OR d.document_id = :order)
    ORDER BY d.since, d.document_id
    """  # noqa: S608 - a constant of ours
)
_PAIR = text(
    """
    SELECT r.*, p.at_work, p.waiting_until, p.trouble, p.state ->> 'order_id' AS order_id,
      p.state -> 'needs' AS consents, p.state -> 'package' AS papers,
      p.state -> 'track' AS track, p.state -> 'position' AS position,
      p.state -> 'meetings' AS meetings
    FROM pairs r LEFT JOIN processes p ON p.id = 'pair/' || r.pair_id
    WHERE r.organisation_id = :organisation AND r.pair_id = :pair
    """
)
_REGISTER = text(
    """
    SELECT r.* FROM pairs r
    LEFT JOIN people m ON m.id = r.mentor_id LEFT JOIN people e ON e.id = r.mentee_id
    WHERE r.organisation_id = :organisation AND r.cycle_id = :cycle
    ORDER BY m.sort_key, e.sort_key, r.pair_id
    """
)
_LAUNCH = text(
    "SELECT * FROM programmes WHERE organisation_id = :organisation AND cycle_id = :cycle"
)
_CYCLES = text(
    "SELECT cycle_id FROM launches WHERE organisation_id = :organisation ORDER BY launched_at"
)
_COUNTS = text(
    """
    SELECT
      (SELECT stage FROM processes WHERE cycle_id = :cycle AND kind = 'cycle') AS stage,
      (SELECT trouble FROM processes WHERE cycle_id = :cycle AND kind = 'cycle') AS trouble,
      (SELECT count(*) FROM pairs WHERE cycle_id = :cycle) AS pairs,
      (SELECT count(*) FROM pairs WHERE cycle_id = :cycle AND open) AS pairs_open,
      (SELECT count(*) FROM documents WHERE cycle_id = :cycle) AS documents,
      (SELECT count(*) FROM tasks WHERE cycle_id = :cycle) AS tasks,
      (SELECT count(*) FROM tasks WHERE cycle_id = :cycle AND due < :now) AS tasks_late
    """
)
_ITEMS = text(
    """
    SELECT * FROM items WHERE organisation_id = :organisation AND cycle_id = :cycle
    ORDER BY pair_id NULLS FIRST, opens, item_id
    """
)
_NOTICES = text(
    """
    SELECT * FROM notices WHERE organisation_id = :organisation AND cycle_id = :cycle
    ORDER BY at, key
    """
)
_TEXT = text("SELECT * FROM kept_texts WHERE organisation_id = :organisation AND id = :id")


class PostgresViews(
    NewsViews,
    SheetViews,
    VerificationViews,
    RetentionViews,
    LogViews,
    PastViews,
    ReadViews,
    BelowViews,
    IndicatorViews,
    EventViews,
    WaitingViews,
    YearlyViews,
):
    """Reads. `NotFound` where the organisation has nothing of the kind."""

    def inbox(
        self, organisation_id: str, acts_for: tuple[str, ...], role: AccessRole, now: datetime
    ) -> tuple[InboxTask, ...]:
        """What waits for this user, the most urgent first.

        A curator sees also what others have to do and a curator may do for them: all but
        decisions.
        """
        given = {"acts_for": list(acts_for), "for_others": role is AccessRole.CURATOR}
        with self._engine.connect() as connection:
            rows = rows_of(connection, _TASKS, organisation_id, **given)
            return self._tasks(connection, organisation_id, rows, acts_for, now)

    def waiting(
        self, organisation_id: str, workflow_id: str, acts_for: tuple[str, ...], now: datetime
    ) -> tuple[InboxTask, ...]:
        """What a document waits for, or a pair with its documents; whoever's task it is."""
        with self._engine.connect() as connection:
            rows = rows_of(connection, _TASKS_ABOUT, organisation_id, workflow=workflow_id)
            return self._tasks(connection, organisation_id, rows, acts_for, now)

    def _tasks(
        self,
        connection: Connection,
        organisation_id: str,
        rows: list[RowMapping],
        acts_for: tuple[str, ...],
        now: datetime,
    ) -> tuple[InboxTask, ...]:
        pairs = sorted({row["refs"]["pair"] for row in rows if "pair" in row["refs"]})
        found = rows_of(connection, _SIDES, organisation_id, ids=pairs)
        sides = {row["pair_id"]: (row["mentor_id"], row["mentee_id"]) for row in found}
        people = [person for both in sides.values() for person in both]
        shown_names = [*people, *(row["assignee"] for row in rows)]
        names = Names(connection, organisation_id, shown_names)
        ids = sorted({row["refs"].get("document", "") for row in rows})
        documents = {
            row["document_id"]: self._line(row)
            for row in rows_of(connection, DOCUMENTS, organisation_id, ids=ids)
        }
        roadmaps = {
            cycle: _roadmap(_launch(connection, organisation_id, cycle))
            for cycle in {row["cycle_id"] for row in rows}
        }
        words = whats(connection, organisation_id, rows)
        shown = []
        for row in rows:
            document = documents.get(row["refs"].get("document", ""))
            roadmap = roadmaps[row["cycle_id"]]
            assignment = (row["refs"].get("document", ""), row["refs"].get("assignment", ""))
            title = task_title(
                row["kind"], row["refs"], roadmap, document, words.get(assignment, "")
            )
            same = ("workflow_id", "task_id", "kind", "since", "due", "cycle_id", "refs")
            shown.append(
                InboxTask(
                    **{name: row[name] for name in same},
                    title=title,
                    assignee=names.of(row["assignee"]),
                    mine=row["assignee"] in acts_for,
                    late=row["due"] is not None and row["due"] < now,
                    document=document,
                    about=tuple(map(names.of, sides.get(row["refs"].get("pair", ""), ()))),
                )
            )
        return tuple(shown)

    def pair(self, organisation_id: str, pair_id: str) -> PairView:
        with self._engine.connect() as connection:
            row = one_of(connection, _PAIR, organisation_id, "pair", pair=pair_id)
            given = {"pair": pair_id, "order": row["order_id"]}
            documents = rows_of(connection, _OF_PAIR, organisation_id, **given)
            names = Names(connection, organisation_id, (row["mentor_id"], row["mentee_id"]))
            roadmap = _roadmap(_launch(connection, organisation_id, row["cycle_id"]))
        return PairView(
            **dict(pair_line(row, names, roadmap)),
            at_work=bool(row["at_work"]),
            waiting_until=row["waiting_until"],
            trouble=row["trouble"],
            documents=tuple(self._line(document) for document in documents),
            package=law_papers(row["consents"], row["papers"], names, self._kinds),
            stages=stage_lines(row["track"], row["position"], row["meetings"]),
        )

    def register(self, organisation_id: str, cycle_id: str) -> tuple[PairLine, ...]:
        """The pairs of a cycle, by name of mentor and mentee."""
        with self._engine.connect() as connection:
            roadmap = _roadmap(_launch(connection, organisation_id, cycle_id))
            rows = rows_of(connection, _REGISTER, organisation_id, cycle=cycle_id)
            people = [row[side] for row in rows for side in ("mentor_id", "mentee_id")]
            names = Names(connection, organisation_id, people)
        return tuple(pair_line(row, names, roadmap) for row in rows)

    def cycles(self, organisation_id: str) -> tuple[str, ...]:
        """The ids of all cycles, the earliest launched first."""
        with self._engine.connect() as connection:
            return tuple(row["cycle_id"] for row in rows_of(connection, _CYCLES, organisation_id))

    def cycle(self, organisation_id: str, cycle_id: str, now: datetime) -> CycleView:
        with self._engine.connect() as connection:
            launch = _launch(connection, organisation_id, cycle_id)
            given = {"cycle": cycle_id, "now": now}
            counts = connection.execute(_COUNTS, given).mappings().one()
            items = rows_of(connection, _ITEMS, organisation_id, cycle=cycle_id)
            names = Names(connection, organisation_id, [item["lead"] for item in items])
        roadmap = _roadmap(launch)
        return CycleView(
            **{name: launch[name] for name in ("cycle_id", "roadmap_version", "start", "ends")},
            **{**counts, "stage": counts["stage"] or ""},
            roadmap=launch["roadmap_name"],
            title=roadmap.title,
            items=tuple(item_line(item, names, roadmap, now) for item in items),
        )

    def notices(self, organisation_id: str, cycle_id: str) -> tuple[NoticeLine, ...]:
        """Reminders and escalations of a cycle, in the order of process time."""
        with self._engine.connect() as connection:
            rows = rows_of(connection, _NOTICES, organisation_id, cycle=cycle_id)
            names = Names(connection, organisation_id, [row["recipient"] for row in rows])
        same = ("subject", "key", "kind", "task_id", "at")
        return tuple(
            NoticeLine(**{name: row[name] for name in same}, recipient=names.of(row["recipient"]))
            for row in rows
        )

    def text(self, organisation_id: str, text_id: str) -> TextView:
        """A remark, a reason or another thing that a person wrote."""
        with self._engine.connect() as connection:
            row = one_of(connection, _TEXT, organisation_id, "text", id=text_id)
            names = Names(connection, organisation_id, [row["author"]])
        if row["destroyed_at"] is not None:
            raise KeyDestroyed(f"text {text_id} was destroyed")
        same = ("id", "kind", "subject", "body", "recorded_at")
        return TextView(**{name: row[name] for name in same}, author=names.of(row["author"]))


def _launch(connection: Connection, organisation_id: str, cycle_id: str) -> RowMapping:
    return one_of(connection, _LAUNCH, organisation_id, "cycle", cycle=cycle_id)


def _roadmap(launch: RowMapping) -> Roadmap:
    return Roadmap.model_validate(launch["roadmap"])
