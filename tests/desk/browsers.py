"""A real browser for tests: the Chromium of this machine, never one that is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def open_chromium() -> Iterator[Browser]:
    """The browser; where none is installed the tests are left out, but never in CI."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        message = "no Chromium is installed: apt-get install chromium"
        if os.environ.get("CI"):
            raise RuntimeError(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        # A container is a sandbox, and gives none.
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


class Watch:
    """What goes wrong on a page, or leaves it."""

    def __init__(self, page: Page, url: str) -> None:
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("dialog", lambda dialog: self._dialog(dialog.message, dialog.dismiss))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith(url)
                else self.faults.append(f"a request to {request.url}")
            ),
        )
        page.on(
            "console",
            lambda message: (
                self.faults.append(message.text)
                if "Content Security Policy" in message.text
                else None
            ),
        )

    def _dialog(self, message: str, dismiss: object) -> None:
        self.faults.append(f"a dialog: {message}")
        assert callable(dismiss)
        dismiss()
