"""Standing orders to launch a roadmap each year; what a cycle takes over from the one before."""

from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE yearly_launches (
          order_id varchar NOT NULL PRIMARY KEY,
          organisation_id varchar NOT NULL,
          roadmap_name varchar NOT NULL,
          holders jsonb NOT NULL,
          state varchar NOT NULL CHECK (state IN ('active', 'paused', 'ended')),
          author varchar NOT NULL,
          at timestamptz NOT NULL,
          season integer,
          outcome varchar CHECK (outcome IN ('launched', 'already', 'refused')),
          cycle_id varchar,
          code varchar,
          tried_at timestamptz,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          seal varchar
        )
        """
    )
    # One order for a roadmap: a second one would launch the same year twice.
    op.execute(
        """
        CREATE UNIQUE INDEX uq_yearly_launches_open
        ON yearly_launches (organisation_id, roadmap_name) WHERE state <> 'ended'
        """
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON yearly_launches TO nastavnik_app")
    # Empty for a cycle that follows no other, and for all that were launched before.
    op.execute("ALTER TABLE launches ADD COLUMN follows varchar, ADD COLUMN amended jsonb")


def downgrade() -> None:
    op.execute("ALTER TABLE launches DROP COLUMN follows, DROP COLUMN amended")
    op.execute("DROP TABLE yearly_launches")
