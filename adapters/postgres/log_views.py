"""The log as people look through it: with filters, a page at a time, each entry with its ground."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final, Literal

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, TextClause, text

from adapters.postgres.authority_views import CAPACITY_TITLES
from adapters.postgres.names import NAMES, Known, KnownNames
from adapters.postgres.session import any_of
from adapters.postgres.shown import TimelineEvent
from adapters.postgres.standing_views import StandingViews, named_by, named_in
from adapters.postgres.verification_views import NO_FILES, STANDING, FileStanding
from domain.actions import TECHNICAL
from domain.audit import AuditEvent
from domain.base import Value
from domain.errors import NotFound
from domain.mandates import Capacity

A_PAGE: Final = 50
MOST: Final = 200
"""Entries of one answer."""
_GROUNDS: Final = {"order": "приказ", "power_of_attorney": "доверенность", "charter": "устав"}
_WITH_NORM: Final = ("drafted", "approved", "registered", "sealed")
_WRITTEN: Final = {"remark": "замечание", "reason": "причина"}


class LogAsked(Value):
    """Which entries are asked for: all that is said holds of them. Days are the organisation's."""

    pair_id: str | None = None
    """Of the pair, its documents and rows, and of the order that names it."""
    cycle_id: str | None = None
    document_id: str | None = None
    subject: str | None = None
    who: str | None = None  # an account, or the person whose it is
    actions: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    technical: bool = True
    newest_first: bool = False
    cursor: int | None = None
    """The number after which they begin, before which if the newest come first."""
    limit: int = A_PAGE


class Basis(Value):
    """On what an event rests, in words; the document or the kept text that it is, if it is one."""

    what: Literal["minutes", "right", "document", "norm", "written"]
    words: str
    id: str | None = None


class AboutDocument(Value):
    """The document that an entry is about."""

    document_id: str
    title: str
    number: str | None
    day: date | None


class LogLine(TimelineEvent):
    """An entry of the log with all that an auditor asks of it. Its number is `seq`."""

    document: AboutDocument | None
    basis: tuple[Basis, ...]
    file: FileStanding | None
    """How the stored files of its document stand now; None of what is no document."""


class LogPage(Value):
    """Some entries, in the order that was asked for; `next` is where the following ones begin."""

    lines: tuple[LogLine, ...]
    next: int | None


_Entry = Row[int, str, str, datetime]
"""As `_COLUMNS` has it."""
_EVENTS: Final = TypeAdapter(tuple[AuditEvent, ...])
_COLUMNS = "seq, text, encode(substr(nodes, 1, 32), 'hex') AS hash, recorded_at"
_OURS = "organisation_id = :organisation"
_ZONE = "(SELECT time_zone FROM organisations WHERE organisation_id = :organisation)"
# Evaluated once: the order that names the pair, and whatever changed that order.
_ORDER = """
    SELECT state ->> 'order_id' FROM processes
    WHERE organisation_id = :organisation AND id = 'pair/' || CAST(:pair AS varchar)
"""
_OF_ORDER = f"""
    subject = ANY(ARRAY(
      SELECT 'document/' || ({_ORDER}) UNION ALL
      SELECT 'document/' || document_id FROM document_links WHERE changed_id = ({_ORDER})))
    AND pair_id IS DISTINCT FROM :pair
"""  # noqa: S608 - a constant of ours
_PARTS = {
    "cycle_id": "cycle_id = :cycle_id",
    "subject": "subject = :subject",
    "document_id": "subject IN ('document/' || CAST(:document_id AS varchar), "
    "'acquaintance/' || CAST(:document_id AS varchar))",
    "who": "actor = ANY(ARRAY(SELECT CAST(:who AS varchar) UNION SELECT id FROM users "
    "WHERE organisation_id = :organisation AND person_id = :who))",
    "actions": "action = ANY(:actions)",
    "first": f"at >= CAST(:first AS timestamp) AT TIME ZONE {_ZONE}",
    "last": f"at < CAST(:last AS timestamp) AT TIME ZONE {_ZONE}",
}
# All in one: of five statements the way there and back would be most of the time.
_BESIDE = text(
    f"""
    SELECT 'document' AS what, document_id AS id,
      json_build_object('kind', kind, 'number', number, 'day', day) AS body
      FROM documents WHERE organisation_id = :organisation AND document_id = {any_of("documents")}
    UNION ALL SELECT 'right', authority_id,
      json_build_object('capacity', capacity, 'ground', ground)
      FROM authorities WHERE organisation_id = :organisation AND authority_id = {any_of("rights")}
    UNION ALL SELECT kind, id, to_json(body ->> 'text')
      FROM kept_texts WHERE id = {any_of("notes")} AND kind IN ('remark', 'reason')
        AND (organisation_id = :organisation OR organisation_id IN (
          SELECT b.organisation_id FROM branches b WHERE b.below_id = :organisation))
    UNION ALL SELECT 'pair', r.pair_id, json_build_object(
        'needs', p.state -> 'needs', 'package', p.state -> 'package')
      FROM pairs r LEFT JOIN processes p ON p.id = 'pair/' || r.pair_id
      WHERE r.organisation_id = :organisation AND r.pair_id = :pair
    UNION ALL SELECT 'name', id, row_to_json(called) FROM ({NAMES}) AS called
    UNION ALL SELECT 'files', document_id, body FROM ({STANDING}) AS standing
    """  # noqa: S608 - constants of ours
)


