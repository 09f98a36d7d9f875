"""Bringing a store up to date: Alembic, asked for only where the store is not of this version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from extractor.errors import StoreUnusable
from extractor.storage.tables import VERSION

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_SCRIPTS: Final = Path(__file__).parent / "migrations"


def migrate(engine: Engine, lock: Callable[[Connection], None]) -> None:
    """Make the tables of the store, or change them into those of this version.

    Args:
        engine: what connects to the store.
        lock: keeps everybody else from migrating until the transaction of that connection ends.

    Raises:
        StoreUnusable: the store is of a version that this one does not know.
    """
    with engine.connect() as connection:
        if _version(connection) == VERSION:
            return
    with engine.connect() as opened:
        connection = opened.execution_options(extractor_writes=True)
        with connection.begin():
            lock(connection)
            # Somebody else may have been faster.
            if (found := _version(connection)) != VERSION:
                _upgrade(connection, found)


def _version(connection: Connection) -> str | None:
    from sqlalchemy import inspect

    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def _upgrade(connection: Connection, found: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreUnusable(
            f"The store is of version {found}; this program knows those up to {VERSION}.",
            hint="Use the newer program that made it, or another store.",
        )
    command.upgrade(config, "head")
