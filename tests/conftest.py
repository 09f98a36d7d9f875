"""Fixtures that need something from outside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractor.models.catalogue import load_catalogue
from extractor.models.weights import pull_weights
from extractor.settings import Settings


@pytest.fixture(scope="session")
def embedded_weights() -> Path:
    """The file of the smallest embedded model, fetched first if it is not there."""
    settings = Settings()
    return pull_weights(
        load_catalogue().get("smollm2-135m"), settings.models_dir, hub_url=settings.hub_url
    )
