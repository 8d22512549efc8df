"""What became of papers in which somebody had a part: told once, and shown for a while."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text

from adapters.postgres.access_views import rows_of
from adapters.postgres.assignment_views import AssignmentViews
from adapters.postgres.shown import DocumentLine
from adapters.postgres.standing_views import DOCUMENTS
from domain.base import Value

SHOWN_FOR: Final = timedelta(days=14)
_MOST: Final = 20

_NEWS = text(
    """
    SELECT task_id, at FROM notices
    WHERE organisation_id = :organisation AND kind = 'informed' AND recipient = ANY(:people)
      AND at > :since AND subject LIKE 'document/%'
    ORDER BY at DESC, key LIMIT :most
    """
)


class NewsLine(Value):
    """`what` became of a document: redrafted, sent_back, refused, fulfil (of an assignment)."""

    what: str
    document: DocumentLine
    at: datetime


class NewsViews(AssignmentViews):
    """News for people and bodies."""

    def news(
        self, organisation_id: str, acts_for: Sequence[str], now: datetime
    ) -> tuple[NewsLine, ...]:
        """What these people and bodies were told lately, the latest first."""
        given = {"people": list(acts_for), "since": now - SHOWN_FOR, "most": _MOST}
        with self._engine.connect() as connection:
            rows = rows_of(connection, _NEWS, organisation_id, **given)
            ids = sorted({row["task_id"].partition("/")[0] for row in rows})
            found = rows_of(connection, DOCUMENTS, organisation_id, ids=ids)
        known = {row["document_id"]: self._line(row) for row in found}
        told = [(row["task_id"].split("/"), row["at"]) for row in rows]
        return tuple(
            NewsLine(what=what, document=known[document], at=at)
            for (document, what, *_), at in told
            if document in known
        )
