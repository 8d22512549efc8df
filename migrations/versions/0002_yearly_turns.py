"""Yearly turns of a cycle, and the type of a pair's mentor."""

from alembic import op

revision = "0002"
down_revision = "0001"

_WITH_TURN = ("pairs", "documents", "items")


def upgrade() -> None:
    op.execute("ALTER TABLE launches ADD COLUMN turns integer DEFAULT 1 NOT NULL")
    op.execute("ALTER TABLE launches ALTER COLUMN turns DROP DEFAULT")
    for table in _WITH_TURN:
        op.execute(f"ALTER TABLE {table} ADD COLUMN turn integer DEFAULT 1 NOT NULL")
        op.execute(f"ALTER TABLE {table} ALTER COLUMN turn DROP DEFAULT")
    op.execute("ALTER TABLE pairs ADD COLUMN mentor_type varchar")


def downgrade() -> None:
    op.execute("ALTER TABLE pairs DROP COLUMN mentor_type")
    for table in _WITH_TURN:
        op.execute(f"ALTER TABLE {table} DROP COLUMN turn")
    op.execute("ALTER TABLE launches DROP COLUMN turns")
