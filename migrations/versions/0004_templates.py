"""Templates and layout of an organisation, and which template each version is made of."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE template_files (
          organisation_id varchar NOT NULL,
          sha256 varchar NOT NULL,
          content bytea NOT NULL,
          ours boolean NOT NULL,
          kept_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (organisation_id, sha256)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE template_versions (
          organisation_id varchar NOT NULL,
          kind varchar NOT NULL,
          version integer NOT NULL,
          upload_id varchar NOT NULL,
          sha256 varchar NOT NULL,
          active_from date NOT NULL,
          uploaded_by varchar NOT NULL,
          at timestamptz NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (organisation_id, kind, version),
          UNIQUE (upload_id)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE layout_settings (
          organisation_id varchar NOT NULL,
          version integer NOT NULL,
          upload_id varchar NOT NULL,
          settings jsonb NOT NULL,
          uploaded_by varchar NOT NULL,
          at timestamptz NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (organisation_id, version),
          UNIQUE (upload_id)
        )
        """
    )
    op.execute("ALTER TABLE facts ADD COLUMN template_sha256 varchar")
    op.execute(
        "GRANT SELECT, INSERT ON template_files, template_versions, layout_settings "
        "TO nastavnik_app"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE facts DROP COLUMN template_sha256")
    op.execute("DROP TABLE layout_settings, template_versions, template_files")
