"""Runs the revisions on the connection that `audit.store.migrating` hands over; it owns the transaction."""

from alembic import context

from audit.store.migrating import is_ours
from audit.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    compare_type=True,
    include_name=is_ours,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
