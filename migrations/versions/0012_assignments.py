"""What the items of orders ask of people: the words, kept with the facts of each version."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE assignments (
          document_id varchar NOT NULL,
          version integer NOT NULL,
          assignment_id varchar NOT NULL,
          organisation_id varchar NOT NULL,
          cycle_id varchar NOT NULL,
          n integer NOT NULL,
          item varchar NOT NULL,
          what varchar NOT NULL,
          who varchar NOT NULL,
          controller varchar NOT NULL,
          due timestamptz,
          days integer,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (document_id, version, assignment_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_assignments_organisation_id ON assignments (organisation_id)")
    # What a version says stands for good; how far an assignment is, its document's process knows.
    op.execute("GRANT SELECT, INSERT ON assignments TO nastavnik_app")


def downgrade() -> None:
    op.execute("DROP TABLE assignments")
