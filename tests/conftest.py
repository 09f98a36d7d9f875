"""Fixtures that need something from outside the repository."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractor.errors import DownloadFailed
from extractor.models.catalogue import load_catalogue
from extractor.models.weights import pull_weights
from extractor.settings import Settings
from tests.stores import NoPostgres, PostgresServer, postgres_server

# Tests keep nothing where the user of this machine keeps results; subprocesses neither.
os.environ["EXTRACTOR_STORE"] = ""


@pytest.fixture(scope="session")
def embedded_weights() -> Path:
    """The file of the smallest embedded model, fetched first if it is not there.

    Without it and without a network the tests of real models are left out, but never in CI.
    """
    settings = Settings()
    model = load_catalogue().get("smollm2-135m")
    try:
        return pull_weights(model, settings.models_dir, hub_url=settings.hub_url)
    except DownloadFailed as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no model file and no network: {error}")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A database server of the tests' own; without one the tests that need it are left out."""
    try:
        with postgres_server() as server:
            yield server
    except NoPostgres as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


@pytest.fixture(params=["sqlite", "postgresql"])
def store_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/store.db"
    server = request.getfixturevalue("postgres")
    assert isinstance(server, PostgresServer)
    return server.new_database()
