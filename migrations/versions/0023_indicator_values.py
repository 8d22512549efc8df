"""Indicators that people enter, each value beside the earlier ones."""

from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.execute(
        r"""
        CREATE TABLE indicator_values (
          cycle_id varchar NOT NULL,
          indicator varchar NOT NULL,
          turn integer NOT NULL,
          period varchar NOT NULL,
          n integer NOT NULL,
          organisation_id varchar NOT NULL,
          entry_id varchar NOT NULL,
          value varchar NOT NULL CHECK (value ~ '^[0-9]{1,9}(\.[0-9]{1,3})?$'),
          source varchar NOT NULL,
          author varchar NOT NULL,
          at timestamptz NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          seal varchar,
          PRIMARY KEY (cycle_id, indicator, turn, period, n),
          UNIQUE (entry_id)
        )
        """
    )
    # A value is corrected by the next one, never reworded.
    op.execute("GRANT SELECT, INSERT ON indicator_values TO nastavnik_app")


def downgrade() -> None:
    op.execute("DROP TABLE indicator_values")
