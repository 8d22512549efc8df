"""Reads of minors' data; indexes by which an auditor looks through the log."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE reads (
          id bigint GENERATED ALWAYS AS IDENTITY,
          organisation_id varchar NOT NULL,
          account varchar NOT NULL,
          person_id varchar,
          role varchar NOT NULL,
          at timestamptz NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          route varchar NOT NULL,
          shown varchar NOT NULL,
          about varchar,
          people varchar[] NOT NULL,
          PRIMARY KEY (id)
        )
        """
    )
    op.execute("CREATE INDEX ix_reads_organisation_id ON reads (organisation_id, id)")
    op.execute("CREATE INDEX ix_reads_recorded_at ON reads (organisation_id, recorded_at)")
    op.execute("CREATE INDEX ix_reads_people ON reads USING gin (people)")
    # Who looked cannot be unsaid: the application may add a read and do nothing else to it.
    op.execute("GRANT SELECT, INSERT ON reads TO nastavnik_app")
    op.execute("DROP INDEX ix_audit_entries_cycle_id")
    op.execute("DROP INDEX ix_audit_entries_pair_id")
    for index, columns in INDEXES.items():
        op.execute(f"CREATE INDEX {index} ON audit_entries ({columns})")


def downgrade() -> None:
    for index in INDEXES:
        op.execute(f"DROP INDEX {index}")
    op.execute("CREATE INDEX ix_audit_entries_cycle_id ON audit_entries (cycle_id)")
    op.execute("CREATE INDEX ix_audit_entries_pair_id ON audit_entries (pair_id)")
    op.execute("DROP TABLE reads")


# A page of a list is read from where the one before it ended, whichever filter is set.
INDEXES = {
    "ix_audit_entries_cycle_id": "cycle_id, seq",
    "ix_audit_entries_pair_id": "pair_id, seq",
    "ix_audit_entries_actor": "organisation_id, actor, seq",
    "ix_audit_entries_action": "organisation_id, action, seq",
    "ix_audit_entries_at": "organisation_id, at",
}
