"""Boxes: what stands around and between the paragraphs of a page and is told by how it is built.

A box is what is marked as one (by a tag, a role or a name), what is mostly links to elsewhere, a
row of cards that each link to another article, and what lies closely around a form. Nothing that
holds the headline or much of the prose of the page is a box, whatever it is called.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from extractor.formats.lines import (
    BLOCKS,
    CELLS,
    is_foreign_link,
    is_of_data,
    lengths,
    lines_of,
    prose_by_element,
)

_TAGS: Final = frozenset(["nav", "aside", "footer", "form", "dialog", "menu", "figcaption"])
_ROLES: Final = frozenset(
    [
        "navigation",
        "complementary",
        "contentinfo",
        "search",
        "dialog",
        "alertdialog",
        "menu",
        "menubar",
        "banner",
        "form",
        "toolbar",
        "tablist",
    ]
)
_NAMED: Final = ("class", "id", "data-component", "data-testid", "data-module", "data-widget")
# Words of which names of boxes are made, whatever the language of the page.
_WORDS: Final = """
ad ads advert advertisement advertorial adslot affiliate app author authors authorbox banner bio
breadcrumb breadcrumbs byline caption colophon comment comments commentlist consent cookie cookies
copyright credit credits dateline disqus footer gdpr imprint install login masthead membership
mostread nav navbar navigation newsletter newsletters outbrain pager pagination paywall piano poll
popular popup privacy promo promos promoted promotion pullquote quiz read recirc recirculation
recommend recommendation recommendations recommended regwall related rail reactions share shares
sharing sidebar signin signup social sponsor sponsored subscribe subscription survey taboola tags
taglist teaser teasers ticker toolbar trending upsell widget-area
"""
_BOX_WORDS: Final = frozenset(_WORDS.split()) - {"read", "author", "app"}
_BOX_PAIRS: Final = frozenset(
    {
        *(("most", "read"), ("most", "viewed"), ("most", "popular"), ("read", "also")),
        *(("read", "more"), ("read", "next"), ("see", "also"), ("up", "next"), ("more", "stories")),
        *(("app", "promo"), ("app", "banner"), ("author", "box"), ("author", "info")),
        *(("author", "bio"), ("author", "card"), ("tin", "lien"), ("doc", "nhieu")),
        *(("tag", "list"), ("tag", "cloud"), ("sign", "up"), ("log", "in"), ("post", "meta")),
        *(("entry", "meta"), ("article", "meta"), ("story", "meta"), ("live", "meta")),
        *(("mentions", "legales"), ("a", "lire"), ("lire", "aussi"), ("press", "contact")),
    }
)
# Not a box: one that says whether the page has it.
_ONLY_STATES: Final = frozenset(
    ["has", "no", "with", "without", "is", "not", "hide", "show", "enable", "enabled"]
)
# A name of several words that says what the text is about: "share-of-work".
_IN_PHRASES: Final = frozenset(["and", "for", "in", "of", "on", "the", "to"])
_TOKEN: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_MOST_PROSE: Final = 0.3
"""Of a page's prose that a box may hold."""
_MOSTLY: Final = 0.6
_ALL_BUT: Final = 0.9
_NEAR_A_FORM: Final = 400
"""Characters around a form that belong to it."""
_FIELDS: Final = frozenset({"email", "text", "tel", "radio", "checkbox", "search", ""})
_HEADLINE_WORDS: Final = 3
_HIGHEST_CARD: Final = 5
_LARGEST_CARD: Final = 500
_BEFORE_HEADLINE: Final = 40
_NO_CARDS: Final = frozenset(
    ["a", "p", "span", "b", "strong", "em", "i", "td", "tr", "h1", "h2", "h3", "h4", "h5", "h6"]
)
_NEVER: Final = frozenset(["html", "head", "body", "main"])
_SINGLE: Final = frozenset(
    ["h1", "h2", "h3", "h4", "h5", "h6", "p", "tr", "table", "tbody", "thead"]
)


def take_out_forms(tree: Any) -> None:
    """Take out every form with what is said closely around it; before fields are stripped."""
    found = [*tree.iter("form"), *(e for e in tree.iter("input") if _is_field(e))]
    if not found:
        return
    page = _Page(tree)
    for element in found:
        if element in page.gone:
            continue
        box = element
        while (parent := box.getparent()) is not None and page.may_lose(parent):
            if page.characters.get(parent, 0) > _NEAR_A_FORM:
                break
            box = parent
        if box is not element or element.tag == "form":
            page.lose(box)


def take_out_boxes(tree: Any) -> None:
    """Take out what is no part of the article, and leave a hole where it was."""
    page = _Page(tree)
    for element in list(tree.iter()):
        if isinstance(element.tag, str) and element not in page.gone and _is_marked(element):
            page.lose(element)
    page.count_again()
    data = {part for table in tree.iter("table") if is_of_data(table) for part in table.iter()}
    for element in list(tree.iter(*BLOCKS, *CELLS)):
        within = element in data and element.tag != "table"
        if element not in page.gone and not within and page.is_links(element):
            page.lose(element)
    page.count_again()
    for group in list(_cards(page, tree)):
        for element in group:
            if element not in page.gone:
                page.lose(element)


