"""HTML: the article of a page, borne out by trafilatura, its date by htmldate; nothing hidden."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any, Final

import htmldate
import trafilatura
from lxml import etree
from trafilatura.metadata import extract_metadata

from extractor.errors import ArticleError, ArticleTooLarge
from extractor.formats.boxes import take_out_boxes, take_out_forms
from extractor.formats.charsets import decode_markup
from extractor.formats.document import Extracted
from extractor.formats.finding import find_article, is_like
from extractor.formats.limits import TITLE_CHARACTERS, URL_CHARACTERS, Limits
from extractor.formats.visible import head_of, parse, strip_hidden, visible_text

_EXTRACTOR: Final = "html"
# Below this a page is a snippet: all that is visible in it is the article.
_SNIPPET_CHARACTERS: Final = 1_500
# Of the runs of words that trafilatura finds, where we find the same article.
_SHARED: Final = 0.35
_RUN: Final = 4
_MOST_FOR_BOTH: Final = 20_000
"""Elements of a page that trafilatura reads too; a page of news has some thousands."""
_HTTP: Final = ("http://", "https://")


def read(data: bytes, charset: str | None, most: Limits) -> list[Extracted]:
    """The article of a page, with its title, date and address.

    Raises:
        ArticleError: it is no page, or holds no article.
        ArticleTooLarge: it has more characters than an article may.
    """
    tree = parse(decode_markup(data, charset))
    head = head_of(tree)
    take_out_forms(tree)
    strip_hidden(tree)
    title = _title(head, tree)
    text = _article(tree, title) or _snippet(tree)
    if not text:
        raise ArticleError(
            "No article was found in the page.",
            hint="Pages whose text is made by scripts hold none: save the page from a browser, "
            "or give the text itself.",
        )
    if len(text) > most.characters:
        raise ArticleTooLarge(f"The article has over {most.characters} characters.")
    day, method = _published(head, tree)
    return [
        Extracted(
            text=text,
            title=title,
            published_at=day,
            published_at_source=method,
            url=_address(head),
            extractor=_EXTRACTOR,
            extractor_version=trafilatura.__version__,
        )
    ]


def read_fragment(markup: str) -> str:
    """All visible text of a piece of HTML that is no page, such as the body of a mail."""
    if not markup.strip():
        return ""
    tree = parse(markup)
    strip_hidden(tree)
    return visible_text(tree)


def _article(tree: Any, title: str | None) -> str | None:
    """The article, as we find it; where trafilatura finds another text, that one.

    trafilatura knows many more pages, we lose fewer lists and keep less furniture. What both find
    is the article; where we have little of what it has, we did not understand the page.
    """
    boxless = deepcopy(tree)
    take_out_boxes(boxless)
    found = find_article(boxless, title)
    if found and sum(1 for _ in boxless.iter()) > _MOST_FOR_BOTH:
        return "\n".join(found)
    ours, whole = "\n".join(found), _by_trafilatura(tree)
    if whole is None or _holds(ours, whole):
        return ours or None
    # A box may have been the article: what is left then lacks most of it as well.
    other = _by_trafilatura(boxless)
    return other if other is not None and _holds(other, whole) else whole


def _holds(found: str, other: str) -> bool:
    """Whether most of the other text is in the found one, by runs of words."""
    return len(_runs(found) & _runs(other)) >= _SHARED * len(_runs(other))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return {tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1))}


def _by_trafilatura(tree: Any) -> str | None:
    """The main text, at first by the strict rules; of a page where they find none by the usual."""
    for strict in (True, False):
        found = trafilatura.bare_extraction(
            deepcopy(tree),
            favor_precision=strict,
            include_comments=False,
            include_tables=True,
            # It would remember the paragraphs of other pages.
            deduplicate=False,
        )
        text = getattr(found, "text", None)
        if text and text.strip():
            return _tidy(str(text))
    return None


def _tidy(text: str) -> str:
    """The text with the rows of its tables as cells between bars, and no lines of dashes."""
    lines = (line.strip() for line in text.split("\n"))
    rows = (line.strip("| ") if line.startswith("|") else line for line in lines)
    return "\n".join(row for row in rows if row.strip("|- "))


def _snippet(tree: Any) -> str | None:
    text = visible_text(tree)
    return text if len(text) <= _SNIPPET_CHARACTERS else None


def _title(head: Any, tree: Any) -> str | None:
    """The heading that is in the declared title, without the name of the site.

    Where none is, the declared title if its reader sees it too, as a heading or name of the page.
    """
    headings = [told for each in tree.iter("h1", "h2") if (told := _told(each))]
    names = [told for each in head.iter("title") if (told := _told(each))]
    declared = [extract_metadata(deepcopy(part), extensive=False).title for part in (head, tree)]
    titles = [told for title in declared if (told := " ".join((title or "").split()))]
    fit = [told for told in headings if any(is_like(told, title) for title in [*titles, *names])]
    fit = fit or [title for title in titles if any(is_like(title, told) for told in names)][:1]
    found = max(fit, key=len, default=None) or next(iter([*headings[:1], *names]), None)
    return found[:TITLE_CHARACTERS] if found else None


def _told(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _published(head: Any, tree: Any) -> tuple[date | None, str | None]:
    """The day of first publication and how surely it is that: declared, or marked in the page.

    A date that only stands somewhere in the text is not taken: a wrong day resolves "next year"
    wrongly and nobody sees it, a missing one is told in a notice.
    """
    for part, method in ((head, "html:meta"), (tree, "html:markup")):
        try:
            day = htmldate.find_date(deepcopy(part), extensive_search=False, original_date=True)
        except (ValueError, TypeError, OverflowError, etree.LxmlError):
            continue
        if day:
            return date.fromisoformat(day), method
    return None, None


def _address(head: Any) -> str | None:
    """The canonical address that the page gives itself."""
    found = head.xpath("//link[@rel='canonical']/@href") or head.xpath(
        "//meta[@property='og:url']/@content"
    )
    address = str(found[0]).strip() if found else ""
    fit = address.startswith(_HTTP) and len(address) <= URL_CHARACTERS
    return address if fit and address.isprintable() and " " not in address else None
