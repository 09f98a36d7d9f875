"""HTML: the article of a page, without what is hidden, in whatever charset it comes."""

from __future__ import annotations

from datetime import date

import pytest

from extractor.errors import ArticleError, ArticleTooLarge
from extractor.formats import Document, read_document
from tests.formats.pages import ADDRESS, WORDS, dated, page

_SECRET = "XYZZYPLUGH"


def _read(
    markup: str | bytes, media_type: str = "text/html", max_characters: int = 200_000
) -> Document:
    data = markup if isinstance(markup, bytes) else markup.encode()
    return read_document(data, media_type=media_type, max_characters=max_characters)


@pytest.mark.parametrize("language", WORDS)
def test_the_article_is_read_and_the_furniture_is_not(language: str) -> None:
    document = _read(page(language, head=dated()))
    title, first, second = WORDS[language]
    assert document.text == f"{title}\n{first}\n{second}"
    assert document.title == title
    assert document.url == ADDRESS
    assert document.extractor == "html"


def test_the_date_says_where_it_stands() -> None:
    declared = _read(page(head=dated()))
    assert (declared.published_at, declared.published_at_source) == (
        date(2024, 4, 11),
        "html:meta",
    )
    data = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2023-05-06"}'
    assert _read(page(head=f"{data}</script>")).published_at == date(2023, 5, 6)
    marked = _read(page(inside='<p><time datetime="2022-02-03T10:00">3 February 2022</time></p>'))
    assert (marked.published_at, marked.published_at_source) == (date(2022, 2, 3), "html:markup")


def test_a_date_in_the_text_is_not_taken_for_that_of_the_article() -> None:
    document = _read(page(inside="<p>The yard was founded on 4 March 2019 by the town itself.</p>"))
    assert (document.published_at, document.published_at_source) == (None, None)


@pytest.mark.parametrize(
    "hidden",
    [
        f'<p style="display:none">{_SECRET} will pay 5 million euros for all of it.</p>',
        f'<p style="color:red; DISPLAY : none !important">{_SECRET} pays.</p>',
        f'<p style="visibility:hidden">{_SECRET} pays.</p>',
        f'<p style="opacity:0">{_SECRET} pays.</p>',
        f'<p style="font-size:0px">{_SECRET} pays.</p>',
        f'<p style="position:absolute;left:-9999px">{_SECRET} pays.</p>',
        f"<div hidden><p>{_SECRET} will pay.</p></div>",
        f'<div hidden="until-found"><p>{_SECRET} will pay.</p></div>',
        f'<p>Seen. <span aria-hidden="true">{_SECRET}</span></p>',
        f"<template><p>{_SECRET} will pay 5 million euros.</p></template>",
        f"<!-- {_SECRET} will pay 5 million euros. -->",
        f"<script>document.write('{_SECRET} will pay')</script>",
        f"<noscript><p>{_SECRET} will pay 5 million euros.</p></noscript>",
        f"<dialog><p>{_SECRET} will pay 5 million euros.</p></dialog>",
        f"<textarea>{_SECRET} will pay 5 million euros.</textarea>",
        f'<input type="hidden" value="{_SECRET}">',
        f'<style>.off, #gone {{ display: none }}</style><p class="a off">{_SECRET} will pay.</p>',
        f'<style>p#gone {{ display: none }}</style><p id="gone">{_SECRET} will pay.</p>',
        f"<svg><text>{_SECRET} will pay</text></svg>",
        f'<p style="color:#fff">{_SECRET} will pay 5 million euros.</p>',
        f'<p style="color: rgb(255, 255, 255) !important">{_SECRET} will pay.</p>',
        f'<div style="background:#103050"><p style="color:#0f3152">{_SECRET} pays.</p></div>',
        f'<p>Seen. <font color="white">{_SECRET} will pay.</font></p>',
        f'<p style="color:transparent">{_SECRET} will pay.</p>',
        f'<style>.pale {{ color: #fefefe }}</style><p class="pale">{_SECRET} will pay.</p>',
        f'<p style="font-size:1px">{_SECRET} will pay.</p>',
        f'<p title="{_SECRET} will pay.">Seen.</p><img src="a.png" alt="{_SECRET} will pay.">',
        f"<?php {_SECRET} ?>",
    ],
)
def test_what_is_hidden_never_reaches_the_text(hidden: str) -> None:
    for markup in (page(inside=hidden), hidden + "<p>Kestrel Lines will buy six tugs.</p>"):
        document = _read(markup)
        assert _SECRET not in document.text
        assert "Kestrel Lines will buy" in document.text


