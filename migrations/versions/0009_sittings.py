"""Members of bodies by date, what a body is set to, sittings with their items."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    # Nobody asked until now since when somebody sits in a body: since ever.
    op.execute(
        """
        ALTER TABLE body_members
          DROP CONSTRAINT body_members_pkey,
          ADD COLUMN since date DEFAULT '0001-01-01' NOT NULL,
          ADD COLUMN until date,
          ADD PRIMARY KEY (body_id, person_id, since)
        """
    )
    op.execute("ALTER TABLE body_members ALTER COLUMN since DROP DEFAULT")
    op.execute(
        """
        CREATE TABLE body_settings (
          body_id varchar NOT NULL,
          organisation_id varchar NOT NULL,
          settings jsonb NOT NULL,
          set_by varchar NOT NULL,
          at timestamptz NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (body_id),
          FOREIGN KEY (body_id) REFERENCES bodies (id)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE sittings (
          sitting_id varchar NOT NULL,
          organisation_id varchar NOT NULL,
          body_id varchar NOT NULL,
          cycle_id varchar NOT NULL,
          day date NOT NULL,
          place varchar NOT NULL,
          chair_id varchar NOT NULL,
          secretary_id varchar NOT NULL,
          quorum jsonb NOT NULL,
          minutes_kind varchar NOT NULL,
          minutes_id varchar NOT NULL,
          state varchar NOT NULL,
          members integer NOT NULL,
          present jsonb NOT NULL,
          number varchar,
          line_id varchar,
          request_id varchar,
          called_by varchar NOT NULL,
          held_by varchar,
          held_at timestamptz,
          reason_id varchar,
          ask_minutes boolean NOT NULL,
          minutes_refused varchar,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (sitting_id),
          UNIQUE (minutes_id),
          UNIQUE (line_id),
          FOREIGN KEY (body_id) REFERENCES bodies (id),
          FOREIGN KEY (chair_id) REFERENCES people (id),
          FOREIGN KEY (secretary_id) REFERENCES people (id)
        )
        """
    )
    op.execute("CREATE INDEX ix_sittings_organisation_id ON sittings (organisation_id)")
    op.execute("CREATE INDEX ix_sittings_body_id ON sittings (body_id)")
    op.execute(
        "CREATE INDEX ix_sittings_ask_minutes ON sittings (organisation_id) WHERE ask_minutes"
    )
    op.execute(
        """
        CREATE TABLE sitting_items (
          sitting_id varchar NOT NULL,
          n integer NOT NULL,
          organisation_id varchar NOT NULL,
          title varchar NOT NULL,
          document_id varchar,
          version integer,
          sha256 varchar,
          resolution jsonb,
          tell boolean NOT NULL,
          refused varchar,
          PRIMARY KEY (sitting_id, n),
          FOREIGN KEY (sitting_id) REFERENCES sittings (sitting_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_sitting_items_document_id ON sitting_items (document_id)")
    op.execute("CREATE INDEX ix_sitting_items_tell ON sitting_items (organisation_id) WHERE tell")
    op.execute("GRANT SELECT, INSERT ON body_settings, sittings, sitting_items TO nastavnik_app")
    op.execute("GRANT UPDATE ON body_settings TO nastavnik_app")
    # Whose sitting it was, in which cycle, and what its agenda was never changes.
    op.execute(
        "GRANT UPDATE (day, chair_id, secretary_id, state, members, present, number, line_id, "
        "request_id, held_by, held_at, reason_id, ask_minutes, minutes_refused) ON sittings "
        "TO nastavnik_app"
    )
    op.execute("GRANT UPDATE (resolution, tell, refused) ON sitting_items TO nastavnik_app")


def downgrade() -> None:
    """Who has left a body is forgotten, as it was then."""
    op.execute("DROP TABLE sitting_items, sittings, body_settings")
    op.execute("DELETE FROM body_members WHERE until IS NOT NULL")
    op.execute(
        """
        ALTER TABLE body_members
          DROP CONSTRAINT body_members_pkey,
          DROP COLUMN since,
          DROP COLUMN until,
          ADD PRIMARY KEY (body_id, person_id)
        """
    )
