"""Events and publications, each version beside the earlier ones."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE events (
          event_id varchar NOT NULL,
          n integer NOT NULL,
          organisation_id varchar NOT NULL,
          cycle_id varchar NOT NULL,
          turn integer NOT NULL,
          item_id varchar,
          kind varchar NOT NULL,
          title varchar NOT NULL,
          day date NOT NULL,
          until date CHECK (until >= day),
          place varchar,
          organisers varchar,
          programme varchar,
          outcome varchar,
          invited integer CHECK (invited >= 0),
          attendance integer CHECK (attendance >= 0),
          links jsonb NOT NULL,
          people jsonb NOT NULL,
          wish_id varchar NOT NULL UNIQUE,
          author varchar NOT NULL,
          at timestamptz NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          seal varchar,
          PRIMARY KEY (event_id, n)
        )
        """
    )
    op.execute("CREATE INDEX ix_events_cycle_id_turn ON events (cycle_id, turn)")
    op.execute(
        """
        CREATE TABLE publications (
          publication_id varchar NOT NULL,
          n integer NOT NULL,
          organisation_id varchar NOT NULL,
          cycle_id varchar NOT NULL,
          turn integer NOT NULL,
          what varchar NOT NULL,
          site varchar NOT NULL,
          address varchar NOT NULL,
          day date NOT NULL,
          checked_by varchar,
          checked_at timestamptz,
          present boolean,
          wish_id varchar NOT NULL UNIQUE,
          author varchar NOT NULL,
          at timestamptz NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          seal varchar,
          PRIMARY KEY (publication_id, n),
          CHECK ((checked_by IS NULL) = (checked_at IS NULL)),
          CHECK ((checked_by IS NULL) = (present IS NULL))
        )
        """
    )
    op.execute("CREATE INDEX ix_publications_cycle_id_turn ON publications (cycle_id, turn)")
    # What was said is corrected by the next version, never reworded.
    op.execute("GRANT SELECT, INSERT ON events, publications TO nastavnik_app")


def downgrade() -> None:
    op.execute("DROP TABLE events, publications")
