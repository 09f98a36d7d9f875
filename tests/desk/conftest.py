"""A browser for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.desk.browsers import open_chromium


@pytest.fixture(scope="module", name="browser")
def _browser() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser
