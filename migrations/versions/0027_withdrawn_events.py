"""An event or a publication that was entered by mistake is withdrawn: a version with the reason."""

from alembic import op

revision = "0027"
down_revision = "0026"

_TABLES = ("events", "publications")


def upgrade() -> None:
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} ADD COLUMN withdrawn varchar")


def downgrade() -> None:
    for table in _TABLES:
        op.execute(f"ALTER TABLE {table} DROP COLUMN withdrawn")
