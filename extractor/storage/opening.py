"""Opening a store: its address, its engine, its version, and transactions on it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, Self

from extractor.errors import ConfigurationError, StoreFailed, StoreUnusable, require

if TYPE_CHECKING:
    from sqlite3 import Connection as _SqliteConnection
    from types import TracebackType

    from sqlalchemy import URL, Connection, Engine, Table
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
    from sqlalchemy.sql import ColumnElement

Dialect = Literal["sqlite", "postgresql"]
_BUSY_SECONDS: Final = 30.0
_CONNECTIONS: Final = 16
_POSTGRES: Final = ("postgres", "postgresql", "postgresql+psycopg")
_MIGRATION_LOCK: Final = 0x65787472  # any number, the same for all that migrate a store


def open_store(address: str | Path) -> Store:
    """The store of that address, made or brought up to date where that is needed.

    Args:
        address: the path of a SQLite file, `sqlite:///PATH`, or `postgresql://…`.

    Raises:
        StoreUnusable: it cannot be opened, is no store, or is one of a newer version.
        ConfigurationError: the address is none of these.
        MissingExtra: the packages that open it are not installed.
    """
    for module in ("sqlalchemy", "alembic"):
        require(module, extra="store", wanted="A store")
    from sqlalchemy.exc import SQLAlchemyError

    from extractor.storage.migrating import migrate

    url = _url(address)
    store = Store(url)
    try:
        migrate(store.engine, store.lock_migration)
    except (OSError, SQLAlchemyError) as error:
        store.close()
        raise StoreUnusable(
            f"The store {told_place(address)} cannot be opened ({_cause(error)})."
        ) from None
    except BaseException:
        store.close()
        raise
    return store


def told_place(address: str | Path) -> str:
    """The address as it may be shown: without a password.

    Raises:
        ConfigurationError: it is no address of a store.
    """
    if isinstance(address, Path) or "://" not in address:
        return str(address)
    return _url(address).set(drivername=address.partition(":")[0]).render_as_string()


class Store:
    """An open store; share it between threads, and open one in each process."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.dialect: Dialect = "sqlite" if url.get_backend_name() == "sqlite" else "postgresql"
        self.engine = _sqlite(url) if self.dialect == "sqlite" else _postgres(url)
        # SQLite lets one write at a time: threads wait here, in turn, and not in its busy loop.
        self._turn = threading.Lock() if self.dialect == "sqlite" else nullcontext()

    @property
    def address(self) -> str:
        """What `open_store` takes to open it again, in another process; with its password."""
        return self.url.render_as_string(hide_password=False)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, and sees one state of the store.

        Raises:
            StoreFailed: the store does not answer.
        """
        with _told_failures(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that may write: all of it is kept, or nothing.

        Raises:
            StoreFailed: the store does not answer, or cannot write.
        """
        with _told_failures(), self._turn, self.engine.connect() as connection:
            connection = connection.execution_options(extractor_writes=True)
            with connection.begin():
                yield connection

    def insert(self, table: Table) -> SqliteInsert | PostgresInsert:
        """An INSERT that can say what becomes of a row that is there already."""
        if self.dialect == "sqlite":
            from sqlalchemy.dialects import sqlite

            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)

    def clock(self) -> ColumnElement[float]:
        """Seconds since 1970 by the clock of the store, which is one for all machines."""
        from sqlalchemy import Float, literal_column

        text = (
            "((julianday('now') - 2440587.5) * 86400.0)"
            if self.dialect == "sqlite"
            else "extract(epoch from clock_timestamp())::float8"
        )
        return literal_column(text, Float)

    def compact(self) -> None:
        """Give space back to the disk; only a SQLite file needs it.

        Raises:
            StoreFailed: the store does not answer.
        """
        if self.dialect == "sqlite":
            with _told_failures(), self._turn, self.engine.connect() as connection:
                # Past SQLAlchemy, which would begin a transaction first.
                connection.connection.cursor().execute("VACUUM")

    def lock_migration(self, connection: Connection) -> None:
        """Wait until nobody else migrates; a SQLite file is locked by its transaction."""
        if self.dialect == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")

    def close(self) -> None:
        """Release its connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _url(address: str | Path) -> URL:
    from sqlalchemy import URL, make_url
    from sqlalchemy.exc import ArgumentError

    if isinstance(address, Path) or "://" not in address:
        return URL.create("sqlite", database=str(address))
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise ConfigurationError("The address of the store cannot be read.", hint=_HINT) from None
    if url.drivername == "sqlite" and url.database not in (None, "", ":memory:"):
        return url
    if url.drivername in _POSTGRES:
        return url.set(drivername="postgresql+psycopg")
    raise ConfigurationError("The address of the store is of no kind that is known.", hint=_HINT)


_HINT: Final = (
    "Give the path of a file, sqlite:///FILE, or postgresql://USER@HOST/NAME; "
    "a password also comes from PGPASSWORD or ~/.pgpass."
)


def _sqlite(url: URL) -> Engine:
    from sqlalchemy import create_engine, event

    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
        pool_size=_CONNECTIONS,
        max_overflow=-1,
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: _SqliteConnection, _: object) -> None:
        # The driver would begin transactions when it thinks best; `_begin` does instead.
        connection.isolation_level = None
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Who reads first and writes then may be refused: somebody else wrote meanwhile.
        writes = connection.get_execution_options().get("extractor_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres(url: URL) -> Engine:
    from sqlalchemy import create_engine

    require("psycopg", extra="postgres", wanted="A store in PostgreSQL")
    return create_engine(
        url,
        pool_size=_CONNECTIONS,
        max_overflow=-1,
        pool_pre_ping=True,
        connect_args={"connect_timeout": int(_BUSY_SECONDS)},
    )


@contextmanager
def _told_failures() -> Iterator[None]:
    """What the database says is ours to tell; its own words may hold values of rows."""
    import sqlite3

    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        raise StoreFailed(f"The store does not do what it is asked ({_cause(error)}).") from error


def _cause(error: BaseException) -> str:
    original = getattr(error, "orig", None) or error
    return type(original).__name__
