"""Checkpoints and cosignatures are counted: one that was deleted is missed."""

from alembic import op

revision = "0024"
down_revision = "0023"

_TABLES = ("checkpoints", "cosignatures")


def upgrade() -> None:
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} ADD COLUMN seal varchar")


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} DROP COLUMN seal")
