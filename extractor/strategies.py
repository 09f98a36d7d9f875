"""Strategies: how an article is put to a model, as passages, each with the prompt that asks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from extractor.article import Article
from extractor.prompting import Prompt
from extractor.prompting.passages import Passage, make_article_passage, make_passage
from extractor.records import RecordType, Strategy
from extractor.selection import Candidates

_MOST_CHARACTERS = 24_000
"""A longer body is asked in parts, so that the answer about each stays within its limit."""
_WINDOW = 6_000
"""Characters of an article that are in view of one question."""
_LEAD = 2
"""Sentences of the beginning that are in view of every question."""
_AFTER = 2
_MOST_ASKED = 4
"""Sentences that one question asks about; those about one stretch share what is in view."""
_EXPECTED = 0.5
"""Probability from which a sentence must yield a record: the checks may still refuse it."""


_WORTH_A_ROW = 0.1
"""Probability from which a sentence is asked about where an empty answer costs a few tokens."""


def asked_from(strategy: Strategy, min_confidence: float) -> float:
    """Probability, by the finder, from which a sentence is asked about."""
    return min(min_confidence, _WORTH_A_ROW) if strategy == "article" else min_confidence


def plan(
    prompts: Sequence[Prompt],
    article: Article,
    candidates: Candidates | None,
) -> list[tuple[Prompt, Passage]]:
    """All questions about the article, in the order that keeps each prompt's prefix cached.

    Without candidates the whole article is asked about.
    """
    return [
        (prompt, passage)
        for prompt in prompts
        for passage in _passages(prompt, article, candidates)
    ]


def _passages(prompt: Prompt, article: Article, candidates: Candidates | None) -> list[Passage]:
    if candidates is None:
        return _document(article, prompt.record_types)
    if prompt.strategy == "article":
        asked = {number for chosen in candidates.values() for number in chosen}
        return passages_in_view(article, sorted(asked), prompt.record_types)
    return _sentences(article, candidates, prompt.record_types)


def _document(article: Article, record_types: Sequence[RecordType]) -> list[Passage]:
    """The body as one passage, or as few as its length needs; right for large models."""
    parts: list[list[int]] = []
    length = _MOST_CHARACTERS
    for sentence in article.sentences:
        if length + len(sentence.text) > _MOST_CHARACTERS:
            parts.append([])
            length = 0
        parts[-1].append(sentence.id)
        length += len(sentence.text)
    return [make_passage(article, numbers, record_types) for numbers in parts]


def passages_in_view(
    article: Article, asked: Sequence[int], record_types: Sequence[RecordType]
) -> list[Passage]:
    """Sentences (ascending) with the article in view; right for taught models.

    A long article is put in windows that overlap, each behind the beginning of the article. All
    questions about a window begin alike, so that it is read once.
    """
    passages = []
    for window in _windows(article, asked):
        around = sorted({*_lead(article), *_span(article, window)})
        passages += [
            make_article_passage(article, group, around, record_types) for group in _groups(window)
        ]
    return passages


def _windows(article: Article, asked: Sequence[int]) -> list[list[int]]:
    """The sentences asked about, those together that lie in one stretch."""
    windows: list[list[int]] = []
    for number in asked:
        if not windows or _length(article, (windows[-1][0], number)) > _WINDOW:
            windows.append([])
        windows[-1].append(number)
    return windows


def _groups(window: Sequence[int]) -> list[Sequence[int]]:
    """The sentences of a window in groups of about one size, each for one question."""
    count = -(-len(window) // _MOST_ASKED)
    cuts = [len(window) * place // count for place in range(count + 1)]
    return [window[start:end] for start, end in pairwise(cuts)]


def _span(article: Article, asked: Sequence[int]) -> range:
    """The sentences from well before the first to a few after the last, within the window."""
    first, last = asked[0], min(len(article.sentences), asked[-1] + _AFTER)
    while first > 1 and _length(article, (first - 1, last)) <= _WINDOW:
        first -= 1
    return range(first, last + 1)


def _length(article: Article, numbers: Sequence[int]) -> int:
    """Characters of the article between two of its sentences, both included."""
    return article.sentences[numbers[-1] - 1].end - article.sentences[numbers[0] - 1].start


def _lead(article: Article) -> range:
    return range(1, min(len(article.sentences), _LEAD) + 1)


def _sentences(
    article: Article, candidates: Candidates, record_types: Sequence[RecordType]
) -> list[Passage]:
    """One short passage for each sentence that may hold a record; right for small models."""
    return [
        make_passage(article, [number], [record_type], expected=likely.probability >= _EXPECTED)
        for record_type in record_types
        for number, likely in candidates[record_type].items()
    ]
