"""What a trained finder looks at: two vectors of each sentence and signs that our rules read."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from extractor.article import Article, Sentence
from extractor.article.clauses import starts_with_anaphor
from extractor.errors import ConfigurationError
from extractor.languages.cues import CueWords
from extractor.mentions import Mentions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from extractor.selection.embedding import Embed

# Beside unit vectors, signs of size one would drown them.
_WEIGHT: Final = 0.3
_LONGEST: Final = 600
_WORDS_SHA256: Final = "4c7614aca59678db08a919ed46b0690e902f03ba5dec061300658b85d519567d"


def sentence_signs(
    article: Article, embed: Embed, sentences: Sequence[Sentence] | None = None
) -> NDArray[np.float32]:
    """One row for each sentence: its vector, the vector with the sentence before, the rules' signs.

    The sentence before tells who "the company" is and what "this" refers to. Without `sentences`,
    all of the article.
    """
    import numpy as np

    wanted = article.sentences if sentences is None else sentences
    texts = [sentence.text for sentence in wanted]
    befores = [article.sentences[s.id - 2].text if s.id > 1 else "" for s in wanted]
    pairs = zip(befores, texts, strict=True)
    with_context = [f"{before} {text}".strip()[-_LONGEST:] for before, text in pairs]
    read = [_signs(sentence, article.mentions(sentence.id), article) for sentence in wanted]
    return np.hstack(
        [embed(texts), embed(with_context), _WEIGHT * np.array(read, dtype=np.float32)]
    )


@cache
def finder_words() -> CueWords:
    """The words of `words.toml`, as the shipped finder was trained on them.

    Raises:
        ConfigurationError: they were changed.
    """
    source = resources.files("extractor.selection").joinpath("words.toml").read_bytes()
    if hashlib.sha256(source).hexdigest() != _WORDS_SHA256:
        raise ConfigurationError(
            "extractor/selection/words.toml is not what the finder was trained on.",
            hint="Put it back; cue words to change are in `cues.toml` of extractor/languages."
            " For another finder, train it (`python -m training.finder`) and set the digest in"
            " signs.py.",
        )
    return CueWords(tomllib.loads(source.decode()))


def _signs(sentence: Sentence, found: Mentions, article: Article) -> list[float]:
    text, language, words = sentence.text, article.rules, finder_words()
    return [
        *(min(len(some), 2) / 2 for some in (found.money, found.counts, found.dates)),
        min(len(found.countries), 2) / 2,
        math.log1p(len(text.split())) / 4,
        sentence.id == 1,
        sentence.is_heading,
        starts_with_anaphor(text, language, words),
        '"' in text,
        "?" in text,
        *(words.has(cue, text, language) for cue in words.cues),
    ]
