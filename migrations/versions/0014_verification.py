"""Nightly verification of stored files: runs, and incidents."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE verification_runs (
          run_id varchar NOT NULL,
          organisation_id varchar NOT NULL,
          last_key varchar NOT NULL,
          total bigint NOT NULL,
          checked bigint NOT NULL,
          bytes bigint NOT NULL,
          faults integer NOT NULL,
          started_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          moved_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          finished_at timestamptz,
          PRIMARY KEY (run_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_verification_runs_started_at ON verification_runs (started_at)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON verification_runs TO nastavnik_app")
    op.execute(
        """
        CREATE TABLE incidents (
          incident_id varchar NOT NULL,
          organisation_id varchar NOT NULL,
          key varchar NOT NULL,
          document_id varchar,
          version integer,
          role varchar NOT NULL,
          pair_id varchar,
          kind varchar NOT NULL,
          events integer NOT NULL,
          run_id varchar NOT NULL,
          found_at timestamptz NOT NULL,
          last_seen_at timestamptz NOT NULL,
          resolved_at timestamptz,
          note_id varchar,
          PRIMARY KEY (incident_id)
        )
        """
    )
    # Whatever runs how often: a file has one open incident.
    op.execute("CREATE UNIQUE INDEX uq_incidents_open ON incidents (key) WHERE resolved_at IS NULL")
    op.execute("CREATE INDEX ix_incidents_organisation_id ON incidents (organisation_id)")
    op.execute("CREATE INDEX ix_incidents_document_id ON incidents (document_id)")
    op.execute("GRANT SELECT, INSERT, UPDATE ON incidents TO nastavnik_app")


def downgrade() -> None:
    op.execute("DROP TABLE incidents")
    op.execute("DROP TABLE verification_runs")
