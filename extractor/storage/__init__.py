"""One store for all that is kept: results, articles, runs, pledges and reviews.

SQLite or PostgreSQL, through SQLAlchemy Core; the tables are made and brought up to date by Alembic
when a store is opened.
"""

from __future__ import annotations

from extractor.storage.opening import Store, open_store, told_place

__all__ = ["Store", "open_store", "told_place"]
