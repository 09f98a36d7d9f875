"""The finder of rules: figures, countries and cue words; for machines without the embedding."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from extractor.article import Article, Sentence
from extractor.languages.cues import has_cue
from extractor.mentions import Mentions
from extractor.records import RecordType
from extractor.selection.base import Candidates, Likely

SHORTEST: Final = 4
"""A line with fewer words is a heading, not a statement."""
# Share of the sentences so chosen that hold a record, on the corpus.
_LIKELIHOOD: Final[dict[RecordType, float]] = {"commitment": 0.48, "policy_event": 0.66}


class RuleFinder:
    """Chooses by words alone; errs on the side of asking, and misses what it has no word for."""

    name = "rules"
    tells_kinds = False

    def find(self, article: Article, numbers: Collection[int] | None = None) -> Candidates:
        """The sentences whose words allow a record of either kind."""
        return {
            kind: {
                sentence.id: Likely(likelihood)
                for sentence in article.sentences
                if (numbers is None or sentence.id in numbers)
                and len(sentence.text.split()) >= SHORTEST
                and _may_hold(sentence, article.mentions(sentence.id), article, kind)
            }
            for kind, likelihood in _LIKELIHOOD.items()
        }


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
