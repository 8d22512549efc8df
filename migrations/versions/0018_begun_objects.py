"""What is about to be stored: so that what nobody came to name is found, and removed, in time."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE begun_objects (
          key varchar NOT NULL,
          organisation_id varchar NOT NULL,
          begun_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          state varchar DEFAULT 'begun' NOT NULL
            CHECK (state IN ('begun', 'forsaken', 'gone', 'kept')),
          PRIMARY KEY (key)
        )
        """
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON begun_objects TO nastavnik_app")


def downgrade() -> None:
    op.execute("DROP TABLE begun_objects")