class LogViews(StandingViews):
    """The organisation's log, and a pair's part of it."""

    def timeline(self, organisation_id: str, asked: LogAsked) -> LogPage:
        """Entries of one pair: `asked` names it. `NotFound` if the organisation has no such one."""
        return self._page(organisation_id, asked, must_be=True)

    def log(self, organisation_id: str, asked: LogAsked) -> LogPage:
        """Entries of the organisation's log. What it has not is not found in it: then none."""
        return self._page(organisation_id, asked)

    def _page(self, organisation_id: str, asked: LogAsked, *, must_be: bool = False) -> LogPage:
        """`must_be`: the pair that is asked for."""
        with self._engine.connect() as connection:
            found = _found(connection, organisation_id, asked)
            more, rows = len(found) > asked.limit, found[: asked.limit]
            events = _EVENTS.validate_json(f"[{','.join([row.text for row in rows])}]")
            beside = _beside(connection, organisation_id, events, asked.pair_id)
        pair = beside.get(("pair", asked.pair_id or ""))
        if must_be and pair is None:
            raise NotFound("no such pair")
        lines = self._lines(rows, events, beside, _norms(pair) if pair else {})
        # Validated once, all lines together: one by one takes longer than the query.
        return LogPage.model_validate(
            {"lines": tuple(lines), "next": rows[-1].seq if more else None}
        )

    def _lines(
        self,
        rows: Sequence[_Entry],
        events: Sequence[AuditEvent],
        beside: "_Beside",
        norms: dict[str, str],
    ) -> Iterator[dict[str, object]]:
        """Fields of a `LogLine` for each event and its row."""
        called = [one for (what, _), one in beside.items() if what == "name"]
        names = KnownNames(Known.model_validate(one) for one in called)
        subjects = [_document_of(event) or "" for event in events]
        documents = {id_ for id_ in subjects if id_}
        about = {id_: self._about(id_, beside) for id_ in documents}
        files = {id_: _files(beside.get(("files", id_))) for id_ in documents}
        every = zip(events, rows, subjects, strict=True)
        for event, (seq, words, sha256, recorded_at), id_ in every:
            named = named_in(event, names)
            yield {
                **vars(event),
                "seq": seq,
                "text": words,
                "hash": sha256,
                "recorded_at": recorded_at,
                "actor": names.of(event.actor),
                "named": named,
                "document": about.get(id_),
                "basis": tuple(self._basis(event, named, beside, norms.get(id_))),
                "file": files.get(id_),
            }

    def _about(self, document_id: str, beside: "_Beside") -> AboutDocument | None:
        body = beside.get(("document", document_id))
        if body is None:
            return None
        return AboutDocument(
            document_id=document_id,
            title=self._title(body["kind"]),
            number=body["number"],
            day=body["day"],
        )

    def _basis(
        self, event: AuditEvent, named: dict[str, str], beside: "_Beside", norm: str | None
    ) -> Iterator[Basis]:
        refs = event.refs
        if "body" in refs and "number" in refs and "day" in refs:
            day = date.fromisoformat(refs["day"])
            who = named.get("body", "")
            yield Basis(what="minutes", words=f"{who}, протокол от {_said(day)} № {refs['number']}")
        for id_ in refs.get("mandate", "").split(","):
            right = beside.get(("right", id_))
            if right:
                yield Basis(what="right", words=_right_words(right), id=id_)
        about = beside.get(("document", refs.get("document", "")))
        if about:
            words = self._title(about["kind"])
            if about["number"]:
                words += f" № {about['number']}"
            if about["day"]:
                words += f" от {_said(date.fromisoformat(about['day']))}"
            yield Basis(what="document", words=words, id=refs["document"])
        if norm and event.action in _WITH_NORM:
            yield Basis(what="norm", words=norm)
        for kind, title in _WRITTEN.items():
            written = beside.get((kind, event.note_id or ""))
            if written:
                yield Basis(what="written", words=f"{title}: {written}", id=event.note_id)

    def _title(self, kind: str) -> str:
        known = self._kinds.get(kind)
        return known.title if known else kind


