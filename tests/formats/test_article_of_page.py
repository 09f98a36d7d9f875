"""The article of a page: what stands around it goes, what only looks like that stays."""

from __future__ import annotations

import pytest

from extractor.formats import read_document

_FIRST = (
    "Kestrel Lines will buy six electric tugs for 90 million euros, the company said on Monday."
)
_SECOND = "The port authority of Merrowick has approved the purchase and will build the chargers."
_THIRD = "The first two tugs are to arrive in the spring of 2027, and the others a year later."
_TRUE = "The yard in Hale Point will hire 60 welders for the order before the end of the year."
_OTHER = "The Lark Fund will give 12 million dollars to schools in the uplands, its board decided."


def _page(inside: str, *, after: str = "", head: str = "", body: str = "") -> str:
    return (
        f"<html><head><title>Port buys tugs</title>{head}</head><body {body}>"
        f"<nav><a href='/'>Home</a> <a href='/n'>News</a></nav><div class='text'><h1>Port buys tugs"
        f"</h1><p>{_FIRST}</p><p>{_SECOND}</p>{inside}<p>{_THIRD}</p></div>{after}</body></html>"
    )


def _lines(markup: str) -> list[str]:
    return read_document(markup.encode(), media_type="text/html").text.split("\n")


@pytest.mark.parametrize(
    "inside",
    [
        f"<div class='share-of-work'><p>{_TRUE}</p></div>",
        f"<p><a href='/yard'>{_TRUE[:40]}</a>{_TRUE[40:]}</p>",
        f"<ul><li><a href='/yard'>The yard</a> {_TRUE[9:]}</li><li>And so on, for both.</li></ul>",
        f"<h2><a href='#jobs'>Jobs at the yard</a></h2><p>{_TRUE}</p>",
        f"<div><p>{_TRUE}</p><button>Listen</button></div>",
        f"<div class='no-ads has-sidebar'><p>{_TRUE}</p></div>",
        f"<blockquote>{_TRUE}</blockquote>",
        f"<details open><summary>Jobs</summary><p>{_TRUE}</p></details>",
        f"<p><em>{_TRUE}</em></p>",
        f"<section><section><div><div><p>{_TRUE}</p></div></div></section></section>",
        f"<dl><dt>Jobs</dt><dd>{_TRUE}</dd></dl>",
        f"<p><span><font>{_TRUE}</font></span></p>",
        f"<h4 class='question'>How many jobs?</h4><p>{_TRUE}</p>",
        f"<div class='live-entry'><a href='#e1'>14:02</a><p>{_TRUE}</p></div>",
    ],
)
def test_true_text_stays_where_it_stands(inside: str) -> None:
    lines = _lines(_page(inside))
    assert any(_TRUE[9:60] in line for line in lines)
    assert lines[0] == "Port buys tugs"
    assert lines[-1] == _THIRD


@pytest.mark.parametrize(
    "markup",
    [
        f"<form><div><h1>Port buys tugs</h1><p>{_FIRST}</p><p>{_SECOND}</p></div></form>",
        f"<div class='article tag-energy author-mk'><h1>Port buys tugs</h1><p>{_FIRST}</p>"
        f"<p>{_SECOND}</p></div>",
        f"<div class='newsletter'><h1>Port buys tugs</h1><p>{_FIRST}</p><p>{_SECOND}</p></div>",
        f"<footer><p>{_FIRST}</p><p>{_SECOND}</p></footer>",
        f"<p>{_FIRST}</p><p>{_SECOND}</p>",
        f"<div>{_FIRST}<br><br>{_SECOND}</div>",
        f"<h1>The Ledger</h1><h2>Port buys tugs</h2><p>{_FIRST}</p><p>{_SECOND}</p>",
        f"<table><tr><td>{_FIRST}</td></tr><tr><td>{_SECOND}</td></tr></table>",
        f"<aside><h1>Port buys tugs</h1><p>{_FIRST}</p><p>{_SECOND}</p></aside>",
    ],
)
def test_an_article_is_found_whatever_its_container_is_called(markup: str) -> None:
    lines = _lines(f"<html><head><title>Port buys tugs</title></head><body>{markup}</body></html>")
    assert lines[-2:] == [_FIRST, _SECOND]


