"""Reviews are found by the reading that they are of."""

from __future__ import annotations

from typing import Final

from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"


def upgrade() -> None:
    """Make the index."""
    op.create_index("reviews_by_version", "reviews", ["version"])