class _Page:
    """A tree of which parts are taken out, and how much is in each part."""

    def __init__(self, tree: Any) -> None:
        self._tree = tree
        self.gone: set[Any] = set()
        self.characters, self.linked = lengths(tree)
        self._prose = prose_by_element(tree, lines_of(tree))
        body = tree.find("body")
        self._titled = {e for title in tree.iter("h1") for e in (title, *title.iterancestors())}
        self._most = _MOST_PROSE * self._prose.get(tree if body is None else body, 0)

    def count_again(self) -> None:
        """Count what is left, after much was taken out."""
        self.characters, self.linked = lengths(self._tree)

    def may_lose(self, element: Any) -> bool:
        """Whether it holds neither the headline nor much of the page's prose."""
        if element.tag in _NEVER:
            return False
        return self._prose.get(element, 0) <= self._most and element not in self._titled

    def lose(self, element: Any) -> None:
        """Take it out, if it may be; a hole is left."""
        if not self.may_lose(element):
            return
        self.gone.update(element.iterdescendants())
        tail = element.tail
        element.clear()
        element.tail = tail
        element.tag = "hr"
        element.set("data-hole", "")

    def is_links(self, element: Any) -> bool:
        """Whether most of its words lead elsewhere; of a line or table: all but all of them."""
        if element.tag == "li":  # judged with its list
            return False
        share = _ALL_BUT if element.tag in _SINGLE else _MOSTLY
        linked = self.linked.get(element, 0)
        return linked > 0 and linked >= share * self.characters.get(element, 0)


def _is_field(element: Any) -> bool:
    return element.get("type", "").lower() in _FIELDS


def _is_marked(element: Any) -> bool:
    """By a tag, a role or a name."""
    if element.tag == "figcaption":
        return next(element.getparent().iter("table"), None) is None
    if element.tag in _TAGS or element.get("role", "").lower() in _ROLES:
        return True
    return any(_names_box(element.get(name, "")) for name in _NAMED)


def _names_box(names: str) -> bool:
    for name in names.split():
        tokens = [token.lower() for token in _TOKEN.findall(name)]
        if tokens and (tokens[0] in _ONLY_STATES or not _IN_PHRASES.isdisjoint(tokens)):
            continue
        if not _BOX_WORDS.isdisjoint(tokens):
            return True
        if any(pair in _BOX_PAIRS for pair in pairwise(tokens)):
            return True
    return False


def _cards(page: _Page, tree: Any) -> Iterator[list[Any]]:
    """Brothers of one shape, each of which begins with a headline that leads elsewhere."""
    found: dict[Any, dict[Any, None]] = {}
    for link in tree.iter("a"):
        if not is_foreign_link(link) or not _is_headline(page, link):
            continue
        card = link
        for _ in range(_HIGHEST_CARD):
            parent = card.getparent()
            if parent is None or page.characters.get(card, 0) > _LARGEST_CARD:
                break
            if _begins_with(card, link):
                found.setdefault(parent, {})[card] = None
            card = parent
    for cards in found.values():
        shapes = Counter(_shape(card) for card in cards)
        for shape, count in shapes.items():
            if count > 1 and shape[0] not in _NO_CARDS:
                yield [card for card in cards if _shape(card) == shape]


def _shape(element: Any) -> tuple[str, str]:
    return str(element.tag), element.get("class", "")


def _begins_with(card: Any, link: Any) -> bool:
    """Whether nothing but a few words, such as a date, stands before the link."""
    before = 0
    element = link
    while element is not card:
        for earlier in element.itersiblings(preceding=True):
            words = ("".join(earlier.itertext()), earlier.tail or "")
            before += sum(len(" ".join(told.split())) for told in words)
            if before > _BEFORE_HEADLINE:
                return False
        element = element.getparent()
        before += len((element.text or "").strip())
    return before <= _BEFORE_HEADLINE


def _is_headline(page: _Page, link: Any) -> bool:
    """Whether it is all of a line, or has lines of its own in it."""
    if len("".join(link.itertext()).split()) < _HEADLINE_WORDS:
        return False
    if any(isinstance(e.tag, str) and e.tag in BLOCKS for e in link.iterdescendants()):
        return True
    before, after = link.getprevious(), link.getnext()
    ahead = link.getparent().text if before is None else before.tail
    alone = not (ahead or "").strip() and not (link.tail or "").strip()
    return (
        alone
        and (after is None or after.tag in BLOCKS)
        and (before is None or before.tag in (*BLOCKS, "img", "picture", "time", "span"))
    )
