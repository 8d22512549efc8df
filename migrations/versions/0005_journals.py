"""Journals by name; reserved, lettered and void numbers; papers from outside."""

from alembic import op

revision = "0005"
down_revision = "0004"

_NAMES = {
    "{n}-о": "orders",
    "{n}-к": "staff_orders",
    "{n}-р": "decrees",
    "{n}": "council_minutes",
    "{n}-шн": "school_minutes",
    "{n}-отб": "selection",
    "{n}-сн": "agreements",
    "{n}-дс": "labour_agreements",
    "{n}-д": "contracts",
    "{n}-ау": "destruction_acts",
    "{n}-исх": "outgoing",
}
"""Until now a journal was known by its mask."""


def upgrade() -> None:
    _rename(_NAMES)
    op.execute(
        """
        ALTER TABLE journal_lines
          DROP CONSTRAINT journal_lines_pkey,
          DROP CONSTRAINT journal_lines_organisation_id_journal_year_n_key,
          ALTER COLUMN document_id DROP NOT NULL,
          ALTER COLUMN version DROP NOT NULL,
          ADD COLUMN line_id varchar,
          ADD COLUMN letter varchar DEFAULT '' NOT NULL,
          ADD COLUMN folded varchar,
          ADD COLUMN state varchar DEFAULT 'given' NOT NULL,
          ADD COLUMN reason_id varchar,
          ADD COLUMN author varchar
        """
    )
    # Numbers were made by masks of small Russian letters until now.
    op.execute("UPDATE journal_lines SET line_id = document_id, folded = number")
    op.execute(
        """
        ALTER TABLE journal_lines
          ALTER COLUMN line_id SET NOT NULL,
          ALTER COLUMN letter DROP DEFAULT,
          ALTER COLUMN state DROP DEFAULT,
          ADD PRIMARY KEY (line_id),
          ADD UNIQUE (document_id),
          ADD UNIQUE (organisation_id, journal, year, n, letter),
          ADD UNIQUE (organisation_id, year, folded)
        """
    )
    op.execute(
        """
        CREATE TABLE own_journals (
          organisation_id varchar NOT NULL,
          name varchar NOT NULL,
          title varchar NOT NULL,
          mask varchar NOT NULL,
          made_by varchar NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (organisation_id, name)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE journal_kinds (
          organisation_id varchar NOT NULL,
          kind varchar NOT NULL,
          since date NOT NULL,
          journal varchar NOT NULL,
          author varchar NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (organisation_id, kind, since)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE incoming_documents (
          incoming_id varchar NOT NULL,
          organisation_id varchar NOT NULL,
          sender varchar NOT NULL,
          number varchar NOT NULL,
          folded varchar NOT NULL,
          day date NOT NULL,
          title varchar NOT NULL,
          author varchar NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          PRIMARY KEY (incoming_id),
          UNIQUE (organisation_id, folded, day)
        )
        """
    )
    op.execute(
        "GRANT SELECT, INSERT ON own_journals, journal_kinds, incoming_documents TO nastavnik_app"
    )
    # A number never changes; only who has it does.
    op.execute(
        "GRANT UPDATE (state, day, document_id, version, reason_id, author) ON journal_lines "
        "TO nastavnik_app"
    )


def downgrade() -> None:
    """Lines without a document are lost: the older schema cannot hold them."""
    op.execute("REVOKE UPDATE ON journal_lines FROM nastavnik_app")
    op.execute("DROP TABLE incoming_documents, journal_kinds, own_journals")
    op.execute("DELETE FROM journal_lines WHERE document_id IS NULL")
    op.execute(
        """
        ALTER TABLE journal_lines
          DROP CONSTRAINT journal_lines_pkey,
          DROP CONSTRAINT journal_lines_document_id_key,
          DROP CONSTRAINT journal_lines_organisation_id_journal_year_n_letter_key,
          DROP CONSTRAINT journal_lines_organisation_id_year_folded_key,
          DROP COLUMN line_id,
          DROP COLUMN letter,
          DROP COLUMN folded,
          DROP COLUMN state,
          DROP COLUMN reason_id,
          DROP COLUMN author,
          ALTER COLUMN document_id SET NOT NULL,
          ALTER COLUMN version SET NOT NULL,
          ADD PRIMARY KEY (document_id),
          ADD UNIQUE (organisation_id, journal, year, n)
        """
    )
    _rename({name: mask for mask, name in _NAMES.items()})


def _rename(names: dict[str, str]) -> None:
    for old, new in names.items():
        for table in ("journals", "journal_lines"):
            op.execute(f"UPDATE {table} SET journal = '{new}' WHERE journal = '{old}'")  # noqa: S608