_Beside = dict[tuple[str, str], Any]


def _found(connection: Connection, organisation_id: str, asked: LogAsked) -> Sequence[_Entry]:
    """One row more than the limit, if there is one."""
    given: dict[str, object] = {
        "organisation": organisation_id,
        **asked.model_dump(include=set(_PARTS)),
        "actions": list(asked.actions),
        "last": asked.last and min(asked.last, date.max - timedelta(days=1)) + timedelta(days=1),
        "technical": sorted(TECHNICAL),
        "pair": asked.pair_id,
        "cursor": asked.cursor,
        "limit": asked.limit + 1,
    }
    flags = tuple(name for name in _PARTS if getattr(asked, name))
    query = _query(
        flags,
        asked.technical,
        asked.pair_id is not None,
        asked.cursor is not None,
        asked.newest_first,
    )
    return connection.execute(query, given).all()


@cache
def _query(
    asked: tuple[str, ...],
    technical: bool,  # noqa: FBT001 - all of one private call
    of_pair: bool,  # noqa: FBT001
    goes_on: bool,  # noqa: FBT001
    newest_first: bool,  # noqa: FBT001
) -> TextClause:
    parts = [_OURS, *(_PARTS[name] for name in asked)]
    if not technical:
        parts.append("action <> ALL(:technical)")
    if goes_on:
        parts.append(f"seq {'<' if newest_first else '>'} :cursor")
    end = f"ORDER BY seq {'DESC' if newest_first else 'ASC'} LIMIT :limit"
    if not of_pair:
        return text(_select(parts, end))
    own = _select([*parts, "pair_id = :pair"], end)
    # Each branch by its own index: an OR of both would walk the whole log. So would the second
    # without `OFFSET 0`, in the order of the limit.
    few = _select([*parts, _OF_ORDER], "OFFSET 0")
    both = f"({own}) UNION ALL (SELECT * FROM ({few}) AS few)"  # noqa: S608 - constants of ours
    return text(f"SELECT * FROM ({both}) AS found {end}")  # noqa: S608 - constants of ours


def _select(parts: Iterable[str], end: str) -> str:
    return f"SELECT {_COLUMNS} FROM audit_entries WHERE {' AND '.join(parts)} {end}"  # noqa: S608


def _beside(
    connection: Connection,
    organisation_id: str,
    events: Sequence[AuditEvent],
    pair_id: str | None,
) -> _Beside:
    """What the events name: people, documents and their files, rights to decide, remarks and
    reasons; and the pair.
    """
    about = {_document_of(event) for event in events}
    named = {event.refs.get("document") for event in events}
    rights = {one for event in events for one in event.refs.get("mandate", "").split(",")}
    given = {
        "organisation": organisation_id,
        "ids": sorted(named_by(events)),
        "documents": sorted(one for one in about | named if one),
        "rights": sorted(rights),
        "notes": sorted({event.note_id for event in events if event.note_id}),
        "pair": pair_id,
    }
    found = connection.execute(_BESIDE, given).all()
    return {(what, id_): body for what, id_, body in found}


def _document_of(event: AuditEvent) -> str | None:
    kind, _, id_ = event.subject.partition("/")
    return id_ if kind in ("document", "acquaintance") else None


def _norms(pair: dict[str, Any]) -> dict[str, str]:
    """The norm that asks for each document of the pair."""
    papers = (*(pair["needs"] or ()), *(pair["package"] or ()))
    return {paper["document_id"]: paper["norm"] for paper in papers if paper["document_id"]}


def _files(body: object) -> FileStanding:
    return NO_FILES if body is None else FileStanding.model_validate(body)


def _right_words(right: dict[str, Any]) -> str:
    ground = right["ground"]
    day = _said(date.fromisoformat(ground["day"]))
    what = _GROUNDS[ground["what"]]
    return f"{CAPACITY_TITLES[Capacity(right['capacity'])]}: {what} № {ground['number']} от {day}"


def _said(day: date) -> str:
    return f"{day:%d.%m.%Y}"
