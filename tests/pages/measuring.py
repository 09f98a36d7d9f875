"""What readers of pages keep and leave: ours, and the two that are most in use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final

import numpy as np

from extractor.article import Article, read_article
from extractor.article.folding import fold_text
from extractor.errors import InputError
from extractor.formats import media, read_document
from tests.pages.sheet import Page

Reader = Callable[[Page], str]
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Row:
    """The counts of one page."""

    page: Page
    kept: int
    wanted: int
    leaked: int
    unwanted: int
    f1: float
    lost: tuple[str, ...]
    leaks: tuple[str, ...]


def read_page(page: Page) -> Article:
    """A page as the pipeline reads it: the text of its article, cut where page furniture begins."""
    document = read_document(page.html.encode(), media_type=media.HTML)
    return read_article(document.text, title=document.title, published_at=document.published_at)


def lines_of(article: Article) -> list[str]:
    """Its sentences, those of a line together."""
    lines: dict[int, list[str]] = {}
    for sentence in article.sentences:
        lines.setdefault(sentence.paragraph, []).append(sentence.text)
    return [" ".join(sentences) for sentences in lines.values()]


def ours(page: Page) -> str:
    """Our reading, up to the sentences that a model may be asked about."""
    try:
        return "\n".join(lines_of(read_page(page)))
    except InputError:
        return ""


def by_trafilatura(page: Page) -> str:
    """As its users call it."""
    import trafilatura

    return trafilatura.extract(page.html) or ""


def by_readability(page: Page) -> str:
    """Its summary, all the text of it."""
    from readability import Document  # type: ignore[import-not-found, unused-ignore]

    from extractor.formats.visible import parse, visible_text

    return visible_text(parse(Document(page.html).summary()))


def readers() -> dict[str, Reader]:
    """Those that can be asked here."""
    found: dict[str, Reader] = {"ours": ours, "trafilatura": by_trafilatura}
    if find_spec("readability"):
        found["readability"] = by_readability
    return found


def measure(page: Page, reader: Reader) -> Row:
    """What of a page a reader kept and left; its title counts neither way."""
    text = _without_title(fold_text(reader(page)), fold_text(page.story.title))
    flat = " ".join(text.split())
    lost = tuple(" | ".join(must) for must in page.must if not _holds(flat, must))
    leaks = [each for each in page.must_not if _holds(flat, (each,))]
    leaks += [each for each in page.once if flat.count(" ".join(fold_text(each).split())) > 1]
    return Row(
        page=page,
        kept=len(page.must) - len(lost),
        wanted=len(page.must),
        leaked=len(leaks),
        unwanted=len(page.must_not) + len(page.once),
        f1=_f1(text, fold_text(page.story.clean.partition("\n")[2])),
        lost=lost,
        leaks=tuple(leaks),
    )


def _without_title(text: str, title: str) -> str:
    return "\n".join(line for line in text.split("\n") if line.strip(" #") != title)


def _holds(flat: str, pieces: Sequence[str]) -> bool:
    words = (re.escape(" ".join(fold_text(piece).split())) for piece in pieces)
    return re.search(r"(?<!\w)" + r"\W+".join(words), flat) is not None


def _f1(found: str, wanted: str) -> float:
    one, other = Counter(_WORD.findall(found)), Counter(_WORD.findall(wanted))
    shared = sum((one & other).values())
    return 2 * shared / max(1, sum(one.values()) + sum(other.values()))


@dataclass(frozen=True, slots=True)
class Score:
    """A figure with its interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        def told(value: float) -> str:
            return f"{value:.3f}"

        return f"{told(self.value)} ({told(self.low)}-{told(self.high)})"


def score(rows: Sequence[object], tops: Sequence[float], bottoms: Sequence[float]) -> Score:
    """A ratio over all pages, by bootstrap over them."""
    rng = np.random.default_rng(7)
    top, bottom = np.array(tops, float), np.array(bottoms, float)
    drawn = rng.integers(0, len(rows), (4_000, len(rows)))
    ratios = top[drawn].sum(1) / bottom[drawn].sum(1)
    low, high = np.quantile(ratios, [0.025, 0.975])
    return Score(float(top.sum() / bottom.sum()), float(low), float(high))


def recall(rows: Sequence[Row]) -> Score:
    """Of the lines that must be there."""
    return score(rows, [row.kept for row in rows], [row.wanted for row in rows])


def leakage(rows: Sequence[Row]) -> Score:
    """The share of the furniture that is there."""
    return score(rows, [row.leaked for row in rows], [row.unwanted for row in rows])


def likeness(rows: Sequence[Row]) -> Score:
    """The mean of the pages' F1 over words."""
    return score(rows, [row.f1 for row in rows], [1.0] * len(rows))
