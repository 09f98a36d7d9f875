"""Feeds: each entry an article."""

from __future__ import annotations

from datetime import date

import pytest

from extractor.errors import ArticleError, InputError
from extractor.formats import limits, read_document, read_documents
from tests.formats.pages import WORDS

_RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>The Gazette</title><link>https://news.example/</link>
<item><title>{title}</title><link>https://news.example/tugs</link>
<pubDate>Thu, 11 Apr 2024 08:00:00 +0200</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{first}</p><p style="display:none">XYZZYPLUGH</p><p>{second}</p>]]>
</content:encoded></item>
<item><title>Bare</title><description>{second}</description></item>
<item><title>Empty</title></item>
</channel></rss>"""
_ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Gazette</title>
<entry><title>{title}</title><link rel="self" href="https://news.example/1.atom"/>
<link href="https://news.example/tugs"/><updated>2024-04-12T08:00:00Z</updated>
<published>2024-04-11T08:00:00Z</published><summary>Short.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{first}</p><p>{second}</p></div>
</content></entry></feed>"""


def _filled(feed: str, language: str = "en") -> bytes:
    title, first, second = WORDS[language]
    return feed.format(title=title, first=first, second=second).encode()


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("feed", [_RSS, _ATOM], ids=["rss", "atom"])
def test_an_entry_has_text_title_day_and_address(feed: str, language: str) -> None:
    title, first, second = WORDS[language]
    article = next(read_documents(_filled(feed, language)))
    assert article.text == f"{first}\n{second}"
    assert (article.title, article.url) == (title, "https://news.example/tugs")
    assert (article.published_at, article.published_at_source) == (
        date(2024, 4, 11),
        "feed:published",
    )


def test_entries_without_text_are_left_out() -> None:
    titles = [article.title for article in read_documents(_filled(_RSS))]
    assert titles == [WORDS["en"][0], "Bare"]


def test_a_feed_is_no_single_document() -> None:
    with pytest.raises(ArticleError, match="2 articles"):
        read_document(_filled(_RSS))
    assert read_document(_filled(_ATOM)).title == WORDS["en"][0]


@pytest.mark.parametrize(
    "data",
    [
        b"<rss><channel/></rss>",
        b"<rss><channel><item></channel></rss>",
        b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><item>&a;</item></rss>',
        b"<rss>" + b"<item>" * 500,
    ],
)
def test_a_feed_that_cannot_be_read_is_told(data: bytes) -> None:
    with pytest.raises(InputError):
        list(read_documents(data, name="a.rss"))


def test_too_many_entries_are_refused() -> None:
    items = "<item><description>The port pays.</description></item>" * (limits.ENTRIES + 1)
    with pytest.raises(InputError, match="entries"):
        list(read_documents(f"<rss><channel>{items}</channel></rss>".encode()))
