"""A desk for each test, and a browser for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.desk.browsers import open_chromium
from tests.desk.desks import TestDesk, desk_in


@pytest.fixture(scope="module", name="browser")
def _browser() -> Iterator[Browser]:
    with open_chromium() as browser:
        yield browser


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Iterator[TestDesk]:
    with desk_in(tmp_path) as desk:
        yield desk
