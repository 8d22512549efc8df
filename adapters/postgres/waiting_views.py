"""What cycles, rows, pairs and documents wait for, from the states that they saved last."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Final, Literal

from sqlalchemy import Connection, RowMapping, text

from adapters.postgres import reads
from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.names import ROLE_TITLES, Names
from adapters.postgres.retention_views import destroyed
from adapters.postgres.shown import DocumentLine, Named
from adapters.postgres.standing_views import DOCUMENTS, StandingViews
from adapters.postgres.titles import item_title
from adapters.russian import post_forms
from domain import ids
from domain.base import Value
from domain.documents import END, DocumentState
from domain.items import Item
from domain.names import Cases, NameForms
from domain.pair import PairState
from domain.pairing import PairEntry
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from domain.waiting import Around, Wait, everybody, moment_on, of_document
from domain.waiting_rows import of_cycle, of_pair, of_row
from domain.waiting_words import Called

_STATES: Final = text(
    "SELECT id, kind, state FROM processes WHERE organisation_id = :organisation AND id = ANY(:ids)"
)
_DOCUMENTS_OF: Final = text(
    """
    SELECT id, kind, state FROM processes
    WHERE organisation_id = :organisation AND parent = ANY(:parents) AND kind = 'document'
      AND stage <> ALL(:over) AND state IS NOT NULL
    """
)
_IN_CYCLE: Final = text(
    """
    SELECT id, kind, state FROM processes
    WHERE organisation_id = :organisation AND cycle_id = :cycle AND (
      kind = 'pair' AND stage NOT IN ('completed', 'stopped')
      OR kind = 'document' AND stage <> ALL(:over)
      OR id IN (SELECT workflow_id FROM tasks WHERE cycle_id = :cycle))
    ORDER BY id
    """
)
_NEAREST: Final = text(
    """
    SELECT workflow_id, refs, count(*) OVER () AS asked FROM tasks
    WHERE organisation_id = :organisation AND cycle_id = :cycle
    ORDER BY due NULLS LAST, since, task_id LIMIT 1
    """
)
_PAIRS: Final = text(
    """
    SELECT pair_id, mentor_id, mentee_id, form, turn, stage FROM pairs
    WHERE organisation_id = :organisation AND cycle_id = :cycle ORDER BY pair_id
    """
)
_SIDES: Final = text(
    """
    SELECT pair_id, mentor_id, mentee_id FROM pairs
    WHERE organisation_id = :organisation AND pair_id = ANY(:ids)
    """
)
_ROADMAP: Final = text(
    "SELECT roadmap FROM programmes WHERE organisation_id = :organisation AND cycle_id = :cycle"
)
_CYCLE_OF: Final = text(
    "SELECT cycle_id FROM processes WHERE organisation_id = :organisation AND id = :id"
)
_KNOWN: Final = text(
    "SELECT id FROM processes WHERE organisation_id = :organisation AND id = ANY(:ids)"
)
_CALLED: Final = text(
    """
    SELECT id, name_forms, post, NULL AS name, NULL AS role, id AS person_id, birth_date
      FROM people WHERE organisation_id = :organisation AND id = ANY(:ids)
    UNION ALL
    SELECT id, NULL, NULL, name, NULL, NULL, NULL FROM bodies
      WHERE organisation_id = :organisation AND id = ANY(:ids)
    UNION ALL
    SELECT u.id, p.name_forms, NULL, NULL, u.role, p.id, p.birth_date
      FROM users u LEFT JOIN people p ON p.id = u.person_id
      WHERE u.organisation_id = :organisation AND u.id = ANY(:ids)
    """
)
_OVER: Final = [str(stage) for stage in END]


class WaitLine(Value):
    """What one thing waits for. `about` are mentor and mentee of a pair."""

    of: Literal["cycle", "row", "pair", "document"]
    workflow_id: str  # of the row's cycle or pair, if it is a row
    item_id: str | None = None
    title: str
    about: tuple[Named, ...] = ()
    wait: Wait


class Waits(Value):
    """Lines, and how those are called whom their sentences name."""

    lines: tuple[WaitLine, ...]
    called: Mapping[str, Called]


class WaitingViews(StandingViews):
    """What is waited for. `NotFound` where the organisation has nothing of the kind."""

    def workflow_of(self, organisation_id: str, id_: str) -> str:
        """The cycle, pair or document of this id, as its workflow's id. Raises `NotFound`."""
        known = [ids.cycle_workflow(id_), ids.pair_workflow(id_), ids.document_workflow(id_)]
        with self._engine.connect() as connection:
            return str(one_of(connection, _KNOWN, organisation_id, "id", ids=known)["id"])

    def waits(self, organisation_id: str, workflow_id: str, now: datetime) -> Waits:
        """What a cycle, a pair or a document waits for, and then its rows."""
        with self._engine.connect() as connection:
            found = one_of(connection, _CYCLE_OF, organisation_id, "process", id=workflow_id)
            read = _Read(connection, organisation_id, found["cycle_id"], self._titles(), now)
            kind, _, id_ = workflow_id.partition("/")
            match kind:
                case "cycle":
                    lines = read.of_cycle()
                case "pair":
                    lines = read.of_pairs([id_])
                case _:
                    lines = read.of_documents(self._documents(connection, organisation_id, [id_]))
            return read.with_names(lines)

    def waits_of_pairs(
        self, organisation_id: str, cycle_id: str, pair_ids: Sequence[str], now: datetime
    ) -> Waits:
        """What these pairs of a cycle wait for; their rows are left out."""
        with self._engine.connect() as connection:
            read = _Read(connection, organisation_id, cycle_id, self._titles(), now)
            lines = [line for line in read.of_pairs(pair_ids) if line.of == "pair"]
            return read.with_names(lines)

    def waits_of_documents(
        self, organisation_id: str, cycle_id: str, document_ids: Sequence[str], now: datetime
    ) -> Waits:
        """What these documents of a cycle wait for."""
        with self._engine.connect() as connection:
            read = _Read(connection, organisation_id, cycle_id, self._titles(), now)
            found = self._documents(connection, organisation_id, document_ids)
            return read.with_names(read.of_documents(found))

    def waits_in(self, organisation_id: str, cycle_id: str, now: datetime) -> Waits:
        """All that is waited for in a cycle: itself, its rows, its open pairs with their rows, and
        its documents that are on their way.
        """
        with self._engine.connect() as connection:
            one_of(connection, _ROADMAP, organisation_id, "cycle", cycle=cycle_id)
            read = _Read(connection, organisation_id, cycle_id, self._titles(), now)
            given = {"cycle": cycle_id, "over": _OVER}
            rows = rows_of(connection, _IN_CYCLE, organisation_id, **given)
            pairs, documents = (
                [_id(row) for row in rows if row["kind"] == kind] for kind in _KINDS
            )
            found = self._documents(connection, organisation_id, documents)
            lines = [*read.of_cycle(), *read.of_pairs(pairs), *read.of_documents(found)]
            return read.with_names([one for one in lines if one.wait.what != "row_done"])

    def _titles(self) -> Mapping[str, str]:
        return {kind: known.title for kind, known in self._kinds.items()}

    def _documents(
        self, connection: Connection, organisation_id: str, document_ids: Sequence[str]
    ) -> list[tuple[DocumentLine, Wait | None]]:
        """Lines of documents; of one that has no force any more, what that comes from."""
        given = {"ids": list(document_ids)}
        rows = rows_of(connection, DOCUMENTS, organisation_id, **given)
        known = {row["document_id"]: self._line(row) for row in rows}
        gone = destroyed(connection, list(document_ids))
        over: dict[str, Wait] = {}
        for id_, line in known.items():
            if line.ended:
                over[id_] = Wait(
                    what="ended", words=line.ended.title, since=moment_on(line.ended.day)
                )
            if id_ in gone:
                over[id_] = Wait(what="destroyed", since=gone[id_].destroyed_at)
        return [(known[id_], over.get(id_)) for id_ in document_ids if id_ in known]


