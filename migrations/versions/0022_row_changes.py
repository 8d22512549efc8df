"""Rows that do not apply, and the roadmaps that running cycles took after their launch."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE items
          ADD COLUMN skipped boolean NOT NULL DEFAULT false,
          ADD COLUMN roadmap_n integer NOT NULL DEFAULT 0
        """
    )
    op.execute(
        """
        ALTER TABLE items ALTER COLUMN skipped DROP DEFAULT, ALTER COLUMN roadmap_n DROP DEFAULT
        """
    )
    # Empty for what is no cycle, and for a cycle that goes by what was launched.
    op.execute("ALTER TABLE processes ADD COLUMN roadmap_n integer")
    op.execute(
        """
        CREATE TABLE cycle_roadmaps (
          cycle_id varchar NOT NULL,
          n integer NOT NULL,
          organisation_id varchar NOT NULL,
          change_id varchar NOT NULL,
          roadmap json NOT NULL,
          roadmap_version integer NOT NULL,
          roadmap_sha256 varchar NOT NULL,
          holders jsonb NOT NULL,
          added jsonb NOT NULL,
          author varchar NOT NULL,
          note_id varchar,
          at timestamptz NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          seal varchar,
          PRIMARY KEY (cycle_id, n),
          UNIQUE (change_id)
        )
        """
    )
    # What a cycle was asked to take is not reworded: the next one takes its place.
    op.execute("GRANT SELECT, INSERT ON cycle_roadmaps TO nastavnik_app")
    op.execute(
        """
        CREATE VIEW programmes AS
        SELECT l.cycle_id, l.organisation_id, l.roadmap_name,
          coalesce(r.roadmap_version, l.roadmap_version) AS roadmap_version,
          coalesce(r.roadmap_sha256, l.roadmap_sha256) AS roadmap_sha256,
          coalesce(r.roadmap, l.roadmap) AS roadmap,
          l.start, l.ends, l.time_zone,
          coalesce(r.holders, l.holders) AS holders,
          l.turns, l.launched_by, l.upper_cycle_id, l.branch, l.upper_turn, l.adapt,
          l.launched_at
        FROM launches l
        LEFT JOIN processes p ON p.id = 'cycle/' || l.cycle_id
        LEFT JOIN cycle_roadmaps r ON r.cycle_id = l.cycle_id AND r.n = p.roadmap_n
        """
    )
    op.execute("GRANT SELECT ON programmes TO nastavnik_app")


def downgrade() -> None:
    op.execute("DROP VIEW programmes")
    op.execute("DROP TABLE cycle_roadmaps")
    op.execute("ALTER TABLE processes DROP COLUMN roadmap_n")
    op.execute("ALTER TABLE items DROP COLUMN skipped, DROP COLUMN roadmap_n")
