"""Run by Alembic: the revisions, on the connection and in the transaction that `scheduler.store.revisions` opened."""

from __future__ import annotations

from alembic import context

from scheduler.store.revisions import VERSION_TABLE
from scheduler.store.schema import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
