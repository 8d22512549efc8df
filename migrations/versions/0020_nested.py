"""Organisations above others, cycles below cycles, and what those below reported."""

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    # Empty in rows from before: a seal covers what is not empty, and those rows keep theirs.
    op.execute(
        """
        ALTER TABLE organisations
          ADD COLUMN upper_id varchar REFERENCES organisations (organisation_id),
          ADD COLUMN level varchar,
          ADD COLUMN kind varchar,
          ADD COLUMN outside boolean,
          ADD COLUMN tags jsonb
        """
    )
    op.execute("CREATE INDEX ix_organisations_upper_id ON organisations (upper_id)")
    op.execute(
        """
        ALTER TABLE launches
          ADD COLUMN upper_cycle_id varchar,
          ADD COLUMN branch integer,
          ADD COLUMN upper_turn integer,
          ADD COLUMN adapt jsonb,
          ADD UNIQUE (upper_cycle_id, branch)
        """
    )
    op.execute(
        """
        CREATE TABLE branches (
          cycle_id varchar NOT NULL,
          n integer NOT NULL,
          organisation_id varchar NOT NULL,
          below_id varchar NOT NULL,
          stage varchar NOT NULL,
          reports jsonb NOT NULL,
          PRIMARY KEY (cycle_id, n)
        )
        """
    )
    op.execute("CREATE INDEX ix_branches_below_id ON branches (below_id)")
    op.execute(
        """
        CREATE UNIQUE INDEX uq_branches_there ON branches (cycle_id, below_id)
        WHERE stage <> 'left'
        """
    )
    op.execute(
        """
        CREATE TABLE branch_reports (
          cycle_id varchar NOT NULL,
          n integer NOT NULL,
          demand varchar NOT NULL,
          turn integer NOT NULL,
          version integer NOT NULL,
          organisation_id varchar NOT NULL,
          figures jsonb NOT NULL,
          origin varchar NOT NULL,
          given_by varchar,
          source varchar,
          file_sha256 varchar,
          at timestamptz NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          seal varchar,
          PRIMARY KEY (cycle_id, n, demand, turn, version)
        )
        """
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON branches TO nastavnik_app")
    # What was reported is not reworded: a correction is the next version.
    op.execute("GRANT SELECT, INSERT ON branch_reports TO nastavnik_app")


def downgrade() -> None:
    op.execute("DROP TABLE branch_reports, branches")
    op.execute(
        """
        ALTER TABLE launches DROP COLUMN upper_cycle_id, DROP COLUMN branch,
          DROP COLUMN upper_turn, DROP COLUMN adapt
        """
    )
    op.execute(
        """
        ALTER TABLE organisations DROP COLUMN upper_id, DROP COLUMN level, DROP COLUMN kind,
          DROP COLUMN outside, DROP COLUMN tags
        """
    )
