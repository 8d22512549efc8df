"""Whom a version of a document names, and who of them has read the document."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("ALTER TABLE facts ADD COLUMN people jsonb DEFAULT '[]' NOT NULL")
    op.execute(
        """
        CREATE TABLE acquaintances (
          document_id varchar NOT NULL,
          person_id varchar NOT NULL,
          organisation_id varchar NOT NULL,
          reader_id varchar NOT NULL,
          day date NOT NULL,
          way varchar NOT NULL,
          recorded_by varchar NOT NULL,
          at timestamptz NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (document_id, person_id),
          FOREIGN KEY (document_id) REFERENCES documents (document_id),
          FOREIGN KEY (person_id) REFERENCES people (id),
          FOREIGN KEY (reader_id) REFERENCES people (id)
        )
        """
    )
    # Who has read a document stays on record as it was said.
    op.execute("GRANT SELECT, INSERT ON acquaintances TO nastavnik_app")


def downgrade() -> None:
    op.execute("DROP TABLE acquaintances")
    op.execute("ALTER TABLE facts DROP COLUMN people")
