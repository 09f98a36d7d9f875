"""What a reader of a page sees: a tree without hidden elements, and its text by blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

from lxml import etree
from lxml import html as lxml_html

from extractor.errors import ArticleError
from extractor.formats.colours import Sheet, is_unseen
from extractor.formats.limits import DEPTH

# Deeper pages are cut by the parser itself at about 250.
_DEEPEST: Final = DEPTH
_SET_APART = """
script style template noscript iframe object embed svg canvas audio video select textarea
button input datalist
"""
_NEVER_SHOWN: Final = frozenset(_SET_APART.split())
_UNHIDEABLE: Final = frozenset({"html", "head", "body"})
_ON_LINES_OF_THEIR_OWN = """
address article aside blockquote body br caption center dd details div dl dt fieldset figcaption
figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody
tfoot thead tr ul
"""
_BLOCKS: Final = frozenset(_ON_LINES_OF_THEIR_OWN.split())
_CELLS: Final = frozenset({"td", "th"})
_HIDING: Final = re.compile(
    r"(?i)(?:^|[;{\s])(?:"
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0*(?:\.0+)?\s*(?:[;!}]|$)"
    r"|font-size\s*:\s*(?:0*(?:\.0+)?(?:px|em|rem|pt|%)?|1px)\s*(?:[;!}]|$)"
    r"|(?:width|height|max-height|max-width)\s*:\s*0(?:px)?\s*(?:[;!}]|$)"
    r"|(?:left|top|text-indent|margin-left)\s*:\s*-\d{3,}|clip-path\s*:\s*inset\(\s*(?:50|100)%"
    r"|clip\s*:\s*rect\(\s*[01])"
)
_STYLE_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_SIMPLE: Final = re.compile(r"([A-Za-z][\w-]{0,50})?(?:([.#])([\w-]{1,200}))?")
_MOST_RULES: Final = 10_000
"""Characters that are read of what is said of one name."""
_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]{0,500}\?>")
_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def parse(markup: str) -> Any:
    """The tree of a page, without comments.

    Raises:
        ArticleError: it is empty or cannot be read, or nests its elements too deeply.
    """
    markup = _FORBIDDEN.sub("", _DECLARATION.sub("", markup))
    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        tree = lxml_html.document_fromstring(markup.encode(), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        raise ArticleError("The page is empty or cannot be read as HTML.") from None
    if _is_deep(tree):
        raise ArticleError(
            f"The page nests its elements deeper than {_DEEPEST}.", hint="Give the text itself."
        )
    return tree


def head_of(tree: Any) -> Any:
    """A page of only what the page declares of itself: its head and the data in its scripts."""
    head = lxml_html.document_fromstring("<html><head></head><body></body></html>")
    for element in tree.iter("meta", "title", "link", "script"):
        is_data = element.tag != "script" or element.get("type", "").endswith("ld+json")
        # Pictures have titles too.
        is_of_page = element.tag != "title" or next(element.iterancestors("svg"), None) is None
        if is_data and is_of_page:
            copy = deepcopy(element)
            copy.tail = None
            head.head.append(copy)
    return head


def strip_hidden(tree: Any) -> None:
    """Take out of the tree whatever a reader does not see, by markup and by plain style rules."""
    sheet = _simple_rules(tree)
    hiding = frozenset(selector for selector, rules in sheet.items() if _HIDING.search(rules))
    # What style sheets elsewhere say of backgrounds is not known.
    colours: Sheet = {} if any(_is_sheet(link) for link in tree.iter("link")) else sheet
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.tag in _UNHIDEABLE:
            continue
        hidden = element.tag in _NEVER_SHOWN or _is_hidden(element, hiding)
        hidden = hidden or is_unseen(element, colours)
        if hidden and element.getparent() is not None:
            element.drop_tree()


def visible_text(tree: Any) -> str:
    """The text of a stripped tree, one line a block, cells of a row with bars between them."""
    body = tree.find("body")
    lines = "".join(_pieces(tree if body is None else body)).split("\n")
    cleaned = (" ".join(line.split()).strip("| ") for line in lines)
    return "\n".join(line for line in cleaned if line)


def _pieces(element: Any) -> Iterator[str]:
    """All text below, in order, without recursion: trees are deep."""
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if not isinstance(node.tag, str) or node.tag in ("head", "title"):
            continue
        edge = "\n" if node.tag in _BLOCKS else " | " if node.tag in _CELLS else ""
        if event == "start":
            yield edge if node.tag not in _CELLS else ""
            yield re.sub(r"\s+", " ", node.text or "")
        else:
            yield edge
            if node is not element:
                yield re.sub(r"\s+", " ", node.tail or "")


def _is_deep(tree: Any) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            return True
    return False


def _is_hidden(element: Any, hiding: frozenset[tuple[str, str, str]]) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden", "").lower() == "true":
        return True
    if element.tag == "dialog" and element.get("open") is None:
        return True
    if _HIDING.search(element.get("style", "")):
        return True
    names = [(".", name) for name in element.get("class", "").split()]
    names += [("#", element.get("id", ""))]
    return any(
        (tag, sign, name) in hiding for sign, name in names for tag in ("", str(element.tag))
    )


def _is_sheet(link: Any) -> bool:
    return "stylesheet" in link.get("rel", "").lower()


def _simple_rules(tree: Any) -> dict[tuple[str, str, str], str]:
    """What style sheets in the page say of each tag, class or id: tag, sign and name."""
    found: dict[tuple[str, str, str], str] = {}
    for style in tree.iter("style"):
        sheet = _without_conditions(_STYLE_COMMENT.sub("", style.text or ""))
        for block in sheet.split("}"):
            selectors, _, rules = block.rpartition("{")
            for selector in filter(None, map(str.strip, selectors.split(","))):
                if simple := _SIMPLE.fullmatch(selector):
                    key = (simple[1] or "").lower(), simple[2] or "", simple[3] or ""
                    told = found.get(key, "")
                    found[key] = f"{told};{rules}" if len(told) < _MOST_RULES else told
    return found


def _without_conditions(sheet: str) -> str:
    """The sheet without its blocks @media and the like, which hold only sometimes."""
    kept = []
    position = 0
    while (start := sheet.find("@", position)) >= 0:
        kept.append(sheet[position:start])
        opening, ending = sheet.find("{", start), sheet.find(";", start)
        if 0 <= ending < opening or opening < 0:
            position = ending + 1 if ending >= 0 else len(sheet)
            continue
        depth, position = 1, opening + 1
        while depth and position < len(sheet):
            depth += {"{": 1, "}": -1}.get(sheet[position], 0)
            position += 1
    return "".join([*kept, sheet[position:]])
