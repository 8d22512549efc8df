"""Sign-in by password: logins, sessions, and how often something was tried."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute(
        """
        ALTER TABLE users
          ADD COLUMN login varchar,
          ADD COLUMN password_hash varchar,
          ADD COLUMN password_once boolean DEFAULT false NOT NULL,
          ADD UNIQUE (login)
        """
    )
    op.execute(
        """
        CREATE TABLE sessions (
          token_sha256 varchar NOT NULL,
          organisation_id varchar NOT NULL,
          user_id varchar NOT NULL,
          began_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          seen_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (token_sha256),
          FOREIGN KEY (user_id) REFERENCES users (id)
        )
        """
    )
    op.execute("CREATE INDEX ix_sessions_user_id ON sessions (user_id)")
    op.execute(
        """
        CREATE TABLE tries (
          key varchar NOT NULL,
          organisation_id varchar NOT NULL,
          count integer NOT NULL,
          last_at timestamptz NOT NULL,
          until timestamptz,
          PRIMARY KEY (key)
        )
        """
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON sessions, tries TO nastavnik_app")


def downgrade() -> None:
    op.execute("DROP TABLE tries, sessions")
    op.execute(
        "ALTER TABLE users DROP COLUMN login, DROP COLUMN password_hash, DROP COLUMN password_once"
    )
