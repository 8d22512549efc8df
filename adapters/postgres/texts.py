"""What people wrote, kept once; a workflow names it by its id."""

from sqlalchemy import Connection

from activities.tasks import KeptText
from adapters.postgres.rows import Known, put
from adapters.postgres.tables import KeptTextRow


def keep_text(connection: Connection, text: KeptText) -> None:
    """A text of this id that is there stays."""
    row = {**text.model_dump(), "sha256": text.sha256()}
    put(connection, KeptTextRow, [row], Known.STAYS)
