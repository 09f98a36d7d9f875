"""From what another system says to an extraction that can be scored like any other.

Nothing is repaired: a quote that does not stand in the article stays a quote that does not, and
the scorer sees it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from eval.systems.base import GivenArticle
from extractor.models.base import ModelClient, ModelRequest
from extractor.records import (
    SCHEMA_VERSION,
    ArticleInfo,
    Commitment,
    Evidence,
    Extraction,
    PolicyEvent,
    PromptStamp,
    Provenance,
    StageSeconds,
    TextSpan,
    Usage,
)
from extractor.version import VERSION


def locate(quote: str, text: str) -> Evidence:
    """The quote where it stands; an empty span at the start if it stands nowhere."""
    start = text.find(quote) if quote else -1
    end = start + len(quote)
    if start < 0:
        start = end = 0
    # These systems do not number sentences, and nothing scored depends on it.
    return Evidence(start=start, end=end, sentence=1, quote=quote)


def assemble(
    article: GivenArticle,
    commitments: Sequence[Commitment],
    events: Sequence[PolicyEvent],
    *,
    client: ModelClient,
    prompt: PromptStamp,
    request: ModelRequest,
) -> Extraction:
    """An extraction with these records; `request` tells the decoding parameters."""
    span = TextSpan(start=0, end=len(article.text))
    return Extraction(
        article=ArticleInfo(
            article_id=article.name,
            title=None,
            source_url=None,
            sha256=hashlib.sha256(article.text.encode()).hexdigest(),
            characters=len(article.text),
            language="und",
            published_at=article.published_at.isoformat() if article.published_at else None,
            body_span=span,
            sentences=0,
        ),
        commitments=list(commitments),
        policy_events=list(events),
        rejected=[],
        notices=[],
        provenance=Provenance(
            schema_version=SCHEMA_VERSION,
            code_version=VERSION,
            model=client.name,
            model_digest=client.digest,
            strategy="document",
            prompts=[prompt],
            temperature=request.temperature,
            max_tokens=request.max_tokens,
            seed=request.seed,
        ),
        usage=_METERED_ELSEWHERE,
    )


# A result of a run says what was spent, in the same way for every system.
_METERED_ELSEWHERE = Usage(
    calls=0,
    repairs=0,
    prompt_tokens=0,
    cached_tokens=0,
    output_tokens=0,
    cost_usd=None,
    seconds=StageSeconds(read=0.0, fill=0.0, check=0.0, total=0.0),
)
