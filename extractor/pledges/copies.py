"""Copies of one story: articles that share most of their runs of words.

They are looked for among the articles of one pledge, for only there would a copy count as a source.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import combinations
from typing import Final

_RUN: Final = 5
_COPY_FROM: Final = 0.6
"""Share of the shorter article's runs of words that the other one has too."""
_LEAST_RUNS: Final = 12
_WORD: Final = re.compile(r"\w+")


def copied_stories(texts: Mapping[str, str]) -> dict[str, str]:
    """For each article that is a copy of another: the least digest of all copies of the story.

    Args:
        texts: articles by their digests.
    """
    parent = {digest: digest for digest in texts}

    def story_of(digest: str) -> str:
        while parent[digest] != digest:
            digest = parent[digest]
        return digest

    runs = {digest: _runs(text) for digest, text in texts.items()}
    for one, other in combinations(sorted(texts), 2):
        fewer = min(len(runs[one]), len(runs[other]))
        if fewer >= _LEAST_RUNS and len(runs[one] & runs[other]) >= _COPY_FROM * fewer:
            first, second = sorted((story_of(one), story_of(other)))
            parent[second] = first
    stories = {digest: story_of(digest) for digest in texts}
    told = list(stories.values())
    return {digest: story for digest, story in stories.items() if told.count(story) > 1}


@lru_cache(maxsize=2_000)
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Runs of words; a story is copied with other marks, quotes and capitals."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return frozenset(_windows(words))


def _windows(words: list[str]) -> Iterator[tuple[str, ...]]:
    for start in range(len(words) - _RUN + 1):
        yield tuple(words[start : start + _RUN])
