"""The trained finder: lines through the signs of a sentence tell what it may hold.

Logistic regression, trained on the corpus by `python -m training.finder`; `finder.json` holds the
weights, the calibration folded into them, and the thresholds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.article import Article
from extractor.errors import ConfigurationError
from extractor.records import RecordType
from extractor.selection.base import Candidates, Kind, Likely
from extractor.selection.rules import SHORTEST
from extractor.selection.signs import sentence_signs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from extractor.selection.embedding import Embed


_MOST_KINDS: Final = 4


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


class KindHead(BaseModel):
    """One line for each resource or act; the highest tells which it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kinds: tuple[Kind, ...]
    weights: tuple[tuple[float, ...], ...]
    biases: tuple[float, ...]

    def likeliest(self, signs: NDArray[np.float32]) -> list[tuple[Kind, ...]]:
        """The likeliest kinds of each row of signs, best first."""
        import numpy as np

        scores = signs @ np.array(self.weights).T + np.array(self.biases)
        best = (-scores).argsort(axis=1)[:, :_MOST_KINDS]
        return [tuple(self.kinds[place] for place in row) for row in best]


class FinderFile(BaseModel):
    """What `finder.json` holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    corpus_sha256: str
    """Digest of the files it was trained on."""
    heads: dict[RecordType, Head]
    kinds: dict[RecordType, KindHead]


class TrainedFinder:
    """Chooses by what sentences mean."""

    def __init__(self, content: bytes, embed: Embed) -> None:
        self._content = content
        self._embed = embed

    tells_kinds = True

    @cached_property
    def name(self) -> str:
        """`trained` and the beginning of the digest of its file."""
        return trained_name(self._content)

    def find(self, article: Article, numbers: Collection[int] | None = None) -> Candidates:
        """The sentences at or above the threshold of their kind."""
        wanted = [s for s in article.sentences if numbers is None or s.id in numbers]
        if not wanted:
            return {record_type: {} for record_type in self._trained.heads}
        signs = sentence_signs(article, self._embed, wanted)
        return {
            record_type: {
                sentence.id: Likely(round(float(probability), 4), kinds)
                for sentence, probability, kinds in zip(
                    wanted,
                    head.probabilities(signs),
                    self._trained.kinds[record_type].likeliest(signs),
                    strict=True,
                )
                if probability >= head.threshold and len(sentence.text.split()) >= SHORTEST
            }
            for record_type, head in self._trained.heads.items()
        }

    @cached_property
    def _trained(self) -> FinderFile:
        try:
            return FinderFile.model_validate_json(self._content)
        except ValidationError:
            raise ConfigurationError(
                "The file of the finder is damaged, or no finder; make it again with"
                " `python -m training.finder`."
            ) from None


def trained_name(content: bytes) -> str:
    """`trained` and the beginning of the digest of a finder's file."""
    return f"trained {hashlib.sha256(content).hexdigest()[:12]}"


@cache
def shipped_content() -> bytes:
    """The file that is shipped."""
    return resources.files("extractor.selection").joinpath("finder.json").read_bytes()
