"""The trained finder: one line through the signs of a sentence for each kind of record.

Logistic regression, trained on the corpus by `python -m training.finder`; `finder.json` holds the
weights, the calibration folded into them, and the thresholds.
"""

from __future__ import annotations

import hashlib
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from extractor.article import Article
from extractor.finding.base import Candidates
from extractor.finding.rules import SHORTEST
from extractor.finding.signs import sentence_signs
from extractor.passages import MentionIndex
from extractor.records import RecordType

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from extractor.finding.embedding import Embed


class Head(BaseModel):
    """The line of one kind of record."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weights: tuple[float, ...]
    bias: float
    threshold: float
    """Least probability of a sentence worth a question: held-out recall of 0.95."""

    def probabilities(self, signs: NDArray[np.float32]) -> NDArray[np.float64]:
        """The probability of each row of signs."""
        import numpy as np

        odds: NDArray[np.float64] = np.exp(-(signs @ np.array(self.weights) + self.bias))
        return 1 / (1 + odds)


class FinderFile(BaseModel):
    """What `finder.json` holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    corpus_sha256: str
    """Digest of the files it was trained on."""
    heads: dict[RecordType, Head]


class TrainedFinder:
    """Chooses by what sentences mean."""

    def __init__(self, content: bytes, embed: Embed) -> None:
        self._content = content
        self._embed = embed

    @cached_property
    def name(self) -> str:
        """`trained` and the beginning of the digest of its file."""
        return _name(self._content)

    def find(self, article: Article, mentions: MentionIndex) -> Candidates:
        """The sentences at or above the threshold of their kind."""
        if not article.sentences:
            return {kind: {} for kind in self._heads}
        signs = sentence_signs(article, mentions, self._embed)
        return {
            kind: {
                sentence.id: round(float(probability), 4)
                for sentence, probability in zip(
                    article.sentences, head.probabilities(signs), strict=True
                )
                if probability >= head.threshold and len(sentence.text.split()) >= SHORTEST
            }
            for kind, head in self._heads.items()
        }

    @cached_property
    def _heads(self) -> dict[RecordType, Head]:
        return FinderFile.model_validate_json(self._content).heads


def shipped_name() -> str:
    """The name of the finder that is shipped, whether or not its embedding is installed."""
    return _name(shipped_content())


def _name(content: bytes) -> str:
    return f"trained {hashlib.sha256(content).hexdigest()[:12]}"


@cache
def shipped_content() -> bytes:
    """The file that is shipped."""
    return resources.files("extractor.finding").joinpath("finder.json").read_bytes()
