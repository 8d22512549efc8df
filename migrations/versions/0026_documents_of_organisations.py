"""A document of a cycle may be about one of the organisations below."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.execute("ALTER TABLE documents ADD COLUMN branch integer")


def downgrade() -> None:
    op.execute("ALTER TABLE documents DROP COLUMN branch")
