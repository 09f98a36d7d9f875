"""The picture of the desk in its page: `python -m tests.desk.picture docs/desk.png`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.api.serving import served
from tests.desk.browsers import open_chromium
from tests.desk.desks import desk_in


def main(target: str) -> None:
    """Draw it."""
    with tempfile.TemporaryDirectory() as folder, desk_in(Path(folder)) as desk:
        key = desk.put()
        with served(desk.app) as url, open_chromium() as browser:
            page = browser.new_page(viewport={"width": 1180, "height": 760}, color_scheme="light")
            page.goto(f"{url}/desk/articles/{key}")
            page.keyboard.press("a")
            page.locator("#said", has_text="accepted").wait_for()
            page.locator("li.value[id='a-C2.quantity']").hover()
            page.screenshot(path=target)


if __name__ == "__main__":
    main(sys.argv[1])