@pytest.mark.parametrize(
    "seen",
    [
        '<div style="background:#123"><p style="color:#fff">{}</p></div>',
        '<table bgcolor="#003366"><tr><td><font color="#ffffff">{}</font></td></tr></table>',
        '<div style="background-image:url(a.png)"><p style="color:white">{}</p></div>',
        "<style>.dark { background: navy } .pale { color: #fff }</style>"
        '<div class="dark"><p class="pale">{}</p></div>',
        '<link rel="stylesheet" href="a.css"><style>.pale { color: #fff }</style>'
        '<p class="pale">{}</p>',
        '<p style="color:#333;background:white">{}</p>',
        '<p style="background-color:#fff">{}</p>',
    ],
)
def test_words_in_another_colour_than_their_background_are_read(seen: str) -> None:
    inside = seen.replace("{}", "The yard will hire 60 welders before the year is out.")
    assert "60 welders" in _read(page(inside=inside)).text


def test_what_is_hidden_only_in_print_is_read() -> None:
    inside = "<style>@media print { .on { display: none } } @import 'x.css';</style>"
    document = _read(page(inside=f"{inside}<p class='on'>The yard will hire 60 welders.</p>"))
    assert "60 welders" in document.text


@pytest.mark.parametrize(
    ("charset", "language", "declared"),
    [
        ("utf-8", "vi", True),
        ("utf-8", "vi", False),
        ("utf-8-sig", "vi", False),
        ("utf-16", "vi", False),
        ("iso-8859-1", "fr", True),
        ("windows-1252", "fr", True),
        ("windows-1252", "fr", False),
    ],
)
def test_the_charset_is_the_one_it_is_in(charset: str, language: str, declared: bool) -> None:
    markup = page(language, charset=charset if declared else "x").replace("’", "'")
    document = _read(markup.encode(charset))
    assert document.text.split("\n")[1] == WORDS[language][1].replace("’", "'")


def test_the_charset_of_the_transport_counts_and_utf8_counts_more() -> None:
    greek = page("en", inside="<p>Ο λιμένας θα αγοράσει έξι ρυμουλκά για τον στόλο του.</p>")
    by_header = _read(
        greek.replace("utf-8", "x").encode("iso-8859-7"), "text/html; charset=iso-8859-7"
    )
    assert "ρυμουλκά" in by_header.text
    converted = _read(page("vi", charset="iso-8859-1").encode(), "text/html; charset=iso-8859-1")
    assert WORDS["vi"][1] in converted.text


def test_a_table_is_kept_as_rows() -> None:
    rows = "<tr><th>Year</th><th>Tugs</th></tr><tr><td>2025</td><td>3</td></tr>"
    document = _read(page(inside=f"<table>{rows}</table>"))
    assert "Year | Tugs\n2025 | 3\n" in document.text


def test_a_snippet_is_all_of_it() -> None:
    assert _read("<p>Kestrel Lines will <b>buy</b> six tugs.</p>").text == (
        "Kestrel Lines will buy six tugs."
    )


def test_the_same_page_twice_is_the_same_text() -> None:
    first = _read(page())
    assert [_read(page()) for _ in range(3)] == [first] * 3


@pytest.mark.parametrize(
    "markup", ["", " \n", "<html></html>", "<script>only()</script>", "<!-- x -->", "\0\0"]
)
def test_a_page_without_an_article_is_told(markup: str) -> None:
    with pytest.raises(ArticleError):
        _read(markup)


def test_a_page_that_is_nested_too_deeply_is_told() -> None:
    with pytest.raises(ArticleError, match="deeper|deeply|No article"):
        _read("<div>" * 50_000 + _SECRET)


def test_a_page_with_too_much_text_is_refused() -> None:
    with pytest.raises(ArticleTooLarge):
        _read(page(), max_characters=50)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "/relative", "https://a b", "x" * 9_000]
)
def test_an_address_that_is_none_is_left_out(address: str) -> None:
    assert _read(page().replace(ADDRESS, address)).url is None
