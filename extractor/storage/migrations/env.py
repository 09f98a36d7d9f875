"""What Alembic runs first: it works in the transaction of whoever opens the store."""

from __future__ import annotations

from alembic import context

from extractor.storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
)
context.run_migrations()