def test_an_article_in_parts_is_read_to_its_end() -> None:
    parts = "".join(
        f"<section class='part'><h2>{n}</h2><p>{text}</p><a href='/m'>{_OTHER[:40]}</a></section>"
        for n, text in (("One day", _FIRST), ("Two ports", _SECOND), ("Three yards", _TRUE))
    )
    lines = _lines(f"<html><body><h1>Port buys tugs</h1>{parts}</body></html>")
    assert [line for line in (_FIRST, _SECOND, _TRUE) if line not in lines] == []


def test_entries_that_link_to_themselves_stay() -> None:
    entries = "".join(
        f"<div class='entry'><h3><a href='#e{n}'>Tugs: what happened at {n} today</a></h3>"
        f"<p>{text}</p></div>"
        for n, text in ((9, _FIRST), (10, _SECOND), (11, _TRUE), (12, _THIRD))
    )
    lines = _lines(f"<html><body><h1>Tugs live</h1><div>{entries}</div></body></html>")
    assert [line for line in (_FIRST, _SECOND, _TRUE, _THIRD) if line not in lines] == []


def test_a_table_of_data_keeps_its_rows_and_caption() -> None:
    rows = "".join(
        f"<tr><td><a href='/{name}'>{name}</a></td><td>{sum_}</td></tr>"
        for name, sum_ in (("Halden Semi", "45"), ("Orrin Wafer", "120"))
    )
    table = f"<table><caption>(Amounts in millions of euros)</caption>{rows}</table>"
    for inside in (table, f"<figure>{table}</figure>", f"<div class='wrap'>{table}</div>"):
        lines = _lines(_page(inside))
        at = lines.index("(Amounts in millions of euros)")
        assert lines[at + 1 : at + 3] == ["Halden Semi | 45", "Orrin Wafer | 120"]


def test_cells_with_paragraphs_in_them_are_cells() -> None:
    row = "<tr><td><p>Halden Semi</p></td><td><div>45</div></td></tr>"
    assert _lines(_page(f"<table>{row}{row}</table>")).count("Halden Semi | 45") == 2


def test_the_headline_comes_first_wherever_it_stands() -> None:
    markup = (
        "<html><body><div class='top'><h1>Port buys tugs</h1></div><div class='meta'>By M. Kowal"
        f"</div><div class='x'><p>{_FIRST}</p><p>{_SECOND}</p></div></body></html>"
    )
    assert _lines(markup) == ["Port buys tugs", _FIRST, _SECOND]


@pytest.mark.parametrize(
    "box",
    [
        f"<div class='k1'><h3>Elsewhere</h3><p><a href='/a'>{_OTHER}</a></p></div>",
        f"<div><div><a href='/a'>Lark Fund doubles aid</a><p>{_OTHER}</p></div>"
        f"<div><a href='/b'>Tolland fair opens today</a><p>{_OTHER}</p></div></div>",
        f"<div><p>{_OTHER}</p><form><input type='email'></form></div>",
        f"<div role='complementary'><p>{_OTHER}</p></div>",
        f"<div class='PromoBox'><p>{_OTHER}</p></div>",
        f"<div id='newsletter_signup'><p>{_OTHER}</p></div>",
        f"<figure><img src='a.png'><figcaption>{_OTHER}</figcaption></figure>",
    ],
)
def test_boxes_go_between_paragraphs_and_below_them(box: str) -> None:
    assert _lines(_page(box)) == ["Port buys tugs", _FIRST, _SECOND, _THIRD]
    assert _lines(_page("", after=box)) == ["Port buys tugs", _FIRST, _SECOND, _THIRD]


def test_a_second_article_on_the_page_is_not_read() -> None:
    following = f"<div class='text'><h1>Lark Fund doubles aid</h1><p>{_OTHER}</p></div>"
    assert _lines(_page("", after=following)) == ["Port buys tugs", _FIRST, _SECOND, _THIRD]


def test_a_sentence_shown_twice_is_read_once() -> None:
    lines = _lines(_page(f"<blockquote class='pull'>“{_SECOND}”</blockquote>"))
    assert lines.count(_SECOND) == 1
    assert len(lines) == 4
