"""Run by Alembic over the connection that `adapters.postgres.migrate` passes in."""

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import adapters.postgres.acquaintance_tables
import adapters.postgres.approval_tables
import adapters.postgres.assignment_tables
import adapters.postgres.authority_tables
import adapters.postgres.branch_tables
import adapters.postgres.calendar_tables
import adapters.postgres.indicator_tables
import adapters.postgres.log_tables
import adapters.postgres.reads_tables
import adapters.postgres.sitting_tables
import adapters.postgres.verification_tables
import adapters.postgres.work_tables  # noqa: F401 - with these imports all tables are known

connection = context.config.attributes.get("connection")
if not isinstance(connection, Connection):
    raise SystemExit("Run migrations through adapters.postgres.migrate: it holds the lock.")
context.configure(connection=connection, target_metadata=SQLModel.metadata)
with context.begin_transaction():
    context.run_migrations()
