"""Working days that an organisation named itself, by year."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE calendars (
          organisation_id varchar NOT NULL,
          year integer NOT NULL,
          days jsonb NOT NULL,
          author varchar NOT NULL,
          at timestamptz NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (organisation_id, year),
          FOREIGN KEY (organisation_id) REFERENCES organisations (organisation_id)
        )
        """
    )
    # A year is loaded anew whole; what was loaded before stands in the log by its hash.
    op.execute("GRANT SELECT, INSERT, UPDATE ON calendars TO nastavnik_app")


def downgrade() -> None:
    op.execute("DROP TABLE calendars")
