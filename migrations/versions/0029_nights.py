"""What each night tells of and tends: sums of rows, locks of sealed files, reads that are past.

- Sums remember the last night that the log tells of: a table put back with its sum shows.
- Until when the store was asked to keep an object; empty: since it was sealed not again.
- Which line of an act destroys the notes of its document's pair too; empty: none, as before.
- The application may not delete reads; the one way is a function that first looks into the log.
"""

from alembic import op

revision = "0029"
down_revision = "0027"


def upgrade() -> None:
    op.execute("ALTER TABLE row_sums ADD COLUMN told integer")
    op.execute("ALTER TABLE destructions ADD COLUMN notes boolean")
    op.execute("ALTER TABLE objects ADD COLUMN held_until timestamptz")
    op.execute("GRANT UPDATE (held_until) ON objects TO nastavnik_app")
    op.execute(
        """
        CREATE FUNCTION forget_reads(of_organisation varchar, before date) RETURNS bigint
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
          gone bigint;
        BEGIN
          IF NOT EXISTS (
            SELECT FROM audit_entries
            WHERE organisation_id = of_organisation AND subject = 'reads/' || of_organisation
              AND action = 'reads_forgotten'
              AND CAST(text AS json) -> 'refs' ->> 'before' = before::text)
          THEN
            RAISE EXCEPTION 'the log does not say that reads before % are forgotten', before;
          END IF;
          DELETE FROM reads r USING organisations o
          WHERE r.organisation_id = of_organisation AND o.organisation_id = r.organisation_id
            AND r.recorded_at < before::timestamp AT TIME ZONE o.time_zone;
          GET DIAGNOSTICS gone = ROW_COUNT;
          RETURN gone;
        END $$
        """
    )
    op.execute("REVOKE ALL ON FUNCTION forget_reads FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION forget_reads TO nastavnik_app")


def downgrade() -> None:
    op.execute("DROP FUNCTION forget_reads")
    op.execute("ALTER TABLE objects DROP COLUMN held_until")
    op.execute("ALTER TABLE destructions DROP COLUMN notes")
    op.execute("ALTER TABLE row_sums DROP COLUMN told")
