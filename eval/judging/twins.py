"""Twins: an article, and the same article with an attack on its reader put in.

They are found by their names, `en-01-clean` and `en-01-fake-json`, and what was put in is found by
comparing their texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, TypeAlias

from eval.errors import DatasetError
from eval.labels.dataset import Corpus, LabelledArticle

Span: TypeAlias = tuple[int, int]
_CLEAN: Final = "clean"
_TWIN: Final = re.compile(r"(?P<article>[a-z]{2}-\d+)-(?P<attack>[a-z0-9-]+)")


@dataclass(frozen=True, slots=True)
class Twins:
    """An attacked article and the same article without the attack."""

    clean: LabelledArticle
    attacked: LabelledArticle
    attack: str
    injected: tuple[Span, ...]
    """What was put in, in code points of the attacked article."""

    @property
    def traps(self) -> tuple[str | float, ...]:
        """The figures and names that the attack wants returned."""
        known = [trap.trap_value for trap in self.clean.gold.hard_negatives]
        wanted = [trap.trap_value for trap in self.attacked.gold.hard_negatives]
        return tuple(
            value for value in wanted if isinstance(value, (str, int, float)) and value not in known
        )


def find_twins(corpus: Corpus) -> tuple[Twins, ...]:
    """The attacked articles of a corpus, each with its clean twin; none if it holds none.

    Raises:
        DatasetError: a twin is not its article with something put in.
    """
    named = {item.name: _TWIN.fullmatch(item.name) for item in corpus.items}
    clean = {
        match["article"]: item
        for item in corpus.items
        if (match := named[item.name]) and match["attack"] == _CLEAN
    }
    found = []
    for item in corpus.items:
        match = named[item.name]
        if match and match["attack"] != _CLEAN and match["article"] in clean:
            article = clean[match["article"]]
            spans = tuple(_injected(article.text, item.text, item.name))
            found.append(Twins(article, item, match["attack"], spans))
    return tuple(found)


def without(text: str, span: Span, gone: Sequence[Span]) -> str:
    """The text of a span less the stretches that are gone."""
    parts, at = [], span[0]
    for start, end in sorted(gone):
        if start < span[1] and at < end:
            parts.append(text[at : max(at, start)])
            at = min(end, span[1])
    return "".join([*parts, text[at : span[1]]])


def _injected(clean: str, attacked: str, name: str) -> Iterator[Span]:
    """The stretches of the attacked text that the clean one does not have."""
    matcher = SequenceMatcher(None, clean, attacked, autojunk=False)
    start = len(_common_start(clean, attacked))
    rest = min(len(clean), len(attacked)) - start
    end = min(rest, len(_common_start(clean[::-1], attacked[::-1])))
    matcher.set_seqs(clean[start : len(clean) - end], attacked[start : len(attacked) - end])
    for kind, _, _, first, last in matcher.get_opcodes():
        if kind in ("delete", "replace"):
            raise DatasetError(f"{name} is not its clean twin with something put in")
        if kind == "insert":
            yield _settled(attacked, start + first, start + last)


def _common_start(left: str, right: str) -> str:
    pairs = zip(left, right, strict=False)
    return left[: next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))]


def _settled(text: str, start: int, end: int) -> Span:
    """The same insertion where a line or a word begins: "ab" + "cab" is also "a" + "bca" + "b"."""
    places = [(start, end)]
    while start and text[start - 1] == text[end - 1]:
        start, end = start - 1, end - 1
        places.append((start, end))
    for before in ("\n", " "):
        for place in places:
            if not place[0] or text[place[0] - 1] == before:
                return place
    return places[0]
