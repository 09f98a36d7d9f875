"""What a trained finder looks at: two vectors of each sentence and signs that our rules read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, get_args

from extractor.article import Article, Sentence
from extractor.clauses import starts_with_anaphor
from extractor.cues import Cue, has_cue
from extractor.mentions import Mentions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from extractor.finding.embedding import Embed

# These settle what is in a record, not whether there is one; a new sign needs a new training.
_NO_SIGNS: Final[frozenset[Cue]] = frozenset({"training", "hiring", "building", "locative"})
CUES: Final[tuple[Cue, ...]] = tuple(cue for cue in get_args(Cue) if cue not in _NO_SIGNS)
# Beside unit vectors, signs of size one would drown them.
_WEIGHT: Final = 0.3
_LONGEST: Final = 600


def sentence_signs(article: Article, embed: Embed) -> NDArray[np.float32]:
    """One row for each sentence: its vector, the vector with the sentence before, the rules' signs.

    The sentence before tells who "the company" is and what "this" refers to.
    """
    import numpy as np

    texts = [sentence.text for sentence in article.sentences]
    pairs = zip(["", *texts], texts, strict=False)
    with_context = [f"{before} {text}".strip()[-_LONGEST:] for before, text in pairs]
    read = [
        _signs(sentence, article.mentions(sentence.id), article) for sentence in article.sentences
    ]
    return np.hstack(
        [embed(texts), embed(with_context), _WEIGHT * np.array(read, dtype=np.float32)]
    )


def _signs(sentence: Sentence, found: Mentions, article: Article) -> list[float]:
    text, language = sentence.text, article.rules
    return [
        *(min(len(some), 2) / 2 for some in (found.money, found.counts, found.dates)),
        min(len(found.countries), 2) / 2,
        math.log1p(len(text.split())) / 4,
        sentence.id == 1,
        sentence.is_heading,
        starts_with_anaphor(text, language),
        '"' in text,
        "?" in text,
        *(has_cue(cue, text, language) for cue in CUES),
    ]
