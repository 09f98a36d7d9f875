"""The ledger of pledges knows how far a reading was reviewed when it took it in."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0006"
down_revision: Final = "0005"


def upgrade() -> None:
    """Add the column."""
    op.add_column("taken", sa.Column("reviews", sa.Integer(), nullable=False, server_default="0"))
