"""The first schema: all tables, the log that only grows, the rights of the application's role."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

_TABLES = (
    "api_requests audit_entries audit_heads bodies body_members clock documents facts items "
    "journal_lines journals kept_texts launches notices object_keys objects organisations pairs "
    "people processes tasks users"
)


def upgrade() -> None:
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(script, execution_options={"no_parameters": True})


def downgrade() -> None:
    """Everything goes but the role: it belongs to the whole server."""
    op.execute(f"DROP TABLE {', '.join(_TABLES.split())}")
    op.execute("DROP FUNCTION refuse_change")
