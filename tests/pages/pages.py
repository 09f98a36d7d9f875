"""The sixty pages: every article in a layout of its half."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Final

from tests.pages import layouts_kept, layouts_tuned
from tests.pages.sheet import Block, Page, Sheet, Story, stories

HALVES: Final = {"a": layouts_tuned.LAYOUTS, "b": layouts_kept.LAYOUTS}


@cache
def pages() -> tuple[Page, ...]:
    """All pages: articles with odd numbers in the layouts that the rules were made with."""
    odd, even = stories()[::2], stories()[1::2]
    return tuple(
        make_page(story, half, layouts[number % len(layouts)])
        for half, layouts, told in (("a", HALVES["a"], odd), ("b", HALVES["b"], even))
        for number, story in enumerate(told)
    )


def make_page(story: Story, half: str, layout: Callable[[Sheet], str]) -> Page:
    """An article in a layout."""
    sheet = Sheet(story, half)
    html = layout(sheet)
    return Page(
        name=f"{story.name}-{layout.__name__}",
        layout=layout.__name__,
        half=half,
        html=html,
        story=story,
        must=tuple(_pieces(block) for block in story.blocks),
        must_not=tuple(dict.fromkeys(sheet.unwanted)),
        once=tuple(sheet.repeated),
        published_at=_declared(html, story),
    )


def _pieces(block: Block) -> tuple[str, ...]:
    return tuple(block.cells) if block.kind == "row" else (block.text,)


def _declared(html: str, story: Story) -> date | None:
    day = story.published_at.isoformat()
    return story.published_at if f"{day}T" in html or f"='{day}'" in html else None
