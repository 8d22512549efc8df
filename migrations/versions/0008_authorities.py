"""Rights to decide and to sign: who, in whose place, from when, on which ground."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE authorities (
          authority_id varchar NOT NULL,
          organisation_id varchar NOT NULL,
          person_id varchar NOT NULL,
          capacity varchar NOT NULL,
          post varchar,
          instead_of varchar,
          kinds jsonb NOT NULL,
          since date NOT NULL,
          until date,
          ground jsonb NOT NULL,
          author varchar NOT NULL,
          at timestamptz NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          ended_on date,
          ended_by varchar,
          reason_id varchar,
          revision integer NOT NULL,
          told boolean NOT NULL,
          PRIMARY KEY (authority_id),
          FOREIGN KEY (organisation_id) REFERENCES organisations (organisation_id),
          FOREIGN KEY (person_id) REFERENCES people (id),
          FOREIGN KEY (instead_of) REFERENCES people (id)
        )
        """
    )
    op.execute("CREATE INDEX ix_authorities_organisation_id ON authorities (organisation_id)")
    op.execute("CREATE INDEX ix_authorities_untold ON authorities (organisation_id) WHERE NOT told")
    op.execute("GRANT SELECT, INSERT ON authorities TO nastavnik_app")
    # A right never changes; it ends.
    op.execute(
        "GRANT UPDATE (ended_on, ended_by, reason_id, revision, told) ON authorities "
        "TO nastavnik_app"
    )


def downgrade() -> None:
    op.execute("DROP TABLE authorities")
