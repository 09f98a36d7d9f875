"""The finder: which sentences can hold a record at all, so that the others cost no model call."""

from __future__ import annotations

from extractor.article import Article, Sentence
from extractor.cues import has_cue
from extractor.mentions import Mentions
from extractor.passages import MentionIndex
from extractor.records import RecordType

_SHORTEST = 4
"""A line with fewer words is a heading, not a statement."""


def candidates(
    article: Article, mentions: MentionIndex, record_type: RecordType
) -> tuple[Sentence, ...]:
    """The sentences that may hold a record of this type, in order; errs on the side of asking."""
    return tuple(
        sentence
        for sentence in article.sentences
        if len(sentence.text.split()) >= _SHORTEST
        and _may_hold(sentence, mentions[sentence.id], article, record_type)
    )


def _may_hold(
    sentence: Sentence, found: Mentions, article: Article, record_type: RecordType
) -> bool:
    # Two of three: a figure, a word of giving, a word of promise. One alone is too often nothing.
    text, language = sentence.text, article.rules
    if record_type == "commitment":
        figure = bool(found.money or found.counts)
        signs = [figure, has_cue("giving", text, language), _is_forward(sentence, article)]
        return signs.count(True) >= 2
    public = bool(found.countries) or has_cue("authority", text, language)
    return public and has_cue("act", text, language)


def _is_forward(sentence: Sentence, article: Article) -> bool:
    """The sentence speaks of giving as planned, promised, under way, agreed or withdrawn."""
    return any(
        has_cue(cue, sentence.text, article.rules)
        for cue in (
            "status_under_negotiation",
            "status_planned",
            "status_announced",
            "status_agreed",
            "status_in_progress",
            "status_cancelled",
        )
    )
