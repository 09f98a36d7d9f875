"""Providers whose batches are faked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.batch.batch_corpus import FAKES
from tests.batch.fake_batches import FakeBatches


@pytest.fixture(params=list(FAKES), name="provider")
def _provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(name="fake")
def _fake(provider: str) -> Iterator[FakeBatches]:
    with FAKES[provider][0]() as fake:
        yield fake
