"""What is being named as the proof of a row at this moment: it is not withdrawn meanwhile. And the
pair of the year before that a pair goes on with, empty for all that were formed before.
"""

from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE proof_claims (
          text_id varchar NOT NULL,
          request_id varchar NOT NULL,
          organisation_id varchar NOT NULL,
          about varchar NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (text_id, request_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_proof_claims_about ON proof_claims (about)")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON proof_claims TO nastavnik_app")
    op.execute("ALTER TABLE pairs ADD COLUMN follows varchar")


def downgrade() -> None:
    op.execute("ALTER TABLE pairs DROP COLUMN follows")
    op.execute("DROP TABLE proof_claims")
