"""The pictures of the desk in its page: `python -m tests.desk.picture docs`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.api.serving import served
from tests.desk.browsers import open_chromium
from tests.desk.desks import desk_in
from tests.desk.ledgers import desk_with_ledger, rows_of


def main(target: str) -> None:
    """Draw them."""
    with open_chromium() as browser, tempfile.TemporaryDirectory() as folder:
        _draw_article(browser, Path(folder, "article"), Path(target, "desk.png"))
        _draw_pledge(browser, Path(folder, "pledge"), Path(target, "desk-pledge.png"))


def _draw_article(browser: Browser, folder: Path, file: Path) -> None:
    with desk_in(folder) as desk:
        key = desk.put()
        with served(desk.app) as url:
            page = browser.new_page(viewport={"width": 1180, "height": 760}, color_scheme="light")
            page.goto(f"{url}/desk/articles/{key}")
            page.keyboard.press("a")
            page.locator("#said", has_text="accepted").wait_for()
            page.locator("li.value[id='a-C2.quantity']").hover()
            page.screenshot(path=file)


def _draw_pledge(browser: Browser, folder: Path, file: Path) -> None:
    with desk_with_ledger(folder) as desk, served(desk.app) as url:
        disputed = [row.id for row in rows_of(desk).values() if row.conflicts]
        page = browser.new_page(viewport={"width": 1180, "height": 760}, color_scheme="light")
        page.goto(f"{url}/desk/tracker/pledges/{disputed[0]}")
        page.screenshot(path=file)


if __name__ == "__main__":
    main(sys.argv[1])
