"""Rows that the log, a saved state or another row names, and that are not there or went back.

For tables whose rows are not counted. What matters of them is named: a row that nobody names is
one that nothing was built on.
"""

from typing import Final

from sqlalchemy import text

# An event that lacks what it should name has no row either: it is named by itself.
_EVENT = """
    SELECT coalesce({what}, a.subject || ': событие ' || a.action || ' не называет строку')
    FROM audit_entries a
    WHERE a.action = ANY(CAST(:actions AS text[])) AND NOT EXISTS (SELECT FROM {where})
"""


def _of_events(what: str, where: str, *actions: str) -> tuple[str, dict[str, object]]:
    return _EVENT.format(what=what, where=where), {"actions": list(actions)}


_SAID = "a.text::json -> 'refs' ->>"
_QUERIES: Final[dict[str, tuple[tuple[str, dict[str, object]], ...]]] = {
    "processes": (
        (
            """
            SELECT a.subject || ': в журнале событий есть, сохранённого состояния нет (processes)'
            FROM audit_entries a WHERE a.n = 1 AND a.subject ~ '^(cycle|pair|document)/'
              AND NOT EXISTS (
                SELECT FROM processes p WHERE p.id = a.subject AND p.state IS NOT NULL)
            """,
            {},
        ),
    ),
    "facts": (
        _of_events(
            f"a.subject || ': фактов ' || ({_SAID} 'facts') || ' нет (facts)'",
            f"facts f WHERE f.facts_id = {_SAID} 'facts'",
            "drafted",
        ),
        (
            """
            SELECT 'document/' || f.document_id || ': факты уничтожены по акту, но снова на месте '
              || '(facts)'
            FROM facts f JOIN destructions x USING (document_id)
            WHERE x.destroyed_at IS NOT NULL AND f.destroyed_at IS NULL
            """,
            {},
        ),
    ),
    "objects": (
        _of_events(
            "a.subject || ': записи о файле редакции ' || (a.text::json ->> 'version') || ' нет, '"
            " || 'событие ' || a.action || ' (objects)'",
            """
            objects o WHERE 'document/' || o.document_id = a.subject
              AND o.version = (a.text::json ->> 'version')::int
              AND o.sha256 = a.text::json ->> 'sha256'
              AND o.role = CASE a.action WHEN 'drafted' THEN 'draft'
                WHEN 'registered' THEN 'registered' WHEN 'sealed' THEN 'signed'
                ELSE 'incoming' END
            """
            " OR a.text::json ->> 'sha256' IS NULL",
            *("drafted", "registered", "sealed"),
            *("signed_scan_attached", "signature_attached", "review_attached"),
        ),
        (
            """
            SELECT p.id || ': записи о файле подписи или о копии с отметкой о ней нет (objects)'
            FROM processes p, jsonb_array_elements(p.state -> 'signatures') AS one
            WHERE p.kind = 'document' AND p.state -> 'seal' <> 'null' AND 2 > (
              SELECT count(DISTINCT role) FROM objects o WHERE 'document/' || o.document_id = p.id
                AND o.version = (p.state ->> 'version')::int
                AND (o.role = 'visual' OR (o.role, o.sha256) = ('signature', one ->> 'sha256')))
            """,
            {},
        ),
    ),
    "object_keys": (
        (
            """
            SELECT 'document/' || o.document_id || ': ключа ' || o.key_id || ' нет (object_keys)'
            FROM objects o
            WHERE NOT EXISTS (SELECT FROM object_keys k WHERE k.key_id = o.key_id)
            """,
            {},
        ),
        (
            """
            SELECT 'document/' || k.document_id || ': ключ ' || k.key_id
              || ' уничтожен по акту, но снова на месте (object_keys)'
            FROM object_keys k JOIN destructions x USING (document_id)
            WHERE x.destroyed_at IS NOT NULL AND k.wrapped IS NOT NULL
            """,
            {},
        ),
    ),
    "kept_texts": (
        (
            """
            SELECT DISTINCT named.place || ': текста ' || named.id || ' нет (kept_texts)'
            FROM (
              SELECT a.subject AS place, a.text::json ->> 'note_id' AS id FROM audit_entries a
              UNION ALL SELECT a.subject, a.text::json -> 'refs' ->> 'evidence'
                FROM audit_entries a WHERE a.action IN ('result_proved', 'evidence_added')
              UNION ALL SELECT p.id, p.state ->> 'inputs_id' FROM processes p
              UNION ALL SELECT 'journal_lines/' || l.line_id, l.reason_id FROM journal_lines l
            ) AS named
            WHERE named.id <> '' AND NOT EXISTS (SELECT FROM kept_texts t WHERE t.id = named.id)
            """,
            {},
        ),
        (
            """
            SELECT t.subject || ': текст ' || t.id || ' уничтожен по акту, но снова на месте '
              || '(kept_texts)'
            FROM kept_texts t JOIN destructions x ON t.subject = 'document/' || x.document_id
            WHERE x.destroyed_at IS NOT NULL AND t.destroyed_at IS NULL
            """,
            {},
        ),
        (
            """
            SELECT t.subject || ': текст ' || t.id || ' уничтожен по акту, но снова на месте '
              || '(kept_texts)'
            FROM destructions x JOIN documents d ON d.document_id = x.document_id
            JOIN kept_texts t ON t.subject = 'pair/' || d.pair_id AND t.kind IN ('notes', 'reason')
            WHERE x.notes AND x.destroyed_at IS NOT NULL AND t.destroyed_at IS NULL
              AND t.recorded_at < x.destroyed_at
            """,
            {},
        ),
    ),
    "notices": (
        _of_events(
            f"a.subject || ': отправленного сообщения о ' || ({_SAID} 'task') || ' нет (notices)'",
            f"""
            notices n WHERE n.subject = a.subject AND n.task_id = {_SAID} 'task'
              AND n.recipient = {_SAID} 'recipient'
              AND n.kind = CASE a.action WHEN 'reminded' THEN 'reminder'
                WHEN 'escalated' THEN 'escalation' ELSE 'informed' END
            """,
            *("reminded", "escalated", "informed"),
        ),
    ),
    "journal_lines": (
        _of_events(
            f"a.subject || ': строки ' || ({_SAID} 'line') || ' нет (journal_lines)'",
            f"journal_lines l WHERE l.line_id = {_SAID} 'line' OR {_SAID} 'line' IS NULL",
            *("number_reserved", "number_lettered", "number_typed", "incoming_filed"),
        ),
        _of_events(
            f"a.subject || ': номер аннулирован, а строка ' || ({_SAID} 'line')"
            " || ' говорит другое (journal_lines)'",
            f"journal_lines l WHERE l.line_id = {_SAID} 'line' AND l.state = 'void'",
            "number_voided",
        ),
        (
            """
            SELECT 'document/' || d.document_id || ': строки журнала нет, или в ней другой день '
              || '(journal_lines)'
            FROM documents d
            WHERE d.day IS NOT NULL AND NOT EXISTS (
              SELECT FROM journal_lines l WHERE l.document_id = d.document_id AND l.day = d.day)
            """,
            {},
        ),
    ),
    "assignments": (
        (
            """
            SELECT p.id || ': поручения ' || (one ->> 'id') || ' нет (assignments)'
            FROM processes p, jsonb_array_elements(p.state -> 'assignments') AS one
            WHERE p.kind = 'document' AND NOT EXISTS (
              SELECT FROM assignments s WHERE 'document/' || s.document_id = p.id
                AND s.version = (p.state ->> 'version')::int AND s.assignment_id = one ->> 'id')
            """,
            {},
        ),
        (
            """
            SELECT 'document/' || s.document_id || ': поручений редакции ' || s.version
              || ' не хватает (assignments)'
            FROM assignments s GROUP BY s.document_id, s.version HAVING max(s.n) <> count(*)
            """,
            {},
        ),
    ),
    "branch_reports": (
        (
            """
            SELECT 'cycle/' || b.cycle_id || ': отчёта ' || said.key || ' ветви ' || b.n
              || ' нет (branch_reports)'
            FROM branches b, jsonb_each(b.reports) AS said
            WHERE said.value ->> 'version' <> '0' AND NOT EXISTS (
              SELECT FROM branch_reports r WHERE r.cycle_id = b.cycle_id AND r.n = b.n
                AND r.demand || '@' || r.turn = said.key
                AND r.version::text = said.value ->> 'version')
            """,
            {},
        ),
    ),
    "template_files": (
        (
            """
            SELECT used.place || ': шаблона ' || used.sha256 || ' нет (template_files)'
            FROM (
              SELECT 'document/' || document_id AS place, organisation_id, template_sha256 AS sha256
              FROM facts WHERE template_sha256 IS NOT NULL
              UNION ALL SELECT 'template/' || kind, organisation_id, sha256 FROM template_versions
            ) AS used
            WHERE NOT EXISTS (SELECT FROM template_files f
              WHERE (f.organisation_id, f.sha256) = (used.organisation_id, used.sha256))
            """,
            {},
        ),
    ),
    "witnessed": (
        _of_events(
            f"a.subject || ': отметки журнала ' || ({_SAID} 'origin') || ' на '"
            f" || ({_SAID} 'size') || ' записей нет, или она другая (witnessed)'",
            f"""
            witnessed w WHERE w.organisation_id = a.organisation_id
              AND w.origin = {_SAID} 'origin' AND w.size = ({_SAID} 'size')::bigint
              AND encode(sha256(convert_to(w.text, 'UTF8')), 'hex') = a.text::json ->> 'sha256'
            """,
            "log_witnessed",
        ),
    ),
    "incidents": (
        (
            """
            SELECT a.subject || ': в журнале событий есть, записи о нём нет (incidents)'
            FROM audit_entries a WHERE a.n = 1 AND a.subject LIKE 'incident/%'
              AND NOT EXISTS (
                SELECT FROM incidents i WHERE 'incident/' || i.incident_id = a.subject)
            """,
            {},
        ),
    ),
    # Rows of a process that was never saved, or is not there.
    **{
        table: (
            (
                f"""
                SELECT {what} || ': такого процесса нет ({table})' FROM {table} r
                WHERE NOT EXISTS (SELECT FROM processes p WHERE p.id = {what}{saved})
                """,  # noqa: S608 - constants of ours
                {},
            ),
        )
        for table, what, saved in (
            ("documents", "'document/' || r.document_id", " AND p.state IS NOT NULL"),
            ("document_links", "'document/' || r.document_id", " AND p.state IS NOT NULL"),
            ("verdicts", "'document/' || r.document_id", " AND p.state IS NOT NULL"),
            ("items", "r.workflow_id", " AND p.state IS NOT NULL"),
            ("tasks", "r.workflow_id", " AND p.state IS NOT NULL"),
            ("branches", "'cycle/' || r.cycle_id", " AND p.state IS NOT NULL"),
            # The cycle makes it, and announces the process.
            ("pairs", "'pair/' || r.pair_id", ""),
        )
    },
}
MISSED: Final = {
    table: tuple((text(query), given) for query, given in queries)
    for table, queries in _QUERIES.items()
}
"""By table: queries that give one line for each fault."""
