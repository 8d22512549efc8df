"""What `recover` needs of pairs and launches that no saved state holds."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.execute("ALTER TABLE pairs ADD COLUMN novice boolean")
    op.execute("ALTER TABLE launches ADD COLUMN launched_by varchar")


def downgrade() -> None:
    op.execute("ALTER TABLE launches DROP COLUMN launched_by")
    op.execute("ALTER TABLE pairs DROP COLUMN novice")
