"""The organisation's legal grounds, and which document changes which."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE grounds (
          ground_id varchar NOT NULL,
          organisation_id varchar NOT NULL,
          level varchar NOT NULL,
          head jsonb NOT NULL,
          issuer varchar,
          number varchar,
          day date,
          title varchar,
          approves jsonb,
          topics jsonb NOT NULL,
          since date NOT NULL,
          added_by varchar NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (ground_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_grounds_organisation_id ON grounds (organisation_id)")
    op.execute(
        """
        CREATE TABLE ground_ends (
          organisation_id varchar NOT NULL,
          ground_id varchar NOT NULL,
          lost_on date NOT NULL,
          ended_by varchar NOT NULL,
          author varchar NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (organisation_id, ground_id)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE document_links (
          document_id varchar NOT NULL,
          changed_id varchar NOT NULL,
          organisation_id varchar NOT NULL,
          cycle_id varchar NOT NULL,
          how varchar NOT NULL,
          PRIMARY KEY (document_id, changed_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_document_links_changed_id ON document_links (changed_id)")
    op.execute("GRANT SELECT, INSERT ON grounds, ground_ends, document_links TO nastavnik_app")


def downgrade() -> None:
    op.execute("DROP TABLE document_links, ground_ends, grounds")
