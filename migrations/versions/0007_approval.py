"""Routes of approval: what each who was asked said of which version."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE verdicts (
          document_id varchar NOT NULL,
          n integer NOT NULL,
          organisation_id varchar NOT NULL,
          version integer NOT NULL,
          stage varchar NOT NULL,
          stage_title varchar NOT NULL,
          holder varchar NOT NULL,
          user_id varchar NOT NULL,
          person_id varchar,
          outcome varchar NOT NULL,
          sha256 varchar NOT NULL,
          note_id varchar,
          at timestamptz NOT NULL,
          mandate_id varchar,
          sitting_id varchar,
          number varchar,
          day date,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (document_id, n)
        )
        """
    )
    # What was said stays as it was said.
    op.execute("GRANT SELECT, INSERT ON verdicts TO nastavnik_app")
    op.execute("ALTER TABLE documents DROP COLUMN approver")
    op.execute("ALTER TABLE facts ADD COLUMN head jsonb")


def downgrade() -> None:
    op.execute("ALTER TABLE facts DROP COLUMN head")
    op.execute("ALTER TABLE documents ADD COLUMN approver varchar")
    op.execute("DROP TABLE verdicts")
