"""Feeds (RSS, Atom): each entry an article, with the text that the feed itself holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from xml.etree.ElementTree import Element, tostring

from extractor.errors import ArticleError, ArticleTooLarge
from extractor.formats import limits
from extractor.formats.document import Extracted
from extractor.formats.html import read_fragment
from extractor.formats.limits import TITLE_CHARACTERS, URL_CHARACTERS, Limits
from extractor.formats.xml import attribute, children, local, parse_xml, words
from extractor.version import VERSION

# The fuller text first.
_TEXTS: Final = ("encoded", "content", "description", "summary")
_DAYS: Final = (
    ("pubDate", "feed:published"),
    ("published", "feed:published"),
    ("issued", "feed:published"),
    ("date", "feed:published"),
    ("updated", "feed:updated"),
)


def read(data: bytes, charset: str | None, most: Limits) -> list[Extracted]:
    """The entries that hold text.

    Raises:
        ArticleError: it is damaged, or no entry holds text.
        ArticleTooLarge: it has too many entries, or one has more characters than an article may.
    """
    root = parse_xml(data)
    entries = [each for each in root.iter() if local(each) in ("item", "entry")]
    if len(entries) > limits.ENTRIES:
        raise ArticleTooLarge(f"The feed has over {limits.ENTRIES} entries.")
    found = [article for entry in entries if (article := _article(entry)) is not None]
    if not found:
        raise ArticleError("The feed holds no text.", hint="Give the pages that it leads to.")
    if max(len(article.text) for article in found) > most.characters:
        raise ArticleTooLarge(f"An entry has over {most.characters} characters.")
    return found


def _article(entry: Element) -> Extracted | None:
    text = next((text for text in _texts(entry) if text.strip()), None)
    if text is None:
        return None
    day, source = _published(entry)
    title = words(next(children(entry, "title"), None))
    return Extracted(
        text=text,
        title=(read_fragment(title) if "<" in title else title)[:TITLE_CHARACTERS] or None,
        published_at=day,
        published_at_source=source,
        url=_address(entry),
        extractor="feed",
        extractor_version=VERSION,
    )


def _texts(entry: Element) -> Iterator[str]:
    for name in _TEXTS:
        for element in children(entry, name):
            if len(element):  # XHTML inside
                yield read_fragment(tostring(_bare(element), encoding="unicode"))
            elif attribute(element, "type") == "text":
                yield element.text or ""
            else:
                yield read_fragment(element.text or "")


def _bare(element: Element) -> Element:
    """The element without namespaces, as HTML has it."""
    for each in element.iter():
        each.tag = local(each)
        for key in [key for key in each.attrib if "}" in key]:
            del each.attrib[key]
    return element


def _published(entry: Element) -> tuple[date | None, str | None]:
    for name, source in _DAYS:
        for element in children(entry, name):
            if (day := _day(words(element))) is not None:
                return day, source
    return None, None


def _day(told: str) -> date | None:
    for parse in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            return parse(told).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _address(entry: Element) -> str | None:
    for link in children(entry, "link"):
        if (attribute(link, "rel") or "alternate") == "alternate":
            address = (attribute(link, "href") or link.text or "").strip()
            if address.startswith(("http://", "https://")) and len(address) <= URL_CHARACTERS:
                return address
    return None
