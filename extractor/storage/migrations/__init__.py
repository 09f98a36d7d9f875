"""The scripts of Alembic, run by `extractor.storage.migrating`."""
