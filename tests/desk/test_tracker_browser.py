"""The tracker and the queue in a real browser: by mouse, by keyboard alone, without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from extractor.pages.ledger_page import render_ledger
from tests.desk.browsers import READY, Sitting, faults_of, sitting_at
from tests.desk.ledgers import desk_with_ledger, maybe_one, rows_of

PLACE = "/desk/tracker"


@contextmanager
def before_the_tracker(
    browser: Browser, folder: Path, options: dict[str, object] | None = None
) -> Iterator[Sitting]:
    with desk_with_ledger(folder) as desk, sitting_at(desk, browser, options) as at:
        at.page.goto(f"{at.url}{PLACE}")
        yield at


def titles(page: Page) -> list[str]:
    return page.locator(".pledges tbody th a").all_inner_texts()


def test_the_list_follows_what_is_typed_and_chosen_and_stays_after_a_reload(
    browser: Browser, tmp_path: Path
) -> None:
    with before_the_tracker(browser, tmp_path) as at:
        page, rows = at.page, rows_of(at.desk)
        expect(page.locator("#said")).to_have_text(f"{len(rows)} pledges and acts")
        page.get_by_label("Words").press_sequentially("khoi cong nha may")
        expect(page.locator("#said")).to_have_text("1 pledge or act")
        # Who types goes on typing.
        expect(page.get_by_label("Words")).to_be_focused()
        page.get_by_label("Words").fill("")
        page.get_by_label("Currency").select_option("JPY")
        page.wait_for_url(f"**{PLACE}?currency=JPY")
        yen = {row.title for row in rows.values() if row.amount and row.amount.unit == "JPY"}
        assert set(titles(page)) == yen
        page.reload()
        assert set(titles(page)) == yen
        page.get_by_role("link", name="How much").click()
        page.get_by_role("link", name="Sums", exact=True).click()
        expect(page.locator("figcaption")).to_have_text(["JPY"])
        expect(page.locator("svg .bar")).not_to_have_count(0)


def test_two_are_joined_by_keyboard_alone_and_that_is_undone_after_a_reload(
    browser: Browser, tmp_path: Path
) -> None:
    with before_the_tracker(browser, tmp_path) as at:
        page = at.page
        one, other = maybe_one(at.desk)
        page.goto(f"{at.url}/desk/queue?kind=merge")
        link = page.locator(f"a[href$='{one}/beside/{other}']")
        link.focus()
        page.keyboard.press("Enter")
        expect(page.locator(f"{READY} h1")).to_have_text("One pledge or two?")
        page.keyboard.press("s")
        expect(page.locator("#said")).to_contain_text("are one now.")
        assert len({one, other} & rows_of(at.desk).keys()) == 1
        page.reload()
        page.get_by_role("button", name=re.compile("Undo what Anna said")).focus()
        page.keyboard.press("Enter")
        expect(page.locator("#said")).to_contain_text("Undone.")
        assert {one, other} <= rows_of(at.desk).keys()


def test_a_sample_is_judged_with_keys_and_a_note_is_no_key(
    browser: Browser, tmp_path: Path
) -> None:
    with before_the_tracker(browser, tmp_path) as at:
        page = at.page
        page.goto(f"{at.url}/desk/queue/samples")
        page.get_by_label("Rows").fill("6")
        page.get_by_role("button", name="Draw").click()

        def judged(rows: int, said: str) -> None:
            """Keys are for the page that comes, not for the one that goes."""
            expect(page.locator(f"{READY} .top")).to_contain_text(
                re.compile(rf"\b{rows} of \d+ judged")
            )
            expect(page.locator("#said")).to_contain_text(said)

        judged(0, "")
        page.keyboard.press("a")
        judged(1, ": right.")
        page.get_by_label("Note").press_sequentially("a x")
        judged(1, ": right.")
        page.get_by_label("Note").blur()
        page.keyboard.press("x")
        judged(2, ": wrong.")
        page.reload()
        page.keyboard.press("Space")
        judged(3, ": unsure.")
        for rows in (2, 1, 0):
            page.keyboard.press("Backspace")
            judged(rows, "Taken back")


def test_the_tracker_works_without_a_script(browser: Browser, tmp_path: Path) -> None:
    with before_the_tracker(browser, tmp_path, {"java_script_enabled": False}) as at:
        page = at.page
        page.get_by_label("Giver").fill("solvane")
        page.get_by_role("button", name="Find").click()
        assert "giver=solvane" in page.url
        page.locator(".pledges tbody a").first.click()
        page.get_by_role("button", name="Wrong").click()
        expect(page.locator("#said")).to_have_text("Kept: the row is wrong.")


def test_a_page_of_a_ledger_filters_and_sums_by_itself(browser: Browser, tmp_path: Path) -> None:
    with desk_with_ledger(tmp_path) as desk:
        rows = list(rows_of(desk).values())
    file = tmp_path / "ledger.html"
    file.write_text(render_ledger(rows), encoding="utf-8")
    faults: list[str] = []
    page = browser.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text))
    page.goto(file.as_uri())
    shown = page.locator("#shown")
    expect(shown).to_contain_text(f"{len(rows)} of {len(rows)} shown")
    page.get_by_label("Currency", exact=True).select_option("JPY")
    yen = [row for row in rows if row.amount and row.amount.unit == "JPY"]
    total = sum(row.amount.value for row in yen if row.amount and row.countable)
    expect(shown).to_have_text(f"{len(yen)} of {len(rows)} shown; sums of these: {total:,f} JPY.")
    page.get_by_role("button", name="All").click()
    page.get_by_label("Words").fill('"khoi cong nha"')
    expect(page.locator(".rows > li:visible")).to_have_count(1)
    page.locator(".rows > li:visible summary").click()
    expect(page.locator(".rows blockquote:visible").first).to_be_visible()
    assert faults == []
    assert faults_of(page) == []
    page.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_no_page_of_the_tracker_has_a_serious_fault_or_overflows(
    browser: Browser, tmp_path: Path, scheme: str, width: int
) -> None:
    options: dict[str, object] = {
        "color_scheme": scheme,
        "viewport": {"width": width, "height": 900},
        "reduced_motion": "reduce",
    }
    with before_the_tracker(browser, tmp_path, options) as at:
        page = at.page
        one, other = maybe_one(at.desk)
        disputed = next(row.id for row in rows_of(at.desk).values() if row.conflicts)
        page.goto(f"{at.url}/desk/queue/samples")
        page.get_by_role("button", name="Draw").click()
        page.wait_for_url("**/samples/S*")
        pages = [
            *(
                page.url,
                f"{at.url}{PLACE}",
                f"{at.url}{PLACE}/sums",
                f"{at.url}{PLACE}/sums?by=giver",
            ),
            *(f"{at.url}{PLACE}/pledges/{each}" for each in (disputed, one)),
            f"{at.url}{PLACE}/pledges/{one}/beside/{other}",
            *(f"{at.url}/desk/queue", f"{at.url}/desk/queue/samples"),
        ]
        for address in pages:
            page.goto(address)
            assert faults_of(page) == [], address
