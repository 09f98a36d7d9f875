"""What the ledger of pledges has taken in, by what its mentions meet, and when each came."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"


def upgrade() -> None:
    """Make the tables, and the column."""
    op.add_column("mentions", sa.Column("added_at", sa.Text(), nullable=True))
    op.create_table(
        "blocks",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mention_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", "mention_id"),
    )
    op.create_index("blocks_by_mention", "blocks", ["mention_id"])
    op.create_table(
        "taken",
        sa.Column("result_key", sa.Text(), nullable=False),
        sa.Column("article_sha256", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("result_key"),
    )
