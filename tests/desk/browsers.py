"""A real browser for tests: the Chromium of this machine, never one that is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from extractor.desk.reviews import Reviews
from extractor.models.base import ModelRequest
from extractor.models.scripted import Answer
from extractor.results.reviews import ReviewedRecord
from tests.api.serving import served
from tests.desk.desks import ARTICLE, TestDesk, desk_in

# Other work on the machine makes a browser slow.
expect.set_options(timeout=20_000)
READY = "html.scripted"
"""A page whose script is there and hears keys: one that is seen may still wait for it."""
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


class Sitting:
    """Somebody at a desk, before a page of their own."""

    def __init__(self, desk: TestDesk, url: str, page: Page) -> None:
        self.desk, self.url, self.page = desk, url, page
        self.key = ""

    def open(self, text: str = ARTICLE) -> None:
        self.key = self.desk.put(text)
        self.goto()

    def goto(self, path: str = "") -> None:
        self.page.goto(f"{self.url}/desk/articles/{self.key}{path}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def said(self, words: str) -> None:
        expect(self.page.locator("#said")).to_contain_text(words)

    def record(self, name: str) -> ReviewedRecord:
        """As it stands in the store."""
        library = self.desk.library()
        try:
            return Reviews(library).of(library.open(self.key)).find(name)
        finally:
            library.close()

    def standings(self) -> dict[str, str]:
        library = self.desk.library()
        try:
            reading = Reviews(library).of(library.open(self.key))
            return {one.record.id: one.standing for one in reading.records}
        finally:
            library.close()


@contextmanager
def sitting(
    browser: Browser,
    folder: Path,
    model: Callable[[ModelRequest], Answer] | None = None,
    *,
    page_options: dict[str, object] | None = None,
    **settings: object,
) -> Iterator[Sitting]:
    """Somebody at a desk of their own, whose page does nothing that it must not."""
    with (
        desk_in(folder, model, **settings) as desk,
        sitting_at(desk, browser, page_options) as at,
    ):
        yield at


@contextmanager
def sitting_at(
    desk: TestDesk, browser: Browser, page_options: dict[str, object] | None = None
) -> Iterator[Sitting]:
    """Somebody at this desk."""
    with ExitStack() as stack:
        url = stack.enter_context(served(desk.app))
        context = browser.new_context(**(page_options or {}))  # type: ignore[arg-type]
        stack.callback(context.close)
        page = context.new_page()
        page.set_default_timeout(20_000)
        watch = Watch(page, url)
        yield Sitting(desk, url, page)
        assert watch.faults == []


def faults_of(page: Page) -> list[object]:
    """What axe finds serious on a page, and how far it is wider than the window."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response
    serious: list[object] = [
        (fault["id"], node["target"], node.get("failureSummary"))
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [*serious, *([f"{over} pixels too wide"] if over > 0 else [])]
