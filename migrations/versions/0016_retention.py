"""Terms that an organisation chose, acts on destruction, what they list, and what is gone."""

from alembic import op

revision = "0016"
down_revision = "0015"

# What was kept once is as it was or empty: the application may write nothing else over it.
_GUARDED = {
    "facts": ("body, destroyed_at", "NEW.body IN (OLD.body, '')"),
    "kept_texts": ("body, destroyed_at", "NEW.body::text IN (OLD.body::text, '{}')"),
    "assignments": ("what", "NEW.what IN (OLD.what, '')"),
}


def upgrade() -> None:
    op.execute("ALTER TABLE object_keys ADD COLUMN act_id varchar")
    op.execute("ALTER TABLE facts ADD COLUMN destroyed_at timestamptz")
    op.execute("ALTER TABLE kept_texts ADD COLUMN destroyed_at timestamptz")
    op.execute(
        """
        CREATE TABLE destruction_acts (
          act_id varchar NOT NULL,
          organisation_id varchar NOT NULL,
          ground varchar NOT NULL,
          expert_number varchar,
          expert_day date,
          listed integer NOT NULL,
          author varchar NOT NULL,
          at timestamptz NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          seal varchar,
          PRIMARY KEY (act_id)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE destructions (
          act_id varchar NOT NULL,
          document_id varchar NOT NULL,
          organisation_id varchar NOT NULL,
          n integer NOT NULL,
          article varchar,
          words varchar NOT NULL,
          until date,
          destroyed_at timestamptz,
          keys integer,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          seal varchar,
          PRIMARY KEY (act_id, document_id),
          FOREIGN KEY (act_id) REFERENCES destruction_acts (act_id)
        )
        """
    )
    op.execute("CREATE INDEX ix_destructions_document_id ON destructions (document_id)")
    op.execute(
        """
        CREATE TABLE retention_choices (
          organisation_id varchar NOT NULL,
          kind varchar NOT NULL,
          form varchar NOT NULL,
          since date NOT NULL,
          term varchar NOT NULL,
          author varchar NOT NULL,
          at timestamptz NOT NULL,
          recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
          seal varchar,
          PRIMARY KEY (organisation_id, kind, form, since)
        )
        """
    )
    op.execute(
        "GRANT SELECT, INSERT ON destruction_acts, destructions, retention_choices TO nastavnik_app"
    )
    op.execute("GRANT UPDATE (destroyed_at, keys, seal) ON destructions TO nastavnik_app")
    for table, (columns, emptied) in _GUARDED.items():
        op.execute(
            f"""
            CREATE FUNCTION {table}_only_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF current_user = 'nastavnik_app' AND NOT ({emptied}) THEN
                RAISE EXCEPTION '{table}: what was kept may only be emptied';
              END IF;
              RETURN NEW;
            END $$
            """
        )
        op.execute(
            f"""
            CREATE TRIGGER only_emptied BEFORE UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_only_emptied()
            """
        )
        op.execute(f"GRANT UPDATE ({columns}) ON {table} TO nastavnik_app")


def downgrade() -> None:
    """What was destroyed stays so; by which act, only the log says then."""
    for table, (columns, _) in _GUARDED.items():
        op.execute(f"REVOKE UPDATE ({columns}) ON {table} FROM nastavnik_app")
        op.execute(f"DROP TRIGGER only_emptied ON {table}")
        op.execute(f"DROP FUNCTION {table}_only_emptied()")
    op.execute("DROP TABLE destructions, destruction_acts, retention_choices")
    op.execute("ALTER TABLE kept_texts DROP COLUMN destroyed_at")
    op.execute("ALTER TABLE facts DROP COLUMN destroyed_at")
    op.execute("ALTER TABLE object_keys DROP COLUMN act_id")
