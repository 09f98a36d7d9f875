"""Speed of reading: what an article costs before any model is asked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eval.labels.dataset import load_corpora
from extractor.article import read_article

_ROOT: Final = Path(__file__).parents[2]
_RUNS: Final = 5


@dataclass(frozen=True, slots=True)
class ReadingCost:
    """Milliseconds of process time for 1,000 characters, the least of several runs."""

    characters: int
    sentences_ms: float
    """Body, language and sentences."""
    values_ms: float
    """Money, counts, dates and countries of every sentence."""


def measure_reading() -> ReadingCost:
    """The cost over gold and challenge set, each article read anew."""
    corpora = load_corpora([_ROOT / "gold", _ROOT / "gold" / "challenge"], [])
    texts = [item.text for corpus in corpora for item in corpus.items]
    characters = sum(map(len, texts))
    _read(texts)  # word lists are read and patterns compiled on first use
    runs = [_read(texts) for _ in range(_RUNS)]
    per_thousand = 1e6 / characters
    return ReadingCost(
        characters,
        min(first for first, _ in runs) * per_thousand,
        min(second for _, second in runs) * per_thousand,
    )


def _read(texts: Sequence[str]) -> tuple[float, float]:
    """Seconds of process time for sentences, and for the values in them."""
    began = time.process_time()
    articles = [read_article(text) for text in texts]
    cut = time.process_time()
    for article in articles:
        for sentence in article.sentences:
            article.mentions(sentence.id)
    return cut - began, time.process_time() - cut