_KINDS: Final = ("pair", "document")


class _Read:
    """One reading of a cycle: each of its states is read once, when it is asked for."""

    def __init__(
        self,
        connection: Connection,
        organisation_id: str,
        cycle_id: str,
        kinds: Mapping[str, str],
        now: datetime,
    ) -> None:
        self._connection = connection
        self._organisation = organisation_id
        self._cycle_id = cycle_id
        self._now = now
        row = one_of(connection, _ROADMAP, organisation_id, "cycle", cycle=cycle_id)
        self._roadmap = Roadmap.model_validate(row["roadmap"])
        self._around = Around(roadmap=self._roadmap, kinds=kinds)

    def of_cycle(self) -> list[WaitLine]:
        """The cycle, and its own rows."""
        workflow_id = ids.cycle_workflow(self._cycle_id)
        state = self._cycle()
        if state is None:
            return [self._line("cycle", workflow_id, self._roadmap.title, Wait(what="plan"))]
        around = self._with_documents([workflow_id])
        nearest, asked = self._nearest(state, around)
        wait = of_cycle(state, around, self._now, nearest, asked)
        own = self._line("cycle", workflow_id, self._roadmap.title, wait)
        return [own, *self._rows(state, around)]

    def of_pairs(self, pair_ids: Sequence[str]) -> list[WaitLine]:
        """These pairs, each with its rows."""
        if not pair_ids:
            return []
        workflows = {ids.pair_workflow(id_): id_ for id_ in pair_ids}
        states = {row["id"]: row["state"] for row in self._states(list(workflows))}
        parents = [ids.cycle_workflow(self._cycle_id), *workflows]
        around = self._with_documents(parents).changed(cycle=self._cycle())
        sides = self._sides(pair_ids)
        lines: list[WaitLine] = []
        for workflow_id, pair_id in workflows.items():
            body = states.get(workflow_id)
            state = PairState.model_validate(body) if body else None
            wait = of_pair(state, around, self._now) if state else Wait(what="work")
            line = self._line("pair", workflow_id, "", wait)
            lines.append(line.changed(about=sides.get(pair_id, ())))
            if state is not None:
                lines += self._rows(state, around)
        return lines

    def of_documents(self, documents: Iterable[tuple[DocumentLine, Wait | None]]) -> list[WaitLine]:
        """Documents by their lines; one that has no force any more says so."""
        known = list(documents)
        workflows = [ids.document_workflow(line.document_id) for line, _ in known]
        states = {row["id"]: row["state"] for row in self._states(workflows)}
        lines = []
        for (line, over), workflow_id in zip(known, workflows, strict=True):
            body = states.get(workflow_id)
            wait = over or (
                of_document(DocumentState.model_validate(body)) if body else Wait(what="draft")
            )
            lines.append(self._line("document", workflow_id, line.title, wait))
        return lines

    def with_names(self, lines: Sequence[WaitLine]) -> Waits:
        """The lines, and how everybody in them is called; whoever keeps the reads learns of it."""
        asked = everybody(line.wait for line in lines)
        found = rows_of(self._connection, _CALLED, self._organisation, ids=list(asked))
        return Waits(lines=tuple(lines), called={row["id"]: _called(row) for row in found})

    def _line(
        self, of: Literal["cycle", "pair", "document"], workflow_id: str, title: str, wait: Wait
    ) -> WaitLine:
        return WaitLine(of=of, workflow_id=workflow_id, title=title, wait=wait)

    def _rows(self, state: ProgrammeState | PairState, around: Around) -> list[WaitLine]:
        return [
            WaitLine(
                of="row",
                workflow_id=state.workflow_id,
                item_id=item.id,
                title=item_title(self._roadmap, item.plan.step),
                wait=of_row(state, item, around, self._now),
            )
            for item in state.items
        ]

    def _nearest(self, state: ProgrammeState, around: Around) -> tuple[Wait | None, int]:
        """The wait of the most urgent task of all in the cycle, and how many tasks there are."""
        rows = rows_of(self._connection, _NEAREST, self._organisation, cycle=self._cycle_id)
        if not rows:
            return None, 0
        task = rows[0]
        return self._wait_of(task, state, around), task["asked"]

    def _wait_of(self, task: RowMapping, state: ProgrammeState, around: Around) -> Wait | None:
        workflow_id, item_id = task["workflow_id"], task["refs"].get("item")
        if workflow_id == state.workflow_id:
            return self._of_item(state, item_id, around)
        (row,) = self._states([workflow_id])
        if row["kind"] == "document":
            document = DocumentState.model_validate(row["state"])
            return of_document(document).changed(about=around.kind(document.kind))
        pair = PairState.model_validate(row["state"])
        own = self._with_documents([workflow_id]).changed(cycle=state)
        return self._of_item(pair, item_id, own) or of_pair(pair, own, self._now)

    def _of_item(
        self, state: ProgrammeState | PairState, item_id: str | None, around: Around
    ) -> Wait | None:
        item: Item | None = next((one for one in state.items if one.id == item_id), None)
        return of_row(state, item, around, self._now) if item else None

    def _cycle(self) -> ProgrammeState | None:
        """The cycle's state with all its pairs: a save leaves out those that have rows."""
        found = self._states([ids.cycle_workflow(self._cycle_id)])
        if not found or found[0]["state"] is None:
            return None
        pairs = rows_of(self._connection, _PAIRS, self._organisation, cycle=self._cycle_id)
        entries = tuple(PairEntry(**dict(pair), started=True) for pair in pairs)
        return ProgrammeState.model_validate(found[0]["state"]).changed(pairs=entries)

    def _with_documents(self, parents: Sequence[str]) -> Around:
        given = {"parents": list(parents), "over": _OVER}
        rows = rows_of(self._connection, _DOCUMENTS_OF, self._organisation, **given)
        found = [DocumentState.model_validate(row["state"]) for row in rows]
        return self._around.changed(documents={one.document_id: one for one in found})

    def _states(self, workflow_ids: Sequence[str]) -> list[RowMapping]:
        return rows_of(self._connection, _STATES, self._organisation, ids=list(workflow_ids))

    def _sides(self, pair_ids: Sequence[str]) -> dict[str, tuple[Named, ...]]:
        rows = rows_of(self._connection, _SIDES, self._organisation, ids=list(pair_ids))
        people = [row[side] for row in rows for side in ("mentor_id", "mentee_id")]
        names = Names(self._connection, self._organisation, people)
        return {
            row["pair_id"]: (names.of(row["mentor_id"]), names.of(row["mentee_id"])) for row in rows
        }


