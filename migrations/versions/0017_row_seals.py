"""Seals of rows that no outside writer can make, and how many sealed rows there are."""

from alembic import op

revision = "0017"
down_revision = "0016"

_SEALED = (
    *("acquaintances", "assignments", "authorities", "bodies", "body_members", "body_settings"),
    *("calendars", "facts", "ground_ends", "grounds", "incoming_documents", "journal_kinds"),
    *("journal_lines", "kept_texts", "launches", "layout_settings", "notices", "object_keys"),
    *("objects", "organisations", "own_journals", "people", "processes", "sitting_items"),
    *("sittings", "template_files", "template_versions", "users"),
)
# Tables of which the application may update some columns only.
_CHANGED = (
    *("assignments", "authorities", "facts", "journal_lines", "kept_texts"),
    *("sitting_items", "sittings"),
)


def upgrade() -> None:
    for table in _SEALED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN seal varchar")
    for table in _CHANGED:
        op.execute(f"GRANT UPDATE (seal) ON {table} TO nastavnik_app")
    op.execute(
        """
        CREATE TABLE row_sums (
          organisation_id varchar NOT NULL,
          of_table varchar NOT NULL,
          n integer NOT NULL,
          total varchar NOT NULL,
          seal varchar,
          PRIMARY KEY (organisation_id, of_table)
        )
        """
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON row_sums TO nastavnik_app")


def downgrade() -> None:
    op.execute("DROP TABLE row_sums")
    for table in _SEALED:
        op.execute(f"ALTER TABLE {table} DROP COLUMN seal")
