"""Resolving: a giver told as "it" or "the company" is the party that an earlier sentence names.

Small models leave the giver out of such a sentence, or copy the common noun. The party is taken
from the drafts of the nearest earlier sentence that the model read; the checks prove it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from extractor.article import Article, find_name
from extractor.article.clauses import refers_back
from extractor.drafts import DraftCommitment, DraftEvent
from extractor.languages import Rules
from extractor.languages.cues import cue_spans

_FARTHEST = 2
"""Sentences between a party and the words that refer back to it, at most."""


def givers_by_sentence(
    drafts: Iterable[DraftCommitment | DraftEvent], article: Article
) -> Mapping[int, tuple[str, ...]]:
    """The givers that drafts of commitments name, by the sentence that holds their names."""
    givers: dict[int, tuple[str, ...]] = {}
    for draft in drafts:
        sentence = article.sentences[draft.sentence - 1]
        named = tuple(
            name
            for name in draft.who
            if find_name(name, sentence) and not _refers_back(name, article.rules)
        )
        if isinstance(draft, DraftCommitment) and named:
            givers.setdefault(draft.sentence, named)
    return givers


def with_giver(
    draft: DraftCommitment | DraftEvent, givers: Mapping[int, Sequence[str]], article: Article
) -> DraftCommitment | DraftEvent:
    """The draft with the party that its sentence refers back to, if it names no giver itself."""
    if not isinstance(draft, DraftCommitment):
        return draft
    named = [name for name in draft.who if not _refers_back(name, article.rules)]
    sentence = article.sentences[draft.sentence - 1]
    if named or not refers_back(sentence.text, article.rules):
        return draft
    for number in range(draft.sentence - 1, draft.sentence - 1 - _FARTHEST, -1):
        if number in givers:
            return draft.model_copy(update={"who": list(givers[number])})
    return draft


def _refers_back(name: str, language: Rules) -> bool:
    """The name is "the company" and the like, and nothing more."""
    return (0, len(name)) in cue_spans("anaphora", name, language)