def _id(row: RowMapping) -> str:
    return str(row["id"]).partition("/")[2]


def _called(row: RowMapping) -> Called:
    """«директор Иванова М. П.»; of a body, its name."""
    if row["name"] is not None:
        return body_called(row["name"])
    if row["person_id"] and row["birth_date"]:
        reads.named(row["person_id"], row["birth_date"])
    post = post_called(row["post"] or ROLE_TITLES.get(row["role"] or "", ""))
    forms = NameForms.model_validate(row["name_forms"]) if row["name_forms"] else None
    nomn = (post.nomn, forms.nomn.initials_last if forms else "")
    gent = (post.gent, forms.gent.initials_last if forms else "")
    return Called(nomn=" ".join(filter(None, nomn)), gent=" ".join(filter(None, gent)))


def body_called(name: str) -> Called:
    """A body whose name does not change is said to be one."""
    forms = _declined(name)
    gent = f"органа «{name}»" if forms.gent == name else forms.gent
    return Called(nomn=name, gent=gent)


def post_called(post: str) -> Cases:
    """The post in the middle of a sentence: «Директор» is «директор», «ИТ-специалист» stays."""
    is_word = len(post) > 1 and post[1].islower()
    return _declined(post[:1].lower() + post[1:] if is_word else post)


@cache
def _declined(words: str) -> Cases:
    return post_forms(words)
