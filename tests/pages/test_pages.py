"""Our pages: what is read of them, against bars, and beside trafilatura's own reading."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from extractor.formats import media, read_document
from tests.pages.agreement import agreement, compare, compare_records
from tests.pages.measuring import (
    Row,
    by_trafilatura,
    leakage,
    likeness,
    measure,
    ours,
    recall,
)
from tests.pages.pages import pages
from tests.pages.sheet import Page

_LEAST_RECALL = 0.98
_MOST_LEAKAGE = 0.03
_LEAST_ALIKE = 0.97
HALVES = pytest.mark.parametrize("half", ["a", "b"])


def _half(half: str) -> list[Page]:
    return [page for page in pages() if page.half == half]


@cache
def _rows(half: str, reader: str) -> list[Row]:
    read = {"ours": ours, "trafilatura": by_trafilatura}[reader]
    return [measure(page, read) for page in _half(half)]


def test_the_set_is_of_three_languages_and_thirty_layouts() -> None:
    assert Counter(page.story.language for page in pages()) == {"en": 20, "fr": 20, "vi": 20}
    assert len({page.layout for page in pages()}) == 30
    assert not {page.layout for page in _half("a")} & {page.layout for page in _half("b")}
    for page in pages():
        assert 120 <= len(page.story.clean.split()) <= 400
        assert len(page.must_not) >= 6
    built = [p for p in pages() if {b.kind for b in p.story.blocks} & {"item", "row"}]
    assert len(built) >= 20


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_title_and_day_are_those_of_the_article(page: Page) -> None:
    document = read_document(page.html.encode(), media_type=media.HTML)
    assert document.title == page.story.title
    assert document.published_at == page.published_at
    assert document.url == f"https://news.example/{page.story.name}"


@HALVES
def test_the_article_is_there_and_what_stands_around_it_is_not(half: str) -> None:
    rows = _rows(half, "ours")
    lost = [f"{row.page.name}: {each}" for row in rows for each in row.lost]
    assert recall(rows).value >= _LEAST_RECALL, lost
    assert leakage(rows).value <= _MOST_LEAKAGE


@HALVES
def test_less_is_lost_and_less_is_left_than_by_trafilatura_alone(half: str) -> None:
    mine, theirs = _rows(half, "ours"), _rows(half, "trafilatura")
    assert recall(mine).value >= recall(theirs).value
    assert leakage(mine).value < leakage(theirs).value
    assert likeness(mine).value > likeness(theirs).value


@HALVES
def test_a_page_is_read_as_its_clean_text(half: str) -> None:
    pairs = [compare(page) for page in _half(half)]
    assert sum(pair.either for pair in pairs) > 200
    assert agreement(pairs).value >= _LEAST_ALIKE


@HALVES
def test_a_page_gives_the_records_of_its_clean_text(half: str) -> None:
    pairs = [compare_records(page) for page in _half(half)]
    assert sum(pair.either for pair in pairs) > 150
    assert agreement(pairs).value >= _LEAST_ALIKE
